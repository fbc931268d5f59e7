"""What `--verify` proves about a proposal, in the order in which a person would doubt it."""

import importlib.util
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from fourc.app.consequences import Consequence, acceptance, attack_steps, connections
from fourc.app.scan import Planned, look
from fourc.collect.dry_run import Cluster
from fourc.errors import FourcError
from fourc.fix.rewrite import Proposal, Rewritten, propose
from fourc.model.finding import Finding
from fourc.model.remedy import FixClass, Remedy
from fourc.model.text import Text
from fourc.patch.yaml.node import Json
from fourc.patch.yaml.reader import load, split


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing that was asked: held, broken (`why` says how), or not checked (`held` is None)."""

    what: Text
    held: bool | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Proof:
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
NONE_NEW = Text("no new finding came", "没有出现新问题")
VALID = Text("valid for the Kubernetes schema", "符合 Kubernetes 模式")


def prove(
    planned: Planned, findings: Sequence[Finding], proposal: Proposal, upto: FixClass, cluster: Cluster | None = None
) -> Proof:
    """Check a proposal against copies of the files; the user's own are not touched. Only a named cluster is asked."""
    claims = [Claim(APPLIES, not proposal.refused, "; ".join(r.why for r in proposal.refused))]
    claims.append(_parses(proposal.files))
    texts = {f.path: f.after for f in proposal.files}
    again = propose(findings, lambda path: texts[path] if path in texts else planned.seen.read(path), upto)
    claims.append(Claim(IDEMPOTENT, not again.files, ", ".join(f.path for f in again.files)))
    if planned.seen.request.stdin is None:
        claims += _rescanned(planned, findings, proposal, upto)
    claims.append(_valid(proposal.files))
    claims.append(_claim(acceptance(proposal.files, cluster)))
    return Proof(tuple(claims))


def _claim(found: Consequence) -> Claim:
    return Claim(found.what, found.held, found.why.en)


def _parses(files: Sequence[Rewritten]) -> Claim:
    for file in files:
        try:
            for document in split(file.after):
                load(document)
        except FourcError as error:
            return Claim(PARSES, held=False, why=f"{file.path}: {error.message}")
    return Claim(PARSES, held=True)


def _rescanned(planned: Planned, findings: Sequence[Finding], proposal: Proposal, upto: FixClass) -> Iterator[Claim]:
    seen = planned.seen
    wanted = {f.fingerprint for f in findings if isinstance(f.fix, Remedy) and f.fix.fix_class <= upto}
    wanted -= {r.finding.fingerprint for r in proposal.refused}
    before = {f.fingerprint for f in seen.findings}
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / (seen.root.resolve().name or "root")
        _copy(seen.root, copy)
        for file in proposal.files:
            target = copy / file.path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(file.after.encode())
        after = look(replace(seen.request, paths=(str(copy),), read_ignored=True))
    left = {f.fingerprint for f in after.findings}
    kept = sorted({f.rule for f in seen.findings if f.fingerprint in wanted & left})
    new = sorted({f"{f.rule} ({f.subject})" for f in after.findings if f.fingerprint not in before})
    yield Claim(GONE, not wanted & left, ", ".join(kept))
    yield Claim(NONE_NEW, not new, ", ".join(new))
    yield _claim(connections(seen, after))
    yield _claim(attack_steps(planned, frozenset(wanted), after))


def _copy(root: Path, copy: Path) -> None:
    """The manifests below the root, nothing else."""
    shutil.copytree(root, copy, symlinks=True, ignore=_uninteresting)


def _uninteresting(folder: str, names: list[str]) -> set[str]:
    kept = (".yaml", ".yml", ".json", ".tpl", ".toml")
    return {
        n for n in names if n in {".git", "node_modules", ".venv"} or not (n.endswith(kept) or _is_folder(folder, n))
    }


def _is_folder(folder: str, name: str) -> bool:
    path = Path(folder) / name
    return path.is_dir() and not path.is_symlink()


def _valid(files: Sequence[Rewritten]) -> Claim:
    if importlib.util.find_spec("kubernetes_validate") is None:
        return Claim(VALID, held=None, why='pip install "fourc[schema]"')
    import kubernetes_validate  # noqa: PLC0415 - heavy, and only where it is installed

    for file in files:
        for document in split(file.after):
            for thing in _objects(load(document)):
                try:
                    kubernetes_validate.validate(thing, kubernetes_validate.latest_version(), strict=True)
                except kubernetes_validate.SchemaNotFoundError:
                    continue
                except kubernetes_validate.ValidationError as error:
                    return Claim(VALID, held=False, why=f"{file.path}: {error.message}")
    return Claim(VALID, held=True)


def _objects(data: Json) -> Iterator[dict[str, Json]]:
    if not isinstance(data, dict) or "kind" not in data:
        return
    items = data.get("items")
    if str(data["kind"]).endswith("List") and isinstance(items, list):
        for item in items:
            yield from _objects(item)
    else:
        yield data
