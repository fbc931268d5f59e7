"""Programs of the platform that are known by image, kind and name, and what each of them documents that it needs.

The rows and their sources stand in `data/infrastructure.toml`. What is not surely one of them is not recognised:
another publisher's image, a container that the row does not know, or a name that does not fit.
"""

import posixpath
import re
import tomllib
from collections.abc import Iterator, Mapping
from enum import Enum
from functools import cache, lru_cache
from pkgutil import get_data
from typing import cast

from msgspec import Struct

from fourc.model.image_identity import origin_of
from fourc.model.kubernetes.pod import Workload
from fourc.model.text import Text


class Need(Enum):
    """Something that is wrong in an application and may be right in a node agent or a controller."""

    HOST_NETWORK = "host-network"
    HOST_PID = "host-pid"
    HOST_IPC = "host-ipc"
    HOST_PORT = "host-port"
    PRIVILEGED = "privileged"
    CAPABILITY = "capability"
    ROOT = "root"
    READ_PATH = "read"
    WRITE_PATH = "write"
    API = "api"
    CLUSTER_READ = "cluster-read"
    SECRETS_READ = "secrets-read"
    NODE_PROXY = "node-proxy"
    POD_EXEC = "pod-exec"
    POD_CREATION = "pod-creation"
    ROLE_CHANGE = "role-change"
    ESCALATION = "escalation"
    WEBHOOK_CONTROL = "webhook-control"
    CERTIFICATE_APPROVAL = "certificate-approval"
    TOKEN_CREATION = "token-creation"  # noqa: S105 - a word of the table, no password
    PERSISTENT_VOLUME = "persistent-volume"
    WILDCARD = "wildcard"


class Infrastructure(Struct, frozen=True):
    """A recognised program: `provider_reconciled` when the provider would undo an edit of its object."""

    name: str
    purpose: Text
    documented: frozenset[tuple[Need, str]]
    provider_reconciled: bool
    sources: tuple[str, ...]

    def needs(self, need: Need, detail: str = "") -> bool:
        """Whether its documentation asks for this; `detail` is a capability, a path of the node or a port.

        A need without a detail covers all of its kind; a path covers what lies below it, and writing covers reading.
        """
        if need in {Need.CAPABILITY, Need.ROOT} and (Need.PRIVILEGED, "") in self.documented:
            return True
        wanted = {need, Need.WRITE_PATH} if need is Need.READ_PATH else {need}
        return any(kind in wanted and _covers(kind, known, detail) for kind, known in self.documented)


class _Row(Struct, frozen=True):
    program: Infrastructure
    kinds: frozenset[str]
    names: frozenset[str]
    images: frozenset[str]


class _Table(Struct, frozen=True):
    """The rows, and where each known name occurs in them; no name has more than so many words."""

    rows: tuple[_Row, ...]
    by_name: Mapping[str, tuple[int, ...]]
    words: int
    helpers: frozenset[str]

    def named_like(self, name: str) -> list[_Row]:
        """The rows of which a known name is the workload's, or whole words of it."""
        words = name.split("-")
        parts = ("-".join(words[i:j]) for i in range(len(words)) for j in range(i + 1, i + 1 + self.words))
        return [self.rows[row] for row in sorted({row for part in parts for row in self.by_name.get(part, ())})]


@lru_cache(maxsize=10_000)  # every role asks for the programs that hold it
def _likely(kind: str, name: str) -> tuple[_Row, ...]:
    return tuple(row for row in _table().named_like(name) if kind in row.kinds)


def recognise(workload: Workload) -> Infrastructure | None:
    """What the workload is, when kind, name and the publisher of every one of its images say the same."""
    likely = _likely(workload.meta.kind, workload.meta.name)
    images = [_canonical(c.image) for c in workload.pod.containers] if likely else []
    return next((row.program for row in likely if _is(row, workload, images, _table().helpers)), None)


def _is(row: _Row, workload: Workload, images: list[str], helpers: frozenset[str]) -> bool:
    meta = workload.meta
    copied = meta.namespace in _PLATFORM and meta.namespace_written and meta.name in row.names
    own = [_published(image, row.images, copied=copied) for image in images]
    beside = [_published(image, helpers, copied=copied) for image in images]
    return any(own) and all(a or b for a, b in zip(own, beside, strict=True))


def _published(image: str, known: frozenset[str], *, copied: bool) -> bool:
    """Whether the image is one of those; `copied` also accepts their paths in a registry of one's own."""
    if image in known:
        return True
    registry, _, path = image.partition("/")
    if not copied or registry in _SHARED or registry.endswith(_SHARED_DOMAINS):
        return False
    return any(path == k.partition("/")[2] or f"/{path}".endswith(f"/{k}") for k in known)


_PLATFORM = frozenset(
    {
        "kube-system", "kube-flannel", "calico-system", "cilium", "monitoring", "logging", "ingress-nginx",
        "cert-manager", "arms-prom", "koordinator-system", "gpu-operator", "metallb-system",
    }
)  # fmt: skip
# Registries in which everyone may have a folder: there only the publisher's own path counts.
_SHARED = frozenset(
    {"docker.io", "quay.io", "ghcr.io", "gcr.io", "public.ecr.aws", "mcr.microsoft.com", "registry.gitlab.com"}
)
_SHARED_DOMAINS = (
    "aliyuncs.com",
    ".pkg.dev",
    ".tencentyun.com",
    ".myhuaweicloud.com",
    ".amazonaws.com",
    ".azurecr.io",
    "daocloud.io",
)
_ALIYUN = r"registry(?:-[a-z0-9-]+|(?:-vpc)?\.[a-z0-9-]+)?(?:\.ack)?\.aliyuncs\.com"
_AMAZON = "602401143452|918309763551|961992271922|013241004608|151742754352"
# Amazon's accounts: docs.aws.amazon.com/eks/latest/userguide/add-ons-images.html
# Registries of a publisher that has one in each region or network.
_REGIONS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(rf"{_ALIYUN}/google_containers/"), "registry.k8s.io/"),
    (re.compile(rf"{_ALIYUN}/(acs|log-service|arms-docker-repo)/"), r"aliyuncs.com/\1/"),
    (re.compile(rf"(?:{_AMAZON})\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?/"), "eks/"),
    (
        re.compile(r"aliyun-observability-release-registry(?:-vpc)?\.[a-z0-9-]+\.cr\.aliyuncs\.com/"),
        "aliyun-observability-release-registry.cr.aliyuncs.com/",
    ),
    (re.compile(r"[a-z]{2,4}ccr\.ccs\.tencentyun\.com/tkeimages/"), "ccr.ccs.tencentyun.com/tkeimages/"),
    (re.compile(r"swr\.[a-z0-9-]+\.myhuaweicloud\.com/hwofficial/"), "myhuaweicloud.com/hwofficial/"),
)


def _canonical(image: str) -> str:
    """The repository with its registry, mirrors and regions undone, without tag and digest."""
    head, slash, last = image.partition("@")[0].rpartition("/")
    repository = origin_of(f"{head}{slash}{last.partition(':')[0]}".lower())
    for pattern, name in _REGIONS:
        match = pattern.match(repository)
        if match:
            repository = match.expand(name) + repository[match.end() :]
    return repository


def _covers(need: Need, known: str, detail: str) -> bool:
    if not known or known == detail:
        return True
    if need not in {Need.READ_PATH, Need.WRITE_PATH} or not detail:
        return False
    return f"{posixpath.normpath(detail)}/".startswith(f"{known.rstrip('/')}/")


@cache
def _table() -> _Table:
    table = tomllib.loads((get_data("fourc", "data/infrastructure.toml") or b"").decode())
    rows = tuple(_row(row) for row in cast("list[Mapping[str, object]]", table["program"]))
    by_name: dict[str, tuple[int, ...]] = {}
    for place, row in enumerate(rows):
        for name in row.names:
            by_name[name] = (*by_name.get(name, ()), place)
    words = max(name.count("-") + 1 for name in by_name)
    return _Table(rows, by_name, words, frozenset(cast("list[str]", table["helpers"]["images"])))


def _row(row: Mapping[str, object]) -> _Row:
    def texts(key: str) -> tuple[str, ...]:
        return tuple(cast("list[str]", row[key]))

    return _Row(
        Infrastructure(
            name=str(row["name"]),
            purpose=Text(str(row["purpose"]), str(row["purpose_zh"])),
            documented=frozenset(pair for word in texts("needs") for pair in _need(word)),
            provider_reconciled=bool(row["reconciled"]),
            sources=texts("sources"),
        ),
        frozenset(texts("kinds")),
        frozenset(texts("names")),
        frozenset(texts("images")),
    )


def _need(word: str) -> Iterator[tuple[Need, str]]:
    need, _, details = word.partition(":")
    return ((Need(need), detail) for detail in details.split(","))
