"""Manifests in which each kind of step stands, and such in which one of its preconditions is missing."""

from tests.graph.manifests import held, host_path, namespace, pod, rule, service

ACCOUNT = "serviceAccountName: a"
RBAC = "rbac.authorization.k8s.io"
CSR = "certificates.k8s.io"
ADMISSION = "admissionregistration.k8s.io"
PRIVILEGED = "securityContext: {privileged: true}"


def added(*names: str) -> str:
    return f"securityContext: {{capabilities: {{add: [{', '.join(names)}]}}}}"


def holder(rules: str, *, cluster: bool = False) -> tuple[str, ...]:
    """A pod whose account holds these rules."""
    return pod(ACCOUNT), held(rules, cluster=cluster)


OPEN = (pod(container="ports: [{containerPort: 8080}]", labels="{app: p}"), pod(name="q", labels="{app: q}"))
REDIS = pod(name="redis", labels="{app: redis}", container="ports: [{containerPort: 6379}]")
LOCKED = pod(name="redis", labels="{app: redis}", container="ports: [{containerPort: 6379}], args: [--requirepass, x]")
DENY = (
    "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: deny, namespace: default}\n"
    "spec: {podSelector: {}, policyTypes: [Ingress]}\n"
)
ACCOUNT_DATA = (
    "apiVersion: v1\nkind: Secret\ntype: kubernetes.io/service-account-token\n"
    "metadata: {name: t, namespace: default, annotations: {kubernetes.io/service-account.name: a}}\n"
)
ROLE_ARN = (
    "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a, namespace: default, "
    "annotations: {eks.amazonaws.com/role-arn: 'arn:aws:iam::1:role/app'}}\n"
)
READ_SECRETS = f"[{rule('list', 'secrets')}]"
ENV = "env: [{name: PASSWORD, valueFrom: {secretKeyRef: {name: db, key: p}}}]"
MYSQL = f"ports: [{{containerPort: 3306}}], {ENV}"
SHARED = (
    "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  shareProcessNamespace: %s\n"
    "  containers: [{name: one, image: a}, {name: two, image: b}]\n"
)
PROJECTED = "volumes: [{name: t, projected: {sources: [{%s: {path: token}}]}}]"

# Kind of step: manifests in which it stands, and manifests of which one precondition is taken away.
CASES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "broken-in": ((pod(),), (namespace(),)),
    "publish-unsigned-image": ((pod(),), (namespace(),)),
    "run-image": ((pod(),), (pod().replace("@sha256:00", ":1"),)),
    "take-over-registry": ((pod().replace("@sha256:00", ":1"),), (pod(),)),
    "push-over-tag": ((pod().replace("@sha256:00", ":1"),), (pod(),)),
    "run-replaced-image": ((pod().replace("@sha256:00", ":1"),), (pod(),)),
    "enter-through-service": ((OPEN[0], service(kind="LoadBalancer")), (OPEN[0], service())),
    "mount-host-disk": ((pod(container=PRIVILEGED),), (pod(container="securityContext: {privileged: false}"),)),
    "load-kernel-module": ((pod(container=added("SYS_MODULE")),), (pod(container=added("SYS_TIME")),)),
    "enter-host-namespaces": ((pod("hostPID: true", container=PRIVILEGED),), (pod("hostPID: true"),)),
    "trace-host-process": (
        (pod("hostPID: true", container=added("SYS_PTRACE", "SYS_ADMIN")),),
        (pod(container=added("SYS_PTRACE", "SYS_ADMIN")),),
    ),
    "mount-with-sys-admin": ((pod(container=added("SYS_ADMIN")),), (pod(container=added("NET_ADMIN")),)),
    "open-host-files": ((pod(container=added("DAC_READ_SEARCH")),), (pod(container=added("DAC_OVERRIDE")),)),
    "write-host-memory": ((pod(container=added("SYS_RAWIO")),), (pod(),)),
    "steer-kernel-with-bpf": ((pod(container=added("BPF")),), (pod(),)),
    "see-host-processes": ((pod("hostPID: true"),), (pod("hostPID: false"),)),
    "share-host-memory": ((pod("hostIPC: true"),), (pod(),)),
    "reach-host-network": ((pod("hostNetwork: true"),), (pod(),)),
    "intercept-node-traffic": (
        (pod("hostNetwork: true", container=added("NET_ADMIN")),),
        (pod("hostNetwork: true", container="securityContext: {capabilities: {drop: [ALL]}}"),),
    ),
    "use-runtime-socket": ((host_path("/var/run/docker.sock", read_only=True),), (host_path("/run/app.sock"),)),
    "write-core-pattern": ((host_path("/proc"),), (host_path("/proc", read_only=True),)),
    "link-from-var-log": (
        (host_path("/var/log", spec=ACCOUNT), held(f"[{rule('get', 'pods/log')}]")),
        (host_path("/var/log", spec=ACCOUNT), held(f"[{rule('get', 'pods')}]")),
    ),
    "discover-volume": ((host_path("/data"),), (pod("volumes: [{name: v, hostPath: {path: /data}}]"),)),
    "write-host": ((host_path("/etc"),), (host_path("/etc", read_only=True),)),
    "read-host": ((host_path("/root/.ssh", read_only=True),), (host_path("/data", read_only=True),)),
    "traverse-host": (
        (host_path("/var/lib/kubelet/pods", read_only=True),),
        (host_path("/var/lib/kubelet/plugins", read_only=True),),
    ),
    "access-volumes-of-node": ((pod(ACCOUNT), pod(name="q")), (pod(ACCOUNT),)),
    "steal-token-on-node": ((pod(ACCOUNT), pod(name="q")), (pod(), pod(name="q"))),
    "attach-to-pod-on-node": ((pod(), pod(name="q")), (pod(),)),
    "share-process-namespace": ((SHARED % "true",), (SHARED % "false",)),
    "assume-identity": ((pod(ACCOUNT),), (pod(f"{ACCOUNT}\nautomountServiceAccountToken: false"),)),
    "steal-mounted-token": (
        (pod(f"{ACCOUNT}\n{PROJECTED % 'serviceAccountToken'}"),),
        (pod(f"{ACCOUNT}\n{PROJECTED % 'downwardAPI'}"),),
    ),
    "belong-to-group": (
        (pod(ACCOUNT), held(READ_SECRETS, subject="{kind: Group, name: 'system:serviceaccounts:default'}")),
        (pod(ACCOUNT), held(READ_SECRETS, subject="{kind: Group, name: 'system:serviceaccounts:other'}")),
    ),
    "discover-permission": (holder(READ_SECRETS), holder(f"[{rule('list', 'events')}]")),
    "call-api-anonymously": (
        (held(READ_SECRETS, cluster=True, subject="{kind: User, name: 'system:anonymous'}"),),
        (held(READ_SECRETS, cluster=True, subject="{kind: User, name: alice}"),),
    ),
    "flood-api-server": (
        (held(READ_SECRETS, cluster=True, subject="{kind: Group, name: 'system:unauthenticated'}"),),
        (held(READ_SECRETS, cluster=True, subject="{kind: Group, name: 'system:authenticated'}"),),
    ),
    "leaked-credential": (
        (held(READ_SECRETS, subject="{kind: User, name: alice}"),),
        (held(READ_SECRETS, subject="{kind: User, name: 'system:kube-scheduler'}"),),
    ),
    "rbac-everything": (
        holder('[{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}]', cluster=True),
        holder('[{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}]'),
    ),
    "rbac-escalate": (
        holder(f"[{rule('escalate, update', 'clusterroles', RBAC)}]", cluster=True),
        holder(f"[{rule('update', 'clusterroles', RBAC)}]", cluster=True),
    ),
    "rbac-bind": (
        holder(f"[{rule('bind', 'clusterroles', RBAC)}, {rule('create', 'clusterrolebindings', RBAC)}]", cluster=True),
        holder(f"[{rule('bind', 'clusterroles', RBAC)}, {rule('create', 'clusterrolebindings', RBAC)}]"),
    ),
    "rbac-bind-role": (
        holder(f"[{rule('bind', 'roles', RBAC)}, {rule('create', 'rolebindings', RBAC)}]"),
        holder(f"[{rule('create', 'rolebindings', RBAC)}]"),
    ),
    "use-bound-role": (
        (*holder(f"[{rule('bind', 'roles', RBAC)}, {rule('create', 'rolebindings', RBAC)}]"), held(READ_SECRETS, name="s")),
        (*holder(f"[{rule('create', 'rolebindings', RBAC)}]"), held(READ_SECRETS, name="s")),
    ),
    "rbac-impersonate-user": (
        holder(f"[{rule('impersonate', 'users')}]", cluster=True), holder(f"[{rule('get', 'users')}]", cluster=True),
    ),
    "rbac-impersonate-group": (
        holder(f"[{rule('impersonate', 'groups, serviceaccounts')}]", cluster=True),
        holder(f"[{rule('impersonate', 'groups')}]", cluster=True),  # the API server wants a user beside it
    ),
    "rbac-impersonate-account": (
        holder(f"[{rule('impersonate', 'serviceaccounts')}]"), holder(f"[{rule('get', 'serviceaccounts')}]"),
    ),
    "rbac-impersonate-in-namespace": (
        holder(f"[{rule('impersonate', 'users')}]"), holder(f"[{rule('impersonate', 'users')}]", cluster=True),
    ),
    "rbac-client-certificate": (
        holder(
            f"[{rule('create', 'certificatesigningrequests', CSR)}, "
            f"{rule('update', 'certificatesigningrequests/approval', CSR)}, "
            f"{rule('approve', 'signers', CSR, 'kubernetes.io/kube-apiserver-client')}]",
            cluster=True,
        ),
        holder(
            f"[{rule('create', 'certificatesigningrequests', CSR)}, "
            f"{rule('update', 'certificatesigningrequests/approval', CSR)}, "
            f"{rule('approve', 'signers', CSR, 'kubernetes.io/kubelet-serving')}]",
            cluster=True,
        ),
    ),
    "rbac-node-certificate": (
        holder(
            f"[{rule('create', 'certificatesigningrequests', CSR)}, "
            f"{rule('update', 'certificatesigningrequests/approval', CSR)}, "
            f"{rule('approve', 'signers', CSR, 'kubernetes.io/kube-apiserver-client-kubelet')}]",
            cluster=True,
        ),
        holder(
            f"[{rule('create', 'certificatesigningrequests', CSR)}, "
            f"{rule('approve', 'signers', CSR, 'kubernetes.io/kube-apiserver-client-kubelet')}]",
            cluster=True,
        ),
    ),
    "rbac-control-webhooks": (
        holder(f"[{rule('patch', 'mutatingwebhookconfigurations', ADMISSION)}]", cluster=True),
        holder(f"[{rule('get', 'mutatingwebhookconfigurations', ADMISSION)}]", cluster=True),
    ),
    "rbac-watch-requests": (
        holder(f"[{rule('create', 'validatingwebhookconfigurations', ADMISSION)}]", cluster=True),
        holder(f"[{rule('create', 'validatingwebhookconfigurations', ADMISSION)}]"),
    ),
    "rbac-request-token": (
        holder(f"[{rule('create', 'serviceaccounts/token')}]"), holder(f"[{rule('create', 'serviceaccounts')}]"),
    ),
    "rbac-token-secret": (holder(f"[{rule('create, get', 'secrets')}]"), holder(f"[{rule('create', 'secrets')}]")),
    "rbac-list-secrets": (
        holder(READ_SECRETS), holder(f"[{rule('list', 'secrets', names='db')}]"),  # a list has no name
    ),
    "rbac-get-secrets": (holder(f"[{rule('get', 'secrets')}]"), holder(f"[{rule('get', 'secrets/status')}]")),
    "rbac-get-named-secret": (holder(f"[{rule('get', 'secrets', names='db')}]"), holder(f"[{rule('get', 'secrets')}]")),
    "find-secret": ((*holder(READ_SECRETS), pod(name="q", container=ENV)), holder(READ_SECRETS)),
    "rbac-create-pod": (
        holder(f"[{rule('create', 'pods')}]"), holder(f"[{rule('create', 'pods', names='x')}]"),  # no name when created
    ),
    "rbac-change-workload": (
        holder(f"[{rule('patch', 'deployments', 'apps')}]"), holder(f"[{rule('patch', 'deployments/scale', 'apps')}]"),
    ),
    "choose-account": (holder(f"[{rule('create', 'pods')}]"), holder(f"[{rule('delete', 'pods')}]")),
    "mount-secrets": (holder(f"[{rule('create', 'jobs', 'batch')}]"), holder(f"[{rule('create', 'jobs', 'apps')}]")),
    "ask-for-node": (
        holder(f"[{rule('create', 'pods')}]"), (namespace(level="baseline"), *holder(f"[{rule('create', 'pods')}]")),
    ),
    "unsafe-pod-comes-back": ((namespace(), pod()), (namespace(level="baseline"), pod())),
    "rbac-relabel-namespace": (
        (namespace(level="restricted"), *holder(f"[{rule('create', 'pods')}, {rule('patch', 'namespaces')}]")),
        (namespace(level="restricted"), *holder(f"[{rule('create', 'pods')}]")),
    ),
    "rbac-host-volume": (
        holder(f"[{rule('create', 'persistentvolumes, pods')}]", cluster=True),
        holder(f"[{rule('create', 'persistentvolumes, pods')}]"),
    ),
    "rbac-patch-pod": (holder(f"[{rule('patch', 'pods')}]"), holder(f"[{rule('patch', 'pods/status')}]")),
    "rbac-exec": (holder(f"[{rule('create', 'pods/exec')}]"), holder(f"[{rule('create', 'pods')}]")),
    "rbac-attach": (holder(f"[{rule('create', 'pods/attach')}]"), holder(f"[{rule('create', 'pods/*')}]")),
    "rbac-ephemeral-container": (
        holder(f"[{rule('patch', 'pods/ephemeralcontainers')}]"), holder(f"[{rule('get', 'pods/ephemeralcontainers')}]"),
    ),
    "attach-to-container": (holder(f"[{rule('create', 'pods/exec')}]"), holder(f"[{rule('get', 'pods')}]")),
    "rbac-exec-through-kubelet": (
        holder(f"[{rule('get', 'nodes/proxy')}]", cluster=True), holder(f"[{rule('get', 'nodes/proxy')}]"),
    ),
    "rbac-command-kubelet": (
        holder(f"[{rule('create', 'nodes/proxy')}]", cluster=True), holder(f"[{rule('create', 'nodes')}]", cluster=True),
    ),
    "rbac-forward-ports": (
        holder(f"[{rule('create', 'pods/portforward')}]"), holder(f"[{rule('delete', 'pods/portforward')}]"),
    ),
    "rbac-steal-pods": (
        holder(f"[{rule('patch', 'nodes/status')}, {rule('create', 'pods/eviction')}]", cluster=True),
        holder(f"[{rule('patch', 'nodes/status')}]", cluster=True),
    ),
    "rbac-steer-pods": (
        holder(f"[{rule('patch', 'nodes/status')}]", cluster=True), holder(f"[{rule('get', 'nodes/status')}]", cluster=True),
    ),
    "rbac-redirect-services": (
        holder(f"[{rule('patch', 'services')}]"), holder(f"[{rule('get', 'services')}]"),
    ),
    "rbac-redirect-by-pod-status": (
        holder(f"[{rule('patch', 'pods/status')}]"), holder(f"[{rule('patch', 'pods')}]"),
    ),
    "rbac-redirect-names": (
        holder(f"[{rule('update', 'configmaps')}]", cluster=True), holder(f"[{rule('update', 'configmaps')}]"),
    ),
    "read-redirected-traffic": (
        (*holder(f"[{rule('patch', 'services')}]"), service()), holder(f"[{rule('patch', 'services')}]"),
    ),
    "rbac-update-aws-auth": (
        holder(f"[{rule('update', 'configmaps', names='aws-auth')}]", cluster=True),
        holder(f"[{rule('update', 'configmaps', names='other')}]", cluster=True),
    ),
    "rbac-delete-workloads": (
        holder(f"[{rule('delete', 'deployments', 'apps')}]"), holder(f"[{rule('delete', 'events')}]"),
    ),
    "rule-namespace": (
        holder(f"[{rule('bind', 'clusterroles', RBAC)}, {rule('create', 'rolebindings', RBAC)}]"),
        holder(f"[{rule('bind', 'clusterroles', RBAC)}]"),
    ),
    "one-of-all": (
        holder(f"[{rule('create', 'pods/exec')}]", cluster=True), holder(f"[{rule('create', 'pods/exec')}]"),
    ),
    "control-plane-account": (
        holder(f"[{rule('create', 'serviceaccounts/token')}]", cluster=True),
        holder(f"[{rule('create', 'serviceaccounts/token')}]"),
    ),
    "reach-network": (OPEN, (OPEN[1],)),
    "reach-unenforced": ((*OPEN, DENY), OPEN),
    "enter-over-network": (OPEN, (OPEN[1], pod(name="x"))),
    "read-open-store": ((REDIS, pod()), (LOCKED, pod())),
    "guess-password-of-store": ((LOCKED, pod()), (REDIS, pod())),
    "command-open-service": (
        (pod(container="ports: [{containerPort: 44134}]"), OPEN[1]),
        (pod(container="ports: [{containerPort: 44135}]"), OPEN[1]),
    ),
    "read-data": ((pod(),), (REDIS,)),
    "use-as-client": (
        (LOCKED, service("redis", target=6379), pod(container="env: [{name: URL, value: 'redis://redis.default:6379/0'}]")),
        (LOCKED, service("redis", target=6379), pod(container="env: [{name: URL, value: 'redis://redis.other:6379/0'}]")),
    ),
    "authenticate-as-anyone": (
        (held(READ_SECRETS, cluster=True, subject="{kind: Group, name: 'system:authenticated'}"),),
        (held(READ_SECRETS, cluster=True, subject="{kind: Group, name: 'system:serviceaccounts'}"),),
    ),
    "read-cluster-keys": (
        (host_path("/etc/kubernetes/pki", read_only=True),), (host_path("/etc/ssl", read_only=True),),
    ),
    "read-own-store": ((REDIS,), (pod(),)),
    "read-secret-of-pod": ((pod(container=ENV),), (pod(),)),
    "read-password-in-environment": (
        (pod(container="env: [{name: DB_PASSWORD, value: hunter2x}]"),),
        (pod(container="env: [{name: DB_PASSWORD, value: changeme}, {name: MODE, value: hunter2x}]"),),
    ),
    "know-secret": ((pod(container=ENV),), (pod(),)),
    "token-in-secret": (
        (ACCOUNT_DATA, held(READ_SECRETS)),
        (ACCOUNT_DATA.replace("service-account-token", "tls"), held(READ_SECRETS)),
    ),
    "log-in-with-secret": (
        (pod(container=ENV), pod(name="mysql", container=MYSQL)),
        (pod(container=ENV.replace("db", "other")), pod(name="mysql", container=MYSQL)),
    ),
    "ask-metadata-service": (
        (pod(),), (pod(), DENY.replace("Ingress", "Egress")),
    ),
    "take-cloud-role": ((pod(ACCOUNT), ROLE_ARN), (pod(ACCOUNT), ROLE_ARN.replace("role-arn", "other"))),
    "use-cloud-role": ((pod(ACCOUNT), ROLE_ARN), ()),
    "read-secrets-on-node": ((pod(),), ()),
    "read-data-on-node": ((pod(),), (namespace(),)),
    "own-everything": ((pod(),), ()),
    "token-among-secrets": ((pod(),), ()),
}  # fmt: skip
