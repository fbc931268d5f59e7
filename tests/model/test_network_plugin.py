"""Which plug-in enforces policies, by what its workloads and settings say."""

import pytest

from fourc.collect.manifests.collect import collect_stdin
from fourc.model.network_plugin import Enforcement, network_plugin

DAEMON = """
apiVersion: apps/v1
kind: DaemonSet
metadata: {{name: {name}, namespace: kube-system}}
spec: {{template: {{spec: {{containers: [{{name: c, image: "{image}", args: {args}}}]}}}}}}
---
"""
CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}, namespace: kube-system}}\ndata: {data}\n---\n"
YES, NO, UNSEEN = Enforcement.ENFORCED, Enforcement.NOT_ENFORCED, Enforcement.NOT_SEEN


def daemon(image: str, args: str = "[]", name: str = "agent") -> str:
    """The manifest of a plug-in's pods."""
    return DAEMON.format(name=name, image=image, args=args)


@pytest.mark.parametrize(
    ("text", "answer", "name"),
    [
        (daemon("quay.io/calico/node:v3.29.1"), YES, "Calico"),
        (daemon("quay.io/cilium/cilium:v1.16.4@sha256:0"), YES, "Cilium"),
        (daemon("gke.gcr.io/cilium/cilium:v1.14", name="anetd"), YES, "GKE Dataplane V2"),
        (daemon("antrea/antrea-agent-ubuntu:v2.2.0"), YES, "Antrea"),
        (daemon("docker.io/weaveworks/weave-npc:2.8.1"), YES, "Weave"),
        (daemon("mcr.microsoft.com/containernetworking/azure-npm:v1.5"), YES, "Azure Network Policy Manager"),
        (daemon("docker.io/cloudnativelabs/kube-router:v2.2.1"), YES, "kube-router"),
        (daemon("cloudnativelabs/kube-router:v2", '["--run-firewall=false"]'), NO, "kube-router"),
        (daemon("ghcr.io/flannel-io/flannel:v0.26.1"), NO, "Flannel"),
        (daemon("rancher/mirrored-flannelcni-flannel:v0.20"), NO, "Flannel"),
        (daemon("ghcr.io/flannel-io/flannel:v1") + daemon("calico/node:v3"), YES, "Calico"),
        (daemon("x.eks.amazonaws.com/amazon-k8s-cni:v1.19.0"), NO, "Amazon VPC CNI"),
        (daemon("x/aws-network-policy-agent:v1", '["--enable-network-policy=true"]'), YES, "Amazon VPC CNI"),
        (daemon("registry-vpc.cn-hangzhou.aliyuncs.com/acs/terway:v1.9"), YES, "Terway"),
        (CONFIG.format(name="eni-config", data='{disable_network_policy: "false"}'), YES, "Terway"),
        (
            CONFIG.format(name="eni-config", data='{disable_network_policy: "true"}') + daemon("acs/terway:v1.9"),
            NO,
            "Terway",
        ),
        (CONFIG.format(name="cilium-config", data="{enable-policy: never}") + daemon("cilium/cilium:v1"), NO, "Cilium"),
        (CONFIG.format(name="cilium-config", data="{enable-policy: default}"), YES, "Cilium"),
        (daemon("nginx:1"), UNSEEN, ""),
        (daemon("quay.io/cilium/cilium-envoy:v1.30"), UNSEEN, ""),
        ("", UNSEEN, ""),
    ],
)
def test_the_plug_in_is_known_by_its_images_and_settings(text: str, answer: Enforcement, name: str) -> None:
    plugin = network_plugin(collect_stdin(text.encode()).inventory)
    assert (plugin.enforcement, plugin.name) == (answer, name)


def test_what_is_declared_counts_before_what_is_seen() -> None:
    flannel = collect_stdin(daemon("ghcr.io/flannel-io/flannel:v1").encode()).inventory
    assert network_plugin(flannel, declared=True).enforcement is YES
    assert network_plugin(collect_stdin(b"").inventory, declared=False).enforcement is NO
