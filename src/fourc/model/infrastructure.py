"""Platform programs that are known by image, kind and name, and what each of them documents that it needs.

A row is a claim about one publisher's image, with the page that documents it. What is not surely one of them is not
recognised: another publisher's image, a container that the row does not know, or a name that does not fit.
"""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from fourc.model.kubernetes.pod import Workload
from fourc.model.platforms import HELPERS, ROWS, Row
from fourc.model.text import Text


class Need(Enum):
    """Something that is wrong in an application and may be right in a node agent or controller."""

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
    TOKEN_CREATION = "token-creation"
    PERSISTENT_VOLUME = "persistent-volume"
    WILDCARD = "wildcard"


_PATHS = frozenset({Need.READ_PATH, Need.WRITE_PATH})


@dataclass(frozen=True, slots=True)
class Infrastructure:
    """A recognised program: `provider_reconciled` when the provider would undo an edit of its object."""

    name: str
    purpose: Text
    needs_: frozenset[tuple[Need, str]]
    provider_reconciled: bool
    sources: tuple[str, ...]

    def needs(self, need: Need, detail: str = "") -> bool:
        """Whether its documentation asks for this; `detail` is a capability, a path of the node or a port.

        A need without a detail covers all of its kind; a path covers what lies below it, and writing covers reading.
        """
        if need in {Need.CAPABILITY, Need.ROOT} and self._has(Need.PRIVILEGED):
            return True
        wanted = {need, Need.WRITE_PATH} if need is Need.READ_PATH else {need}
        return any(kind in wanted and _covers(kind, known, detail) for kind, known in self.needs_)

    def _has(self, need: Need) -> bool:
        return any(kind is need for kind, _ in self.needs_)


def recognise(workload: Workload) -> Infrastructure | None:
    """What the workload is, when kind, name and the publisher of every one of its images say the same."""
    images = [_canonical(c.image) for c in workload.pod.containers]
    if not images:
        return None
    for row in ROWS:
        if workload.meta.kind in row.kinds and _is(row, workload, images):
            return _infrastructure(row)
    return None


def _is(row: Row, workload: Workload, images: list[str]) -> bool:
    name, placed = workload.meta.name, workload.meta.namespace in _PLATFORM and workload.meta.namespace_written
    sounds = any(f"-{known}-" in f"-{name}-" for known in row.names)
    if not sounds:
        return False
    exact = placed and name in row.names
    kinds = [_origin(image, row.images, copied=exact) for image in images]
    helps = [_origin(image, HELPERS, copied=exact) for image in images]
    return any(kinds) and all(k or h for k, h in zip(kinds, helps, strict=True))


def _origin(image: str, known: frozenset[str], *, copied: bool) -> bool:
    """Whether the image is one of those; `copied` also accepts the same path in a registry that nobody else can fill."""
    if image in known:
        return True
    registry, _, path = image.partition("/")
    if not copied or registry in _SHARED or registry.endswith(_SHARED_DOMAINS):
        return False
    return any(path == k.partition("/")[2] or f"/{path}".endswith(f"/{k}") for k in known)


_PLATFORM = frozenset(
    "kube-system kube-flannel calico-system tigera-operator cilium monitoring logging ingress-nginx cert-manager "
    "arms-prom ack-csi-fuse koordinator-system gpu-operator node-feature-discovery metallb-system".split()
)
# Registries in which everyone may have a folder: there only the publisher's own path counts.
_SHARED = frozenset("docker.io quay.io ghcr.io gcr.io public.ecr.aws mcr.microsoft.com registry.gitlab.com".split())
_SHARED_DOMAINS = ("aliyuncs.com", ".pkg.dev", ".tencentyun.com", ".myhuaweicloud.com", ".amazonaws.com", ".azurecr.io")
_MIRRORS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), origin)
    for pattern, origin in (
        (r"(?:k8s\.gcr\.io|k8s\.m\.daocloud\.io|registry\.cn-hangzhou\.aliyuncs\.com/google_containers)/", "registry.k8s.io/"),
        (r"registry\.aliyuncs\.com/google_containers/", "registry.k8s.io/"),
        (r"m\.daocloud\.io/", ""),
        (r"(docker|quay|ghcr)\.m\.daocloud\.io/", r"\1.io/"),
        (r"(?:mirror\.gcr\.io|index\.docker\.io|registry-1\.docker\.io)/", "docker.io/"),
        (r"registry(?:-[a-z0-9-]+|(?:-vpc)?\.[a-z0-9-]+)?(?:\.ack)?\.aliyuncs\.com/acs/", "aliyuncs.com/acs/"),
        (r"registry(?:-[a-z0-9-]+|(?:-vpc)?\.[a-z0-9-]+)?(?:\.ack)?\.aliyuncs\.com/log-service/", "aliyuncs.com/log-service/"),
        (r"(?:602401143452|918309763551|961992271922|013241004608|151742754352)\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?/", "eks/"),
    )
)  # fmt: skip


def _canonical(image: str) -> str:
    """The repository with its registry, mirrors undone, without tag and digest."""
    head, slash, last = image.partition("@")[0].rpartition("/")
    repository = f"{head}{slash}{last.partition(':')[0]}".lower()
    first = repository.partition("/")[0]
    if "/" not in repository:
        repository = f"docker.io/library/{repository}"
    elif "." not in first and ":" not in first and first != "localhost":
        repository = f"docker.io/{repository}"
    for pattern, origin in _MIRRORS:
        repository, undone = pattern.subn(origin, repository, count=1) if pattern.match(repository) else (repository, 0)
        if undone and origin:
            break
    return repository


def _infrastructure(row: Row) -> Infrastructure:
    return Infrastructure(row.name, row.purpose, frozenset(_needs(row.needs)), row.provider_reconciled, row.sources)


def _needs(text: str) -> Iterator[tuple[Need, str]]:
    for word in text.split():
        need, _, details = word.partition(":")
        yield from ((Need(need), detail) for detail in details.split(","))


def _covers(need: Need, known: str, detail: str) -> bool:
    if not known or known == detail:
        return True
    if need not in _PATHS or not detail:
        return False
    return f"{posixpath.normpath(detail)}/".startswith(f"{known.rstrip('/')}/")
