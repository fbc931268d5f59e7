import re
from collections.abc import Iterator

from msgspec import Struct

from fourc.checks.api import Found, Judge, check
from fourc.fix.images import known_image, parse_image
from fourc.fix.recipes import SAFE, TRY_FIRST, remedy
from fourc.model.finding import Confidence, Layer, Severity
from fourc.model.infrastructure import Need, recognise
from fourc.model.inventory import Inventory
from fourc.model.kubernetes.pod import Workload
from fourc.model.text import Text
from fourc.patch.yaml.operations import Set

ZH = """Pod 带有用不到的 API 令牌

## 为什么重要
除非另有说明，每个 Pod 都会得到一个文件，其中是服务账号的令牌。这里没有迹象表明程序会用它：账号没有任何绑定，镜
像和参数也不涉及 Kubernetes API。攻破 Pod 的人却可以用它登录集群；以后有人给该账号授权时，攻击者也一并得到。

## 修复会改变什么
在 Pod 上写 `automountServiceAccountToken: false`，令牌文件不再出现。访问 API 的程序会在启动时提示找不到
`/var/run/secrets/kubernetes.io/serviceaccount/token`。与账号关联的云平台角色（AWS 的 IRSA、阿里云的 RRSA）使用
自己的令牌，不受影响。

## 何时可以允许
程序需要访问集群的 API，或用令牌登录别处（例如 Vault）：请为它建立自己的服务账号并写出绑定，这样就不会再被报告。

## 示例
见英文页面的 YAML。"""

_CLIENT_IMAGE = re.compile(
    r"(^|[/_.-])(kubectl|kube-\w+|k8s-sidecar|operator|controller|helm|argo\w*|flux\w*|istio\w*|consul|vault\w*|ingress|"
    r"prometheus|autoscaler|provisioner|scheduler|dashboard|rancher|jenkins|gitlab-runner|tekton\w*|spark|flink|airflow|"
    r"jupyterhub|traefik|velero|cert-manager|external-dns|metrics-server|admission|webhook)([/_.-]|$)"
)
_CLIENT_WORD = re.compile(
    r"kubernetes\.default|KUBERNETES_|secrets/kubernetes\.io|--kubeconfig|in-?cluster|leader-?elect|\bkubectl\b|kube-api|"
    r"--election|kubernetes_sd|dns_lookup_kubernetes",
    re.IGNORECASE,
)


class _Pod(Struct, frozen=True):
    """A workload, and whether some binding names its account."""

    workload: Workload
    bound: bool


def _each_pod(inventory: Inventory) -> Iterator[_Pod]:
    """Every workload; one whose file names no namespace may run in that of any binding."""
    accounts = {(s.namespace, s.name) for b in inventory.bindings for s in b.subjects if s.kind == "ServiceAccount"}
    names = {name for _, name in accounts if name != "default"}
    for workload in inventory.workloads:
        anywhere = not workload.meta.namespace_written and workload.pod.service_account in names
        yield _Pod(workload, anywhere or _account(workload) in accounts)


@check(
    _each_pod,
    layer=Layer.CLUSTER,
    severity=Severity.LOW,
    references="cis:5.1.6 attack:T1528 trivy:KSV-0036 checkov:CKV_K8S_38 kubescape:C-0034 kubescape:C-0190",
    zh=ZH,
)
def token_not_needed(subject: _Pod, judge: Judge) -> Iterator[Found]:
    """A pod holds an API token that it has no use for.

    ## Why it matters
    Unless told otherwise every pod gets a file with a token of its service account. Nothing here suggests that this
    program uses it: the account has no binding, and neither image nor arguments speak of the Kubernetes API. Whoever
    breaks into the pod can still log in to the cluster with it, and gains whatever somebody grants the account later.

    ## What the fix changes
    It sets `automountServiceAccountToken: false` on the pod, and the file is gone. A program that does talk to the
    API says at its start that `/var/run/secrets/kubernetes.io/serviceaccount/token` is missing. Roles of the cloud
    that are tied to the account (IRSA on AWS, RRSA on Alibaba Cloud) bring a token of their own and go on working.

    ## When to allow it
    The program talks to the cluster's API, or logs in elsewhere with the token (Vault): give it a service account of
    its own and write its binding down, then it is not reported any more.

    ## Example
    Bad:
    ```yaml
    apiVersion: v1
    kind: Pod
    metadata:
      name: shop-db
    spec:
      containers:
        - name: mysql
          image: mysql:8.4
    ```
    Good:
    ```yaml
    apiVersion: v1
    kind: Pod
    metadata:
      name: shop-db
    spec:
      containers:
        - name: mysql
          image: mysql:8.4
      automountServiceAccountToken: false
    ```
    """
    inventory, workload = judge.inventory, subject.workload
    if subject.bound or not inventory.mounts_token(workload) or _talks_to_api(workload):
        return
    known = [known_image(c.image) for c in workload.pod.containers]
    sure = all(f is not None and f.certain for f in known)
    seen = workload.pod.service_account == "default" or _account(workload) in inventory.accounts_by_name
    asked = workload.pod.automount_token is True
    yield Found(
        workload.meta,
        Text(
            "{w} holds an API token, and nothing suggests that it uses it", "{w} 带有 API 令牌，但没有迹象表明它会使用"
        ).of(w=workload.meta.name),
        (*workload.pod.path, "automountServiceAccountToken"),
        remedy(
            "withhold-token",
            workload.meta.ref,
            Set((*workload.pod.path, "automountServiceAccountToken"), False),
            fix_class=SAFE if sure and seen and not asked else TRY_FIRST,
        ),
        confidence=Confidence.HIGH if sure else Confidence.MEDIUM,
    )


def _account(workload: Workload) -> tuple[str, str]:
    return workload.meta.namespace or "default", workload.pod.service_account


def _talks_to_api(workload: Workload) -> bool:
    program = recognise(workload)
    if program is not None and program.needs(Need.API):
        return True
    if any(key.startswith("vault.hashicorp.com/") for key in workload.pod.annotations):
        return True
    for container in workload.pod.containers:
        facts = known_image(container.image)
        if facts.needs_api_token if facts else _CLIENT_IMAGE.search(parse_image(container.image).repository):
            return True
        words = [*container.command, *container.args, *(f"{e.name}={e.value or ''}" for e in container.env)]
        if any(_CLIENT_WORD.search(word) for word in words):
            return True
    return False
