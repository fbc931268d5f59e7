"""The objects on which policies and checks must agree: those of the checks' own specs, and upstream's for Pod Security."""

import os
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from msgspec import Struct

from fourc.checks.api import Judge
from fourc.checks.registry import all_checks
from fourc.collect.limits import Limits
from fourc.collect.manifests.collect import collect_stdin
from fourc.collect.manifests.documents import Document, read_documents
from fourc.collect.manifests.objects import unpack
from fourc.enforce.export import Fit
from fourc.enforce.expressions.rule import FIRST_MINOR, Rule
from fourc.enforce.judged import shape_of
from fourc.model.location import Origin
from fourc.model.version import NEWEST, KubeVersion
from fourc.patch.yaml.node import Json

SPECS = Path(__file__).parents[1] / "checks"
PSA = Path(os.environ.get("FOURC_PSA_FIXTURES", Path(__file__).parents[2].parent / "shared" / "fixtures" / "psa"))
NO_PSA = "no fixtures of pod-security-admission: name their folder by FOURC_PSA_FIXTURES"
BLOCK = re.compile(r"^```yaml\n(.*?)^```", re.MULTILINE | re.DOTALL)
BOTH_WAYS = frozenset({"ingress-plain-http-allowed"})
"""Rules that say of themselves that they are narrower in one case and stricter in another."""


class Case(Struct, frozen=True):
    """An object that policies look at, and the checks that find something in it, judged for the version."""

    where: str
    manifest: Mapping[str, Json]
    version: KubeVersion
    found: frozenset[str]
    limited: bool

    @property
    def name(self) -> str:
        """For people: where it stands and what it is."""
        metadata = self.manifest.get("metadata")
        return f"{self.where}: {self.manifest['kind']} {metadata.get('name', '') if isinstance(metadata, dict) else ''}"

    def disagrees(self, rule: Rule, *, refused: bool) -> bool:
        """Whether the rule's verdict is another than the check's, in a way that the rule does not tell of itself."""
        if self.limited and rule.check in {"missing-memory-limit", "missing-memory-request"}:
            return False  # the API server fills in what the namespace's LimitRange says before policies judge
        if refused == (rule.check in self.found) or rule.check in BOTH_WAYS:
            return False
        return rule.fit is not (Fit.STRICTER if refused else Fit.NARROWER)


@cache
def own(version: KubeVersion | None = None) -> tuple[Case, ...]:
    """The objects of our own specs, for the version that a spec names, or for one."""
    found: list[Case] = []
    for spec in sorted(SPECS.glob("*/*.md")):
        text = spec.read_text("utf-8")
        for match in BLOCK.finditer(text):
            line = text[: match.start()].rstrip().rpartition("\n")[2]
            named = KubeVersion.parse(line.removeprefix("Version:").strip()) if line.startswith("Version:") else NEWEST
            if named.minor >= FIRST_MINOR:
                found += cases(match[1], version or named, spec.name)
    return tuple(found)


@cache
def upstream(version: KubeVersion | None = None) -> tuple[Case, ...]:
    """The fixtures of pod-security-admission, for the newest and their own version (1.30 at least), or for one."""
    found: list[Case] = []
    for file in sorted(PSA.glob("*/v1.*/*/*.yaml")):
        minor = max(KubeVersion.parse(file.parent.parent.name).minor, FIRST_MINOR)
        for judged in {version} if version else {KubeVersion(minor), NEWEST}:
            found += cases(file.read_text("utf-8"), judged, str(file.relative_to(PSA)))
    return tuple(found)


def cases(text: str, version: KubeVersion, where: str) -> Iterator[Case]:
    """The objects of a YAML text that policies look at."""
    inventory = collect_stdin(text.encode()).inventory
    judge = Judge(inventory, version)
    found: dict[tuple[int, object], set[str]] = defaultdict(set)
    for check in all_checks():
        for finding in check.run(judge):
            found[finding.origin.document, finding.origin.item].add(finding.rule)
    limited = any(bound.default_limits | bound.default_requests for bound in inventory.bounds)
    for document in read_documents(text.encode(), "-", Limits()):
        if isinstance(document, Document):
            for manifest, origin in unpack(document.data, Origin("-", document.raw.index, document.raw.line)):
                if shape_of(manifest) is not None:
                    yield Case(where, manifest, version, frozenset(found[origin.document, origin.item]), limited)
