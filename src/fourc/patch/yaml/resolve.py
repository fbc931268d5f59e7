"""Scalars as sigs.k8s.io/yaml resolves them: YAML 1.1 as go-yaml v2 reads it, then JSON.

The facts are those of `goyaml.v2/resolve.go` and `yaml.go` in sigs.k8s.io/yaml v1.4 (kubectl 1.32), each
pinned by a recorded trap. Where they surprise: `y` and `n` are booleans; `0o10` and `010` are 8, `0b` and
`0x` work, `_` may stand anywhere in a number; `1:30` and dates are strings; integers past int64 become
floats; `1e3` becomes an integer in JSON; `1e999` stays a string; `.nan` and `.inf` cannot be sent.
"""

import base64
import math
import re
import struct
from typing import TypeAlias

from fourc.patch.yaml.node import JsonScalar
from fourc.patch.yaml.reasons import KEY_NOT_TEXT, NOT_BASE64, NOT_FINITE, NOT_OF_TAG
from fourc.text import Text

Resolved: TypeAlias = str | int | float | bool | None
"""What go-yaml holds before JSON: unsigned 64-bit integers, infinities and not-a-number included."""

MERGE_TAG = "tag:yaml.org,2002:merge"

_PREFIX = "tag:yaml.org,2002:"
_STR, _BINARY, _TIMESTAMP = _PREFIX + "str", _PREFIX + "binary", _PREFIX + "timestamp"
_TYPED = {_PREFIX + name for name in ("bool", "int", "float", "null", "timestamp")}

_WORDS: dict[str, Resolved] = {
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"), True),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), math.inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
}

MAYBE_TYPED = frozenset("+-.0123456789~yYnNtTfFoO") | {""}
"""A plain scalar whose first character (none: empty) is not here is a string."""

_NUMBER_START = frozenset("+-0123456789")
_INT64_MIN, _INT64_MAX, _UINT64_MAX = -(2**63), 2**63 - 1, 2**64 - 1

_INTEGER = re.compile(r"([+-]?)(?:0[xX]([0-9a-fA-F]+)|0[oO]([0-7]+)|0[bB]([01]+)|0([0-7]+)|(0|[1-9][0-9]*))", re.ASCII)
_BASES = (16, 8, 2, 8, 10)
_SIGN_IN_BINARY = re.compile(r"0b([+-])([01]+)")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_DOT_FLOAT = re.compile(r"\.[0-9]+(?:_[0-9]+)*(?:[eE][-+]?[0-9]+(?:_[0-9]+)*)?")
_DATE = r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})"
_TIME = r"([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:[.,][0-9]+)?"
_TIMESTAMP_FORM = re.compile(rf"{_DATE}(?:[Tt]{_TIME}(?:Z|[+-][0-9]{{2}}:[0-9]{{2}})| +{_TIME})?")

_SHORT = 19  # so many decimal digits may not fit into int64 any more
_MAX_DIGITS = 64  # of any base that 64 bits can need, leading zeros removed


class UnresolvableError(ValueError):
    """kubectl refuses this scalar; `why` says it, the caller knows where."""

    def __init__(self, why: Text) -> None:
        super().__init__(why.en)
        self.why = why


def resolve_plain(text: str) -> Resolved:
    """An untagged plain scalar's value."""
    if text in _WORDS:
        return _WORDS[text]
    if len(text) < _SHORT and text.isascii() and text.isdecimal() and text[0] != "0":
        return int(text)  # by far the most common number, and the pattern below is slow
    if text[0] == ".":
        return _finite_float(text) if _DOT_FLOAT.fullmatch(text) else text
    return _number(text) if text[0] in _NUMBER_START else text


def _number(text: str) -> int | float | str:
    """The number that starts with a sign or digit, or the text itself."""
    digits = text.replace("_", "")
    integer = _integer(digits)
    if integer is not None:
        return integer
    if _FLOAT.fullmatch(digits):
        number = _finite_float(digits)
        if not isinstance(number, str):
            return number
    match = _SIGN_IN_BINARY.fullmatch(digits)
    integer = _in_range(match[1], match[2], 2, unsigned=False) if match is not None else None
    return text if integer is None else integer


def resolve_tagged(tag: str, text: str) -> Resolved:
    """A tagged scalar's value, quoted or not; unknown tags leave a string.

    Raises:
        UnresolvableError: the text is not of the tag's type.
    """
    if tag == _BINARY:
        return _base64_text(text)
    if tag not in _TYPED:
        return text
    if tag == _TIMESTAMP:
        if _is_timestamp(text):
            return text
        raise UnresolvableError(NOT_OF_TAG.of(text=text[:40], tag="timestamp"))
    value = resolve_plain(text)
    kind = _PREFIX + _kind(value)
    if kind == tag:
        return value
    if tag == _PREFIX + "float" and type(value) is int and _INT64_MIN <= value <= _INT64_MAX:
        return float(value)
    raise UnresolvableError(NOT_OF_TAG.of(text=text[:40], tag=tag.removeprefix(_PREFIX)))


def json_value(value: Resolved) -> JsonScalar:
    """The value as an API server receives it, through the text of a JSON number.

    Integers past int64 are floats there and whole floats are integers.

    Raises:
        UnresolvableError: an infinity or not-a-number, which JSON cannot say.
    """
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, int):
        return value if _INT64_MIN <= value <= _INT64_MAX else float(value)
    if not math.isfinite(value):
        raise UnresolvableError(NOT_FINITE)
    if value.is_integer() and abs(value) < 1e21:
        from decimal import Decimal  # noqa: PLC0415 - such numbers are rare

        whole = int(Decimal(repr(value)))
        if _INT64_MIN <= whole <= _INT64_MAX:
            return whole
    return value


def key_text(value: Resolved) -> str:
    """The JSON key that sigs.k8s.io/yaml makes of a mapping key.

    Raises:
        UnresolvableError: null, or an integer past int64.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _float32_text(value)
    if value is None or not _INT64_MIN <= value <= _INT64_MAX:
        raise UnresolvableError(KEY_NOT_TEXT)
    return str(value)


def _kind(value: Resolved) -> str:
    if value is None:
        return "null"
    return {bool: "bool", int: "int", float: "float", str: "str"}[type(value)]


def _finite_float(text: str) -> float | str:
    number = float(text)
    return number if math.isfinite(number) else text


def _integer(digits: str) -> int | None:
    match = _INTEGER.fullmatch(digits)
    if match is None:
        return None
    sign = match[1]
    for base, group in zip(_BASES, match.groups()[1:], strict=True):
        if group is not None:
            return _in_range(sign, group, base, unsigned=not sign)
    return None


def _in_range(sign: str, digits: str, base: int, *, unsigned: bool) -> int | None:
    significant = digits.lstrip("0") or "0"
    if len(significant) > _MAX_DIGITS:
        return None
    value = int(sign + significant, base)
    return value if _INT64_MIN <= value <= (_UINT64_MAX if unsigned else _INT64_MAX) else None


def _is_timestamp(text: str) -> bool:
    match = _TIMESTAMP_FORM.fullmatch(text)
    if match is None:
        return False
    import datetime as dt  # noqa: PLC0415 - such tags are rare

    year, month, day, *clock = (int(group) for group in match.groups() if group is not None)
    hour, minute, second = clock or (0, 0, 0)
    try:
        dt.date(year or 4, month, day)  # the year 0 is a leap year, which `date` does not know
        dt.time(hour, minute, second)
    except ValueError:
        return False
    return True


def _base64_text(text: str) -> str:
    try:
        data = base64.b64decode(text.replace("\n", "").replace("\r", ""), validate=True)
    except ValueError as error:
        raise UnresolvableError(NOT_BASE64) from error
    # Go writes U+FFFD for every byte that is not UTF-8, where Python's "replace" joins some.
    return replace_surrogates(data.decode("utf-8", errors="surrogateescape"))


def replace_surrogates(text: str) -> str:
    """The text with U+FFFD for every lone surrogate, as Go writes them."""
    return text if text.isascii() else re.sub("[\ud800-\udfff]", "\ufffd", text)


def _float32_text(value: float) -> str:
    """The shortest text of the value as a 32-bit float: Go's `%g`, with YAML's infinities."""
    if math.isnan(value):
        return ".nan"
    try:
        (single,) = struct.unpack("f", struct.pack("f", value))
    except OverflowError:
        single = math.copysign(math.inf, value)
    if math.isinf(single):
        return ".inf" if single > 0 else "-.inf"
    text = next(
        form
        for form in (f"{single:.{precision}e}" for precision in range(10))
        if struct.unpack("f", struct.pack("f", float(form)))[0] == single
    )
    from decimal import Decimal  # noqa: PLC0415 - such keys are rare

    exponent = int(text.partition("e")[2])
    return text if exponent < -4 or exponent >= 6 else f"{Decimal(text):f}"
