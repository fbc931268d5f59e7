"""The flags of `fourc scan` that only some targets take; what looks is loaded once the target is known."""

import argparse
from collections.abc import Mapping

from fourc.cli.arguments import Arguments
from fourc.errors import UsageError
from fourc.model.text import Text, join, same

_SECRETS = ("--history", "--unreferenced", "--staged", "--diff", "--verify-live", "--live-host")
_PACKAGES = ("--vex",)
_IMAGES = ("--platform", "--insecure", "--all")

OF: Mapping[str, tuple[str, ...]] = {
    "all": _PACKAGES,
    "config": (),
    "secrets": _SECRETS,
    "vulns": _PACKAGES,
    "image": (*_PACKAGES, *_IMAGES),
    "node": (),
}
"""What can be scanned, and the flags that mean something there."""


def check_flags(options: argparse.Namespace) -> None:
    """Refuse a target that there is not, and flags that mean nothing to it.

    Raises:
        UsageError: one of these.
    """
    if options.what not in OF:
        raise UsageError(
            Text("fourc cannot scan {what}", "fourc 不能扫描 {what}").of(what=options.what),
            hint=Text("it can scan {some}", "可以扫描 {some}").of(some=join([same(t) for t in OF], " or ", " 或 ")),
        )
    every = dict.fromkeys(flag for flags in OF.values() for flag in flags)
    given = [flag for flag in every if getattr(options, flag.removeprefix("--").replace("-", "_"))]
    strange = [flag for flag in given if flag not in OF[options.what]]
    if strange:
        meant = next(target for target, flags in OF.items() if target != "all" and strange[0] in flags)
        subject = {"secrets": Text("secrets", "密钥"), "vulns": Text("packages", "软件包")}.get(
            meant, Text("images", "镜像")
        )
        raise UsageError(
            Text("{flags} is about {subject}", "{flags} 只用于{subject}").of(flags=", ".join(strange), subject=subject),
            hint=Text("fourc scan {target} {flags}", "fourc scan {target} {flags}").of(
                target=meant, flags=" ".join(strange)
            ),
        )


def add_flags(arguments: Arguments) -> None:
    """All of them; `--baseline` is for every target."""
    arguments.switch(
        "--history",
        said=Text("secrets: also in every commit of the git history", "密钥：也检查 git 历史中的每个提交"),
    )
    arguments.switch(
        "--unreferenced",
        said=Text(
            "secrets: also what git still keeps but no branch or tag reaches",
            "密钥：也检查 git 仍保留、但没有分支或标签可达的内容",
        ),
    )
    arguments.switch(
        "--staged", said=Text("secrets: only what the next commit would add", "密钥：只检查下一次提交将新增的内容")
    )
    arguments.switch(
        "--diff",
        said=Text(
            "secrets: only the lines that the diff on the standard input adds", "密钥：只检查标准输入中的 diff 新增的行"
        ),
    )
    arguments.values(
        "--baseline",
        metavar="FILE",
        said=Text(
            "leave out what is listed there: a JSON report of gitleaks, a .secrets.baseline, or what fourc baseline"
            " write made (may be repeated)",
            "忽略该文件已列出的内容：gitleaks 的 JSON 报告、.secrets.baseline 或 fourc baseline write 的输出（可重复）",
        ),
    )
    arguments.switch(
        "--verify-live",
        said=Text(
            "secrets: ask the providers whether what was found still works; says first which calls it makes, each with a"
            " secret in it (with --offline: says it and makes none)",
            "密钥：向服务商询问找到的密钥是否仍然有效；先列出将发出的请求，每个都带有密钥（加 --offline 则只列出）",
        ),
    )
    arguments.values(
        "--live-host",
        metavar="NAME=URL",
        said=Text(
            "with --verify-live: ask your own installation, as in gitlab=https://git.example.com (may be repeated)",
            "配合 --verify-live：询问自建的服务，如 gitlab=https://git.example.com（可重复）",
        ),
    )
    arguments.values(
        "--vex",
        metavar="FILE",
        said=Text(
            "packages: leave out what this OpenVEX or CSAF document says is not affected or fixed (may be repeated)",
            "软件包：忽略该 OpenVEX 或 CSAF 文档声明不受影响或已修复的漏洞（可重复）",
        ),
    )
    arguments.switch(
        "--all",
        said=Text(
            "image: every image that the manifests in PATH (default: here) run, in one report; asks their registries",
            "镜像：PATH（默认：当前目录）中的清单所运行的全部镜像，合为一份报告；会访问它们的仓库",
        ),
    )
    add_image_flags(arguments)


def add_image_flags(arguments: Arguments) -> None:
    """How an image is got at."""
    arguments.value(
        "--platform",
        metavar="OS/ARCH",
        said=Text(
            "image: which of an image for several (default: linux with this machine's processor)",
            "镜像：多架构镜像中选择哪一个（默认：linux 加本机处理器架构）",
        ),
    )
    arguments.switch(
        "--insecure",
        said=Text("image: the registry may be asked without TLS", "镜像：允许不使用 TLS 访问镜像仓库"),
    )
