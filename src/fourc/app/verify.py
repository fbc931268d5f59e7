"""What `--verify` proves about a proposal, in the order in which a person would doubt it."""

import importlib.util
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from fourc.app.acceptance import acceptance, objects_of
from fourc.app.consequences import Claim, attack_steps, connections
from fourc.app.look import Seen, look
from fourc.app.plan import Planned
from fourc.app.trial import tried
from fourc.collect.api_server import Cluster
from fourc.errors import FourcError
from fourc.fix.rewrite import Proposal, Rewritten, propose
from fourc.model.finding import Finding
from fourc.model.gap import GapReason
from fourc.model.remedy import FixClass, Remedy
from fourc.model.text import Text, join, same
from fourc.patch.yaml.reader import load, split

_MANIFESTS = (".yaml", ".yml", ".json")


class Proof(Struct, frozen=True):
    """The claims in order."""

    claims: tuple[Claim, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing that was checked is broken."""
        return all(c.held is not False for c in self.claims)


APPLIES = Text("applies", "能够应用")
PARSES = Text("parses", "能够解析")
IDEMPOTENT = Text("applying it twice changes nothing more", "重复应用不会再改动")
GONE = Text("its findings are gone", "相关问题已消失")
BUILDS = Text("the overlays still build", "overlay 仍能渲染")
NONE_NEW = Text("no new finding came", "没有出现新问题")
_AT = Text("{path}: {why}", "{path}：{why}")
BY_HAND = Text("it is done by hand: look again afterwards", "需要手动完成：完成后请重新扫描")
NO_OBJECTS = Text("no Kubernetes object is touched", "没有修改 Kubernetes 对象")
VALID = Text("valid for the Kubernetes schema", "符合 Kubernetes 模式")


def prove(
    planned: Planned, findings: Sequence[Finding], proposal: Proposal, upto: FixClass, cluster: Cluster | None = None
) -> Proof:
    """Check a proposal against copies of the files; the user's own are not touched. Only a named cluster is asked."""
    if findings and not proposal.files and not proposal.patches and not proposal.refused:
        return Proof((Claim(APPLIES, None, BY_HAND),))
    claims = [Claim(APPLIES, not proposal.refused, join([r.why for r in proposal.refused], "; ", "；"))]
    claims.append(parses(proposal.files))
    texts = {f.path: f.after for f in proposal.files}
    again = propose(findings, lambda path: texts[path] if path in texts else planned.seen.read(path), upto)
    claims.append(Claim(IDEMPOTENT, not again.files, _named(f.path for f in again.files)))
    if planned.seen.request.stdin is None:
        claims += _rescanned(planned, findings, proposal, upto)
    claims.append(_valid(proposal.files))
    claims.append(acceptance(proposal.files, cluster))
    return Proof(tuple(claims))


def parses(files: Sequence[Rewritten]) -> Claim:
    """Whether every document that could be read before the edit can be read after it."""
    for file in files:
        if not file.path.endswith(_MANIFESTS):
            continue
        known = _broken(file.before or "")
        for index, why in _broken(file.after).items():
            if index not in known:
                return Claim(PARSES, held=False, why=_AT.of(path=file.path, why=why))
    return Claim(PARSES, held=True)


def _broken(text: str) -> Mapping[int, Text]:
    """Why a document of the text cannot be read, by its index; -1 stands for a text that cannot be cut whole."""
    broken: dict[int, Text] = {}
    try:
        for document in split(text):
            try:
                load(document)
            except FourcError as error:
                broken[document.index] = error.message
    except FourcError as error:
        broken[-1] = error.message
    return broken


def _rescanned(planned: Planned, findings: Sequence[Finding], proposal: Proposal, upto: FixClass) -> Iterator[Claim]:
    seen = planned.seen
    wanted = {f.fingerprint for f in findings if isinstance(f.fix, Remedy) and f.fix.fix_class <= upto}
    wanted -= {r.finding.fingerprint for r in proposal.refused}
    before = {f.fingerprint for f in seen.findings}
    with tried(seen, proposal.files) as request:
        after = look(request)
    left = {f.fingerprint for f in after.findings}
    kept = sorted({f.rule for f in seen.findings if f.fingerprint in wanted & left})
    new = sorted({f"{f.rule} ({f.subject})" for f in after.findings if f.fingerprint not in before})
    yield Claim(GONE, not wanted & left, _named(kept))
    yield Claim(NONE_NEW, not new, _named(new))
    yield from _builds(seen, after)
    yield connections(seen, after)
    yield attack_steps(planned, frozenset(wanted), after)


def _builds(before: Seen, after: Seen) -> Iterator[Claim]:
    """Whether every overlay that was rendered before still is; nothing is claimed where there is none."""
    coverage = after.collected.coverage
    if not coverage.overlays:
        return
    if "kustomize" not in coverage.tools:
        yield Claim(BUILDS, None, Text("kubectl is not installed", "没有安装 kubectl"))
        return
    reasons = {reason: _unbuilt(after, reason) - _unbuilt(before, reason) for reason in GapReason}
    if reasons[GapReason.MISSING]:
        why = Text("{files} needs what lies outside of the folder", "{files} 需要目录之外的内容")
        yield Claim(BUILDS, None, why.of(files=_named(sorted(reasons[GapReason.MISSING]))))
    else:
        broken = sorted({path for paths in reasons.values() for path in paths})
        yield Claim(BUILDS, not broken, _named(broken))


def _unbuilt(seen: Seen, reason: GapReason) -> set[str]:
    overlays = set(seen.collected.coverage.overlays)
    places = (g.location for g in seen.gaps if g.reason is reason and g.location)
    return {place.path for place in places if place.path in overlays}


def _valid(files: Sequence[Rewritten]) -> Claim:
    """Whether every object of the files is valid; what was not before (an overlay's patch, for one) is nobody's fault."""
    files = [file for file in files if file.path.endswith(_MANIFESTS)]
    if not files:
        return Claim(VALID, held=None, why=NO_OBJECTS)
    if importlib.util.find_spec("kubernetes_validate") is None:
        return Claim(VALID, held=None, why=same('pip install "fourc[schema]"'))
    for file in files:
        wrong = _invalid(file.after)
        new = next(iter(wrong - _invalid(file.before or "")), None) if wrong else None
        if new is not None:
            return Claim(VALID, held=False, why=same(f"{file.path}: {new}"))
    return Claim(VALID, held=True)


def _invalid(text: str) -> Counter[str]:
    """What the schema says against the objects of the text that can be read, and how often."""
    import kubernetes_validate  # noqa: PLC0415 - heavy, and only where it is installed

    wrong: Counter[str] = Counter()
    for thing in objects_of(text):
        try:
            kubernetes_validate.validate(thing, kubernetes_validate.latest_version(), strict=True)
        except kubernetes_validate.SchemaNotFoundError:
            continue
        except kubernetes_validate.ValidationError as error:
            wrong[error.message] += 1
    return wrong


def _named(names: Iterable[str]) -> Text:
    return same(", ".join(names))
