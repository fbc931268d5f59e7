"""Databases of a few advisories, and folders with packages that they are about."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from tests.vulns.osv import record

from fourc.cli.main import main
from fourc.vulns.database.build import build

Json = dict[str, Any]

CASES: dict[str, tuple[str, str, str, str, str]] = {
    "requirements.txt": ("PyPI", "left-pad", "1.2.0", "1.3.0", "# pinned\nleft-pad[x]==1.2.0 ; python_version > '3'\n"),
    "go.mod": (
        "Go",
        "example.org/left/pad",
        "1.2.0",
        "1.3.0",
        "module example.com/m\n\nrequire (\n\texample.org/left/pad v1.2.0 // indirect\n)\n",
    ),
    "package.json": (
        "npm",
        "left-pad",
        "1.2.0",
        "1.3.0",
        '{\n  "name": "m",\n  "devDependencies": {"left-pad": "1.2.0"},\n  "dependencies": {}\n}\n',
    ),
    "pom.xml": (
        "Maven",
        "org.left:pad",
        "1.2.0",
        "1.3.0",
        (
            "<project>\n<groupId>a</groupId><artifactId>m</artifactId><version>1.2.0</version>\n"
            "<properties><pad.version>1.2.0</pad.version></properties>\n<dependencies><dependency>\n"
            "<groupId>org.left</groupId><artifactId>pad</artifactId><version>${pad.version}</version>\n"
            "</dependency></dependencies></project>\n"
        ),
    ),
    "Cargo.toml": (
        "crates.io",
        "left-pad",
        "1.2.0",
        "1.3.0",
        '[package]\nname = "m"\nversion = "1.2.0"\n\n[dependencies]\nleft-pad = { version = "=1.2.0" }\n',
    ),
    "Gemfile": (
        "RubyGems",
        "left-pad",
        "1.2.0",
        "1.3.0",
        "source 'https://packages.example.com'\ngem 'left-pad', '1.2.0'\n",
    ),
    "composer.json": (
        "Packagist",
        "left/pad",
        "1.2.0",
        "1.3.0",
        '{\n    "name": "a/m",\n    "version": "1.2.0",\n    "require": {"left/pad": "1.2.0"}\n}\n',
    ),
    "m.csproj": (
        "NuGet",
        "Left.Pad",
        "1.2.0",
        "1.3.0",
        (
            '<Project Sdk="Microsoft.NET.Sdk">\n  <ItemGroup>\n'
            '    <PackageReference Include="Left.Pad" Version="1.2.0" />\n  </ItemGroup>\n</Project>\n'
        ),
    ),
}
"""By the file's name: ecosystem, package, version in use, version that mends it, and the file."""


def advisory(
    ecosystem: str,
    name: str,
    fixed: str = "1.3.0",
    identifier: str = "GHSA-aaaa-bbbb-cccc",
    **more: Any,  # noqa: ANN401 - fields of OSV
) -> Json:
    """A vulnerability of every version below the one that mends it."""
    events = [{"introduced": "0"}, *([{"fixed": fixed}] if fixed else [])]
    return record(identifier, ecosystem, name, events, **more)


def database(folder: Path, *records: Json) -> str:
    """A database of these records."""
    files = [(f"{number}.json", json.dumps(each).encode()) for number, each in enumerate(records)]
    return str(build(files, folder / "known.db").path)


def put(folder: Path, files: dict[str, str | bytes]) -> Path:
    """The folder with these files."""
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def commit(folder: Path) -> None:
    """Everything in it as a commit of a new repository."""
    who = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
    for words in (("init", "-q"), ("add", "-A"), (*who, "commit", "-q", "-m", "x")):
        subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True)


def said(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    """What the command prints."""
    capsys.readouterr()
    assert main(words) == code
    return capsys.readouterr().out


def told(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> Json:
    """What the command prints in JSON."""
    made: Json = json.loads(said(capsys, *words, "-f", "json", code=code))
    return made


def vulnerable(report: Json) -> list[Json]:
    """Its findings about packages."""
    return [finding for finding in report["findings"] if finding["rule"] == "vulnerable-package"]
