"""Whom a workload names: in variables, arguments, and the ConfigMaps and Secrets that it uses."""

import re
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from fourc.flows.hosts import Host, Sign, in_config, in_value
from fourc.flows.targets import Names
from fourc.model.flows import Dangling, Evidence, EvidenceKind, Flow, workload_party
from fourc.model.inventory import Inventory
from fourc.model.kubernetes.config import DataObject
from fourc.model.kubernetes.meta import Meta
from fourc.model.kubernetes.pod import Container, Workload
from fourc.patch.yaml.node import Path

_HASHED = re.compile(r"-[bcdfghkmt2456789]{10}\Z")


class Said(Struct, frozen=True):
    """One text that belongs to a workload: where it stands, and whether it is one value or a file of configuration."""

    text: str
    key: str
    kind: EvidenceKind
    meta: Meta
    at: Path
    config: bool
    container: Container | None = None

    def evidence(self, says: str) -> Evidence:
        """The place as a reason."""
        return Evidence(self.kind, says, self.meta.ref, self.meta.origin, self.at)


class Texts:
    """All texts of each workload of an inventory."""

    def __init__(self, inventory: Inventory) -> None:
        self._hosts: dict[tuple[str, Path], tuple[Host, ...]] = {}
        self._data: dict[tuple[str, str, str], list[DataObject]] = {}
        for data in inventory.data:
            namespace = data.meta.namespace or "default"
            self._data.setdefault((data.meta.kind, namespace, data.meta.name), []).append(data)
            if data.meta.origin.rendered_by:  # a generator's hash stands behind the name that the pod is written with
                bare = _HASHED.sub("", data.meta.name)
                if bare != data.meta.name:
                    self._data.setdefault((data.meta.kind, namespace, bare), []).append(data)

    def of(self, workload: Workload) -> Iterator[Said]:
        """Variables, commands and arguments, then the data objects that the pod uses."""
        meta = workload.meta
        for container in workload.pod.containers:
            for variable in container.env:
                at = (*container.path, "env", variable.index)
                if variable.value:
                    yield Said(
                        variable.value,
                        variable.name,
                        EvidenceKind.ENV,
                        meta,
                        (*at, "value"),
                        config=False,
                        container=container,
                    )
                elif variable.source in {"configMapKeyRef", "secretKeyRef"} and variable.source_name:
                    kind = "ConfigMap" if variable.source == "configMapKeyRef" else "Secret"
                    only = variable.source_key
                    yield from (
                        replace(s, key=variable.name, config="\n" in s.text, container=container)
                        for s in self._said(kind, workload, variable.source_name)
                        if s.key == only
                    )
            for key, words in (("command", container.command), ("args", container.args)):
                yield from self._arguments(container, meta, key, words)
            for source in container.env_from:
                yield from (
                    replace(s, config="\n" in s.text, container=container)
                    for s in self._said(source.kind, workload, source.name)
                )
        for kind, name in _mounted(workload):
            yield from self._said(kind, workload, name)

    def hosts(self, said: Said) -> Iterable[Host]:
        """The hosts that a text names; what many workloads share is read once."""
        if not said.config:
            return in_value(said.text, said.key)
        key = (str(said.meta.ref), (said.meta.kind, said.meta.origin.path, said.meta.origin.document, *said.at))
        if key not in self._hosts:
            self._hosts[key] = tuple(dict.fromkeys(in_config(said.text)))
        return self._hosts[key]

    def _arguments(self, container: Container, meta: Meta, key: str, words: tuple[str, ...]) -> Iterator[Said]:
        for index, word in enumerate(words):
            flag, _, value = word.partition("=")
            before = words[index - 1] if index and words[index - 1].startswith("-") else ""
            at = (*container.path, key, index)
            name, text = (flag, value) if value and flag.startswith("-") else (before, word)
            yield Said(text, name, EvidenceKind.ARGUMENT, meta, at, config=False, container=container)

    def _said(self, kind: str, workload: Workload, name: str) -> Iterator[Said]:
        evidence = EvidenceKind.CONFIG_MAP if kind == "ConfigMap" else EvidenceKind.SECRET
        for data in self._data.get((kind, workload.meta.namespace or "default", name), ()):
            field = "stringData" if data.secret else "data"
            for key, value in data.values.items():
                at = ("data" if key in data.encoded else field, key)
                yield Said(value, key, evidence, data.meta, at, config=True)


def _mounted(workload: Workload) -> tuple[tuple[str, str], ...]:
    found = []
    for volume in workload.pod.volumes:
        found += [("ConfigMap", volume.config_map)] if volume.config_map else []
        found += [("Secret", volume.secret)] if volume.secret else []
        found += volume.projected
    return tuple(dict.fromkeys(found))


def references(names: Names, texts: Texts, workload: Workload) -> Iterator[Flow | Dangling]:
    """The workload's flows to what its texts name, and the names that lead nowhere."""
    me = workload_party(workload.meta.ref)
    namespace = workload.meta.namespace or "default"
    for said in texts.of(workload):
        for host in texts.hosts(said):
            host = _with_port(host, said)  # noqa: PLW2901 - the same host, better known
            targets = names.targets(host, namespace)
            evidence = said.evidence(host.name)
            secret = said.kind is EvidenceKind.SECRET
            if (
                secret and host.sign is Sign.PORT
            ):  # a password may look like it: only what was read counts, nothing is told
                targets = tuple(t for t in targets if t.party.ref is not None)
            for target in targets:
                if target.party != me or host.placed:
                    yield Flow(me, target.party, target.port, (evidence,))
            if (
                not targets
                and not secret
                and host.placed
                and names.is_inside(host, namespace)
                and not _own(host, workload)
            ):
                yield Dangling(workload.meta.ref, host.name, evidence)


def _own(host: Host, workload: Workload) -> bool:
    return host.name in {workload.meta.name, *workload.pod.labels.values()}


def _with_port(host: Host, said: Said) -> Host:
    """The host with the port that a sibling variable holds (`DB_HOST`, `DB_PORT`), where it has none."""
    if host.port is not None or said.container is None:
        return host
    siblings: Mapping[str, str] = {e.name: e.value or "" for e in said.container.env}
    for word in ("HOSTNAME", "HOST", "ADDRESS", "ADDR", "ENDPOINT", "SERVER"):
        if word in said.key:
            port = siblings.get(said.key.replace(word, "PORT"), "")
            if port.isdecimal() and 0 < int(port) < 65536:
                return replace(host, port=int(port))
    return host
