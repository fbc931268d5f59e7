"""Roles together with who holds them, which decides how grave what they allow is."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from msgspec import Struct

from fourc.checks.permissions import is_whole_wildcard
from fourc.model.finding import Severity
from fourc.model.infrastructure import Infrastructure, Need, recognise
from fourc.model.inventory import Inventory
from fourc.model.kubernetes.pod import Workload
from fourc.model.kubernetes.rbac import Binding, RbacSubject, Role
from fourc.model.text import Text, same

EVERYONE = frozenset({"system:anonymous", "system:unauthenticated", "system:authenticated", "system:serviceaccounts"})
BUILT_IN = frozenset({"cluster-admin", "admin", "edit", "view"})
BOOTSTRAP = "kubernetes.io/bootstrapping"
_AGGREGATED = "rbac.authorization.k8s.io/aggregate-to-"
_SYSTEM = "kube-system"


class Holder(Struct, frozen=True, dict=True):
    """One subject of one binding, with the workloads that run under it and get its token."""

    binding: Binding
    subject: RbacSubject
    workloads: tuple[Workload, ...]

    @property
    def reaches_cluster(self) -> bool:
        """Whether it holds the role everywhere, or where the cluster's own programs run."""
        return self.binding.cluster_wide or self.binding.meta.namespace == _SYSTEM

    @property
    def usable(self) -> bool:
        """Whether a broken-in pod has it: a workload that was read runs under it, or everyone is the subject."""
        return bool(self.workloads) or self.subject.name.startswith(tuple(EVERYONE))

    @cached_property
    def programs(self) -> tuple[Infrastructure | None, ...]:
        """What the workloads are known as."""
        return tuple(recognise(w) for w in self.workloads)

    @property
    def shown(self) -> Text:
        """Who it is, as a person says it."""
        names = sorted({w.meta.name for w in self.workloads})
        if names:
            return Text(f"the pods of {', '.join(names)} hold it", f"{'、'.join(names)} 的 Pod 拥有它")
        where = f"{self.subject.namespace}/" if self.subject.kind == "ServiceAccount" else ""
        return Text(
            f"{self.subject.kind} {where}{self.subject.name} holds it",
            f"{self.subject.kind} {where}{self.subject.name} 拥有它",
        )


class HeldRole(Struct, frozen=True):
    """A role with its holders; `strong` are namespaces in which an account of the whole cluster's power lives."""

    role: Role
    holders: tuple[Holder, ...]
    strong: frozenset[str]

    @property
    def reaches_cluster(self) -> bool:
        """Whether someone holds it for the whole cluster."""
        return any(h.reaches_cluster for h in self.holders)

    @property
    def only_in_namespaces(self) -> bool:
        """Whether it can give nothing that belongs to the whole cluster, such as nodes."""
        return not self.role.cluster_wide or bool(
            self.holders and not any(h.binding.cluster_wide for h in self.holders)
        )

    @property
    def reconciled(self) -> bool:
        """Whether all who hold it are programs that the provider keeps as they are."""
        return bool(self.holders) and all(
            h.programs and all(p is not None and p.provider_reconciled for p in h.programs) for h in self.holders
        )

    @property
    def recognised(self) -> bool:
        """Whether all who hold it are platform programs."""
        return bool(self.holders) and all(h.programs and all(h.programs) for h in self.holders)

    def needed(self, need: Need) -> bool:
        """Whether all who hold it are platform programs that document this need."""
        return bool(self.holders) and all(
            h.programs and all(p is not None and p.needs(need) for p in h.programs) for h in self.holders
        )

    def severity(self, everywhere: Severity, in_namespace: Severity | None) -> Severity:
        """As stated where a pod holds it, one lower where only people or unseen programs do, low where nobody does."""
        graded = [Severity.LOW]
        for holder in self.holders:
            stated = everywhere if holder.reaches_cluster else in_namespace
            if stated is not None:
                graded.append(stated if holder.usable else Severity(max(stated - 1, Severity.LOW)))
        if any(key.startswith(_AGGREGATED) for key in self.role.meta.labels):
            graded.append(Severity(max(everywhere - 1, Severity.LOW)))
        return max(graded)

    @property
    def held_by(self) -> Text:
        """The gravest holder in words."""
        if not self.holders:
            return Text("no binding to it was read", "没有读到绑定它的对象")
        return max(self.holders, key=lambda h: (h.reaches_cluster, h.usable)).shown

    @property
    def where(self) -> Text:
        """How far it reaches, in words."""
        if self.reaches_cluster:
            return Text("in the whole cluster", "整个集群")
        places = sorted({h.binding.meta.namespace or "default" for h in self.holders})
        if not places and self.role.cluster_wide:
            return Text("wherever it is bound", "绑定它的范围")
        shown = ", ".join(places or [self.role.meta.namespace or "default"])
        return Text("in namespace {n}", "命名空间 {n}").of(n=same(shown))


def each_held_role(inventory: Inventory) -> Iterator[HeldRole]:
    """Every role that is not Kubernetes' own."""
    bound: dict[tuple[str, str | None, str], list[Holder]] = defaultdict(list)
    runs = _workloads_by_account(inventory)
    for binding in inventory.bindings:
        place = None if binding.role_kind == "ClusterRole" else binding.meta.namespace
        for subject in binding.subjects:
            bound[binding.role_kind, place, binding.role_name].append(Holder(binding, subject, runs_as(subject, runs)))
    strong = frozenset(_strong_namespaces(inventory))
    for role in inventory.roles:
        if role.meta.name in BUILT_IN or BOOTSTRAP in role.meta.labels:
            continue
        place = None if role.cluster_wide else role.meta.namespace
        yield HeldRole(role, tuple(bound[role.meta.kind, place, role.meta.name]), strong)


def each_binding(inventory: Inventory) -> Iterator[tuple[Binding, tuple[Holder, ...]]]:
    """Every binding that is not Kubernetes' own, with its holders."""
    runs = _workloads_by_account(inventory)
    for binding in inventory.bindings:
        if BOOTSTRAP not in binding.meta.labels:
            yield binding, tuple(Holder(binding, s, runs_as(s, runs)) for s in binding.subjects)


def runs_as(subject: RbacSubject, runs: Mapping[tuple[str, str], Sequence[Workload]]) -> tuple[Workload, ...]:
    """The workloads of a service account; one whose file names no namespace may run in the account's."""
    if subject.kind != "ServiceAccount":
        return ()
    loose = () if subject.name == "default" else runs.get(("", subject.name), ())
    found = {id(w): w for w in (*runs.get((subject.namespace, subject.name), ()), *loose)}
    return tuple(found.values())


def _workloads_by_account(inventory: Inventory) -> Mapping[tuple[str, str], Sequence[Workload]]:
    runs: dict[tuple[str, str], list[Workload]] = defaultdict(list)
    for workload in inventory.workloads:
        if inventory.mounts_token(workload):
            runs[workload.meta.namespace or "default", workload.pod.service_account].append(workload)
            if not workload.meta.namespace_written:
                runs["", workload.pod.service_account].append(workload)
    return runs


def _strong_namespaces(inventory: Inventory) -> Iterator[str]:
    """Where a service account lives that is, or can become, administrator of the cluster."""
    strong = {"cluster-admin"} | {
        r.meta.name
        for r in inventory.roles
        if r.cluster_wide and any(is_whole_wildcard(rule) and {"*", ""} & {*rule.groups} for rule in r.rules)
    }
    for binding in inventory.bindings:
        if binding.cluster_wide and binding.role_name in strong:
            yield from (s.namespace for s in binding.subjects if s.kind == "ServiceAccount")
