"""Of what Python's manifests ask for nobody knows the version, and what of it is the project's own."""

import pytest
from tests.collect.packages.listed import of, told

from fourc.collect.packages.forms import forms_of
from fourc.model.package import Listing


def said(path: str, text: str, **near: str) -> Listing:
    """The listing of a file that the test writes."""
    (form,) = forms_of(path)
    return form.read(of(path, text, **near))


def test_poetry_leaves_open_neither_python_nor_what_lies_in_a_folder_or_repository() -> None:
    text = """[project]
name = "shop"
dependencies = ["own", "forked @ git+https://example.org/forked", "near @ file:///src/near", "jinja2>=2"]

[project.optional-dependencies]
all = ["shop[web]", "rich"]

[tool.poetry.dependencies]
python = "^3.11"
own = {path = "../own", develop = true}
repository = {git = "https://example.org/repository.git"}
archive = {path = "archive-1.0.whl"}
pendulum = "^2.0"
either = [{path = "../either", platform = "linux"}, {version = "^1.0", platform = "darwin"}]
exact = "1.0.0"
"""
    listing = said("pyproject.toml", text)
    assert told(listing) == {"exact 1.0.0 direct"}
    assert listing.unresolved == ("jinja2", "rich", "archive", "pendulum", "either")


def test_uv_leaves_open_what_its_sources_do_not_take_from_elsewhere() -> None:
    text = """[project]
name = "web"
dependencies = ["Core_Lib", "here", "mine", "forked", "shared", "torch>=2", "both"]

[tool.uv.sources]
core-lib = {workspace = true}
here = {path = "here", editable = true}
forked = [{git = "https://example.org/a", marker = "sys_platform == 'linux'"}, {path = "b"}]
torch = {index = "gpu"}
mine = {index = "own"}
both = [{path = "both", marker = "sys_platform == 'linux'"}, {index = "gpu"}]
"""
    assert said("web/pyproject.toml", text).unresolved == ("mine", "shared", "torch", "both")
    sources = "[tool.uv.sources]\nshared = {workspace = true}\nmine = {workspace = true}\n"
    assert said("web/pyproject.toml", text, **{"../pyproject.toml": sources}).unresolved == (
        "mine",
        "shared",
        "torch",
        "both",
    )
    workspace = {"../pyproject.toml": f"[tool.uv.workspace]\nmembers = ['*']\n{sources}"}
    assert said("web/pyproject.toml", text, **workspace).unresolved == ("mine", "torch", "both")


def test_pipenv_leaves_open_what_is_a_release_of_others() -> None:
    text = """[packages]
requests = "*"
flask = "==2.0.0"
django = {version = ">=3"}
me = {path = ".", editable = true}
forked = {git = "https://example.org/forked.git", ref = "main"}
wheel-of = {file = "https://example.org/wheel_of-1.0-py3-none-any.whl"}

[requires]
python_version = "3.11"
"""
    listing = said("Pipfile", text)
    assert (told(listing), listing.unresolved) == ({"flask 2.0.0 direct"}, ("requests", "django", "wheel-of"))


@pytest.mark.parametrize("name", ["me", "Me"])
def test_extras_that_name_the_project_itself_are_not_left_open(name: str) -> None:
    text = f"[metadata]\nname = {name}\n[options.extras_require]\nall =\n  me[web]\n  flask>=2\n"
    assert said("setup.cfg", text).unresolved == ("flask",)
