"""What permissions lead to: one row for each power, with the requests that it needs.

Sources: kubernetes.io/docs/concepts/security/rbac-good-practices, kubehound.io/reference/attacks,
github.com/WithSecureLabs/IceKube/docs, github.com/PaloAltoNetworks/rbac-police/lib, and for what the API server asks:
kubernetes/kubernetes v1.37.2 (pkg/registry/rbac, apiserver/pkg/endpoints/filters/impersonation.go, plugin/pkg/admission).
"""

from msgspec import Struct

from fourc.graph.scopes import Area
from fourc.model.text import Text

_RBAC, _ADMISSION, _CERTIFICATES = "rbac.authorization.k8s.io", "admissionregistration.k8s.io", "certificates.k8s.io"
_APPS, _BATCH, _NET, _DISCOVERY = "apps", "batch", "networking.k8s.io", "discovery.k8s.io"
CREATE, CHANGE, WRITE = ("create",), ("update", "patch"), ("create", "update", "patch")
CLIENT_SIGNER = "kubernetes.io/kube-apiserver-client"
_NODE_SIGNER = "kubernetes.io/kube-apiserver-client-kubelet"


class Need(Struct, frozen=True):
    """Any of the verbs on any of the resources (group, resource); `names` are objects of which one is enough.

    Each of `others` does as well.
    """

    verbs: tuple[str, ...]
    resources: tuple[tuple[str, str], ...]
    names: tuple[str, ...] = ()
    others: tuple["Need", ...] = ()


class Power(Struct, frozen=True):
    """One power: every need must be held, in one namespace or in all.

    `leads` is where it leads: an area of the namespace (or cluster) that it holds in, or a fixed node of the graph.
    `cluster` when it means something only for the whole cluster, `inside` the only namespace in which it counts.
    `rules` are the findings about the role of which mending one takes the power away. `holding` is a node that must be
    held besides.
    """

    kind: str
    needs: tuple[Need, ...]
    leads: Area | str
    rules: tuple[str, ...]
    may: Text
    cluster: bool = False
    namespaced_only: bool = False
    inside: str = ""
    holding: str = ""


def _core(*resources: str) -> tuple[tuple[str, str], ...]:
    return tuple(("", resource) for resource in resources)


def _of(group: str, *resources: str) -> tuple[tuple[str, str], ...]:
    return tuple((group, resource) for resource in resources)


_ROLES, _BINDINGS = _of(_RBAC, "roles", "clusterroles"), _of(_RBAC, "rolebindings", "clusterrolebindings")
_CLUSTER_ROLES, _CLUSTER_BINDINGS = _of(_RBAC, "clusterroles"), _of(_RBAC, "clusterrolebindings")
_IN_ROLES, _IN_BINDINGS = _of(_RBAC, "roles"), _of(_RBAC, "rolebindings")
BINDS = {"ClusterRole": _CLUSTER_ROLES, "Role": _IN_ROLES}
"""What `bind` is asked on, by the kind of the role."""
WRITES_CLUSTER_BINDINGS, WRITES_BINDINGS = Need(WRITE, _CLUSTER_BINDINGS), Need(WRITE, _IN_BINDINGS)
_EVERYTHING = ("cluster-admin",)
_MAKERS = (
    *_of(_APPS, "deployments", "statefulsets", "daemonsets", "replicasets"),
    *_of("extensions", "deployments", "daemonsets", "replicasets"),
    *_of(_BATCH, "jobs", "cronjobs"),
    *_core("replicationcontrollers"),
)
_NEW_PODS = Need(CREATE, (*_core("pods"), *_MAKERS))
_WEBHOOKS = (
    "mutatingwebhookconfigurations", "mutatingadmissionpolicies", "mutatingadmissionpolicybindings",
)  # fmt: skip
_ESCALATION, _ROLE_CHANGE = "rbac-escalation", "rbac-role-change"
NODE, ADMIN, OUTAGE = "node", "cluster-admin", "outage"

POWERS: tuple[Power, ...] = (
    Power(
        "rbac-everything", (Need(("*",), (("*", "*"),)),), ADMIN, ("rbac-wildcard",),
        Text("do everything", "做任何事"), cluster=True,
    ),
    Power(
        "rbac-escalate", (Need(("escalate",), _CLUSTER_ROLES), Need(CHANGE, _CLUSTER_ROLES)), ADMIN, (_ESCALATION, _ROLE_CHANGE),
        Text("write themselves more permissions into their own role", "在自己的角色里写入更多权限"), cluster=True,
    ),
    Power(
        "rbac-escalate", (Need(("escalate",), _IN_ROLES), Need(CHANGE, _IN_ROLES)), Area.ALL, (_ESCALATION, _ROLE_CHANGE),
        Text("write themselves more permissions into their own role", "在自己的角色里写入更多权限"), namespaced_only=True,
    ),
    Power(
        "rbac-bind", (Need(("bind",), _CLUSTER_ROLES, _EVERYTHING), Need(WRITE, _BINDINGS)), ADMIN, (_ESCALATION, _ROLE_CHANGE),
        Text("bind cluster-admin to themselves", "把 cluster-admin 绑定给自己"), cluster=True,
    ),
    Power(
        "rbac-bind", (Need(("bind",), _CLUSTER_ROLES, _EVERYTHING), Need(WRITE, _IN_BINDINGS)), Area.ALL,
        (_ESCALATION, _ROLE_CHANGE),
        Text("bind cluster-admin to themselves", "把 cluster-admin 绑定给自己"), namespaced_only=True,
    ),
    Power(
        "rbac-bind-role", (Need(("bind",), _IN_ROLES), Need(WRITE, _IN_BINDINGS)), Area.ROLES, (_ESCALATION, _ROLE_CHANGE),
        Text("bind any Role of the namespace to themselves", "把该命名空间中的任何 Role 绑定给自己"),
    ),
    Power(
        "rbac-impersonate-user", (Need(("impersonate",), _core("users")),), ADMIN, (_ESCALATION,),
        Text("act as any user (impersonate), the controllers' too", "冒充任何用户（impersonate），包括控制器"), cluster=True,
    ),
    Power(
        "rbac-impersonate-group",
        (Need(("impersonate",), _core("groups"), ("system:masters",)), Need(("impersonate",), _core("users", "serviceaccounts"))),
        ADMIN, (_ESCALATION,),
        Text("act as the group system:masters (impersonate)", "冒充用户组 system:masters（impersonate）"), cluster=True,
    ),
    Power(
        "rbac-impersonate-account", (Need(("impersonate",), _core("serviceaccounts")),), Area.ACCOUNTS, (_ESCALATION,),
        Text("act as any service account (impersonate)", "冒充任何服务账号（impersonate）"),
    ),
    Power(
        "rbac-impersonate-in-namespace", (Need(("impersonate",), _core("users", "groups")),), Area.ACCOUNTS, (_ESCALATION,),
        Text(
            "act as users and groups (impersonate), which the API server asks for outside every namespace",
            "冒充用户和用户组（impersonate）；API 服务器在命名空间之外检查这一权限",
        ),
        namespaced_only=True,
    ),
    Power(
        "rbac-client-certificate",
        (
            Need(("approve",), _of(_CERTIFICATES, "signers"), (CLIENT_SIGNER, "kubernetes.io/*")),
            Need(CHANGE, _of(_CERTIFICATES, "certificatesigningrequests/approval")),
            Need(CREATE, _of(_CERTIFICATES, "certificatesigningrequests")),
        ),
        ADMIN, ("rbac-certificate-approval",),
        Text("make and approve themselves a client certificate of any user", "为自己签发任意用户的客户端证书"), cluster=True,
    ),
    Power(
        "rbac-node-certificate",
        (
            Need(("approve",), _of(_CERTIFICATES, "signers"), (_NODE_SIGNER, "kubernetes.io/*")),
            Need(CHANGE, _of(_CERTIFICATES, "certificatesigningrequests/approval")),
            Need(CREATE, _of(_CERTIFICATES, "certificatesigningrequests")),
        ),
        NODE, ("rbac-certificate-approval",),
        Text(
            "make and approve a kubelet's certificate, and so add a node of their own that gets pods",
            "签发并批准 kubelet 证书，从而加入由自己控制的节点并接收 Pod",
        ),
        cluster=True,
    ),
    Power(
        "rbac-control-webhooks", (Need(WRITE, _of(_ADMISSION, *_WEBHOOKS)),), ADMIN, ("rbac-webhook-control",),
        Text("rewrite what others ask of the API server", "改写别人发给 API 服务器的请求"), cluster=True,
    ),
    Power(
        "rbac-watch-requests", (Need(WRITE, _of(_ADMISSION, "validatingwebhookconfigurations")),), Area.SECRETS,
        ("rbac-webhook-control",),
        Text("have every new Secret sent to themselves (webhook)", "让每个新 Secret 都发送给自己（webhook）"), cluster=True,
    ),
    Power(
        "rbac-request-token", (Need(CREATE, _core("serviceaccounts/token")),), Area.ACCOUNTS, ("rbac-token-creation",),
        Text("make tokens of service accounts", "为服务账号签发令牌"),
    ),
    Power(
        "rbac-token-secret", (Need(CREATE, _core("secrets")), Need(("get", "list", "watch"), _core("secrets"))), Area.ACCOUNTS,
        ("rbac-secrets-access",),
        Text(
            "make a Secret of the type kubernetes.io/service-account-token and read the token from it",
            "创建 kubernetes.io/service-account-token 类型的 Secret 并从中读出令牌",
        ),
    ),
    Power(
        "rbac-list-secrets", (Need(("list", "watch"), _core("secrets")),), Area.SECRETS, ("rbac-secrets-access",),
        Text("list every Secret with its content", "列出所有 Secret 及其内容"),
    ),
    Power(
        "rbac-get-secrets", (Need(("get",), _core("secrets")),), Area.SECRETS, ("rbac-secrets-access",),
        Text("read any Secret whose name they guess", "读取能猜到名字的任何 Secret"),
    ),
    Power(
        "rbac-create-pod", (_NEW_PODS,), Area.NEW_POD, ("rbac-pod-creation",),
        Text("start pods of their own choice", "启动任意 Pod"),
    ),
    Power(
        "rbac-change-workload", (Need(CHANGE, _MAKERS),), Area.NEW_POD, ("rbac-pod-creation",),
        Text("change what workloads run", "修改工作负载运行的内容"),
    ),
    Power(
        "rbac-relabel-namespace", (Need(CHANGE, _core("namespaces")), _NEW_PODS), NODE, ("rbac-pod-creation",),
        Text(
            "take the Pod Security label off a namespace and start a privileged pod there",
            "去掉命名空间的 Pod 安全标签并在其中启动特权 Pod",
        ),
    ),
    Power(
        "rbac-host-volume", (Need(CREATE, _core("persistentvolumes")), _NEW_PODS), NODE,
        ("rbac-persistent-volume-creation", "rbac-pod-creation"),
        Text("make a PersistentVolume of a node's folder and mount it", "用节点目录创建 PersistentVolume 并挂载"), cluster=True,
    ),
    Power(
        "rbac-patch-pod", (Need(CHANGE, _core("pods")),), Area.PODS, ("rbac-pod-creation", "rbac-pod-exec"),
        Text("change the image of running pods", "修改运行中 Pod 的镜像"),
    ),
    Power(
        "rbac-exec", (Need(("create", "get"), _core("pods/exec")),), Area.PODS, ("rbac-pod-exec",),
        Text("run commands in pods", "在 Pod 中执行命令"),
    ),
    Power(
        "rbac-attach", (Need(("create", "get"), _core("pods/attach")),), Area.PODS, ("rbac-pod-exec",),
        Text("attach to the processes of pods", "连接 Pod 中的进程"),
    ),
    Power(
        "rbac-ephemeral-container", (Need(CHANGE, _core("pods/ephemeralcontainers")),), Area.PODS, ("rbac-pod-exec",),
        Text("put a container of their own into running pods", "在运行中的 Pod 里放入自己的容器"),
    ),
    Power(
        "rbac-exec-through-kubelet", (Need(("create", "get"), _core("nodes/proxy")),), Area.PODS, ("rbac-node-proxy",),
        Text("run commands in every pod through the kubelet", "通过 kubelet 在每个 Pod 中执行命令"), cluster=True,
    ),
    Power(
        "rbac-command-kubelet", (Need(("create", "get"), _core("nodes/proxy")),), NODE, ("rbac-node-proxy",),
        Text("command the kubelets of the nodes", "指挥节点的 kubelet"), cluster=True,
    ),
    Power(
        "rbac-forward-ports",
        (Need(("create", "get"), _core("pods/portforward", "pods/proxy", "services/proxy")),), Area.PORTS, ("rbac-pod-exec",),
        Text("connect to any port of pods past every policy", "绕过网络策略连接 Pod 的任何端口"),
    ),
    Power(
        "rbac-steal-pods",
        (
            Need(CHANGE, _core("nodes", "nodes/status")),
            Need(
                ("delete", "deletecollection"), _core("pods", "nodes"),
                others=(Need(CREATE, _core("pods/eviction")), Need(CHANGE, _core("pods", "pods/status", "nodes"))),
            ),
        ),
        Area.ACCOUNTS, (),
        Text(
            "drive pods with powerful accounts onto a node that they hold",
            "把带有强权限账号的 Pod 赶到自己控制的节点上",
        ),
        cluster=True, holding=NODE,
    ),
    Power(
        "rbac-steer-pods", (Need(CHANGE, _core("nodes/status", "nodes")),), Area.ACCOUNTS, (),
        Text(
            "set the labels of nodes, so that new pods with powerful accounts may come to a node that they hold",
            "修改节点标签，使带有强权限账号的新 Pod 有可能来到自己控制的节点上",
        ),
        cluster=True, holding=NODE,
    ),
    Power(
        "rbac-redirect-services",
        (
            Need(
                WRITE,
                (
                    *_core("services", "services/status", "endpoints"), *_of(_DISCOVERY, "endpointslices"),
                    *_of(_NET, "ingresses"), *_of("extensions", "ingresses"),
                ),
            ),
        ),
        Area.TRAFFIC, (),
        Text("send the traffic of Services to themselves", "把 Service 的流量引向自己"),
    ),
    Power(
        "rbac-redirect-by-pod-status", (Need(CHANGE, _core("pods/status")),), Area.TRAFFIC, (),
        Text("give their pod the labels that Services select", "给自己的 Pod 加上 Service 所选择的标签"),
    ),
    Power(
        "rbac-redirect-names", (Need(CHANGE, _core("configmaps"), ("coredns",)),), Area.TRAFFIC, (),
        Text("rewrite the cluster's DNS (ConfigMap coredns)", "改写集群 DNS（ConfigMap coredns）"), inside="kube-system",
    ),
    Power(
        "rbac-update-aws-auth", (Need(CHANGE, _core("configmaps"), ("aws-auth",)),), ADMIN, (),
        Text(
            "map a cloud identity to system:masters (ConfigMap aws-auth)",
            "把云身份映射到 system:masters（ConfigMap aws-auth）",
        ),
        inside="kube-system",
    ),
    Power(
        "rbac-delete-workloads",
        (
            Need(
                ("delete", "deletecollection"),
                (*_core("pods", "namespaces", "nodes"), *_of(_APPS, "deployments", "statefulsets", "daemonsets")),
            ),
        ),
        OUTAGE, (),
        Text("delete what runs", "删除正在运行的对象"),
    ),
)  # fmt: skip
