"""Which editor changes a version in which form of file."""

from collections.abc import Callable
from importlib import import_module
from typing import cast

from fourc.patch.manifests.refusal import VersionRefused
from fourc.patch.manifests.wanted import Wanted
from fourc.patch.text import TextEdit
from fourc.text import Text

_LONGEST = 20_000_000
"""Characters of a file that is edited; no manifest that people keep is near it."""

_Editor = Callable[[Wanted], tuple[TextEdit, ...]]

_EDITORS = {
    "requirements": ("python", "requirements"),
    "pyproject": ("python", "pyproject"),
    "pipfile": ("python", "pipfile"),
    "setup-cfg": ("python", "setup_cfg"),
    "setup-py": ("python", "setup_py"),
    "go-mod": ("go", "go_mod"),
    "go-work": ("go", "go_mod"),
    "package-json": ("npm", "package_json"),
    "composer-json": ("npm", "composer_json"),
    "maven-pom": ("maven", "pom_xml"),
    "gradle-build": ("gradle", "build_script"),
    "gradle-properties": ("gradle", "properties"),
    "gradle-lock": ("gradle", "lock"),
    "gradle-catalog": ("gradle", "catalogue"),
    "cargo-toml": ("cargo", "cargo_toml"),
    "gemfile": ("ruby", "gemfile"),
    "gemfile-lock": ("ruby", "gemfile_lock"),
    "nuget-project": ("nuget", "project"),
    "nuget-central": ("nuget", "project"),
    "nuget-config": ("nuget", "packages_config"),
    "pubspec": ("declared", "pubspec"),
    "mix-exs": ("declared", "mix_exs"),
    "package-swift": ("declared", "package_swift"),
    "github-actions": ("others", "github_actions"),
    "sbt-build": ("others", "sbt"),
    "conan-file": ("others", "conanfile"),
    "conda-environment": ("others", "conda"),
    "dockerfile": ("dockerfile", "from_line"),
}
"""Module and function; a module is loaded when its first file is edited, as its patterns take longer to make than to use."""

FORMS = frozenset(_EDITORS)
"""The forms that have an editor."""


def set_version(form: str, text: str, name: str, version: str, old: str) -> tuple[TextEdit, ...]:
    """The edits that make a file take `version` of the package `name` where it takes `old`: nothing but versions changes.

    `form` is the id of a manifest's or lock file's format, names and versions are written as the ecosystem does. Where the
    new version stands already and the old one nowhere, there is nothing to do: `()`.

    Raises:
        VersionRefused: the file does not hold the package in that version, or an edit alone would not do.
    """
    if form not in _EDITORS:
        raise VersionRefused(
            "unsupported",
            Text("versions in {form} files are not edited", "不修改 {form} 文件中的版本").of(form=form),
        )
    if len(text) > _LONGEST or "\0" in text or not name or not version or not old:
        raise VersionRefused(
            "malformed",
            Text("no file of the form {form} looks like this", "这不像是 {form} 格式的文件").of(form=form),
        )
    module, function = _EDITORS[form]
    editor = getattr(import_module(f"fourc.patch.manifests.{module}"), function)
    return cast("_Editor", editor)(Wanted(text, name, version, old))
