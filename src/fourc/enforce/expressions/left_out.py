"""Checks that no expression over one object can say, each with what it would have to see."""

from fourc.model.text import Text

_LIST = Text(
    "it is about what {x} do together, and a policy sees one object at a time",
    "它涉及{x}之间的关系，而策略一次只能看到一个对象",
)
_PODS_SERVICES = _LIST.of(x=Text("a workload and the Services that lead to it", "工作负载与指向它的 Service"))
_POLICIES = _LIST.of(x=Text("network policies and pods", "网络策略与 Pod"))
_NAMESPACE = _LIST.of(x=Text("a namespace and the objects in it", "命名空间与其中的对象"))
_READABLE = Text(
    "it reads texts as the search for secrets does, with far more rules than an expression can hold; the API server stores the "
    "object anyway, so look before it is sent (`fourc scan` in CI)",
    "它像密钥搜索那样读取文本，规则远多于一个表达式能容纳的；API 服务器反正会保存该对象，"
    "请在提交之前检查（在 CI 中运行 `fourc scan`）",
)
_GUESS = Text(
    "it goes by knowledge of images and programs, and a guess may warn in a scan but must not refuse a pod",
    "它依据对镜像和程序的了解来推测；推测可以在扫描中提示，但不应拒绝 Pod",
)

LEFT_OUT: dict[str, Text] = {
    "credential-in-arguments": _READABLE,
    "credential-in-config-map": _READABLE,
    "credential-in-env": _READABLE,
    "gateway-without-tls": Text(
        "whether a Gateway is public stands in its class and in the Services in front of it, which are other objects",
        "Gateway 是否对公网开放，写在它的 GatewayClass 和前面的 Service 里，那是其他对象",
    ),
    "missing-liveness-probe": _PODS_SERVICES,
    "missing-readiness-probe": _PODS_SERVICES,
    "namespace-without-default-deny": _NAMESPACE,
    "namespace-without-limit-range": _NAMESPACE,
    "namespace-without-quota": _NAMESPACE,
    "network-policies-not-enforced": Text(
        "it is about the cluster's network plug-in, not about an object that somebody sends",
        "它涉及集群的网络插件，而不是某人提交的对象",
    ),
    "no-disruption-budget": _PODS_SERVICES,
    "policy-isolates-silently": _POLICIES,
    "policy-selects-nothing": _POLICIES,
    "secret-in-manifest": Text(
        "it is about a Secret in a file; in the cluster a Secret is what it should be",
        "它针对文件里的 Secret；在集群里，Secret 本来就该如此",
    ),
    "service-open-to-world": Text(
        "each provider has its own annotations and address rules, and what the Service leads to decides whether it is meant to "
        "be open; `fourc scan` reads both",
        "各云厂商的注解和地址规则不同，而且要看 Service 指向什么才知道是否本应开放；`fourc scan` 会一并判断",
    ),
    "single-replica": _PODS_SERVICES,
    "startup-cpu-contention": _GUESS,
    "token-not-needed": _GUESS,
    "workload-without-policy": _POLICIES,
}
