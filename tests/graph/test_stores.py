"""Whether a data store asks for a password, as far as manifests say."""

import pytest
from tests.graph.manifests import inventory, pod

from fourc.graph.stores import store_of

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


def test_a_password_in_a_mounted_config_map_counts() -> None:
    spec = "volumes: [{name: c, configMap: {name: conf}}]"
    assert opened(MOUNTED, spec=spec, config="maxmemory 1gb") is True
    assert opened(MOUNTED, spec=spec, config="requirepass x") is False
    assert opened("ports: [{containerPort: 6379}]", spec=spec, config="requirepass x") is True
