import re
from collections.abc import Iterator

from fourc.checks.api import Found, Judge, check
from fourc.fix.recipes import remedy
from fourc.model.finding import Layer, Severity
from fourc.model.kubernetes.network import Ingress
from fourc.model.remedy import ChangeKind, NoFix, Remedy
from fourc.model.text import Text
from fourc.patch.yaml.operations import Remove

ZH = """Ingress 注解改写入口控制器的配置

## 为什么重要
snippet 类注解会原样进入 nginx（或 HAProxy）的配置。控制器通常能读取整个集群的 Secret：能写 Ingress 的人借此取得
它的令牌（CVE-2021-25742），从而得到所有密码。在没有打补丁的版本上，`auth-url`、`auth-method`、`mirror-target`
等注解中的特殊字符有同样后果；`mirror-target` 还会把每个请求复制到别处。

## 修复会改变什么
删除该注解，它配置的行为随之消失。请先看它做什么：多数写法有专门的注解（跨域、正文大小、超时、重写）。删除后请打
开它所服务的页面检查。含有拒绝或登录规则的片段不会自动删除，否则会放开它保护的路径。

## 何时可以允许
片段由平台团队编写，且只有他们能修改 Ingress。`allow-snippet-annotations`（ingress-nginx 1.9 起默认关闭）对整个
控制器生效：只想放行部分团队时，请再加准入策略。Kubernetes 项目的 ingress-nginx 自 2026 年 3 月起不再更新：请至
少使用最后的版本（1.13.9、1.14.5、1.15.1），并计划迁移到仍在维护的控制器。

## 示例
见英文页面的 YAML。"""

NGINX = "nginx.ingress.kubernetes.io/"
SNIPPETS = re.compile(
    r"nginx\.ingress\.kubernetes\.io/[a-z-]*-snippet|nginx\.org/(server|location)-snippets|"
    r"haproxy\.org/(backend-config-snippet|frontend-config-snippet)|haproxy-ingress\.github\.io/config-[a-z-]+|"
    r"ingress\.kubernetes\.io/(configuration|server|auth)-snippet"
)
_PROTECTS = re.compile(r"\b(deny|return\s+4\d\d|auth_\w+|limit_(req|conn)|modsecurity\w*|satisfy|valid_referers)\b")
INJECTION = {
    "auth-url": ("CVE-2025-24514", re.compile(r"[\s;{}\"'#]|\$(?:http|arg|cookie)_")),
    "auth-tls-match-cn": ("CVE-2025-1097", re.compile(r"[\n;{}\"]")),
    "mirror-target": ("CVE-2025-1098", re.compile(r"[\s;{}\"#]")),
    "mirror-host": ("CVE-2025-1098", re.compile(r"[\s;{}\"#]")),
    "permanent-redirect": ("CVE-2023-5044", re.compile(r"[\s;{}\"]")),
    "auth-method": ("CVE-2026-1580", re.compile(r"[^A-Za-z]")),
    "auth-proxy-set-headers": ("CVE-2025-15566", re.compile(r"[\s;{}\"]")),
    "rewrite-target": ("CVE-2026-3288", re.compile(r"[\n\"]")),
}


@check(
    lambda inventory: iter(inventory.ingresses),
    layer=Layer.CLUSTER,
    severity=Severity.HIGH,
    references="attack:T1552.007 trivy:KCV-0093 checkov:CKV_K8S_152 checkov:CKV_K8S_153 "
    "checkov:CKV_K8S_154 kubescape:C-0059",
    zh=ZH,
)
def dangerous_ingress_annotation(subject: Ingress, _judge: Judge) -> Iterator[Found]:
    """An Ingress annotation rewrites the controller's configuration.

    ## Why it matters
    Snippet annotations go into the configuration of nginx (or HAProxy) as they stand. The controller can usually read
    every Secret of the cluster: whoever may write an Ingress gets its token that way (CVE-2021-25742), and with it
    all passwords. Special characters in `auth-url`, `auth-method`, `mirror-target` and others do the same on
    unpatched versions, and `mirror-target` copies every request to another place.

    ## What the fix changes
    It removes the annotation, and what it configured stops. Read it first: for most uses there is an annotation of
    its own (cross-origin calls, body size, time-outs, rewrites). Afterwards open the pages for which it was written.
    A snippet that denies or asks for a sign-in is left alone, because without it the paths that it protects would be
    open.

    ## When to allow it
    The platform team wrote the snippet and nobody else may change an Ingress. `allow-snippet-annotations` (off by
    default since ingress-nginx 1.9) holds for the whole controller: to let only some teams use snippets, add an
    admission policy. The ingress-nginx of the Kubernetes project has had no updates since March 2026: use one of its
    last releases (1.13.9, 1.14.5, 1.15.1) and plan the move to a controller that gets them.

    ## Example
    Bad:
    ```yaml
    apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata:
      name: shop
      annotations:
        nginx.ingress.kubernetes.io/proxy-body-size: 8m
        nginx.ingress.kubernetes.io/configuration-snippet: | # from a blog
          more_set_headers "X-Shop: 1";
    ```
    Good:
    ```yaml
    apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata:
      name: shop
      annotations:
        nginx.ingress.kubernetes.io/proxy-body-size: 8m
    ```
    """
    for key, value in subject.meta.annotations.items():
        judged = _judge_annotation(key, value)
        if judged:
            severity, what, reference = judged
            yield Found(
                subject.meta,
                Text("{key} {what}", "{key} {what}").of(key=key, what=what),
                ("metadata", "annotations", key),
                _fix(subject, key, value),
                detail=key,
                severity=severity,
                references=(f"cve:{reference}",) if reference else (),
            )


def _judge_annotation(key: str, value: str) -> tuple[Severity, Text, str] | None:
    if SNIPPETS.fullmatch(key):
        what = Text("goes into the proxy's configuration as it stands", "会原样进入代理的配置")
        return Severity.HIGH, what, "CVE-2021-25742"
    name = key.removeprefix(NGINX)
    if key != name and name in INJECTION and INJECTION[name][1].search(value):
        what = Text("carries characters that break into the proxy's configuration", "含有可注入代理配置的字符")
        return Severity.CRITICAL, what, INJECTION[name][0]
    if key == NGINX + "mirror-target" and value:
        what = Text(f"copies every request to {value}", f"把每个请求复制到 {value}")
        return Severity.MEDIUM, what, ""
    return None


def _fix(ingress: Ingress, key: str, value: str) -> Remedy | NoFix:
    if _PROTECTS.search(value) and SNIPPETS.fullmatch(key):
        why = Text(
            "it denies or asks for a sign-in; without it the paths that it protects would be open: move the rule into "
            "an annotation of its own (whitelist-source-range, auth-url) or into the program first",
            "它拒绝访问或要求登录，删除后它保护的路径会放开：请先用专门的注解（whitelist-source-range、auth-url）或在程序中实现",
        )
        return NoFix(why, ChangeKind.CLOSE_EXPOSURE)
    return remedy("withdraw-annotation", ingress.meta.ref, Remove(("metadata", "annotations", key)))
