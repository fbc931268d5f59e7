"""`netpol synth` as a person uses it: the folder that it writes, what it refuses, and real systems."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from tests.flows.system import app

from fourc.app.look import look
from fourc.app.request import Request
from fourc.app.synth import Wish, parse_addresses, synth
from fourc.cli.main import main
from fourc.errors import UsageError
from fourc.model.netpol import SynthReport
from fourc.model.text import Lang
from fourc.report.synth_json import render
from fourc.report.synth_text import synth_lines

SHARED = Path(__file__).parents[3] / "shared" / "fixtures"
DEMO = Path(os.environ.get("FOURC_MICROSERVICES_DEMO", SHARED / "real" / "microservices-demo"))
SHOP = Path(__file__).parents[2] / "examples" / "shop"

# The call graph of the project's own documentation (docs/img/architecture-diagram.png of microservices-demo).
CALLS = {
    "frontend": {"cartservice", "productcatalogservice", "currencyservice", "recommendationservice", "shippingservice",
                 "checkoutservice", "adservice"},
    "checkoutservice": {"paymentservice", "emailservice", "shippingservice", "currencyservice", "cartservice",
                        "productcatalogservice"},
    "recommendationservice": {"productcatalogservice"},
    "cartservice": {"redis-cart"},
    "loadgenerator": {"frontend"},
}  # fmt: skip


def run(tree: Path, out: Path, *flows: str, lang: Lang = Lang.EN) -> SynthReport:
    """One run."""
    return synth(Wish(Request((str(tree),)), out, flows, {}, lang))


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Two workloads, one of which calls the other."""
    folder = tmp_path / "tree"
    folder.mkdir()
    pay = "env: [{name: PAY, value: 'http://pay.pay'}]"
    (folder / "all.yaml").write_text(app("cart", container=pay) + app("pay", "pay"))
    return folder


def snapshot(folder: Path) -> dict[str, bytes]:
    """Every file of a folder."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.mark.parametrize("part", ["kubernetes-manifests", "release"])
def test_the_documented_call_graph_of_the_microservices_demo_is_kept_and_the_rest_closed(
    tmp_path: Path, part: str
) -> None:
    if not (DEMO / part).is_dir():
        pytest.skip("microservices-demo is not there; FOURC_MICROSERVICES_DEMO names its folder")
    report = run(DEMO / part, tmp_path / "out")
    found = {(f.source.ref.name, f.target.ref.name) for f in report.needed.flows if f.source.ref and f.target.ref}
    assert found == {(source, target) for source, targets in CALLS.items() for target in targets}
    assert report.proof.broken == ()
    assert set(report.proof.denied.values()) == {True}
    assert report.proof.closed >= 0.9
    assert look(Request((str(tmp_path / "out"),))).findings == ()


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl is not installed")
def test_kubectl_reads_every_file(tmp_path: Path) -> None:
    report = run(SHOP, tmp_path / "out")
    for path in report.files:
        if path.endswith(".yaml"):
            file = str(tmp_path / "out" / path)
            done = subprocess.run(
                ["kubectl", "label", "--local", "-f", file, "read=yes", "-o", "name"],
                capture_output=True,
                text=True,
                check=True,
            )
            assert done.stdout.startswith("networkpolicy.networking.k8s.io/")


def test_the_example_keeps_what_it_needs_and_its_policies_are_clean(tmp_path: Path) -> None:
    report = run(SHOP, tmp_path / "out")
    assert report.proof.broken == ()
    assert set(report.proof.denied.values()) == {True}
    assert look(Request((str(tmp_path / "out"),))).findings == ()
    # What only an overlay puts into its namespace is found there.
    assert ("shop/web", "shop/uploads") in {(str(f.source.ref), str(f.target.ref)) for f in report.needed.flows}


def test_two_runs_write_and_print_the_same_bytes(tree: Path, tmp_path: Path) -> None:
    first = run(tree, tmp_path / "out")
    before, printed = snapshot(tmp_path / "out"), render(first, Lang.EN)
    second = run(tree, tmp_path / "out")
    assert snapshot(tmp_path / "out") == before
    assert render(second, Lang.EN) == printed
    assert list(synth_lines(first, Lang.EN)) == list(synth_lines(second, Lang.EN))


def test_output_inside_the_tree_is_not_read_as_its_policies(tree: Path) -> None:
    first = run(tree, tree / "netpol")
    before = snapshot(tree / "netpol")
    again = run(tree, tree / "netpol")
    assert snapshot(tree / "netpol") == before
    assert again.proof == first.proof


def test_what_is_not_made_any_more_goes_away(tree: Path, tmp_path: Path) -> None:
    run(tree, tmp_path / "out")
    (tree / "all.yaml").write_text(app("cart"))
    run(tree, tmp_path / "out")
    assert {p.split("/")[1] for p in snapshot(tmp_path / "out") if "/" in p} == {"shop"}


def test_a_folder_with_other_files_is_refused_and_left_alone(tree: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    with pytest.raises(UsageError, match=r"mine\.txt"):
        run(tree, tmp_path / "out")
    assert snapshot(tmp_path / "out") == {"mine.txt": b"mine"}


def test_a_policy_that_was_changed_by_hand_is_not_overwritten(tree: Path, tmp_path: Path) -> None:
    run(tree, tmp_path / "out")
    file = tmp_path / "out" / "1-incoming" / "pay" / "pay-incoming.yaml"
    file.write_text(file.read_text() + "# filled in\n")
    before = snapshot(tmp_path / "out")
    with pytest.raises(UsageError, match="changed after"):
        run(tree, tmp_path / "out")
    assert snapshot(tmp_path / "out") == before


def test_a_file_in_the_folders_place_is_refused(tree: Path, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    with pytest.raises(UsageError, match="is a file"):
        run(tree, tmp_path / "out")


def test_a_link_in_the_folder_is_not_followed(tree: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "1-incoming").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UsageError, match="1-incoming"):
        run(tree, tmp_path / "out")
    assert snapshot(tmp_path / "elsewhere") == {}


def test_hostile_names_stay_in_the_folder_and_out_of_the_shell(tmp_path: Path) -> None:
    (tmp_path / "tree").mkdir()
    evil = """apiVersion: apps/v1
kind: Deployment
metadata: {name: "../../evil; touch x", namespace: "../up$(id)"}
spec:
  template:
    metadata: {labels: {"a b": "x\\n  - y: \\"z"}}
    spec: {containers: [{name: c, image: i, env: [{name: H, value: "http://a.example.com"}]}]}
"""
    (tmp_path / "tree" / "all.yaml").write_text(evil)
    report = run(tmp_path / "tree", tmp_path / "out")
    assert {p.parent.parent for p in (tmp_path / "out").rglob("*.yaml")} <= set((tmp_path / "out").iterdir())
    assert [p.name for p in sorted(tmp_path.iterdir())] == ["out", "tree"]
    script = (tmp_path / "out" / "rollback.sh").read_text()
    assert "-n '../up$(id)' " in script
    assert report.proof.broken == ()
    for file in (tmp_path / "out").rglob("*.yaml"):
        (policy,) = yaml.safe_load_all(file.read_text())
        assert policy["metadata"]["namespace"] == "../up$(id)"


def test_a_tree_without_manifests_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "tree").mkdir()
    report = run(tmp_path / "tree", tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert any("nothing for which a policy" in line for line in synth_lines(report, Lang.EN))


@pytest.mark.parametrize("word", ["db", "db=", "db=x", "db=10.0.0.1/99", "db=10.0.0.7/24"])
def test_an_address_that_is_none_is_refused(word: str) -> None:
    with pytest.raises(UsageError, match="HOST=CIDR"):
        parse_addresses([word])


def test_addresses_by_host() -> None:
    assert parse_addresses(["DB=10.0.0.1", "db=10.0.1.0/24,fd00::/8"]) == {
        "db": ("10.0.0.1/32", "10.0.1.0/24", "fd00::/8")
    }


def test_observed_flows_open_what_no_manifest_names(tree: Path, tmp_path: Path) -> None:
    flows = tmp_path / "seen.csv"
    flows.write_text("source,target,port\npay/pay,shop/cart,8080\nbroken\n")
    report = run(tree, tmp_path / "out", str(flows))
    text = (tmp_path / "out" / "1-incoming" / "shop" / "cart-incoming.yaml").read_text()
    assert f"observed {flows}:2" in text
    assert report.proof.broken == ()
    assert [g.location.line for g in report.gaps if g.location and g.named] == [3]


def test_pods_of_a_dump_give_addresses_their_names(tree: Path, tmp_path: Path) -> None:
    pod = """apiVersion: v1
kind: Pod
metadata:
  name: cart-5d4f8c7b9-abcde
  namespace: shop
  labels: {app: cart}
  ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: cart-5d4f8c7b9, controller: true, uid: u}]
spec: {containers: [{name: main, image: x}]}
status: {podIP: 10.0.0.5}
"""
    (tree / "pods.yaml").write_text(pod)
    flows = tmp_path / "ct"
    flows.write_text(
        "tcp 6 1 ESTABLISHED src=10.0.0.5 dst=192.0.2.9 sport=4 dport=5432 "
        "src=192.0.2.9 dst=10.0.0.5 sport=5432 dport=4 [ASSURED]\n"
    )
    report = run(tree, tmp_path / "out", str(flows))
    assert ("shop/cart[Deployment]", "192.0.2.9/32", "TCP 5432") in {
        (str(f.source), str(f.target), str(f.port)) for f in report.needed.flows
    }
    assert report.proof.broken == ()


def test_the_command_prints_its_proof_in_both_languages(
    tree: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "out")
    assert main(["netpol", "synth", str(tree), "-o", out, "--lang", "en"]) == 0
    english = capsys.readouterr().out
    assert "needed connections are allowed" in english
    assert "100 % of the 1 pairs" in english
    assert main(["netpol", "synth", str(tree), "-o", str(tmp_path / "zh"), "--lang", "zh-CN"]) == 0
    chinese = capsys.readouterr().out
    assert "必需的连接" in chinese
    assert "需要" in (tmp_path / "zh" / "ROLLOUT.md").read_text()
    assert main(["netpol", "synth", str(tree), "-o", out, "-f", "json", "--lang", "en"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["synth"]["proof"]["holds"] is True
    flow = next(f for f in report["synth"]["needed"] if f["to"].get("name") == "pay/pay")
    assert flow["evidence"] == [{"kind": "env", "where": "all.yaml:14 (pay.pay)", "says": "pay.pay"}]


def test_a_broken_line_of_flows_makes_the_run_incomplete(tree: Path, tmp_path: Path) -> None:
    (tmp_path / "f").write_text("source,target\nx,\n")
    assert main(["netpol", "synth", str(tree), "-o", str(tmp_path / "out"), "--flows", str(tmp_path / "f")]) == 3


def test_what_could_not_be_read_makes_the_run_incomplete_and_a_chart_without_helm_is_told(
    tree: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tree / "chart").mkdir()
    (tree / "chart" / "Chart.yaml").write_text("apiVersion: v2\nname: c\nversion: 1.0.0\n")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main(["netpol", "synth", str(tree), "-o", str(tmp_path / "out"), "--lang", "en"]) == 0
    assert "1 charts were not rendered: helm is not installed" in capsys.readouterr().out
    (tree / "bad.yaml").write_text("a: [\n")
    assert main(["netpol", "synth", str(tree), "-o", str(tmp_path / "out"), "--lang", "en"]) == 3
    assert "not seen: bad.yaml" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("image", "line"),
    [
        ("docker.io/flannel/flannel:v0.25.1", "NO   Flannel alone enforces no network policy"),
        ("docker.io/calico/node:v3.27.0", "yes  Calico enforces network policies"),
        ("registry.example.com/x:1", "     no network plug-in was read"),
    ],
)
def test_whether_policies_have_any_effect_is_said(tree: Path, tmp_path: Path, image: str, line: str) -> None:
    (tree / "cni.yaml").write_text(f"""apiVersion: apps/v1
kind: DaemonSet
metadata: {{name: kube-flannel-ds, namespace: kube-system}}
spec: {{template: {{metadata: {{labels: {{a: b}}}}, spec: {{hostNetwork: true, containers: [{{name: c, image: '{image}'}}]}}}}}}
""")
    report = run(tree, tmp_path / "out")
    assert [text for text in synth_lines(report, Lang.EN) if line in text]
