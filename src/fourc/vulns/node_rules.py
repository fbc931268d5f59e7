"""The rules that `scan node` finds by, with what there is to say about each."""

from msgspec import Struct

from fourc.model.finding import Severity
from fourc.model.text import Text


class NodeRule(Struct, frozen=True):
    """A rule: `severity` is for what nobody rates, `page` the text that people look up."""

    id: str
    severity: Severity
    page: Text
    references: tuple[str, ...] = ()


PENDING_UPDATE = NodeRule(
    "pending-security-update",
    Severity.HIGH,
    Text(
        """A package of the node has a security update that is not installed.

## Why it matters
The distribution has published a version that closes a known hole, and with it anyone can see where the hole is. Everything that
runs on the node shares its kernel and its services: whoever breaks into one container uses such holes to take the node.

## What the fix changes
It installs the version that the node's own repository offers, within the same release of the distribution. Services that use
the package are restarted by it or keep running the old code until they are; a new kernel runs only after a reboot. Drain the
node first (`kubectl drain`) and take the nodes one after the other.

## When to allow it
A package that is held on purpose, because the new version breaks something: write down why and until when.

## Example
Bad: `openssl 3.0.11-1~deb12u2` is installed, the security suite offers `3.0.17-1~deb12u3`.
Good: `apt-get install --only-upgrade openssl=3.0.17-1~deb12u3`""",
        """节点上的软件包有尚未安装的安全更新

## 为什么重要
发行版已经发布了修补已知漏洞的版本，任何人都能从中看出漏洞在哪里。节点上运行的一切共用内核和系统服务：
攻破一个容器的人会利用这类漏洞接管节点。

## 修复会改变什么
安装节点自己的软件源提供的版本，不会跨发行版大版本。使用该软件包的服务会被重启，否则在重启前仍运行旧代码；新内核只有重启后才生效。
请先排空节点（`kubectl drain`），并逐个节点进行。

## 何时可以允许
因为新版本会造成问题而有意保留旧版本的软件包：请写明原因和期限。

## 示例
不好：已安装 `openssl 3.0.11-1~deb12u2`，安全源提供 `3.0.17-1~deb12u3`。
好：`apt-get install --only-upgrade openssl=3.0.17-1~deb12u3`""",
    ),
)

REBOOT_NEEDED = NodeRule(
    "reboot-needed",
    Severity.HIGH,
    Text(
        """The node has to be rebooted before updates that are installed take effect.

## Why it matters
The running kernel, and programs that were started before an update, stay what they were: holes that the update closes on disk
are open in memory. Scanners that look at packages alone take such a node for mended.

## What the fix changes
Drain the node (`kubectl drain NODE --ignore-daemonsets`), reboot it, let it work again (`kubectl uncordon NODE`). Pods move to
other nodes meanwhile; what has one replica only is away for that time.

## When to allow it
Where the kernel is patched while it runs (livepatch, kpatch), until the next planned reboot.

## Example
Bad: `6.1.0-18-amd64` runs, `6.1.0-37-amd64` is installed.
Good: after the reboot `uname -r` says `6.1.0-37-amd64`.""",
        """节点需要重启，已安装的更新才会生效

## 为什么重要
正在运行的内核以及更新之前启动的程序仍是旧的：磁盘上已修补的漏洞在内存中依然存在。只看软件包的扫描器会误以为节点已修复。

## 修复会改变什么
排空节点（`kubectl drain NODE --ignore-daemonsets`），重启，再让它接受调度（`kubectl uncordon NODE`）。
期间 Pod 会迁移到其他节点；只有一个副本的应用会短暂中断。

## 何时可以允许
内核使用热补丁（livepatch、kpatch）时，可等到下一次计划内重启。

## 示例
不好：正在运行 `6.1.0-18-amd64`，已安装 `6.1.0-37-amd64`。
好：重启后 `uname -r` 显示 `6.1.0-37-amd64`。""",
    ),
)

NODE_RULES = (PENDING_UPDATE, REBOOT_NEEDED)
