"""All credentials of one Secret are made by one command: a second `create` of the same Secret would fail."""

from fourc.checks.api import Judge
from fourc.checks.code.credential_in_arguments import credential_in_arguments
from fourc.checks.code.credential_in_env import credential_in_env
from fourc.checks.code.secret_in_manifest import secret_in_manifest
from fourc.collect.manifests.collect import collect_stdin
from fourc.model.remedy import NoFix, Remedy

POD = """
apiVersion: v1
kind: Pod
metadata: {name: orders, namespace: shop}
spec:
  initContainers:
    - name: migrate
      image: registry.example.com/migrate:1
      env: [{name: DB_PASSWORD, value: rain2024}]
  containers:
    - name: orders
      image: registry.example.com/orders:1
      args: [--mail-password=rain2025]
      env: [{name: DB_PASSWORD, value: rain2024}, {name: API_TOKEN, value: abcdefgh12345678}]
"""
MANIFEST = """
apiVersion: v1
kind: Secret
metadata: {name: shop-db}
type: %s
stringData: {username: shop, password: rain2024, token: abcdefgh12345678}
"""


def test_every_credential_of_a_workload_says_the_same_command_with_each_key_once() -> None:
    judge = Judge(collect_stdin(POD.encode()).inventory)
    fixes = [f.fix for check in (credential_in_env, credential_in_arguments) for f in check.run(judge)]
    cautions = {fix.caution for fix in fixes if isinstance(fix, Remedy)}
    (caution,) = cautions
    command = (
        "`kubectl create secret generic orders-credentials -n shop --from-literal=DB_PASSWORD=... "
        "--from-literal=API_TOKEN=... --from-literal=MAIL_PASSWORD=...`"
    )
    assert caution is not None
    assert command in caution.en
    assert command in caution.zh


def test_a_secret_is_made_anew_with_all_of_its_keys_even_where_it_exists() -> None:
    found = secret_in_manifest.run(Judge(collect_stdin((MANIFEST % "Opaque").encode()).inventory))
    whys = {f.fix.why for f in found if isinstance(f.fix, NoFix)}
    (why,) = whys
    command = (
        "`kubectl create secret generic shop-db -n default --from-literal=username=... --from-literal=password=... "
        "--from-literal=token=... --dry-run=client -o yaml | kubectl apply -f -`"
    )
    assert command in why.en
    assert command in why.zh


def test_a_secret_of_another_type_keeps_it() -> None:
    found = secret_in_manifest.run(Judge(collect_stdin((MANIFEST % "kubernetes.io/basic-auth").encode()).inventory))
    assert all(
        "--type=kubernetes.io/basic-auth --from-literal=username" in f.fix.why.en
        for f in found
        if isinstance(f.fix, NoFix)
    )
