"""Files of observed connections: every form, and every broken line a gap of its own."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fourc.collect.limits import Limits
from fourc.collect.talk.sightings import read_sightings
from fourc.model.flows import EvidenceKind
from fourc.model.gap import GapReason

Row = tuple[str, str, int | None, str]


def read(folder: Path, text: str) -> tuple[list[Row], list[tuple[GapReason, int]]]:
    """The rows and the gaps with their lines."""
    file = folder / "flows"
    file.write_text(text, "utf-8")
    found, gaps = read_sightings(file, "flows")
    rows = [(s.source, s.target, s.port, s.protocol) for s in found]
    return rows, [(g.reason, g.location.line if g.location else 0) for g in gaps]


def hubble(**changes: object) -> str:
    """One line as hubble prints it."""
    flow: dict[str, object] = {
        "verdict": "FORWARDED",
        "IP": {"source": "10.0.0.1", "destination": "10.0.0.2"},
        "l4": {"TCP": {"source_port": 41234, "destination_port": 8080, "flags": {"SYN": True}}},
        "source": {
            "namespace": "shop",
            "labels": ["k8s:app=cart"],
            "pod_name": "cart-1",
            "workloads": [{"name": "cart"}],
        },
        "destination": {"namespace": "pay", "pod_name": "pay-0"},
        "is_reply": False,
    }
    return json.dumps({"flow": flow | changes, "node_name": "n", "time": "2026-01-01T00:00:00Z"})


def test_a_forwarded_flow_of_hubble_is_a_connection(tmp_path: Path) -> None:
    assert read(tmp_path, hubble() + "\n" + hubble()) == ([("shop/cart", "pay/pay-0", 8080, "TCP")], [])


def test_the_flat_form_of_hubble_is_read_too(tmp_path: Path) -> None:
    assert read(tmp_path, json.dumps(json.loads(hubble())["flow"]) + "\n" + hubble())[0][0][:2] == (
        "shop/cart",
        "pay/pay-0",
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"is_reply": True},
        {"verdict": "DROPPED"},
        {"l4": {"ICMPv4": {"type": 8}}},
        {
            "l4": {"UDP": {"destination_port": 53}},
            "destination": {"namespace": "kube-system", "pod_name": "d", "labels": ["k8s:k8s-app=kube-dns"]},
        },
        {"is_reply": None, "l4": {"TCP": {"destination_port": 41234, "flags": {"SYN": True, "ACK": True}}}},
    ],
)
def test_answers_drops_pings_and_look_ups_are_no_connections(tmp_path: Path, changes: dict[str, object]) -> None:
    assert read(tmp_path, hubble(**changes) + "\n" + hubble()) == ([("shop/cart", "pay/pay-0", 8080, "TCP")], [])


@pytest.mark.parametrize(
    ("changes", "source", "target"),
    [
        ({"source": {"labels": ["reserved:world"]}}, "anywhere", "pay/pay-0"),
        ({"source": {"labels": ["reserved:kube-apiserver", "reserved:remote-node"]}}, "api-server", "pay/pay-0"),
        (
            {"destination": {"labels": ["reserved:world"]}, "destination_names": ["db.example.com"]},
            "shop/cart",
            "db.example.com",
        ),
        ({"destination": {"labels": ["reserved:world"]}}, "shop/cart", "10.0.0.2"),
    ],
)
def test_hubbles_reserved_ends(tmp_path: Path, changes: dict[str, object], source: str, target: str) -> None:
    assert read(tmp_path, hubble(**changes) + "\n" + hubble())[0][0][:2] == (source, target)


CONNTRACK = """\
tcp 6 431999 ESTABLISHED src=10.0.0.1 dst=10.96.0.7 sport=40000 dport=80 src=10.0.0.9 dst=10.0.0.1 sport=8080 dport=40000 use=1
ipv4 2 udp 17 20 src=10.0.0.1 dst=10.96.0.10 sport=4000 dport=53 src=10.0.0.3 dst=10.0.0.1 sport=53 dport=4000 use=1
tcp 6 9 SYN_SENT src=10.0.0.1 dst=10.0.0.8 sport=4001 dport=81 [UNREPLIED] src=10.0.0.8 dst=10.0.0.1 sport=81 dport=4001 use=1
icmp 1 29 src=10.0.0.1 dst=10.0.0.2 type=8 code=0 id=1 src=10.0.0.2 dst=10.0.0.1 type=0 code=0 id=1 use=1
"""


def test_conntrack_names_the_pod_behind_a_services_address(tmp_path: Path) -> None:
    assert read(tmp_path, CONNTRACK) == ([("10.0.0.1", "10.0.0.9", 8080, "TCP")], [])


def test_a_table_has_one_header_and_may_leave_out_ports(tmp_path: Path) -> None:
    text = "# seen last week\nSource,target,port,protocol,note\nshop/cart,pay/pay,80,,x\nanywhere,shop/cart,,\na,b,53,udp\n"
    assert read(tmp_path, text) == (
        [("shop/cart", "pay/pay", 80, "TCP"), ("anywhere", "shop/cart", None, "TCP"), ("a", "b", 53, "UDP")],
        [],
    )


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"{hubble()}\n{{broken\n{hubble()}\n", 2),
        (f"{hubble()}\n[]\n", 2),
        (CONNTRACK + "tcp 6 1 ESTABLISHED src=1.1.1.1 dst=2.2.2.2\n", 5),
        ("source,target,port\na,b,99999\n", 2),
        ("source,target,port\na,,1\n", 2),
        ("source,target,port,protocol\na,b,1,icmp\n", 2),
    ],
)
def test_a_broken_line_is_a_gap_and_hides_no_other(tmp_path: Path, text: str, line: int) -> None:
    rows, gaps = read(tmp_path, text)
    assert gaps == [(GapReason.MALFORMED, line)]
    assert rows or "source" in text


@pytest.mark.parametrize("text", ["hello\nworld\n", "{}", "[1]", '{"applications": {}}'])
def test_another_form_is_said_to_be_unknown(tmp_path: Path, text: str) -> None:
    rows, gaps = read(tmp_path, text)
    assert rows == []
    assert [reason for reason, _ in gaps] in ([GapReason.UNSUPPORTED], [GapReason.MALFORMED])


def test_an_empty_file_holds_nothing(tmp_path: Path) -> None:
    assert read(tmp_path, "\n") == ([], [])


def test_a_missing_file_is_a_gap(tmp_path: Path) -> None:
    _, gaps = read_sightings(tmp_path / "gone", "gone")
    assert [g.location.path for g in gaps if g.location] == ["gone"]


def test_gaps_are_bounded(tmp_path: Path) -> None:
    text = "source,target\n" + "a,\n" * 500
    file = tmp_path / "flows"
    file.write_text(text)
    _, gaps = read_sightings(file, "flows", Limits(gaps=10))
    assert len(gaps) == 11


def test_exports_of_registries(tmp_path: Path) -> None:
    nacos = {"subscribers": [
        {"ip": "10.0.0.1", "app": "order", "serviceName": "DEFAULT_GROUP@@user"},
        {"ip": "10.0.0.2", "app": "unknown", "serviceName": "DEFAULT_GROUP@@user"},
    ]}  # fmt: skip
    assert [r[:2] for r in read(tmp_path, json.dumps(nacos))[0]] == [("order", "user"), ("10.0.0.2", "user")]
    consul = [
        {"SourceName": "web", "DestinationName": "api", "Action": "allow"},
        {"SourceName": "web", "DestinationName": "db", "Action": "deny"},
        {"SourceName": "*", "DestinationName": "db", "Action": "allow"},
    ]
    assert [r[:2] for r in read(tmp_path, json.dumps(consul))[0]] == [("web", "api")]
    dubbo = """dubbo%3A%2F%2F10.0.0.4%3A20880%2Fx.OrderService%3Fapplication%3Dorder%26interface%3Dx.OrderService
consumer://10.0.0.5/x.OrderService?application=web&interface=x.OrderService
"""
    assert read(tmp_path, dubbo)[0] == [("web", "order", 20880, "TCP")]
    found, _ = read_sightings(tmp_path / "flows", "flows")
    assert {s.kind for s in found} == {EvidenceKind.REGISTRY}


@given(st.text(max_size=300))
def test_no_text_makes_it_fail(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.mktemp("any")
    for start in ("", "source,target,port\n", hubble() + "\n", CONNTRACK):
        (folder / "flows").write_bytes((start + text).encode("utf-8", "replace"))
        read_sightings(folder / "flows", "flows")
