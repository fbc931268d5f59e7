"""Write network policies that keep what must talk, and prove that they do."""

import hashlib
import ipaddress
import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from fourc.app.deployed import deployed
from fourc.app.scan import Progress, Request
from fourc.collect.limits import Options
from fourc.collect.locate import Locator
from fourc.collect.manifests.collect import collect_manifests, collect_stdin
from fourc.collect.talk.code import read_code
from fourc.collect.talk.sightings import read_sightings
from fourc.errors import UsageError
from fourc.flows.needed import needed
from fourc.model.flows import Code, Evidence, Sighting
from fourc.model.gap import Gap
from fourc.model.kubernetes.network import NetworkPolicy
from fourc.model.netpol import SynthReport
from fourc.model.text import Lang
from fourc.plan.netpol.draft import synthesise
from fourc.plan.netpol.files import texts_of
from fourc.plan.netpol.proof import prove

STATE = ".fourc-netpol.json"
"""The list of our files in the output folder, with their digests: what is not on it is the user's."""


@dataclass(frozen=True)
class Wish:
    """What the person asked for: where to write, files of flows, addresses by host name."""

    request: Request
    out: Path
    flows: tuple[str, ...] = ()
    addresses: Mapping[str, tuple[str, ...]] | None = None
    lang: Lang = Lang.EN


def synth(wish: Wish, progress: Progress = lambda _: None) -> SynthReport:
    """Read, work out the needed flows, write the files, read them back and prove.

    Raises:
        UsageError: a path is missing, or the output folder holds something that is not ours.
    """
    root = _root(wish.request)
    _check_out(wish.out)
    progress("reading")
    collected = collect_manifests(root, [root], Options(read_ignored=wish.request.read_ignored))
    inventory = deployed(collected, _relative(wish.out, root))
    sightings, gaps = _sightings(wish.flows)
    progress("looking for connections")
    wanted = needed(inventory, sightings)
    if wanted.unknown:
        progress("reading sources")
        code: Code = read_code(root)
        wanted = needed(inventory, sightings, code)
    progress("writing policies")
    synthesis = synthesise(inventory, wanted, wish.addresses or {})
    place = _places(Locator(root))
    texts = texts_of(synthesis, wish.out.as_posix(), place, wish.lang)
    progress("proving")
    policies = read_back(texts)
    proof = prove(inventory, policies, wanted)
    write_out(wish.out, texts)
    found = (*(replace(g, named=False) for g in collected.gaps), *gaps)
    files = tuple(sorted(texts))
    return SynthReport(root.resolve().name, wish.out.as_posix(), wanted, synthesis, proof, files, found, place)


def read_back(texts: Mapping[str, str]) -> tuple[NetworkPolicy, ...]:
    """The policies as a cluster would read them from the files."""
    found: list[NetworkPolicy] = []
    for path in sorted(texts):
        if path.endswith(".yaml"):
            for policy in collect_stdin(texts[path].encode()).inventory.policies:
                origin = replace(policy.meta.origin, path=path)
                found.append(replace(policy, meta=replace(policy.meta, origin=origin)))
    return tuple(found)


def parse_addresses(words: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    """`HOST=CIDR` words by host; a single address becomes a range of one, several are separated by commas.

    Raises:
        UsageError: a word is something else.
    """
    found: dict[str, tuple[str, ...]] = {}
    for word in words:
        host, _, listed = word.partition("=")
        try:
            networks = tuple(str(ipaddress.ip_network(part.strip())) for part in listed.split(","))
        except ValueError as error:
            raise UsageError(
                f"not HOST=CIDR: {word} ({error})", hint="write it as db.example.com=10.0.3.7/32"
            ) from error
        found[host.lower()] = (*found.get(host.lower(), ()), *networks)
    return found


def _root(request: Request) -> Path:
    if request.stdin is not None or len(request.paths) != 1:
        raise UsageError("netpol synth reads one folder", hint="fourc netpol synth DIR -o OUT")
    root = Path(request.paths[0])
    if not root.exists():
        raise UsageError(f"{root} does not exist", hint="name a folder that holds manifests")
    return root if root.is_dir() else root.parent


def _relative(out: Path, root: Path) -> str:
    """The output folder as paths of the scan name it; "" where it lies elsewhere."""
    try:
        return out.resolve().relative_to(root.resolve()).as_posix()
    except ValueError:
        return ""


def _sightings(paths: Sequence[str]) -> tuple[list[Sighting], list[Gap]]:
    sightings: list[Sighting] = []
    gaps: list[Gap] = []
    for path in paths:
        found, missing = read_sightings(Path(path), path)
        sightings += found
        gaps += missing
    return sightings, gaps


def _places(locator: Locator) -> Callable[[Evidence], str]:
    """`path:line` and the name found there; what was rendered has no line of its own."""

    def place(evidence: Evidence) -> str:
        if evidence.place or evidence.origin is None:
            return f"{evidence.place} ({evidence.says})" if evidence.says else evidence.place
        if evidence.origin.rendered_by:
            return f"{evidence.origin.path} ({evidence.subject}, {evidence.says})"
        where = locator.locate(evidence.origin, evidence.at)
        return f"{where.path}:{where.line} ({evidence.says})"

    return place


def _check_out(out: Path) -> None:
    """Nothing of the user's is overwritten: the folder is new, empty, or as we left it.

    Raises:
        UsageError: it is something else.
    """
    if not out.exists():
        return
    if not out.is_dir():
        raise UsageError(f"{out} is a file", hint="name a folder for the policies: -o netpol")
    found = sorted(p.relative_to(out).as_posix() for p in out.rglob("*") if not p.is_dir())
    ours = _state(out)
    strange = [p for p in found if p not in ours and p != STATE]
    if strange:
        raise UsageError(
            f"{out} holds {strange[0]}, which netpol synth did not write",
            hint="name a new folder, or move the file away",
        )
    changed = [p for p in found if p in ours and _digest((out / p).read_bytes()) != ours[p]]
    if changed:
        raise UsageError(
            f"{out}/{changed[0]} was changed after it was written",
            hint="name a new folder and compare, or delete the file; --address HOST=CIDR keeps confirmed addresses",
        )


def _state(out: Path) -> Mapping[str, str]:
    try:
        data = json.loads((out / STATE).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    files = data.get("files") if isinstance(data, dict) else None
    return {str(k): str(v) for k, v in files.items()} if isinstance(files, dict) else {}


def write_out(out: Path, texts: Mapping[str, str]) -> None:
    """Write the files; our own earlier ones that are not made any more are removed.

    Raises:
        UsageError: the folder cannot be written.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        for path in sorted(_state(out).keys() - texts.keys()):
            (out / path).unlink(missing_ok=True)
        for path, text in texts.items():
            target = out / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(text.encode())
        digests = {path: _digest(text.encode()) for path, text in sorted(texts.items())}
        (out / STATE).write_text(json.dumps({"files": digests}, indent=1) + "\n", "utf-8")
        for folder in sorted((p for p in out.rglob("*") if p.is_dir()), reverse=True):
            if not any(folder.iterdir()):
                folder.rmdir()
    except OSError as error:
        raise UsageError(
            f"{out} cannot be written: {os.strerror(error.errno or 0)}", hint="name another folder"
        ) from error


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
