import posixpath
from collections.abc import Iterator

from fourc.checks.api import Found, Judge, check, each_workload
from fourc.checks.empty_folders import empty_folder
from fourc.checks.host_paths import Danger, danger_of, normal
from fourc.checks.pss import Place, user_of
from fourc.fix.recipes import SAFE, remedy
from fourc.model.finding import Layer, Severity
from fourc.model.kubernetes.pod import Container, Volume, VolumeMount, Workload
from fourc.model.remedy import NoFix, Remedy
from fourc.model.text import Text
from fourc.patch.yaml.operations import Set

ZH = """Pod 能接触节点上的敏感文件

## 为什么重要
`hostPath` 卷把节点自己的文件交给容器。有些位置等于整个节点：容器运行时的套接字（socket：`docker.sock`、`containerd.sock`）、
`/`、`/etc`、kubelet 的目录、`/proc`。攻破容器的人由此启动任意容器、添加用户或读取密钥，随后控制节点和上面的一切。
套接字即使只读挂载，也等于完全控制。

## 修复会改变什么
只读就无害的位置（如 `/var/log`）改为只读挂载。其他情况下，卷变成空目录（`emptyDir`）：
程序照常启动，但看不到节点的文件。用到这些文件的程序（监控、日志、构建镜像、管理容器）会出错，
日志中出现 `no such file` 或 `read-only file system`；普通的 Web 服务不会察觉。请先在测试环境运行一次。
如果变量（如 `DOCKER_HOST`）、命令或参数写明了该套接字，程序一定会停止工作：请先让它改用别的方式，这需要你来决定。

## 何时可以允许
属于平台的节点代理：日志采集、监控、存储驱动。只挂载真正需要的最小目录，尽量只读，并放在单独的命名空间里。
构建镜像请改用不需要套接字的工具，例如无 root 模式的 BuildKit。

## 示例
见英文页面的 YAML。"""

_HOME = Text(
    "{path} may hold data that the program needs: copy them to a PersistentVolumeClaim and mount that instead",
    "{path} 里可能有程序需要的数据：请复制到持久卷声明（PersistentVolumeClaim），用它代替 `hostPath`",
)


@check(
    each_workload,
    layer=Layer.CONTAINER,
    severity=Severity.HIGH,
    references="attack:T1611 cis:5.2.12 trivy:KSV-0121 kube-linter:sensitive-host-mounts kubescape:C-0048",
    zh=ZH,
)
def sensitive_host_path(workload: Workload, _judge: Judge) -> Iterator[Found]:
    """A pod reaches sensitive files of its node.

    ## Why it matters
    A `hostPath` volume hands files of the node to the container. Some places equal the whole node: the socket of the
    container runtime (`docker.sock`, `containerd.sock`), `/`, `/etc`, the kubelet's folder, `/proc`. Whoever breaks
    in starts any container there, adds a user or reads the keys, and then owns the node and all that runs on it. A
    socket that is mounted read-only is still full control.

    ## What the fix changes
    Where reading alone does no harm (such as `/var/log`), the mount becomes read-only. Elsewhere the volume becomes
    an empty folder (`emptyDir`): the program starts, but no longer sees the node's files. One that works with them
    (monitoring, logs, building images, steering containers) fails and logs `no such file` or `read-only file system`;
    an ordinary web service does not notice. Run it once in a test environment first. Where a variable (such as
    `DOCKER_HOST`), the command or an argument names the socket, the program surely stops: that is a decision, and
    it needs another way to work first.

    ## When to allow it
    Node agents that belong to the platform: logs, monitoring, storage drivers. Mount the smallest folder that is
    needed, read-only where possible, and keep them in a namespace of their own. Build images with a tool that needs no
    socket, such as BuildKit without root.

    ## Example
    Bad:
    ```yaml
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.4
          volumeMounts:
            - name: host
              mountPath: /host
      volumes:
        - name: host
          hostPath:
            path: /etc
    ```
    Good:
    ```yaml
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.4
          volumeMounts:
            - name: host
              mountPath: /host
      volumes:
        - name: host
          emptyDir: {}
    ```
    """
    for volume in workload.pod.volumes:
        if "hostPath" not in (volume.source, *volume.extra_sources):
            continue
        mounts = [(c, m, danger_of(_path(volume, m))) for c, m in workload.pod.mounters(volume.name)]
        graded = [(_grade(workload, c, m, d), d) for c, m, d in mounts if d is not None]
        danger = danger_of(volume.host_path)
        if not mounts and danger is not None:
            graded = [(Severity.LOW, danger)]
        severity, worst = max(((s, d) for s, d in graded if s is not None), key=lambda g: g[0], default=(None, None))
        if severity is None or worst is None:
            continue
        yield Place(workload, None).found(
            Text(
                f"{{who}} reaches {volume.host_path} of its node: {worst.why.en}",
                f"{{who}} 能接触节点的 {volume.host_path}：{worst.why.zh}",
            ),
            (*volume.path, "hostPath", "path"),
            _fix(workload, volume, [(c, m) for c, m, _ in mounts], [d for _, _, d in mounts]),
            *worst.references,
            detail=volume.name,
            severity=severity,
        )


def _path(volume: Volume, mount: VolumeMount) -> str:
    return posixpath.join(volume.host_path, mount.sub_path)


def _grade(workload: Workload, container: Container, mount: VolumeMount, danger: Danger) -> Severity | None:
    """One grade less for a container that certainly does not run as root: most of these files are root's."""
    severity = danger.read_only if mount.read_only else danger.writable
    bound = container.security.run_as_non_root, workload.pod.security.run_as_non_root
    other_user = user_of(workload.pod, container) or next((b for b in bound if b is not None), False)
    if severity is None or severity is Severity.LOW or not other_user:
        return severity
    return Severity(severity - 1)


def _fix(
    workload: Workload, volume: Volume, mounts: list[tuple[Container, VolumeMount]], dangers: list[Danger | None]
) -> Remedy | NoFix:
    owner, empty = workload.meta.ref, Set(volume.path, {"name": volume.name, "emptyDir": {}})
    if not mounts:
        return remedy("scratch-off-the-node", owner, empty, fix_class=SAFE)
    if all(d is None or d.read_only is None for d in dangers):
        writable = [(*c.path, "volumeMounts", m.index, "readOnly") for c, m in mounts if not m.read_only]
        return remedy("read-only-node-folder", owner, *(Set(at, value=True) for at in writable))
    if f"{normal(volume.host_path)}/".startswith("/home/"):
        return NoFix(_HOME.of(path=volume.host_path))
    return empty_folder(workload, volume)
