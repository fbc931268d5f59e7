"""Sets of ports behave like sets."""

from hypothesis import given
from hypothesis import strategies as st

from fourc.model.ports import ALL, NONE, PROTOCOLS, PortSet

Parts = list[tuple[str, int, int]]
parts: st.SearchStrategy[Parts] = st.lists(
    st.tuples(st.sampled_from(PROTOCOLS), st.integers(1, 40), st.integers(1, 40)).map(
        lambda p: (p[0], min(p[1:]), max(p[1:]))
    ),
    max_size=5,
)


def plain(found: Parts) -> set[tuple[str, int]]:
    """The ports one by one."""
    return {(p, n) for p, a, b in found for n in range(a, b + 1)}


def members(ports: PortSet) -> set[tuple[str, int]]:
    """The ports of a set one by one, up to the fiftieth."""
    return {(p, n) for p in PROTOCOLS for n in range(1, 50) if ports.contains(p, n)}


@given(parts, parts)
def test_union_intersection_and_difference_are_those_of_sets(first: Parts, second: Parts) -> None:
    a, b = PortSet.of(first), PortSet.of(second)
    assert members(a.union(b)) == plain(first) | plain(second)
    assert members(a.intersection(b)) == plain(first) & plain(second)
    assert members(a.without(b)) == plain(first) - plain(second)
    assert a.complement().complement() == a


@given(parts)
def test_equal_sets_are_equal_values_however_they_are_made(found: Parts) -> None:
    one_by_one = PortSet.of((p, n, n) for p, n in plain(found))
    assert one_by_one == PortSet.of(reversed(found))
    assert hash(one_by_one) == hash(PortSet.of(found))


def test_they_print_as_people_know_it() -> None:
    some = PortSet.of([("UDP", 53, 53), ("TCP", 8000, 8090), ("TCP", 80, 80), ("TCP", 8091, 8091)])
    assert str(some) == "TCP 80,8000-8091,UDP 53"
    assert (str(ALL), str(NONE), str(ALL.complement())) == ("All Connections", "No Connections", "No Connections")
    assert str(PortSet.of([("TCP", 1, 65535)])) == "TCP 1-65535"


def test_ports_that_do_not_exist_are_left_out() -> None:
    assert PortSet.of([("TCP", 0, 70000)]) == PortSet.of([("TCP", 1, 65535)])
    assert not PortSet.of([("TCP", 70000, 70001)])
