from collections.abc import Iterator

from fourc.checks.api import Found, InPod, Judge, check, each_container
from fourc.checks.pss import DEFAULT_CAPABILITIES, Place, restricts_capabilities, trimmed_add
from fourc.fix.recipes import remedy
from fourc.model.finding import Layer, Severity
from fourc.model.text import Text

ZH = """容器获得了危险的内核权限

## 为什么重要
Linux 把 root 的权力分成几十项“能力”（capability）。容器默认只有其中危害较小的一部分。
`add` 里多加的能力，有些等于节点的 root：`SYS_ADMIN` 能挂载内核的控制目录并修改设置，
`SYS_MODULE` 能向内核装入代码；`SYS_PTRACE` 能控制其他进程，`NET_RAW` 能伪造网络包（不少运行时默认就给）。

## 修复会改变什么
从 `add` 中删除它，连同 Pod 安全标准的最严一级（restricted）不允许的其他能力；
危害较小的那些默认就有，除非写了 `drop`。用到它的程序会在日志中出现 `operation not permitted`。请先在测试环境运行一次。

## 何时可以允许
网络插件（`NET_ADMIN`）、存储驱动、性能分析工具等平台组件。只加它真正用到的那一项，并写明原因。

## 示例
见英文页面的 YAML。"""


@check(
    each_container,
    layer=Layer.CONTAINER,
    severity=Severity.MEDIUM,
    references="pss:capabilities_baseline cis:5.2.9 trivy:KSV-0022 checkov:CKV_K8S_25 kubescape:C-0046",
    zh=ZH,
)
def dangerous_capability(subject: InPod, judge: Judge) -> Iterator[Found]:
    """A container is given a dangerous right over the kernel.

    ## Why it matters
    Linux splits the power of root into some forty rights, called capabilities. A container has the less harmful few
    by default. Some of those that `add` brings equal root on the node: `SYS_ADMIN` mounts the kernel's control folders
    and changes settings there, `SYS_MODULE` loads code into the kernel. `SYS_PTRACE` takes over other processes,
    `NET_RAW` (which some container runtimes give by default) forges network packets.

    ## What the fix changes
    It takes the capability out of `add`, with any other there that the strictest level of the Pod Security Standards
    (*restricted*) forbids; the less harmful ones are given by default anyway, unless `drop` takes them away. A program
    that uses it logs `operation not permitted`. Run it once in a test environment first.

    ## When to allow it
    Parts of the platform: network plug-ins (`NET_ADMIN`), storage drivers, profilers. Add only the one that is really
    used, and write down why.

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
          securityContext:
            runAsNonRoot: true
            capabilities:
              add: [NET_BIND_SERVICE, SYS_ADMIN]
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
          securityContext:
            runAsNonRoot: true
            capabilities:
              add: [NET_BIND_SERVICE]
    ```
    """
    place = Place(subject.workload, subject.container)
    both = ("pss:capabilities_restricted",) if restricts_capabilities(subject.pod, judge) else ()
    net_raw = ("cis:5.2.8", "trivy:KSV-0119")
    added = place.security.capabilities_add
    for name in dict.fromkeys(c for c in added if c not in DEFAULT_CAPABILITIES):
        yield place.found(
            Text(
                f"{{who}} is given {name}, a right over the node's kernel that hardly any application needs",
                f"{{who}} 获得了 {name}：这是对节点内核的权限，应用几乎都不需要",
            ),
            (*place.path, "capabilities", "add", added.index(name)),
            remedy("take-back-capability", subject.meta.ref, *trimmed_add(subject.container)),
            *both,
            *(net_raw if name == "NET_RAW" else ()),
            detail=name,
        )
