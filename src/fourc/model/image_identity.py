"""Whose image it is: copies in mirrors and in registries of one region or network are the image that they copy.

A mirror that serves any registry's images by their own name gives away whose they are; one that everybody may push to (a
name of one's own in ACR, SWR, a private registry) does not, so its images stay unknown.
Sources: https://github.com/DaoCloud/public-image-mirror (README), https://help.aliyun.com/zh/acr/ (addresses of
registries), https://kubernetes.io/blog/2023/03/10/image-registry-redirect/ (k8s.gcr.io), https://support.huaweicloud.com/swr/.
"""

import re
from enum import Enum
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from fourc.model.image_reference import DOCKER_HUB, ImageReference, image_reference, registry_and_path


class Publisher(Enum):
    """What is known of who published an image."""

    UPSTREAM = "upstream"
    MIRROR = "mirror"
    UNKNOWN = "unknown"


class ImageIdentity(Struct, frozen=True):
    """What an image is: `upstream` is the repository that it comes from or copies, None where nobody can tell.

    `mirror` is the prefix that a copy's name has instead of the upstream's `origin`, both empty where it is no copy.
    `address` is the reference itself, with the public name of a registry that has others inside the cloud.
    """

    reference: ImageReference
    publisher: Publisher
    upstream: ImageReference | None
    address: ImageReference
    mirror: str = ""
    origin: str = ""


_K8S = "registry.k8s.io/"
# Registries whose repositories belong to those whose name they bear.
_UPSTREAMS = frozenset(
    {
        DOCKER_HUB, "quay.io", "ghcr.io", "gcr.io", "registry.k8s.io", "mcr.microsoft.com", "public.ecr.aws", "nvcr.io",
        "registry.gitlab.com", "docker.elastic.co", "registry.access.redhat.com", "registry.redhat.io", "cgr.dev",
        "cr.l5d.io", "container-registry.oracle.com", "registry.suse.com", "icr.io", "lscr.io",
        "registry.fedoraproject.org", "rocks.canonical.com", "dhi.io",
    }
)  # fmt: skip
# Hosts that serve one registry under a name of their own.
_HOSTS = {
    # DaoCloud
    "docker.m.daocloud.io": DOCKER_HUB, "gcr.m.daocloud.io": "gcr.io", "ghcr.m.daocloud.io": "ghcr.io",
    "k8s-gcr.m.daocloud.io": "registry.k8s.io", "k8s.m.daocloud.io": "registry.k8s.io", "quay.m.daocloud.io": "quay.io",
    "mcr.m.daocloud.io": "mcr.microsoft.com", "nvcr.m.daocloud.io": "nvcr.io", "elastic.m.daocloud.io": "docker.elastic.co",
    "l5d.m.daocloud.io": "cr.l5d.io", "rocks-canonical.m.daocloud.io": "rocks.canonical.com",
    # universities
    "docker.mirrors.ustc.edu.cn": DOCKER_HUB, "gcr.mirrors.ustc.edu.cn": "gcr.io", "quay.mirrors.ustc.edu.cn": "quay.io",
    "ghcr.mirrors.ustc.edu.cn": "ghcr.io", "docker.nju.edu.cn": DOCKER_HUB, "gcr.nju.edu.cn": "gcr.io",
    "ghcr.nju.edu.cn": "ghcr.io", "quay.nju.edu.cn": "quay.io", "nvcr.nju.edu.cn": "nvcr.io",
    "k8s.mirror.nju.edu.cn": "registry.k8s.io", "docker.mirrors.sjtug.sjtu.edu.cn": DOCKER_HUB,
    "k8s-gcr-io.mirrors.sjtug.sjtu.edu.cn": "registry.k8s.io",
    # others
    "dockerproxy.com": DOCKER_HUB, "dockerproxy.net": DOCKER_HUB, "dockerproxy.cn": DOCKER_HUB,
    "gcr.dockerproxy.com": "gcr.io", "ghcr.dockerproxy.com": "ghcr.io", "quay.dockerproxy.com": "quay.io",
    "k8s.dockerproxy.com": "registry.k8s.io", "mcr.dockerproxy.com": "mcr.microsoft.com",
    "gcr.dockerproxy.net": "gcr.io", "ghcr.dockerproxy.net": "ghcr.io", "quay.dockerproxy.net": "quay.io",
    "k8s.dockerproxy.net": "registry.k8s.io", "mcr.dockerproxy.net": "mcr.microsoft.com",
    "docker.1ms.run": DOCKER_HUB, "gcr.1ms.run": "gcr.io", "ghcr.1ms.run": "ghcr.io", "quay.1ms.run": "quay.io",
    "docker.1panel.live": DOCKER_HUB, "docker.xuanyuan.me": DOCKER_HUB, "hub.rat.dev": DOCKER_HUB,
    "registry.lank8s.cn": "registry.k8s.io", "gcr.lank8s.cn": "gcr.io", "ghcr.lank8s.cn": "ghcr.io",
    "hub-mirror.c.163.com": DOCKER_HUB, "mirror.ccs.tencentyun.com": DOCKER_HUB, "registry.docker-cn.com": DOCKER_HUB,
    "mirror.baidubce.com": DOCKER_HUB, "dockerhub.azk8s.cn": DOCKER_HUB, "gcr.azk8s.cn": "gcr.io", "quay.azk8s.cn": "quay.io",
    "dockerhub.icu": DOCKER_HUB, "mirror.gcr.io": DOCKER_HUB, "k8s.gcr.io": "registry.k8s.io",
}  # fmt: skip
_ALIYUN = r"registry(?:-vpc|-internal)?(?:\.[a-z]{2}-[a-z0-9-]+)?(?:\.ack)?\.aliyuncs\.com"
_ACR_INSTANCE = r"[a-z0-9-]+-registry(?:-vpc)?\.[a-z]{2}-[a-z0-9-]+\.cr\.aliyuncs\.com"
_SWR = r"swr\.[a-z]{2}-[a-z0-9-]+\.myhuaweicloud\.com"
_SWR_PLATFORM = re.compile(r"-linux(?:amd|arm)64$")  # `ddn-k8s` keeps other platforms under tags of their own
# Prefixes that stand for another; what follows is the upstream's path, or with an empty origin a name with its registry.
_PREFIXES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"m\.daocloud\.io/"), ""),
    (re.compile(r"docker\.m\.daocloud\.io/(?=(?:gcr|ghcr|quay|registry\.k8s)\.io/)"), ""),
    (re.compile(r"docker\.gh-proxy\.com/"), ""),
    (re.compile(r"lank8s\.cn/"), _K8S),
    (re.compile(rf"{_SWR}/ddn-k8s/"), ""),
    (re.compile(rf"{_ALIYUN}/(?:google_containers|google-containers)/"), _K8S),
    (re.compile(r"public\.ecr\.aws/docker/"), "docker.io/"),
    (re.compile(r"gcr\.io/google[-_]containers/"), _K8S),
    (re.compile(r"gcr\.(?:azk8s\.cn|nju\.edu\.cn)/google[-_]containers/"), _K8S),
)
_ACR = re.compile(rf"(?:{_ALIYUN}|{_ACR_INSTANCE})")
_REGION = re.compile(r"registry(?:-vpc|-internal)\.")
_INSTANCE = re.compile(r"-registry-vpc\.")
# Where Kubernetes' own images lie deeper than the flat copies of them: `coredns` is `coredns/coredns`.
_DEEPER = {
    "coredns": "coredns/coredns", "metrics-server": "metrics-server/metrics-server",
    "nginx-ingress-controller": "ingress-nginx/controller", "kube-webhook-certgen": "ingress-nginx/kube-webhook-certgen",
    "kube-state-metrics": "kube-state-metrics/kube-state-metrics", "k8s-dns-node-cache": "dns/k8s-dns-node-cache",
    "csi-provisioner": "sig-storage/csi-provisioner", "csi-attacher": "sig-storage/csi-attacher",
    "csi-snapshotter": "sig-storage/csi-snapshotter", "csi-resizer": "sig-storage/csi-resizer",
    "csi-node-driver-registrar": "sig-storage/csi-node-driver-registrar", "livenessprobe": "sig-storage/livenessprobe",
    "snapshot-controller": "sig-storage/snapshot-controller", "cluster-autoscaler": "autoscaling/cluster-autoscaler",
    "cluster-proportional-autoscaler": "cpa/cluster-proportional-autoscaler",
    "node-problem-detector": "node-problem-detector/node-problem-detector",
}  # fmt: skip


@lru_cache(maxsize=10_000)
def image_identity(text: str) -> ImageIdentity | None:
    """Whose image the reference names; None where it is no reference."""
    reference = image_reference(text)
    if reference is None:
        return None
    repository = f"{reference.registry}/{reference.path}"
    for pattern, origin in _PREFIXES:
        match = pattern.match(repository)
        if match is None:
            continue
        rest = repository[match.end() :]
        if origin == _K8S:
            rest = _DEEPER.get(rest, rest)
        if not origin and "." not in rest.partition("/")[0]:
            break  # somebody's own image beside the copies
        upstream = image_reference(origin + rest)
        if upstream is not None:
            return _copy(reference, upstream, match.group(), origin)
    host = _HOSTS.get(reference.registry)
    if host is not None:
        upstream = image_reference(f"{host}/{reference.path}")
        if upstream is not None:
            return _copy(reference, upstream, f"{reference.registry}/", f"{host}/")
    if reference.registry in _UPSTREAMS:
        return ImageIdentity(reference, Publisher.UPSTREAM, reference, reference)
    return ImageIdentity(reference, Publisher.UNKNOWN, None, one_address(reference))


def origin_of(repository: str) -> str:
    """The repository that another comes from, copies of copies followed; what is no reference is only written out."""
    identity = image_identity(repository)
    if identity is None:
        return "/".join(registry_and_path(repository))
    if identity.publisher is Publisher.MIRROR and identity.upstream is not None:
        return origin_of(identity.upstream.repository)
    return identity.reference.repository


def _copy(reference: ImageReference, upstream: ImageReference, mirror: str, origin: str) -> ImageIdentity:
    tag = reference.tag if origin or not mirror.startswith("swr.") else _SWR_PLATFORM.sub("", reference.tag)
    upstream = replace(upstream, tag=tag, digest=reference.digest)
    return ImageIdentity(reference, Publisher.MIRROR, upstream, reference, mirror, origin)


def one_address(reference: ImageReference) -> ImageReference:
    """The reference with the public address of its registry, where that has others for networks of the cloud.

    ACR: `registry-vpc.<region>.aliyuncs.com`, `<instance>-registry-vpc.<region>.cr.aliyuncs.com`.
    """
    if not _ACR.fullmatch(reference.registry):
        return reference
    public = _INSTANCE.sub("-registry.", _REGION.sub("registry.", reference.registry))
    return replace(reference, registry=public)


def rewritten(text: str, tag: str, digest: str = "") -> str:
    """The reference as it is written, with another tag; a mirror's prefix and a short name stay.

    A digest that was there goes: it names the old image. `digest` puts a new one in its place.
    """
    name = text.partition("@")[0]
    head, slash, last = name.rpartition("/")
    return f"{head}{slash}{last.partition(':')[0]}:{tag}{'@' if digest else ''}{digest}"
