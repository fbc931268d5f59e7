"""Platform programs are recognised by publisher, kind and name together, and by nothing less."""

import re
import tomllib
from importlib.resources import files

import pytest

from fourc.collect.manifests.collect import collect_stdin
from fourc.model.infrastructure import Infrastructure, Need, recognise
from fourc.model.kubernetes.pod import Workload
from fourc.model.text import Text

TABLE = tomllib.loads(files("fourc").joinpath("data/infrastructure.toml").read_text("utf-8"))
NODE_EXPORTER = "quay.io/prometheus/node-exporter:v1.8.2"


def workload(image: str, name: str, kind: str = "DaemonSet", namespace: str = "monitoring", more: str = "") -> Workload:
    containers = "\n".join(f"        - {{name: c{i}, image: '{each}'}}" for i, each in enumerate([image, more]) if each)
    text = f"""
apiVersion: apps/v1
kind: {kind}
metadata:
  name: {name}
  namespace: {namespace}
spec:
  selector: {{matchLabels: {{app: a}}}}
  template:
    metadata: {{labels: {{app: a}}}}
    spec:
      containers:
{containers}
"""
    return collect_stdin(text.encode()).inventory.workloads[0]


def known(image: str, name: str, kind: str = "DaemonSet", namespace: str = "monitoring", more: str = "") -> str | None:
    program = recognise(workload(image, name, kind, namespace, more))
    return program.name if program else None


@pytest.mark.parametrize(
    ("image", "name", "namespace", "program"),
    [
        (NODE_EXPORTER, "node-exporter", "monitoring", "node-exporter"),
        ("prom/node-exporter", "stack-prometheus-node-exporter", "obs", "node-exporter"),
        ("m.daocloud.io/quay.io/prometheus/node-exporter:v1", "node-exporter", "monitoring", "node-exporter"),
        ("docker.m.daocloud.io/calico/node:v3.28.0", "calico-node", "kube-system", "calico-node"),
        ("docker.nju.edu.cn/prom/node-exporter:v1.10.0", "node-exporter", "monitoring", "node-exporter"),
        ("m.daocloud.io/k8s.gcr.io/kube-proxy:v1.30.1", "kube-proxy", "kube-system", "kube-proxy"),
        ("registry-cn-hangzhou-vpc.ack.aliyuncs.com/acs/terway:v1.9", "terway-eniip", "kube-system", "terway"),
        ("registry.cn-hangzhou.aliyuncs.com/acs/csi-plugin:v1.30", "csi-plugin", "kube-system", "csi-plugin"),
        ("registry.aliyuncs.com/google_containers/kube-proxy:v1.30.1", "kube-proxy", "kube-system", "kube-proxy"),
        ("602401143452.dkr.ecr.us-west-2.amazonaws.com/amazon-k8s-cni:v1", "aws-node", "kube-system", "aws-node"),
        (
            "aliyun-observability-release-registry.cn-hangzhou.cr.aliyuncs.com/loongcollector/loongcollector:v3.0.12",
            "loongcollector-ds",
            "kube-system",
            "logtail",
        ),
        ("hkccr.ccs.tencentyun.com/tkeimages/csi-tencentcloud-cbs:v2", "csi-cbs-node", "kube-system", "csi-cbs-node"),
        ("harbor.corp.example/calico/node:v3.28.0", "calico-node", "kube-system", "calico-node"),
        ("harbor.corp.example/proxy/docker.io/calico/node:v3", "calico-node", "kube-system", "calico-node"),
    ],
)
def test_a_publishers_image_is_known_through_its_mirrors(image: str, name: str, namespace: str, program: str) -> None:
    assert known(image, name, namespace=namespace) == program


@pytest.mark.parametrize(
    ("image", "name", "namespace"),
    [
        ("docker.io/evil/node-exporter", "node-exporter-evil", "monitoring"),
        ("docker.io/evil/node-exporter", "node-exporter", "monitoring"),
        ("docker.io/evil/calico/node", "calico-node", "kube-system"),
        ("ghcr.io/calico/node", "calico-node", "kube-system"),
        ("evil.example/calico/node", "calico-node", "shop"),
        ("m.daocloud.io/eks/amazon-k8s-cni", "aws-node", "kube-system"),
        ("docker.nju.edu.cn/evil/calico/node", "calico-node", "kube-system"),
        ("evil.example/calico/node", "calico-node-2", "kube-system"),
        ("calico.evil.example/node", "calico-node", "kube-system"),
        ("registry.cn-hangzhou.aliyuncs.com/evil/terway", "terway-eniip", "kube-system"),
        ("evil.aliyuncs.com.example/acs/terway", "terway-eniip", "shop"),
        ("hkccr.ccs.tencentyun.com/evil/csi-tencentcloud-cbs", "csi-cbs-node", "kube-system"),
        ("evil-registry.cn-hangzhou.cr.aliyuncs.com/loongcollector/loongcollector", "loongcollector-ds", "kube-system"),
        ("123456789012.dkr.ecr.us-west-2.amazonaws.com/amazon-k8s-cni", "aws-node", "kube-system"),
        (NODE_EXPORTER, "web", "monitoring"),
        (NODE_EXPORTER, "mynode-exporters", "monitoring"),
        ("", "node-exporter", "monitoring"),
    ],
)
def test_what_only_looks_like_one_is_not_recognised(image: str, name: str, namespace: str) -> None:
    assert known(image or "''", name, namespace=namespace) is None


def test_huaweis_own_folder_counts_in_every_region_and_no_other_folder_does() -> None:
    registry = "swr.cn-north-4.myhuaweicloud.com"
    assert known(f"{registry}/hwofficial/coredns:1.30.67", "coredns", "Deployment", "kube-system") == "coredns"
    assert known(f"{registry}/evil/coredns:1.30.67", "coredns", "Deployment", "kube-system") is None


def test_amazons_own_helper_images_do_not_spoil_a_storage_driver() -> None:
    amazon = "602401143452.dkr.ecr.us-west-2.amazonaws.com/eks"
    driver, helper = f"{amazon}/aws-ebs-csi-driver:v1.45.0", f"{amazon}/csi-node-driver-registrar:v2.14.0"
    assert known(driver, "ebs-csi-node", namespace="kube-system", more=helper) == "ebs-csi-node"


def test_another_kind_of_object_is_not_recognised() -> None:
    assert known(NODE_EXPORTER, "node-exporter", kind="Deployment") is None


def test_a_container_that_the_row_does_not_know_spoils_it() -> None:
    assert known(NODE_EXPORTER, "node-exporter", more="quay.io/brancz/kube-rbac-proxy:v0.18") == "node-exporter"
    assert known(NODE_EXPORTER, "node-exporter", more="docker.io/evil/miner") is None


def test_a_namespace_that_is_only_a_default_lends_no_trust() -> None:
    text = b"""
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: calico-node}
spec: {template: {spec: {containers: [{name: a, image: evil.example/calico/node}]}}}
"""
    assert recognise(collect_stdin(text).inventory.workloads[0]) is None


def program(*documented: tuple[Need, str]) -> Infrastructure:
    return Infrastructure("x", Text("x", "x"), frozenset(documented), provider_reconciled=False, sources=())


def test_a_path_covers_what_lies_below_it_and_nothing_beside_it() -> None:
    logs = program((Need.READ_PATH, "/var/log"))
    assert logs.needs(Need.READ_PATH, "/var/log")
    assert logs.needs(Need.READ_PATH, "/var/log/pods/")
    assert not logs.needs(Need.READ_PATH, "/var/logs")
    assert not logs.needs(Need.READ_PATH, "/var/log/../../etc")
    assert not logs.needs(Need.READ_PATH, "/")
    assert not logs.needs(Need.WRITE_PATH, "/var/log")


def test_writing_covers_reading_and_the_root_covers_all() -> None:
    assert program((Need.WRITE_PATH, "/run")).needs(Need.READ_PATH, "/run/x")
    assert program((Need.READ_PATH, "/")).needs(Need.READ_PATH, "/etc")


def test_a_need_without_detail_covers_all_of_its_kind() -> None:
    assert program((Need.HOST_PORT, "")).needs(Need.HOST_PORT, "9100")
    assert program((Need.HOST_PORT, "9100")).needs(Need.HOST_PORT, "9100")
    assert not program((Need.HOST_PORT, "9100")).needs(Need.HOST_PORT, "22")


def test_privileged_covers_capabilities_and_root_but_no_path_and_no_namespace() -> None:
    privileged = program((Need.PRIVILEGED, ""))
    assert privileged.needs(Need.CAPABILITY, "SYS_ADMIN")
    assert privileged.needs(Need.ROOT)
    assert not privileged.needs(Need.WRITE_PATH, "/")
    assert not privileged.needs(Need.HOST_PID)


@pytest.mark.parametrize("row", TABLE["program"], ids=lambda row: row["name"])
def test_every_row_is_recognised_by_each_of_its_images_and_names_a_public_source(row: dict[str, list[str]]) -> None:
    assert all(source.startswith("https://") for source in row["sources"])
    assert row["sources"]
    for image in row["images"]:
        full = re.sub(r"^aliyuncs\.com/", "registry.cn-beijing.aliyuncs.com/", image)
        full = re.sub(r"^eks/", "602401143452.dkr.ecr.eu-west-1.amazonaws.com/", full)
        for name in row["names"]:
            assert known(f"{full}:v1", name, kind=row["kinds"][0]) is not None, (full, name)
