"""Flags that all actions of `fourc netpol` share."""

import argparse

from fourc.cli.arguments import Arguments
from fourc.cli.common import CONFIG
from fourc.model.settings import Settings
from fourc.model.text import Lang, Text

DIR = Text("a folder or file that holds manifests, or - for the standard input", "含清单的目录或文件；- 表示标准输入")


def add_shared(arguments: Arguments) -> None:
    """What is read, in which language is spoken, and whether policies are enforced."""
    arguments.value(
        "--network-policies-enforced",
        choices=("yes", "no"),
        said=Text(
            "whether the cluster's network plug-in enforces policies, where the manifests do not say it",
            "集群的网络插件是否执行策略（清单中看不出时使用）",
        ),
    )
    arguments.value("-c", "--config", metavar="FILE", said=CONFIG)
    arguments.value(
        "--lang",
        choices=[lang.value for lang in Lang],
        said=Text("language of messages (default: the locale's)", "消息的语言（默认：系统区域设置）"),
    )
    arguments.switch("--all-files", said=Text("also read what git ignores", "也读取 git 忽略的文件"))
    arguments.switch("-q", "--quiet", said=Text("no messages beside the result", "除结果外不输出消息"))


def declared_of(options: argparse.Namespace) -> bool | None:
    """What the flag, else the configuration says about policies being enforced; None where neither does."""
    written = options.network_policies_enforced
    settings: Settings = options.settings
    return settings.network_policies_enforced if written is None else written == "yes"
