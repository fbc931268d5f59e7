"""A file before and after one version changed, for every form; the tests of several files use them."""

from typing import NamedTuple


class Case(NamedTuple):
    """`name` goes from `old` to `new` in a file of the form."""

    form: str
    name: str
    old: str
    new: str
    before: str
    after: str


CASES: dict[str, Case] = {
    "requirements: comments, extras, markers, line ends and other packages stay": Case(
        "requirements",
        "django",
        "3.0",
        "3.0.14",
        "\ufeff# Django==3.0\r\n-r base.txt\r\nDjango[bcrypt] == 3.0 ; python_version > '3.7'  # Django==3.0\r\ndjango-x==3.0\r\n",
        "\ufeff# Django==3.0\r\n-r base.txt\r\nDjango[bcrypt] == 3.0.14 ; python_version > '3.7'  # Django==3.0\r\ndjango-x==3.0\r\n",
    ),
    "requirements: names are one by PEP 503, a line may go on": Case(
        "requirements",
        "ruamel-yaml",
        "0.15",
        "0.17",
        "Ruamel.YAML==0.15 \\\n  ; python_version < '3'\nruamel_yaml===0.15",
        "Ruamel.YAML==0.17 \\\n  ; python_version < '3'\nruamel_yaml===0.17",
    ),
    "pyproject: PEP 621, extras, groups, build requirements and Poetry's tables": Case(
        "pyproject",
        "foo",
        "1.0",
        "1.1",
        '[build-system]\nrequires = ["foo==1.0"]\n[project]\nname = "foo"\nversion = "1.0"\ndependencies = [\n\t"Foo==1.0", # foo==1.0\n'
        "  'foo[x]==1.0; python_version<\"3\"',\n]\n[project.optional-dependencies]\na = ['foo==1.0']\n[dependency-groups]\nb = [\"foo==1.0\"]\n"
        '[tool.poetry.group.dev.dependencies]\nfoo = { version = "^1.0", extras = ["a"] }\n[tool.poetry.dependencies]\nfoo = "1.0"\n',
        '[build-system]\nrequires = ["foo==1.1"]\n[project]\nname = "foo"\nversion = "1.0"\ndependencies = [\n\t"Foo==1.1", # foo==1.0\n'
        "  'foo[x]==1.1; python_version<\"3\"',\n]\n[project.optional-dependencies]\na = ['foo==1.1']\n[dependency-groups]\nb = [\"foo==1.1\"]\n"
        '[tool.poetry.group.dev.dependencies]\nfoo = { version = "^1.1", extras = ["a"] }\n[tool.poetry.dependencies]\nfoo = "1.1"\n',
    ),
    "Pipfile: strings and tables": Case(
        "pipfile",
        "foo",
        "1.0",
        "1.1",
        '[[source]]\nname = "foo"\n[packages]\nfoo = "==1.0"\nbar = "==1.0"\n[dev-packages]\nFoo = {version = "==1.0", extras = ["x"]}\n',
        '[[source]]\nname = "foo"\n[packages]\nfoo = "==1.1"\nbar = "==1.0"\n[dev-packages]\nFoo = {version = "==1.1", extras = ["x"]}\n',
    ),
    "setup.cfg: only the keys that require something": Case(
        "setup-cfg",
        "foo",
        "1.0",
        "1.1",
        "[metadata]\ndescription = foo==1.0\n[options]\ninstall_requires =\n    foo==1.0\n    # foo==1.0\n    bar\n[options.extras_require]\nx = foo==1.0\n",
        "[metadata]\ndescription = foo==1.0\n[options]\ninstall_requires =\n    foo==1.1\n    # foo==1.0\n    bar\n[options.extras_require]\nx = foo==1.1\n",
    ),
    "setup.py: texts, no comments and no docstrings": Case(
        "setup-py",
        "foo",
        "1.0",
        "1.1",
        "'''foo==1.0 \"'''\n# 'foo==1.0'\nsetup(install_requires=['foo==1.0', \"foo[x]==1.0\", 'bar==1.0'])\n",
        "'''foo==1.0 \"'''\n# 'foo==1.0'\nsetup(install_requires=['foo==1.1', \"foo[x]==1.1\", 'bar==1.0'])\n",
    ),
    "go.mod: lines and blocks, the comment stays": Case(
        "go-mod",
        "a.b/c",
        "v1.2.3",
        "v1.2.4",
        "module a.b/c // v1.2.3\ngo 1.21\nrequire (\n\ta.b/c v1.2.3 // indirect\n\ta.b/c/v2 v2.0.0\n)\nexclude a.b/c v1.2.3\nrequire a.b/c v1.2.3\n",
        "module a.b/c // v1.2.3\ngo 1.21\nrequire (\n\ta.b/c v1.2.4 // indirect\n\ta.b/c/v2 v2.0.0\n)\nexclude a.b/c v1.2.3\nrequire a.b/c v1.2.4\n",
    ),
    "go.mod: a toolchain that is named is the one that counts": Case(
        "go-mod",
        "stdlib",
        "1.22.1",
        "1.22.9",
        "module x\ngo 1.22.1\ntoolchain go1.22.1\n",
        "module x\ngo 1.22.1\ntoolchain go1.22.9\n",
    ),
    "go.mod: without a toolchain the go line counts": Case(
        "go-mod", "stdlib", "1.22.1", "1.22.9", "module x\r\ngo 1.22.1\r\n", "module x\r\ngo 1.22.9\r\n"
    ),
    "package.json: operators and aliases stay, its own version too": Case(
        "package-json",
        "a",
        "1.2.3",
        "1.2.4",
        '{"name": "a", "version": "1.2.3",\r\n\t"dependencies": {"a": "^1.2.3", "b": "npm:a@1.2.3"}, "x": [{"dependencies": {"a": "1.2.3"}}],\n'
        '"devDependencies": {"a": "~1.2.3", "aa": "1.2.3"}}',
        '{"name": "a", "version": "1.2.3",\r\n\t"dependencies": {"a": "^1.2.4", "b": "npm:a@1.2.4"}, "x": [{"dependencies": {"a": "1.2.3"}}],\n'
        '"devDependencies": {"a": "~1.2.4", "aa": "1.2.3"}}',
    ),
    "composer.json: a v stays, and a slash may be escaped": Case(
        "composer-json",
        "a/b",
        "1.2.3",
        "1.2.4",
        '{"require": {"A\\/b": "v1.2.3"}, "require-dev": {"a/b": "^1.2.3"}, "conflict": {"a/b": "1.2.3"}}',
        '{"require": {"A\\/b": "v1.2.4"}, "require-dev": {"a/b": "^1.2.4"}, "conflict": {"a/b": "1.2.3"}}',
    ),
    "pom.xml: literal versions, managed ones, plug-ins and the parent": Case(
        "maven-pom",
        "g:a",
        "1.0",
        "2.0",
        "<?xml version='1.0'?>\n<project><parent><groupId>g</groupId><artifactId>a</artifactId><version> 1.0 </version></parent>\n"
        "<version>1.0</version><dependencyManagement><dependencies><dependency><groupId>g</groupId><artifactId>a</artifactId>"
        "<version>1.0</version></dependency><dependency><groupId>g</groupId><artifactId>b</artifactId><version>1.0</version></dependency>"
        "</dependencies></dependencyManagement><!-- <version>1.0</version> --></project>",
        "<?xml version='1.0'?>\n<project><parent><groupId>g</groupId><artifactId>a</artifactId><version> 2.0 </version></parent>\n"
        "<version>1.0</version><dependencyManagement><dependencies><dependency><groupId>g</groupId><artifactId>a</artifactId>"
        "<version>2.0</version></dependency><dependency><groupId>g</groupId><artifactId>b</artifactId><version>1.0</version></dependency>"
        "</dependencies></dependencyManagement><!-- <version>1.0</version> --></project>",
    ),
    "pom.xml: a property, and a property that names one": Case(
        "maven-pom",
        "org.x:a",
        "1.0",
        "2.0",
        "<m:project xmlns:m='x'><m:groupId>org.x</m:groupId><m:properties><v>${w}</v><w>1.0</w><u>1.0</u></m:properties><m:dependencies>"
        "<m:dependency><m:artifactId>a</m:artifactId><m:groupId>${project.groupId}</m:groupId><m:version>${v}</m:version></m:dependency>"
        "</m:dependencies></m:project>",
        "<m:project xmlns:m='x'><m:groupId>org.x</m:groupId><m:properties><v>${w}</v><w>2.0</w><u>1.0</u></m:properties><m:dependencies>"
        "<m:dependency><m:artifactId>a</m:artifactId><m:groupId>${project.groupId}</m:groupId><m:version>${v}</m:version></m:dependency>"
        "</m:dependencies></m:project>",
    ),
    "pom.xml: a property by its own name, for poms that inherit it": Case(
        "maven-pom",
        "${v}",
        "1.0",
        "2.0",
        "<project><properties><v>1.0</v></properties></project>",
        "<project><properties><v>2.0</v></properties></project>",
    ),
    "build.gradle: coordinates, names and variables, no comments": Case(
        "gradle-build",
        "g:a",
        "1.0",
        "2.0",
        "// 'g:a:1.0'\n/* 'g:a:1.0' */\next.v = '1.0'\nother = '1.0'\nimplementation \"g:a:$v\"\napi('g:a:1.0:tests@jar')\n"
        "runtimeOnly group: 'g', name: 'a', version: '1.0'\nruntimeOnly group: 'g', name: 'b', version: '1.0'\n",
        "// 'g:a:1.0'\n/* 'g:a:1.0' */\next.v = '2.0'\nother = '1.0'\nimplementation \"g:a:$v\"\napi('g:a:2.0:tests@jar')\n"
        "runtimeOnly group: 'g', name: 'a', version: '2.0'\nruntimeOnly group: 'g', name: 'b', version: '1.0'\n",
    ),
    "gradle.properties: the property": Case(
        "gradle-properties",
        "aVersion",
        "1.0",
        "2.0",
        "#aVersion=1.0\naVersion = 1.0\nbVersion=1.0\n",
        "#aVersion=1.0\naVersion = 2.0\nbVersion=1.0\n",
    ),
    "gradle.lockfile: the module": Case(
        "gradle-lock",
        "g:a",
        "1.0",
        "2.0",
        "# x\ng:a:1.0=compileClasspath\ng:a-b:1.0=x\n",
        "# x\ng:a:2.0=compileClasspath\ng:a-b:1.0=x\n",
    ),
    "libs.versions.toml: references, rich versions and coordinates": Case(
        "gradle-catalog",
        "g:a",
        "1.0",
        "2.0",
        '[versions]\nx = "1.0"\ny = "1.0"\n[libraries]\na = { module = "g:a", version.ref = "x" }\nb = "g:a:1.0"\n'
        'c = { group = "g", name = "a", version = { strictly = "1.0" } }\nd = { module = "g:d", version.ref = "y" }\n',
        '[versions]\nx = "2.0"\ny = "1.0"\n[libraries]\na = { module = "g:a", version.ref = "x" }\nb = "g:a:2.0"\n'
        'c = { group = "g", name = "a", version = { strictly = "2.0" } }\nd = { module = "g:d", version.ref = "y" }\n',
    ),
    "Cargo.toml: every table, inline or not, under another name too": Case(
        "cargo-toml",
        "foo",
        "1.0.0",
        "1.0.2",
        '[package]\nname = "foo"\nversion = "1.0.0"\n[dependencies]\nfoo = "=1.0.0" # 1.0.0\nbar = { version = "1.0.0", package = "foo" }\nbaz = "1.0.0"\n'
        "[target.'cfg(unix)'.dependencies.foo]\nversion = \"^1.0.0\"\nfeatures = [\"a\"]\n[workspace.dependencies]\nfoo = '~1.0.0'\n",
        '[package]\nname = "foo"\nversion = "1.0.0"\n[dependencies]\nfoo = "=1.0.2" # 1.0.0\nbar = { version = "1.0.2", package = "foo" }\nbaz = "1.0.0"\n'
        "[target.'cfg(unix)'.dependencies.foo]\nversion = \"^1.0.2\"\nfeatures = [\"a\"]\n[workspace.dependencies]\nfoo = '~1.0.2'\n",
    ),
    "Gemfile: exact and pessimistic requirements": Case(
        "gemfile",
        "rack",
        "1.2.3",
        "1.2.4",
        "# gem 'rack', '1.2.3'\ngem 'rack', '~> 1.2.3', require: false\n  gem(\"rack\", \"= 1.2.3\")\ngem 'rack-test', '1.2.3'\n",
        "# gem 'rack', '1.2.3'\ngem 'rack', '~> 1.2.4', require: false\n  gem(\"rack\", \"= 1.2.4\")\ngem 'rack-test', '1.2.3'\n",
    ),
    "Gemfile.lock: specs of every platform and the pin among the dependencies": Case(
        "gemfile-lock",
        "rack",
        "1.2.3",
        "1.2.4",
        "GEM\n  remote: https://rubygems.org/\n  specs:\n    rack (1.2.3)\n      base\n    rack (1.2.3-java)\n    sinatra (2.0)\n      rack (~> 1.2, >= 1.2.1)\n\n"
        "DEPENDENCIES\n  rack (= 1.2.3)\n  sinatra\n\nBUNDLED WITH\n   1.2.3\n",
        "GEM\n  remote: https://rubygems.org/\n  specs:\n    rack (1.2.4)\n      base\n    rack (1.2.4-java)\n    sinatra (2.0)\n      rack (~> 1.2, >= 1.2.1)\n\n"
        "DEPENDENCIES\n  rack (= 1.2.4)\n  sinatra\n\nBUNDLED WITH\n   1.2.3\n",
    ),
    "project files of .NET: attributes, elements and properties": Case(
        "nuget-project",
        "A.B",
        "1.0",
        "2.0",
        '<Project><PropertyGroup><V>1.0</V><Version>1.0</Version></PropertyGroup><ItemGroup>\r\n<PackageReference Include="a.b" Version="$(V)" />'
        '<PackageReference Update=\'A.B\'><Version> [1.0] </Version></PackageReference><PackageReference Include="A.C" Version="1.0" /></ItemGroup></Project>',
        '<Project><PropertyGroup><V>2.0</V><Version>1.0</Version></PropertyGroup><ItemGroup>\r\n<PackageReference Include="a.b" Version="$(V)" />'
        '<PackageReference Update=\'A.B\'><Version> [2.0] </Version></PackageReference><PackageReference Include="A.C" Version="1.0" /></ItemGroup></Project>',
    ),
    "Directory.Packages.props": Case(
        "nuget-central",
        "A",
        "1.0",
        "2.0",
        '<Project><ItemGroup><PackageVersion Version = "1.0" Include = "A"/></ItemGroup></Project>',
        '<Project><ItemGroup><PackageVersion Version = "2.0" Include = "A"/></ItemGroup></Project>',
    ),
    "packages.config": Case(
        "nuget-config",
        "A",
        "1.0",
        "2.0",
        '<?xml version="1.0"?>\n<packages><package id="A" version="1.0" targetFramework="net45" /></packages>',
        '<?xml version="1.0"?>\n<packages><package id="A" version="2.0" targetFramework="net45" /></packages>',
    ),
    "pubspec.yaml: plain, quoted and hosted ones": Case(
        "pubspec",
        "foo",
        "1.0.0",
        "1.2.0",
        "name: foo\nversion: 1.0.0\ndependencies:\n  foo: ^1.0.0 # 1.0.0\n  bar: 1.0.0\ndev_dependencies:\n    foo:\n        hosted: x\n        version: '1.0.0'\n",
        "name: foo\nversion: 1.0.0\ndependencies:\n  foo: ^1.2.0 # 1.0.0\n  bar: 1.0.0\ndev_dependencies:\n    foo:\n        hosted: x\n        version: '1.2.0'\n",
    ),
    "mix.exs": Case(
        "mix-exs",
        "plug",
        "1.0.1",
        "1.0.3",
        '[{:plug, "~> 1.0.1", only: :test}, # {:plug, "1.0.1"}\n {:plug_x, "1.0.1"}, { :plug , "1.0.1" }]',
        '[{:plug, "~> 1.0.3", only: :test}, # {:plug, "1.0.1"}\n {:plug_x, "1.0.1"}, { :plug , "1.0.3" }]',
    ),
    "Package.swift": Case(
        "package-swift",
        "github.com/apple/swift-nio",
        "2.0.0",
        "2.0.1",
        '.package(url: "https://github.com/apple/swift-nio.git", from: "2.0.0"), .package(name: "x", url: "https://github.com/Apple/swift-nio", '
        '.upToNextMajor(from: "2.0.0")), .package(url: "https://github.com/a/b", exact: "2.0.0")',
        '.package(url: "https://github.com/apple/swift-nio.git", from: "2.0.1"), .package(name: "x", url: "https://github.com/Apple/swift-nio", '
        '.upToNextMajor(from: "2.0.1")), .package(url: "https://github.com/a/b", exact: "2.0.0")',
    ),
    "Dockerfile: stages, platforms, arguments, no here-documents": Case(
        "dockerfile",
        "python",
        "3.9-slim",
        "3.12-slim",
        "# syntax=docker/dockerfile:1\nARG V=3.9\nARG W='3.9-slim'\nFROM --platform=$BUILDPLATFORM docker.io/library/python:${V}-slim AS python\nRUN <<E\nFROM python:3.9-slim\nE\n"
        "RUN echo \\\nFROM python:3.9-slim\nfrom python:$W\nARG V=3.9\nFROM\tpython:${U:-3.9-slim}\nFROM mirror.example/python:3.9-slim\n",
        "# syntax=docker/dockerfile:1\nARG V=3.12\nARG W='3.12-slim'\nFROM --platform=$BUILDPLATFORM docker.io/library/python:${V}-slim AS python\nRUN <<E\nFROM python:3.9-slim\nE\n"
        "RUN echo \\\nFROM python:3.9-slim\nfrom python:$W\nARG V=3.9\nFROM\tpython:${U:-3.12-slim}\nFROM mirror.example/python:3.9-slim\n",
    ),
    "Dockerfile: the whole image in an argument, from a mirror with a port": Case(
        "dockerfile",
        "m.example:5000/x/go",
        "1.21",
        "1.22",
        "ARG I=m.example:5000/x/go:1.21\nFROM $I\n",
        "ARG I=m.example:5000/x/go:1.22\nFROM $I\n",
    ),
}
