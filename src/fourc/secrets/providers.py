"""Where a leaked credential of a provider is replaced and revoked: the first thing to do about one."""

from collections.abc import Mapping

from msgspec import Struct

from fourc.model.text import Text, same

# By the name that rules give the provider, or that their name begins with: `GitHub` is also for `GitHub personal`.
LINKS: Mapping[str, str] = {
    "1Password": "https://developer.1password.com/docs/service-accounts/manage-service-accounts/",
    "Adafruit": "https://io.adafruit.com/",
    "Adobe": "https://developer.adobe.com/console",
    "Airtable": "https://airtable.com/create/tokens",
    "Algolia": "https://dashboard.algolia.com/account/api-keys/all",
    "Alibaba Cloud": "https://ram.console.aliyun.com/manage/ak",
    "Alipay": "https://open.alipay.com/develop/manage",
    "Amap": "https://console.amap.com/dev/key/app",
    "Amazon Bedrock": "https://console.aws.amazon.com/bedrock/home#/api-keys",
    "Anthropic": "https://platform.claude.com/settings/keys",
    "Artifactory": "https://jfrog.com/help/r/jfrog-platform-administration-documentation/access-tokens",
    "Asana": "https://app.asana.com/0/my-apps",
    "Atlassian": "https://id.atlassian.com/manage-profile/security/api-tokens",
    "AWS": "https://console.aws.amazon.com/iam/home#/security_credentials",
    "Azure": "https://learn.microsoft.com/azure/storage/common/storage-account-keys-manage",
    "Azure DevOps": "https://learn.microsoft.com/azure/devops/organizations/accounts/use-personal-access-tokens-to-authenticate",
    "Baidu": "https://console.bce.baidu.com/iam/#/iam/accesslist",
    "Bitbucket": "https://support.atlassian.com/bitbucket-cloud/docs/access-tokens/",
    "ByteDance": "https://console.volcengine.com/iam/keymanage/",
    "Cloudflare": "https://dash.cloudflare.com/profile/api-tokens",
    "Codecov": "https://app.codecov.io/",
    "Cohere": "https://dashboard.cohere.com/api-keys",
    "Coinbase": "https://portal.cdp.coinbase.com/access/api",
    "Confluent": "https://confluent.cloud/settings/api-keys",
    "Contentful": "https://app.contentful.com/account/profile/cma_tokens",
    "CSDN": "https://i.csdn.net/#/user-center/account",
    "Databricks": "https://docs.databricks.com/dev-tools/auth/pat.html",
    "Datadog": "https://app.datadoghq.com/organization-settings/api-keys",
    "DeepSeek": "https://platform.deepseek.com/api_keys",
    "DigitalOcean": "https://cloud.digitalocean.com/account/api/tokens",
    "DingTalk": "https://open-dev.dingtalk.com/",
    "Discord": "https://discord.com/developers/applications",
    "Docker Hub": "https://app.docker.com/settings/personal-access-tokens",
    "Doppler": "https://dashboard.doppler.com/",
    "Dropbox": "https://www.dropbox.com/developers/apps",
    "Dynatrace": "https://docs.dynatrace.com/docs/manage/identity-access-management/access-tokens-and-oauth-clients/access-tokens",
    "Elastic": "https://www.elastic.co/docs/deploy-manage/api-keys",
    "Facebook": "https://developers.facebook.com/apps/",
    "Fastly": "https://manage.fastly.com/account/tokens",
    "Feishu": "https://open.feishu.cn/app",
    "Figma": "https://www.figma.com/settings",
    "Fly.io": "https://fly.io/dashboard/personal/tokens",
    "Gitee": "https://gitee.com/profile/personal_access_tokens",
    "GitHub": "https://github.com/settings/tokens",
    "GitHub app": "https://github.com/settings/apps",
    "GitHub OAuth": "https://github.com/settings/developers",
    "GitLab": "https://docs.gitlab.com/security/tokens/",
    "Google Cloud": "https://console.cloud.google.com/apis/credentials",
    "Grafana": "https://grafana.com/docs/grafana/latest/administration/service-accounts/",
    "Groq": "https://console.groq.com/keys",
    "Harness": "https://developer.harness.io/docs/platform/automation/api/add-and-manage-api-keys/",
    "HashiCorp Vault": "https://developer.hashicorp.com/vault/docs/commands/token/revoke",
    "HCP Terraform": "https://app.terraform.io/app/settings/tokens",
    "Heroku": "https://dashboard.heroku.com/account/applications",
    "Huawei Cloud": "https://console.huaweicloud.com/iam/#/mine/accessKey",
    "HubSpot": "https://app.hubspot.com/private-apps/",
    "Hugging Face": "https://huggingface.co/settings/tokens",
    "Infura": "https://developer.metamask.io/",
    "Intercom": "https://app.intercom.com/a/apps/_/developer-hub",
    "JD Cloud": "https://uc.jdcloud.com/account/accesskey",
    "Jenkins": "https://www.jenkins.io/doc/book/using/using-credentials/",
    "JFrog": "https://jfrog.com/help/r/jfrog-platform-administration-documentation/access-tokens",
    "Kimi": "https://platform.moonshot.cn/console/api-keys",
    "Kingsoft Cloud": "https://uc.console.ksyun.com/pro/iam/#/set/keyManage",
    "Kubernetes": "https://kubernetes.io/docs/concepts/configuration/secret/#serviceaccount-token-secrets",
    "LangSmith": "https://smith.langchain.com/settings",
    "LaunchDarkly": "https://app.launchdarkly.com/settings/authorization",
    "Lark": "https://open.larksuite.com/app",
    "Linear": "https://linear.app/settings/api",
    "LinkedIn": "https://www.linkedin.com/developers/apps",
    "Mailchimp": "https://us1.admin.mailchimp.com/account/api/",
    "Mailgun": "https://app.mailgun.com/settings/api_security",
    "Mapbox": "https://console.mapbox.com/account/access-tokens/",
    "Microsoft Entra ID": "https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/ApplicationsListBlade",
    "Microsoft Teams": "https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook",
    "MiniMax": "https://platform.minimaxi.com/user-center/basic-information/interface-key",
    "Mistral AI": "https://console.mistral.ai/api-keys",
    "MongoDB Atlas": "https://www.mongodb.com/docs/atlas/configure-api-access/",
    "Moonshot AI": "https://platform.moonshot.cn/console/api-keys",
    "Netlify": "https://app.netlify.com/user/applications#personal-access-tokens",
    "New Relic": "https://one.newrelic.com/api-keys",
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
    "PlanetScale": "https://planetscale.com/docs/concepts/service-tokens",
    "Postman": "https://go.postman.co/settings/me/api-keys",
    "Pulumi": "https://app.pulumi.com/account/tokens",
    "PyPI": "https://pypi.org/manage/account/token/",
    "Qianfan": "https://console.bce.baidu.com/iam/#/iam/apikey/list",
    "Qiniu": "https://portal.qiniu.com/developer/user/key",
    "RapidAPI": "https://rapidapi.com/developer/apps",
    "Replicate": "https://replicate.com/account/api-tokens",
    "RubyGems": "https://rubygems.org/profile/api_keys",
    "SendGrid": "https://app.sendgrid.com/settings/api_keys",
    "Sentry": "https://sentry.io/settings/account/api/auth-tokens/",
    "Shopify": "https://shopify.dev/docs/apps/build/authentication-authorization/client-secrets/rotate-revoke-client-credentials",
    "SiliconFlow": "https://cloud.siliconflow.cn/account/ak",
    "Slack": "https://api.slack.com/apps",
    "Snyk": "https://app.snyk.io/account",
    "SonarQube": "https://docs.sonarsource.com/sonarqube-server/user-guide/managing-tokens",
    "Sourcegraph": "https://sourcegraph.com/users/me/settings/tokens",
    "Square": "https://developer.squareup.com/apps",
    "Stripe": "https://dashboard.stripe.com/apikeys",
    "Supabase": "https://supabase.com/dashboard/account/tokens",
    "Telegram": "https://core.telegram.org/bots/features#botfather",
    "Tencent Cloud": "https://console.cloud.tencent.com/cam/capi",
    "Together AI": "https://api.together.ai/settings/api-keys",
    "Travis CI": "https://docs.travis-ci.com/user/encryption-keys/",
    "Twilio": "https://console.twilio.com/us1/account/keys-credentials/api-keys",
    "Twitch": "https://dev.twitch.tv/console/apps",
    "Twitter": "https://developer.x.com/en/portal/dashboard",
    "UCloud": "https://console.ucloud.cn/uaccount/api_manage",
    "Upyun": "https://console.upyun.com/account/profile/",
    "Vercel": "https://vercel.com/account/settings/tokens",
    "Volcengine": "https://console.volcengine.com/iam/keymanage/",
    "WeChat": "https://mp.weixin.qq.com/",
    "WeChat Pay": "https://pay.weixin.qq.com/index.php/core/cert/api_cert",
    "WeCom": "https://work.weixin.qq.com/wework_admin/frame#apps",
    "Weights & Biases": "https://wandb.ai/authorize",
    "xAI": "https://console.x.ai/",
    "Yandex Cloud": "https://yandex.cloud/docs/iam/operations/compromised-credentials",
    "Z.ai": "https://open.bigmodel.cn/usercenter/apikeys",
    "Zendesk": "https://support.zendesk.com/hc/en-us/articles/4408889192858",
    "Zhipu": "https://open.bigmodel.cn/usercenter/apikeys",
}


class Advice(Struct, frozen=True):
    """What to do first about a leaked credential, and the page of the provider where it is done, if one is known."""

    text: Text
    link: str | None = None


def advice_for(provider: str) -> Advice:
    """What to do first about a credential of this provider."""
    words = provider.split(" ")
    for count in range(len(words), 0, -1):
        link = LINKS.get(" ".join(words[:count]))
        if link:
            return Advice(_AT.of(provider=same(" ".join(words[:count])), link=same(link)), link)
    return Advice(_ANYWHERE)


_AT = Text(
    "First make a new one at {provider} ({link}), put it where this one is used, then revoke this one there: deleting it here"
    " does not help, everyone who has read the repository may have it.",
    "先在 {provider} 新建一个（{link}），替换使用它的地方，然后在那里撤销这一个："
    "仅在此处删除没有用，读过该仓库的人都可能持有它。",
)
_ANYWHERE = Text(
    "First replace it where it is accepted (a new password or key, the old one switched off): deleting it here does not help,"
    " everyone who has read the repository may have it. Who issued it is not known here, so neither is the page to do it on.",
    "先在接受它的系统中更换（设置新的密码或密钥，停用旧的）：仅在此处删除没有用，读过该仓库的人都可能持有它。"
    "这里不知道它由谁签发，因此无法给出操作页面。",
)
