import re
from collections.abc import Iterator

from fourc.checks.api import Found, Judge, check
from fourc.checks.credentials import credentials_in, is_credential, is_placeholder
from fourc.model.finding import Confidence, Layer, Severity
from fourc.model.inventory import Inventory
from fourc.model.kubernetes.config import DataObject
from fourc.model.remedy import ChangeKind, NoFix
from fourc.model.text import Text

ZH = """Secret 的明文值写在文件里

## 为什么重要
Secret 清单里的 base64 不是加密，任何人都能解开。能读取仓库、它的任何副本或构建日志的人，都能用这些密码登录。
值会一直留在 git 历史中，即使以后删除文件。

## 修复会改变什么
没有可以自动完成的修改：把值移走会让应用停止。请按顺序做：
1. 先到数据库、云控制台等处更换密码或密钥，旧值从此作废（它仍在 git 历史中）。
2. 把新值放到仓库之外：运行 `kubectl create secret generic 名称 --from-literal=键=值 ...`（所有键写在同一条命令里），
   或使用 External Secrets、Sealed Secrets、SOPS 等工具，让仓库里只有密文或引用。
3. 从文件中删除该 Secret，提交，并确认应用仍能启动；缺少某个键时新 Pod 停在 CreateContainerConfigError。

## 何时可以允许
占位值、公开的证书，以及只用于本机测试的值；请把后者写成 `changeme`，这样就不会被报告。

## 示例
见英文页面的 YAML。"""

_STEPS = Text(
    "no edit can move it without stopping the application: first change the value in the service that checks it, because "
    "the old one stays in git history; then make the Secret anew with all of its keys, in one command that also works "
    "where it exists: `kubectl create secret generic {name} -n {namespace} {keys} --dry-run=client -o yaml | "
    "kubectl apply -f -` (or External Secrets, Sealed Secrets, SOPS), and delete it from this file",
    "没有修改能在不停止应用的情况下移走它：请先更换该值，因为旧值仍在 git 历史中；然后用一条命令"
    "写入全部键（Secret 已存在时也可用）："
    "`kubectl create secret generic {name} -n {namespace} {keys} --dry-run=client -o yaml | kubectl apply -f -`"
    "（或使用 External Secrets、Sealed Secrets、SOPS），再从本文件删除该 Secret",
)
_NO_CREDENTIALS = frozenset({"kubernetes.io/service-account-token", "helm.sh/release.v1"})
_PUBLIC = re.compile(
    r"(?:^|[._-])(?:user(?:name)?|login|email|host|port|db|database|name|region|url|endpoint|ca\.crt)$", re.IGNORECASE
)


def _each_secret(inventory: Inventory) -> Iterator[DataObject]:
    return (d for d in inventory.data if d.secret and d.type not in _NO_CREDENTIALS)


@check(
    _each_secret,
    layer=Layer.CODE,
    severity=Severity.HIGH,
    references="attack:T1552.001",
    zh=ZH,
)
def secret_in_manifest(secret: DataObject, _judge: Judge) -> Iterator[Found]:
    """A Secret stands readable in a file.

    ## Why it matters
    The base64 of a Secret's manifest is no encryption: everyone can undo it. Whoever reads the repository, a copy of it
    or a build log can log in with these values. They stay in git history even when the file is deleted.

    ## What the fix changes
    Nothing by itself, since moving the value away would stop the application. Do this, in this order:
    1. Change the password or key in the database, cloud or service that checks it: the old one (still in git history)
       is worth nothing then.
    2. Keep the new one outside the repository: `kubectl create secret generic NAME --from-literal=KEY=VALUE ...` with
       all keys in one command, or a tool (External Secrets, Sealed Secrets, SOPS) with which the repository holds only
       a reference or cipher text.
    3. Delete the Secret from the file, commit, and see that the application still starts; where a key is missing, new
       pods stay in CreateContainerConfigError.

    ## When to allow it
    Placeholders, public certificates, and values for tests on your own machine; write the last as `changeme`, then
    they are not reported.

    ## Example
    Bad:
    ```yaml
    apiVersion: v1
    kind: Secret
    metadata:
      name: shop-db
    stringData:
      username: shop
      password: Spring-2024-rain
    ```
    """
    keys = " ".join([*_type_of(secret), *(f"--from-literal={key}=..." for key in secret.values)])
    for key, value in secret.values.items():
        confidence = _credential(key, value)
        if confidence is None:
            continue
        place = "data" if key in secret.encoded else "stringData"
        yield Found(
            secret.meta,
            Text("{n} holds {k} readable for everyone who has the file", "{n} 中的 {k} 对能读取文件的人都是明文").of(
                n=secret.meta.name, k=key
            ),
            (place, key),
            NoFix(
                _STEPS.of(name=secret.meta.name, namespace=secret.meta.namespace or "default", keys=keys),
                ChangeKind.MOVE_SECRETS,
            ),
            detail=key,
            severity=Severity.HIGH if confidence is Confidence.HIGH else Severity.MEDIUM,
            confidence=confidence,
        )


def _type_of(secret: DataObject) -> tuple[str, ...]:
    """The option for a type of its own: the API server refuses to change the type of a Secret that exists."""
    return () if secret.type in ("", "Opaque") else (f"--type={secret.type}",)


def _credential(key: str, value: str) -> Confidence | None:
    """How surely the value is a credential; whatever somebody put into a Secret on one line may be one."""
    text = value.strip()
    if is_credential(key, text) or key in {".dockerconfigjson", ".dockercfg"}:
        return None if is_placeholder(text) else Confidence.HIGH
    if "\n" in text:
        return Confidence.HIGH if next(credentials_in(text), None) else None
    if is_placeholder(text) or _PUBLIC.search(key) or len(text) < 6 or " " in text or "://" in text:
        return None
    return Confidence.LOW
