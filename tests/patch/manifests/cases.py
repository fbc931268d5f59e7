"""A file before and after one version changed, for every form; the tests of several files use them."""

from typing import NamedTuple

MARK = "§"
"""Stands where the version is that changes."""


class Case(NamedTuple):
    """`name` goes from `old` to `new` in a file of the form; `was` and `becomes` are what stands at the marks."""

    form: str
    name: str
    old: str
    new: str
    text: str
    was: str = ""
    becomes: str = ""

    @property
    def before(self) -> str:
        """The file with the old version."""
        return self.text.replace(MARK, self.was or self.old.removeprefix("v"))

    @property
    def after(self) -> str:
        """The file with the new version."""
        return self.text.replace(MARK, self.becomes or self.new.removeprefix("v"))


CASES: dict[str, Case] = {
    "requirements: comments, extras, markers, line ends and other packages stay": Case(
        "requirements",
        "django",
        "3.0",
        "3.0.14",
        "\ufeff# Django==3.0\r\n"
        "-r base.txt\r\n"
        "Django[bcrypt] == § ; python_version > '3.7'  # Django==3.0\r\n"
        "django-x==3.0\r\n",
    ),
    "requirements: names are one by PEP 503, a line may go on": Case(
        "requirements",
        "ruamel-yaml",
        "0.15",
        "0.17",
        "Ruamel.YAML==§ \\\n  ; python_version < '3'\nruamel_yaml===§",
    ),
    "pyproject: PEP 621, extras, groups, build requirements and Poetry's tables": Case(
        "pyproject",
        "foo",
        "1.0",
        "1.1",
        "[build-system]\n"
        'requires = ["foo==§"]\n'
        "[project]\n"
        'name = "foo"\n'
        'version = "1.0"\n'
        "dependencies = [\n"
        '\t"Foo==§", # foo==1.0\n'
        "  'foo[x]==§; python_version<\"3\"',\n"
        "]\n"
        "[project.optional-dependencies]\n"
        "a = ['foo==§']\n"
        "[dependency-groups]\n"
        'b = ["foo==§"]\n'
        "[tool.poetry.group.dev.dependencies]\n"
        'foo = { version = "^§", extras = ["a"] }\n'
        "[tool.poetry.dependencies]\n"
        'foo = "§"\n',
    ),
    "Pipfile: strings and tables": Case(
        "pipfile",
        "foo",
        "1.0",
        "1.1",
        "[[source]]\n"
        'name = "foo"\n'
        "[packages]\n"
        'foo = "==§"\n'
        'bar = "==1.0"\n'
        "[dev-packages]\n"
        'Foo = {version = "==§", extras = ["x"]}\n',
    ),
    "setup.cfg: only the keys that require something": Case(
        "setup-cfg",
        "foo",
        "1.0",
        "1.1",
        "[metadata]\n"
        "description = foo==1.0\n"
        "[options]\n"
        "install_requires =\n"
        "    foo==§\n"
        "    # foo==1.0\n"
        "    bar\n"
        "[options.extras_require]\n"
        "x = foo==§\n",
    ),
    "setup.py: texts, no comments and no docstrings": Case(
        "setup-py",
        "foo",
        "1.0",
        "1.1",
        "'''foo==1.0 \"'''\n# 'foo==1.0'\nsetup(install_requires=['foo==§', \"foo[x]==§\", 'bar==1.0'])\n",
    ),
    "go.mod: lines and blocks, the comment stays": Case(
        "go-mod",
        "a.b/c",
        "v1.2.3",
        "v1.2.4",
        "module a.b/c // v1.2.3\n"
        "go 1.21\n"
        "require (\n"
        "\ta.b/c v§ // indirect\n"
        "\ta.b/c/v2 v2.0.0\n"
        ")\n"
        "exclude a.b/c v1.2.3\n"
        "require a.b/c v§\n",
    ),
    "go.mod: a toolchain that is named is the one that counts": Case(
        "go-mod",
        "stdlib",
        "1.22.1",
        "1.22.9",
        "module x\ngo 1.22.1\ntoolchain go§\n",
    ),
    "go.mod: without a toolchain the go line counts": Case(
        "go-mod",
        "stdlib",
        "1.22.1",
        "1.22.9",
        "module x\r\ngo §\r\n",
    ),
    "go.work: the toolchain": Case(
        "go-work", "stdlib", "1.22.1", "1.22.9", "go 1.22.1\ntoolchain go§\nuse (\n\t./a\n)\n"
    ),
    "package.json: operators and aliases stay, its own version too": Case(
        "package-json",
        "a",
        "1.2.3",
        "1.2.4",
        '{"name": "a", "version": "1.2.3",\r\n'
        '\t"dependencies": {"a": "^§", "b": "npm:a@§"}, "x": [{"dependencies": {"a": "1.2.3"}}],\n'
        '"devDependencies": {"a": "~§", "aa": "1.2.3"}}',
    ),
    "composer.json: a v stays, and a slash may be escaped": Case(
        "composer-json",
        "a/b",
        "1.2.3",
        "1.2.4",
        '{"require": {"A\\/b": "v§"}, "require-dev": {"a/b": "^§"}, "conflict": {"a/b": "1.2.3"}}',
    ),
    "pom.xml: literal versions, managed ones, plug-ins and the parent": Case(
        "maven-pom",
        "g:a",
        "1.0",
        "2.0",
        "<?xml version='1.0'?>\n"
        "<project><parent><groupId>g</groupId><artifactId>a</artifactId><version> § </version>"
        "</parent>\n"
        "<version>1.0</version><dependencyManagement><dependencies><dependency><groupId>g</groupId>"
        "<artifactId>a</artifactId><version>§</version></dependency><dependency><groupId>g</groupId>"
        "<artifactId>b</artifactId><version>1.0</version></dependency></dependencies>"
        "</dependencyManagement><!-- <version>1.0</version> --></project>",
    ),
    "pom.xml: a property, and a property that names one": Case(
        "maven-pom",
        "org.x:a",
        "1.0",
        "2.0",
        "<m:project xmlns:m='x'><m:groupId>org.x</m:groupId><m:properties><v>${w}</v><w>§</w>"
        "<u>1.0</u></m:properties><m:dependencies><m:dependency><m:artifactId>a</m:artifactId>"
        "<m:groupId>${project.groupId}</m:groupId><m:version>${v}</m:version></m:dependency>"
        "</m:dependencies></m:project>",
    ),
    "pom.xml: a property by its own name, for poms that inherit it": Case(
        "maven-pom",
        "${v}",
        "1.0",
        "2.0",
        "<project><properties><v>§</v></properties></project>",
    ),
    "build.gradle: coordinates, names and variables, no comments": Case(
        "gradle-build",
        "g:a",
        "1.0",
        "2.0",
        "// 'g:a:1.0'\n"
        "/* 'g:a:1.0' */\n"
        "ext.v = '§'\n"
        "other = '1.0'\n"
        'implementation "g:a:$v"\n'
        "api('g:a:§:tests@jar')\n"
        "runtimeOnly group: 'g', name: 'a', version: '§'\n"
        "runtimeOnly group: 'g', name: 'b', version: '1.0'\n",
    ),
    "gradle.properties: the property": Case(
        "gradle-properties",
        "aVersion",
        "1.0",
        "2.0",
        "#aVersion=1.0\naVersion = §\nbVersion=1.0\n",
    ),
    "gradle.lockfile: the module": Case(
        "gradle-lock",
        "g:a",
        "1.0",
        "2.0",
        "# x\ng:a:§=compileClasspath\ng:a-b:1.0=x\n",
    ),
    "libs.versions.toml: references, rich versions and coordinates": Case(
        "gradle-catalog",
        "g:a",
        "1.0",
        "2.0",
        "[versions]\n"
        'x = "§"\n'
        'y = "1.0"\n'
        "[libraries]\n"
        'a = { module = "g:a", version.ref = "x" }\n'
        'b = "g:a:§"\n'
        'c = { group = "g", name = "a", version = { strictly = "§" } }\n'
        'd = { module = "g:d", version.ref = "y" }\n',
    ),
    "Cargo.toml: every table, inline or not, under another name too": Case(
        "cargo-toml",
        "foo",
        "1.0.0",
        "1.0.2",
        "[package]\n"
        'name = "foo"\n'
        'version = "1.0.0"\n'
        "[dependencies]\n"
        'foo = "=§" # 1.0.0\n'
        'bar = { version = "§", package = "foo" }\n'
        'baz = "1.0.0"\n'
        "[target.'cfg(unix)'.dependencies.foo]\n"
        'version = "^§"\n'
        'features = ["a"]\n'
        "[workspace.dependencies]\n"
        "foo = '~§'\n",
    ),
    "Gemfile: exact and pessimistic requirements": Case(
        "gemfile",
        "rack",
        "1.2.3",
        "1.2.4",
        "# gem 'rack', '1.2.3'\n"
        "gem 'rack', '~> §', require: false\n"
        '  gem("rack", "= §")\n'
        "gem 'rack-test', '1.2.3'\n",
    ),
    "Gemfile.lock: specs of every platform and the pin among the dependencies": Case(
        "gemfile-lock",
        "rack",
        "1.2.3",
        "1.2.4",
        "GEM\n"
        "  remote: https://packages.example.com/\n"
        "  specs:\n"
        "    rack (§)\n"
        "      base\n"
        "    rack (§-java)\n"
        "    sinatra (2.0)\n"
        "      rack (~> 1.2, >= 1.2.1)\n"
        "\n"
        "DEPENDENCIES\n"
        "  rack (= §)\n"
        "  sinatra\n"
        "\n"
        "BUNDLED WITH\n"
        "   1.2.3\n",
    ),
    "project files of .NET: attributes, elements and properties": Case(
        "nuget-project",
        "A.B",
        "1.0",
        "2.0",
        "<Project><PropertyGroup><V>§</V><Version>1.0</Version></PropertyGroup><ItemGroup>\r\n"
        '<PackageReference Include="a.b" Version="$(V)" /><PackageReference Update=\'A.B\'>'
        '<Version> [§] </Version></PackageReference><PackageReference Include="A.C" Version="1.0" />'
        "</ItemGroup></Project>",
    ),
    "Directory.Packages.props": Case(
        "nuget-central",
        "A",
        "1.0",
        "2.0",
        '<Project><ItemGroup><PackageVersion Version = "§" Include = "A"/></ItemGroup></Project>',
    ),
    "packages.config": Case(
        "nuget-config",
        "A",
        "1.0",
        "2.0",
        '<?xml version="1.0"?>\n<packages><package id="A" version="§" targetFramework="net45" /></packages>',
    ),
    "pubspec.yaml: plain, quoted and hosted ones": Case(
        "pubspec",
        "foo",
        "1.0.0",
        "1.2.0",
        "name: foo\n"
        "version: 1.0.0\n"
        "dependencies:\n"
        "  foo: ^§ # 1.0.0\n"
        "  bar: 1.0.0\n"
        "dev_dependencies:\n"
        "    foo:\n"
        "        hosted: x\n"
        "        version: '§'\n",
    ),
    "mix.exs": Case(
        "mix-exs",
        "plug",
        "1.0.1",
        "1.0.3",
        '[{:plug, "~> §", only: :test}, # {:plug, "1.0.1"}\n {:plug_x, "1.0.1"}, { :plug , "§" }]',
    ),
    "Package.swift": Case(
        "package-swift",
        "github.com/apple/swift-nio",
        "2.0.0",
        "2.0.1",
        '.package(url: "https://github.com/apple/swift-nio.git", from: "§"), '
        '.package(name: "x", url: "https://github.com/Apple/swift-nio", .upToNextMajor(from: "§")), '
        '.package(url: "https://github.com/a/b", exact: "2.0.0")',
    ),
    "Dockerfile: stages, platforms, arguments, no here-documents": Case(
        "dockerfile",
        "python",
        "3.9-slim",
        "3.12-slim",
        "# syntax=docker/dockerfile:1\n"
        "ARG V=§\n"
        "ARG W='§-slim'\n"
        "FROM --platform=$BUILDPLATFORM docker.io/library/python:${V}-slim AS python\n"
        "RUN <<E\n"
        "FROM python:3.9-slim\n"
        "E\n"
        "RUN echo \\\n"
        "FROM python:3.9-slim\n"
        "from python:$W\n"
        "ARG V=3.9\n"
        "FROM\tpython:${U:-§-slim}\n"
        "FROM mirror.example/python:3.9-slim\n",
        was="3.9",
        becomes="3.12",
    ),
    "Dockerfile: the whole image in an argument, from a mirror with a port": Case(
        "dockerfile",
        "m.example:5000/x/go",
        "1.21",
        "1.22",
        "ARG I=m.example:5000/x/go:§\nFROM $I\n",
    ),
    "workflows: tags of actions and of actions inside a repository": Case(
        "github-actions",
        "a/b",
        "1.2.3",
        "1.2.4",
        "on: push\njobs:\n  x:\n    steps:\n      - uses: a/b@v§\n      # - uses: a/b@v1.2.3\n"
        "      - name: 'uses: a/b@v1.2.3'\n        uses: \"A/b/sub@v§\" # x\n      - uses: a/bb@v1.2.3\n",
    ),
    "sbt: literal versions and values": Case(
        "sbt-build",
        "g:a_2.13",
        "1.0",
        "2.0",
        '// "g" %% "a" % "1.0"\nval v = "§"\nval w = "1.0"\nscalaVersion := "2.13.1"\n'
        'libraryDependencies += "g" %% "a" % V.v % Test\n"g" % "a" % "§"\n"g" %% "b" % "1.0"\n',
    ),
    "conanfile.txt": Case(
        "conan-file",
        "zlib",
        "1.2.11",
        "1.2.13",
        "[requires]\nzlib/§\n# zlib/1.2.11\nzlib-ng/1.2.11\nzlib/§@user/stable\n",
    ),
    "environment.yml: conda's and pip's": Case(
        "conda-environment",
        "foo",
        "1.0",
        "1.1",
        "name: foo\ndependencies:\n  - foo=§\n  - forge::foo==§ # 1.0\n  - foo-x=1.0\n  - pip:\n    - Foo==§\n",
    ),
}
