"""The table of platform programs: who publishes them, how they are called, and what their documentation asks for.

`needs` are words of `infrastructure.Need`, each with its details after a colon (capabilities, paths of the node, ports).
Every row's `sources` are the publisher's own manifest or page.
"""

from dataclasses import dataclass

from fourc.model.text import Text


@dataclass(frozen=True, slots=True)
class Row:
    """One program; `images` are repositories with their registry, `names` whole words that its object's name holds."""

    name: str
    purpose: Text
    kinds: frozenset[str]
    names: frozenset[str]
    images: frozenset[str]
    needs: str
    sources: tuple[str, ...]
    provider_reconciled: bool = False


_NETWORK = Text("the pods' network", "Pod 网络")
_STORAGE = Text("storage volumes", "存储卷")
_DNS = Text("names inside the cluster", "集群内域名解析")
_LOGS = Text("collecting logs", "采集日志")
_METRICS = Text("measuring nodes and pods", "采集节点和 Pod 指标")
_GPU = Text("graphics cards", "GPU 设备")
_HEALTH = Text("watching the nodes' health", "监测节点健康")
_SCHEDULING = Text("scheduling and resources", "调度与资源管理")
_CLOUD = Text("the cloud provider's resources", "云厂商资源")
_ENTRY = Text("the way in for web traffic", "Web 流量入口")
_CERTIFICATES = Text("certificates", "证书管理")
_DELIVERY = Text("rolling out from git", "从 Git 发布")
_DETECTION = Text("detecting attacks", "入侵检测")
_BACKUP = Text("backups", "备份")

_DAEMON = frozenset({"DaemonSet"})
_DEPLOYED = frozenset({"Deployment"})
_EITHER = frozenset({"DaemonSet", "Deployment", "StatefulSet"})


def _row(
    name: str,
    purpose: Text,
    kinds: frozenset[str],
    *,
    names: str,
    images: str,
    needs: str,
    sources: str,
    reconciled: bool = False,
) -> Row:
    return Row(
        name,
        purpose,
        kinds,
        frozenset(names.split()),
        frozenset(images.split()),
        needs,
        tuple(sources.split()),
        reconciled,
    )


_LOG_PATHS = "read:/var/log,/var/lib/docker/containers,/var/lib/containerd,/run/log/journal,/etc/machine-id root api"

ROWS: tuple[Row, ...] = (
    # --- network ---
    _row(
        "terway", _NETWORK, _DAEMON, names="terway terway-eniip terway-eni",
        images="aliyuncs.com/acs/terway aliyuncs.com/acs/terway-controlplane",
        needs="host-network host-pid privileged api write:/opt/cni/bin,/etc/cni,/etc/eni,/var/lib/cni,/var/lib/kubelet,"
        "/var/run,/run,/lib/modules,/sys/fs/bpf,/proc,/etc/systemd cluster-read",
        sources="https://github.com/AliyunContainerService/terway", reconciled=True,
    ),
    _row(
        "flannel", _NETWORK, _DAEMON, names="flannel flannel-ds kube-flannel kube-flannel-ds",
        images="docker.io/flannel/flannel ghcr.io/flannel-io/flannel quay.io/coreos/flannel docker.io/rancher/mirrored-flannelcni-flannel "
        "docker.io/flannel/flannel-cni-plugin ghcr.io/flannel-io/flannel-cni-plugin aliyuncs.com/acs/flannel",
        needs="host-network api root capability:NET_ADMIN,NET_RAW write:/run,/opt/cni/bin,/etc/cni/net.d,/etc/kube-flannel cluster-read",
        sources="https://github.com/flannel-io/flannel/blob/master/Documentation/kube-flannel.yml",
    ),
    _row(
        "calico-node", _NETWORK, _DAEMON, names="calico-node",
        images="docker.io/calico/node quay.io/calico/node docker.io/calico/cni quay.io/calico/cni "
        "docker.io/calico/pod2daemon-flexvol quay.io/calico/pod2daemon-flexvol",
        needs="host-network host-pid privileged api cluster-read write:/lib/modules,/var/run,/run,/var/lib/calico,/sys,/proc,"
        "/opt/cni/bin,/etc/cni/net.d,/var/log/calico,/usr/libexec/kubernetes token-creation",
        sources="https://github.com/projectcalico/calico/blob/master/manifests/calico.yaml",
    ),
    _row(
        "calico-controllers", _NETWORK, _DEPLOYED, names="calico-kube-controllers calico-typha",
        images="docker.io/calico/kube-controllers quay.io/calico/kube-controllers docker.io/calico/typha quay.io/calico/typha",
        needs="host-network api cluster-read host-port:5473",
        sources="https://github.com/projectcalico/calico/blob/master/manifests/calico-typha.yaml",
    ),
    _row(
        "cilium", _NETWORK, _DAEMON, names="cilium cilium-envoy",
        images="quay.io/cilium/cilium docker.io/cilium/cilium quay.io/cilium/cilium-envoy",
        needs="host-network host-pid privileged api cluster-read host-port secrets-read write:/sys,/proc,/run,/var/run,/opt/cni/bin,/etc/cni/net.d,/lib/modules,/var/lib",
        sources="https://github.com/cilium/cilium/tree/main/install/kubernetes/cilium",
    ),
    _row(
        "cilium-operator", _NETWORK, _DEPLOYED, names="cilium-operator",
        images="quay.io/cilium/operator quay.io/cilium/operator-generic quay.io/cilium/operator-alibabacloud quay.io/cilium/operator-aws",
        needs="host-network host-port api cluster-read write:/var/run/cilium",
        sources="https://github.com/cilium/cilium/tree/main/install/kubernetes/cilium",
    ),
    _row(
        "aws-node", _NETWORK, _DAEMON, names="aws-node",
        images="eks/amazon-k8s-cni eks/amazon-k8s-cni-init eks/amazon/aws-network-policy-agent",
        needs="host-network host-port privileged api cluster-read write:/opt/cni/bin,/etc/cni/net.d,/var/log/aws-routed-eni,"
        "/var/run/aws-node,/run/xtables.lock,/sys/fs/bpf,/var/run/dockershim.sock",
        sources="https://github.com/aws/amazon-vpc-cni-k8s/blob/master/config/master/aws-k8s-cni.yaml", reconciled=True,
    ),
    _row(
        "kindnet", _NETWORK, _DAEMON, names="kindnet", images="docker.io/kindest/kindnetd",
        needs="host-network root api capability:NET_RAW,NET_ADMIN write:/etc/cni/net.d,/run/xtables.lock,/lib/modules cluster-read",
        sources="https://github.com/kubernetes-sigs/kind/tree/main/images/kindnetd",
    ),
    _row(
        "kube-proxy", _NETWORK, _DAEMON, names="kube-proxy kube-proxy-worker kube-proxy-master",
        images="registry.k8s.io/kube-proxy aliyuncs.com/acs/kube-proxy eks/eks/kube-proxy",
        needs="host-network privileged api cluster-read write:/run/xtables.lock,/lib/modules,/etc/localtime",
        sources="https://github.com/kubernetes/kubernetes/blob/master/cluster/addons/kube-proxy/kube-proxy-ds.yaml", reconciled=True,
    ),
    _row(
        "metallb-speaker", _NETWORK, _DAEMON, names="speaker metallb-speaker", images="quay.io/metallb/speaker quay.io/frrouting/frr",
        needs="host-network root host-port api capability:NET_RAW,NET_ADMIN,SYS_ADMIN,NET_BIND_SERVICE cluster-read",
        sources="https://github.com/metallb/metallb/blob/main/config/manifests/metallb-native.yaml",
    ),
    _row(
        "coredns", _DNS, _DEPLOYED, names="coredns", reconciled=True,
        images="registry.k8s.io/coredns registry.k8s.io/coredns/coredns docker.io/coredns/coredns aliyuncs.com/acs/coredns eks/eks/coredns",
        needs="root api cluster-read capability:NET_BIND_SERVICE",
        sources="https://github.com/kubernetes/kubernetes/blob/master/cluster/addons/dns/coredns/coredns.yaml.base",
    ),
    _row(
        "node-local-dns", _DNS, _DAEMON, names="node-local-dns nodelocaldns",
        images="registry.k8s.io/dns/k8s-dns-node-cache registry.k8s.io/k8s-dns-node-cache aliyuncs.com/acs/k8s-dns-node-cache",
        needs="host-network privileged host-port write:/run/xtables.lock capability:NET_ADMIN",
        sources="https://github.com/kubernetes/kubernetes/blob/master/cluster/addons/dns/nodelocaldns/nodelocaldns.yaml",
    ),
    # --- storage ---
    _row(
        "csi-plugin", _STORAGE, _DAEMON, names="csi-plugin csi-ossplugin csi-local-plugin",
        images="aliyuncs.com/acs/csi-plugin aliyuncs.com/acs/csi-node-driver-registrar",
        needs="host-network host-pid privileged api cluster-read secrets-read persistent-volume host-port write:/",
        sources="https://github.com/kubernetes-sigs/alibaba-cloud-csi-driver/tree/master/deploy", reconciled=True,
    ),
    _row(
        "csi-provisioner", _STORAGE, _EITHER, names="csi-provisioner",
        images="aliyuncs.com/acs/csi-plugin aliyuncs.com/acs/csi-provisioner aliyuncs.com/acs/csi-attacher aliyuncs.com/acs/csi-resizer "
        "aliyuncs.com/acs/csi-snapshotter aliyuncs.com/acs/snapshot-controller",
        needs="host-network privileged api cluster-read secrets-read persistent-volume write:/",
        sources="https://github.com/kubernetes-sigs/alibaba-cloud-csi-driver/tree/master/deploy", reconciled=True,
    ),
    _row(
        "ebs-csi-node", _STORAGE, _DAEMON, names="ebs-csi-node",
        images="public.ecr.aws/ebs-csi-driver/aws-ebs-csi-driver eks/eks/aws-ebs-csi-driver",
        needs="privileged root api write:/var/lib/kubelet,/dev cluster-read",
        sources="https://github.com/kubernetes-sigs/aws-ebs-csi-driver/tree/master/deploy/kubernetes/base",
    ),
    _row(
        "efs-csi-node", _STORAGE, _DAEMON, names="efs-csi-node",
        images="public.ecr.aws/efs-csi-driver/amazon/aws-efs-csi-driver docker.io/amazon/aws-efs-csi-driver eks/eks/aws-efs-csi-driver",
        needs="host-network privileged root api host-port write:/var/lib/kubelet,/var/run/efs,/var/amazon/efs,/etc/amazon/efs",
        sources="https://github.com/kubernetes-sigs/aws-efs-csi-driver/tree/master/deploy/kubernetes/base",
    ),
    _row(
        "csi-nfs-node", _STORAGE, _DAEMON, names="csi-nfs-node", images="registry.k8s.io/sig-storage/nfsplugin",
        needs="host-network privileged root api host-port write:/var/lib/kubelet",
        sources="https://github.com/kubernetes-csi/csi-driver-nfs/tree/master/deploy",
    ),
    _row(
        "csi-secrets-store", _STORAGE, _DAEMON, names="secrets-store-csi-driver csi-secrets-store",
        images="registry.k8s.io/csi-secrets-store/driver",
        needs="privileged root api host-port cluster-read token-creation write:/var/lib/kubelet,/etc/kubernetes/secrets-store-csi-providers,/var/run/secrets-store-csi-providers",
        sources="https://github.com/kubernetes-sigs/secrets-store-csi-driver/tree/main/deploy",
    ),
    # --- logs ---
    _row(
        "logtail", _LOGS, _DAEMON, names="logtail-ds loongcollector-ds loongcollector logtail",
        images="aliyuncs.com/acs/logtail aliyuncs.com/log-service/logtail aliyuncs.com/acs/loongcollector",
        needs="host-network host-pid privileged host-port api cluster-read read:/ write:/var/run,/run,/dev,/sys,/etc/ilogtail,/var/lib",
        sources="https://www.alibabacloud.com/help/en/sls/user-guide/install-and-start-logtail-in-a-kubernetes-cluster https://github.com/alibaba/loongcollector",
    ),
    _row(
        "fluent-bit", _LOGS, _DAEMON, names="fluent-bit fluentbit aws-for-fluent-bit",
        images="docker.io/fluent/fluent-bit cr.fluentbit.io/fluent/fluent-bit public.ecr.aws/aws-observability/aws-for-fluent-bit "
        "docker.io/kubesphere/fluent-bit ghcr.io/fluent/fluent-operator/fluent-bit",
        needs=_LOG_PATHS + " host-network cluster-read node-proxy write:/var/log",
        sources="https://github.com/fluent/helm-charts/tree/main/charts/fluent-bit https://docs.fluentbit.io/manual/installation/kubernetes",
    ),
    _row(
        "fluentd", _LOGS, _DAEMON, names="fluentd", images="docker.io/fluent/fluentd-kubernetes-daemonset docker.io/fluent/fluentd",
        needs=_LOG_PATHS + " cluster-read write:/var/log",
        sources="https://github.com/fluent/fluentd-kubernetes-daemonset",
    ),
    _row(
        "filebeat", _LOGS, _DAEMON, names="filebeat",
        images="docker.elastic.co/beats/filebeat docker.elastic.co/beats/filebeat-wolfi docker.io/elastic/filebeat",
        needs=_LOG_PATHS + " host-network cluster-read write:/var/lib/filebeat-data,/var/lib",
        sources="https://github.com/elastic/beats/blob/main/deploy/kubernetes/filebeat-kubernetes.yaml",
    ),
    _row(
        "promtail", _LOGS, _DAEMON, names="promtail", images="docker.io/grafana/promtail",
        needs=_LOG_PATHS + " cluster-read read:/var/lib/docker write:/run/promtail,/var/lib/promtail",
        sources="https://github.com/grafana/helm-charts/tree/main/charts/promtail",
    ),
    _row(
        "alloy", _LOGS, _DAEMON, names="alloy alloy-logs", images="docker.io/grafana/alloy",
        needs=_LOG_PATHS + " cluster-read", sources="https://github.com/grafana/alloy/tree/main/operations/helm/charts/alloy",
    ),
    _row(
        "vector", _LOGS, _DAEMON, names="vector", images="docker.io/timberio/vector",
        needs=_LOG_PATHS + " cluster-read read:/var/lib,/proc,/sys write:/var/lib/vector",
        sources="https://github.com/vectordotdev/helm-charts/tree/develop/charts/vector",
    ),
    # --- metrics ---
    _row(
        "node-exporter", _METRICS, _DAEMON, names="node-exporter",
        images="quay.io/prometheus/node-exporter docker.io/prom/node-exporter",
        needs="host-network host-pid host-port:9100,9101 read:/ capability:SYS_TIME api",
        sources="https://github.com/prometheus/node_exporter https://github.com/prometheus-operator/kube-prometheus/blob/main/manifests/nodeExporter-daemonset.yaml",
    ),
    _row(
        "cadvisor", _METRICS, _DAEMON, names="cadvisor", images="gcr.io/cadvisor/cadvisor ghcr.io/google/cadvisor",
        needs="privileged host-port:8080 read:/ write:/var/run", sources="https://github.com/google/cadvisor/tree/master/deploy/kubernetes/base",
    ),
    _row(
        "kube-state-metrics", _METRICS, _EITHER, names="kube-state-metrics",
        images="registry.k8s.io/kube-state-metrics/kube-state-metrics quay.io/coreos/kube-state-metrics",
        needs="api cluster-read secrets-read",
        sources="https://github.com/kubernetes/kube-state-metrics/blob/main/examples/standard/cluster-role.yaml",
    ),
    _row(
        "metrics-server", _METRICS, _DEPLOYED, names="metrics-server",
        images="registry.k8s.io/metrics-server/metrics-server registry.k8s.io/metrics-server aliyuncs.com/acs/metrics-server eks/eks/metrics-server",
        needs="api cluster-read", sources="https://github.com/kubernetes-sigs/metrics-server/tree/master/manifests/base",
    ),
    _row(
        "prometheus-operator", _METRICS, _DEPLOYED, names="prometheus-operator kube-prometheus-operator kube-prometheus-stack-operator",
        images="quay.io/prometheus-operator/prometheus-operator",
        needs="api cluster-read secrets-read pod-creation",
        sources="https://github.com/prometheus-operator/prometheus-operator/blob/main/example/rbac/prometheus-operator/prometheus-operator-cluster-role.yaml",
    ),
    _row(
        "datadog-agent", _METRICS, _DAEMON, names="datadog datadog-agent",
        images="gcr.io/datadoghq/agent docker.io/datadog/agent public.ecr.aws/datadog/agent registry.datadoghq.com/agent",
        needs="host-network host-pid root api cluster-read node-proxy secrets-read host-port read:/ write:/var/run,/run,/var/lib/datadog-agent,/opt/datadog-packages "
        "capability:SYS_ADMIN,SYS_RESOURCE,SYS_PTRACE,NET_ADMIN,NET_BROADCAST,NET_RAW,IPC_LOCK,CHOWN,DAC_READ_SEARCH",
        sources="https://github.com/DataDog/helm-charts/tree/main/charts/datadog",
    ),
    _row(
        "arms-prometheus", _METRICS, _EITHER, names="arms-prometheus-ack-arms-prometheus ack-prometheus-gpu-exporter node-exporter",
        images="aliyuncs.com/acs/arms-prometheus-agent aliyuncs.com/acs/node-exporter aliyuncs.com/acs/kube-state-metrics",
        needs="host-network host-pid host-port:9100 root read:/ api cluster-read secrets-read node-proxy",
        sources="https://www.alibabacloud.com/help/en/arms/prometheus-monitoring/", reconciled=True,
    ),
    # --- node health, devices, scheduling ---
    _row(
        "node-problem-detector", _HEALTH, _DAEMON, names="node-problem-detector ack-node-problem-detector ack-node-problem-detector-daemonset",
        images="registry.k8s.io/node-problem-detector/node-problem-detector registry.k8s.io/node-problem-detector aliyuncs.com/acs/node-problem-detector",
        needs="host-network host-pid host-port privileged api cluster-read read:/var/log,/dev/kmsg,/etc/localtime,/etc/machine-id,/ write:/run,/var/run",
        sources="https://github.com/kubernetes/node-problem-detector/tree/master/deployment",
    ),
    _row(
        "nvidia-device-plugin", _GPU, _DAEMON, names="nvidia-device-plugin nvidia-device-plugin-daemonset",
        images="nvcr.io/nvidia/k8s-device-plugin docker.io/nvidia/k8s-device-plugin aliyuncs.com/acs/k8s-device-plugin",
        needs="privileged api write:/var/lib/kubelet/device-plugins read:/dev,/run/nvidia,/ capability:SYS_ADMIN",
        sources="https://github.com/NVIDIA/k8s-device-plugin/tree/main/deployments/static",
    ),
    _row(
        "dcgm-exporter", _GPU, _DAEMON, names="dcgm-exporter nvidia-dcgm-exporter", images="nvcr.io/nvidia/k8s/dcgm-exporter",
        needs="root capability:SYS_ADMIN read:/var/lib/kubelet api", sources="https://github.com/NVIDIA/dcgm-exporter/tree/main/deployment",
    ),
    _row(
        "koordlet", _SCHEDULING, _DAEMON, names="koordlet ack-koordlet",
        images="ghcr.io/koordinator-sh/koordlet docker.io/koordinatorsh/koordlet aliyuncs.com/acs/koordlet",
        needs="host-network host-pid privileged api cluster-read host-port write:/",
        sources="https://github.com/koordinator-sh/charts/tree/main/versions https://www.alibabacloud.com/help/en/ack/product-overview/ack-koordinator",
    ),
    _row(
        "cluster-autoscaler", _SCHEDULING, _DEPLOYED, names="cluster-autoscaler",
        images="registry.k8s.io/autoscaling/cluster-autoscaler registry.k8s.io/cluster-autoscaler aliyuncs.com/acs/autoscaler",
        needs="api cluster-read read:/etc/ssl/certs", sources="https://github.com/kubernetes/autoscaler/tree/master/cluster-autoscaler/cloudprovider",
    ),
    _row(
        "kured", _SCHEDULING, _DAEMON, names="kured", images="ghcr.io/kubereboot/kured docker.io/weaveworks/kured",
        needs="host-pid privileged root api cluster-read read:/var/run write:/sentinel", sources="https://github.com/kubereboot/kured/blob/main/kured-ds.yaml",
    ),
    _row(
        "cloud-controller-manager", _CLOUD, _EITHER, names="cloud-controller-manager",
        images="aliyuncs.com/acs/cloud-controller-manager aliyuncs.com/acs/cloud-controller-manager-amd64 "
        "registry.k8s.io/provider-aws/cloud-controller-manager registry.k8s.io/provider-os/openstack-cloud-controller-manager",
        needs="host-network api cluster-read secrets-read token-creation read:/etc/kubernetes,/etc/ssl,/etc/pki root",
        sources="https://github.com/kubernetes/cloud-provider-alibaba-cloud https://github.com/kubernetes/cloud-provider-aws", reconciled=True,
    ),
    # --- controllers that read secrets, by documentation ---
    _row(
        "ingress-nginx", _ENTRY, _EITHER, names="ingress-nginx-controller nginx-ingress-controller ingress-nginx",
        images="registry.k8s.io/ingress-nginx/controller aliyuncs.com/acs/aliyun-ingress-controller",
        needs="api cluster-read secrets-read host-network host-port:80,443,8443 capability:NET_BIND_SERVICE",
        sources="https://github.com/kubernetes/ingress-nginx/blob/main/deploy/static/provider/cloud/deploy.yaml",
    ),
    _row(
        "traefik", _ENTRY, _EITHER, names="traefik", images="docker.io/library/traefik",
        needs="api cluster-read secrets-read host-port:80,443 capability:NET_BIND_SERVICE", sources="https://github.com/traefik/traefik-helm-chart",
    ),
    _row(
        "cert-manager", _CERTIFICATES, _DEPLOYED, names="cert-manager cert-manager-controller cert-manager-cainjector cert-manager-webhook",
        images="quay.io/jetstack/cert-manager-controller quay.io/jetstack/cert-manager-cainjector quay.io/jetstack/cert-manager-webhook",
        needs="api cluster-read secrets-read webhook-control certificate-approval token-creation pod-creation",
        sources="https://github.com/cert-manager/cert-manager/blob/master/deploy/charts/cert-manager/templates/rbac.yaml",
    ),
    _row(
        "external-secrets", _CERTIFICATES, _DEPLOYED, names="external-secrets external-secrets-cert-controller external-secrets-webhook",
        images="ghcr.io/external-secrets/external-secrets oci.external-secrets.io/external-secrets/external-secrets",
        needs="api cluster-read secrets-read webhook-control token-creation",
        sources="https://github.com/external-secrets/external-secrets/tree/main/deploy/charts/external-secrets",
    ),
    _row(
        "sealed-secrets", _CERTIFICATES, _DEPLOYED, names="sealed-secrets sealed-secrets-controller",
        images="docker.io/bitnami/sealed-secrets-controller ghcr.io/bitnami-labs/sealed-secrets-controller",
        needs="api cluster-read secrets-read", sources="https://github.com/bitnami-labs/sealed-secrets/tree/main/helm/sealed-secrets",
    ),
    _row(
        "argo-cd", _DELIVERY, _EITHER, names="argocd-application-controller argocd-server argocd-applicationset-controller argocd-notifications-controller argocd-dex-server argocd-repo-server argocd-redis",
        images="quay.io/argoproj/argocd ghcr.io/dexidp/dex",
        needs="api cluster-read secrets-read wildcard pod-creation role-change",
        sources="https://github.com/argoproj/argo-cd/tree/master/manifests/cluster-rbac https://argo-cd.readthedocs.io/en/stable/operator-manual/security/",
    ),
    _row(
        "velero", _BACKUP, _EITHER, names="velero node-agent", images="docker.io/velero/velero",
        needs="api cluster-read secrets-read wildcard root read:/var/lib/kubelet", sources="https://velero.io/docs/main/rbac/",
    ),
    _row(
        "falco", _DETECTION, _DAEMON, names="falco",
        images="docker.io/falcosecurity/falco public.ecr.aws/falcosecurity/falco docker.io/falcosecurity/falcoctl docker.io/falcosecurity/falco-driver-loader",
        needs="privileged root api cluster-read read:/ write:/dev,/root/.falco,/sys,/run,/var/run",
        sources="https://github.com/falcosecurity/charts/tree/master/charts/falco",
    ),
)  # fmt: skip

# Containers that stand beside the programs above and have no power of their own.
HELPERS: frozenset[str] = frozenset(
    "quay.io/brancz/kube-rbac-proxy registry.k8s.io/sig-storage/csi-node-driver-registrar registry.k8s.io/sig-storage/livenessprobe "
    "registry.k8s.io/sig-storage/csi-provisioner registry.k8s.io/sig-storage/csi-attacher registry.k8s.io/sig-storage/csi-resizer "
    "registry.k8s.io/sig-storage/csi-snapshotter public.ecr.aws/eks-distro/kubernetes-csi/node-driver-registrar "
    "public.ecr.aws/eks-distro/kubernetes-csi/livenessprobe registry.k8s.io/addon-resizer registry.k8s.io/autoscaling/addon-resizer "
    "ghcr.io/jimmidyson/configmap-reload quay.io/prometheus-operator/prometheus-config-reloader registry.k8s.io/pause "
    "docker.io/library/redis public.ecr.aws/docker/library/redis aliyuncs.com/acs/busybox".split()
)
