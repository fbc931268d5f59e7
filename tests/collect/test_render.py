"""Charts and overlays, rendered by the tools that the user has, and never over the network."""

import json
import shutil
import sys
import time
from pathlib import Path

import pytest

from fourc.collect.limits import Limits, Options
from fourc.collect.manifests.collect import collect_manifests
from fourc.collect.manifests.collected import Collected
from fourc.collect.process import Ending, run
from fourc.model.subject import Ref

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec: {template: {spec: {containers: [{name: web, image: nginx}]}}}
"""
PATCH = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec: {template: {spec: {hostNetwork: true}}}
"""
needs_kubectl = pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl is not installed")
needs_helm = pytest.mark.skipif(shutil.which("helm") is None, reason="helm is not installed")


def write(root: Path, files: dict[str, str]) -> Path:
    """The folder with the files in it."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return root


def gaps(collected: Collected) -> list[tuple[str, str, bool]]:
    """Reason, path and `named` of every gap."""
    return [(g.reason.value, g.location.path, g.named) for g in collected.gaps if g.location]


def workloads(collected: Collected) -> list[tuple[str, str, str | None]]:
    """Name, path and tool of every workload."""
    return [(w.meta.name, w.meta.origin.path, w.meta.origin.rendered_by) for w in collected.inventory.workloads]


SHOP = {
    "base/kustomization.yaml": "resources: [web.yaml]\n",
    "base/web.yaml": DEPLOYMENT,
    "prod/kustomization.yaml": "namespace: prod\nnamePrefix: p-\nresources: [../base, own.yaml]\n"
    "patches: [{path: host.yaml}]\nconfigMapGenerator: [{name: conf, literals: [url=https://example.com]}]\n",
    "prod/host.yaml": PATCH,
    "prod/own.yaml": "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: own}\n",
    "part/kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n",
}


@needs_kubectl
def test_an_overlay_adds_what_stands_in_no_file_and_says_where_else_an_object_is_seen(tmp_path: Path) -> None:
    result = collect_manifests(write(tmp_path, SHOP))
    assert gaps(result) == []
    assert workloads(result) == [("web", "base/web.yaml", None)]
    assert not result.inventory.workloads[0].pod.host_network
    (generated,) = result.inventory.data
    assert (generated.meta.name.partition("-conf-")[0], generated.meta.namespace) == ("p", "prod")
    assert (generated.meta.origin.path, generated.meta.origin.rendered_by) == ("prod/kustomization.yaml", "kustomize")
    sights = result.sights[Ref("Deployment", "default", "web"), "base/web.yaml"]
    assert [(o.path, o.rendered_by) for o in sights] == [("prod/kustomization.yaml", "kustomize")]
    (variant,) = result.variants.workloads
    assert (variant.meta.name, variant.meta.namespace, variant.pod.host_network) == ("p-web", "prod", True)
    coverage = result.coverage
    assert coverage.overlays == coverage.rendered == ("prod/kustomization.yaml",)
    assert (coverage.components, coverage.patches) == (("part/kustomization.yaml",), ("prod/host.yaml",))
    assert "kustomize" in coverage.tools


def test_without_the_tools_the_files_are_read_and_coverage_names_what_was_not_rendered(tmp_path: Path) -> None:
    write(tmp_path, {**SHOP, "chart/Chart.yaml": "name: c\n", "chart/templates/a.yaml": "{{ x }}\n"})
    result = collect_manifests(tmp_path, (), Options(tools=str(tmp_path)))
    assert (workloads(result), gaps(result)) == ([("web", "base/web.yaml", None)], [])
    coverage = result.coverage
    assert (coverage.tools, coverage.rendered) == (frozenset(), ())
    assert (coverage.charts, coverage.overlays) == (("chart/Chart.yaml",), ("prod/kustomization.yaml",))


@pytest.mark.parametrize(
    "kustomization",
    [
        "resources: ['https://example.com/a.yaml']",
        "resources: ['github.com/owner/repo']",
        "resources: ['git@example.com:owner/repo']",
        "resources: ['../base?ref=v1']",
        "bases: ['https://example.com/base']",
        "components: ['ssh://git@example.com/x']",
        "patches: [{path: 'https://example.com/p.yaml'}]",
        "patchesStrategicMerge: ['https://example.com/p.yaml']",
        "configMapGenerator: [{name: c, files: ['k=https://example.com/f']}]",
        "openapi: {path: 'https://example.com/o.json'}",
        "helmCharts: [{name: c, repo: 'https://example.com'}]",
        "generators: [plugin.yaml]",
        "resources: [../middle]",
    ],
)
def test_an_overlay_that_would_fetch_or_run_something_is_refused_before_the_tool_is_called(
    tmp_path: Path, kustomization: str
) -> None:
    write(
        tmp_path,
        {
            "prod/kustomization.yaml": kustomization,
            "prod/plugin.yaml": "a: b\n",
            "base/kustomization.yaml": "resources: []\n",
            "middle/kustomization.yaml": "resources: ['http://example.com/x']\n",
        },
    )
    tools = write(tmp_path / ".tools", {"kubectl": f'#!/bin/sh\necho "$PWD" >> {tmp_path}/called\n'})
    (tools / "kubectl").chmod(0o755)
    result = collect_manifests(tmp_path, (), Options(tools=str(tools)))
    assert ("unsupported", "prod/kustomization.yaml", False) in gaps(result)
    called = (tmp_path / "called").read_text() if (tmp_path / "called").exists() else ""
    assert str(tmp_path / "prod") not in called


def test_a_remote_base_outside_the_scanned_folder_is_found_too(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "prod/kustomization.yaml": "resources: [../base]\n",
            "base/kustomization.yaml": "resources: ['https://example.com/a.yaml']\n",
            "tools/kubectl": "#!/bin/sh\nexit 1\n",
        },
    )
    (tmp_path / "tools/kubectl").chmod(0o755)
    result = collect_manifests(tmp_path / "prod", (), Options(tools=str(tmp_path / "tools")))
    assert gaps(result) == [("unsupported", "kustomization.yaml", False)]


@needs_kubectl
def test_overlays_that_are_broken_are_gaps(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "absent/kustomization.yaml": "resources: [gone.yaml]\n",
            "broken/kustomization.yaml": "resources: [web.yaml]\npatches: [{patch: 'a: b'}]\n",
            "broken/web.yaml": DEPLOYMENT,
            "circle/a/kustomization.yaml": "resources: [../b]\n",
            "circle/b/kustomization.yaml": "resources: [../a]\n",
        },
    )
    result = collect_manifests(tmp_path)
    assert gaps(result) == [
        ("missing", "absent/kustomization.yaml", False),
        ("malformed", "broken/kustomization.yaml", False),
        ("malformed", "circle/a/kustomization.yaml", False),
    ]
    assert workloads(result) == [("web", "broken/web.yaml", None)]


def test_a_tool_that_hangs_or_floods_is_stopped(tmp_path: Path) -> None:
    write(tmp_path, {"a/kustomization.yaml": "{}\n"})
    for script, limits, reason in (
        ("sleep 60 & sleep 60", Limits(render_seconds=0.3), "timed-out"),
        ("while :; do echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa; done", Limits(render_bytes=5000), "too-large"),
        ("echo ok", Limits(all_render_seconds=0), "timed-out"),
    ):
        tools = write(tmp_path / ".tools", {"kubectl": f"#!/bin/sh\nPATH=/usr/bin:/bin\n{script}\n"})
        (tools / "kubectl").chmod(0o755)
        started = time.monotonic()
        result = collect_manifests(tmp_path, (), Options(tools=str(tools), limits=limits))
        assert gaps(result) == [(reason, "a/kustomization.yaml", False)]
        assert time.monotonic() - started < 20


def test_tools_get_no_environment_of_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("HELM_REPOSITORY_CONFIG", "mine")
    write(tmp_path, {"a/kustomization.yaml": "{}\n"})
    script = f'/usr/bin/env > {tmp_path}/seen\n/bin/cat "$KUBECONFIG" > {tmp_path}/config'
    tools = write(tmp_path / ".tools", {"kubectl": f"#!/bin/sh\n{script}\n"})
    (tools / "kubectl").chmod(0o755)
    collect_manifests(tmp_path, (), Options(tools=str(tools)))
    seen = dict(line.partition("=")[::2] for line in (tmp_path / "seen").read_text().splitlines())
    assert not {"AWS_SECRET_ACCESS_KEY", "HELM_REPOSITORY_CONFIG"} & seen.keys()
    assert seen["HTTPS_PROXY"] == "http://127.0.0.1:9"
    config = json.loads((tmp_path / "config").read_text())
    (named,) = config["clusters"]
    assert config["current-context"] == config["contexts"][0]["name"]
    assert config["contexts"][0]["context"]["cluster"] == named["name"]
    assert Path(named["cluster"]["certificate-authority"]).parent == Path(seen["HOME"])
    assert not Path(seen["HOME"]).exists()


@needs_kubectl
@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_the_real_kubectl_connects_nowhere_and_still_builds(tmp_path: Path) -> None:
    """Some kubectl builds ask a server for its version before they do anything."""
    write(tmp_path, SHOP)
    strace, kubectl, trace = shutil.which("strace"), shutil.which("kubectl"), tmp_path / "trace"
    script = f'#!/bin/sh\nexec {strace} -f -e trace=connect -o {trace} {kubectl} "$@"\n'
    tools = write(tmp_path / ".tools", {"kubectl": script})
    (tools / "kubectl").chmod(0o755)
    result = collect_manifests(tmp_path, (), Options(tools=str(tools)))
    if not trace.exists() or "exited with" not in trace.read_text():
        pytest.skip("strace may not trace here")
    assert "connect(" not in trace.read_text()
    assert result.coverage.rendered == ("prod/kustomization.yaml",)


CHART = {
    "shop/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.0.0\n",
    "shop/values.yaml": "image: nginx\n",
    "shop/crds/crd.yaml": "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: x}\n",
    "shop/templates/web.yaml": DEPLOYMENT.replace("image: nginx", "image: {{ .Values.image }}"),
    "shop/charts/sub/Chart.yaml": "apiVersion: v2\nname: sub\nversion: 1.0.0\n",
    "shop/charts/sub/templates/broken.yaml": "{{ fail }}\n",
}


def test_templates_of_a_chart_are_no_manifests_and_its_definitions_are(tmp_path: Path) -> None:
    result = collect_manifests(write(tmp_path, CHART), (), Options(render=False))
    assert (workloads(result), gaps(result)) == ([], [])
    assert result.coverage.charts == ("shop/Chart.yaml",)
    assert result.inventory.other_kinds == {"CustomResourceDefinition": 1}


PRINTS = """\
---
# Source: shop/templates/web.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec: {template: {spec: {containers: [{name: web, image: nginx}]}}}
---
# Source: shop/charts/archived/templates/x.yaml
apiVersion: v1
kind: ServiceAccount
metadata: {name: x}
"""


@pytest.mark.skipif(shutil.which("helm") is not None, reason="the real helm is tested instead")
def test_what_helm_prints_carries_the_path_of_its_template(tmp_path: Path) -> None:
    write(tmp_path, {k: v for k, v in CHART.items() if "sub" not in k})
    tools = write(
        tmp_path / ".tools", {"helm": f"#!/bin/sh\n/bin/echo \"$@\" > {tmp_path}/called\n/bin/cat <<'E'\n{PRINTS}E\n"}
    )
    (tools / "helm").chmod(0o755)
    result = collect_manifests(tmp_path, (), Options(tools=str(tools)))
    assert (tmp_path / "called").read_text() == f"template shop {tmp_path / 'shop'}\n"
    assert workloads(result) == [("web", "shop/templates/web.yaml", "helm")]
    assert result.inventory.accounts[0].meta.origin.path == "shop/Chart.yaml"
    assert (gaps(result), result.coverage.rendered) == ([], ("shop/Chart.yaml",))


@needs_helm
def test_a_chart_is_rendered_by_the_real_helm(tmp_path: Path) -> None:
    result = collect_manifests(write(tmp_path, {k: v for k, v in CHART.items() if "sub" not in k}))
    assert workloads(result) == [("web", "shop/templates/web.yaml", "helm")]


@pytest.mark.parametrize(
    ("says", "expected"),
    [
        (
            "Error: found in Chart.yaml, but missing in charts/ directory: redis",
            [("missing", "shop/Chart.yaml", False)],
        ),
        ("Error: library charts are not installable", []),
        ("Error: parse error at (shop/templates/web.yaml:1)", [("malformed", "shop/Chart.yaml", False)]),
    ],
)
def test_what_helm_refuses_is_a_gap(tmp_path: Path, says: str, expected: list[tuple[str, str, bool]]) -> None:
    write(tmp_path, CHART)
    tools = write(tmp_path / ".tools", {"helm": f"#!/bin/sh\necho '{says}' >&2\nexit 1\n"})
    (tools / "helm").chmod(0o755)
    assert gaps(collect_manifests(tmp_path, (), Options(tools=str(tools)))) == expected


def test_a_process_that_cannot_start_is_told(tmp_path: Path) -> None:
    output = run([str(tmp_path / "absent")], folder=tmp_path, env={}, seconds=5, max_bytes=10)
    assert output.ending is Ending.NOT_STARTED
    fails = run([sys.executable, "-c", "exit(3)"], folder=tmp_path, env={}, seconds=20, max_bytes=10)
    assert fails.ending is Ending.FAILED
