"""From a finding to operations: the one table that says how far each recipe's edit can be trusted, and why."""

from collections.abc import Mapping

from msgspec import Struct

from fourc.model.remedy import Bump, ChangeKind, FixClass, NewFile, Remedy
from fourc.model.subject import Ref
from fourc.model.text import Text
from fourc.patch.yaml.operations import Operation

SAFE, TRY_FIRST, DECISION = FixClass.SAFE, FixClass.TRY_FIRST, FixClass.DECISION


class Recipe(Struct, frozen=True):
    """One way to mend: in which kind of change it lands, its class, and the reason for the class."""

    kind: ChangeKind
    fix_class: FixClass
    why: Text


RECIPES: Mapping[str, Recipe] = {
    "upgrade-patch": Recipe(
        ChangeKind.UPGRADE,
        SAFE,
        Text(
            "a patch release of the same minor version mends faults and keeps what works, as its maker says",
            "同一次版本号内的补丁版本只修复缺陷，按其维护者的说法不改变功能",
        ),
    ),
    "update-node": Recipe(
        ChangeKind.UPDATE_NODE,
        TRY_FIRST,
        Text(
            "the distribution changes no behaviour on purpose, but services restart",
            "发行版不会有意改变行为，但服务会重启",
        ),
    ),
    "reboot-node": Recipe(
        ChangeKind.REBOOT,
        TRY_FIRST,
        Text(
            "what runs on the node has to run elsewhere meanwhile, and whether there is room was not seen",
            "节点上的程序须暂时在别处运行，是否有足够空间没有看到",
        ),
    ),
    "upgrade-package": Recipe(
        ChangeKind.UPGRADE,
        TRY_FIRST,
        Text(
            "a newer version may do something differently, and the project's own tests were not run",
            "新版本的行为可能不同，而且没有运行项目自己的测试",
        ),
    ),
    "meet-the-level": Recipe(
        ChangeKind.MEET_RESTRICTED,
        DECISION,
        Text(
            "what the program does with the right that goes was not seen, or something must be prepared first",
            "程序用这项权限做什么没有看到，或者必须先做准备",
        ),
    ),
    "move-agent": Recipe(
        ChangeKind.MOVE_AGENT,
        DECISION,
        Text(
            "the name of the new namespace is a guess, and who finds the agent by the old one was not seen",
            "新命名空间的名字是猜测的，有谁按旧名字查找该代理没有看到",
        ),
    ),
    "enforce-level": Recipe(
        ChangeKind.ENFORCE_ADMISSION,
        TRY_FIRST,
        Text(
            "pods that stand in no file that was read are refused when they start anew",
            "没有读到的 Pod 在重新启动时会被拒绝",
        ),
    ),
    "restrict-network": Recipe(
        ChangeKind.RESTRICT_NETWORK,
        TRY_FIRST,
        Text(
            "a client that no manifest names is cut off",
            "清单中没有写明的客户端会被切断",
        ),
    ),
    "stop-privileged": Recipe(
        ChangeKind.ISOLATE_FROM_HOST,
        TRY_FIRST,
        Text(
            "a program that really manages the node stops working without it",
            "真正管理节点的程序失去特权后会停止工作",
        ),
    ),
    "forbid-escalation": Recipe(
        ChangeKind.HARDEN,
        TRY_FIRST,
        Text(
            "only programs that call sudo or another setuid file notice, and whether one does was not seen",
            "只有调用 sudo 或其他 setuid 文件的程序会受影响，而是否如此没有看到",
        ),
    ),
    "leave-host-namespace": Recipe(
        ChangeKind.ISOLATE_FROM_HOST,
        TRY_FIRST,
        Text(
            "a program that watches the node, or that others reach by the node's address, stops working without it",
            "监视节点的程序，或被别人通过节点地址访问的程序，会停止工作",
        ),
    ),
    "close-host-port": Recipe(
        ChangeKind.ISOLATE_FROM_HOST,
        TRY_FIRST,
        Text(
            "whoever calls the node's address and this port has to use a Service, and who does was not seen",
            "通过节点地址和该端口访问的调用者须改用 Service，而有谁这样访问没有看到",
        ),
    ),
    "scratch-off-the-node": Recipe(
        ChangeKind.ISOLATE_FROM_HOST,
        TRY_FIRST,
        Text(
            "the folder is a temporary one, but whether something outside the pod reads it was not seen",
            "该目录是临时目录，但 Pod 以外是否有程序读取它没有看到",
        ),
    ),
    "claim-for-host-path": Recipe(
        ChangeKind.ISOLATE_FROM_HOST,
        DECISION,
        Text(
            "the claim's name is a guess; the claim must exist and the data be copied to it first",
            "声明的名字是猜测的；须先建好声明并把数据复制过去",
        ),
    ),
    "claim-for-volume": Recipe(
        ChangeKind.HARDEN,
        DECISION,
        Text(
            "the claim's name is a guess; the claim must exist before the pod starts",
            "声明的名字是猜测的；Pod 启动前它必须存在",
        ),
    ),
    "take-back-capability": Recipe(
        ChangeKind.ISOLATE_FROM_HOST,
        TRY_FIRST,
        Text(
            "somebody asked for the capability, and what for was not seen",
            "有人申请了该能力，用途没有看到",
        ),
    ),
    "drop-capabilities": Recipe(
        ChangeKind.HARDEN,
        TRY_FIRST,
        Text(
            "a program that changes owners, users or low ports needs some, and what it does was not seen",
            "修改属主、切换用户或监听低端口的程序需要其中一些，而它做什么没有看到",
        ),
    ),
    "require-non-root": Recipe(
        ChangeKind.HARDEN,
        TRY_FIRST,
        Text(
            "the image may start as root or write files that belong to root, and that was not seen",
            "镜像可能以 root 启动，或写入属于 root 的文件，而这没有看到",
        ),
    ),
    "leave-root": Recipe(
        ChangeKind.HARDEN,
        TRY_FIRST,
        Text(
            "files that the program wrote as root stay root's, and what it writes was not seen",
            "程序以 root 写下的文件仍属于 root，而它写了什么没有看到",
        ),
    ),
    "withdraw-root-permission": Recipe(
        ChangeKind.HARDEN,
        SAFE,
        Text(
            "`false` is also what holds without the line",
            "没有这一行时同样是 `false`",
        ),
    ),
    "filter-system-calls": Recipe(
        ChangeKind.HARDEN,
        TRY_FIRST,
        Text(
            "the default filter suits nearly every program, but debuggers and sandboxes need calls that it denies",
            "默认过滤器适合几乎所有程序，但调试器和沙箱需要它禁止的调用",
        ),
    ),
    "restore-apparmor": Recipe(
        ChangeKind.HARDEN,
        TRY_FIRST,
        Text(
            "somebody switched the protection off, and why was not seen",
            "有人关闭了这项保护，原因没有看到",
        ),
    ),
    "restore-selinux": Recipe(
        ChangeKind.HARDEN,
        TRY_FIRST,
        Text(
            "on nodes with SELinux the program may lose access to files with a label of their own",
            "在启用 SELinux 的节点上，程序可能无法再访问带有专用标签的文件",
        ),
    ),
    "mask-proc": Recipe(
        ChangeKind.ISOLATE_FROM_HOST,
        TRY_FIRST,
        Text(
            "only programs that start containers of their own need the open form",
            "只有自己会启动容器的程序才需要未遮盖的形式",
        ),
    ),
    "withdraw-sysctl": Recipe(
        ChangeKind.ISOLATE_FROM_HOST,
        TRY_FIRST,
        Text(
            "the program gets the default value again, and whether it can work with that was not seen",
            "程序将重新使用默认值，能否正常工作没有看到",
        ),
    ),
    "stop-host-process": Recipe(
        ChangeKind.ISOLATE_FROM_HOST,
        TRY_FIRST,
        Text(
            "a program that really manages the Windows node stops working without it",
            "真正管理 Windows 节点的程序会停止工作",
        ),
    ),
    "probe-own-pod": Recipe(
        ChangeKind.HARDEN,
        TRY_FIRST,
        Text(
            "the probe asks the pod's own address, and whether the program answers there was not seen",
            "探针改为访问 Pod 自己的地址，程序是否在那里应答没有看到",
        ),
    ),
    "narrow-sources": Recipe(
        ChangeKind.CLOSE_EXPOSURE,
        DECISION,
        Text(
            "which addresses may connect is a guess: the private ranges; everyone else is cut off",
            "允许哪些地址连接是猜测的：仅内网地址段；其他人都会被切断",
        ),
    ),
    "make-internal": Recipe(
        ChangeKind.CLOSE_EXPOSURE,
        DECISION,
        Text(
            "clients on the internet are cut off, and an existing load balancer has to be made anew",
            "互联网上的客户端会被切断，且已有的负载均衡须重建",
        ),
    ),
    "close-node-port": Recipe(
        ChangeKind.CLOSE_EXPOSURE,
        DECISION,
        Text(
            "whoever calls a node's address and this port is cut off, and who does was not seen",
            "通过节点地址和该端口访问的人会被切断，而有谁这样访问没有看到",
        ),
    ),
    "withdraw-external-ips": Recipe(
        ChangeKind.CLOSE_EXPOSURE,
        DECISION,
        Text(
            "whoever calls these addresses is cut off, and who does was not seen",
            "访问这些地址的人会被切断，而有谁访问没有看到",
        ),
    ),
    "name-the-host": Recipe(
        ChangeKind.CLOSE_EXPOSURE,
        DECISION,
        Text(
            "the host is taken from the certificate entry; calls by address or by another name get an error",
            "主机名取自证书条目；通过地址或其他名称的访问会出错",
        ),
    ),
    "request-certificate": Recipe(
        ChangeKind.ENCRYPT,
        TRY_FIRST,
        Text(
            "the issuer is the one used next to it, and whether it may sign for these hosts was not seen",
            "签发者取自相邻的入口，它能否为这些主机签发没有看到",
        ),
    ),
    "serve-certificate": Recipe(
        ChangeKind.ENCRYPT,
        DECISION,
        Text(
            "the Secret's name is a guess; the certificate has to be there first",
            "Secret 的名字是猜测的；证书须事先准备好",
        ),
    ),
    "redirect-to-https": Recipe(
        ChangeKind.ENCRYPT,
        TRY_FIRST,
        Text(
            "clients that do not follow a redirect fail, and so does a load balancer that ends TLS in front",
            "不跟随重定向的客户端会失败；前面已有负载均衡终止 TLS 时会循环重定向",
        ),
    ),
    "encrypt-route": Recipe(
        ChangeKind.ENCRYPT,
        TRY_FIRST,
        Text(
            "the router's own certificate has to cover the host, and clients have to follow a redirect",
            "路由器自带的证书须覆盖该主机，客户端须能跟随重定向",
        ),
    ),
    "withdraw-annotation": Recipe(
        ChangeKind.CLOSE_EXPOSURE,
        DECISION,
        Text(
            "what the annotation configured stops, and whether someone relies on it was not seen",
            "该注解配置的行为会消失，是否有人依赖它没有看到",
        ),
    ),
    "allow-name-lookup": Recipe(
        ChangeKind.RESTRICT_NETWORK,
        TRY_FIRST,
        Text(
            "only lookups at the cluster's DNS become possible; where DNS runs elsewhere it changes nothing",
            "只放开对集群 DNS 的查询；DNS 不在该处时没有效果",
        ),
    ),
    "name-policy-type": Recipe(
        ChangeKind.RESTRICT_NETWORK,
        DECISION,
        Text(
            "incoming connections become possible again, and whether they were meant to be shut was not seen",
            "入站连接会重新放开，而原本是否有意关闭没有看到",
        ),
    ),
    "mend-selector": Recipe(
        ChangeKind.RESTRICT_NETWORK,
        DECISION,
        Text(
            "the label is taken from the only workload that nearly matches, and may be another's",
            "标签取自唯一接近匹配的工作负载，可能本意是别的",
        ),
    ),
    "enforce-policies": Recipe(
        ChangeKind.RESTRICT_NETWORK,
        TRY_FIRST,
        Text(
            "the policies that are there take effect at once and cut what they do not admit",
            "已有的策略会立即生效，切断未被放行的连接",
        ),
    ),
    "narrow-policy": Recipe(
        ChangeKind.RESTRICT_NETWORK,
        DECISION,
        Text(
            "who may connect is a guess: the pods of the same namespace; others are cut off",
            "允许谁连接是猜测的：同一命名空间的 Pod；其他会被切断",
        ),
    ),
    "limit-policy-ports": Recipe(
        ChangeKind.RESTRICT_NETWORK,
        TRY_FIRST,
        Text(
            "a port that the program opens without declaring it is closed",
            "程序打开但未声明的端口会被关闭",
        ),
    ),
    "empty-node-folder": Recipe(
        ChangeKind.ISOLATE_FROM_HOST,
        TRY_FIRST,
        Text(
            "a program that works with the node's files finds an empty folder, and what it does there was not seen",
            "使用节点文件的程序会看到空目录，而它在那里做什么没有看到",
        ),
    ),
    "read-only-node-folder": Recipe(
        ChangeKind.ISOLATE_FROM_HOST,
        TRY_FIRST,
        Text(
            "a program that writes there fails, and whether it does was not seen",
            "要写入该目录的程序会失败，而它是否写入没有看到",
        ),
    ),
    "stop-mount-propagation": Recipe(
        ChangeKind.ISOLATE_FROM_HOST,
        TRY_FIRST,
        Text(
            "a program that mounts disks for other pods stops working without it",
            "替其他 Pod 挂载磁盘的程序会停止工作",
        ),
    ),
    "lock-root-filesystem": Recipe(
        ChangeKind.HARDEN,
        TRY_FIRST,
        Text(
            "a program that writes into its image fails there, and where it writes was not seen",
            "写入镜像目录的程序会失败，而它写到哪里没有看到",
        ),
    ),
    "size-memory-limit": Recipe(
        ChangeKind.SIZE_RESOURCES,
        DECISION,
        Text(
            "the number is a guess; a program that needs more is killed (OOMKilled)",
            "数值是猜测的；用量更多的程序会被终止（OOMKilled）",
        ),
    ),
    "size-request": Recipe(
        ChangeKind.SIZE_RESOURCES,
        DECISION,
        Text(
            "the number is a guess; where no node has so much free, the pod waits (Pending)",
            "数值是猜测的；没有节点剩余这么多资源时，Pod 会一直等待（Pending）",
        ),
    ),
    "size-ephemeral-storage": Recipe(
        ChangeKind.SIZE_RESOURCES,
        DECISION,
        Text(
            "the number is a guess; a pod that writes more is evicted",
            "数值是猜测的；写入更多的 Pod 会被驱逐",
        ),
    ),
    "write-request-down": Recipe(
        ChangeKind.SIZE_RESOURCES,
        SAFE,
        Text(
            "it writes down what Kubernetes assumes anyway",
            "只是写明 Kubernetes 本来就采用的值",
        ),
    ),
    "quota-for-namespace": Recipe(
        ChangeKind.SIZE_RESOURCES,
        DECISION,
        Text(
            "the number is a guess; pods beyond it are refused",
            "数值是猜测的；超出的 Pod 会被拒绝",
        ),
    ),
    "limit-range-for-namespace": Recipe(
        ChangeKind.SIZE_RESOURCES,
        DECISION,
        Text(
            "the numbers are guesses; after their next start they hold for every container that says nothing itself",
            "数值是猜测的；没有自行设置的容器在下次启动后都会受其约束",
        ),
    ),
    "guess-liveness-probe": Recipe(
        ChangeKind.KEEP_AVAILABLE,
        DECISION,
        Text(
            "port and times are guesses; a program that answers too late is restarted",
            "端口和时间是猜测的；应答过慢的程序会被重启",
        ),
    ),
    "guess-readiness-probe": Recipe(
        ChangeKind.KEEP_AVAILABLE,
        DECISION,
        Text(
            "the port is a guess; a program that does not listen there gets no requests",
            "端口是猜测的；没有监听该端口的程序将收不到请求",
        ),
    ),
    "add-disruption-budget": Recipe(
        ChangeKind.KEEP_AVAILABLE,
        SAFE,
        Text(
            "it only makes node drains take one pod after the other",
            "只是让节点维护时逐个迁移 Pod",
        ),
    ),
    "loosen-disruption-budget": Recipe(
        ChangeKind.KEEP_AVAILABLE,
        TRY_FIRST,
        Text(
            "somebody forbade to move these pods, and why was not seen",
            "有人禁止迁移这些 Pod，原因没有看到",
        ),
    ),
    "add-replica": Recipe(
        ChangeKind.KEEP_AVAILABLE,
        DECISION,
        Text(
            "whether the program works in two copies, and whether the cluster has room, was not seen",
            "程序能否同时运行两份、集群是否有余量，都没有看到",
        ),
    ),
    "add-startup-probe": Recipe(
        ChangeKind.KEEP_AVAILABLE,
        SAFE,
        Text(
            "it only gives the program more time: where the liveness probe is answered, this one is too",
            "只是给程序更多时间：存活探针能得到应答时，它也能",
        ),
    ),
    "withdraw-permission": Recipe(
        ChangeKind.NARROW_PERMISSIONS,
        TRY_FIRST,
        Text(
            "a program that uses the permission is refused from then on, and which ones it uses was not seen",
            "用到该权限的程序此后会被拒绝，而它用到哪些没有看到",
        ),
    ),
    "choose-permissions": Recipe(
        ChangeKind.NARROW_PERMISSIONS,
        DECISION,
        Text(
            "what the holder really does was not seen, so what is left to it is a guess",
            "持有者实际做什么没有看到，因此留下的权限是猜测",
        ),
    ),
    "bind-to-view": Recipe(
        ChangeKind.NARROW_PERMISSIONS,
        DECISION,
        Text(
            "reading is a guess of what the holder needs, and a binding must be deleted before it can name another role",
            "只读是对持有者需求的猜测，而绑定须先删除才能改为别的角色",
        ),
    ),
    "unbind-everyone": Recipe(
        ChangeKind.NARROW_PERMISSIONS,
        TRY_FIRST,
        Text(
            "whoever used it without an identity of their own is refused from then on, and who that is was not seen",
            "没有独立身份而使用它的人此后会被拒绝，而有谁这样使用没有看到",
        ),
    ),
    "withhold-token": Recipe(
        ChangeKind.DROP_TOKEN,
        TRY_FIRST,
        Text(
            "a program that asks the API server who it is loses that, and whether this one does was not seen",
            "向 API 服务器表明身份的程序会失去令牌，而它是否这样做没有看到",
        ),
    ),
    "give-own-account": Recipe(
        ChangeKind.NARROW_PERMISSIONS,
        DECISION,
        Text(
            "the new account has no permissions, and which ones the program uses was not seen",
            "新账号没有任何权限，而程序用到哪些没有看到",
        ),
    ),
    "read-secret-from-env": Recipe(
        ChangeKind.MOVE_SECRETS,
        DECISION,
        Text(
            "the pod waits until you have made the Secret with a new value, and its name is a guess",
            "在你用新值创建该 Secret 之前 Pod 会一直等待，且其名字是猜测的",
        ),
    ),
    "replace-secret": Recipe(
        ChangeKind.MOVE_SECRETS,
        DECISION,
        Text(
            "whatever still uses the old secret stops when it is revoked, and who that is was not seen",
            "撤销旧密钥后仍在使用它的程序会失败，而哪些程序在使用没有看到",
        ),
    ),
    "warn-about-pods": Recipe(
        ChangeKind.GUARD_ADMISSION,
        SAFE,
        Text(
            "the labels only warn and write to the audit log; nothing is refused",
            "这些标签只发出警告并写入审计日志；不会拒绝任何对象",
        ),
    ),
    "fail-closed": Recipe(
        ChangeKind.GUARD_ADMISSION,
        DECISION,
        Text(
            "while the webhook's own pods are down nobody can change what it watches",
            "webhook 自己的 Pod 不可用时，谁也无法修改它监管的对象",
        ),
    ),
    "leave-out-kube-system": Recipe(
        ChangeKind.KEEP_AVAILABLE,
        TRY_FIRST,
        Text(
            "what the webhook would have checked in kube-system is no longer checked there",
            "webhook 原本在 kube-system 中检查的内容不再检查",
        ),
    ),
}


def remedy(
    recipe: str,
    owner: Ref,
    *operations: Operation,
    caution: Text | None = None,
    fix_class: FixClass | None = None,
    new_files: tuple[NewFile, ...] = (),
    bumps: tuple[Bump, ...] = (),
    title: Text | None = None,
    story: Text | None = None,
    last: Text | None = None,
) -> Remedy:
    """The recipe applied to one object; `fix_class` where facts (the image table) make it more or less certain."""
    row = RECIPES[recipe]
    return Remedy(
        recipe,
        row.kind,
        owner,
        operations,
        row.fix_class if fix_class is None else fix_class,
        caution,
        new_files,
        bumps=bumps,
        title=title,
        story=story,
        last=last,
    )
