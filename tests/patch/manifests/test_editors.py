"""Editors change versions and nothing else, or say why they do not."""

import random
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.patch.manifests.cases import CASES, Case

from fourc.patch.manifests import FORMS, VersionRefused, set_version
from fourc.patch.text import TextEdit, apply

REFUSED = {
    "requirements: hashes of the old files": (
        ("requirements", "foo==1.0 \\\n    --hash=sha256:00\n", "foo", "2", "1.0"),
        ("hashes", "pip-compile --generate-hashes --upgrade-package foo==2"),
    ),
    "requirements: the tool that wrote it is named in it": (
        ("requirements", "#    uv pip compile a.in -o r.txt\nfoo==1.0 --hash=sha256:00\n", "foo", "2", "1.0"),
        ("hashes", "uv pip compile a.in -o r.txt --upgrade-package foo==2"),
    ),
    "requirements: a range": (("requirements", "foo>=1.0\n", "foo", "2", "1.0"), ("range", "")),
    "requirements: two limits": (("requirements", "foo==1.0,<2\n", "foo", "2", "1.0"), ("range", "")),
    "requirements: another version": (("requirements", "foo==1.1\n", "foo", "2", "1.0"), ("absent", "")),
    "go.mod: replaced": (
        ("go-mod", "require d/e v0.1.0\nreplace d/e => ../e\n", "d/e", "v0.2.0", "v0.1.0"),
        ("replaced", ""),
    ),
    "go.mod: the replacement itself": (
        ("go-mod", "require d/e v0.1.0\nreplace (\n\td/e v0.1.0 => f/g v0.3.0\n)\n", "f/g", "v0.4.0", "v0.3.0"),
        ("replaced", "go mod edit -replace d/e@v0.1.0=f/g@v0.4.0 && go mod tidy"),
    ),
    "pom.xml: managed by a parent": (
        (
            "maven-pom",
            "<project><dependency><groupId>g</groupId><artifactId>a</artifactId></dependency></project>",
            "g:a",
            "2",
            "1",
        ),
        ("elsewhere", ""),
    ),
    "pom.xml: entities could mean anything": (
        ("maven-pom", "<!DOCTYPE x [<!ENTITY e '1'>]><project></project>", "g:a", "2", "1"),
        ("malformed", ""),
    ),
    "Gemfile.lock: checksums": (
        ("gemfile-lock", "GEM\n  specs:\n    a (1.0)\n\nCHECKSUMS\n  a (1.0) sha256=00\n", "a", "1.1", "1.0"),
        ("hashes", "bundle update a --conservative"),
    ),
    "Gemfile.lock: another gem forbids it": (
        ("gemfile-lock", "GEM\n  specs:\n    a (1.0)\n    b (1)\n      a (~> 1.0)\n", "a", "2.0", "1.0"),
        ("range", "bundle update a --conservative"),
    ),
    "Gemfile.lock: its parts share its version": (
        ("gemfile-lock", "GEM\n  specs:\n    a (1.0)\n      b (= 1.0)\n    b (1.0)\n", "a", "1.1", "1.0"),
        ("range", "bundle update a --conservative"),
    ),
    "Dockerfile: a digest decides": (("dockerfile", "FROM a:1@sha256:00\n", "a", "2", "1"), ("hashes", "")),
    "Dockerfile: an argument that serves another image too": (
        ("dockerfile", "ARG V=1\nFROM a:$V\nFROM b:$V\n", "a", "2", "1"),
        ("elsewhere", ""),
    ),
    "Dockerfile: no tag": (("dockerfile", "FROM a\n", "a", "2", "1"), ("absent", "")),
    "no editor": (("zip", "a", "a", "2", "1"), ("unsupported", "")),
    "NUL": (("requirements", "a==1\0", "a", "2", "1"), ("malformed", "")),
}


def old_of(edit: TextEdit, text: str) -> str:
    return text[edit.start : edit.end]


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_version_is_changed_where_it_stands_and_nothing_else_is(case: Case) -> None:
    edits = set_version(case.form, case.before, case.name, case.new, case.old)
    assert apply(case.before, edits) == case.after
    for edit in edits:
        assert old_of(edit, case.before).removeprefix("v") in case.old.removeprefix("v")
        assert edit.new.removeprefix("v") in case.new.removeprefix("v")


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_once_changed_there_is_nothing_more_to_change(case: Case) -> None:
    assert set_version(case.form, case.after, case.name, case.new, case.old) == ()


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_version_that_is_not_there_is_refused(case: Case) -> None:
    with pytest.raises(VersionRefused) as refused:
        set_version(case.form, case.before, case.name, "99.98.97", "99.98.96")
    assert refused.value.reason in {"absent", "range"}
    with pytest.raises(VersionRefused):
        set_version(case.form, case.before, "no-such:package/at-all", case.new, case.old)


@pytest.mark.parametrize(("asked", "said"), REFUSED.values(), ids=REFUSED)
def test_what_an_edit_cannot_do_is_refused_with_the_reason_and_the_command(
    asked: tuple[str, str, str, str, str], said: tuple[str, str]
) -> None:
    with pytest.raises(VersionRefused) as refused:
        set_version(*asked)
    assert (refused.value.reason, refused.value.command) == said
    assert refused.value.hint is not None


def test_every_form_has_a_case() -> None:
    assert {case.form for case in CASES.values()} == FORMS


def test_the_name_of_a_package_never_becomes_a_command() -> None:
    with pytest.raises(VersionRefused) as refused:
        set_version("gemfile-lock", "GEM\n  specs:\n    a;b (1)\n\nCHECKSUMS\n", "a;b", "2", "1")
    assert refused.value.command == "bundle update 'a;b' --conservative"


@pytest.mark.parametrize("form", sorted(FORMS))
@pytest.mark.parametrize(
    "text",
    [
        "[" * 20_000,
        "{" * 20_000,
        "(" * 20_000,
        '{"a":' * 10_000,
        "<a>" * 10_000,
        "<" * 30_000,
        "<a " + "b='" * 10_000,
        "<a" + " b=''" * 10_000,
        "a" * 100_000,
        " " * 100_000,
        "\\\n" * 30_000,
        '"' * 30_001,
        "'" * 30_001,
        "a==1 " + "\\" * 30_000,
        "FROM " + "$" * 30_000,
        "FROM " + "${a:-" * 10_000,
        "FROM " + "--a=b " * 10_000,
        "gem " * 20_000,
        "a = " * 20_000,
        "a=\t" + " " * 50_000 + "x",
        "/*" * 20_000,
        "/" * 50_000,
        "x: " * 20_000,
        ".package(" * 10_000,
        "{:a," * 10_000,
        "g:a:" * 10_000,
        "<<A " * 10_000,
        "require (" * 10_000,
        "[options]\ninstall_requires =\n" + "x" * 50_000,
        "GEM\n    a (" + "1" * 50_000,
        "\r" * 50_000,
        "\ufeff" * 10_000,
    ],
    ids=lambda text: repr(text[:24]),
)
def test_hostile_texts_are_refused(form: str, text: str) -> None:
    with pytest.raises(VersionRefused):
        set_version(form, text, "g:a", "2", "1")


@given(st.sampled_from(sorted(CASES)), st.integers(0, 2**32))
def test_a_damaged_file_is_refused_or_changed_in_its_versions_alone(which: str, seed: int) -> None:
    case = CASES[which]
    draw = random.Random(seed)  # noqa: S311 - it damages, it hides nothing
    text = list(case.before)
    for _ in range(draw.randint(1, 6)):
        at = draw.randrange(len(text))
        text[at] = draw.choice((*string.printable, "", "\u2028", "é", text[at] * 3))
    damaged = "".join(text)
    try:
        edits = set_version(case.form, damaged, case.name, case.new, case.old)
    except VersionRefused:
        return
    for edit in edits:
        assert old_of(edit, damaged).strip("v") in case.old
        assert edit.new.strip("v") in case.new
    assert apply(damaged, edits) != damaged or not edits
