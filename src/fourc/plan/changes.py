"""Findings that land together become one change: the same kind of work on the same owner."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from fourc.model.change import HandEdit
from fourc.model.finding import Finding
from fourc.model.inventory import Inventory
from fourc.model.pod_security import PREFIX
from fourc.model.remedy import ByHand, ChangeKind, FixClass, Remedy
from fourc.model.subject import Ref
from fourc.model.text import Text
from fourc.patch.yaml.operations import Operation, Set
from fourc.plan.words import story_of, title_of

ENFORCE = f"{PREFIX}enforce"


class Draft(Struct, frozen=True):
    """A change before it has a rank: what it is, whose it is, which findings it mends and which ids must come first."""

    id: str
    kind: ChangeKind
    owner: Ref
    title: Text
    story: Text
    findings: tuple[Finding, ...]
    fix_class: FixClass
    restarts: tuple[Ref, ...]
    files: int
    after: tuple[str, ...] = ()

    @property
    def remedies(self) -> tuple[tuple[Finding, Remedy], ...]:
        """The findings with their remedies."""
        return tuple((f, f.remedy) for f in self.findings if f.remedy is not None)

    @property
    def by_hand(self) -> tuple[HandEdit, ...]:
        """What a person has to put in place, each text once."""
        told = (HandEdit(f.origin.path, f.fix.why) for f in self.findings if isinstance(f.fix, ByHand))
        return tuple(dict.fromkeys(told))

    @property
    def fingerprints(self) -> frozenset[str]:
        """The findings' fingerprints."""
        return frozenset(f.fingerprint for f in self.findings)

    @property
    def paths(self) -> frozenset[str]:
        """The files that it touches or adds."""
        edited = {f.origin.path for f, remedy in self.remedies if remedy.operations}
        return frozenset(edited.union(*(remedy.more_paths for _, remedy in self.remedies)))

    @property
    def cautions(self) -> tuple[Text, ...]:
        """What to try first, and what to do last, each once."""
        said = [*(r.caution for _, r in self.remedies), *(r.last for _, r in self.remedies)]
        return tuple(dict.fromkeys(text for text in said if text is not None))


def drafts(inventory: Inventory, findings: Sequence[Finding]) -> tuple[Draft, ...]:
    """Every change that the findings' remedies make, sorted by id."""
    groups: dict[tuple[ChangeKind, Ref], list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.remedy is not None:
            groups[finding.remedy.kind, finding.remedy.owner].append(finding)
    workloads = {w.meta.ref for w in inventory.workloads}
    made = [_draft(kind, owner, tuple(found), workloads) for (kind, owner), found in groups.items()]
    return tuple(sorted((_after_manifests(d, made) for d in made), key=lambda d: d.id))


def _after_manifests(draft: Draft, all_drafts: Sequence[Draft]) -> Draft:
    """A change that lets a namespace refuse pods comes after those that mend what it would refuse there."""
    refusing = {f.subject.name for f, remedy in draft.remedies if any(map(_refuses, remedy.operations))}
    if not refusing:
        return draft
    first = (d.id for d in all_drafts if d.id != draft.id and any(_refused(f, refusing) for f in d.findings))
    return replace(draft, after=tuple(sorted(first)))


def _refuses(operation: Operation) -> bool:
    return (
        isinstance(operation, Set)
        and operation.path[:2] == ("metadata", "labels")
        and (operation.path[-1] == ENFORCE or (isinstance(operation.value, dict) and ENFORCE in operation.value))
    )


def _refused(finding: Finding, namespaces: set[str]) -> bool:
    """Whether Pod Security would refuse the finding's pod; privileged pods of a level that is not asked for count too."""
    pods_own = (finding.subject.namespace or "default") in namespaces
    return pods_own and any(r.startswith("pss:") for r in finding.references)


def _draft(kind: ChangeKind, owner: Ref, findings: tuple[Finding, ...], workloads: set[Ref]) -> Draft:
    remedies = [f.remedy for f in findings if f.remedy is not None]
    restarted = sorted({f.subject for f in findings if f.subject in workloads and _touches_pod(f)})
    rules = {f.rule for f in findings}
    return Draft(
        id=change_id(kind, owner),
        kind=kind,
        owner=owner,
        title=next((r.title for r in remedies if r.title is not None), None) or title_of(kind, owner, rules),
        story=next((r.story for r in remedies if r.story is not None), None) or story_of(kind, owner, rules),
        findings=findings,
        fix_class=max(r.fix_class for r in remedies),
        restarts=tuple(restarted),
        files=len(_own_paths(findings) | {path for r in remedies for path in r.more_paths}),
    )


def _own_paths(findings: Sequence[Finding]) -> set[str]:
    """Where the findings stand, but for packages: their lock files are not what a person reads."""
    return {f.origin.path for f in findings if f.package is None}


def _touches_pod(finding: Finding) -> bool:
    return finding.remedy is not None and bool(finding.remedy.operations)


def change_id(kind: ChangeKind, owner: Ref) -> str:
    """Stable in every language and run: the kind, the owner's name, and a short digest that keeps ids apart."""
    whole = f"{kind}\0{owner.kind}\0{owner.namespace or ''}\0{owner.name}"
    name = (
        _NOT_IN_IDS.sub("-", owner.name).strip("-")
        if kind is ChangeKind.UPGRADE or owner.kind == "Image"
        else owner.name
    )
    return f"{kind}-{name}-{hashlib.sha256(whole.encode()).hexdigest()[:6]}"


_NOT_IN_IDS = re.compile(r"[^A-Za-z0-9._-]+")
"""What names of packages have and a branch or a shell minds."""
_ID = re.compile(rf"(?:{'|'.join(ChangeKind)})-.+-[0-9a-f]{{6}}")


def is_change_id(word: str) -> bool:
    """Whether a word has the form of a change's id; which changes there are is the plan's to say."""
    return _ID.fullmatch(word) is not None


def change_of(found: Sequence[Draft]) -> Mapping[str, str]:
    """The change whose edits mend each finding, by fingerprint; what is left to a person is not among them."""
    return {f.fingerprint: d.id for d in found for f in d.findings if isinstance(f.fix, Remedy)}
