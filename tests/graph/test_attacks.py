"""KubeHound's attack manifests: each file's named edge is found from that file, none is invented on the control."""

import os
from pathlib import Path

import pytest

from fourc.app.graph import Attacks, attacks_for
from fourc.app.request import Request
from fourc.model.step import Step

HERE = Path(__file__)
FOLDER = Path(os.environ.get("FOURC_ATTACKS", HERE.parents[3] / "shared" / "fixtures" / "attacks"))

# File: the edge, the object that it starts from, and what the evidence must name.
EDGES: dict[str, tuple[tuple[str, str, tuple[str, ...]], ...]] = {
    "CE_MODULE_LOAD": (("CE_MODULE_LOAD", "modload-pod", ("SYS_MODULE",)),),
    "CE_NET_MITM": (("CE_NET_MITM", "netadmin-pod", ("NET_ADMIN", "hostNetwork")),),
    "CE_NSENTER": (("CE_NSENTER", "nsenter-pod", ("hostPID", "privileged")),),
    "CE_SYS_PTRACE": (("CE_SYS_PTRACE", "sys-ptrace-pod", ("hostPID", "SYS_PTRACE")),),
    "CE_VAR_LOG_SYMLINK": (("CE_VAR_LOG_SYMLINK", "varlog-pod", ("/var/log", "pods/log")),),
    "EXPLOIT_HOST_READ_TRAVERSE": (
        ("EXPLOIT_HOST_READ", "host-ssh", ("/root/.ssh",)),
        ("EXPLOIT_HOST_TRAVERSE", "host-pod-dir", ("/var/lib/kubelet/pods",)),
    ),
    "IDENTITY_IMPERSONATE": (("IDENTITY_IMPERSONATE", "impersonate", ("impersonate users", "Role impersonate")),),
    "POD_EXEC": (("POD_EXEC", "exec-pods", ("pods/exec", "Role exec-pods")),),
    "ROLE_BIND_RB_R-SA": (
        ("ROLE_BIND", "rolebind-rb-r-rb-r", ("bind roles", "create rolebindings")),
        ("ROLE_BIND", "rolebind-rb-r-rb-crb", ("bind clusterroles", "create rolebindings")),
    ),
    "TOKEN_LIST": (("TOKEN_LIST", "list-secrets", ("list secrets",)),),
}
NAMED = {edge for rows in EDGES.values() for edge, _, _ in rows} | {"POD_CREATE", "POD_PATCH", "TOKEN_BRUTEFORCE"}


def attacks_in(*names: str) -> Attacks:
    paths = tuple(str(FOLDER / f"{name}.yaml") for name in names)
    if not all(Path(p).is_file() for p in paths):
        pytest.skip("the attack manifests are not there; FOURC_ATTACKS names their folder")
    return attacks_for(Request(paths))


def edges(attacks: Attacks, edge: str) -> list[tuple[str, Step]]:
    names = {n.id: n.name for n in attacks.graph.nodes}
    return [(names[s.source], s) for s in attacks.graph.steps if f"kubehound:{edge}" in s.references]


@pytest.mark.parametrize("name", EDGES)
def test_the_named_edge_is_found_with_the_right_evidence(name: str) -> None:
    attacks = attacks_in(name)
    for edge, source, words in EDGES[name]:
        found = [s for start, s in edges(attacks, edge) if start == source]
        assert found, (edge, source)
        assert all(word in found[0].evidence.en for word in words), found[0].evidence.en


def test_a_role_in_a_namespace_binds_no_cluster_role_for_the_cluster() -> None:
    assert [s for start, s in edges(attacks_in("ROLE_BIND_RB_R-SA"), "ROLE_BIND") if start.endswith("-fail")] == []


def test_users_and_groups_hold_what_their_bindings_give_them() -> None:
    attacks = attacks_in("ROLE_BIND_RB_R-SA", "ROLE_BIND_RB_R-UG")
    held = {n.id: n.name for n in attacks.graph.nodes}
    pairs = {(held[s.source], held[s.target]) for s in attacks.graph.steps if s.kind == "discover-permission"}
    assert {("group-rb-r-rb-r", "rolebind-rb-r-rb-r"), ("user-rb-r-rb-crb", "rolebind-rb-r-rb-crb")} <= pairs


def test_a_binding_to_a_role_that_was_not_read_grants_nothing_and_is_a_gap() -> None:
    attacks = attacks_in("ROLE_BIND_RB_R-UG")
    assert edges(attacks, "ROLE_BIND") == []
    assert "pod-bind-role-rb-r-rb-r-u" in {g.subject for g in attacks.report().gaps}


def test_nothing_is_invented_on_the_control() -> None:
    attacks = attacks_in("CONTROL_POD")
    assert [s.id for s in attacks.graph.steps if any(r.startswith("kubehound:") for r in s.references)] == []
