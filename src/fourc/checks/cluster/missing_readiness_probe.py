from collections.abc import Iterator

from fourc.checks.api import Found, Judge, check
from fourc.checks.availability import Served, answers_at, each_long_running, is_called, known_command
from fourc.checks.pss import Place
from fourc.fix.recipes import remedy
from fourc.model.finding import Layer, Severity
from fourc.model.kubernetes.pod import Container
from fourc.model.remedy import FixClass, NoFix, Remedy
from fourc.model.text import Text
from fourc.patch.yaml.operations import Set

ZH = """容器还没准备好就收到请求

## 为什么重要
没有就绪探针（`readinessProbe`）时，容器一启动就会收到请求，哪怕程序还要一分钟才能应答。每次升级和重启时，用户都
会看到错误；升级也会一直进行下去，即使新版本根本不能应答。

## 修复会改变什么
添加就绪探针：MySQL 和 PostgreSQL 用镜像自带的命令，其他程序检查端口能否连接。端口是猜测的：如果程序不监听它，新
Pod 会一直不就绪（`kubectl get pods` 显示 `0/1`），升级随之停住，旧 Pod 继续服务。有健康检查地址（如
`/actuator/health/readiness`）时，改用 `httpGet` 更好。

## 何时可以允许
没有人访问的程序，例如只处理队列的后台程序（本规则只看有 Service 指向的容器）。

## 示例
见英文页面的 YAML。"""

_NO_PORT = Text(
    "the manifest names no TCP port at which the program answers: write it under `ports`, then scan again",
    "清单没有写明程序在哪个 TCP 端口应答：请写在 `ports` 下，然后重新扫描",
)
_CHECK = Text(
    "does {name} listen on port {port}? If not, the new pod stays unready and the old one goes on",
    "{name} 是否监听端口 {port}？如果不是，新 Pod 会一直不就绪，旧 Pod 继续服务",
)
_TRY = Text("run `{command}` in the container once", "请先在容器里运行一次 `{command}`")


@check(
    each_long_running,
    layer=Layer.CLUSTER,
    severity=Severity.MEDIUM,
    references="checkov:CKV_K8S_9 kube-linter:no-readiness-probe kubescape:C-0018",
    zh=ZH,
)
def missing_readiness_probe(served: Served, _judge: Judge) -> Iterator[Found]:
    """A container gets requests before it is ready.

    ## Why it matters
    Without a `readinessProbe` a container gets requests as soon as it starts, even if the program needs another
    minute. At every update and restart users see errors, and an update goes on to the end even where the new version
    never answers.

    ## What the fix changes
    It adds a readiness probe: for MySQL and PostgreSQL the command that the image brings, otherwise a check that the
    port takes connections. The port is a guess: where the program does not listen there, the new pod stays unready
    (`kubectl get pods` shows `0/1`), the update stops and the old pods go on. Where there is an address for it
    (`/actuator/health/readiness`), `httpGet` is better.

    ## When to allow it
    Programs that nobody calls, such as workers on a queue. (The rule looks only at containers behind a Service.)

    ## Example
    Bad:
    ```yaml
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
      labels:
        app: web
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.4
          ports:
            - containerPort: 8080
    ---
    apiVersion: v1
    kind: Service
    metadata:
      name: web
    spec:
      selector:
        app: web
      ports:
        - port: 8080
    ```
    Good:
    ```yaml
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
      labels:
        app: web
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.4
          ports:
            - containerPort: 8080
          readinessProbe:
            tcpSocket:
              port: 8080
    ---
    apiVersion: v1
    kind: Service
    metadata:
      name: web
    spec:
      selector:
        app: web
      ports:
        - port: 8080
    ```
    """
    for container in served.workload.pod.regular:
        if container.has_probe("readinessProbe") or not is_called(served, container):
            continue
        yield Place(served.workload, container).found(
            Text(
                "{who} gets requests before it can answer: every update shows errors to users",
                "{who} 还不能应答就会收到请求：每次升级用户都会看到错误",
            ),
            (*container.path, "readinessProbe"),
            _fix(served, container),
        )


def _fix(served: Served, container: Container) -> Remedy | NoFix:
    at, owner, command = (*container.path, "readinessProbe"), served.workload.meta.ref, known_command(container)
    if command:
        change = Set(at, {"exec": {"command": list(command)}})
        caution = _TRY.of(command=" ".join(command))
        return remedy("guess-readiness-probe", owner, change, caution=caution, fix_class=FixClass.TRY_FIRST)
    port = answers_at(served, container)
    if port is None:
        return NoFix(_NO_PORT)
    caution = _CHECK.of(name=container.name, port=port)
    return remedy("guess-readiness-probe", owner, Set(at, {"tcpSocket": {"port": port}}), caution=caution)
