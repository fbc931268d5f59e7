"""Keys of money, messages and clouds with a look of their own that the usual lists do not hold."""

from fourc.model.finding import Severity
from fourc.secrets.rows import ALNUM, HEX, UUID, WORD, sealed, token
from fourc.secrets.rule import Kind
from fourc.secrets.rules.wide_shapes import given

_PUBNUB = "[0-9a-zA-Z]{8}-(?:[0-9a-zA-Z]{4}-){3}[0-9a-zA-Z]{12}"
_AZURE_NAMES = "(?i:account_?key|shared_?access_?key|hub_?access_?key|primary_?key|secondary_?key)"

RULES = sealed(
    (
        # money
        token("asaas-access-token", "Asaas", Kind.ACCESS_TOKEN, r"\$aact_[0-9A-Za-z_=+/:-]{100,200}", "$aact_"),
        token(
            "checkout-secret-key", "Checkout.com", Kind.API_KEY, rf"sk_(?:sbox_[a-z0-9]{{27}}|(?:test_)?{UUID})", "sk_"
        ),
        token(
            "column-access-token",
            "Column",
            Kind.API_KEY,
            given("column", r"(?:test|live)_[0-9A-Za-z]{27,32}"),
            "column",
        ),
        token(
            "fleetbase-live-key", "Fleetbase", Kind.API_KEY, rf"flb_(?:live|test)_{ALNUM}{{20}}", "flb_", entropy=3.0
        ),
        token("flexport-access-token", "Flexport", Kind.ACCESS_TOKEN, rf"shltm_{WORD}{{36,44}}"),
        token(
            "gocardless-live-token",
            "GoCardless",
            Kind.ACCESS_TOKEN,
            given("gocardless", r"(?:live|sandbox)_[\w=-]{38,42}"),
            "gocardless",
        ),
        token("lob-key", "Lob", Kind.API_KEY, given("lob", rf"(?:live|test)_(?:pub_)?{HEX}{{31,35}}"), "lob"),
        token("pagarme-live-key", "Pagar.me", Kind.API_KEY, rf"[ae]k_live_{ALNUM}{{30}}", "k_live_"),
        token(
            "paypal-braintree-access-token",
            "PayPal Braintree",
            Kind.ACCESS_TOKEN,
            rf"access_token\$(?:production|sandbox)\$[0-9a-z]{{16}}\${HEX}{{32}}",
            "access_token$",
        ),
        token(
            "paystack-secret-key", "Paystack", Kind.API_KEY, rf"sk_(?:live|test)_{HEX}{{40}}", "sk_live_", "sk_test_"
        ),
        token("razorpay-key", "Razorpay", Kind.API_KEY, rf"rzp_(?:live|test)_{ALNUM}{{14}}", "rzp_live_", "rzp_test_"),
        token("stripe-webhook-secret", "Stripe", Kind.SIGNING_KEY, r"whsec_[0-9A-Za-z+/]{32,64}={0,2}"),
        token("zoho-token", "Zoho", Kind.REFRESH_TOKEN, rf"1000\.{HEX}{{32}}\.{HEX}{{32}}", "1000."),
        # messages and people
        token(
            "discord-webhook",
            "Discord",
            Kind.WEBHOOK,
            rf"https://(?:ptb\.|canary\.)?discord(?:app)?\.com/api(?:/v\d+)?/webhooks/\d{{17,20}}/{WORD}{{60,80}}",
            "/webhooks/",
        ),
        token("facebook-graph-token", "Facebook", Kind.ACCESS_TOKEN, r"EAA[0-9A-Za-z]{40,280}", "eaa", entropy=3.8),
        token(
            "firebase-server-key",
            "Firebase Cloud Messaging",
            Kind.API_KEY,
            rf"[\w-]{{7,32}}:APA91b{WORD}{{120,180}}",
            "apa91b",
        ),
        token("front-token", "Front", Kind.API_KEY, r"front\.[\w-]{2,12}\.[\w-]{30,200}\.[\w-]{30,400}", "front."),
        token(
            "ifttt-webhook",
            "IFTTT",
            Kind.WEBHOOK,
            rf"maker\.ifttt\.com/[\w/-]{{3,60}}/(?P<secret>{WORD}{{22,50}})",
            "maker.ifttt.com",
        ),
        token(
            "instagram-access-token", "Instagram", Kind.ACCESS_TOKEN, rf"IG(?:QV|AA){WORD}{{80,250}}", "igqv", "igaa"
        ),
        token(
            "linkedin-access-token",
            "LinkedIn",
            Kind.ACCESS_TOKEN,
            rf"AQ[A-Za-z0-9]{WORD}{{120,400}}",
            "aq",
            entropy=4.8,
        ),
        token(
            "make-webhook",
            "Make",
            Kind.WEBHOOK,
            r"https://hook\.(?:[a-z]{2}\d\.)?(?:make|integromat)\.com/[0-9a-z]{32}",
            "https://hook.",
        ),
        token(
            "mattermost-webhook",
            "Mattermost",
            Kind.WEBHOOK,
            r"https?://[\w.:-]+/hooks/(?P<secret>[a-z0-9]{26})\b",
            "/hooks/",
        ),
        token(
            "mattermost-token",
            "Mattermost",
            Kind.ACCESS_TOKEN,
            given("(?:mm|mattermost)_?(?:access|bot|personal|user)", "[a-z0-9]{26}"),
            "mm",
            "mattermost",
            entropy=3.5,
        ),
        token("ntfy-access-token", "ntfy", Kind.ACCESS_TOKEN, r"tk_[0-9a-z]{29}", "tk_", entropy=3.5),
        token(
            "pubnub-key",
            "PubNub",
            Kind.API_KEY,
            rf"(?:pub|sec)-c-(?:{_PUBNUB}|[0-9A-Za-z+/]{{48}})",
            "pub-c-",
            "sec-c-",
        ),
        token("pubnub-subscribe-key", "PubNub subscribe", Kind.API_KEY, rf"sub-c-{_PUBNUB}", severity=Severity.LOW),
        token("resend-token", "Resend", Kind.API_KEY, r"re_[0-9A-Za-z]{6,10}_[0-9A-Za-z]{20,28}", "re_", entropy=3.5),
        token(
            "slack-workflow-webhook",
            "Slack workflow",
            Kind.WEBHOOK,
            r"https://hooks\.slack(?:-gov)?\.com/(?:workflows/T\w{8,12}/A\w{8,12}/\d{15,20}/\w{24}|triggers/[TE]\w{8,12}/\d{9,20}/[0-9a-f]{32})",
            "hooks.slack",
        ),
        token(
            "teams-webhook",
            "Microsoft Teams",
            Kind.WEBHOOK,
            rf"https://(?:[\w-]+\.webhook\.office\.com/webhookb2|outlook\.office(?:365)?\.com/webhook)/{UUID}@{UUID}"
            rf"/IncomingWebhook/\w{{32}}/{UUID}(?:/\w+)?",
            "/incomingwebhook/",
        ),
        token(
            "voiceflow-key",
            "Voiceflow",
            Kind.API_KEY,
            rf"VF\.(?:DM|WS)\.{HEX}{{24}}\.{ALNUM}{{16}}",
            "vf.dm.",
            "vf.ws.",
        ),
        token(
            "zapier-webhook",
            "Zapier",
            Kind.WEBHOOK,
            r"https://hooks\.zapier\.com/hooks/catch/(?:\d+/[0-9a-z]{6,}|[0-9A-Za-z]{12,})/?",
            "hooks.zapier.com",
        ),
        # clouds and networks
        token("aws-mws-token", "Amazon MWS", Kind.ACCESS_TOKEN, rf"amzn\.mws\.{UUID}", "amzn.mws."),
        token("aws-appsync-key", "AWS AppSync", Kind.API_KEY, r"da2-[a-z0-9]{26}"),
        token(
            "azure-devops-token",
            "Azure DevOps",
            Kind.ACCESS_TOKEN,
            r"[0-9A-Za-z]{76}AZDO[0-9A-Za-z]{4}|[0-9A-Za-z]{52}JQQJ99[0-9A-Za-z]{16,20}AZDO[0-9A-Za-z]{3,5}",
            "azdo",
        ),
        token(
            "azure-devops-old-token",
            "Azure DevOps",
            Kind.ACCESS_TOKEN,
            given("(?:azure|ado|vsts|devops|personal_?access_?token)", "[a-z2-7]{52}"),
            "azure",
            "ado",
            "vsts",
            "devops",
            "personal",
        ),
        token(
            "azure-ai-services-key",
            "Azure AI services",
            Kind.API_KEY,
            r"[0-9A-Za-z]{52}JQQJ99[0-9A-Za-z]{20,30}",
            "jqqj99",
        ),
        token(
            "azure-shared-access-key",
            "Azure",
            Kind.API_KEY,
            rf"{_AZURE_NAMES}[\"' ]{{0,3}}[=:][\"' ]{{0,3}}(?P<secret>[0-9A-Za-z+/]{{42,43}}=|[0-9A-Za-z+/]{{84,86}}==)",
            "key",
            entropy=3.5,
        ),
        token(
            "azure-app-configuration-secret",
            "Azure App Configuration",
            Kind.API_KEY,
            r"(?i:Endpoint=https://[\w-]+\.azconfig\.io;Id=[^;]+;Secret=)(?P<secret>[0-9A-Za-z+/]{40,100}={0,2})",
            ".azconfig.io",
        ),
        token(
            "azure-subscription-key",
            "Azure",
            Kind.API_KEY,
            rf"(?i:Ocp-Apim-Subscription-Key|subscription[_-]?key)[\"' ]{{0,3}}[=:,][\"' ]{{0,3}}(?P<secret>{HEX}{{32}})\b",
            "subscription",
            entropy=3.0,
        ),
        token(
            "azure-shared-access-signature",
            "Azure",
            Kind.ACCESS_TOKEN,
            r"[?&]sig=(?P<secret>[0-9A-Za-z%+/]{43,70}(?:%3[dD]|=))",
            "sig=",
        ),
        token("digitalocean-spaces-key", "DigitalOcean Spaces", Kind.API_KEY, r"DO00[0-9A-Z]{16}", entropy=3.0),
        token(
            "dockerhub-personal-access-token", "Docker Hub", Kind.ACCESS_TOKEN, rf"dckr_pat_{WORD}{{27}}", "dckr_pat_"
        ),
        token(
            "doppler-token",
            "Doppler",
            Kind.ACCESS_TOKEN,
            rf"dp\.(?:ct|st(?:\.[a-z0-9_-]{{2,35}})?|sa|scim|audit)\.{ALNUM}{{40,44}}",
            "dp.",
        ),
        token("google-oauth-client-secret", "Google OAuth", Kind.CLIENT_SECRET, rf"GOCSPX-{WORD}{{28}}"),
        token(
            "google-oauth-old-client-secret",
            "Google OAuth",
            Kind.CLIENT_SECRET,
            given("client_?secret", rf"{WORD}{{24}}"),
            "secret",
            entropy=4.0,
        ),
        token("google-oauth-access-token", "Google OAuth", Kind.ACCESS_TOKEN, r"ya29\.[0-9A-Za-z_-]{40,900}", "ya29."),
        token(
            "google-oauth-refresh-token",
            "Google OAuth",
            Kind.REFRESH_TOKEN,
            rf"1//0[0-9A-Za-z]{WORD}{{60,120}}",
            "1//0",
        ),
        token("google-encoded-api-key", "Google", Kind.API_KEY, r"QUl6YVN5[0-9A-Za-z+/]{43,44}={0,2}"),
        token(
            "google-storage-hmac", "Google Cloud Storage", Kind.API_KEY, r"GOOG1?[0-9A-Z]{20,57}", "goog", entropy=3.5
        ),
        token(
            "hashicorp-vault-unseal-key",
            "HashiCorp Vault",
            Kind.ENCRYPTION_KEY,
            r"(?i:unseal[ ]key[ ]?[0-9]?:|operator[ ]unseal)[ ](?P<secret>[0-9A-Za-z+/]{43,44}=?)",
            "unseal",
        ),
        token(
            "hashicorp-vault-recovery-token",
            "HashiCorp Vault",
            Kind.ACCESS_TOKEN,
            rf"hvr\.{WORD}{{24,150}}",
            "hvr.",
            entropy=3.5,
        ),
        token(
            "infura-url",
            "Infura",
            Kind.URL,
            rf"https?://[\w-]+\.infura\.io/(?:ws/)?v3/(?P<secret>{HEX}{{32}})",
            "infura.io",
        ),
        token(
            "kubernetes-bootstrap-token",
            "Kubernetes",
            Kind.ACCESS_TOKEN,
            r"(?i:(?:bootstrap|discovery)[\w\-]*|--token)[ =:\"']{1,4}(?P<secret>[0-9a-z]{6}\.[0-9a-z]{16})\b",
            "bootstrap",
            "discovery",
            "--token",
        ),
        token(
            "mapbox-secret-token",
            "Mapbox",
            Kind.ACCESS_TOKEN,
            r"[st]k\.eyJ[0-9A-Za-z_-]{20,200}\.[0-9A-Za-z_-]{20,60}",
            "k.eyj",
        ),
        token(
            "netlify-personal-token", "Netlify", Kind.ACCESS_TOKEN, rf"nf[pcb]_{ALNUM}{{36}}", "nfp_", "nfc_", "nfb_"
        ),
        token(
            "tailscale-key",
            "Tailscale",
            Kind.API_KEY,
            r"tskey-(?:auth|api|client|scim|webhook|secret)-[0-9A-Za-z]{4,32}-[0-9A-Za-z]{4,60}|tskey-[0-9A-Za-z]{16,60}",
            "tskey-",
        ),
        token(
            "turso-token",
            "Turso",
            Kind.ACCESS_TOKEN,
            r"libsql://[\w.-]+\?authToken=(?P<secret>ey[\w.-]{60,400})",
            "libsql://",
        ),
        token(
            "wireguard-private-key",
            "WireGuard",
            Kind.PRIVATE_KEY,
            r"(?i:Private_?Key|Preshared_?Key)[ \t\"']{0,4}[=:][ \t\"']{0,4}(?P<secret>[0-9A-Za-z+/]{42,43}=)",
            "privatekey",
            "presharedkey",
            "private_key",
            "preshared_key",
            entropy=3.5,
        ),
    )
)
