"""Commands have nothing left to fill in, and nothing in them that a name could have put there."""

import pytest

from fourc.vulns.commands import Asked, Near, command_of, governs
from fourc.vulns.commands.npm_ranges import allows
from fourc.vulns.upgrade import Jump

DIRECT = Asked("left", "1.0.0", "1.0.3", Jump.PATCH)
DEV = Asked("left", "1.0.0", "1.0.3", Jump.PATCH, dev=True)
FAR = Asked("left", "1.0.0", "2.0.0", Jump.MAJOR)
BELOW = Asked("right", "1.0.0", "1.0.3", Jump.PATCH, under="left")
BELOW_FAR = Asked("right", "1.0.0", "2.0.0", Jump.MAJOR, under="left")
SCOPED = Asked("@a/b", "1.0.0", "1.0.3", Jump.PATCH)

NOTHING: dict[str, str] = {}
WRAPPER: dict[str, str] = {"gradlew": "x"}

COMMANDS: dict[str, tuple[str, list[Asked], dict[str, str], tuple[str, bool]]] = {
    "npm": ("npm-lock", [DIRECT, SCOPED], {}, ("npm install left@1.0.3 @a/b@1.0.3", True)),
    "npm, an old lock file": (
        "npm-lock",
        [BELOW],
        {},
        ("npm pkg set 'overrides[right@<1.0.3]=1.0.3' && npm install", True),
    ),
    "Yarn 1": (
        "yarn-lock",
        [DIRECT, BELOW],
        {"package.json": '{"dependencies": {"left": "1.0.0"}}'},
        ("yarn upgrade --exact left@1.0.3 && npm pkg set 'resolutions[**/right]=1.0.3' && yarn install", True),
    ),
    "Yarn 2": (
        "yarn-lock",
        [DIRECT, BELOW],
        {"lock": "__metadata:\n  version: 6\n"},
        ("yarn up left@1.0.3 && yarn up -R right", False),
    ),
    "pnpm": (
        "pnpm-lock",
        [DIRECT, BELOW],
        {"pnpm-workspace.yaml": "packages: []\n"},
        ("pnpm update -r left@1.0.3 && pnpm update -r --depth Infinity right", False),
    ),
    "Bun": (
        "bun-lock",
        [DEV, BELOW],
        {},
        ("bun add --dev left@1.0.3 && npm pkg set 'overrides[right]=1.0.3' && bun install", True),
    ),
    "Poetry: the group and the way of asking stay": (
        "poetry-lock",
        [DIRECT, BELOW],
        {"pyproject.toml": '[tool.poetry.group.test.dependencies]\nleft = "^1.0.0"\n'},
        ("poetry add --group test 'left@^1.0.3' && poetry update right", False),
    ),
    "Poetry: a pin stays a pin": (
        "poetry-lock",
        [DIRECT],
        {"pyproject.toml": '[tool.poetry.dependencies]\nleft = "1.0.0"\n'},
        ("poetry add left@1.0.3", True),
    ),
    "PDM": (
        "pdm-lock",
        [DIRECT],
        {"pyproject.toml": '[project]\ndependencies = ["left==1.0.0"]\n'},
        ("pdm add left==1.0.3", True),
    ),
    "uv": (
        "uv-lock",
        [DIRECT, BELOW],
        {},
        ("uv lock --upgrade-package left==1.0.3 --upgrade-package right==1.0.3", False),
    ),
    "uv: a pin is asked for anew": (
        "uv-lock",
        [DIRECT],
        {"pyproject.toml": '[dependency-groups]\ntest = ["left==1.0.0"]\n'},
        ("uv add --group test left==1.0.3", True),
    ),
    "Pipenv": (
        "pipfile-lock",
        [DEV, BELOW],
        {},
        ("pipenv upgrade --dev left==1.0.3 && pipenv update --lock-only right", False),
    ),
    "pylock": (
        "pylock",
        [DIRECT],
        {},
        ("uv pip compile pyproject.toml --output-file lock --upgrade-package left==1.0.3", False),
    ),
    "Cargo": (
        "cargo-lock",
        [DIRECT, BELOW],
        {},
        ("cargo update -p left@1.0.0 --precise 1.0.3 && cargo update -p right@1.0.0 --precise 1.0.3", False),
    ),
    "Cargo: a pin": (
        "cargo-lock",
        [DIRECT],
        {"Cargo.toml": '[dependencies]\nleft = "=1.0.0"\n'},
        ("cargo add left@=1.0.3", True),
    ),
    "Cargo: another major version": (
        "cargo-lock",
        [FAR, BELOW_FAR],
        {},
        ("cargo add left@2.0.0 && cargo update -p left", False),
    ),
    "Composer": ("composer-lock", [BELOW], {}, ("composer update right --with right:1.0.3", False)),
    "Composer: a pin": (
        "composer-lock",
        [DEV],
        {"composer.json": '{"require-dev": {"left": "1.0.0"}}'},
        ("composer require --dev -W left:1.0.3", True),
    ),
    "Bundler": ("gemfile-lock", [DIRECT, BELOW], {}, ("bundle update left right --conservative", False)),
    "NuGet": ("nuget-lock", [DIRECT], {}, ("dotnet add package left --version 1.0.3", True)),
    "Mix": ("mix-lock", [DIRECT], {}, ("mix deps.update left", False)),
    "pub": ("pub-lock", [DEV, BELOW], {}, ("dart pub add 'dev:left:^1.0.3' && dart pub upgrade right", False)),
    "CocoaPods": ("podfile-lock", [DIRECT], {}, ("pod update left", False)),
    "Swift": (
        "swift-resolved",
        [Asked("github.com/a/b", "1.0.0", "1.0.1", Jump.PATCH)],
        {},
        ("swift package update b", False),
    ),
    "renv": ("renv-lock", [DIRECT], {}, ("""Rscript -e 'renv::install(c("left@1.0.3")); renv::snapshot()'""", True)),
    "Julia": (
        "julia-manifest",
        [DIRECT],
        {},
        ("""julia --project=. -e 'using Pkg; Pkg.add(name="left", version="1.0.3")'""", True),
    ),
    "rebar3": ("rebar-lock", [DIRECT, BELOW], {}, ("rebar3 upgrade left,right", False)),
    "Carthage": ("carthage-resolved", [SCOPED], {}, ("carthage update b", False)),
    "vendored Go modules": (
        "go-vendor",
        [Asked("a.b/c", "v1.0.0", "v1.0.1", Jump.PATCH)],
        {},
        ("cd .. && go get a.b/c@v1.0.1 && go mod tidy && go mod vendor", True),
    ),
    "npm: the lower of two versions of one package first": (
        "npm-lock",
        [
            Asked("right", "2.0.0", "2.10.1", Jump.MINOR, under="left"),
            Asked("right", "2.0.1", "2.9.0", Jump.MINOR, under="left"),
        ],
        {},
        ("npm pkg set 'overrides[right@<2.9.0]=2.9.0' 'overrides[right@<2.10.1]=2.10.1' && npm install", True),
    ),
    "Conan": ("conan-lock", [DIRECT], {}, ("conan lock update --requires=left/1.0.3", False)),
}


@pytest.mark.parametrize(("form", "asked", "files", "expected"), COMMANDS.values(), ids=COMMANDS)
def test_each_tool_is_told_exactly_what_to_do(
    form: str, asked: list[Asked], files: dict[str, str], expected: tuple[str, bool]
) -> None:
    command = command_of(form, asked, Near("lock", files.get), edited=False)
    assert command is not None
    assert (command.line, command.certain) == expected


def test_after_an_edit_only_what_the_edit_cannot_do_is_run() -> None:
    gradle = command_of("gradle-lock", [DIRECT], Near("gradle.lockfile", WRAPPER.get), edited=True)
    assert gradle is not None
    assert gradle.line == "./gradlew dependencies --update-locks left"
    assert command_of("requirements", [DIRECT], Near("requirements.txt", NOTHING.get), edited=True) is None
    assert command_of("requirements", [DIRECT], Near("requirements.txt", NOTHING.get), edited=False) is None
    assert not governs("requirements")


@pytest.mark.parametrize("form", sorted({row[0] for row in COMMANDS.values()}))
def test_a_name_never_becomes_a_command(form: str) -> None:
    evil = Asked("a;touch x", "1.0.0", "1.0.3$(id)", Jump.PATCH)
    command = command_of(form, [evil], Near("lock", NOTHING.get), edited=False)
    assert command is not None
    outside = "".join(command.line.split("'")[::2])
    assert ";" not in outside
    assert "$" not in outside


RANGES = [
    ("^1.2.3", "1.9.0", True),
    ("^1.2.3", "2.0.0", False),
    ("^0.2.3", "0.3.0", False),
    ("^0.0.3", "0.0.4", False),
    ("~1.2.3", "1.2.9", True),
    ("~1.2", "1.3.0", False),
    ("~1", "1.9.0", True),
    ("1.x", "1.9.0", True),
    ("1.2.*", "1.3.0", False),
    ("*", "9.0.0", True),
    ("", "9.0.0", True),
    (">=1.2.3 <2", "1.9.0", True),
    (">=1.2.3 <2", "2.0.0", False),
    (">1.2", "1.2.9", False),
    ("<=1.2", "1.2.9", True),
    ("1.2 - 2.3", "2.3.9", True),
    ("1.2.3 - 2.3.4", "2.3.5", False),
    ("^1.0.0 || ^3.0.0", "3.1.0", True),
    ("1.2.3", "1.2.3", True),
    ("=v1.2.3", "1.2.4", False),
    ("latest", "1.0.0", None),
    ("git+https://example.org/x", "1.0.0", None),
    ("^1.0.0-rc.1", "1.0.0", None),
    ("^1.0.0", "1.0.0-rc.1", None),
    ("x" * 1000, "1.0.0", None),
]


@pytest.mark.parametrize(("range_", "version", "expected"), RANGES)
def test_ranges_mean_what_npm_takes_them_for(range_: str, version: str, expected: bool | None) -> None:
    assert allows(range_, version) is expected
