"""No test asserts a time: on a busy machine a hypothesis deadline is a coin toss."""

from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
