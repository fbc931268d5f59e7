"""A database made of sources: the same sources give the same bytes, whatever order they come in."""

import os
import sqlite3
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import zstandard
from msgspec import Struct

from fourc.model.database import Held, Origin
from fourc.model.finding import Severity
from fourc.model.gap import Gap
from fourc.model.text import Text, same
from fourc.vulns.advisories.ecosystems import split
from fourc.vulns.advisories.ordering import key_of
from fourc.vulns.advisories.record import Advisory, Affected, Span
from fourc.vulns.database import rows
from fourc.vulns.database.file import failed, seal
from fourc.vulns.database.gather import Gathered, gather, left_out
from fourc.vulns.database.merge import CVE, Cluster, clusters, one_of_each, severity_of
from fourc.vulns.versions import VersionError

_LEVEL = 9
_DICTIONARY = 32 * 1024
_SAMPLES = 4000
_IN_BLOCK = 4
_URLS = 5
_NO_SUITE = Text("no InRelease beside it tells which release it is of", "旁边没有 InRelease 说明其所属版本")


class Built(Struct, frozen=True):
    """A finished build: what the database says of itself, its size and digest, and what could not be read."""

    path: Path
    about: rows.About
    size: int
    digest: str
    gaps: tuple[Gap, ...] = ()


_NOTHING = Text("no advisory was found, so nothing was written", "没有找到安全公告，因此没有写入任何内容")
_NOTHING_BUT = Text(
    "no advisory was found, so nothing was written; {why}", "没有找到安全公告，因此没有写入任何内容；{why}"
)
_OTHERS = Text("name other files or folders of advisories", "请指定其他存放安全公告的文件或目录")


def build(
    files: Iterable[tuple[str, bytes] | Gap],
    output: Path,
    *,
    sign_key: bytes | None = None,
    epoch: int | None = None,
    dictionaries: tuple[bytes, bytes] = (b"", b""),
) -> Built:
    """Build a database of the files (path and bytes each) at `output`; nothing is left beside it, also where it fails.

    `sign_key` are the 32 bytes of an Ed25519 key; `epoch` (SOURCE_DATE_EPOCH) is the build's date in seconds.
    `dictionaries` are an older database's: with them rows that say the same are the same bytes, so that a delta is small.
    """
    found = gather(files)
    if not (found.advisories or found.scores or found.exploited or found.indexes):
        why = next((gap.message for gap in found.gaps), None)
        raise failed(_NOTHING if why is None else _NOTHING_BUT.of(why=why), output, _OTHERS)
    image, about = image_of(found, epoch, dictionaries)
    whole = image + seal(image, sign_key)
    _write(output, whole)
    return Built(output, about, len(whole), whole[-32:].hex(), tuple(found.gaps))


def image_of(
    found: Gathered, epoch: int | None = None, kept: tuple[bytes, bytes] = (b"", b"")
) -> tuple[bytes, rows.About]:
    """SQLite's image of what was gathered, and what it says of itself."""
    advisories = one_of_each(found.advisories)
    vulnerabilities = clusters(advisories)
    packages = _packages(vulnerabilities)
    offered = _offered(found)
    # a power of two, so that a few advisories more seldom move all of them into other blocks
    blocks = 1 << (len(vulnerabilities) // _IN_BLOCK).bit_length()
    details = _details(vulnerabilities, blocks)
    about = _about(found, advisories, vulnerabilities, offered, epoch, blocks, len(packages))
    entries = {at: rows.encode(row) for at, row in sorted(packages.items())}
    blocks_of_details = {at: rows.encode(dict(sorted(block.items()))) for at, block in sorted(details.items())}
    plain = zstandard.ZstdCompressor(level=_LEVEL, write_checksum=False)
    by_package, by_detail = (
        zstandard.ZstdCompressionDict(old) if old else _dictionary(new)
        for old, new in zip(kept, (list(entries.values()), list(blocks_of_details.values())), strict=True)
    )
    packages_by, details_by = (
        zstandard.ZstdCompressor(level=_LEVEL, dict_data=one, write_checksum=False) if one else plain
        for one in (by_package, by_detail)
    )
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute("PRAGMA page_size = 4096")
        connection.executescript(rows.TABLES)
        facts = {
            "about": rows.encode(about),
            "detail dictionary": by_detail.as_bytes() if by_detail else b"",
            "package dictionary": by_package.as_bytes() if by_package else b"",
            "exploited": rows.packed(rows.encode(dict(sorted(found.exploited.items()))), plain.compress),
        }
        connection.executemany("INSERT INTO fact VALUES (?, ?)", sorted(facts.items()))
        connection.executemany(
            "INSERT INTO package VALUES (?, ?, ?)",
            ((base, name, rows.packed(data, packages_by.compress)) for (base, name), data in entries.items()),
        )
        connection.executemany(
            "INSERT INTO detail VALUES (?, ?)",
            ((at, rows.packed(data, details_by.compress)) for at, data in blocks_of_details.items()),
        )
        connection.executemany("INSERT INTO score VALUES (?, ?)", _score_blocks(found.scores, plain.compress))
        connection.executemany(
            "INSERT INTO offered VALUES (?, ?)",
            ((ecosystem, rows.packed(rows.encode(one), plain.compress)) for ecosystem, one in sorted(offered.items())),
        )
        connection.commit()
        connection.execute("VACUUM")
        return connection.serialize(), about
    finally:
        connection.close()


def _packages(vulnerabilities: Sequence[Cluster]) -> dict[tuple[str, str], list[rows.Entry]]:
    """The row of each package: its vulnerabilities in the order of their ids and releases."""
    found: defaultdict[tuple[str, str], list[rows.Entry]] = defaultdict(list)
    for cluster in vulnerabilities:
        parts: defaultdict[tuple[str, str, str], list[Affected]] = defaultdict(list)
        for record in cluster.records:
            for part in record.affected:
                base, release = split(part.ecosystem)
                if (base if cluster.scope else "") == cluster.scope and (part.spans or part.versions):
                    parts[base, part.name, release].append(part)
        for (base, name, release), same_package in sorted(parts.items()):
            try:
                found[base, name].append(_entry(cluster.id, base, release, same_package))
            except VersionError:
                # no order: only what is named word for word can be told
                found[base, name].append(_unordered(cluster.id, release, same_package))
    return found


def _entry(identifier: str, base: str, release: str, parts: list[Affected]) -> rows.Entry:
    spans = sorted({_packed(base, span) for part in parts for span in part.spans})
    kept = [span for span in spans if not any(other != span and _within(span, other) for other in spans)]
    versions = {key_of(base, version) for part in parts for version in part.versions}
    loose = sorted(version for version in versions if not any(holds(span, version) for span in kept))
    return rows.Entry(identifier, release, tuple(kept), tuple(loose))


def _unordered(identifier: str, release: str, parts: list[Affected]) -> rows.Entry:
    everything = any(not span.low and not span.high for part in parts for span in part.spans)
    versions = sorted({version.encode() for part in parts for version in part.versions})
    return rows.Entry(identifier, release, ((0, b"", b"", ""),) if everything else (), tuple(versions))


def _packed(base: str, span: Span) -> rows.PackedSpan:
    bits = rows.AFTER * span.after | rows.THROUGH * span.through
    high = key_of(base, span.high) if span.high else b""
    return (bits, key_of(base, span.low) if span.low else b"", high, "" if span.through else span.high)


def _within(span: rows.PackedSpan, other: rows.PackedSpan) -> bool:
    """Whether a span says nothing that another does not say with the same end."""
    if span[2] != other[2] or span[0] & rows.THROUGH != other[0] & rows.THROUGH:
        return False
    return (other[1], other[0] & rows.AFTER, other[3]) < (span[1], span[0] & rows.AFTER, span[3])


def holds(span: rows.PackedSpan, version: bytes) -> bool:
    """Whether a version's key lies in a span."""
    bits, low, high, _ = span
    if low and (version < low or (bits & rows.AFTER and version == low)):
        return False
    return not high or version < high or (bool(bits & rows.THROUGH) and version == high)


def _details(vulnerabilities: Sequence[Cluster], blocks: int) -> dict[int, dict[str, rows.Detail]]:
    """The blocks of details; a distribution's take from the others of the same CVE what their publishers do not say."""
    elsewhere = {
        name: one for one in vulnerabilities if not one.scope for name in (one.id, *one.aliases) if CVE.match(name)
    }
    found: defaultdict[int, dict[str, rows.Detail]] = defaultdict(dict)
    for cluster in vulnerabilities:
        records = list(cluster.records)
        cves = [name for name in (cluster.id, *cluster.aliases) if CVE.match(name)]
        if cluster.scope and len(cves) == 1 and cves[0] in elsewhere:
            records += elsewhere[cves[0]].records
        own, _ = severity_of(cluster.records)
        severity, cvss = severity_of(records)
        severity = own if own is not None else severity
        detail = rows.Detail(
            cluster.id,
            cluster.aliases,
            next((one.summary for one in records if one.summary), ""),
            Severity.MEDIUM if severity is None else severity,
            cvss,
            min((one.published for one in records if one.published), default=""),
            max((one.modified[:10] for one in cluster.records), default=""),
            tuple(dict.fromkeys(url for one in cluster.records for url in one.urls))[:_URLS],
        )
        found[rows.block_of(cluster.scope, cluster.id, blocks)][f"{cluster.scope}/{cluster.id}"] = detail
    return found


def _score_blocks(
    scores: dict[tuple[int, int], int], compress: Callable[[bytes], bytes]
) -> Iterable[tuple[int, bytes]]:
    """Blocks of 1,024 numbers, three planes of bytes each: score and one, 0 where nobody has computed it."""
    blocks: defaultdict[int, bytearray] = defaultdict(lambda: bytearray(3 * rows.SCORES))
    for (year, number), score in scores.items():
        block, at = blocks[rows.score_block(year, number)], number % rows.SCORES
        block[at], block[rows.SCORES + at], block[2 * rows.SCORES + at] = (score + 1).to_bytes(3, "little")
    for at, block in sorted(blocks.items()):
        yield at, rows.packed(bytes(block), compress)


def _offered(found: Gathered) -> dict[str, rows.Offered]:
    """The newest version that any index of a release offers; an index is of the suite whose head lies nearest."""
    newest: defaultdict[str, dict[str, str]] = defaultdict(dict)
    dates: dict[str, str] = {}
    for index in sorted(found.indexes, key=lambda one: one.path):
        near = max(found.suites, key=lambda one: (_in_common(one.path, index.path), one.path), default=None)
        ecosystem = index.ecosystem or (near.ecosystem if near else "")
        if not ecosystem:
            found.gaps.append(left_out(index.path, _NO_SUITE))
            continue
        date = near.date if near and near.ecosystem == ecosystem else ""
        dates[ecosystem] = max(date, dates.get(ecosystem, ""))
        held = newest[ecosystem]
        for name, version in index.newest:
            if name not in held or key_of("Debian", held[name]) < key_of("Debian", version):
                held[name] = version
    return {ecosystem: rows.Offered(dates[ecosystem], dict(sorted(held.items()))) for ecosystem, held in newest.items()}


def _in_common(one: str, other: str) -> int:
    """How many characters two paths begin with alike; apt's lists are files in one folder, named by the same address."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _about(
    found: Gathered,
    advisories: Sequence[Advisory],
    vulnerabilities: Sequence[Cluster],
    offered: dict[str, rows.Offered],
    epoch: int | None,
    blocks: int,
    packages: int,
) -> rows.About:
    sources: defaultdict[str, list[str]] = defaultdict(list)
    for one in advisories:
        sources[one.publisher].append(one.modified[:10])
    coverage: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for cluster in vulnerabilities:
        for one in cluster.records:
            for part in one.affected:
                days = coverage[part.ecosystem]
                days[cluster.id] = max(one.modified[:10], days.get(cluster.id, ""))
    suites = [Origin(f"{ecosystem} security suite", len(one.newest), one.date) for ecosystem, one in offered.items()]
    dates = [
        found.scored[0],
        found.exploited_date,
        *(one.newest for one in suites),
        *(day for days in sources.values() for day in days),
    ]
    return rows.About(
        schema=rows.SCHEMA,
        date=max(dates) if epoch is None else time.strftime("%Y-%m-%d", time.gmtime(epoch)),
        blocks=blocks,
        vulnerabilities=len(vulnerabilities),
        packages=packages,
        sources=tuple(
            sorted(
                [*(Origin(name, len(days), max(days)) for name, days in sources.items()), *suites],
                key=lambda s: s.name,
            )
        ),
        coverage=tuple(Held(name, len(days), max(days.values())) for name, days in sorted(coverage.items())),
        epss_scores=len(found.scores),
        epss_model=found.scored[1],
        epss_date=found.scored[0],
        kev_entries=len(found.exploited),
        kev_date=found.exploited_date,
    )


def _dictionary(samples: list[bytes]) -> zstandard.ZstdCompressionDict | None:
    """What many rows have in common; none where there are too few of them."""
    step = max(1, len(samples) // _SAMPLES)
    chosen: list[bytes | bytearray | memoryview] = [sample[:1024] for sample in samples[::step]]
    if len(chosen) < 100:
        return None
    try:
        return zstandard.train_dictionary(_DICTIONARY, chosen, k=200, d=8, level=_LEVEL)
    except zstandard.ZstdError:
        return None


def _write(output: Path, whole: bytes) -> None:
    """Put the file in its place in one step."""
    temporary = ""
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{output.name}.", dir=output.parent)
        with os.fdopen(handle, "wb") as stream:
            stream.write(whole)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(output)
        temporary = ""
    except OSError as error:
        why = same(error.strerror or type(error).__name__)
        hint = Text("choose a folder that you may write to", "请选择有写权限的目录")
        raise failed(Text("cannot be written: {why}", "无法写入：{why}").of(why=why), output, hint) from error
    finally:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
