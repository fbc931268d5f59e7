"""Which tool looks after which form of lock file."""

from fourc.vulns.commands import javascript, others, python
from fourc.vulns.commands.asked import Asked, Builder, Command, Near

_GOVERNING: dict[str, Builder] = {
    "npm-lock": javascript.npm,
    "yarn-lock": javascript.yarn,
    "pnpm-lock": javascript.pnpm,
    "bun-lock": javascript.bun,
    "bun-lockb": javascript.bun,
    "poetry-lock": python.poetry,
    "pdm-lock": python.pdm,
    "uv-lock": python.uv,
    "pipfile-lock": python.pipenv,
    "pylock": python.pylock,
    "cargo-lock": others.cargo,
    "composer-lock": others.composer,
    "nuget-lock": others.dotnet,
    "mix-lock": others.mix,
    "pub-lock": others.pub,
    "podfile-lock": others.pod,
    "swift-resolved": others.swift,
    "renv-lock": others.renv,
    "julia-manifest": others.julia,
    "conan-lock": others.conan,
}
"""Lock files that hold digests: no edit here can change them."""

_INSTEAD: dict[str, Builder] = {"gemfile-lock": others.bundler}
"""Lock files that are edited where that is enough."""
_AFTERWARDS: dict[str, Builder] = {"go-mod": others.go, "gradle-lock": others.gradle}
"""What has to be brought in line with the edited file."""


def governs(form: str) -> bool:
    """Whether the versions of this form can only be changed by its tool."""
    return form in _GOVERNING


def command_of(form: str, asked: list[Asked], near: Near, *, edited: bool) -> Command | None:
    """What has to be run, after the edits where there are any; None where nothing has to, or nothing can."""
    builder = (_AFTERWARDS if edited else _GOVERNING | _INSTEAD).get(form)
    return builder(asked, near) if builder is not None and asked else None
