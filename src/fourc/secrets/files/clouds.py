"""Where the tools of clouds, registries and infrastructure as code keep their credentials."""

from fourc.model.finding import Confidence, Severity
from fourc.secrets.files import code_text, flow_text, xml_text, yaml_text
from fourc.secrets.files.format import Format, keyed, matched, rule
from fourc.secrets.files.pairs_text import ASSIGNED, INI
from fourc.secrets.rule import Kind

FORMATS: tuple[Format, ...] = (
    # https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
    keyed(
        rule("aws-credentials-file", "AWS credentials file", Kind.CREDENTIAL),
        "*/.aws/credentials */.aws/config */aws/credentials credentials.csv *accesskeys.csv *aws*credentials* .passwd-s3fs",
        INI,
        r"\b(?:aws_)?(?:secret_access_key|session_token|security_token)$|\bsso_client_secret$",
    ),
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html: the file that the console gives
    matched(
        rule("aws-access-key-csv", "AWS access key file", Kind.CREDENTIAL),
        "*accesskeys*.csv *credentials*.csv rootkey.csv",
        r"(?:^|,)(?:A[A-Z]{3}[A-Z2-7]{16}),(?P<secret>[A-Za-z0-9/+]{40})(?=[,\s]|\Z)",
        r"^AWSSecretKey=(?P<secret>\S+)",
    ),
    # https://s3tools.org/kb/item14.htm
    keyed(
        rule("s3cfg-secret-key", "s3cmd", Kind.CREDENTIAL),
        ".s3cfg s3cfg *.s3cfg",
        INI,
        r"\b(?:secret_key|gpg_passphrase|access_token)$",
    ),
    # https://cloud.google.com/storage/docs/boto-gsutil
    keyed(
        rule("boto-secret", "boto", Kind.CREDENTIAL),
        ".boto boto.cfg",
        INI,
        r"\b(?:aws_secret_access_key|gs_secret_access_key|gs_oauth2_refresh_token|client_secret|proxy_pass|encryption_key)$",
    ),
    # https://rclone.org/commands/rclone_obscure/: obscured with a key that everybody has
    keyed(
        rule("rclone-secret", "rclone remote", Kind.CREDENTIAL),
        "rclone.conf *rclone*.conf",
        ASSIGNED,
        r"\b(?:pass|password2?|token|secret_access_key|client_secret|key|sas_url|bearer_token|api_password|key_file_pass|refresh_token|"
        r"service_account_credentials|account_key)$",
    ),
    # https://cloud.google.com/iam/docs/keys-create-delete, https://cloud.google.com/docs/authentication/application-default-credentials
    keyed(
        rule("gcp-credentials-file", "Google Cloud credentials file", Kind.CREDENTIAL),
        "*.json",
        flow_text.leaves,
        r"(?:^|\.)(?:private_key|client_secret|refresh_token)$",
        holds=(b'"service_account"', b'"authorized_user"', b'"installed"', b'"web"'),
    ),
    # https://learn.microsoft.com/en-us/cli/azure/azure-cli-configuration
    keyed(
        rule("azure-credentials-file", "Azure credentials file", Kind.CREDENTIAL),
        "accesstokens.json azureprofile.json azureauth.json *.azureauth msal_token_cache.json service_principal_entries.json "
        "azure_credentials.json *.azure.json */.azure/*.json",
        flow_text.leaves,
        r"(?:accesstoken|refreshtoken|clientsecret|client_secret|secret|password|certificate)$",
    ),
    # https://learn.microsoft.com/en-us/azure/app-service/deploy-configure-credentials
    keyed(
        rule("azure-publish-password", "Azure publish profile"),
        "*.publishsettings *.pubxml *.pubxml.user *.cscfg",
        xml_text.leaves,
        r"(?:userpwd|password|managementcertificate)$|\.[\w.]*connectionstring$|(?:key|secret)$",
        but=r"\.(?:key|name|accesskeyid)$",
    ),
    # https://docs.openstack.org/os-client-config/latest/
    keyed(
        rule("openstack-password", "OpenStack"),
        "clouds.yaml clouds.yml secure.yaml",
        yaml_text.leaves,
        r"(?:password|token|secret)$",
    ),
    keyed(
        rule("openrc-password", "OpenStack"),
        "*openrc* openrc.sh *-openrc.sh",
        ASSIGNED,
        r"^os_(?:password|token|application_credential_secret)$",
    ),
    # https://developer.hashicorp.com/terraform/language/state/sensitive-data
    keyed(
        rule("terraform-state-secret", "Terraform state", Kind.CREDENTIAL, generic=True),
        "*.tfstate *.tfstate.backup *.tfstate.* terraform.tfstate.d/*",
        flow_text.leaves,
        r"(?:^|\.)(?:[\w-]*(?:password|passphrase|secret|token|private_key_pem|private_key|private_key_openssh|access_key|api_key|"
        r"client_key|kube_config_raw|connection_string|primary_key|secondary_key|secret_string|secret_binary|master_key)|result|bcrypt_hash)$"
        r"|outputs\.[\w-]*(?:password|secret|token|key|pwd|pass)[\w-]*\.value$",
        but=r"\.(?:check_results|sensitive_attributes|dependencies)\b|\.schema_version$|public",
    ),
    # https://developer.hashicorp.com/terraform/language/values/variables#variable-definitions-tfvars-files
    keyed(
        rule("terraform-variable-secret", "Terraform variable", Kind.CREDENTIAL, generic=True),
        "*.tfvars *.tfbackend *.tf",
        code_text.worthwhile_leaves,
    ),
    matched(
        rule("terraform-variable-default", "Terraform variable", Kind.CREDENTIAL, generic=True),
        "*.tf",
        r"\bvariable\s+\"(?P<key>[\w-]{0,60}(?:password|passwd|secret|token|api_key)[\w-]{0,60})\"\s*\{[^{}]{0,400}?\bdefault\s*=\s*"
        r"\"(?P<secret>[^\"\r\n]{1,400})\"",
    ),
    keyed(
        rule("terraform-variable-json-secret", "Terraform variable", Kind.CREDENTIAL, generic=True),
        "*.tfvars.json",
        flow_text.leaves,
    ),
    # https://developer.hashicorp.com/terraform/cli/config/config-file#credentials
    keyed(
        rule("terraform-cli-token", "Terraform CLI", Kind.ACCESS_TOKEN),
        ".terraformrc terraform.rc",
        code_text.worthwhile_leaves,
        r"^token$",
    ),
    keyed(
        rule("terraform-cloud-token", "Terraform CLI", Kind.ACCESS_TOKEN),
        "credentials.tfrc.json",
        flow_text.leaves,
        r"\.token$",
    ),
    matched(
        rule("vault-token-file", "HashiCorp Vault", Kind.ACCESS_TOKEN),
        ".vault-token vault-token .vault_token",
        r"\A(?:\xef\xbb\xbf)?\s*(?P<secret>[\w.-]{20,200})\s*\Z",
    ),
    # https://www.alibabacloud.com/help/en/cli/configure-credentials, https://cloud.tencent.com/document/product/440/34012
    keyed(
        rule("chinese-cloud-cli-secret", "Chinese cloud CLI", Kind.CREDENTIAL),
        "*/.aliyun/config.json */.tccli/*.credential */.hcloud/config.json */.volcengine/config.json */.bce/credentials "
        "*/.qshell/*.json .ossutilconfig .cos.conf .obsutilconfig",
        lambda text: flow_text.leaves(text) if text.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{") else INI(text),
        r"(?:access_?key_?secret|secret_?key|secretkey|sts_token|security_?token|secret_access_key|\bsk)$",
    ),
    # Tokens that command line tools of hosts and services keep in the home directory.
    keyed(
        rule("cli-token-file", "command line tool", Kind.ACCESS_TOKEN),
        "*/gh/hosts.yml hub .tugboat */glab-cli/config.yml */doctl/config.yaml */.circleci/cli.yml */.config/hub "
        "*/.sentryclirc .sentryclirc "
        ".databrickscfg */.snowsql/config */.dbt/profiles.yml profiles.yml kaggle.json */.fly/config.yml */.netlify/config.json "
        "*/netlify/config.json */vercel/auth.json */.wrangler/config/*.toml */.config/configstore/*.json .clasprc.json .surge "
        "*/.helm/repositories.yaml */helm/repositories.yaml */ngrok.yml ngrok.yml */.grafanactl/*.yaml .travis/config.yml "
        "*/.travis/config.yml */.cf/config.json */.pulumi/credentials.json */.ibmcloud/config.json jupyter_*_config.json",
        lambda text: (
            flow_text.leaves(text)
            if text.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{")
            else INI(text)
            if text.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"[")
            else yaml_text.leaves(text)
        ),
        r"(?:^|\.|_|-)(?:oauth_?token|access_?tokens?(?:\..*)?|auth_?token|token|refresh_?token|password|private_?key_?passphrase|"
        r"private_?key|key|api_?key|secret|iamtoken|iamrefreshtoken|auth)$",
    ),
    keyed(
        rule(
            "chef-puppet-secret",
            "configuration management",
            Kind.CREDENTIAL,
            Severity.MEDIUM,
            Confidence.MEDIUM,
            generic=True,
        ),
        "hiera.yaml common.yaml */hieradata/*.yaml */pillar/*.sls",
        yaml_text.leaves,
    ),
)
