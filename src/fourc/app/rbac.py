"""Questions about permissions, answered from what was read."""

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from fourc.app.look import Progress, Seen, look
from fourc.app.plan import graph_of
from fourc.app.request import Request
from fourc.collect.locate import Locator
from fourc.graph.build import ADMIN
from fourc.graph.paths import ways_to
from fourc.model.gap import Gap
from fourc.model.location import Location
from fourc.model.step import Node, Place, Step
from fourc.rbac import requests
from fourc.rbac.builtin import BUILT_IN
from fourc.rbac.questions import Unused, request_for, unused, who_can
from fourc.rbac.resolve import Authorization, Grant, authorization


class Answer(Struct, frozen=True):
    """Who can do something: the grants with the places of rule and binding."""

    asked: requests.Request
    grants: tuple[tuple[Grant, tuple[Location, ...]], ...]
    gaps: tuple[Gap, ...]


class Admins(Struct, frozen=True):
    """By identity (node of the graph: kind, namespace and name) the steps by which it becomes administrator."""

    ways: Mapping[str, tuple[Step, ...]]
    names: Mapping[str, str]
    gaps: tuple[Gap, ...]


class Question(Struct, frozen=True):
    """What `who-can` asks: `everywhere` wants the whole cluster, `namespace` one namespace, else any will do."""

    verb: str
    resource: str
    name: str = ""
    namespace: str | None = None
    everywhere: bool = False


def answer_who_can(request: Request, question: Question, progress: Progress = lambda _: None) -> Answer:
    """Everyone who may do it, Kubernetes' own bindings included."""
    seen, found = _found(request, progress, built_in=True)
    asked = request_for(question.verb, question.resource, question.name, question.namespace)
    anywhere = question.namespace is None and not question.everywhere
    grants = who_can(found, asked, anywhere=anywhere)
    locator = _locator(seen)
    ordered = sorted(
        grants, key=lambda g: (g.binding.meta.origin == BUILT_IN, g.identity, g.scope or "", g.role.meta.name)
    )
    return Answer(asked, tuple((g, _places(locator, g.places)) for g in ordered), seen.gaps)


def answer_unused(request: Request, progress: Progress = lambda _: None) -> tuple[Unused, tuple[Gap, ...]]:
    """Roles, bindings and accounts with permissions that nobody uses."""
    seen, found = _found(request, progress, built_in=False)
    return unused(seen.collected.inventory, found), seen.gaps


def answer_admins(request: Request, progress: Progress = lambda _: None) -> Admins:
    """Every identity that can become administrator of the cluster, the likeliest way first told."""
    seen = look(request, progress)
    graph = graph_of(seen)
    identities = {n.id: n for n in graph.nodes if n.id.startswith("identity:")}
    ways = ways_to(graph, ADMIN, sorted(identities))
    names = {n.id: _name(n) for n in identities.values()}
    return Admins(ways, names, seen.gaps)


def _name(node: Node) -> str:
    if node.namespace:
        return f"ServiceAccount {node.namespace}/{node.name}"
    return f"{node.id.removeprefix('identity:').partition('/')[0]} {node.name}"


def _found(request: Request, progress: Progress, *, built_in: bool) -> tuple[Seen, Authorization]:
    seen = look(request, progress)
    return seen, authorization(seen.collected.inventory, built_in=built_in)


def _locator(seen: Seen) -> Locator:
    stdin = seen.request.stdin
    return Locator(seen.root) if stdin is None else Locator(Path(), stdin=stdin)


def _places(locator: Locator, places: tuple[Place, ...]) -> tuple[Location, ...]:
    return tuple(locator.locate(origin, at) for origin, at in places if origin != BUILT_IN)
