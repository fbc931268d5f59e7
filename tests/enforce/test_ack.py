"""Instances of ACK's library: what is written, what is told, what is not written twice."""

from datetime import date
from typing import Any

import yaml

from fourc.checks.registry import all_checks
from fourc.collect.manifests.collect import collect_stdin
from fourc.enforce.ack import exported
from fourc.enforce.ack_library import library
from fourc.enforce.export import Asked, Exemption, Exported, Fit, Stage
from fourc.model.text import Lang

CHECKS = {c.id for c in all_checks()}


def ask(*checks: str, files: str = "", stage: Stage = Stage.WARN, namespaces: tuple[str, ...] = ()) -> Exported:
    """What is exported for the checks, beside the objects that the user has."""
    inventory = collect_stdin(files.encode()).inventory if files else None
    return exported(Asked(frozenset(checks), stage, frozenset(namespaces), inventory=inventory))


def instance(result: Exported, kind: str) -> dict[str, Any]:
    """The instance of the kind that is among the files."""
    objects: list[dict[str, Any]] = [yaml.safe_load(file.text) for file in result.files]
    return next(each for each in objects if each["kind"] == kind)


def differences(result: Exported) -> dict[str, Fit]:
    """How well what is not said whole is said."""
    return {out.check: out.fit for out in result.left_out}


# --- The table --------------------------------------------------------------------------------------------------------


def test_every_policy_answers_to_checks_that_exist_or_says_why_to_none() -> None:
    wrong = [
        p.kind for p in library().policies if bool(p.said) == (p.none is not None) or {s.check for s in p.said} - CHECKS
    ]
    assert wrong == []


def test_what_is_not_exact_says_why() -> None:
    assert [(p.kind, s.check) for p in library().policies for s in p.said if (s.fit is Fit.EXACT) == bool(s.why)] == []


def test_only_parameters_that_the_page_names_are_written() -> None:
    wrong = {
        p.kind: {*p.defaults, *(k for s in p.said for k in s.parameters)} - {*p.parameters} for p in library().policies
    }
    assert {kind: names for kind, names in wrong.items() if names} == {}


def test_the_table_holds_the_whole_library_by_category() -> None:
    kinds = [p.kind for p in library().policies]
    assert len(kinds) == len(set(kinds))
    assert {p.category for p in library().policies} == {"Compliance", "Infra", "K8s-general", "PSP", "FinOps"}
    assert library().read >= date(2026, 11, 26)


def test_no_check_is_said_to_be_unsaid_and_said() -> None:
    said = {s.check for p in library().policies for s in p.said}
    assert said & set(library().unsaid) == set()
    assert set(library().unsaid) <= CHECKS


# --- What is written --------------------------------------------------------------------------------------------------


def test_the_stages_are_gatekeepers_actions() -> None:
    actions = {
        stage: instance(ask("privileged-container", stage=stage), "ACKPSPPrivilegedContainer")["spec"][
            "enforcementAction"
        ]
        for stage in Stage
    }
    assert actions == {Stage.AUDIT: "dryrun", Stage.WARN: "warn", Stage.DENY: "deny"}


def test_an_instance_looks_at_pods_outside_the_namespaces_of_kubernetes() -> None:
    spec = instance(ask("privileged-container"), "ACKPSPPrivilegedContainer")["spec"]
    assert spec["match"] == {
        "kinds": [{"apiGroups": [""], "kinds": ["Pod"]}],
        "excludedNamespaces": ["kube-node-lease", "kube-public", "kube-system"],
    }


def test_an_instance_looks_at_the_namespaces_that_are_named() -> None:
    spec = instance(ask("node-port-service", namespaces=("shop", "pay")), "ACKBlockNodePort")["spec"]
    assert spec["match"] == {"kinds": [{"apiGroups": [""], "kinds": ["Service"]}], "namespaces": ["pay", "shop"]}


def test_checks_that_share_a_policy_share_an_instance_with_the_parameters_of_both() -> None:
    ports = instance(ask("host-port"), "ACKPSPHostNetworkingPorts")["spec"]["parameters"]
    both = instance(ask("host-port", "host-namespace"), "ACKPSPHostNetworkingPorts")["spec"]["parameters"]
    network = instance(ask("host-namespace"), "ACKPSPHostNetworkingPorts")["spec"]["parameters"]
    assert ports == {"hostNetwork": True, "min": 0, "max": 0}
    assert both == {"hostNetwork": False, "min": 0, "max": 0}
    assert network == {"hostNetwork": False, "min": 1, "max": 65535}


def test_both_probes_are_asked_for_where_both_checks_are() -> None:
    result = ask("missing-readiness-probe", "missing-liveness-probe")
    assert instance(result, "ACKRequiredProbes")["spec"]["parameters"]["probes"] == ["readinessProbe", "livenessProbe"]


def test_the_stricter_list_of_capabilities_wins() -> None:
    lax = instance(ask("dangerous-capability"), "ACKPSPCapabilities")["spec"]["parameters"]
    strict = instance(ask("dangerous-capability", "capabilities-not-dropped"), "ACKPSPCapabilities")["spec"][
        "parameters"
    ]
    assert "CHOWN" in lax["allowedCapabilities"]
    assert "requiredDropCapabilities" not in lax
    assert strict == {"allowedCapabilities": ["NET_BIND_SERVICE"], "requiredDropCapabilities": ["ALL"]}


def test_what_is_stricter_than_a_check_is_written_only_where_the_check_is_named() -> None:
    everything, named = ask(), ask("mutable-image-tag")
    assert "ackimagedigests.yaml" not in {f.name for f in everything.files}
    assert differences(everything)["mutable-image-tag"] is Fit.STRICTER
    assert [f.name for f in named.files] == ["ackimagedigests.yaml"]
    assert differences(named) == {"mutable-image-tag": Fit.STRICTER}


def test_a_policy_that_says_two_checks_at_once_is_not_stricter_where_both_are_asked_for() -> None:
    assert differences(ask("seccomp-unconfined")) == {"seccomp-unconfined": Fit.STRICTER}
    together = differences(ask("seccomp-unconfined", "seccomp-not-set"))
    assert together == {"seccomp-unconfined": Fit.NARROWER, "seccomp-not-set": Fit.NARROWER}


def test_every_check_is_exact_or_listed() -> None:
    exact = CHECKS - differences(ask()).keys()
    assert exact == {"host-path-volume", "node-port-service", "restricted-volume-type"}


def test_a_check_without_policy_is_listed_and_makes_no_file() -> None:
    result = ask("rbac-wildcard")
    assert result.files == ()
    assert differences(result) == {"rbac-wildcard": Fit.NOT_EXPRESSIBLE}


def test_the_comments_speak_the_language_that_was_asked_for() -> None:
    chinese = exported(Asked(frozenset({"host-port"}), lang=Lang.ZH)).files[0].text
    assert chinese.startswith("# 对应检查：host-port。\n# host-port：范围")


def test_an_instance_spares_no_single_workload() -> None:
    exempt = frozenset({Exemption("node-port-service", "shop", "web")})
    result = exported(Asked(frozenset({"node-port-service"}), exempt=exempt))
    assert [(out.check, out.fit) for out in result.left_out] == [("node-port-service", Fit.STRICTER)]
    assert "shop/web is refused too" in result.left_out[0].why.en


# --- What is there already --------------------------------------------------------------------------------------------


def constraint(
    action: str = "deny", match: str = "{}", parameters: str = "", kind: str = "ACKPSPPrivilegedContainer"
) -> str:
    """An instance that the user has."""
    return f"""
apiVersion: constraints.gatekeeper.sh/v1beta1
kind: {kind}
metadata:
  name: ours
spec:
  enforcementAction: {action}
  match: {match}
  {parameters}
"""


def test_an_instance_that_does_as_much_is_left_alone_and_told() -> None:
    result = ask("privileged-container", files=constraint("deny"))
    assert result.files == ()
    assert [text.en.partition(" is there")[0] for text in result.told] == ["ACKPSPPrivilegedContainer ours (-)"]
    assert [text.zh.partition("已存在")[0] for text in result.told] == ["ACKPSPPrivilegedContainer ours（-）"]


def test_an_instance_without_an_action_denies() -> None:
    files = constraint().replace("  enforcementAction: deny\n", "")
    assert ask("privileged-container", files=files, stage=Stage.DENY).files == ()


def test_an_instance_that_does_less_is_not_written_twice_but_told_with_what_to_change() -> None:
    result = ask("privileged-container", files=constraint("dryrun"))
    assert result.files == ()
    assert [(out.check, out.fit) for out in result.left_out] == [("privileged-container", Fit.NARROWER)]
    assert result.left_out[0].why.en.endswith("set spec.enforcementAction to warn in it")


def test_an_instance_with_other_parameters_is_told_with_those_that_are_wanted() -> None:
    lax = constraint(parameters="parameters: {hostNetwork: true, min: 80, max: 9000}", kind="ACKPSPHostNetworkingPorts")
    same = constraint(parameters="parameters: {max: 0, min: 0, hostNetwork: true}", kind="ACKPSPHostNetworkingPorts")
    assert ask("host-port", files=lax).left_out[0].why.en.endswith('with {"hostNetwork": true, "min": 0, "max": 0}')
    assert ask("host-port", files=same).told[0].en.startswith("ACKPSPHostNetworkingPorts ours (-) is there and does")
    assert ask("host-port", files=lax).files == ask("host-port", files=same).files == ()


def test_only_the_namespaces_that_no_instance_covers_get_one() -> None:
    result = ask("privileged-container", files=constraint(match="{namespaces: [shop, pay-*]}"))
    match = instance(result, "ACKPSPPrivilegedContainer")["spec"]["match"]
    assert match["excludedNamespaces"] == ["kube-node-lease", "kube-public", "kube-system", "pay-*", "shop"]
    assert "namespaces" not in match


def test_of_named_namespaces_only_those_without_an_instance_are_left() -> None:
    files = constraint(match="{namespaces: [shop, pay-*]}")
    result = ask("privileged-container", files=files, namespaces=("shop", "pay-1", "web"))
    assert instance(result, "ACKPSPPrivilegedContainer")["spec"]["match"]["namespaces"] == ["web"]


def test_a_namespace_that_an_instance_excludes_gets_one() -> None:
    result = ask("privileged-container", files=constraint(match="{excludedNamespaces: [kube-*, web]}"))
    match = instance(result, "ACKPSPPrivilegedContainer")["spec"]["match"]
    assert match["namespaces"] == ["web"]
    assert "kube-system" in match["excludedNamespaces"]


def test_an_instance_that_leaves_objects_out_by_label_counts_for_nothing() -> None:
    result = ask("privileged-container", files=constraint(match="{labelSelector: {matchLabels: {a: b}}}"))
    assert [f.name for f in result.files] == ["ackpspprivilegedcontainer.yaml"]
    assert result.told == ()


def test_an_instance_for_other_kinds_counts_for_nothing() -> None:
    def written(kind: str) -> list[str]:
        return [
            f.name
            for f in ask("privileged-container", files=constraint(match=f"{{kinds: [{{kinds: [{kind}]}}]}}")).files
        ]

    assert written("Service") == ["ackpspprivilegedcontainer.yaml"]
    assert written("Pod") == written('"*"') == []


def test_two_instances_cover_together() -> None:
    files = "---".join(constraint(match=f"{{namespaces: [{n}]}}") for n in ("shop", "web"))
    assert ask("privileged-container", files=files, namespaces=("shop", "web")).files == ()


def test_what_was_exported_before_is_written_anew_in_its_next_stage() -> None:
    before = ask("privileged-container", stage=Stage.WARN).files[0].text
    after = ask("privileged-container", files=before, stage=Stage.DENY)
    assert instance(after, "ACKPSPPrivilegedContainer")["spec"]["enforcementAction"] == "deny"
    assert after.told == ()
