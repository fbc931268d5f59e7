"""Policies for Kyverno: stage, scope, kinds and messages."""

from typing import Any

import pytest
import yaml

from fourc.enforce.export import Asked, Exported, Fit, Stage
from fourc.enforce.kyverno import exported
from fourc.model.text import Lang
from fourc.model.version import NEWEST, KubeVersion


def ask(
    *checks: str,
    stage: Stage = Stage.DENY,
    namespaces: tuple[str, ...] = (),
    lang: Lang = Lang.EN,
    version: KubeVersion = NEWEST,
) -> Exported:
    """What is exported for the checks."""
    return exported(Asked(frozenset(checks), stage, frozenset(namespaces), version, lang))


def spec(result: Exported) -> dict[str, Any]:
    """The spec of the one policy."""
    (file,) = result.files
    policy: dict[str, Any] = yaml.safe_load(file.text)
    assert policy["metadata"]["name"] == f"fourc-{file.name.removesuffix('.yaml')}"
    found: dict[str, Any] = policy["spec"]
    return found


def resources(result: Exported) -> set[str]:
    """The resources that the one policy matches."""
    return {r for rule in spec(result)["matchConstraints"]["resourceRules"] for r in rule["resources"]}


@pytest.mark.parametrize(
    ("stage", "actions", "failing"),
    [
        (Stage.AUDIT, ["Audit"], "Ignore"),
        (Stage.WARN, ["Warn", "Audit"], "Ignore"),
        (Stage.DENY, ["Deny", "Audit"], "Fail"),
    ],
)
def test_only_who_denies_lets_nothing_pass_when_kyverno_cannot_judge(
    stage: Stage, actions: list[str], failing: str
) -> None:
    policy = spec(ask("privileged-container", stage=stage))
    assert (policy["validationActions"], policy["failurePolicy"]) == (actions, failing)


def test_controllers_are_matched_once_by_the_policy_itself() -> None:
    result = ask("privileged-container")
    assert spec(result)["autogen"] == {"podControllers": {"controllers": []}}
    assert resources(result) == {
        "pods",
        "pods/ephemeralcontainers",
        "replicationcontrollers",
        "daemonsets",
        "deployments",
        "replicasets",
        "statefulsets",
        "jobs",
        "cronjobs",
    }


def test_what_runs_is_judged_in_the_background_too() -> None:
    evaluation = spec(ask("privileged-container"))["evaluation"]
    assert evaluation == {"admission": {"enabled": True}, "background": {"enabled": True}}


def test_namespaces_are_those_that_were_named_or_all_but_those_of_kubernetes() -> None:
    def selected(*namespaces: str) -> tuple[str, list[str]]:
        (row,) = spec(ask("host-port", namespaces=namespaces))["matchConstraints"]["namespaceSelector"][
            "matchExpressions"
        ]
        return row["operator"], row["values"]

    assert selected() == ("NotIn", ["kube-node-lease", "kube-public", "kube-system"])
    assert selected("web", "shop") == ("In", ["shop", "web"])


def test_objects_in_no_namespace_are_left_out_where_namespaces_are_named() -> None:
    both, whole = ask("cluster-admin-binding", namespaces=("shop",)), ask("rbac-node-proxy", namespaces=("shop",))
    assert resources(both) == {"rolebindings"}
    assert resources(ask("cluster-admin-binding")) == {"rolebindings", "clusterrolebindings"}
    assert whole.files == ()
    assert [(out.check, out.fit) for out in whole.left_out] == [("rbac-node-proxy", Fit.NOT_EXPRESSIBLE)]


def test_the_message_names_the_check_in_the_language_that_was_asked_for() -> None:
    (english,) = spec(ask("node-port-service"))["validations"]
    (chinese,) = spec(ask("node-port-service", lang=Lang.ZH))["validations"]
    assert english["message"].startswith("node-port-service: a Service must not open a port on every node")
    assert chinese["message"].startswith("node-port-service: Service 不得在每个节点上开放端口")


def test_a_check_with_a_rule_for_each_shape_asks_each_of_its_own_kinds_only() -> None:
    first, second = spec(ask("missing-cpu-limit"))["validations"]
    assert first["expression"].startswith("!(object.kind == 'Pod') || (")
    assert second["expression"].startswith("!(object.kind in ['ReplicationController', 'DaemonSet', ")


def test_a_kubernetes_with_older_standards_gets_no_policy() -> None:
    result = ask("privileged-container", version=KubeVersion(24))
    assert result.files == ()
    assert [(out.check, out.fit) for out in result.left_out] == [("privileged-container", Fit.NOT_EXPRESSIBLE)]


def test_what_the_policies_need_is_told() -> None:
    assert "Kyverno 1.17" in ask("host-port").told[0].en
    assert "Kyverno 1.17" in ask("host-port").told[0].zh
    assert ask("rbac-node-proxy", namespaces=("shop",)).told == ()
