"""OSV records for tests, and the schema's own evaluation as an oracle: slow, and of no part that the product has."""

import re
from functools import cmp_to_key
from typing import Any

from fourc.vulns.versions import compare

Record = dict[str, Any]


def record(
    identifier: str = "GHSA-aaaa-bbbb-cccc",
    ecosystem: str = "npm",
    name: str = "left-pad",
    events: list[dict[str, str]] | None = None,
    **more: Any,  # noqa: ANN401 - the record's other fields
) -> Record:
    """A record about one package, of which events (default: below 1.3.0) or `versions` tell the versions."""
    affected: Record = {"package": {"ecosystem": ecosystem, "name": name}}
    given = [{"introduced": "0"}, {"fixed": "1.3.0"}] if events is None and "versions" not in more else events
    if given is not None:
        affected["ranges"] = [{"type": "ECOSYSTEM", "events": given}]
    for field in ("versions", "ecosystem_specific"):
        if field in more:
            affected[field] = more.pop(field)
    return {"id": identifier, "modified": "2026-01-02T00:00:00Z", "affected": [affected], **more}


def affects(given: Record, ecosystem: str, name: str, version: str) -> bool:
    """Whether a record affects a version, by the pseudocode of https://ossf.github.io/osv-schema/#evaluation."""
    if given.get("withdrawn"):
        return False
    return any(
        _same_package(part.get("package") or {}, ecosystem, name)
        and (_listed(part, ecosystem, version) or any(_in(one, ecosystem, version) for one in part.get("ranges") or ()))
        for part in given.get("affected") or ()
    )


def _same_package(package: Record, ecosystem: str, name: str) -> bool:
    base, _, release = ecosystem.partition(":")
    its_base, _, its_release = package.get("ecosystem", "").partition(":")
    if its_base.lower() != base.lower() or (release and its_release and release != its_release):
        return False
    if base == "PyPI":
        return re.sub(r"[-_.]+", "-", package["name"]).lower() == re.sub(r"[-_.]+", "-", name).lower()
    if base in {"NuGet", "Packagist", "Bitnami"}:
        return bool(package["name"].lower() == name.lower())
    return bool(package["name"] == name)


def _listed(part: Record, ecosystem: str, version: str) -> bool:
    return any(compare(ecosystem, version, other) == 0 for other in part.get("versions") or ())


def _in(one: Record, ecosystem: str, version: str) -> bool:
    if one.get("type") == "GIT":
        return False
    events = [next(iter(event.items())) for event in one.get("events") or ()]
    limits = [at for kind, at in events if kind == "limit"]
    if limits and not any(at == "*" or compare(ecosystem, version, at) < 0 for at in limits):
        return False

    def order(a: tuple[str, str], b: tuple[str, str]) -> int:
        first, second = (kind == "introduced" and at == "0" for kind, at in (a, b))
        return int(second) - int(first) if first or second else compare(ecosystem, a[1], b[1])

    vulnerable = False
    for kind, at in sorted((event for event in events if event[0] != "limit"), key=cmp_to_key(order)):
        if kind == "introduced" and (at == "0" or compare(ecosystem, version, at) >= 0):
            vulnerable = True
        elif (kind == "fixed" and compare(ecosystem, version, at) >= 0) or (
            kind == "last_affected" and compare(ecosystem, version, at) > 0
        ):
            vulnerable = False
    return vulnerable
