"""The engine and a brute-force reading of the API's documentation agree about every connection that is asked about."""

import ipaddress
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.reach.clusters import ADDRESSES, PORTS, PROTOCOLS, Maker, manifests
from tests.reach.oracle import Host, connects

from fourc.collect.manifests.collect import collect_stdin
from fourc.reach.engine import Reach, reachability

MILLION = 1_000_000


def ends(reach: Reach) -> dict[str, int]:
    """The engine's ends by the pods' names."""
    return {w.meta.name: found.index for found in reach.classes for w in found.workloads}


def end_of(reach: Reach, host: Host, known: dict[str, int]) -> int:
    """The engine's end for a host of the oracle."""
    if host.pod is not None:
        return known[host.pod["metadata"]["name"]]
    address = ipaddress.ip_address(host.address)
    holding = (
        i for i, r in enumerate(reach.ranges) if r.version == address.version and r.first <= int(address) <= r.last
    )
    return reach.space.first_range + next(holding)


def disagreements(seed: int) -> Iterator[str | None]:
    """One entry for each connection asked about: None where both agree."""
    cluster = Maker(seed).cluster()
    reach = reachability(collect_stdin(manifests(cluster)).inventory)
    known = ends(reach)
    hosts = [*(Host(pod=p) for p in cluster.pods), *(Host(address=a) for a in ADDRESSES)]
    for source in hosts:
        for target in hosts:
            if source is target or (source.pod is None and target.pod is None):
                continue
            allowed = reach.allowed(end_of(reach, source, known), end_of(reach, target, known))
            for protocol in PROTOCOLS:
                for port in PORTS:
                    told, true = allowed.contains(protocol, port), connects(cluster, source, target, protocol, port)
                    yield (
                        None if told == true else f"{seed}: {source} => {target} {protocol} {port}: {told}, not {true}"
                    )


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32))
def test_both_agree_about_every_connection_of_a_random_cluster(seed: int) -> None:
    assert [d for d in disagreements(seed) if d] == []


@pytest.mark.slow
def test_both_agree_in_a_million_samples() -> None:
    asked = seed = 0
    while asked < MILLION:
        found = list(disagreements(seed))
        assert [d for d in found if d] == []
        asked, seed = asked + len(found), seed + 1
    assert asked >= MILLION


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32))
def test_the_counted_pairs_are_those_of_the_oracle(seed: int) -> None:
    cluster = Maker(seed).cluster()
    reach = reachability(collect_stdin(manifests(cluster)).inventory)
    hosts = [Host(pod=p) for p in cluster.pods]
    known = ends(reach)
    pairs = [(a, b) for a in hosts for b in hosts if a is not b]
    some = [(a, b) for a, b in pairs if reach.allowed(end_of(reach, a, known), end_of(reach, b, known))]
    assert (reach.pods(), reach.pairs()) == (len(hosts), len(some))
    opened = {(s, t) for f in reach.flows() for s in reach.members(f.sources) for t in reach.members(f.targets)}
    assert {(end_of(reach, a, known), end_of(reach, b, known)) for a, b in some} <= opened
