"""What every workload needs of its cluster and its cloud: DNS, the API server, the mesh, the provider's own ranges."""

from collections.abc import Collection, Iterator
from enum import Enum
from functools import cached_property

from fourc.fix.images import known_image, parse_image
from fourc.flows.callers import scrapers
from fourc.flows.targets import API_PORTS
from fourc.model.flows import (
    ANYWHERE,
    API_SERVER,
    DNS,
    OUTSIDE,
    Evidence,
    EvidenceKind,
    Flow,
    FlowPort,
    Party,
    PartyKind,
    workload_party,
)
from fourc.model.infrastructure import Infrastructure, Need, recognise
from fourc.model.inventory import Inventory
from fourc.model.kubernetes.pod import Workload

ALIBABA_SERVICES = "100.64.0.0/10"
"""DNS, load balancers' health checks, logs and other services of the provider (Alibaba Cloud's reserved range)."""
METADATA = ("169.254.169.254/32", "100.100.100.200/32")
"""Where a cloud's metadata service gives out the node's credentials (AWS, Google, Azure and others; Alibaba)."""
_IDENTITY = "iam.gke.io/gcp-service-account"  # cloud.google.com/kubernetes-engine/docs/how-to/workload-identity
_GKE_METADATA = (("169.254.169.254/32", 80), ("169.254.169.252/32", 987), ("169.254.169.252/32", 988))
# Programs whose work is to call what no manifest names: repositories, registries, cloud APIs, whatever a job asks for.
_ROAMING_KINDS = frozenset({"ci", "agent"})
_HOMELY = frozenset({"kube-state-metrics", "node-exporter", "metrics-server", "prometheus-operator", "kube-bench"})
_SCRAPER, _CONTROLLER = "scraper", "ingress controller"
_STORES = frozenset({"database", "cache", "queue", "search"})
# Controllers of a cloud: without an identity of their own they use the node's, which the metadata service gives out.
_CLOUD_CLIENTS = (
    "/external-dns", "/cluster-autoscaler", "/aws-load-balancer-controller", "/aws-ebs-csi-driver", "/karpenter/controller",
    "/aws-efs-csi-driver", "/velero", "/alb-ingress-controller", "/cloud-controller-manager", "/csi-plugin",
)  # fmt: skip
_OWN_IDENTITIES = (
    "eks.amazonaws.com/role-arn",
    "azure.workload.identity/client-id",
    "pod-identity.alibabacloud.com/role-name",
)
_ROAMING = (
    "/argocd",
    "/flux",
    "/gitlab-runner",
    "/jenkins",
    "/external-dns",
    "/cluster-autoscaler",
    "/blackbox-exporter",
)


# Names of managed databases and of services' addresses in the private network (help.aliyun.com: endpoints of each).
_ALIBABA_INSIDE = (
    ".rds.aliyuncs.com",
    "-internal.aliyuncs.com",
    ".mse.aliyuncs.com",
    ".mq.aliyuncs.com",
    ".kafka.aliyuncs.com",
)


class Provider(Enum):
    """A cloud whose own addresses pods need."""

    ALIBABA = "alibaba"


def provider_of(inventory: Inventory, hosts: Collection[str] = ()) -> Provider | None:
    """The cloud, where annotations, its own programs or names of its private network say so.

    An image from its public registry does not.
    """
    if any(host.endswith(_ALIBABA_INSIDE) for host in hosts):
        return Provider.ALIBABA
    for service in inventory.services:
        if any(k.startswith("service.beta.kubernetes.io/ali") for k in service.meta.annotations):
            return Provider.ALIBABA
    for ingress in inventory.ingresses:
        if (
            any(k.startswith("alb.ingress.kubernetes.io/") for k in ingress.meta.annotations)
            and ingress.class_name == "alb"
        ):
            return Provider.ALIBABA
    for workload in inventory.workloads:
        spec = (*workload.pod.labels, *workload.pod.annotations)
        if any("alibabacloud.com/" in key or "aliyun.com/" in key for key in spec):
            return Provider.ALIBABA
        if any(".aliyuncs.com/acs/" in c.image for c in workload.pod.containers):
            return Provider.ALIBABA
    return None


class Surroundings:
    """The flows of a workload that follow from where it runs."""

    def __init__(self, inventory: Inventory, hosts: Collection[str] = ()) -> None:
        self.inventory = inventory
        self.provider = provider_of(inventory, hosts)

    @cached_property
    def scrapers(self) -> tuple[Workload, ...]:
        """The workloads that scrape metrics."""
        return scrapers(self.inventory)

    @cached_property
    def _bound(self) -> frozenset[tuple[str, str]]:
        """The service accounts that a binding gives a role."""
        named = (s for b in self.inventory.bindings for s in b.subjects if s.kind == "ServiceAccount")
        return frozenset((s.namespace, s.name) for s in named)

    @cached_property
    def _injected(self) -> frozenset[str]:
        """The namespaces whose pods get Istio's proxy."""
        labelled = ((n.meta.name, n.meta.labels) for n in self.inventory.namespaces)
        return frozenset(
            n for n, labels in labelled if labels.get("istio-injection") == "enabled" or "istio.io/rev" in labels
        )

    def of(self, workload: Workload) -> Iterator[Flow]:
        """DNS always; the rest where something speaks for it."""
        program = recognise(workload)
        me, meta = workload_party(workload.meta.ref), workload.meta
        name = Evidence(EvidenceKind.DNS, "53", meta.ref, meta.origin, workload.pod.path)
        yield from (Flow(me, DNS, FlowPort(53, protocol), (name,)) for protocol in ("UDP", "TCP"))
        if self._calls_api(workload, program):
            at = (*workload.pod.path, "serviceAccountName")
            token = Evidence(EvidenceKind.TOKEN, workload.pod.service_account, meta.ref, meta.origin, at)
            yield from (Flow(me, API_SERVER, FlowPort(port), (token,)) for port in API_PORTS)
        if self._has_proxy(workload):
            mesh = Evidence(EvidenceKind.MESH, "istiod", meta.ref, meta.origin, workload.pod.meta_path)
            control = Party(PartyKind.PODS, "istio-system", labels=(("app", "istiod"),))
            yield from (Flow(me, control, FlowPort(port), (mesh,)) for port in (15010, 15012))
        if self.provider is Provider.ALIBABA:
            cloud = Evidence(EvidenceKind.CLOUD, self.provider.value, meta.ref, meta.origin, workload.pod.path)
            yield Flow(me, Party(PartyKind.ADDRESS, ALIBABA_SERVICES), None, (cloud,))
        yield from self._metadata(workload, me)
        roams = self._roams(workload, program)
        if roams:
            reason = Evidence(EvidenceKind.PROGRAM, roams, meta.ref, meta.origin, workload.pod.path)
            within = roams in {_SCRAPER, _CONTROLLER}
            yield Flow(me, ANYWHERE if within else OUTSIDE, None, (reason,))

    def _calls_api(self, workload: Workload, program: Infrastructure | None) -> bool:
        """Whether a token is mounted and something says that it is used: a role, or what is known of the program."""
        if not self.inventory.mounts_token(workload):
            return False
        account = (workload.meta.namespace or "default", workload.pod.service_account)
        known = [known_image(c.image) for c in workload.pod.containers if c.image]
        return (
            account in self._bound
            or (program is not None and program.needs(Need.API))
            or any(facts is not None and facts.needs_api_token for facts in known)
        )

    def _has_proxy(self, workload: Workload) -> bool:
        wish = workload.pod.labels.get("sidecar.istio.io/inject") or workload.pod.annotations.get(
            "sidecar.istio.io/inject"
        )
        if wish is not None:
            return wish == "true"
        return (workload.meta.namespace or "default") in self._injected

    def _metadata(self, workload: Workload, me: Party) -> Iterator[Flow]:
        key = (workload.meta.namespace or "default", workload.pod.service_account)
        account = self.inventory.accounts_by_name.get(key)
        annotations = account.meta.annotations if account is not None else {}
        if account is not None and annotations.get(_IDENTITY):
            at = ("metadata", "annotations", _IDENTITY)
            evidence = Evidence(EvidenceKind.CLOUD, _IDENTITY, account.meta.ref, account.meta.origin, at)
            for address, port in _GKE_METADATA:
                yield Flow(me, Party(PartyKind.ADDRESS, address), FlowPort(port), (evidence,))
        images = (f"/{parse_image(c.image).repository}" for c in workload.pod.regular if c.image)
        client = next((word for image in images for word in _CLOUD_CLIENTS if word in image), None)
        if client is not None and not any(annotations.get(key) for key in _OWN_IDENTITIES):
            reason = Evidence(
                EvidenceKind.PROGRAM, client[1:], workload.meta.ref, workload.meta.origin, workload.pod.path
            )
            address = METADATA[1] if self.provider is Provider.ALIBABA else METADATA[0]
            yield Flow(me, Party(PartyKind.ADDRESS, address), FlowPort(80), (reason,))

    def _roams(self, workload: Workload, program: Infrastructure | None) -> str:
        """What makes the workload call addresses that stand in no manifest; "" for none."""
        if any(w is workload for w in self.scrapers):
            return _SCRAPER
        if any(w is workload for w, _ in self.inventory.controllers):
            return _CONTROLLER
        known = [known_image(c.image) for c in workload.pod.regular if c.image]
        if any(facts is not None and facts.kind in _STORES for facts in known):
            return ""
        if program is not None:
            return "" if program.name in _HOMELY else program.name
        for container in workload.pod.regular:
            facts = known_image(container.image) if container.image else None
            repository = f"/{parse_image(container.image).repository}" if container.image else ""
            if (facts is not None and facts.kind in _ROAMING_KINDS) or any(r in repository for r in _ROAMING):
                return repository.rpartition("/")[2]
        return ""
