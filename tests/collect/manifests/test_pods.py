"""Pods and whatever holds a pod template."""

from textwrap import dedent

import pytest

from fourc.collect.manifests.collect import collect_stdin
from fourc.model.inventory import Inventory
from fourc.model.kubernetes.pod import ContainerRole, EnvVar, Probe, SELinux


def inventory(text: str) -> Inventory:
    """The facts of a text that must be free of gaps."""
    result = collect_stdin(dedent(text).encode())
    assert result.gaps == ()
    return result.inventory


def gaps(text: str) -> list[tuple[str, int, str]]:
    """Reason, line and English message of every gap, by line."""
    found = collect_stdin(dedent(text).encode()).gaps
    return sorted(((g.reason.value, g.location.line, g.message.en) for g in found if g.location), key=lambda g: g[1])


POD = """
apiVersion: v1
kind: Pod
metadata:
  generateName: web-
  labels: {app: web}
  annotations: {container.apparmor.security.beta.kubernetes.io/web: unconfined}
spec:
  hostNetwork: yes
  hostPID: true
  hostUsers: false
  os: {name: linux}
  serviceAccount: old-name
  automountServiceAccountToken: false
  securityContext:
    runAsUser: 0x3e8
    runAsNonRoot: true
    fsGroup: 2000
    supplementalGroups: [1, 2]
    sysctls: [{name: net.core.somaxconn, value: "1024"}]
    seccompProfile: {type: Localhost, localhostProfile: p.json}
    windowsOptions: {hostProcess: true}
  topologySpreadConstraints: [{maxSkew: 1}]
  priorityClassName: high
  nodeName: n1
  initContainers:
    - name: proxy
      image: proxy:1
      restartPolicy: Always
  containers:
    - name: web
      image: nginx:1.27
      imagePullPolicy: Always
      command: [/bin/web]
      args: [--port, "80"]
      env:
        - {name: PLAIN, value: abc}
        - name: KEY
          valueFrom: {secretKeyRef: {name: s, key: k}}
        - name: IP
          valueFrom: {fieldRef: {fieldPath: status.podIP}}
      envFrom:
        - secretRef: {name: all}
        - configMapRef: {name: conf}
      ports: [{containerPort: 80, hostPort: 8080, hostIP: 127.0.0.1, name: http}]
      resources:
        requests: {cpu: 1, memory: 64Mi}
        limits: {cpu: 0.5}
      volumeMounts:
        - {name: host, mountPath: /h, subPath: a, readOnly: true, mountPropagation: Bidirectional}
      livenessProbe: {httpGet: {host: 10.0.0.1, port: http}, initialDelaySeconds: 5}
      lifecycle:
        preStop: {exec: {command: [sleep]}}
      securityContext:
        privileged: true
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        procMount: Unmasked
        capabilities: {add: [NET_ADMIN], drop: [ALL]}
        seLinuxOptions: {type: spc_t}
        appArmorProfile: {type: Unconfined}
  ephemeralContainers:
    - {name: debug, image: busybox}
  volumes:
    - {name: host, hostPath: {path: /var/log, type: Directory}}
    - {name: default}
    - {name: cased, hostpath: {path: /}}
    - {name: two, emptyDir: {sizeLimit: 1Gi}, secret: {secretName: s}}
    - {name: data, persistentVolumeClaim: {claimName: c}}
    - {name: mixed, projected: {sources: [{configMap: {name: cm}}, {secret: {name: ps}}]}}
"""


def test_a_pod_keeps_what_checks_ask_for() -> None:
    (workload,) = inventory(POD).workloads
    pod = workload.pod
    assert (workload.meta.name, workload.meta.namespace, workload.meta.namespace_written) == ("web-", "default", False)
    assert (pod.path, pod.meta_path, workload.replicas) == (("spec",), ("metadata",), None)
    assert (pod.host_network, pod.host_pid, pod.host_ipc, pod.host_users, pod.os) == (True, True, False, False, "linux")
    assert (pod.service_account, pod.automount_token, pod.node_name) == ("old-name", False, "n1")
    assert (pod.restart_policy, pod.priority_class, pod.spread) == ("Always", "high", True)
    assert pod.annotations == {"container.apparmor.security.beta.kubernetes.io/web": "unconfined"}
    security = pod.security
    assert (security.run_as_user, security.run_as_non_root, security.fs_group) == (1000, True, 2000)
    assert (security.supplemental_groups, security.sysctls) == ((1, 2), (("net.core.somaxconn", "1024"),))
    assert (security.seccomp, security.seccomp_profile, security.host_process) == ("Localhost", "p.json", True)


def test_a_container_keeps_what_checks_ask_for() -> None:
    containers = {c.name: c for c in inventory(POD).workloads[0].pod.containers}
    assert {name: c.role for name, c in containers.items()} == {
        "web": ContainerRole.REGULAR,
        "proxy": ContainerRole.INIT,
        "debug": ContainerRole.EPHEMERAL,
    }
    assert containers["proxy"].sidecar
    assert not containers["proxy"].security.present
    web = containers["web"]
    assert web.path == ("spec", "containers", 0)
    assert (web.image, web.pull_policy, web.command, web.args) == (
        "nginx:1.27",
        "Always",
        ("/bin/web",),
        ("--port", "80"),
    )
    assert web.env == (
        EnvVar(0, "PLAIN", "abc", None, None, None),
        EnvVar(1, "KEY", None, "secretKeyRef", "s", "k"),
        EnvVar(2, "IP", None, "fieldRef", None, "status.podIP"),
    )
    assert [(e.kind, e.name) for e in web.env_from] == [("Secret", "all"), ("ConfigMap", "conf")]
    (port,) = web.ports
    assert (port.container_port, port.host_port, port.host_ip, port.protocol) == (80, 8080, "127.0.0.1", "TCP")
    assert (web.resources.requests, web.resources.limits) == ({"cpu": "1", "memory": "64Mi"}, {"cpu": "0.5"})
    (mount,) = web.mounts
    assert (mount.name, mount.sub_path, mount.read_only, mount.propagation) == ("host", "a", True, "Bidirectional")
    assert web.probes == (
        Probe(("livenessProbe",), "httpGet", "10.0.0.1", "http", {"host": "10.0.0.1", "port": "http"}, 35),
        Probe(("lifecycle", "preStop"), "exec", None, None, {"command": ["sleep"]}),
    )
    security = web.security
    assert (security.privileged, security.allow_privilege_escalation, security.read_only_root) == (True, False, True)
    assert (security.capabilities_add, security.capabilities_drop) == (("NET_ADMIN",), ("ALL",))
    assert (security.proc_mount, security.apparmor, security.selinux) == (
        "Unmasked",
        "Unconfined",
        SELinux("spc_t", "", ""),
    )


def test_a_volume_without_a_source_is_an_empty_dir_and_names_are_case_sensitive() -> None:
    volumes = {v.name: v for v in inventory(POD).workloads[0].pod.volumes}
    assert {name: v.source for name, v in volumes.items()} == {
        "host": "hostPath",
        "default": "emptyDir",
        "cased": "emptyDir",
        "two": "emptyDir",
        "data": "persistentVolumeClaim",
        "mixed": "projected",
    }
    assert (volumes["host"].host_path, volumes["host"].host_path_type) == ("/var/log", "Directory")
    assert (volumes["two"].extra_sources, volumes["two"].secret, volumes["two"].size_limit) == (("secret",), "s", "1Gi")
    assert (volumes["mixed"].config_map, volumes["mixed"].secret, volumes["data"].claim) == ("cm", "ps", "c")


TEMPLATE = "{metadata: {labels: {app: x}}, spec: {containers: [{name: c, image: i}]}}"


@pytest.mark.parametrize(
    ("version", "kind", "spec", "path", "replicas"),
    [
        ("apps/v1", "Deployment", f"{{template: {TEMPLATE}}}", ("spec", "template", "spec"), 1),
        ("extensions/v1beta1", "Deployment", f"{{replicas: 3, template: {TEMPLATE}}}", ("spec", "template", "spec"), 3),
        ("apps/v1", "DaemonSet", f"{{template: {TEMPLATE}}}", ("spec", "template", "spec"), None),
        ("apps/v1", "ReplicaSet", f"{{replicas: 0, template: {TEMPLATE}}}", ("spec", "template", "spec"), 0),
        ("v1", "ReplicationController", f"{{template: {TEMPLATE}}}", ("spec", "template", "spec"), 1),
        ("batch/v1", "Job", f"{{template: {TEMPLATE}}}", ("spec", "template", "spec"), None),
        (
            "batch/v1",
            "CronJob",
            f"{{jobTemplate: {{spec: {{template: {TEMPLATE}}}}}}}",
            ("spec", "jobTemplate", "spec", "template", "spec"),
            None,
        ),
        ("argoproj.io/v1alpha1", "Rollout", f"{{template: {TEMPLATE}}}", ("spec", "template", "spec"), 1),
        ("apps.kruise.io/v1alpha1", "CloneSet", f"{{replicas: 2, template: {TEMPLATE}}}", None, 2),
        ("apps.kruise.io/v1beta1", "StatefulSet", f"{{template: {TEMPLATE}}}", None, 1),
        ("apps.kruise.io/v1alpha1", "DaemonSet", f"{{template: {TEMPLATE}}}", None, None),
        ("apps.kruise.io/v1alpha1", "BroadcastJob", f"{{template: {TEMPLATE}}}", None, None),
        (
            "apps.kruise.io/v1alpha1",
            "AdvancedCronJob",
            f"{{template: {{jobTemplate: {{spec: {{template: {TEMPLATE}}}}}}}}}",
            ("spec", "template", "jobTemplate", "spec", "template", "spec"),
            None,
        ),
        (
            "apps.kruise.io/v1alpha1",
            "UnitedDeployment",
            f"{{replicas: 5, template: {{cloneSetTemplate: {{spec: {{template: {TEMPLATE}}}}}}}}}",
            ("spec", "template", "cloneSetTemplate", "spec", "template", "spec"),
            5,
        ),
        ("serving.knative.dev/v1", "Service", f"{{template: {TEMPLATE}}}", None, None),
        ("serving.knative.dev/v1", "Configuration", f"{{template: {TEMPLATE}}}", None, None),
    ],
)
def test_every_kind_with_a_pod_template_is_a_workload(
    version: str, kind: str, spec: str, path: tuple[str, ...] | None, replicas: int | None
) -> None:
    read = inventory(f"apiVersion: {version}\nkind: {kind}\nmetadata: {{name: x, namespace: prod}}\nspec: {spec}\n")
    (workload,) = read.workloads
    path = path or ("spec", "template", "spec")
    assert (workload.meta.kind, workload.meta.namespace, workload.replicas) == (kind, "prod", replicas)
    assert (workload.pod.path, workload.pod.meta_path) == (path, (*path[:-1], "metadata"))
    added = {"job-name": "x", "batch.kubernetes.io/job-name": "x"} if kind == "Job" else {}
    assert workload.pod.labels == {"app": "x"} | added
    assert workload.pod.containers[0].path == (*path, "containers", 0)
    assert read.services == ()


def test_a_pod_template_object_is_a_workload() -> None:
    text = f"apiVersion: v1\nkind: PodTemplate\nmetadata: {{name: x}}\ntemplate: {TEMPLATE}\n"
    assert inventory(text).workloads[0].pod.path == ("template", "spec")


def test_a_sidecar_set_is_cluster_scoped_and_holds_its_containers_directly() -> None:
    text = "apiVersion: apps.kruise.io/v1alpha1\nkind: SidecarSet\nmetadata: {name: x, namespace: ignored}\n"
    (workload,) = inventory(text + "spec: {containers: [{name: c, image: i}]}").workloads
    assert (workload.meta.namespace, workload.meta.namespace_written) == (None, False)
    assert (workload.pod.path, workload.pod.labels) == (("spec",), {})


def test_a_custom_resource_gives_one_workload_for_each_template_with_the_replicas_nearest_above() -> None:
    text = f"""
    apiVersion: example.com/v1
    kind: Training
    metadata: {{name: t}}
    spec:
      replicas: 9
      worker: {{replicas: 4, template: {TEMPLATE}}}
      groups: [{{size: 1}}, {{template: {TEMPLATE}}}]
    status:
      copy: {{spec: {{containers: [{{name: c, image: i}}]}}}}
    """
    found = [(w.pod.path, w.replicas) for w in inventory(text).workloads]
    assert found == [
        (("spec", "worker", "template", "spec"), 4),
        (("spec", "groups", 1, "template", "spec"), 9),
    ]


def test_a_kind_of_another_group_is_not_the_known_one() -> None:
    read = inventory("apiVersion: example.com/v1\nkind: Deployment\nmetadata: {name: x}\nspec: {}\n")
    assert (read.workloads, read.other_kinds) == ((), {"Deployment": 1})


def test_a_definition_of_custom_resources_and_a_config_map_hold_no_workloads() -> None:
    text = """
    apiVersion: apiextensions.k8s.io/v1
    kind: CustomResourceDefinition
    metadata: {name: x}
    spec: {spec: {containers: [{name: c, image: i}]}}
    ---
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: x}
    data: {a: "spec: {containers: [{name: c, image: i}]}"}
    """
    assert inventory(text).workloads == ()


def test_stateful_sets_keep_the_names_of_their_claims() -> None:
    text = f"""
    apiVersion: apps/v1
    kind: StatefulSet
    metadata: {{name: db}}
    spec: {{template: {TEMPLATE}, volumeClaimTemplates: [{{metadata: {{name: data}}}}]}}
    """
    assert inventory(text).workloads[0].claim_templates == ("data",)


def test_a_deployment_without_a_template_is_a_gap() -> None:
    assert gaps("apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: x}\nspec: {replicas: 2}\n") == [
        ("malformed", 1, "Deployment x has no pod template; the cluster refuses it")
    ]


def test_a_field_of_the_wrong_type_counts_as_absent_and_costs_nothing_else() -> None:
    text = """
    apiVersion: v1
    kind: Pod
    metadata: {name: x}
    spec:
      hostNetwork: true
      containers:
        - name: c
          image: i
          securityContext:
            privileged: "yes"
            runAsUser: 5
        - oops
      volumes:
        - {name: v, hostPath: /}
    """
    assert gaps(text) == [
        ("malformed", 11, "privileged must be true or false, and here stands a text; the cluster refuses it"),
        ("malformed", 13, "containers.1 must be a mapping, and here stands a text; the cluster refuses it"),
        ("malformed", 15, "hostPath must be a mapping, and here stands a text; the cluster refuses it"),
    ]
    (workload,) = collect_stdin(dedent(text).encode()).inventory.workloads
    (container,) = workload.pod.containers
    assert (workload.pod.host_network, container.security.privileged, container.security.run_as_user) == (True, None, 5)
    assert workload.pod.volumes[0].source == "emptyDir"
