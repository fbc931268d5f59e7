"""Sensitive places of the node in CEL: the table of dangers as regular expressions (RE2) over a path and its subPath."""

import posixpath
import re

from fourc.checks.host_paths import DANGERS, danger_of
from fourc.enforce.expressions.rule import Rule, quoted, whole
from fourc.model.text import Text

_BETWEEN, _END = "/(\\.?/)*", "(/\\.?)*$"


def rule() -> Rule:
    """Every mount of a `hostPath` volume, or the volume itself where nothing mounts it.

    Exact on what an API server accepts: it refuses `..` in both paths and a subPath that begins with `/`.
    """
    path = "(v.hostPath.path + '/' + m.?subPath.orValue(''))"
    read_only = f"{path}.matches(variables.harmfulToRead) && !{path}.matches(variables.harmlessToRead)"
    harmful = f"m.?readOnly.orValue(false) ? {read_only} : {path}.matches(variables.harmfulToWrite)"
    fine = f"c.?volumeMounts.orValue([]).all(m, m.name != v.name || !({harmful}))"
    lists = ("containers", "initContainers", "ephemeralContainers")
    mounted = " || ".join(
        f"variables.{x}.exists(c, c.?volumeMounts.orValue([]).exists(m, m.name == v.name))" for x in lists
    )
    all_fine = " && ".join(f"variables.{x}.all(c, {fine})" for x in lists)
    # a subPath leads deeper only: what no table path lies in or above is harmless wherever it is mounted, and asked once
    harmless = "!v.hostPath.path.matches(variables.harmfulToWrite)"
    return Rule(
        "sensitive-host-path",
        whole(f"variables.volumes.all(v, !has(v.hostPath) || {harmless} || (({mounted}) && ({all_fine})))"),
        Text(
            "a pod must not reach sensitive files of its node: remove the hostPath volume, mount a harmless folder instead, or "
            "set readOnly: true where reading does no harm",
            "Pod 不得接触节点上的敏感文件：请删除该 hostPath 卷，改挂无害的目录；如果读取无害，请设 readOnly: true",
        ),
        own_variables=(
            ("harmfulToRead", quoted(_READ)),
            ("harmlessToRead", quoted(_HARMLESS_TO_READ)),
            ("harmfulToWrite", quoted(_WRITTEN)),
        ),
    )


def _ancestors() -> set[str]:
    found = set[str]()
    for path in DANGERS:
        above = posixpath.dirname(path)
        while above not in found:
            found.add(above)
            above = posixpath.dirname(above)
    return found


def _pattern(exact: set[str], below: set[str]) -> str:
    """Paths that equal one of `exact`, or equal one of `below` or lie in it, however many slashes and dots they have."""
    ends = [
        f"({'|'.join(_spelled(p) for p in sorted(paths))}){end}"
        for paths, end in ((exact - below, _END), (below, "(/.*)?$"))
        if paths
    ]
    return f"^{_BETWEEN}({'|'.join(ends)})"


def _spelled(path: str) -> str:
    """Without the slash in front; `/run` is `/var/run` as well."""
    text = _BETWEEN.join(re.escape(part).replace("\\-", "-") for part in path.strip("/").split("/"))
    return f"(var{_BETWEEN})?{text}" if path.startswith("/run") else text


def _read() -> tuple[str, str]:
    """What is dangerous to read, and what in it is not."""
    places = _ancestors() | set(DANGERS)
    harmful = {p for p in places if (d := danger_of(p)) is not None and d.read_only is not None}
    below = {p for p in harmful if p in DANGERS and DANGERS[p].below}
    harmless = {p for p, d in DANGERS.items() if d.read_only is None and any(p.startswith(f"{b}/") for b in below)}
    return _pattern(harmful, below), _pattern(set(), harmless)


_READ, _HARMLESS_TO_READ = _read()
_WRITTEN = _pattern(_ancestors() | set(DANGERS), {p for p, d in DANGERS.items() if d.below})
