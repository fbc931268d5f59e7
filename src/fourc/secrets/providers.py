"""Where a leaked credential of a provider is replaced and revoked: the first thing to do about one."""

from collections.abc import Mapping

from msgspec import Struct

from fourc.model.text import Text
from fourc.secrets.rule import Rule, Structure

# By the name that rules give the provider, or that their name begins with: `GitHub` is also for `GitHub personal`.
LINKS: Mapping[str, str] = {
    "01.AI": "https://platform.lingyiwanwu.com/apikeys",
    "1Password": "https://developer.1password.com/docs/service-accounts/manage-service-accounts/",
    "Adafruit": "https://io.adafruit.com/",
    "Adobe": "https://developer.adobe.com/console",
    "Agora": "https://console.shengwang.cn/",
    "Airtable": "https://airtable.com/create/tokens",
    "Aiven": "https://console.aiven.io/profile/tokens",
    "Algolia": "https://dashboard.algolia.com/account/api-keys/all",
    "Alibaba Cloud": "https://ram.console.aliyun.com/manage/ak",
    "Alipay": "https://open.alipay.com/develop/manage",
    "Amap": "https://console.amap.com/dev/key/app",
    "Amazon Bedrock": "https://console.aws.amazon.com/bedrock/home#/api-keys",
    "Anthropic": "https://platform.claude.com/settings/keys",
    "Artifactory": "https://jfrog.com/help/r/jfrog-platform-administration-documentation/access-tokens",
    "Asana": "https://app.asana.com/0/my-apps",
    "Atlassian": "https://id.atlassian.com/manage-profile/security/api-tokens",
    "Auth0": "https://manage.auth0.com/",
    "AWS": "https://console.aws.amazon.com/iam/home#/security_credentials",
    "Azure": "https://learn.microsoft.com/azure/storage/common/storage-account-keys-manage",
    "Azure DevOps": "https://learn.microsoft.com/azure/devops/organizations/accounts/use-personal-access-tokens-to-authenticate",
    "Backblaze": "https://secure.backblaze.com/app_keys.htm",
    "Baichuan": "https://platform.baichuan-ai.com/console/apikey",
    "Baidu": "https://console.bce.baidu.com/iam/#/iam/accesslist",
    "Bilibili": "https://openhome.bilibili.com/",
    "Bitbucket": "https://support.atlassian.com/bitbucket-cloud/docs/access-tokens/",
    "Bitly": "https://app.bitly.com/settings/api",
    "Box": "https://app.box.com/developers/console",
    "Brevo": "https://app.brevo.com/settings/keys/api",
    "Buildkite": "https://buildkite.com/user/api-access-tokens",
    "ByteDance": "https://console.volcengine.com/iam/keymanage/",
    "CircleCI": "https://app.circleci.com/settings/user/tokens",
    "ClickHouse Cloud": "https://clickhouse.com/docs/cloud/manage/openapi",
    "Cloudflare": "https://dash.cloudflare.com/profile/api-tokens",
    "Cloudinary": "https://console.cloudinary.com/settings/api-keys",
    "Codecov": "https://app.codecov.io/",
    "CODING": "https://coding.net/help/docs/member/tokens.html",
    "Cohere": "https://dashboard.cohere.com/api-keys",
    "Coinbase": "https://portal.cdp.coinbase.com/access/api",
    "Confluent": "https://confluent.cloud/settings/api-keys",
    "Contentful": "https://app.contentful.com/account/profile/cma_tokens",
    "Coze": "https://www.coze.cn/open/oauth/pats",
    "crates.io": "https://crates.io/settings/tokens",
    "CSDN": "https://i.csdn.net/#/user-center/account",
    "Databricks": "https://docs.databricks.com/dev-tools/auth/pat.html",
    "Datadog": "https://app.datadoghq.com/organization-settings/api-keys",
    "Deepgram": "https://console.deepgram.com/",
    "DeepL": "https://www.deepl.com/your-account/keys",
    "DeepSeek": "https://platform.deepseek.com/api_keys",
    "DigitalOcean": "https://cloud.digitalocean.com/account/api/tokens",
    "DingTalk": "https://open-dev.dingtalk.com/",
    "Discord": "https://discord.com/developers/applications",
    "DNSPod": "https://console.dnspod.cn/account/token/token",
    "Docker Hub": "https://app.docker.com/settings/personal-access-tokens",
    "Docker Swarm": "https://docs.docker.com/reference/cli/docker/swarm/join-token/",
    "Doppler": "https://dashboard.doppler.com/",
    "Douyin": "https://developer.open-douyin.com/",
    "Dropbox": "https://www.dropbox.com/developers/apps",
    "Dynatrace": "https://docs.dynatrace.com/docs/manage/identity-access-management/access-tokens-and-oauth-clients/access-tokens",
    "Easemob": "https://console.easemob.com/",
    "Elastic": "https://www.elastic.co/docs/deploy-manage/api-keys",
    "ElevenLabs": "https://elevenlabs.io/app/settings/api-keys",
    "Facebook": "https://developers.facebook.com/apps/",
    "Fastly": "https://manage.fastly.com/account/tokens",
    "Feishu": "https://open.feishu.cn/app",
    "Figma": "https://www.figma.com/settings",
    "Firebase": "https://console.firebase.google.com/",
    "Fireworks AI": "https://app.fireworks.ai/settings/users/api-keys",
    "Fly.io": "https://fly.io/dashboard/personal/tokens",
    "Getui": "https://dev.getui.com/",
    "GitCode": "https://gitcode.com/setting/token-classic",
    "Gitea": "https://docs.gitea.com/development/api-usage",
    "Gitee": "https://gitee.com/profile/personal_access_tokens",
    "GitHub": "https://github.com/settings/tokens",
    "GitHub app": "https://github.com/settings/apps",
    "GitHub OAuth": "https://github.com/settings/developers",
    "GitLab": "https://docs.gitlab.com/security/tokens/",
    "Google": "https://console.cloud.google.com/apis/credentials",
    "Google Cloud": "https://console.cloud.google.com/apis/credentials",
    "Google Gemini": "https://aistudio.google.com/apikey",
    "Grafana": "https://grafana.com/docs/grafana/latest/administration/service-accounts/",
    "Groq": "https://console.groq.com/keys",
    "Harness": "https://developer.harness.io/docs/platform/automation/api/add-and-manage-api-keys/",
    "HashiCorp Vault": "https://developer.hashicorp.com/vault/docs/commands/token/revoke",
    "HCP Terraform": "https://app.terraform.io/app/settings/tokens",
    "Heroku": "https://dashboard.heroku.com/account/applications",
    "Hetzner": "https://console.hetzner.cloud/",
    "Huawei Cloud": "https://console.huaweicloud.com/iam/#/mine/accessKey",
    "HubSpot": "https://app.hubspot.com/private-apps/",
    "Hugging Face": "https://huggingface.co/settings/tokens",
    "IBM Cloud": "https://cloud.ibm.com/iam/apikeys",
    "iFLYTEK": "https://console.xfyun.cn/services",
    "InfluxDB": "https://docs.influxdata.com/influxdb/v2/admin/tokens/delete-token/",
    "Infura": "https://developer.metamask.io/",
    "Intercom": "https://app.intercom.com/a/apps/_/developer-hub",
    "JD": "https://open.jd.com/",
    "JD Cloud": "https://uc.jdcloud.com/account/accesskey",
    "Jenkins": "https://www.jenkins.io/doc/book/using/using-credentials/",
    "JFrog": "https://jfrog.com/help/r/jfrog-platform-administration-documentation/access-tokens",
    "Jina AI": "https://jina.ai/api-dashboard/key-manager",
    "Jira": "https://id.atlassian.com/manage-profile/security/api-tokens",
    "JPush": "https://www.jiguang.cn/dev2/#/overview/appCardList",
    "Kimi": "https://platform.moonshot.cn/console/api-keys",
    "Kingsoft Cloud": "https://uc.console.ksyun.com/pro/iam/#/set/keyManage",
    "Kubernetes": "https://kubernetes.io/docs/concepts/configuration/secret/#serviceaccount-token-secrets",
    "LangSmith": "https://smith.langchain.com/settings",
    "Lark": "https://open.larksuite.com/app",
    "LaunchDarkly": "https://app.launchdarkly.com/settings/authorization",
    "LeanCloud": "https://console.leancloud.cn/",
    "LINE": "https://developers.line.biz/console/",
    "Linear": "https://linear.app/settings/api",
    "LinkedIn": "https://www.linkedin.com/developers/apps",
    "Linode": "https://cloud.linode.com/profile/tokens",
    "Mailchimp": "https://us1.admin.mailchimp.com/account/api/",
    "Mailgun": "https://app.mailgun.com/settings/api_security",
    "Mailjet": "https://app.mailjet.com/account/apikeys",
    "Mapbox": "https://console.mapbox.com/account/access-tokens/",
    "Mattermost": "https://developers.mattermost.com/integrate/reference/personal-access-token/",
    "Microsoft Entra ID": "https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/ApplicationsListBlade",
    "Microsoft Teams": "https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook",
    "MiniMax": "https://platform.minimaxi.com/user-center/basic-information/interface-key",
    "Mistral AI": "https://console.mistral.ai/api-keys",
    "ModelScope": "https://modelscope.cn/my/myaccesstoken",
    "MongoDB": "https://www.mongodb.com/docs/manual/reference/method/db.changeUserPassword/",
    "MongoDB Atlas": "https://www.mongodb.com/docs/atlas/configure-api-access/",
    "Moonshot AI": "https://platform.moonshot.cn/console/api-keys",
    "Nacos": "https://nacos.io/docs/latest/manual/admin/auth/",
    "Neon": "https://console.neon.tech/app/settings/api-keys",
    "Netlify": "https://app.netlify.com/user/applications#personal-access-tokens",
    "New Relic": "https://one.newrelic.com/api-keys",
    "ngrok": "https://dashboard.ngrok.com/get-started/your-authtoken",
    "Notion": "https://www.notion.so/profile/integrations",
    "npm": "https://docs.npmjs.com/revoking-access-tokens",
    "NuGet": "https://www.nuget.org/account/apikeys",
    "NVIDIA": "https://org.ngc.nvidia.com/setup/api-keys",
    "Okta": "https://help.okta.com/en-us/content/topics/security/api.htm",
    "OpenAI": "https://platform.openai.com/api-keys",
    "OpenRouter": "https://openrouter.ai/settings/keys",
    "PagerDuty": "https://support.pagerduty.com/main/docs/api-access-keys",
    "PayPal": "https://developer.paypal.com/dashboard/applications/live",
    "Perplexity": "https://www.perplexity.ai/account/api/keys",
    "Pinduoduo": "https://open.pinduoduo.com/",
    "Pinecone": "https://app.pinecone.io/",
    "Plaid": "https://dashboard.plaid.com/developers/keys",
    "PlanetScale": "https://planetscale.com/docs/concepts/service-tokens",
    "PostHog": "https://app.posthog.com/settings/user-api-keys",
    "Postman": "https://go.postman.co/settings/me/api-keys",
    "Postmark": "https://account.postmarkapp.com/servers",
    "Pulumi": "https://app.pulumi.com/account/tokens",
    "PyPI": "https://pypi.org/manage/account/token/",
    "Qdrant": "https://cloud.qdrant.io/",
    "Qianfan": "https://console.bce.baidu.com/iam/#/iam/apikey/list",
    "QingCloud": "https://console.qingcloud.com/access_keys/",
    "Qiniu": "https://portal.qiniu.com/developer/user/key",
    "QWeather": "https://console.qweather.com/",
    "RabbitMQ": "https://www.rabbitmq.com/docs/passwords",
    "Railway": "https://railway.com/account/tokens",
    "RapidAPI": "https://rapidapi.com/developer/apps",
    "Razorpay": "https://dashboard.razorpay.com/app/website-app-settings/api-keys",
    "Render": "https://dashboard.render.com/u/settings#api-keys",
    "Replicate": "https://replicate.com/account/api-tokens",
    "Resend": "https://resend.com/api-keys",
    "RongCloud": "https://console.rongcloud.cn/",
    "RubyGems": "https://rubygems.org/profile/api_keys",
    "Salesforce": "https://help.salesforce.com/s/articleView?id=xcloud.user_security_token.htm",
    "Scaleway": "https://console.scaleway.com/iam/api-keys",
    "Segment": "https://app.segment.com/",
    "Sendbird": "https://dashboard.sendbird.com/",
    "SendGrid": "https://app.sendgrid.com/settings/api_keys",
    "Sentry": "https://sentry.io/settings/account/api/auth-tokens/",
    "Shopify": "https://shopify.dev/docs/apps/build/authentication-authorization/client-secrets/rotate-revoke-client-credentials",
    "SiliconFlow": "https://cloud.siliconflow.cn/account/ak",
    "Slack": "https://api.slack.com/apps",
    "Snowflake": "https://docs.snowflake.com/user-guide/programmatic-access-tokens",
    "Snyk": "https://app.snyk.io/account",
    "SonarQube": "https://docs.sonarsource.com/sonarqube-server/user-guide/managing-tokens",
    "Sourcegraph": "https://sourcegraph.com/users/me/settings/tokens",
    "Spotify": "https://developer.spotify.com/dashboard",
    "Square": "https://developer.squareup.com/apps",
    "StepFun": "https://platform.stepfun.com/interface-key",
    "Stripe": "https://dashboard.stripe.com/apikeys",
    "Supabase": "https://supabase.com/dashboard/account/tokens",
    "Tailscale": "https://login.tailscale.com/admin/settings/keys",
    "Taobao": "https://open.taobao.com/",
    "Tavily": "https://app.tavily.com/",
    "Telegram": "https://core.telegram.org/bots/features#botfather",
    "Tencent Cloud": "https://console.cloud.tencent.com/cam/capi",
    "Tencent Maps": "https://lbs.qq.com/dev/console/key/manage",
    "Terraform Cloud": "https://app.terraform.io/app/settings/tokens",
    "Tianditu": "https://console.tianditu.gov.cn/api/key",
    "Together AI": "https://api.together.ai/settings/api-keys",
    "Travis CI": "https://docs.travis-ci.com/user/encryption-keys/",
    "Trello": "https://trello.com/power-ups/admin",
    "Twilio": "https://console.twilio.com/us1/account/keys-credentials/api-keys",
    "Twitch": "https://dev.twitch.tv/console/apps",
    "Twitter": "https://developer.x.com/en/portal/dashboard",
    "Typeform": "https://admin.typeform.com/user/tokens",
    "UCloud": "https://console.ucloud.cn/uaccount/api_manage",
    "Umeng": "https://passport.umeng.com/",
    "Upstash": "https://console.upstash.com/account/api",
    "Upyun": "https://console.upyun.com/account/profile/",
    "Vercel": "https://vercel.com/account/settings/tokens",
    "Volcengine": "https://console.volcengine.com/iam/keymanage/",
    "Vultr": "https://my.vultr.com/settings/#settingsapi",
    "WeChat": "https://mp.weixin.qq.com/",
    "WeChat Pay": "https://pay.weixin.qq.com/index.php/core/cert/api_cert",
    "WeCom": "https://work.weixin.qq.com/wework_admin/frame#apps",
    "Weibo": "https://open.weibo.com/apps",
    "Weights & Biases": "https://wandb.ai/authorize",
    "X (Twitter)": "https://developer.x.com/en/portal/dashboard",
    "xAI": "https://console.x.ai/",
    "Yandex Cloud": "https://yandex.cloud/docs/iam/operations/compromised-credentials",
    "Yunpian": "https://www.yunpian.com/console/",
    "Yuque": "https://www.yuque.com/settings/tokens",
    "Z.ai": "https://open.bigmodel.cn/usercenter/apikeys",
    "Zendesk": "https://support.zendesk.com/hc/en-us/articles/4408889192858",
    "Zhipu": "https://open.bigmodel.cn/usercenter/apikeys",
    "Zoho": "https://api-console.zoho.com/",
}

_NAMES = """
    01.AI, Airtable, Alibaba Cloud, Amap, Anthropic, Atlassian, AWS, Baichuan, Baidu, Brevo, Buildkite, ByteDance,
    CircleCI, Cloudflare, CODING, Cohere, Contentful, Coze, crates.io, Datadog, DeepSeek, DigitalOcean, Discord,
    DNSPod, Docker Hub, ElevenLabs, Fastly, Fireworks AI, Fly.io, GitCode, Gitea, Gitee, GitHub, GitLab, Google,
    Google Cloud, Google Gemini, Groq, HCP Terraform, Heroku, Huawei Cloud, HubSpot, Hugging Face, IBM Cloud, Jira,
    Kimi, Kingsoft Cloud, Linear, Linode, Mailgun, Mapbox, MiniMax, Mistral AI, ModelScope, Moonshot AI, Neon,
    Netlify, New Relic, ngrok, Notion, npm, NuGet, Okta, OpenAI, OpenRouter, PagerDuty, Perplexity, Postman,
    Postmark, Pulumi, PyPI, Qiniu, Railway, Replicate, Resend, RubyGems, Scaleway, SendGrid, Sentry, SiliconFlow,
    Slack, Snyk, StepFun, Stripe, Supabase, Tailscale, Tencent Cloud, Terraform Cloud, Together AI, Travis CI,
    Twilio, Typeform, UCloud, Vercel, Volcengine, Vultr, WeChat Pay, Weights & Biases, Yandex Cloud, Yuque, Z.ai,
    Zhipu
"""
LOOKED_UP = frozenset(name.strip() for name in _NAMES.split(","))
"""Whose links stand in public documentation or code as the place for keys (looked up in November 2026).

The others are from knowledge.
"""


class Advice(Struct, frozen=True):
    """What to do first about a leaked credential, and the page of the provider where it is done, if one is known.

    `sure` says whether that page was looked up.
    """

    text: Text
    link: str | None = None
    sure: bool = False


def advice_for(rule: Rule, why: Text | None = None) -> Advice:
    """What to do first about a credential that the rule found; `why` says that deleting it is not enough.

    What is only known by its name or by the format of its file has no provider who could be named.
    """
    why = why or _WHY
    words = rule.provider.split(" ")
    for count in range(len(words), 0, -1):
        name = " ".join(words[:count])
        if name in LINKS:
            return Advice(_AT.of(provider=name, link=LINKS[name], why=why), LINKS[name], name in LOOKED_UP)
    is_known = rule.provider and not rule.generic and not isinstance(rule.shape, Structure)
    return Advice(_THERE.of(provider=rule.provider, why=why) if is_known else _ANYWHERE.of(why=why))


def secret_page(rule: Rule) -> Text:
    """The page of a kind of secret: its title, then what to do first."""
    advice = advice_for(rule)
    page = Text("{title}\n\n{advice}", "{title}\n\n{advice}")
    unsure = Text("{title}\n\n{advice}\n\n{moved}", "{title}\n\n{advice}\n\n{moved}")
    return (unsure if advice.link and not advice.sure else page).of(title=rule.title, advice=advice.text, moved=_MOVED)


_AT = Text(
    "First make a new one at {provider} ({link}), put it where this one is used, then revoke this one there. {why}",
    "先在 {provider} 新建一个（{link}），替换使用它的地方，然后在那里撤销这一个。{why}",
)
_THERE = Text(
    "First make a new one at {provider}, put it where this one is used, then switch this one off there. {why}",
    "先在 {provider} 新建一个，替换使用它的地方，然后在那里停用这一个。{why}",
)
_ANYWHERE = Text(
    "First replace it where it is accepted: a new one, and the old one switched off. {why}",
    "先在接受它的系统中更换：设置新的，并停用旧的。{why}",
)
_WHY = Text(
    "Deleting it here does not help: everyone who has read the repository may have it.",
    "仅在此处删除没有用：读过该仓库的人都可能持有它。",
)
_MOVED = Text(
    "We know that address from memory. If it has moved, look for keys, tokens or apps in the provider's console.",
    "该地址凭记忆给出。如已变更，请在服务商控制台中查找密钥、令牌或应用。",
)
