"""Which entries are only assumed, what settles each, and what the settings of a class decide."""

import pytest

from fourc.collect.manifests.collect import collect_stdin
from fourc.model.assumed import assumed_entries
from fourc.model.exposure import Reach, ingress_reach
from fourc.model.gap import GapReason

INTERNET, ASSUMED, INTERNAL = Reach.INTERNET, Reach.ASSUMED_INTERNET, Reach.INTERNAL
INGRESS = """
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: shop, namespace: web, annotations: {%s}}
spec: {%sdefaultBackend: {service: {name: web, port: {number: 80}}}}
"""
CLASS = """
---
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: {name: edge%s}
spec: {controller: %s%s}
"""
ALB = CLASS % (
    "",
    "ingress.k8s.alibabacloud/alb",
    ", parameters: {apiGroup: alibabacloud.com, kind: AlbConfig, name: a}",
)
AWS = CLASS % ("", "ingress.k8s.aws/alb", ", parameters: {apiGroup: elbv2.k8s.aws, kind: IngressClassParams, name: a}")
EKS = CLASS % ("", "eks.amazonaws.com/alb", "")
ALB_CONFIG = """
---
apiVersion: alibabacloud.com/v1
kind: AlbConfig
metadata: {name: a}
spec: %s
"""
PARAMS = """
---
apiVersion: elbv2.k8s.aws/v1beta1
kind: IngressClassParams
metadata: {name: a}
spec: %s
"""
NGINX = """
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: %s, namespace: ingress}
spec:
  selector: {matchLabels: {app: %s}}
  template:
    metadata: {labels: {app: %s}}
    spec:
      containers:
        - name: controller
          image: registry.k8s.io/ingress-nginx/controller:v1.11.5
          args: [%s]
---
apiVersion: v1
kind: Service
metadata: {name: %s, namespace: ingress%s}
spec: {type: LoadBalancer, selector: {app: %s}, ports: [{port: 443}]}
"""
INSIDE = ", annotations: {networking.gke.io/load-balancer-type: Internal}"
ALLOW = """
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: ingress}
data: {whitelist-source-range: "%s"}
"""


def ingress(annotations: str = "", name: str | None = "edge") -> str:
    return INGRESS % (annotations, f"ingressClassName: {name}, " if name else "")


def nginx(name: str, arguments: str = "", inside: str = "") -> str:
    return NGINX % (name, name, name, arguments, name, inside, name)


SCHEME = "alb.ingress.kubernetes.io/scheme"
CONFIG = "--configmap=$(POD_NAMESPACE)/settings"


@pytest.mark.parametrize(
    ("text", "reach"),
    [
        (ingress() + ALB + ALB_CONFIG % "{config: {addressType: Intranet}}", INTERNAL),
        (ingress() + ALB + ALB_CONFIG % "{config: {addressType: Internet}}", INTERNET),
        (ingress() + ALB + ALB_CONFIG % "{config: {name: x}}", INTERNET),
        (ingress() + ALB + ALB_CONFIG % "{config: {id: alb-1}}", ASSUMED),
        (
            ingress()
            + ALB
            + ALB_CONFIG
            % "{config: {}, listeners: [{port: 80, aclConfig: {aclType: White, aclEntries: [203.0.113.0/24]}}]}",
            INTERNAL,
        ),
        (
            ingress()
            + ALB
            + ALB_CONFIG % "{config: {}, listeners: [{port: 80, aclConfig: {aclType: White, aclIds: [acl-1]}}]}",
            ASSUMED,
        ),
        (
            ingress()
            + ALB
            + ALB_CONFIG
            % "{config: {}, listeners: [{port: 80, aclConfig: {aclType: White, aclIds: [acl-1]}}, {port: 443}]}",
            INTERNET,
        ),
        (ingress() + ALB, ASSUMED),
        (ingress() + AWS + PARAMS % "{scheme: internal}", INTERNAL),
        (ingress(f"{SCHEME}: internet-facing") + AWS + PARAMS % "{scheme: internal}", INTERNAL),
        (ingress(f"{SCHEME}: internal") + AWS + PARAMS % "{scheme: internet-facing}", INTERNET),
        (ingress(f"{SCHEME}: internet-facing") + AWS + PARAMS % "{group: {name: g}}", INTERNET),
        (ingress() + AWS + PARAMS % "{group: {name: g}}", INTERNAL),
        (ingress() + AWS + PARAMS % "{scheme: internet-facing, inboundCIDRs: [203.0.113.0/24]}", INTERNAL),
        (ingress() + AWS, ASSUMED),
        (ingress() + EKS, INTERNAL),
        (ingress(f"{SCHEME}: internet-facing") + EKS, INTERNET),
        # the class that ACK makes by itself stands in no file, its AlbConfig may
        (
            ingress(name="alb") + (ALB_CONFIG % "{config: {addressType: Intranet}}").replace("name: a", "name: alb"),
            INTERNAL,
        ),
        (ingress(name="alb"), ASSUMED),
        # a shape that we do not know is the provider's to refuse
        (
            ingress()
            + ALB
            + ALB_CONFIG
            % "{config: {}, listeners: [{port: 80, aclConfig: {aclType: White, aclEntries: [{entry: x}]}}]}",
            INTERNET,
        ),
        # the class of an Ingress that names none
        (
            ingress(name=None)
            + CLASS
            % (
                ", annotations: {ingressclass.kubernetes.io/is-default-class: 'true'}",
                "ingress.k8s.alibabacloud/alb",
                ", parameters: {apiGroup: alibabacloud.com, kind: AlbConfig, name: a}",
            )
            + ALB_CONFIG % "{config: {addressType: Intranet}}",
            INTERNAL,
        ),
        # the class names its controller by what the controller calls itself
        (
            ingress()
            + CLASS % ("", "k8s.io/inside", "")
            + nginx("public")
            + nginx("inside", "--controller-class=k8s.io/inside", INSIDE),
            INTERNAL,
        ),
        (
            ingress()
            + CLASS % ("", "k8s.io/ingress-nginx", "")
            + nginx("public")
            + nginx("inside", "--controller-class, k8s.io/inside", INSIDE),
            INTERNET,
        ),
        # whom the controller's ConfigMap lets in, and an Ingress that says otherwise
        (ingress(name="nginx") + nginx("public", CONFIG) + ALLOW % "10.0.0.0/8", INTERNAL),
        (ingress(name="nginx") + nginx("public", CONFIG) + ALLOW % "0.0.0.0/0", INTERNET),
        (ingress(name="nginx") + nginx("public") + ALLOW % "10.0.0.0/8", INTERNET),
        (
            ingress("nginx.ingress.kubernetes.io/whitelist-source-range: 0.0.0.0/0", "nginx")
            + nginx("public", CONFIG)
            + ALLOW % "10.0.0.0/8",
            INTERNET,
        ),
    ],
)
def test_what_the_class_of_an_ingress_decides(text: str, reach: Reach) -> None:
    collected = collect_stdin(text.encode())
    inventory = collected.inventory
    assert collected.gaps == ()
    judged = ingress_reach(inventory.ingresses[0], inventory)
    assert judged.reach is reach, judged.why.en
    assert [g.subject for g in assumed_entries(inventory) if g.subject == inventory.ingresses[0].meta.ref] == (
        [inventory.ingresses[0].meta.ref] if reach is ASSUMED else []
    )


@pytest.mark.parametrize(
    ("text", "subject", "remedy"),
    [
        (
            "kind: Service\nmetadata: {name: s}\nspec: {type: NodePort, ports: [{port: 80}]}",
            "Service",
            "get nodes -o wide",
        ),
        (
            (
                "kind: Service\nmetadata: {name: s, annotations: {kubernetes.io/elb.id: x}}\n"
                "spec: {type: LoadBalancer, ports: [{port: 80}]}"
            ),
            "Service",
            "kubectl get service s -n default",
        ),
        (
            "kind: Service\nmetadata: {name: s}\nspec: {type: LoadBalancer, loadBalancerClass: x.io/y, ports: [{port: 80}]}",
            "Service",
            "kubectl get service s -n default",
        ),
        (
            (
                "kind: Pod\nmetadata: {name: s}\n"
                "spec: {hostNetwork: true, containers: [{name: s, image: s, ports: [{containerPort: 80}]}]}"
            ),
            "Pod",
            "get nodes -o wide",
        ),
    ],
)
def test_each_assumed_entry_is_one_gap_with_the_command_that_settles_it(text: str, subject: str, remedy: str) -> None:
    inventory = collect_stdin(f"apiVersion: v1\n{text}\n".encode()).inventory
    (gap,) = assumed_entries(inventory)
    assert (gap.reason, gap.named) == (GapReason.NO_DATA, False)
    assert str(gap.subject) == "default/s"
    assert gap.message.en.startswith(f"{subject} default/s may be open")
    assert remedy in gap.remedy.en
    assert remedy in gap.remedy.zh


def test_what_is_known_to_be_open_or_closed_is_no_gap() -> None:
    text = (
        "apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {type: LoadBalancer, ports: [{port: 80}]}\n---\n"
        "apiVersion: v1\nkind: Service\nmetadata: {name: t}\nspec: {ports: [{port: 80}]}\n"
    )
    assert assumed_entries(collect_stdin(text.encode()).inventory) == ()
