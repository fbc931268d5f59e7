"""Settings. 设置"""
import os

SECRET_KEY = "django-insecure-kein-Schluessel-nur-ein-Test"
DEBUG = True
STATIC_URL = "/static/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "USER": "shop",
        "PASSWORD": "warmer-Ofen-90",
        "HOST": "db",
    },
    "replica": {"PASSWORD": os.environ["REPLICA_PASSWORD"]},
    "report": {"PASSWORD": os.environ.get("REPORT_PASSWORD", "heller-Mond-14")},
}
EMAIL_HOST_PASSWORD = 'spaeter-Bus-52'
PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
# OLD_PASSWORD = "alter-Kaese-1"
