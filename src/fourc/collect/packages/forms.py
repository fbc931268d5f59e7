"""The register: every format whose packages fourc reads, and which of them a file has.

A reader's module is imported when the first file of its format is read: most folders have few formats, and the patterns of
all readers take as long as a whole scan.
"""

import re
from collections.abc import Callable, Iterable
from functools import cache
from importlib import import_module
from typing import cast

from msgspec import Struct
from msgspec.structs import replace

from fourc.collect.packages.executable import HEADS
from fourc.collect.packages.form import Form, Given, Reader
from fourc.model.package import Listing


class _Later(Struct, frozen=True):
    """The function `name` of the module `module` beside this one, which gives the listings of the form `id`."""

    id: str
    module: str
    name: str

    def __call__(self, given: Given) -> Listing:
        module = import_module(f"fourc.collect.packages.{self.module}")
        read = cast("Reader", getattr(module, self.name))
        return replace(read(given), form=self.id)


def _form(
    id_: str,
    reader: str,
    *names: str,
    endings: tuple[str, ...] = (),
    pattern: str = "",
    instead_of: tuple[str, ...] = (),
    installed: bool = False,
    head: tuple[bytes, ...] = (),
) -> Form:
    """A row of the register; `reader` is `module.function`."""
    module, _, function = reader.partition(".")
    read = _Later(id_, module, function)
    return Form(id_, read, frozenset(names), endings, pattern, instead_of, installed, head)


_NPM = ("package-json",)
_PYTHON = ("pyproject", "setup-cfg", "setup-py")
_GRADLE = ("gradle-build",)
_NUGET = ("nuget-project", "nuget-config")

FORMS: tuple[Form, ...] = (
    _form("npm-lock", "npm.read_lock", "package-lock.json", "npm-shrinkwrap.json", instead_of=_NPM),
    _form("yarn-lock", "yarn.read_lock", "yarn.lock", instead_of=_NPM),
    _form("pnpm-lock", "pnpm.read_lock", "pnpm-lock.yaml", instead_of=_NPM),
    _form("bun-lock", "bun.read_text", "bun.lock", instead_of=(*_NPM, "bun-lockb")),
    _form("bun-lockb", "bun.read_binary", "bun.lockb", instead_of=_NPM),
    _form("deno-lock", "deno.read_lock", "deno.lock", instead_of=_NPM),
    _form("package-json", "package_json.read_manifest", "package.json"),
    _form("node-package", "package_json.read_installed", "package.json", installed=True),
    _form("poetry-lock", "python_locks.read_poetry", "poetry.lock", instead_of=_PYTHON),
    _form("pdm-lock", "python_locks.read_pdm", "pdm.lock", instead_of=_PYTHON),
    _form("uv-lock", "python_locks.read_uv", "uv.lock", instead_of=_PYTHON),
    _form(
        "pylock",
        "python_locks.read_pylock",
        endings=(".toml",),
        pattern=r"(?:^|/)pylock(?:\.[^./]+)?\.toml$",
        instead_of=_PYTHON,
    ),
    _form("pipfile-lock", "python_locks.read_pipfile", "Pipfile.lock", instead_of=("pipfile", *_PYTHON)),
    _form("pyproject", "python_project.read_pyproject", "pyproject.toml"),
    _form("pipfile", "python_project.read_pipfile", "Pipfile"),
    _form("setup-cfg", "python_project.read_setup_cfg", "setup.cfg"),
    _form("setup-py", "python_project.read_setup_py", "setup.py"),
    _form(
        "requirements",
        "requirements.read_requirements",
        endings=(".txt",),
        pattern=r"requirements[^/]*\.txt$|(?:^|/)requirements/[^/]*\.txt$",
    ),
    _form(
        "python-package",
        "python_installed.read_metadata",
        endings=(".dist-info/METADATA", ".egg-info/PKG-INFO", "EGG-INFO/PKG-INFO", ".egg-info"),
        installed=True,
    ),
    _form("conda-environment", "conda.read_environment", "environment.yml", "environment.yaml"),
    _form(
        "conda-lock",
        "conda.read_lock",
        "conda-lock.yml",
        "conda-lock.yaml",
        endings=(".conda-lock.yml",),
        instead_of=("conda-environment",),
    ),
    _form(
        "conda-meta",
        "conda.read_installed",
        endings=(".json",),
        pattern=r"(?:^|/)conda-meta/[^/]+\.json$",
        installed=True,
    ),
    _form("go-mod", "golang.read_mod", "go.mod"),
    _form("go-work", "golang.read_work", "go.work"),
    _form("go-vendor", "golang.read_vendored", endings=("vendor/modules.txt",)),
    _form("go-binary", "go_binary.read_binary", installed=True, head=HEADS),
    _form("cargo-lock", "rust.read_lock", "Cargo.lock", instead_of=("cargo-toml",)),
    _form("cargo-toml", "rust.read_manifest", "Cargo.toml"),
    _form("cargo-auditable", "rust.read_binary", installed=True, head=HEADS),
    _form("gemfile-lock", "ruby.read_lock", "Gemfile.lock", "gems.locked", instead_of=("gemfile",)),
    _form("gemfile", "ruby.read_gemfile", "Gemfile", "gems.rb"),
    _form(
        "gemspec",
        "ruby.read_installed",
        endings=(".gemspec",),
        pattern=r"(?:^|/)specifications/(?:default/)?[^/]+\.gemspec$",
        installed=True,
    ),
    _form("composer-lock", "php.read_lock", "composer.lock", instead_of=("composer-json",)),
    _form("composer-json", "php.read_manifest", "composer.json"),
    _form("composer-installed", "php.read_installed", endings=("composer/installed.json",), installed=True),
    _form("maven-pom", "maven.read_pom", "pom.xml"),
    _form(
        "jar",
        "jars.read_given",
        endings=(".jar", ".war", ".ear", ".par", ".sar", ".jpi", ".hpi", ".lpkg", ".nar", ".kar"),
    ),
    _form("gradle-lock", "gradle.read_lock", endings=("gradle.lockfile",), instead_of=_GRADLE),
    _form("gradle-verification", "gradle.read_verification", "verification-metadata.xml"),
    _form("gradle-catalog", "gradle.read_catalog", endings=(".versions.toml",)),
    _form("gradle-build", "gradle_scripts.read_build", "build.gradle", "build.gradle.kts"),
    _form("ivy-file", "ivy.read_ivy", "ivy.xml"),
    _form("clojure-deps", "clojure.read_deps", "deps.edn"),
    _form("paket-lock", "paket.read_lock", "paket.lock"),
    _form("nuget-tools", "nuget.read_tools", "dotnet-tools.json"),
    _form("gleam-lock", "elixir.read_gleam", "manifest.toml"),
    _form("packrat-lock", "r.read_packrat", "packrat.lock"),
    _form("sbt-lock", "sbt.read_lock", endings=(".sbt.lock",), instead_of=("sbt-build",)),
    _form("sbt-build", "sbt.read_build", "Dependencies.scala", endings=(".sbt",)),
    _form("nuget-lock", "nuget.read_lock", "packages.lock.json", instead_of=_NUGET),
    _form("nuget-deps", "nuget.read_deps", endings=(".deps.json",)),
    _form("nuget-assets", "nuget.read_assets", "project.assets.json"),
    _form("nuget-project", "msbuild.read_project", endings=(".csproj", ".fsproj", ".vbproj")),
    _form("nuget-central", "msbuild.read_central", "Directory.Packages.props", "Packages.props"),
    _form("nuget-config", "msbuild.read_config", "packages.config"),
    _form("conan-lock", "cpp.read_lock", "conan.lock", instead_of=("conan-file",)),
    _form("conan-file", "cpp.read_text", "conanfile.txt"),
    _form("pub-lock", "dart.read_lock", "pubspec.lock"),
    _form("mix-lock", "elixir.read_mix", "mix.lock"),
    _form("rebar-lock", "elixir.read_rebar", "rebar.lock"),
    _form(
        "github-actions",
        "github_actions.read_workflow",
        endings=(".yml", ".yaml"),
        pattern=r"(?:^|/)\.github/(?:workflows|actions)/.+\.ya?ml$",
    ),
    _form("stack-lock", "haskell.read_stack_lock", "stack.yaml.lock", instead_of=("stack-file",)),
    _form("stack-file", "haskell.read_stack", "stack.yaml"),
    _form("cabal-freeze", "haskell.read_freeze", "cabal.project.freeze"),
    _form("julia-manifest", "julia.read_manifest", "Manifest.toml", "JuliaManifest.toml"),
    _form("opam-lock", "opam.read_lock", endings=(".opam.locked",), instead_of=("opam-file",)),
    _form("opam-file", "opam.read_file", endings=(".opam",)),
    _form("renv-lock", "r.read_renv", "renv.lock"),
    _form("r-description", "r.read_description", "DESCRIPTION", installed=True),
    _form("swift-resolved", "swift.read_resolved", "Package.resolved"),
    _form("podfile-lock", "swift.read_podfile", "Podfile.lock"),
    _form("carthage-resolved", "swift.read_carthage", "Cartfile.resolved"),
)


def forms_of(path: str, *, installed: bool = False) -> tuple[Form, ...]:
    """The formats that the file at `path` (with `/`) has by its name.

    With `installed` what images and installations hold too, without it what a checkout holds.
    """
    base = path[path.rfind("/") + 1 :]
    by_name, by_ending = _by_name(), _by_ending()
    likely = (*by_name.get(base, ()), *by_ending.get(base[base.rfind(".") :], ()))
    if not likely:
        return ()
    return tuple(
        form for form in dict.fromkeys(likely) if (installed or not form.installed) and _is_named(form, path, base)
    )


def _is_named(form: Form, path: str, base: str) -> bool:
    if base in form.names:
        return True
    return path.endswith(form.endings) and (not form.pattern or _compiled(form.pattern).search(path) is not None)


def forms_of_head(head: bytes) -> tuple[Form, ...]:
    """The formats of binaries that begin with these bytes."""
    return tuple(form for form in FORMS if form.head and head.startswith(form.head))


@cache
def _by_name() -> dict[str, list[Form]]:
    """Formats by every whole name, also the last of an ending that begins in a folder above."""
    return _by(lambda form: [*form.names, *(ending.rpartition("/")[2] for ending in form.endings if "/" in ending)])


@cache
def _by_ending() -> dict[str, list[Form]]:
    """Formats by what follows the last dot of their other endings, with the dot."""
    return _by(lambda form: [ending[ending.rfind(".") :] for ending in form.endings if "/" not in ending])


def _by(keys: Callable[[Form], Iterable[str]]) -> dict[str, list[Form]]:
    found: dict[str, list[Form]] = {}
    for form in FORMS:
        for key in dict.fromkeys(keys(form)):
            found.setdefault(key, []).append(form)
    return found


_compiled = cache(re.compile)
