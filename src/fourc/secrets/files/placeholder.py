"""Which values only stand where a secret would: something to be filled in, looked up elsewhere or decrypted first."""

import re

_WHOLE = re.compile(
    r"""(?isx)
      [\s'"]*                                                  # nothing
    | \$\{?[a-z_][\w.:-]*\}? | \$\$?\{[^{}]*\} | \$\(.*\) | \$\[.*\]  # $VAR, ${VAR}, $(command)
    | %[\w.-]+% | %\(\w+\)s | \#\{.*\}\#? | @[\w.-]+@ | @\{.*\} | &\w+; # of cmd, Python, Ruby, Ant, Azure
    | <[^<>]*> | \[[^\[\]]*\] | \{[a-z_. -]*\} | __\w+__ | \*\w+       # <password>, [password], {password}, an alias
    | ENC[(\[].* | \$ANSIBLE_VAULT.* | \{cipher\}.* | DEC\(.* | SOPS.* # encrypted: jasypt, SOPS, Ansible, Spring Cloud
    | (?:vault|ssm|env|file|keyring|valuefrom|bao|secretref):\S* | (?:op|ref\+\w+|secret|ssm|awssm|gcpsm|vault)://.* # kept elsewhere
    | !(?:vault|secret|ref|sub|getatt|encrypted)\b.* | arn:aws[\w-]*:(?:secretsmanager|ssm|kms):.* | @Microsoft\.KeyVault.*
    | (?:os\.environ|os\.getenv|process\.env|getenv|env|ENV|config|lookup|var|local|data|module|secrets|vars|params|settings)[.(\[].*
    | (?:pass|passwd|password|pwd|secret|token|key|value|string|user|username|none|null|nil|true|false|yes|no|on|off|undefined|n/?a|tbd|
        todo|fixme|foo|bar|baz|foobar|abc|redacted|hidden|masked|removed|sensitive|encrypted|unset|empty|default|optional|required|
        prompt|ask|password[_ -]?here|hal\+9ooo_da!sy|33f!!lloppa)[\s.!]*
    | (?:the|a|an|some|my|your|our|user|db|database|root|admin|top|super|app|api|client|access|auth|aws|smtp|mail|mysql|redis|
        example|sample|dummy|fake|test|secret|strong|secure|real|actual|new|enter|insert|put|add|use|type|set|fill|paste)
      (?:[\s_.-]*(?:the|a|an|in|your|own|my|super|db|database|api|app|secret|secrets|strong|secure|access|auth|private|client|real|
        random|here|key|pass|passwd|password|pwd|token|value|string|goes|this|id|user|passphrase|credential|credentials|1|123)){1,9}[\s.!]*
    | (?:please[\s_-]*)?(?:change|replace|update|fill|modify|edit|override)[\s_-]*(?:me|it|this|in|that|with|before|value|here|now|password|secret)?
      (?:[\s_!.-]+[\w'-]+)*[\s!.]*
    | (?:your|insert|enter|put|example|placeholder|dummy|sample)(?:[\s_-]+\w+)*
    | (.)\1{2,} | xx | (?:xxx+|\*\*+|\.\.+|__+|\?\?+|\#\#+).* | .*(?:\.\.\.|…|x{5,}|\*{4,}) | 1234567890*
    """
)
_PART = re.compile(r"\{\{|\{%|<%|\$\{\{|你的|您的|请填|请输入|请修改|请替换|填写|填入|替换|示例|占位|此处|这里|修改为|改成|改为|自己的|自行|待填|\A[某你您]")
_CHINESE = re.compile(r"[\u4e00-\u9fff]*(?:密码|密钥|口令|令牌)[\u4e00-\u9fff]*")


def is_placeholder(value: str) -> bool:
    """Whether a value is none that anybody could log in with as it stands."""
    value = value.strip().strip("\"'`").strip()
    if len(value) > 300:  # nobody writes so long a placeholder, and the test shall cost little; templates begin early
        return value.startswith(("$ANSIBLE_VAULT", "ENC(", "ENC[", "{cipher}", "{{"))
    return bool(_WHOLE.fullmatch(value) or _PART.search(value) or _CHINESE.fullmatch(value))
