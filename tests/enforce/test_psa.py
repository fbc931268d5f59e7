"""Pod Security labels: the level for what was asked, the labels that are missing, and what a level covers."""

from typing import Any

import pytest
import yaml

from fourc.checks.registry import all_checks
from fourc.collect.manifests.collect import collect_stdin
from fourc.enforce.export import Asked, Exemption, Exported, Fit, Stage
from fourc.enforce.psa import COVERED, exported
from fourc.model.pod_security import Level
from fourc.model.version import NEWEST, KubeVersion

BASELINE, RESTRICTED = "privileged-container", "may-run-as-root"
OF_RESTRICTED = {
    "allowPrivilegeEscalation", "capabilities_restricted", "restrictedVolumes", "runAsNonRoot", "runAsUser",
    "seccompProfile_restricted",
}  # fmt: skip
NAMESPACES = """
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels: {labels}
---
apiVersion: v1
kind: Namespace
metadata:
  name: kube-system
"""


def ask(
    *checks: str,
    stage: Stage = Stage.DENY,
    namespaces: tuple[str, ...] = (),
    labels: str | None = None,
    files: str = "",
    version: KubeVersion = NEWEST,
) -> Exported:
    """What is exported for the checks."""
    text = NAMESPACES.replace("{labels}", labels) if labels is not None else files
    inventory = collect_stdin(text.encode()).inventory if text else None
    return exported(Asked(frozenset(checks), stage, frozenset(namespaces), version, inventory=inventory))


def labels_of(result: Exported, name: str = "shop") -> dict[str, str]:
    """The labels in a namespace's file, without their common beginning."""
    file = next(f for f in result.files if f.name == f"pod-security-{name}.yaml")
    namespace: dict[str, Any] = yaml.safe_load(file.text)
    assert (namespace["kind"], namespace["metadata"]["name"]) == ("Namespace", name)
    return {k.removeprefix("pod-security.kubernetes.io/"): v for k, v in namespace["metadata"]["labels"].items()}


def test_every_check_of_the_standards_has_its_level() -> None:
    controls = {c.id: [r for r in c.references if r.startswith("pss:")] for c in all_checks()}
    levels = {
        check: Level.RESTRICTED if all(r.removeprefix("pss:") in OF_RESTRICTED for r in named) else Level.BASELINE
        for check, named in controls.items()
        if named
    }
    assert {check: COVERED[check].level for check in levels} == levels
    assert {c for c, row in COVERED.items() if row.fit is Fit.EXACT} == levels.keys() | {"proc-mount-unmasked"}


@pytest.mark.parametrize(
    ("stage", "modes"),
    [(Stage.AUDIT, ["audit"]), (Stage.WARN, ["warn", "audit"]), (Stage.DENY, ["enforce", "warn", "audit"])],
)
def test_each_stage_sets_its_modes_with_a_pinned_version(stage: Stage, modes: list[str]) -> None:
    labels = labels_of(ask(BASELINE, stage=stage, namespaces=("shop",), version=KubeVersion(31)))
    assert labels == dict.fromkeys(modes, "baseline") | {f"{m}-version": "v1.31" for m in modes}


def test_the_level_is_the_laxest_that_covers_what_was_asked() -> None:
    assert labels_of(ask(BASELINE, namespaces=("shop",)))["enforce"] == "baseline"
    assert labels_of(ask(BASELINE, RESTRICTED, namespaces=("shop",)))["enforce"] == "restricted"
    assert labels_of(ask(namespaces=("shop",)))["enforce"] == "restricted"


def test_the_unmasked_proc_belongs_to_baseline_until_user_namespaces_let_it_pass_there() -> None:
    before = ask("proc-mount-unmasked", namespaces=("shop",), version=KubeVersion(34))
    after = ask("proc-mount-unmasked", namespaces=("shop",), version=KubeVersion(35))
    assert (labels_of(before)["enforce"], labels_of(after)["enforce"]) == ("baseline", "restricted")


def test_what_the_level_refuses_besides_is_told() -> None:
    told = ask(BASELINE, namespaces=("shop",)).told[0]
    assert told.en.startswith(
        "the level baseline cannot be asked for in part: it also refuses what apparmor-disabled, "
    )
    assert BASELINE not in told.en
    assert RESTRICTED not in told.en
    assert "apparmor-disabled、" in told.zh


def test_a_label_that_asks_for_as_much_stays_as_it_is() -> None:
    there = "{pod-security.kubernetes.io/enforce: restricted, pod-security.kubernetes.io/audit: privileged}"
    labels = labels_of(ask(BASELINE, labels=there))
    assert "enforce" not in labels
    assert (labels["warn"], labels["audit"]) == ("baseline", "baseline")


def test_a_namespace_that_lacks_nothing_gets_no_file_and_is_told() -> None:
    there = "{pod-security.kubernetes.io/audit: restricted}"
    result = ask(BASELINE, labels=there, stage=Stage.AUDIT)
    assert result.files == ()
    assert result.told[-1].en == "shop asks for baseline or more already"


def test_namespaces_of_kubernetes_are_left_alone_unless_named() -> None:
    assert [f.name for f in ask(labels="{}").files] == ["pod-security-shop.yaml"]
    assert [f.name for f in ask(labels="{}", namespaces=("kube-system",)).files] == ["pod-security-kube-system.yaml"]


def test_the_file_says_where_the_namespace_is_written_and_how_to_do_it_by_command() -> None:
    lines = ask(BASELINE, labels="{}", stage=Stage.AUDIT).files[0].text.splitlines()
    assert lines[:2] == [
        "# The namespace stands in -: put the labels there.",
        (
            "# By command: kubectl label --overwrite namespace shop pod-security.kubernetes.io/audit=baseline "
            "pod-security.kubernetes.io/audit-version=v1.37"
        ),
    ]


def test_namespaces_that_only_workloads_name_get_labels_and_those_left_open_are_told() -> None:
    pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a%s}\nspec: {containers: [{name: a, image: b}]}\n"
    result = ask(BASELINE, files=pod % ", namespace: web" + "---\n" + pod % "")
    assert [f.name for f in result.files] == ["pod-security-web.yaml"]
    assert result.told[-1].en.startswith("some workloads name no namespace (a, for example)")


def test_without_any_namespace_nothing_is_written_and_that_is_told() -> None:
    result = ask(BASELINE)
    assert result.files == ()
    assert result.told[-1].en.startswith("no namespace is named")


def test_what_no_level_says_is_listed() -> None:
    fits = {out.check: out.fit for out in ask(namespaces=("shop",)).left_out}
    assert fits["rbac-wildcard"] is Fit.NOT_EXPRESSIBLE
    assert fits["sensitive-host-path"] is Fit.STRICTER
    exact = {c.id for c in all_checks()} - fits.keys()
    assert exact == {c for c, row in COVERED.items() if row.fit is Fit.EXACT} | {
        "namespace-without-pod-security",
        "pod-security-not-enforced",
    }


def test_a_control_that_is_not_there_yet_is_listed_and_asks_for_no_level() -> None:
    result = ask("probe-to-other-host", namespaces=("shop",), version=KubeVersion(33))
    assert result.files == ()
    assert [(out.check, out.fit) for out in result.left_out] == [("probe-to-other-host", Fit.NOT_EXPRESSIBLE)]


def test_an_old_kubernetes_looks_at_no_labels() -> None:
    result = ask(BASELINE, namespaces=("shop",), version=KubeVersion(22))
    assert result.files == ()
    assert result.left_out[0].why.en.startswith("Kubernetes 1.22 does not look at Pod Security labels")


def test_a_level_spares_no_single_workload() -> None:
    exempt = frozenset({Exemption(BASELINE, "shop", "agent"), Exemption("rbac-wildcard", "", "admin")})
    result = exported(Asked(frozenset({BASELINE}), namespaces=frozenset({"shop"}), exempt=exempt))
    assert [(out.check, out.fit) for out in result.left_out] == [(BASELINE, Fit.STRICTER)]
    assert "shop/agent is refused too" in result.left_out[0].why.en
