"""The truth of tests/fixtures/README.md, row by row: what bazaar must show, and what it must not."""

import re
import shutil
from functools import cache
from pathlib import Path

import pytest
from msgspec import Struct

from fourc.app.look import Seen, look
from fourc.app.request import Request
from fourc.cli.main import main
from fourc.model.exposure import Entry, Reach, entries
from fourc.model.finding import Finding
from fourc.model.gap import GapReason
from fourc.model.remedy import Remedy

FIXTURES = Path(__file__).parents[1] / "fixtures"
BAZAAR = FIXTURES / "bazaar"

WORKLOADS = {
    "mall-gateway": "yes",
    "mall-web": "yes",
    "mall-open": "yes",
    "mall-acl": "restricted",
    "mall-partner": "assumed",
    "mall-admin": "no",
}
ENTRIES = """
    public.yaml           Service gateway-public            yes
    public.yaml           Ingress web-public                yes
    public.yaml           Service mall-web                  no
    alibaba.yaml          Service admin-intranet            no
    alibaba.yaml          Service admin-intranet-old        no
    alibaba.yaml          Service admin-cert                no
    alibaba.yaml          Service admin-nlb                 no
    alibaba.yaml          Service acl-white                 restricted
    alibaba.yaml          Service acl-white-old             restricted
    alibaba.yaml          Service source-ranges             restricted
    alibaba.yaml          Service partner-reused            assumed
    alibaba.yaml          Service partner-reused-old        assumed
    other-clouds.yaml     Service admin-aws                 no
    other-clouds.yaml     Service admin-aws-old             no
    other-clouds.yaml     Service admin-gke                 no
    other-clouds.yaml     Service admin-gke-old             no
    other-clouds.yaml     Service admin-azure               no
    other-clouds.yaml     Service admin-tencent             no
    other-clouds.yaml     Service admin-huawei              no
    other-clouds.yaml     Service partner-tencent-reused    assumed
    other-clouds.yaml     Service partner-huawei-reused     assumed
    ingress-classes.yaml  Ingress admin-alb                 no
    ingress-classes.yaml  Ingress partner-alb               assumed
    ingress-classes.yaml  Ingress partner-mse               assumed
    ingress-classes.yaml  Ingress admin-nginx-internal      no
    ingress-classes.yaml  Service nginx-internal-lb         no
    ingress-classes.yaml  Service mall-admin                no
    ingress-classes.yaml  Service mall-partner              no
    lookalikes.yaml       Service open-explicit             yes
    lookalikes.yaml       Service open-acl-off              yes
    lookalikes.yaml       Service open-acl-black            yes
    lookalikes.yaml       Service open-source-ranges        yes
    lookalikes.yaml       Service open-aws                  yes
    lookalikes.yaml       Service open-azure                yes
    lookalikes.yaml       Service open-gke                  yes
    lookalikes.yaml       Service open-huawei               yes
    lookalikes.yaml       Service open-nlb                  yes
    nacos.yaml            StatefulSet nacos                 no
    xxl-job.yaml          Deployment xxl-job-admin          assumed
    ruoyi.yaml            Deployment ruoyi-admin            no
"""
AGENTS = """
    DaemonSet terway-eniip
    DaemonSet kube-flannel-ds
    DaemonSet csi-plugin
    DaemonSet node-local-dns
    DaemonSet logtail-ds
    DaemonSet loongcollector-ds
    DaemonSet ack-node-problem-detector-daemonset
    DaemonSet kube-proxy-worker
    DaemonSet nvidia-device-plugin-daemonset
    DaemonSet ack-koordlet
    DaemonSet node-exporter
    Deployment arms-prometheus-ack-arms-prometheus
    Deployment ack-koord-manager
"""
EXCEEDS = {
    ("nvidia-device-plugin-daemonset", "host-path-volume", "debug"),
    ("nvidia-device-plugin-daemonset", "sensitive-host-path", "debug"),
}

# What a container gets of the node, per file: object, container (- for the pod), and what.
HOLDS = """
    formats/crlf.yaml              crlf              app         privileged
    formats/bom.yaml               bom               app         privileged
    formats/crlf-bom.yaml          crlf-bom          app         privileged
    formats/mixed-endings.yaml     mixed-endings     app         privileged
    formats/no-final-newline.yaml  no-final-newline  app         privileged
    formats/utf16.yaml             utf16             app         privileged
    formats/chinese.yaml           chinese           app         privileged
    formats/flow.yaml              flow              app         privileged
    formats/flow.yaml              flow              -           hostPID
    formats/flow.yaml              flow              app         NET_ADMIN
    formats/flow.yaml              flow              app         SYS_TIME
    formats/anchors.yaml           anchors           app         privileged
    formats/anchors.yaml           anchors           sidecar     privileged
    formats/anchors.yaml           anchors           merged      privileged
    formats/app.json               json-app          app         privileged
    formats/minified.json          minified          -           hostNetwork
    formats/list.yaml              list-app          app         privileged
    formats/typed-list.yaml        typed-list        -           hostPID
    formats/yaml11-traps.yaml      yaml11            -           hostNetwork
    formats/yaml11-traps.yaml      yaml11            -           hostPID
    formats/yaml11-traps.yaml      yaml11            octal       privileged
    formats/yaml11-traps.yaml      yaml11            quoted      privileged
    formats/duplicate-keys.yaml    duplicate-keys    app         privileged
    formats/generate-name.yaml     stock-sync-       sync        privileged
    formats/no-namespace.yaml      no-namespace      app         privileged
    formats/documents.yaml         documents-first   app         privileged
    formats/documents.yaml         documents-last    -           hostNetwork
    custom/kruise.yaml             recommend         -           hostNetwork
    custom/kruise.yaml             seata             seata       privileged
    custom/rollout.yaml            pricing           pricing     SYS_PTRACE
    custom/trainingjob.yaml        ctr-model         worker      privileged
    custom/trainingjob.yaml        ctr-model         -           hostIPC
    custom/trainingjob.yaml        ctr-model         -           models
    apps/ruoyi.yaml                ruoyi-admin       -           upload
    platform/impostors.yaml        logtail-ds        logtail     privileged
    platform/impostors.yaml        logtail-ds        -           root
    platform/impostors.yaml        node-tuner        tuner       privileged
    platform/impostors.yaml        node-tuner        -           hostPID
    platform/owned.yaml            price-sync        price-sync  privileged
    platform/owned.yaml            cleanup           -           hostNetwork
    platform/owned.yaml            debug-wangwei     debug-wangwei  privileged
    platform/owned.yaml            coupon-6b9f8c7d5  -           hostPID
"""
TAKES = {
    "privileged-container",
    "host-namespace",
    "dangerous-capability",
    "host-takeover-capability",
    "host-path-volume",
}
# Text that kubectl refuses, or reads only with replacement characters.
UNREADABLE = {"formats/flow-brace-first.yaml", "formats/legacy-gbk.yaml", "formats/legacy-gbk-comment.yaml"}


class Row(Struct, frozen=True):
    """A row of a table above, split at two or more spaces."""

    cells: tuple[str, ...]

    def __str__(self) -> str:
        return " ".join(self.cells)


def rows(table: str) -> list[Row]:
    return [Row(tuple(re.split(r" {2,}", line.strip()))) for line in table.strip().splitlines()]


@cache
def seen() -> Seen:
    return look(Request((str(BAZAAR),)))


@cache
def every_entry() -> tuple[Entry, ...]:
    return entries(seen().collected.inventory)


def reaches(entry: Entry) -> str:
    return {Reach.INTERNET: "yes", Reach.ASSUMED_INTERNET: "assumed", Reach.INTERNAL: "no"}[entry.reach]


def judge(words: set[str], wanted: str, gap: bool, shown: str) -> None:
    """`restricted` is never open; where its list is not in the folder it is assumed, and then there is a gap."""
    if wanted == "restricted":
        assert words <= {"assumed", "no"}, shown
        assert gap is ("assumed" in words), shown
    else:
        assert words - {"no"} == {wanted} - {"no"}, shown
        assert gap is (wanted == "assumed"), shown


@pytest.mark.parametrize("row", rows(ENTRIES), ids=str)
def test_an_object_is_open_as_the_table_says(row: Row) -> None:
    file, named, wanted = row.cells
    kind, name = named.split()
    found = [e for e in every_entry() if Path(e.via.origin.path).name == file]
    opens = kind in {"Service", "Ingress"}
    mine = [e for e in found if (e.via.name if opens else e.workload.meta.name) == name]
    assert wanted == "no" or mine
    about = [g for g in seen().gaps if g.subject is not None and str(g.subject).rpartition("/")[2] == name]
    gap = any(g.location is not None and Path(g.location.path).name == file for g in about)
    judge({reaches(e) for e in mine}, wanted, gap, str(row))
    assert all((g.reason, g.named) == (GapReason.NO_DATA, False) for g in about)


@pytest.mark.parametrize(("name", "wanted"), WORKLOADS.items())
def test_a_workload_is_open_as_the_table_says(name: str, wanted: str) -> None:
    words = {reaches(e) for e in every_entry() if e.workload.meta.name == name}
    assert words - {"no"} <= {"assumed" if wanted == "restricted" else wanted} - {"no"}
    assert wanted in {"no", "restricted"} or wanted in words


def test_a_certificate_at_the_load_balancer_or_for_the_host_is_tls() -> None:
    encrypted = {e.via.name for e in every_entry() if e.encrypted}
    assert {"admin-cert", "web-public", "admin-alb"} <= encrypted
    without = {f.subject.name for f in seen().findings if f.rule == "ingress-without-tls"}
    assert "web-public" not in without


@pytest.mark.parametrize("row", rows(AGENTS), ids=str)
def test_an_agent_is_one_of_a_group_and_no_way_in(row: Row) -> None:
    kind, name = row.cells[0].split()
    programs = {(ref.kind, ref.name) for ref, _ in seen().platform.programs}
    assert (kind, name) in programs
    at = "platform/agents.yaml"
    found = [f for f in seen().findings if f.subject.name == name and f.origin.path == at]
    assert {(name, f.rule, f.detail) for f in found} == {e for e in EXCEEDS if e[0] == name}
    open_ones = {reaches(e) for e in every_entry() if e.workload.meta.name == name and e.via.origin.path == at}
    assert open_ones <= {"no"}


def test_an_agents_name_alone_makes_no_agent() -> None:
    programs = {(ref.namespace, ref.name) for ref, _ in seen().platform.programs}
    assert len(programs) == len(rows(AGENTS))
    assert not {("bazaar", "logtail-ds"), ("kube-system", "node-tuner")} & programs
    for name in ("logtail-ds", "node-tuner"):
        rules = {
            f.rule for f in seen().findings if f.subject.name == name and f.origin.path == "platform/impostors.yaml"
        }
        assert {"privileged-container", "capabilities-not-dropped", "missing-memory-limit"} <= rules


def held(finding: Finding) -> tuple[str, str, str, str]:
    what = "privileged" if finding.rule == "privileged-container" else finding.detail
    return finding.origin.path, finding.subject.name, finding.container or "-", what


def test_what_each_file_takes_of_the_node_and_nothing_else() -> None:
    found = [held(f) for f in seen().findings if f.rule in TAKES and not f.origin.path.endswith("agents.yaml")]
    assert sorted(found) == sorted(row.cells for row in rows(HOLDS))


def test_pods_and_replica_sets_fold_into_the_owner_that_is_there() -> None:
    kinds = {(w.meta.kind, w.meta.name) for w in seen().collected.inventory.workloads if "owned" in w.meta.origin.path}
    assert kinds == {
        ("Deployment", "price-sync"),
        ("CronJob", "cleanup"),
        ("Pod", "debug-wangwei"),
        ("ReplicaSet", "coupon-6b9f8c7d5"),
    }


def test_what_cannot_be_read_is_a_gap_and_what_is_no_manifest_is_not() -> None:
    paths = {g.location.path for g in seen().gaps if g.location and g.reason is not GapReason.NO_DATA}
    assert paths == UNREADABLE
    assert not [f for f in seen().findings if f.origin.path == "formats/foreign.yaml"]


def test_values_are_what_kubectl_makes_of_them() -> None:
    workload = next(w for w in seen().collected.inventory.workloads if w.meta.name == "yaml11")
    assert (workload.replicas, workload.pod.automount_token) == (8, False)
    assert (workload.pod.host_network, workload.pod.host_pid, workload.pod.host_ipc) == (True, True, False)
    contexts = {c.name: c.security for c in workload.pod.containers}
    assert {n: (s.privileged, s.run_as_user, s.run_as_non_root) for n, s in contexts.items()} == {
        "octal": (True, 0, None),
        "quoted": (True, 0, True),
        "plain": (None, 1000, None),
    }
    assert contexts["plain"].read_only_root is True
    nameless = next(w for w in seen().collected.inventory.workloads if w.meta.name == "no-namespace")
    assert not nameless.meta.namespace_written


def test_columns_are_characters_of_the_line() -> None:
    for path in ("formats/chinese.yaml", "formats/bom.yaml", "formats/crlf-bom.yaml"):
        text = (BAZAAR / path).read_bytes().decode("utf-8-sig").split("\n")
        (place,) = [f.location for f in seen().findings if f.origin.path == path and f.rule == "privileged-container"]
        assert place is not None
        assert text[place.line - 1][place.column - 1 :].startswith("privileged")


def test_kinds_of_others_are_workloads_where_they_hold_a_pod() -> None:
    custom = {
        (w.meta.kind, w.meta.group, w.meta.name)
        for w in seen().collected.inventory.workloads
        if "custom/" in w.meta.origin.path
    }
    assert {
        ("CloneSet", "apps.kruise.io", "recommend"),
        ("StatefulSet", "apps.kruise.io", "seata"),
        ("Rollout", "argoproj.io", "pricing"),
        ("Service", "serving.knative.dev", "thumbnail"),
        ("TrainingJob", "ml.bazaar.example.cn", "ctr-model"),
    } <= custom
    assert "MailTemplate" not in {kind for kind, _, _ in custom}
    rules = {(f.subject.name, f.rule) for f in seen().findings if f.origin.path.startswith("custom/")}
    assert ("thumbnail", "privilege-escalation-allowed") in rules
    assert not [e for e in every_entry() if e.workload.meta.name == "thumbnail" and e.reach is not Reach.INTERNAL]


def test_secrets_in_plain_and_namespaces_that_enforce_nothing() -> None:
    found = {(f.subject.name, f.rule, f.detail) for f in seen().findings}
    assert {
        ("nacos", "credential-in-env", "MYSQL_SERVICE_PASSWORD"),
        ("xxl-job-admin", "credential-in-env", "PARAMS"),
        ("ruoyi-config", "credential-in-config-map", "application-prod.yml:password"),
        ("ruoyi-config", "credential-in-config-map", "application-prod.yml:secret"),
    } <= found
    rules = {(f.subject.name, f.rule) for f in seen().findings}
    assert {("ruoyi-admin", "mutable-image-tag"), ("bazaar", "namespace-without-pod-security")} <= rules
    assert ("middleware", "namespace-without-pod-security") in rules


def test_fixing_everything_keeps_what_makes_each_file_special(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = Path(shutil.copytree(BAZAAR, tmp_path / "bazaar"))
    main(["fix", "all", str(root), "--upto", "decision", "--apply"])
    capsys.readouterr()
    files = {p.name: p.read_bytes() for p in (root / "formats").iterdir()}
    was = {p.name: p.read_bytes() for p in (BAZAAR / "formats").iterdir()}
    for name in ("crlf.yaml", "crlf-bom.yaml"):
        assert files[name] != was[name]
        assert files[name].count(b"\n") == files[name].count(b"\r\n"), name
    head, _, tail = files["mixed-endings.yaml"].partition(b"template:")
    assert b"\r\n" not in head
    assert tail.count(b"\r\n") >= was["mixed-endings.yaml"].count(b"\r\n")
    for name in ("bom.yaml", "crlf-bom.yaml"):
        assert files[name].startswith(b"\xef\xbb\xbf")
    assert not files["no-final-newline.yaml"].endswith(b"\n")
    assert not files["minified.json"].endswith(b"\n")
    assert files["utf16.yaml"][:2] == b"\xff\xfe"
    assert files["utf16.yaml"].decode("utf-16").count("\n") == files["utf16.yaml"].decode("utf-16").count("\r\n")
    for name in ("foreign.yaml", "flow-brace-first.yaml", "legacy-gbk.yaml", "legacy-gbk-comment.yaml"):
        assert files[name] == was[name], name
    again = look(Request((str(root),)))
    left = {held(f) for f in again.findings if f.rule == "privileged-container" and isinstance(f.fix, Remedy)}
    assert {path for path, *_ in left if path.startswith("formats/")} <= {
        "formats/anchors.yaml",  # one place serves three
        "formats/duplicate-keys.yaml",  # which of the two keys is meant?
    }


def test_the_tables_here_name_every_object_of_the_tables_there() -> None:
    text = (FIXTURES / "README.md").read_text("utf-8")
    kinds = "(?:Service|Ingress|DaemonSet|Deployment|StatefulSet)s?"
    objects = re.findall(rf"^\| ([\w-]+\.(?:yaml|json)) \| {kinds} ([\w, -]+?)(?: \(.*?\))? \|", text, re.MULTILINE)
    here = Path(__file__).read_text("utf-8")
    missing = [name for _, names in objects for name in names.split(", ") if not re.search(rf"\b{name}\b", here)]
    assert missing == []
    files = re.findall(r"^\| ([\w-]+\.(?:yaml|json)) \|", text, re.MULTILINE)
    assert [
        f for f in files if f not in here and f not in {"spark.yaml", "knative.yaml", "namespaces.yaml", "agents.yaml"}
    ] == []
