"""Lock files and requirements of Python, written by the real tools, and the manifests that people write."""

import pytest
from tests.collect.packages.listed import given, lines, needed, of, told

from fourc.collect.packages.forms import forms_of
from fourc.model.package import Listing, Project

RUN = {"python-dateutil 2.8.2 direct", "six 1.17.0", "httplib2 0.19.0 direct", "pyparsing 2.4.7"}
EXTRA = {"toolz 0.12.0 direct"}
DEV = {
    "iniconfig 2.0.0 dev direct",
    "packaging 21.0 dev direct",
    "flake8-polyfill 1.0.2 dev direct",
    "flake8 7.5.0 dev",
    "mccabe 0.7.0 dev",
    "pycodestyle 2.15.0 dev",
    "pyflakes 4.1.0 dev",
}
NEEDED = {
    "python-dateutil 2.8.2 > six 1.17.0",
    "httplib2 0.19.0 > pyparsing 2.4.7",
    "packaging 21.0 > pyparsing 2.4.7",
    "flake8-polyfill 1.0.2 > flake8 7.5.0",
    "flake8 7.5.0 > mccabe 0.7.0",
    "flake8 7.5.0 > pycodestyle 2.15.0",
    "flake8 7.5.0 > pyflakes 4.1.0",
}


def read(path: str) -> Listing:
    """The listing of a file as a checkout has it."""
    (form,) = forms_of(path)
    return form.read(given(path))


def said(path: str, text: str, **near: str) -> Listing:
    """The listing of a file that the test writes."""
    (form,) = forms_of(path, installed=True)
    return form.read(of(path, text, **near))


@pytest.mark.parametrize("path", ["poetry-1.8/poetry.lock", "poetry-2.1/poetry.lock", "uv/uv.lock"])
def test_lock_files_tell_groups_extras_and_who_needs_whom(path: str) -> None:
    listing = read(f"files/{path}")
    assert told(listing) == RUN | EXTRA | DEV
    assert needed(listing) == NEEDED
    assert listing.project == Project("PyPI", "shop", "1.0.0")


def test_old_poetry_tells_development_by_category() -> None:
    lock = """[[package]]
name = "Foo.Bar"
version = "1.0"
category = "main"
optional = false

[package.dependencies]
baz_qux = {version = ">=1", optional = true}

[[package]]
name = "baz-qux"
version = "2.0"
category = "dev"

[[package]]
name = "here"
version = "0.1"
category = "main"

[package.source]
type = "directory"
url = "here"

[metadata.files]
"foo.bar" = [
    {file = "x", hash = "y"},
]
"""
    listing = said("poetry.lock", lock)
    assert told(listing) == {"foo-bar 1.0", "baz-qux 2.0 dev"}
    assert needed(listing) == {"foo-bar 1.0 > baz-qux 2.0"}
    assert listing.direct is None


def test_pdm_tells_groups_and_reads_requirements() -> None:
    lock = """[metadata]
groups = ["default", "dev", "web"]

[[package]]
name = "requests"
version = "2.31.0"
requires_python = ">=3.7"
summary = "x"
groups = ["default", "web"]
dependencies = [
    "certifi>=2017.4.17",
    "win-inet-pton; (sys_platform == \\"win32\\")",
]
files = [
    {file = "x", hash = "y"},
]

[[package]]
name = "requests"
version = "2.31.0"
extras = ["socks"]
groups = ["web"]
dependencies = [
    "requests==2.31.0",
]

[[package]]
name = "certifi"
version = "2023.7.22"
groups = ["default", "dev"]

[[package]]
name = "pytest"
version = "7.0.0"
groups = ["dev"]

[[package]]
name = "me"
version = "0.0.0"
path = "./me"
groups = ["default"]
"""
    listing = said("pdm.lock", lock)
    assert told(listing) == {"requests 2.31.0", "certifi 2023.7.22", "pytest 7.0.0 dev"}
    assert "requests 2.31.0 > certifi 2023.7.22" in needed(listing)


def test_uv_dependencies_in_two_versions_are_told_apart() -> None:
    lock = """version = 1

[[package]]
name = "me"
source = { editable = "." }
dependencies = [
    { name = "numpy", version = "1.26.4", source = { registry = "https://packages.example.com/simple" }, marker = "x" },
]

[[package]]
name = "numpy"
version = "1.26.4"
source = { registry = "https://packages.example.com/simple" }

[[package]]
name = "numpy"
version = "2.0.0"
source = { registry = "https://packages.example.com/simple" }

[[package]]
name = "forked"
version = "0.1.0"
source = { git = "https://example.org/forked?rev=1#0123" }
"""
    assert told(said("uv.lock", lock)) == {"numpy 1.26.4 direct", "numpy 2.0.0", "forked 0.1.0"}


def test_pylock_reads_what_is_installed_and_the_groups_of_markers() -> None:
    assert {each.replace(" direct", "") for each in told(read("files/uv/pylock.toml"))} == {
        each.replace(" direct", "") for each in RUN
    }
    lock = """lock-version = "1.0"

[[packages]]
name = "a"
version = "1.0"
marker = "\\"dev\\" in dependency_groups"
[[packages]]
name = "b"
version = "1.0"
marker = "\\"default\\" in dependency_groups or \\"dev\\" in dependency_groups"
[[packages]]
name = "me"
version = "1.0"
[packages.directory]
path = "."
"""
    assert told(said("pylock.web.toml", lock)) == {"a 1.0 dev", "b 1.0"}


def test_pipenv_marks_develop_and_takes_what_both_need_for_running() -> None:
    listing = read("files/pipenv/Pipfile.lock")
    assert told(listing) == RUN | {"iniconfig 2.3.1 dev direct", "packaging 21.0 dev direct"}
    assert lines(listing)["packaging"] == 62


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-plain.txt"])
def test_requirements_of_pip_compile_say_who_asked(name: str) -> None:
    listing = read(f"files/pip-tools/{name}")
    assert told(listing) == RUN
    assert needed(listing) == {"python-dateutil 2.8.2 > six 1.17.0", "httplib2 0.19.0 > pyparsing 2.4.7"}


def test_requirements_of_uv_say_who_asked() -> None:
    listing = read("files/uv/requirements.txt")
    assert told(listing) == {each.replace(" dev", "") for each in RUN | DEV}
    assert needed(listing) == NEEDED


def test_requirements_are_exact_pins_only() -> None:
    text = """\ufeff# comment
Flask_Login[extra] == 0.6.2 ; python_version >= "3.8"  # why
a===1.0
b>=1.0
c==1.*
d~=1.0
e==1.0,!=1.1
-e git+https://example.org/f#egg=f
g @ https://example.org/g-1.0.zip
m @ git+https://example.org/m.git ; python_version > "3"
h==2.0 --hash=sha256:aa \\
    --hash=sha256:bb
i==3.0 \\
  ; python_version < "3"
(broken
j ==
k==v4.0
l==${VERSION}
"""
    listing = said("requirements.txt", text)
    assert told(listing) == {"flask-login 0.6.2", "a 1.0", "h 2.0", "i 3.0", "k 4.0"}
    assert lines(listing) == {"flask-login": 2, "a": 3, "h": 11, "i": 13, "k": 17}
    assert listing.direct is None
    assert listing.unresolved == ("b", "c", "d", "e", "g", "j", "l")


def test_requirements_follow_includes_and_constraints_once() -> None:
    listing = said(
        "web/requirements.txt",
        "-r base.in\n-c limits.txt\n--requirement other-requirements.txt\nfree\n",
        **{
            "base.in": "-r ../web/base.in\nbase==1.0\n",
            "limits.txt": "free==2.0\nunused==3.0\n",
            "other-requirements.txt": "read==9.0\n",
        },
    )
    assert told(listing) == {"base 1.0", "free 2.0"}
    assert {package.name: package.path for package in listing.packages} == {
        "base": "web/base.in",
        "free": "web/limits.txt",
    }


@pytest.mark.parametrize("path", ["requirements-dev.txt", "requirements/test.txt", "dev-requirements.txt"])
def test_requirements_that_are_called_so_are_for_development(path: str) -> None:
    assert told(said(path, "a==1.0\n")) == {"a 1.0 dev"}


def test_requirements_of_windows_are_utf_16() -> None:
    (form,) = forms_of("requirements.txt")
    assert told(form.read(of("requirements.txt", "a==1.0\r\nb==2.0\r\n".encode("utf-16")))) == {"a 1.0", "b 2.0"}


def test_manifests_pin_exact_versions() -> None:
    poetry = read("files/poetry-2.1/pyproject.toml")
    assert told(poetry) == {
        "python-dateutil 2.8.2 direct",
        "httplib2 0.19.0 direct",
        "toolz 0.12.0 direct",
        "iniconfig 2.0.0 dev direct",
        "packaging 21.0 dev direct",
        "flake8-polyfill 1.0.2 dev direct",
    }
    assert told(read("files/uv/pyproject.toml")) == told(poetry)
    assert lines(read("files/uv/pyproject.toml"))["toolz"] == 8
    assert told(read("files/pipenv/Pipfile")) == {
        "python-dateutil 2.8.2 direct",
        "httplib2 0.19.0 direct",
        "packaging 21.0 dev direct",
    }
    cfg = "[metadata]\nname = x\n[options]\ninstall_requires =\n  a==1.0\n  b>=2\n[options.extras_require]\ntest = c==3.0\n"
    assert told(said("setup.cfg", cfg)) == {"a 1.0 direct", "c 3.0 dev direct"}
    listed = "['a==1.0', other, 'b>1']"
    for setup in (f"setup(name='x', install_requires={listed})", f"NEEDED = {listed}\nsetup(install_requires=NEEDED)"):
        listing = said("setup.py", f"from setuptools import setup\n{setup}\n")
        assert (told(listing), listing.unresolved) == ({"a 1.0 direct"}, ("b",))
    assert told(said("setup.py", "print 'python 2'\n")) == set()


def test_an_installed_package_is_told_by_its_metadata() -> None:
    metadata = (
        "Metadata-Version: 2.1\nName: Foo_Bar\nVersion: 1.0\nLicense: UNKNOWN\n"
        "Classifier: License :: OSI Approved :: MIT License\n\nVersion: 9\n"
    )
    path = "usr/lib/python3/dist-packages/Foo_Bar-1.0.dist-info/METADATA"
    (package,) = said(path, metadata).packages
    assert (package.name, package.version, package.line) == ("foo-bar", "1.0", 3)
    assert (package.licences, package.path) == (("MIT License",), path)


def test_conda_environments_pin_packages_of_conda_and_of_pip() -> None:
    text = """name: web
channels: [defaults]
dependencies:
  - python=3.10
  - conda-forge::openssl=1.1.1q=h7f8727e_0
  - numpy>=1.2
  - scipy
  - "pandas[version='>=1.0']"
  - __glibc>=2.17
  - https://conda.example.com/linux-64/x-1.0-0.tar.bz2
  - pip:
    - Requests==2.31.0
    - flask
    - -r more.txt
    - forked @ git+https://example.org/forked
"""
    listing = said("environment.yml", text)
    assert {(each.ecosystem, each.name, each.version, each.line) for each in listing.packages} == {
        ("conda", "python", "3.10", 4),
        ("conda", "openssl", "1.1.1q", 5),
        ("PyPI", "requests", "2.31.0", 12),
    }
    assert listing.unresolved == ("numpy", "scipy", "pandas", "flask")


def test_conda_lock_is_one_list_for_all_platforms() -> None:
    text = """version: 1
package:
- name: python
  version: '3.10.2'
  manager: conda
  platform: linux-64
  dependencies: {openssl: '>=1.1'}
  category: main
- name: openssl
  version: 1.1.1q
  manager: conda
  platform: linux-64
  dependencies: {}
  category: main
- name: openssl
  version: 1.1.1q
  manager: conda
  platform: osx-64
  dependencies: {}
  category: main
- name: Py_Test
  version: 7.0.0
  manager: pip
  platform: linux-64
  dependencies: {}
  category: dev
"""
    listing = said("conda-lock.yml", text)
    assert told(listing) == {"python 3.10.2", "openssl 1.1.1q", "py-test 7.0.0 dev"}
    assert needed(listing) == {"python 3.10.2 > openssl 1.1.1q"}
    assert lines(listing) == {"python": 3, "openssl": 9, "py-test": 21}


def test_conda_meta_is_one_installed_package() -> None:
    path = "opt/conda/conda-meta/openssl-1.1.1q-h7f8727e_0.json"
    (package,) = said(path, '{"name": "openssl",\n"version": "1.1.1q", "license": "OpenSSL"}').packages
    assert (package.ecosystem, package.name, package.version) == ("conda", "openssl", "1.1.1q")
    assert (package.line, package.licences) == (2, ("OpenSSL",))
