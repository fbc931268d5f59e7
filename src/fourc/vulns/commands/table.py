"""Which tool looks after which form of lock file: module and function of each, loaded when a file asks for it."""

from importlib import import_module
from typing import cast

from fourc.vulns.commands.asked import Asked, Builder, Command, Near

_GOVERNING: dict[str, tuple[str, str]] = {
    "npm-lock": ("javascript", "npm"),
    "yarn-lock": ("javascript", "yarn"),
    "pnpm-lock": ("javascript", "pnpm"),
    "bun-lock": ("javascript", "bun"),
    "bun-lockb": ("javascript", "bun"),
    "poetry-lock": ("python", "poetry"),
    "pdm-lock": ("python", "pdm"),
    "uv-lock": ("python", "uv"),
    "pipfile-lock": ("python", "pipenv"),
    "pylock": ("python", "pylock"),
    "cargo-lock": ("others", "cargo"),
    "composer-lock": ("others", "composer"),
    "nuget-lock": ("others", "dotnet"),
    "mix-lock": ("others", "mix"),
    "pub-lock": ("others", "pub"),
    "podfile-lock": ("others", "pod"),
    "rebar-lock": ("others", "rebar"),
    "carthage-resolved": ("others", "carthage"),
    "go-vendor": ("others", "go_vendored"),
    "swift-resolved": ("others", "swift"),
    "renv-lock": ("others", "renv"),
    "julia-manifest": ("others", "julia"),
    "conan-lock": ("others", "conan"),
}
"""Lock files that hold digests: no edit here can change them."""

_INSTEAD: dict[str, tuple[str, str]] = {"gemfile-lock": ("others", "bundler"), "go-mod": ("others", "go_get")}
"""Lock files that are edited where that is enough."""
_AFTERWARDS: dict[str, tuple[str, str]] = {"go-mod": ("others", "go"), "gradle-lock": ("others", "gradle")}
"""What has to be brought in line with the edited file."""


def governs(form: str) -> bool:
    """Whether the versions of this form can only be changed by its tool."""
    return form in _GOVERNING


def command_of(form: str, asked: list[Asked], near: Near, *, edited: bool) -> Command | None:
    """What has to be run, after the edits where there are any; None where nothing has to, or nothing can."""
    row = (_AFTERWARDS if edited else _GOVERNING | _INSTEAD).get(form)
    if row is None or not asked:
        return None
    builder = getattr(import_module(f"fourc.vulns.commands.{row[0]}"), row[1])
    return cast("Builder", builder)(asked, near)
