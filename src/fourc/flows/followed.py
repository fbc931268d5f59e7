"""Connections that follow from another: a client that is sent on to a further port, a server that calls its clients back."""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from fourc.fix.images import parse_image
from fourc.model.flows import Flow, FlowPort, PartyKind, workload_party
from fourc.model.inventory import Inventory
from fourc.model.kubernetes.pod import Workload
from fourc.model.subject import Ref


class _SentOn(Struct, frozen=True):
    """Whoever calls `port` of a program (a word of its image) also needs `further` ports of it in that namespace."""

    image: str
    port: int
    further: tuple[int, ...]
    source: str


_SENT_ON = (
    _SentOn(
        "nacos", 8848, (9848,), "https://nacos.io/docs/v2/upgrading/2.0.0-compatibility/ (gRPC on the port plus 1000)"
    ),
    _SentOn("redis", 26379, (6379,), "https://redis.io/docs/latest/develop/reference/sentinel-clients/"),
    _SentOn("valkey", 26379, (6379,), "https://valkey.io/topics/sentinel-clients/"),
    _SentOn("rocketmq", 9876, (10909, 10911), "https://rocketmq.apache.org/docs/domainModel/01main/"),
)
_CALLS_BACK = "xxl-job-admin"
_EXECUTOR_PORT = 9999
"""The admin of XXL-JOB calls each executor that registered with it (https://www.xuxueli.com/xxl-job/)."""


def followed(inventory: Inventory, flows: Iterable[Flow]) -> Iterator[Flow]:
    """The further flows, each for the reason of the first."""
    workloads = {w.meta.ref: w for w in reversed(inventory.workloads)}
    for flow in flows:
        if flow.source.kind is not PartyKind.WORKLOAD or flow.target.ref is None or flow.port is None:
            continue
        target = workloads.get(flow.target.ref)
        if target is None or flow.source == flow.target:
            continue
        yield from _sent_on(inventory, flow, flow.port, target)
        if _runs(target, _CALLS_BACK):
            yield Flow(flow.target, flow.source, _executor(workloads.get(_ref(flow))), flow.evidence)


def _ref(flow: Flow) -> Ref:
    assert flow.source.ref is not None  # noqa: S101 - a workload has a name
    return flow.source.ref


def _sent_on(inventory: Inventory, flow: Flow, port: FlowPort, target: Workload) -> Iterator[Flow]:
    for row in _SENT_ON:
        if row.port == port.port and _runs(target, row.image):
            for other in inventory.in_namespace(target.meta.namespace):
                if _runs(other, row.image) and other.meta.ref != flow.source.ref:
                    party = workload_party(other.meta.ref)
                    yield from (Flow(flow.source, party, FlowPort(n), flow.evidence) for n in row.further)


def _executor(workload: Workload | None) -> FlowPort:
    for container in workload.pod.containers if workload is not None else ():
        for variable in container.env:
            value = variable.value or ""
            if variable.name.upper().replace(".", "_").endswith("EXECUTOR_PORT") and value.isdecimal():
                return FlowPort(int(value))
    return FlowPort(_EXECUTOR_PORT)


def _runs(workload: Workload, word: str) -> bool:
    return any(word in parse_image(c.image).repository for c in workload.pod.regular if c.image)
