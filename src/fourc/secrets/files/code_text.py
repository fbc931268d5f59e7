"""Programs that are a configuration: texts between quotes that are given to a name, in any common language.

`'password' => 'x'`, `PASSWORD = "x"`, `define('DB_PASSWORD', 'x')`, `env('DB_PASSWORD', 'x')`, `$cfg['password'] = 'x'`,
`storePassword "x"`, `password = "x"` of HCL.
"""

from collections.abc import Iterator

import re2

from fourc.secrets.files.flow_text import unescape
from fourc.secrets.files.leaf import Leaf, plain
from fourc.secrets.files.names import IN_NAMES
from fourc.secrets.late import late

_GIVEN = late(
    rb"""(?x)
    (?: (?P<q>["'])(?P<quoted>[^"'\s,()]{1,100}+)(?P=q)\]?\s{0,20}+(?:=>|:=|=|:|,)
      | (?P<name>[A-Za-z_][\w.-]{0,100}+)\s{0,20}+(?:=>|:=|=|:|(?<=[ \t])) )
    \s{0,20}+ (?:[\w.$\[\]'"]{1,60}+(?:\([^()\n]{0,80}\))?\s{1,9}+(?:\?:|\|\||\?\?|or)\s{1,9}+)?  # a default: `ENV['X'] || 'y'`
    (?:[brufBRU@$]{1,2}(?=["']))?
    (?: "(?P<double>(?:[^"\\\n]++|\\.)*+)" | '(?P<single>(?:[^'\\\n]++|\\.)*+)' )
    """
)
# In the names that are asked for, and in values with a password inside; whatever else is given to a name needs not be read.
_WORTH = re2.compile(
    (
        rf"""(?i)(?:{IN_NAMES}|密|口令|令牌)[^\s"'(),=:]*"""
        r"""(?:["']?\]?\s*(?:=|:|,|[ \t])\s*[^"'\n]*(?:["']|(?:\|\||\?\?|\?:|\bor)\s*\n)|\s*=)"""
        r"""|://[^\s"'@/]*:[^\s"']*@|\bsig\s*=|@(?:tcp|unix)\(|jdbc:oracle:"""
    ).encode()
)
_COMMENT = late(rb"[ \t]*(?:#|//|/?\*|--|<!--)")
_LOOK_BACK = 200  # a comment sign further away is not looked for, so that a single line of any length costs little


def leaves(text: bytes) -> Iterator[Leaf]:
    """Every text that is given to a name outside of comments."""
    for match in _GIVEN.finditer(text):
        near = max(0, match.start() - _LOOK_BACK)
        if _COMMENT.match(text, max(near, text.rfind(b"\n", near, match.start()) + 1), match.start() + 2):
            continue
        kind = match.lastgroup or "double"
        yield Leaf((plain(match["quoted"] or match["name"]),), *match.span(kind), unescape(match[kind]))


def worthwhile_leaves(text: bytes) -> Iterator[Leaf]:
    """The same; none where no name and no value is like those of secrets, which is much faster to tell."""
    if _WORTH.search(text):
        yield from leaves(text)
