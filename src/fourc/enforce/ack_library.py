"""Alibaba Cloud ACK's library of admission policies against our checks; the rows and sources stand in `data/ack.toml`."""

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from pkgutil import get_data
from typing import cast

from msgspec import Struct

from fourc.enforce.export import Fit
from fourc.model.text import Text
from fourc.patch.yaml.node import Json


class Said(Struct, frozen=True):
    """What an instance says of one check: `why` it is not exact, and whether ACK's page says so (`confirmed`).

    It is no longer stricter where all checks of `together` are asked for as well.
    """

    check: str
    fit: Fit
    parameters: Mapping[str, Json]
    why: Text | None
    confirmed: bool
    together: frozenset[str]

    def fit_beside(self, checks: frozenset[str]) -> Fit:
        """The fit where `checks` are asked for."""
        if self.fit is not Fit.STRICTER or not self.together or not self.together <= checks:
            return self.fit
        return Fit.EXACT if self.confirmed else Fit.NARROWER


class Policy(Struct, frozen=True):
    """One ConstraintTemplate of the library; `none` is why no check of ours answers to it.

    `match` is pairs of group and kind; `defaults` are the parameters that are always written.
    """

    kind: str
    category: str
    match: tuple[tuple[str, str], ...]
    parameters: tuple[str, ...]
    defaults: Mapping[str, Json]
    said: tuple[Said, ...]
    none: Text | None


class Library(Struct, frozen=True):
    """All policies in the order of ACK's page, its address and when it was read, and checks that none of them can say."""

    policies: tuple[Policy, ...]
    source: str
    read: date
    unsaid: Mapping[str, Text]


@cache
def library() -> Library:
    """The library as the table has it."""
    table = tomllib.loads((get_data("fourc", "data/ack.toml") or b"").decode())
    rows = cast("list[Mapping[str, object]]", table["policy"])
    unsaid = cast("list[Mapping[str, object]]", table["unsaid"])
    return Library(
        tuple(_policy(row) for row in rows),
        str(table["source"]),
        cast("date", table["read"]),
        {str(row["check"]): _text(row, "why") for row in unsaid},
    )


def _policy(row: Mapping[str, object]) -> Policy:
    pairs = (entry.partition("/") for entry in cast("list[str]", row["match"]))
    return Policy(
        kind=str(row["kind"]),
        category=str(row["category"]),
        match=tuple((group, kind) for group, _, kind in pairs),
        parameters=tuple(cast("list[str]", row["parameters"])),
        defaults=cast("Mapping[str, Json]", row.get("defaults", {})),
        said=tuple(_said(each) for each in cast("list[Mapping[str, object]]", row.get("check", []))),
        none=_text(row, "none") if "none" in row else None,
    )


def _said(row: Mapping[str, object]) -> Said:
    return Said(
        check=str(row["id"]),
        fit=Fit(str(row["fit"])),
        parameters=cast("Mapping[str, Json]", row.get("parameters", {})),
        why=_text(row, "why") if "why" in row else None,
        confirmed=bool(row.get("confirmed", True)),
        together=frozenset(cast("list[str]", row.get("with", []))),
    )


def _text(row: Mapping[str, object], key: str) -> Text:
    return Text(str(row[key]), str(row[f"{key}_zh"]))
