"""Look for hard-coded secrets in files: every secret once, with its places."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from fourc.app.pattern_cache import Progress, finder_for
from fourc.app.searching import Search, Sight, Standing
from fourc.collect.content.folder import list_all
from fourc.model.finding import Confidence, Finding, Layer
from fourc.model.gap import Gap
from fourc.model.location import Location, Origin
from fourc.model.remedy import ChangeKind, NoFix
from fourc.model.subject import Ref
from fourc.model.text import Text
from fourc.secrets.engine import Engine, Meaning, sought_of
from fourc.secrets.rule import Assigned, Rule

_MOVE = Text(
    "revoke it at the provider, then keep the new one in a secret store",
    "请在服务商处吊销它，然后将新的保存在密钥存储中",
)
_SURE = (Confidence.HIGH, Confidence.MEDIUM, Confidence.LOW)


class SecretsRequest(Struct, frozen=True):
    """Where to look, paths being shown relative to `root`, and for what.

    `standing` says which of the hits in a file count, `fingerprint` names the secret of a rule and value.
    """

    root: Path
    paths: tuple[Path, ...]
    rules: tuple[Rule, ...]
    meaning: Meaning
    fingerprint: Callable[[str, str], str]
    standing: Standing = lambda hits, _text, _path: hits
    read_ignored: bool = False


class Secrets(Struct, frozen=True):
    """What was found in so many files, and what could not be looked at."""

    findings: tuple[Finding, ...]
    gaps: tuple[Gap, ...] = ()
    files: int = 0


def look_for_secrets(request: SecretsRequest, progress: Progress = lambda _: None) -> Secrets:
    """Every secret once for each rule and value, by place."""
    sought = sought_of(request.rules, request.meaning.expression)
    engine = Engine(request.rules, request.meaning, finder_for(sought, progress))
    listing = list_all(request.root, request.paths, read_ignored=request.read_ignored)
    gaps = [*listing.gaps]
    told = Told({rule.id: rule for rule in request.rules})
    for searched in Search(engine, request.standing).folder(listing):
        gaps += searched.gaps
        told.add(searched.sights)
    return Secrets(tuple(told.findings(request.fingerprint)), tuple(gaps), len(listing.files))


class Told(Struct):
    """Secrets as they come in, told once each."""

    rules: Mapping[str, Rule]
    _places: dict[str, dict[str, dict[Location, None]]] = field(default_factory=dict)
    """By value, then by rule."""

    def add(self, sights: Iterable[Sight]) -> None:
        """Count what a file or part of it holds; a generic sight gives way to a specific one at its place."""
        sights = list(sights)
        specific = [s.location for s in sights if not self.rules[s.hit.rule].generic]
        for sight in sights:
            if self.rules[sight.hit.rule].generic and any(_overlap(sight.location, other) for other in specific):
                continue
            self._places.setdefault(sight.hit.value, {}).setdefault(sight.hit.rule, {})[sight.location] = None

    def findings(self, fingerprint: Callable[[str, str], str]) -> list[Finding]:
        """One finding for each value: of the most telling rule, which names the others."""
        found = []
        for value, by_rule in self._places.items():
            ranked = sorted((self.rules[rule] for rule in by_rule), key=_rank)
            first = ranked[0]
            others = () if first.generic else tuple(rule for rule in ranked[1:] if not rule.generic)
            places = sorted({place for places in by_rule.values() for place in places})
            references = (*first.references, *(r for rule in others for r in (f"fourc:{rule.id}", *rule.references)))
            found.append(
                _finding(
                    replace(first, references=tuple(dict.fromkeys(references))), places, fingerprint(first.id, value)
                )
            )
        return sorted(found, key=lambda finding: (finding.location is not None and finding.location, finding.rule))


def _rank(rule: Rule) -> tuple[bool, int, int, bool, str]:
    """What tells most comes first."""
    return rule.generic, _SURE.index(rule.confidence), -rule.severity, isinstance(rule.shape, Assigned), rule.id


def _overlap(one: Location, other: Location) -> bool:
    begins, ends = (one.line, one.column), (one.end_line, one.end_column)
    return one.path == other.path and begins < (other.end_line, other.end_column) and (other.line, other.column) < ends


def _finding(rule: Rule, places: Sequence[Location], identity: str) -> Finding:
    where = places[0]
    return Finding(
        rule=rule.id,
        layer=Layer.CODE,
        severity=rule.severity,
        confidence=rule.confidence,
        message=rule.title,
        subject=Ref("File", None, where.path),
        origin=Origin(where.path, 0, where.line),
        at=(),
        container=None,
        detail="",
        references=rule.references,
        fix=NoFix(_MOVE, ChangeKind.MOVE_SECRETS),
        location=where,
        places=tuple(places[1:]),
        identity=identity,
    )
