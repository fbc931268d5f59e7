"""Whether a data store asks for a password, as far as manifests say."""

import pytest
from tests.graph.manifests import graph, inventory, pod, steps

from fourc.graph.stores import store_of
from fourc.model.step import Basis

CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: conf, namespace: default}\ndata: {redis.conf: '%s'}\n"
MOUNTED = "ports: [{containerPort: 6379}], volumeMounts: [{name: c, mountPath: /c}]"


def opened(container: str, *, spec: str = "", config: str = "") -> bool | None:
    """What the pod of this container is taken for; None for no store."""
    read = inventory(pod(spec, container=container), *([CONFIG % config] if config else []))
    store = store_of(read, read.workloads[0])
    return None if store is None else store.open


@pytest.mark.parametrize(
    ("container", "verdict"),
    [
        ("ports: [{containerPort: 8080}]", None),
        ("ports: [{containerPort: 6379}]", True),
        ("ports: [{containerPort: 6379}], args: [--requirepass, $(PASS)]", False),
        ("ports: [{containerPort: 6379}], env: [{name: REDIS_PASSWORD, valueFrom: {secretKeyRef: {name: s, key: k}}}]", False),
        ("ports: [{containerPort: 6379}], envFrom: [{secretRef: {name: s}}]", False),
        ("ports: [{containerPort: 6379}], env: [{name: ALLOW_EMPTY_PASSWORD, value: 'yes'}]", True),
        ("ports: [{containerPort: 3306}]", False),
        ("ports: [{containerPort: 3306}], env: [{name: MYSQL_ALLOW_EMPTY_PASSWORD, value: 'yes'}]", True),
        ("ports: [{containerPort: 3306}], env: [{name: MYSQL_ALLOW_EMPTY_PASSWORD, value: 'no'}]", False),
        ("ports: [{containerPort: 5432}], env: [{name: POSTGRES_HOST_AUTH_METHOD, value: trust}]", True),
        ("ports: [{containerPort: 9200}], env: [{name: xpack.security.enabled, value: 'true'}]", False),
        ("ports: [{containerPort: 27017}], env: [{name: MONGO_INITDB_ROOT_USERNAME, value: root}]", False),
    ],
)  # fmt: skip
def test_a_store_is_open_unless_something_sets_a_password(container: str, verdict: bool | None) -> None:
    assert opened(container) is verdict


@pytest.mark.parametrize(
    ("image", "container", "verdict"),
    [
        ("cassandra:4", "", True),
        ("cassandra:4", "env: [{name: CASSANDRA_AUTHENTICATOR, value: PasswordAuthenticator}]", False),
        ("bitnami/cassandra:4", "", False),
        ("influxdb:1.8", "", True),
        ("influxdb:1.8", "env: [{name: INFLUXDB_ADMIN_PASSWORD, value: x}]", True),  # an account, but nobody is asked
        ("influxdb:1.8", "env: [{name: INFLUXDB_HTTP_AUTH_ENABLED, value: 'true'}]", False),
        ("influxdb:2.7", "", False),
        ("influxdb", "", False),
        ("couchdb:2.3.1", "", True),
        ("couchdb:2.3.1", "env: [{name: COUCHDB_PASSWORD, valueFrom: {secretKeyRef: {name: s, key: k}}}]", False),
        ("couchdb:3.3", "", False),
        ("neo4j:5", "env: [{name: NEO4J_AUTH, value: none}]", True),
        ("neo4j:5", "env: [{name: NEO4J_AUTH, value: neo4j/longer}]", False),
        ("neo4j:5", "", False),
        ("cockroachdb/cockroach:v23.1", "args: [start-single-node, --insecure]", True),
        ("cockroachdb/cockroach:v23.1", "args: [start, --certs-dir=/certs]", False),
        ("registry.example.com:5000/library/solr:9", "", True),
        ("solr:9", "env: [{name: SOLR_AUTH_TYPE, value: basic}]", False),
        ("hashicorp/consul:1.17", "", True),
        ("hashicorp/consul:1.17", "args: [agent, -hcl, 'acl { default_policy = \"deny\" }']", False),
        ("zookeeper:3.9", "", True),
        ("zookeeper:3.9", "env: [{name: JVMFLAGS, value: '-Dzookeeper.sessionRequireClientSASLAuth=true'}]", False),
        ("bitnami/zookeeper:3.9", "", False),
        ("bitnami/zookeeper:3.9", "env: [{name: ALLOW_ANONYMOUS_LOGIN, value: 'yes'}]", True),
        ("quay.io/coreos/etcd:v3.5.9", "", True),
        ("quay.io/coreos/etcd:v3.5.9", "command: [etcd, --client-cert-auth=true]", False),
        ("quay.io/coreos/etcd:v3.5.9", "command: [etcd, --client-cert-auth=false]", True),
        ("docker.elastic.co/elasticsearch/elasticsearch:7.17.1", "", True),
        ("docker.elastic.co/elasticsearch/elasticsearch:8.11.0", "", False),
        ("elasticsearch:8.11.0", "env: [{name: xpack.security.enabled, value: 'false'}]", True),
        ("mongo:6", "", True),
        ("mongo:6", "env: [{name: MONGO_INITDB_ROOT_PASSWORD, valueFrom: {secretKeyRef: {name: s, key: k}}}]", False),
        ("postgres:15", "env: [{name: POSTGRES_HOST_AUTH_METHOD, value: trust}]", True),
        ("postgres:15", "env: [{name: POSTGRES_PASSWORD, value: x}]", False),
        ("mysql:8", "env: [{name: MYSQL_ALLOW_EMPTY_PASSWORD, value: '1'}]", True),
        ("mysql:8", "env: [{name: MYSQL_ROOT_PASSWORD, value: x}]", False),
        ("rabbitmq:3", "", False),
        ("minio/minio:latest", "args: [server, /data]", True),
        ("minio/minio:latest", "env: [{name: MINIO_ROOT_PASSWORD, value: x}]", False),
        ("example.com/shop/solr-client:1", "", None),
    ],
)
def test_each_store_is_judged_by_its_own_documentation(image: str, container: str, verdict: bool | None) -> None:
    text = pod(container=container).replace("app@sha256:00", image)
    read = inventory(text)
    store = store_of(read, read.workloads[0])
    assert (None if store is None else store.open) is verdict


def test_keys_that_a_store_is_shipped_with_are_an_assumption() -> None:
    store = pod(name="s", labels="{app: s}", container="ports: [{containerPort: 9000}]")
    found = graph(store.replace("app@sha256:00", "minio/minio:1"), pod())
    assert {s.basis for s in steps(found, "read-open-store")} == {Basis.ASSUMED}
    found = graph(store.replace("app@sha256:00", "solr:9"), pod())
    assert {s.basis for s in steps(found, "read-open-store")} == {Basis.INFERRED}


def test_a_password_in_a_mounted_config_map_counts() -> None:
    spec = "volumes: [{name: c, configMap: {name: conf}}]"
    assert opened(MOUNTED, spec=spec, config="maxmemory 1gb") is True
    assert opened(MOUNTED, spec=spec, config="requirepass x") is False
    assert opened("ports: [{containerPort: 6379}]", spec=spec, config="requirepass x") is True
