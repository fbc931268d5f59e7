from collections.abc import Iterator

from fourc.checks.api import Found, Judge, check
from fourc.checks.credentials import credentials_in, is_credential
from fourc.model.finding import Layer, Severity
from fourc.model.inventory import Inventory
from fourc.model.kubernetes.config import DataObject
from fourc.model.remedy import ChangeKind, NoFix
from fourc.model.text import Text

ZH = """ConfigMap 里写着明文密码

## 为什么重要
ConfigMap 等于公开的配置：命名空间里几乎每个账号都能读取，内置角色 `view` 也包含它，它还会出现在备份和日志中。
这个值也在仓库里，并会一直留在 git 历史中。

## 修复会改变什么
没有可以自动完成的修改，因为只有应用自己知道从哪里读取。请按顺序做：
1. 先到数据库、云控制台等处更换密码或密钥，旧值从此作废（它仍在 git 历史中）。
2. 把新值放进 Secret，作为环境变量（`env` 里的 `secretKeyRef`）或文件提供给 Pod。
3. 在这里改为引用，例如 Spring 写 `${DB_PASSWORD}`，或从配置中删除这一行。
变量缺失时，程序会在启动日志中报告无法登录或变量未定义：请先在测试环境运行一次。

## 何时可以允许
占位值和对变量的引用；它们不会被报告。

## 示例
见英文页面的 YAML。"""

_STEPS = Text(
    "only the application knows how it reads {name}: change the value in the service that checks it, because the old one "
    "stays in git history; put the new one into a Secret that the pod gets as a variable, and write a reference here "
    "(Spring: `${{VARIABLE}}`)",
    "只有应用知道如何读取 {name}：请先更换该值，因为旧值仍在 git 历史中；把新值放进 Secret 并作为变量提供给 Pod，"
    "再在这里写引用（Spring：`${{变量}}`）",
)


def _each_config_map(inventory: Inventory) -> Iterator[DataObject]:
    return (d for d in inventory.data if not d.secret)


@check(
    _each_config_map,
    layer=Layer.CODE,
    severity=Severity.HIGH,
    references="attack:T1552.001 trivy:KSV-0109 kubescape:C-0012",
    zh=ZH,
)
def credential_in_config_map(config: DataObject, _judge: Judge) -> Iterator[Found]:
    """A password stands readable in a ConfigMap.

    ## Why it matters
    A ConfigMap is public configuration: nearly every account of the namespace may read it, the built-in role `view`
    includes it, and it turns up in backups and logs. The value is in the repository too, and stays in git history.

    ## What the fix changes
    Nothing by itself, since only the application knows where it reads from. Do this, in this order:
    1. Change the password or key in the database, cloud or service that checks it: the old one (still in git history)
       is worth nothing then.
    2. Put the new one into a Secret, and give it to the pod as a variable (`secretKeyRef` under `env`) or file.
    3. Write a reference here, for Spring `${DB_PASSWORD}`, or delete the line.
    If the variable is missing, the program logs at its start that it cannot log in or that the variable is not defined:
    run it once in a test environment first.

    ## When to allow it
    Placeholders and references to variables; they are not reported.

    ## Example
    Bad:
    ```yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: orders
    data:
      application.yml: |
        spring:
          datasource:
            url: jdbc:mysql://mysql/orders
            password: Spring-2024-rain
    ```
    Good:
    ```yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: orders
    data:
      application.yml: |
        spring:
          datasource:
            url: jdbc:mysql://mysql/orders
            password: ${DB_PASSWORD}
    ```
    """
    for key, value in config.values.items():
        names = [key] if is_credential(key, value) else list(credentials_in(value))
        for name in names:
            inside = name if name == key else f"{name} ({key})"
            yield Found(
                config.meta,
                Text("{n} holds the value of {k} in plain text", "{n} 明文保存着 {k} 的值").of(
                    n=config.meta.name, k=inside
                ),
                ("data", key),
                NoFix(_STEPS.of(name=name), ChangeKind.MOVE_SECRETS),
                detail=key if name == key else f"{key}:{name}",
            )
