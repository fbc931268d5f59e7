"""Manifests as people lay them out, by chance: comments, white space, line ends, quotes, markers, order."""

from collections.abc import Callable, Mapping
from random import Random

Files = dict[str, str]
Layout = Callable[[Random, Mapping[str, str]], Files]


def _end(draw: Random) -> str:
    return draw.choice(("\n", "\r\n"))


def _space(draw: Random) -> str:
    return draw.choice(("", "", " ", "\t", "  "))


def _lines(draw: Random, lines: list[str], comment: str) -> str:
    """The lines with comments and empty lines between them, some of which look like a requirement."""
    end = _end(draw)
    text = ""
    for line in lines:
        if draw.random() < 0.3:
            text += draw.choice(("", comment + " " + line.strip(), comment + "x")) + end
        text += line + end
    return text if draw.random() < 0.7 else text.removesuffix(end)


def requirements(draw: Random, packages: Mapping[str, str]) -> Files:
    lines = []
    for name, version in packages.items():
        written = draw.choice((name, name.upper(), name.replace("-", "_")))
        extras = draw.choice(("", "[x]", "[x,y]"))
        marker = draw.choice(("", "", ' ; python_version < "3.13"', "  # why"))
        lines.append(f"{written}{extras}{_space(draw)}=={_space(draw)}{version}{marker}")
    draw.shuffle(lines)
    return {"requirements.txt": draw.choice(("", "\ufeff")) + _lines(draw, [*lines, "unpinned>=1.0"], "#")}


def pyproject(draw: Random, packages: Mapping[str, str]) -> Files:
    items = [
        f"{draw.choice(('    ', chr(9), ''))}{quote}{name}{draw.choice(('', '[x]'))}=={version}{quote},"
        for name, version in packages.items()
        for quote in (draw.choice("'\""),)
    ]
    body = _lines(draw, ["[project]", 'name = "p"', 'version = "1.2.3"', "dependencies = [", *items, "]"], "#")
    return {"pyproject.toml": body}


def go_mod(draw: Random, packages: Mapping[str, str]) -> Files:
    single: list[str] = []
    block: list[str] = []
    for name, version in packages.items():
        after = draw.choice(("", " // indirect", "\t//indirect"))
        if draw.random() < 0.3:
            single.append(f"require {name} v{version}{after}")
        else:
            block.append(f"{draw.choice((chr(9), '  ', ''))}{name}{draw.choice((' ', '  '))}v{version}{after}")
    lines = ["module example.org/x", "", "go 1.21", *single, "require (", *block, ")", "replace example.org/o => ../o"]
    return {"go.mod": _lines(draw, lines, "//")}


def package_json(draw: Random, packages: Mapping[str, str]) -> Files:
    end = draw.choice(("\n", "\r\n", ""))
    gap = draw.choice(("", "  ", "\t")) if end else ""
    tables: dict[str, list[str]] = {}
    for name, version in packages.items():
        table = draw.choice(("dependencies", "devDependencies", "optionalDependencies"))
        asked = f"npm:{name}@{version}" if draw.random() < 0.1 else version
        key = f"{name}-alias" if asked != version else name
        tables.setdefault(table, []).append(f'"{key}"{_space(draw)}:{_space(draw)}"{asked}"')
    parts = [f'"{table}": {{{end}{f",{end}{gap}".join(items)}{end}}}' for table, items in tables.items()]
    parts += ['"name": "p"', '"version": "1.2.3"', '"scripts": {"a": "\\"1.2.3\\" {"}', '"files": ["a", {"b": "1"}]']
    draw.shuffle(parts)
    return {"package.json": "{" + end + f",{end}{gap}".join(parts) + end + "}"}


def composer_json(draw: Random, packages: Mapping[str, str]) -> Files:
    end = _end(draw)
    items = [
        f'"{draw.choice((name, name.replace("/", chr(92) + "/")))}"{_space(draw)}:'
        f'{_space(draw)}"{draw.choice(("", "v"))}{version}"'
        for name, version in packages.items()
    ]
    cut = draw.randint(0, len(items))
    run, dev = items[:cut], items[cut:]
    return {
        "composer.json": f'{{"name": "p/p", "require": {{{end}'
        f'"php": ">=8.1"{"".join("," + end + item for item in run)}{end}}},{end}'
        f'"require-dev": {{{("," + end).join(dev)}}}}}{end}'
    }


def pom(draw: Random, packages: Mapping[str, str]) -> Files:
    end, gap = _end(draw), draw.choice(("", " ", "\t"))
    properties: list[str] = []
    managed: list[str] = []
    items: list[str] = []
    for number, (name, version) in enumerate(packages.items()):
        group, _, artifact = name.partition(":")
        written = version
        if draw.random() < 0.4:
            properties.append(f"<p{number}.version>{version}</p{number}.version>")
            written = f"${{p{number}.version}}"
        ids = [f"<groupId>{group}</groupId>", f"<artifactId>{gap}{artifact}{gap}</artifactId>"]
        draw.shuffle(ids)
        with_version = f"<version>{gap}{written}{gap}</version>"
        comment = draw.choice(("", f"<!-- <version>{version}</version> -->"))
        if draw.random() < 0.3:
            managed.append(f"<dependency>{end}{end.join([*ids, with_version])}{comment}</dependency>")
            items.append(f"<dependency>{''.join(ids)}</dependency>")
        else:
            items.append(f"<dependency>{end}{end.join([*ids, with_version])}{comment}</dependency>")
    return {
        "pom.xml": f'<?xml version="1.0"?>{end}<project xmlns="http://maven.apache.org/POM/4.0.0">'
        f"<groupId>p</groupId><artifactId>p</artifactId>"
        f"<version>1.2.3</version><properties><java.version>17</java.version>{end.join(properties)}</properties>{end}"
        f"<dependencyManagement><dependencies>{end.join(managed)}</dependencies></dependencyManagement>{end}"
        f"<dependencies>{end.join(items)}</dependencies></project>{end}"
    }


def pom_with_parent(draw: Random, packages: Mapping[str, str]) -> Files:
    """A module whose versions its parent, a folder above, holds."""
    names = list(packages)
    cut = draw.randint(1, len(names))
    inherited, own = names[:cut], names[cut:]
    properties = "".join(f"<p{n}>{packages[name]}</p{n}>" for n, name in enumerate(inherited) if n % 2)
    managed = ""
    items = ""
    for number, name in enumerate(inherited):
        group, _, artifact = name.partition(":")
        ids = f"<groupId>{group}</groupId><artifactId>{artifact}</artifactId>"
        if number % 2:
            items += f"<dependency>{ids}<version>${{p{number}}}</version></dependency>"
        else:
            managed += f"<dependency>{ids}<version>{packages[name]}</version></dependency>"
            items += f"<dependency>{ids}</dependency>"
    for name in own:
        group, _, artifact = name.partition(":")
        ids = f"<groupId>{group}</groupId><artifactId>{artifact}</artifactId>"
        items += f"<dependency>{ids}<version>{packages[name]}</version></dependency>"
    return {
        "module/pom.xml": f"<project><parent><groupId>p</groupId><artifactId>parent</artifactId><version>1.2.3</version></parent>"
        f"<artifactId>module</artifactId><dependencies>{items}</dependencies></project>",
        "pom.xml": f"<project><groupId>p</groupId><artifactId>parent</artifactId><version>1.2.3</version>"
        f"<properties>{properties}</properties>"
        f"<dependencyManagement><dependencies>{managed}</dependencies></dependencyManagement></project>",
    }


def csproj(draw: Random, packages: Mapping[str, str]) -> Files:
    end = _end(draw)
    properties, items = "", ""
    for number, (name, version) in enumerate(packages.items()):
        written = draw.choice((version, f"[{version}]"))
        if draw.random() < 0.3:
            properties += f"<V{number}>{version}</V{number}>{end}"
            written = f"$(V{number})"
        items += draw.choice(
            (
                f'<PackageReference Include="{name}" Version="{written}" />{end}',
                f"<PackageReference Version='{written}' Include='{name}'></PackageReference>{end}",
                f'<PackageReference Include="{name}">{end}<Version>{written}</Version></PackageReference>{end}',
                (
                    f'<!-- <PackageReference Include="{name}" Version="{version}" /> -->{end}'
                    f'<PackageReference{end}Include = "{name}" Version="{written}"/>'
                ),
            )
        )
    return {
        "p.csproj": f'<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup>{properties}</PropertyGroup>'
        f"<ItemGroup>{items}</ItemGroup></Project>"
    }


def csproj_central(draw: Random, packages: Mapping[str, str]) -> Files:
    """A project whose versions stand in a file above."""
    end = _end(draw)
    items = "".join(f'<PackageReference Include="{name}" />{end}' for name in packages)
    versions = "".join(
        f'<PackageVersion Include="{name}" Version="{version}" />{end}' for name, version in packages.items()
    )
    return {
        "src/p/p.csproj": f"<Project><ItemGroup>{items}</ItemGroup></Project>",
        "Directory.Packages.props": f"<Project><ItemGroup>{versions}</ItemGroup></Project>",
    }


def cargo_toml(draw: Random, packages: Mapping[str, str]) -> Files:
    lines = ["[package]", 'name = "p"', 'version = "1.2.3"', "", "[dependencies]"]
    late: list[str] = []
    for name, version in packages.items():
        quote = draw.choice("'\"")
        pin = f"{quote}={_space(draw).strip(chr(9))}{version}{quote}"
        kind = draw.randrange(4)
        if kind == 0:
            lines.append(f"{name}{_space(draw)}={_space(draw)}{pin} # {version}")
        elif kind == 1:
            lines.append(f"{name} = {{ version = {pin}, features = [ 'a' ] }}")
        elif kind == 2:
            lines.append(f'other-{name} = {{ package = "{name}", version = {pin} }}')
        else:
            late += [
                "",
                f"[{draw.choice(('dependencies', 'dev-dependencies', 'build-dependencies'))}.{name}]",
                f"version = {pin}",
            ]
    return {"Cargo.toml": _lines(draw, lines + late, "#")}


def gemfile(draw: Random, packages: Mapping[str, str]) -> Files:
    lines = ['source "https://packages.example.com"']
    for name, version in packages.items():
        quote = draw.choice("'\"")
        rest = draw.choice(("", ", require: false", " # why", ", group: :test"))
        lines.append(f"{_space(draw)}gem {quote}{name}{quote}, {quote}{draw.choice(('', '= '))}{version}{quote}{rest}")
    return {"Gemfile": _lines(draw, lines, "#")}


def gemfile_lock(draw: Random, packages: Mapping[str, str]) -> Files:
    """A Gemfile and its lock file; some gems are pinned in both, some come with others."""
    names = list(packages)
    specs: list[str] = []
    asked: list[str] = []
    gems = ['source "https://packages.example.com"']
    for number, name in enumerate(names):
        specs.append(f"    {name} ({packages[name]})")
        if number and draw.random() < 0.4:
            before = names[draw.randrange(number)]
            specs.append(f"      {before}" + draw.choice(("", " (>= 0)", " (!= 0.0.1)")))
        if draw.random() < 0.6:
            pinned = draw.random() < 0.5
            asked.append(f"  {name}" + (f" (= {packages[name]})" if pinned else ""))
            gems.append(f"gem '{name}'" + (f", '{packages[name]}'" if pinned else ""))
    end = _end(draw)
    lock = [
        "GEM",
        "  remote: https://packages.example.com/",
        "  specs:",
        *specs,
        "",
        "PLATFORMS",
        "  ruby",
        "",
        "DEPENDENCIES",
        *sorted(asked),
        "",
    ]
    return {"Gemfile.lock": end.join(lock), "Gemfile": end.join(gems)}


def gradle(draw: Random, packages: Mapping[str, str]) -> Files:
    lines = ["plugins { id 'java' }", "dependencies {"]
    for name, version in packages.items():
        group, _, artifact = name.partition(":")
        quote = draw.choice("'\"")
        lines.append(
            draw.choice(
                (
                    f"    implementation {quote}{name}:{version}{quote}",
                    f"\tapi({quote}{name}:{version}{quote}) // {version}",
                    (
                        f"  testImplementation group: {quote}{group}{quote}, "
                        f"name: {quote}{artifact}{quote}, version: {quote}{version}{quote}"
                    ),
                )
            )
        )
    return {"build.gradle": _lines(draw, [*lines, "}"], "//")}


def catalogue(draw: Random, packages: Mapping[str, str]) -> Files:
    versions, libraries = ["[versions]"], ["[libraries]"]
    for number, (name, version) in enumerate(packages.items()):
        group, _, artifact = name.partition(":")
        kind = draw.randrange(4)
        if kind == 0:
            libraries.append(f'l{number} = "{name}:{version}"')
        elif kind == 1:
            libraries.append(f"l{number} = {{ group = '{group}', name = '{artifact}', version = '{version}' }}")
        else:
            versions.append(f'v{number}{_space(draw)}={_space(draw)}"{version}"')
            libraries.append(f'l{number} = {{ module = "{name}", version.ref = "v{number}" }}')
    return {"gradle/libs.versions.toml": _lines(draw, versions + libraries, "#")}


def workflow(draw: Random, packages: Mapping[str, str]) -> Files:
    lines = ["on: push", "jobs:", "  x:", "    steps:"]
    lines += [
        f"      - {draw.choice(('', chr(39)))}uses: {name}@v{version}".replace("'uses", "uses")
        for name, version in packages.items()
    ]
    return {".github/workflows/x.yml": _lines(draw, lines, "      #")}
