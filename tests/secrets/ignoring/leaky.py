"""A folder whose `.gitleaks.toml` uses every feature of the format, and what gitleaks 8.30.1 reports of it.

`gitleaks-report.json` was written by the real program: `gitleaks dir . --config .gitleaks.toml --report-path …` in this
folder. All secrets are made up.
"""

import json
from pathlib import Path

REPORT = Path(__file__).with_name("gitleaks-report.json")

BASE = """
title = "what all our repositories share"

[[rules]]
id = "acme-token"
description = "ACME token"
regex = '''acme_[a-z0-9]{16}'''
tags = ["acme"]
keywords = ["acme"]

    [[rules.allowlists]]
    stopwords = ["example"]

[[rules]]
id = "acme-legacy"
description = "retired"
regex = '''acmeold_[a-z0-9]{8}'''

[[rules]]
id = "internal-host"
description = "internal host"
regex = '''host=([a-z.]+)\\.corp'''

[[allowlists]]
description = "vendored"
paths = ['''(?:^|/)vendor/''']
"""

CONFIG = """
title = "everything that the format has"
minVersion = "v8.25.0"

[extend]
path = "shared/base.toml"
disabledRules = ["acme-legacy"]

# adds to a rule of the base: an allowlist, a tag, a description
[[rules]]
id = "acme-token"
description = "ACME token of ours"
tags = ["ours"]

    [[rules.allowlists]]
    regexTarget = "line"
    regexes = ['''revoked''']

# the second group is the secret, its entropy counts
[[rules]]
id = "grouped"
description = "grouped"
regex = '''(?i)(user|name)[:=]\\s*"([a-z0-9]+)"\\s*(#?)'''
secretGroup = 2
entropy = 2.5

# the first group that holds something is the secret
[[rules]]
id = "either"
description = "either"
regex = '''key-(?:(\\d{6})|([a-z]{6}))'''

# no group: all of it is
[[rules]]
id = "whole"
description = "whole"
regex = '''WHOLE[0-9]{4}'''

# only in such files
[[rules]]
id = "in-terraform"
description = "in Terraform"
regex = '''secret\\s*=\\s*"([^"]+)"'''
path = '''\\.tf$'''

# the file itself
[[rules]]
id = "key-store"
description = "key store"
path = '''(?i)\\.p12$'''

# only in files in which one of these words stands, anywhere and in any case
[[rules]]
id = "worded"
description = "worded"
regex = '''pin=([0-9]{6})'''
keywords = ["BankCard"]

# only near another
[[rules]]
id = "near-lines"
description = "near by lines"
regex = '''pass1="([^"]+)"'''
    [[rules.required]]
    id = "login"
    withinLines = 2

[[rules]]
id = "near-columns"
description = "near by columns"
regex = '''pass2="([^"]+)"'''
    [[rules.required]]
    id = "login"
    withinColumns = 5

[[rules]]
id = "same-file"
description = "in the same file"
regex = '''pass3="([^"]+)"'''
    [[rules.required]]
    id = "login"

[[rules]]
id = "login"
description = "login"
regex = '''login="([^"]+)"'''
skipReport = true

# the old form of a rule's allowlist
[[rules]]
id = "old-form"
description = "old form"
regex = '''old[0-9]{5}'''
    [rules.allowlist]
    regexes = ['''00$''']

# every condition of an AND
[[rules]]
id = "all-of"
description = "all of them"
regex = '''tok=([a-z0-9]{12})'''
    [[rules.allowlists]]
    condition = "AND"
    paths = ['''^tests/''']
    stopwords = ["dummy"]
    regexTarget = "match"
    regexes = ['''^tok=dummy''']

[[allowlists]]
description = "by secret, the default target"
regexes = ['''^WHOLE0000$''']

[[allowlists]]
description = "everywhere, by a word of the secret"
stopwords = ["FAKE"]

[[allowlists]]
description = "for two rules alone"
targetRules = ["whole", "either"]
paths = ['''^docs/''']
"""

FILES = {
    "shared/base.toml": BASE,
    "app/tokens.txt": (
        "a = acme_0123456789abcdef\nb = acme_example012345678\nc = acme_fedcba9876543210 # revoked\n"
        "d = acmeold_01234567\ne = acme_aaaabbbbccccdddd  gitleaks:allow\nhost=db.corp\n"
    ),
    "app/users.yml": 'user: "k3v9x2m7q1"\nname: "aaaaaaaa"\nUSER="zx81qw90er"\n',
    "app/either.txt": "key-123456\nkey-abcdef\nkey-fakeee\n",
    "app/whole.txt": "WHOLE1234 WHOLE0000\nWHOLE5678\n",
    "docs/whole.txt": "WHOLE9999\nkey-654321\nacme_00112233445566aa\n",
    "vendor/lib/x.txt": "WHOLE2222\n",
    "infra/main.tf": 'secret = "tf-value-1"\n',
    "infra/main.txt": 'secret = "tf-value-2"\n',
    "certs/server.P12": "binary\n",
    "cards/a.txt": "a BANKCARD\npin=845213\n",
    "cards/b.txt": "a card\npin=654321\n",
    "near/lines.txt": 'login="me"\n\npass1="two-lines-off"\n\n\npass1="five-lines-off"\n',
    "near/columns.txt": '  login="me"\npass2="at-column-one"\n                    pass2="at-column-twenty"\n',
    "near/file.txt": 'pass3="far-away"\n' + "\n" * 40 + 'login="me"\n',
    "near/alone.txt": 'pass3="nobody"\npass1="nobody"\n',
    "old/form.txt": "old12345\nold12300\n",
    "tests/all.txt": "tok=dummy0123456\ntok=real01234567\n",
    "src/all.txt": "tok=dummy6543210\n",
}


def write(folder: Path) -> Path:
    """The folder with its configuration."""
    for path, text in {**FILES, ".gitleaks.toml": CONFIG}.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return folder


def reported() -> set[tuple[str, str, int, str]]:
    """Rule, file, line and secret of what gitleaks reports; of a rule about the file itself its path is the secret."""
    rows = json.loads(REPORT.read_text("utf-8"))
    return {(r["RuleID"], r["File"], max(r["StartLine"], 1), r["Secret"] or r["File"]) for r in rows}
