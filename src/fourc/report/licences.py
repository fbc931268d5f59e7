"""Licences as SPDX writes them: ids of its list, and expressions of these (https://spdx.org/licenses/)."""

import re
from functools import cache
from hashlib import sha256
from importlib.resources import files

_WORD = re.compile(r"\(|\)|[^\s()]+")
_REF = re.compile(r"LicenseRef-[A-Za-z0-9.-]+")


@cache
def _ids() -> dict[str, str]:
    """The list's ids, by their lower case."""
    text = (files("fourc") / "data" / "spdx_licences.txt").read_text("utf-8")
    return {one.lower(): one for one in text.split()}


def spdx_id(text: str) -> str | None:
    """The id of SPDX's list that the text is; None where it is none."""
    return _ids().get(text.strip().lower())


@cache
def spdx_expression(text: str) -> str | None:
    """The text as an expression of SPDX's ids; None where it is none."""
    made: list[str] = []
    depth, operand = 0, True
    for word in _WORD.findall(text):
        upper = word.upper()
        if word == "(" and operand:
            depth += 1
        elif word == ")" and not operand and depth:
            depth -= 1
        elif upper in {"AND", "OR", "WITH"} and not operand:
            made.append(upper)
            operand = True
            continue
        elif operand and word not in {"(", ")"}:
            plain = word.removesuffix("+")
            known = spdx_id(word) or (spdx_id(plain) and f"{spdx_id(plain)}+")
            if known is None and not _REF.fullmatch(word):
                return None
            made.append(known or word)
            operand = False
            continue
        else:
            return None
        made.append(word)
    if operand or depth or not made:
        return None
    return " ".join(made).replace("( ", "(").replace(" )", ")")


def refs_in(expression: str) -> list[str]:
    """The names in an expression that are not of SPDX's list."""
    return _REF.findall(expression)


def licence_ref(text: str) -> str:
    """A name for what SPDX's list has not: its own words, as SPDX lets such names be."""
    plain = re.sub(r"[^A-Za-z0-9.-]+", "-", text).strip("-")[:100]
    return f"LicenseRef-{plain or sha256(text.encode()).hexdigest()[:16]}"
