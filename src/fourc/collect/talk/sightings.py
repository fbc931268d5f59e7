"""Connections that somebody saw or a registry lists: Hubble, conntrack, a table, exports of Nacos, Consul and Dubbo.

The format is told by the content. A line that cannot be read is a gap of its own and hides no other.
"""

import csv
import json
import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from pathlib import Path
from typing import IO, Protocol, cast

from fourc.collect.gaps import file_gap
from fourc.collect.limits import MIB, Limits
from fourc.collect.reading import error_gap, special_gap
from fourc.collect.talk.hubble import hubble_sighting
from fourc.collect.talk.registries import dubbo_sightings, is_dubbo, registry_sightings
from fourc.model.flows import Sighting
from fourc.model.gap import Gap, GapReason
from fourc.model.text import Text, same

HEADER = "source,target,port,protocol"
"""The table's first line; an end is `namespace/name`, an address, or a word such as `anywhere`; port may be empty."""

_BROKEN = Text("this line is not a connection: {why}", "这一行不是连接记录：{why}")
_SKIP = Text("correct or remove the line", "请修正或删除这一行")
_FORMAT = Text("not a form of flows that is known here", "无法识别的流量记录格式")
_FORMS = Text(
    f"give hubble observe -o json, conntrack -L, or a table with the first line {HEADER}",
    f"请提供 hubble observe -o json、conntrack -L 的输出，或首行为 {HEADER} 的表格",
)
_MORE = Text("more lines than are listed cannot be read", "无法读取的行多于列出的数量")
_LONGEST_LINE, _MOST_URLS = MIB, 1_000_000
_CONNTRACK = re.compile(r"(?:\[\w+\]\s+)?(?:ipv[46]\s+\d+\s+)?(tcp|udp|sctp)\s+\d+\s")
_OTHER_PROTOCOL = re.compile(
    r"(?:\[\w+\]\s+)?(?:ipv[46]\s+\d+\s+)?(?:icmp|icmpv6|unknown|gre|dccp|udplite|igmp)\s+\d+\s"
)
_PAIR = re.compile(r"\b(src|dst|sport|dport)=(\S+)")


def read_sightings(
    path: Path, shown: str, limits: Limits | None = None
) -> tuple[tuple[Sighting, ...], tuple[Gap, ...]]:
    """Every connection of one file, each once with its first place, and what could not be read.

    Lines are read one after the other, so that a record of weeks may be larger than memory.
    """
    limits = limits or Limits()
    found: dict[tuple[str, str, int | None, str], Sighting] = {}
    gaps: list[Gap] = []
    try:
        with path.open("rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                return (), (special_gap(os.fstat(file.fileno()).st_mode, shown),)
            for item in _sightings(file, shown, limits):
                if not isinstance(item, Gap):
                    found.setdefault((item.source, item.target, item.port, item.protocol), item)
                elif len(gaps) <= limits.gaps:
                    gaps.append(item)
    except (OSError, ValueError) as error:
        gaps.append(error_gap(error, shown))
    if len(gaps) > limits.gaps:
        gaps = [*gaps[: limits.gaps], file_gap(GapReason.MALFORMED, shown, _MORE, _SKIP)]
    return tuple(found.values()), tuple(gaps)


def _lines(file: IO[bytes]) -> Iterator[tuple[int, str]]:
    """The lines that hold something, with their numbers; one that never ends is cut, and then makes no sense."""
    number = 0
    while line := file.readline(_LONGEST_LINE):
        number += 1
        text = line.decode("utf-8", "replace").replace("\r", " ").lstrip("\ufeff").strip()
        if text:
            yield number, text


def _sightings(file: IO[bytes], shown: str, limits: Limits) -> Iterator[Sighting | Gap]:
    lines = _lines(file)
    opening = next(((n, line) for n, line in lines if not line.startswith("#")), None)
    if opening is None:
        return
    first = opening[1]
    rest = chain((opening,), lines)
    if first[0] in "{[" and not _is_flow(_json(first)):
        yield from _whole(file, shown, limits)
    elif first.startswith("{"):
        yield from _each(rest, shown, _hubble)
    elif _CONNTRACK.match(first) or _OTHER_PROTOCOL.match(first):
        yield from _each(rest, shown, _conntrack)
    elif is_dubbo(first):
        yield from dubbo_sightings(list(islice(rest, _MOST_URLS)), shown)
    elif {"source", "target"} <= set(_cells(first)):
        yield from _table(first, lines, shown)
    else:
        yield file_gap(GapReason.UNSUPPORTED, shown, _FORMAT, _FORMS)


def _whole(file: IO[bytes], shown: str, limits: Limits) -> Iterator[Sighting | Gap]:
    """One JSON document; where it is none, lines of Hubble whose first is broken."""
    file.seek(0)
    text = file.read(limits.file_bytes + 1)
    data = _json(text.decode("utf-8", "replace").lstrip("\ufeff")) if len(text) <= limits.file_bytes else None
    listed = list(registry_sightings(data, shown)) if data is not None else []
    if listed:
        yield from listed
    elif data is not None or text.lstrip()[:1] == b"[":
        yield file_gap(GapReason.UNSUPPORTED, shown, _FORMAT, _FORMS)
    else:
        file.seek(0)
        yield from _each(_lines(file), shown, _hubble)


def _each(lines: Iterable[tuple[int, str]], shown: str, read: "_Reader") -> Iterator[Sighting | Gap]:
    for number, line in lines:
        try:
            sighting = read(line, f"{shown}:{number}")
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError, csv.Error) as error:
            why = same(str(error)[:120] or type(error).__name__)
            yield file_gap(GapReason.MALFORMED, shown, _BROKEN.of(why=why), _SKIP, line=number)
            continue
        if sighting is not None:
            yield sighting


def _hubble(line: str, place: str) -> Sighting | None:
    data = json.loads(line)
    if not isinstance(data, dict):
        raise ValueError("no JSON object")  # noqa: TRY004 - the line is wrong, not the program
    return hubble_sighting(data, place)


def _conntrack(line: str, place: str) -> Sighting | None:
    """One entry; the answer's source is the pod that a Service's address was translated to."""
    match = _CONNTRACK.match(line)
    if match is None:
        if _OTHER_PROTOCOL.match(line):
            return None
        raise ValueError("no protocol that has ports")
    pairs = _PAIR.findall(line)
    if len(pairs) < 4 or [k for k, _ in pairs[:4]] != ["src", "dst", "sport", "dport"]:
        raise ValueError("src, dst, sport and dport are missing")
    there, back = dict(pairs[:4]), dict(pairs[4:8])
    target, port = (back["src"], back["sport"]) if len(back) == 4 else (there["dst"], there["dport"])
    number = _port(port)
    if "[UNREPLIED]" in line or there["src"].startswith("127.") or number == 53:
        return None
    return Sighting(there["src"], target, number, match[1].upper(), place)


def _table(first: str, lines: Iterable[tuple[int, str]], shown: str) -> Iterator[Sighting | Gap]:
    header = _cells(first)

    def read(line: str, place: str) -> Sighting:
        cells = dict(zip(header, next(csv.reader([line])), strict=False))
        source, target = cells.get("source", "").strip(), cells.get("target", "").strip()
        if not source or not target:
            raise ValueError("source or target is empty")
        port = cells.get("port", "").strip()
        protocol = cells.get("protocol", "").strip().upper() or "TCP"
        if protocol not in {"TCP", "UDP", "SCTP"}:
            raise ValueError(f"{protocol} is no protocol of a Service")
        return Sighting(source, target, _port(port) if port else None, protocol, place)

    yield from _each(((n, line) for n, line in lines if not line.startswith("#")), shown, read)


class _Reader(Protocol):
    """What reads one line: a function of the line and its place."""

    def __call__(self, line: str, place: str, /) -> Sighting | None: ...


def _cells(line: str) -> list[str]:
    """The cells of a header, in lower case; none of a line that is no row of a table."""
    try:
        return [cell.strip().lower() for cell in next(csv.reader([line]), [])]
    except csv.Error:
        return []


def _port(text: str) -> int:
    number = int(text)
    if not 0 < number < 65536:
        raise ValueError(f"{number} is no port")
    return number


def _json(text: str) -> object | None:
    try:
        return cast("object", json.loads(text))
    except (ValueError, RecursionError):
        return None


def _is_flow(data: object) -> bool:
    return isinstance(data, Mapping) and ("flow" in data or "verdict" in data or "l4" in data)
