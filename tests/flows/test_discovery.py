"""Workloads that find their peers through a registry have unknown flows until someone tells them."""

import pytest
from tests.flows.system import app, edge, inventory_of, needed_of

from fourc.flows.needed import needed
from fourc.model.flows import Code, CodeClient, EvidenceKind, Sighting
from fourc.model.subject import Ref

ORDER, USER = Ref("Deployment", "shop", "order"), Ref("Deployment", "shop", "user")


@pytest.mark.parametrize(
    ("container", "finder"),
    [
        ("env: [{name: SPRING_CLOUD_NACOS_DISCOVERY_SERVER_ADDR, value: 'n:1'}]", "Nacos"),
        ("args: [--spring.cloud.nacos.discovery.server-addr=n]", "Nacos"),
        ("env: [{name: JAVA_OPTS, value: '-Dspring.cloud.nacos.server-addr=n'}]", "Nacos"),
        ("env: [{name: EUREKA_CLIENT_SERVICEURL_DEFAULTZONE, value: 'http://e/'}]", "Eureka"),
        ("env: [{name: SPRING_CLOUD_CONSUL_HOST, value: c}]", "Consul"),
        ("env: [{name: CONSUL_HTTP_ADDR, value: c}]", "Consul"),
        ("env: [{name: DUBBO_REGISTRY_ADDRESS, value: 'zookeeper://z:2181'}]", "ZooKeeper"),
        ("env: [{name: APOLLO_META, value: 'http://a:8080'}]", "Apollo"),
        ("args: [-Dapollo.meta=http://a]", "Apollo"),
    ],
)
def test_each_registry_is_recognised_by_its_clients_words(container: str, finder: str) -> None:
    assert needed_of(app("order", container=container)).unknown[ORDER].finder == finder


@pytest.mark.parametrize(
    "container",
    [
        "env: [{name: SPRING_CLOUD_NACOS_DISCOVERY_ENABLED, value: 'false'}]",
        "env: [{name: KAFKA_ZOOKEEPER_CONNECT, value: 'zk'}]",
        "env: [{name: GREETING, value: consulting}]",
        "",
    ],
)
def test_other_words_make_nothing_unknown(container: str) -> None:
    assert needed_of(app("order", container=container)).unknown == {}


def test_configuration_and_the_server_behind_a_name_tell_too() -> None:
    config = """apiVersion: v1
kind: ConfigMap
metadata: {name: c, namespace: shop}
data:
  bootstrap.yml: |
    spring:
      cloud:
        nacos:
          server-addr: n
"""
    assert ORDER in needed_of(app("order", container="envFrom: [{configMapRef: {name: c}}]"), config).unknown
    server = app("reg", "mw").replace("registry.example.com/reg:1", "nacos/nacos-server:v2.3.2")
    found = needed_of(app("order", container="env: [{name: REG, value: 'reg.mw:80'}]"), server)
    assert found.unknown[ORDER].finder == "Nacos"
    assert Ref("Deployment", "mw", "reg") not in found.unknown


NACOS = "env: [{name: NACOS_ADDR, value: 'n:8848'}]"


def test_sources_give_the_edges_and_end_the_doubt() -> None:
    inventory = inventory_of(app("order", container=NACOS), app("user", container=NACOS))
    code = Code(frozenset({"order"}), (CodeClient("order", "user", "order/src/A.java:3"),))
    found = needed(inventory, (), code)
    (flow,) = [
        f for f in found.flows if str(f.source) == "shop/order[Deployment]" and str(f.target).startswith("shop/user")
    ]
    assert (flow.evidence[0].kind, flow.evidence[0].place) == (EvidenceKind.CODE, "order/src/A.java:3")
    assert set(found.unknown) == {USER}


def test_what_was_seen_ends_the_doubt_about_the_caller_only() -> None:
    inventory = inventory_of(app("order", container=NACOS), app("user", container=NACOS))
    found = needed(inventory, [Sighting("shop/order", "shop/user", 8080, "TCP", "flows.csv:2")])
    assert set(found.unknown) == {USER}
    assert ("shop/order[Deployment]", "shop/user[Deployment]", "TCP 8080") in {edge(f) for f in found.flows}


def test_a_pods_name_stands_for_its_workload_and_strangers_are_told() -> None:
    inventory = inventory_of(app("order"), app("user"))
    seen = [
        Sighting("shop/order-7d9f8b6c5-x2x7k", "shop/user-0", 80, "TCP", "f:1"),
        Sighting("else/where", "no/one", 1, "TCP", "f:2"),
    ]
    found = needed(inventory, seen)
    assert ("shop/order[Deployment]", "shop/user[Deployment]", "TCP 8080") in {edge(f) for f in found.flows}
    assert [s.place for s in found.unmatched] == ["f:2"]
