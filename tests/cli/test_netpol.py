"""`fourc netpol` as a person uses it, through the real command line."""

import json
from pathlib import Path
from textwrap import dedent

import pytest
from tests.reach.reading import pod

from fourc.cli.main import main

MESH = """
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: mesh, namespace: shop}
spec: {}
"""
POLICIES = """
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: shop}
spec:
  podSelector: {matchLabels: {app: db}}
  policyTypes: [Ingress, Egress]
  ingress:
    - from:
        - podSelector: {matchLabels: {app: web}}
      ports:
        - port: 5432
"""
LINES = """\
0.0.0.0-255.255.255.255[External] => shop/web[Pod] : All Connections
shop/web[Pod] => 0.0.0.0-255.255.255.255[External] : All Connections
shop/web[Pod] => shop/db[Pod] : TCP 5432
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A folder with two pods and one policy."""
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "pods.yaml").write_text(pod("web", labels="{app: web}") + pod("db", labels="{app: db}"))
    (folder / "policies.yaml").write_text(POLICIES)
    return folder


def said(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    """What the command prints."""
    assert main(["netpol", *words]) == code
    return capsys.readouterr().out


def test_list_prints_one_line_for_each_connection_and_nothing_else(
    capsys: pytest.CaptureFixture[str], shop: Path
) -> None:
    assert said(capsys, "list", str(shop)) == LINES


def test_focus_direction_peer_and_port_narrow_the_list(capsys: pytest.CaptureFixture[str], shop: Path) -> None:
    assert said(capsys, "list", str(shop), "--focus", "db") == LINES.splitlines(keepends=True)[2]
    assert said(capsys, "list", str(shop), "--focus", "shop/db", "--direction", "egress") == ""
    assert said(capsys, "list", str(shop), "--focus", "web", "--peer", "db") == LINES.splitlines(keepends=True)[2]
    assert said(capsys, "list", str(shop), "--on", "tcp-5432", "--focus", "db") == (
        "Permitted connections on TCP 5432:\nshop/web[Pod] => shop/db[Pod]\n"
    )


def test_exposure_says_to_whom_workloads_are_open_that_was_not_read(
    capsys: pytest.CaptureFixture[str], shop: Path
) -> None:
    text = said(capsys, "list", str(shop), "--exposure", "--focus", "web")
    assert text.partition("Exposure Analysis Result:\n")[2] == (
        "Egress Exposure:\n"
        "shop/web[Pod] \t=> \t0.0.0.0-255.255.255.255[External] : All Connections\n"
        "shop/web[Pod] \t=> \tentire-cluster : All Connections\n\n"
        "Ingress Exposure:\n"
        "shop/web[Pod] \t<= \t0.0.0.0-255.255.255.255[External] : All Connections\n"
        "shop/web[Pod] \t<= \tentire-cluster : All Connections\n\n"
        "Workloads not protected by network policies:\n"
        "shop/web[Pod] is not protected on Egress\n"
        "shop/web[Pod] is not protected on Ingress\n"
    )


def test_explain_names_policy_and_rule(capsys: pytest.CaptureFixture[str], shop: Path) -> None:
    words = ("list", str(shop), "--explain", "--focus", "db", "--peer", "web", "--direction", "ingress")
    assert main(["netpol", *words]) == 0
    text, places = capsys.readouterr()
    assert places.startswith("policies.yaml:9: NetworkPolicy 'shop/db' Ingress rule #1\n")
    assert "Connections between shop/web[Pod] => shop/db[Pod]:" in text
    assert "\t\t\tNetworkPolicy 'shop/db' allows connections by Ingress rule #1\n" in text
    assert "Denied TCP:[1-5431,5433-65535], UDP, SCTP due to" in text
    assert "Ingress rule #1 selects shop/web[Pod], but the protocols and ports do not match" in text


def test_json_says_why_with_file_and_line(capsys: pytest.CaptureFixture[str], shop: Path) -> None:
    report = json.loads(said(capsys, "list", str(shop), "-f", "json", "--focus", "db"))
    (found,) = report["connections"]
    assert (found["from"], found["to"], found["ports"]) == ("shop/web[Pod]", "shop/db[Pod]", "TCP 5432")
    out, into = found["why"]
    assert (out["direction"], out["policy"], out["verdict"]) == ("egress", None, "default")
    assert (into["policy"]["name"], into["rules"], into["path"], into["line"]) == ("db", ["#1"], "policies.yaml", 9)


def test_the_summary_counts_pods_and_ordered_pairs(capsys: pytest.CaptureFixture[str], shop: Path) -> None:
    assert json.loads(said(capsys, "list", str(shop), "--summary", "-f", "json")) == {
        "summary": {"pods": 2, "pairs": 1}
    }


def test_dot_and_html_hold_every_workload_and_connection(capsys: pytest.CaptureFixture[str], shop: Path) -> None:
    dot = said(capsys, "list", str(shop), "-f", "dot")
    assert '"shop/web[Pod]" -> "shop/db[Pod]" [label="TCP 5432"]' in dot
    page = said(capsys, "list", str(shop), "-f", "html")
    start, end = page.index('id="data">') + len('id="data">'), page.index("</script>")
    data = json.loads(page[start:end])
    names = [name for name, _ in data["ends"]]
    rows = {(names[a], names[b], ports) for a, b, ports, _ in data["connections"]}
    assert ("shop/web[Pod]", "shop/db[Pod]", "TCP 5432") in rows
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "")


def test_diff_names_what_changed_was_added_and_went(
    capsys: pytest.CaptureFixture[str], shop: Path, tmp_path: Path
) -> None:
    after = tmp_path / "after"
    after.mkdir()
    (after / "pods.yaml").write_text(
        pod("web", labels="{app: web}") + pod("db", labels="{app: db}") + pod("new", labels="{app: new}")
    )
    (after / "policies.yaml").write_text(POLICIES.replace("5432", "5433"))
    lines = said(capsys, "diff", str(shop), str(after)).splitlines()
    assert lines[0] == "Connectivity diff:"
    assert lines[1] == (
        "diff-type: changed, source: shop/web[Pod], destination: shop/db[Pod], dir1: TCP 5432, dir2: TCP 5433"
    )
    added = "diff-type: added, source: shop/web[Pod], destination: shop/new[Pod], dir1: No Connections, "
    assert f"{added}dir2: All Connections, workloads-diff-info: workload shop/new[Pod] added" in lines


def test_diff_of_equal_states_says_so_beside_an_empty_result(capsys: pytest.CaptureFixture[str], shop: Path) -> None:
    assert main(["netpol", "diff", str(shop), str(shop), "--lang", "en"]) == 0
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.splitlines()[0] == "nothing differs: both allow the same connections"
    assert printed.err.count("no-data: ") == 1
    assert main(["netpol", "diff", str(shop), str(shop), "-q"]) == 0
    assert capsys.readouterr() == ("", "")


def test_check_says_what_does_nothing_and_where_and_fails_where_asked_to(
    capsys: pytest.CaptureFixture[str], shop: Path
) -> None:
    (shop / "policies.yaml").write_text(POLICIES.replace("app: web", "app: wbe"))
    assert said(capsys, "check", str(shop), "--lang", "en") == (
        "policies.yaml:9: Wrong: rule #1 of db is about no pod that was read: it matches no connection."
        " [matches-nothing]\n"
    )
    chinese = said(capsys, "check", str(shop), "--lang", "zh-CN", "--exit-code", "1", code=1)
    assert chinese.startswith("policies.yaml:9: 错误：db 的规则 #1 没有匹配任何已读取的 Pod")


def test_check_exits_as_asked_only_where_something_is_wrong(capsys: pytest.CaptureFixture[str], shop: Path) -> None:
    said(capsys, "check", str(shop), "--exit-code", "7", code=0)
    (shop / "policies.yaml").write_text(POLICIES.replace("app: web", "app: wbe"))
    said(capsys, "check", str(shop), "--exit-code", "7", code=7)
    (shop / "broken.yaml").write_text("kind: [")
    said(capsys, "check", str(shop), "--exit-code", "7", code=3)


def test_check_says_where_there_is_no_policy(capsys: pytest.CaptureFixture[str], shop: Path) -> None:
    (shop / "policies.yaml").unlink()
    assert said(capsys, "check", str(shop), "--lang", "en") == "there are no network policies\n"
    assert said(capsys, "check", str(shop), "--lang", "zh-CN") == "没有网络策略\n"
    assert json.loads(said(capsys, "check", str(shop), "-f", "json"))["policies"] == 0
    (shop / "policies.yaml").write_text(POLICIES.replace("{app: db}", "{app: yes}"))
    assert said(capsys, "check", str(shop), "--lang", "en", code=3) == "there are no network policies\n"


def test_a_policy_that_the_cluster_refuses_isolates_nobody(capsys: pytest.CaptureFixture[str], shop: Path) -> None:
    (shop / "policies.yaml").write_text(POLICIES.replace("{app: db}", "{app: yes}"))
    assert "shop/db[Pod] => shop/web[Pod] : All Connections\n" in said(capsys, "list", str(shop), code=3)


def test_check_passes_on_good_policies_and_says_how_to_see_the_plug_in(
    capsys: pytest.CaptureFixture[str], shop: Path
) -> None:
    assert main(["netpol", "check", str(shop), "--lang", "en"]) == 0
    printed = capsys.readouterr()
    assert printed.out == "nothing is wrong with the network policies\n"
    assert "kubectl get daemonsets,configmaps -A -o yaml | fourc netpol check -" in printed.err
    assert main(["netpol", "check", str(shop), "--network-policies-enforced", "yes"]) == 0
    assert capsys.readouterr().err == ""


def test_a_policy_that_is_not_modelled_is_a_gap_with_its_kind(capsys: pytest.CaptureFixture[str], shop: Path) -> None:
    (shop / "mesh.yaml").write_text(dedent(MESH))
    report = json.loads(said(capsys, "list", str(shop), "-f", "json", "--network-policies-enforced", "yes", code=3))
    assert [(g["reason"], g["location"]["path"]) for g in report["gaps"]] == [("unsupported", "mesh.yaml")]
    assert "AuthorizationPolicy" in report["gaps"][0]["message"]


def test_above_a_thousand_workloads_classes_are_listed_unless_pairs_are_asked_for(
    capsys: pytest.CaptureFixture[str], shop: Path
) -> None:
    (shop / "more.yaml").write_text("".join(pod(f"w{i}", labels="{app: web}") for i in range(1000)))
    text = said(capsys, "list", str(shop))
    assert "shop/w0[Pod] and 1000 like it => shop/db[Pod] : TCP 5432\n" in text
    assert "shop/w0[Pod] and 1000 like it => shop/w0[Pod] and 1000 like it : All Connections\n" in text
    expanded = said(capsys, "list", str(shop), "--expand", "--focus", "db")
    assert expanded.count(" => shop/db[Pod] : TCP 5432\n") == 1001


def test_wrong_words_say_what_is_possible(capsys: pytest.CaptureFixture[str], shop: Path) -> None:
    assert main(["netpol"]) == 2
    assert "fourc netpol list|check|diff|synth DIR" in capsys.readouterr().err
    assert main(["netpol", "list", str(shop), "--on", "http"]) == 2
    assert "tcp-80" in capsys.readouterr().err
    assert main(["netpol", "list", str(shop / "nothing")]) == 2
