"""Values that hold a secret's place: what is to be replaced, what is filled in later, what a provider's manual shows."""

from fourc.secrets.late import late

_PLACEHOLDER = late(
    r"""(?ix)
    \A\s*(?:
        [<\[({%@_$#]*[.*x•#?_ -]+[>\])}%@]*                    # xxxx, ****, ...
      | <[^<>]*> | \[[\w .-]*\] | %[\w.]+% | @@?[\w.]+@@? | __\w+__
      | [$#]?\{\{?.*\}\}? | \$\(.*\) | \$\$?[a-z_]\w*(?:\[\w+\])? | \$\d
      | (?:enc|!vault|vault|ref|env|file|ssm|arn|op)[:(].*    # jasypt's ENC(…) and references to a store
      | null | nil | none | undefined | true | false | empty | unset | n/a | todo | tbd | fixme
      | secret | password | passwd | pass | pwd | token | key | admin | root | test | user(?:name)? | string | value
      | changeit | change[-_ ]?me(?:[-_ ]?\w*)? | redacted | removed | masked | hidden | dummy | fake | foo | bar | foobar
    )\s*\Z
    | [x*•]{6} | \.\.\.\Z | (?-i:(?:example){3})
    | (?:\A|[^a-z])
      (?:your|yours|insert|replace|placeholder|example|sample|dummy|redacted|changeme|todo|fixme)
      (?:[^a-z]|\Z)
    | (?:token|key|secret|string|password|goes)[-_ ]?here\Z
    """
)
_DOCUMENTED = late(r"EXAMPLE(?:KEY)?\Z")  # AKIAIOSFODNN7EXAMPLE and its kind in AWS's manuals
_CHINESE = late(
    "[你您]的|我的|自己的|请(?:填|输|替|修|改|在|自|使|联|设|换)|填写|填入|输入|替换|改成|改为|修改|换成"
    "|示例|样例|测试|占位|此处|这里|某某|省略|隐藏|脱敏|(?:密码|密钥|口令|令牌|用户名|账号)\\Z"
)
_RUNS = late(r"0{12}|\d?(?:0123456789){3}|(\*)\1{3}")

# What everybody has: the samples of NuGet's manual (learn.microsoft.com/nuget/reference/nuget-config-file)
# and of Firebase (github.com/firebase/firebase-android-sdk), these behind their common `AIza`.
_PUBLISHED = frozenset(("33f!!lloppa", "hal+9ooo_da!sY")).union(
    "AIza" + key
    for key in (
        "Syabcdefghijklmnopqrstuvwxyz1234567",
        "SyAnLA7NfeLquW1tJFpx_eQCxoX-oo6YyIs",
        "SyCkEhVjf3pduRDt6d1yKOMitrUEke8agEM",
        "SyDMAScliyLx7F0NPDEJi1QmyCgHIAODrlU",
        "SyD3asb-2pEZVqMkmL6M9N6nHZRR_znhrh0",
        "yDNSXIbFmlXbIE6mCzDLQAqITYefhixbX4A",
        "SyAdOS2zB6NCsk1pCdZ4-P6GBdi_UUPwX7c",
        "SyASWm6HmTMdYWpgMnjRBjxcQ9CKctWmLd4",
        "SyANUvH9H9BsUccjsu2pCmEkOPjjaXeDQgY",
        "SyA5_iVawFQ8ABuTZNUdcwERLJv_a_p4wtM",
        "SyA4UrcGxgwQFTfaI3no3t7Lt1sjmdnP5sQ",
        "SyDSb51JiIcB6OJpwwMicseKRhhrOq1cS7g",
        "SyBF2RrAIm4a0mO64EShQfqfd2AFnzAvvuU",
        "SyBcE-OOIbhjyR83gm4r2MFCu4MJmprNXsw",
        "SyB8qGxt4ec15vitgn44duC5ucxaOi4FmqE",
        "SyA8vmApnrHNFE0bApF4hoZ11srVL_n0nvY",
    )
)


def is_placeholder(value: str) -> bool:
    """Whether a value only stands where a secret belongs, in English or Chinese, or is a sample that a provider publishes."""
    return (
        _PLACEHOLDER.search(value) is not None
        or _DOCUMENTED.search(value) is not None
        or _RUNS.search(value) is not None
        or (not value.isascii() and _CHINESE.search(value) is not None)
        or value in _PUBLISHED
    )
