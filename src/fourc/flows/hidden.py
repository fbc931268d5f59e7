"""Addresses that stand in a Secret nobody read: the variable's name often says whose they are (`RABBITMQ_URL`)."""

import re
from collections.abc import Iterator

from fourc.flows.targets import Names
from fourc.model.flows import Evidence, EvidenceKind, Flow, workload_party
from fourc.model.kubernetes.network import Service
from fourc.model.kubernetes.pod import Workload

_ADDRESS = re.compile(
    r"(?P<stem>.+?)_(?:[A-Z0-9]+_)*(?:URL|URI|HOST|HOSTNAME|ADDR|ADDRESS|ENDPOINT|DSN|SERVERS?|BROKERS?)"
)


def hidden(names: Names, workload: Workload) -> Iterator[Flow]:
    """Flows to the Services that the names of such variables begin with, in the pod's namespace before all others."""
    me = workload_party(workload.meta.ref)
    namespace = workload.meta.namespace or "default"
    read = names.inventory.secret_names
    for container in workload.pod.containers:
        for variable in container.env:
            match = _ADDRESS.fullmatch(variable.name)
            if match is None or variable.source != "secretKeyRef" or (namespace, variable.source_name) in read:
                continue
            at = (*container.path, "env", variable.index, "name")
            evidence = Evidence(EvidenceKind.ENV, variable.name, workload.meta.ref, workload.meta.origin, at)
            for service in _named(names, match["stem"].lower().replace("_", "-"), namespace):
                for target in names.behind(service, None):
                    if target.party != me:
                        yield Flow(me, target.party, target.port, (evidence,))


def _named(names: Names, stem: str, namespace: str) -> list[Service]:
    found = [s for s in names.inventory.services if s.meta.name == stem]
    return [s for s in found if (s.meta.namespace or "default") == namespace] or found
