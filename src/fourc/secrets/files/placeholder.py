"""Which values only stand where a secret would: something to be filled in, looked up elsewhere or decrypted first."""

from fourc.secrets.late import late

_WHOLE = late(
    r"""(?isx)
      [\s'"]*                                                  # nothing
    | \$\{?[a-z_][\w.:-]*\}? | \$\$?\{[^{}]*\} | \$\([^()]*\)  # $VAR, ${VAR}, $(command)
    | %[\w.-]+% | %\(\w+\)s | \#\{[^{}]*\}\#? | @[\w.-]+@ | &\w+; | \*[a-z]\w*  # of cmd, Python, Ruby, Ant, XML; an alias
    | <[^<>="']{0,80}> | \[[^\[\]]{0,80}\] | \{[a-z_. -]{0,40}\} | __\w+__      # <password>, [password], {password}
    | ENC[(\[].* | \$ANSIBLE_VAULT.* | \{cipher\}.* | DEC\(.* | !vault\b.*        # encrypted: jasypt, SOPS, Spring Cloud, Ansible
    | (?:vault|ssm|env|file|keyring|valuefrom|bao|secretref):\S*                  # kept elsewhere
    | (?:op|ref\+\w+|secret|ssm|awssm|gcpsm|vault)://\S*
    | arn:aws[\w-]*:(?:secretsmanager|ssm|kms):\S* | @Microsoft\.KeyVault\(.*
    | (?:os\.environ|os\.getenv|process\.env|getenv|env|config|lookup|var|local|data|module|secrets|vars|params|settings)
      [.(\[][\w.()\[\]'"-]*
    | (?:pass|passwd|password|pwd|secret|token|key|value|string|user|username|none|null|nil|true|false|yes|no|on|off|undefined|
        n/?a|tbd|todo|fixme|foo|bar|baz|foobar|abc|redacted|hidden|masked|removed|sensitive|encrypted|unset|empty|default|optional|required|
        prompt|ask|hal\+9ooo_da!sy|33f!!lloppa)[\s.!]*
    | (?:the|a|an|some|your|example|sample|dummy|fake|real|actual|enter|insert|put|add|use|type|set|fill|paste|provide|specify)
      (?:[\s_.-]*(?:the|a|an|in|your|own|my|super|db|database|api|app|admin|root|user|aws|smtp|mail|mysql|redis|secret|secrets|strong|
        secure|access|auth|private|client|real|new|random|unique|phrase|here|key|pass|passwd|password|pwd|token|value|string|goes|this|
        id|passphrase|credential|credentials)){1,9}[\s.!]*
    | (?:please[\s_-]*)?(?:change|replace|update|fill|modify|edit)[\s_-]*
      (?:me|it|this|in|that|with|before|value|here|now|password|secret)(?:[\s_!.-]+[\w'-]+){0,9}[\s!.]*
    | (?:your|insert|enter|put|example|placeholder|dummy|sample|changeme)(?:[\s_-]+\w+){1,9}
    | (?:example|placeholder|dummy|sample|changeme)\d*
    | \w+_(?:val|value|here) | (.)\1{2,} | xx | (?:xxx+|\*\*+|\.\.+|__+|\?\?+|\#\#+)\S* | \S*(?:\.\.\.|…|x{5,}|\*{4,})\S*
    """
)
_PART = late(
    r"\{\{|\{%|<%|\$\{\{|你的|您的|请填|请输入|请修改|请替换|填写|填入|替换|示例|占位|此处|这里|修改为|改成|改为|自己的|自行|待填|\A[某你您]"
)
_OTHER_NAME = late(
    r"[A-Z][A-Z0-9]*_(?:[A-Z0-9]+_)*(?:PASSWORD|PASS|PWD|TOKEN|SECRET|KEY)(?:_[A-Z]+)*"
)  # of another variable
_CHINESE = late(r"[\u4e00-\u9fff]*(?:密码|密钥|口令|令牌)[\u4e00-\u9fff]*")


def is_placeholder(value: str) -> bool:
    """Whether a value is none that anybody could log in with as it stands."""
    value = value.strip().strip("\"'`").strip()
    if len(value) > 300:  # nobody writes so long a placeholder, and the test shall cost little; templates begin early
        return value.startswith(("$ANSIBLE_VAULT", "ENC(", "ENC[", "{cipher}", "{{"))
    return bool(
        _WHOLE.fullmatch(value) or _PART.search(value) or _CHINESE.fullmatch(value) or _OTHER_NAME.fullmatch(value)
    )
