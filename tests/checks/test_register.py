"""Every check is documented in both languages, has a spec, and its fix turns its bad example into its good one."""

import re
from collections.abc import Sequence
from contextlib import suppress
from difflib import unified_diff
from itertools import pairwise
from pathlib import Path

import pytest

from fourc.checks.api import Judge
from fourc.checks.registry import all_checks
from fourc.collect.locate import Locator
from fourc.collect.manifests.collect import collect_manifests, collect_stdin
from fourc.fix.recipes import RECIPES
from fourc.model.finding import Finding
from fourc.model.remedy import Remedy
from fourc.model.version import NEWEST, KubeVersion
from fourc.patch.text import apply
from fourc.patch.yaml.edit import edits
from fourc.patch.yaml.operations import Operation
from fourc.patch.yaml.reader import compose, load, split

HERE = Path(__file__).parent
CHECKS = {c.id: c for c in all_checks()}
SECTIONS = {
    "en": ["## Why it matters", "## What the fix changes", "## When to allow it", "## Example"],
    "zh": ["## 为什么重要", "## 修复会改变什么", "## 何时可以允许", "## 示例"],
}
CHINESE = re.compile(r"[\u4e00-\u9fff]")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
MARK = re.compile(r"#\s*finding:\s*([a-z0-9-]+)")


def run(rule: str, text: str, version: KubeVersion = NEWEST) -> list[Finding]:
    """The rule's findings in a text, as if it had been piped in."""
    return list(CHECKS[rule].run(Judge(collect_stdin(text.encode()).inventory, version)))


def run_on_file(rule: str, text: str, folder: Path, version: KubeVersion = NEWEST) -> list[Finding]:
    """The rule's findings in a text, as if it stood in a file: a fix may then add further files."""
    (folder / "spec.yaml").write_text(text, "utf-8")
    return list(CHECKS[rule].run(Judge(collect_manifests(folder).inventory, version)))


def fixed(text: str, found: list[Finding]) -> str:
    """The text with every fix of the findings made."""
    for finding in found:
        if isinstance(finding.fix, Remedy) and finding.fix.operations:
            text = rewrite(text, finding.origin.document, finding.fix.operations)
        if isinstance(finding.fix, Remedy):
            for new in (n for n in finding.fix.new_files if n.text.strip() not in text):
                text = f"{text.rstrip()}\n---\n{new.text}"
    return text


def rewrite(text: str, index: int, operations: Sequence[Operation]) -> str:
    """The text with the operations made on its document number `index`."""
    document = next(d for d in split(text) if d.index == index)
    root = compose(document)
    assert root is not None
    return apply(text, edits(text, root, operations))


def version_of(spec: str, block: re.Match[str]) -> KubeVersion:
    """The version for which a block of a spec is judged: the newest, where no line above it says another."""
    before = spec[: block.start()].rstrip().rpartition("\n")[2]
    return KubeVersion.parse(before.removeprefix("Version:").strip()) if before.startswith("Version:") else NEWEST


def changed(before: str, after: str) -> list[str]:
    """The lines that a patch takes out and puts in."""
    diff = unified_diff(before.split("\n"), after.split("\n"), lineterm="", n=0)
    return [line for line in list(diff)[2:] if not line.startswith("@@")]


def example(rule: str, word: str) -> str | None:
    """The `Bad` or `Good` block of the rule's page."""
    _, _, rest = CHECKS[rule].page.en.partition(f"\n{word}:\n")
    match = BLOCK.search(rest)
    return match[2] if match and rest else None


@pytest.mark.parametrize("rule", CHECKS)
def test_the_page_says_the_same_four_things_in_both_languages(rule: str) -> None:
    page = CHECKS[rule].page
    for lang, text in (("en", page.en), ("zh", page.zh)):
        assert [s for s in SECTIONS[lang] if s not in text] == []
        assert len(text.partition("\n")[0]) <= 100
    assert CHINESE.search(page.zh.partition("\n")[0])


@pytest.mark.parametrize("rule", CHECKS)
def test_the_name_is_kebab_case_and_stands_in_a_file_of_its_own_layer(rule: str) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", rule)
    assert all(re.fullmatch(r"[a-z0-9-]+:\S+", r) for r in CHECKS[rule].references)


@pytest.mark.parametrize("rule", CHECKS)
def test_the_bad_example_is_found_and_its_fix_gives_the_good_one(rule: str, tmp_path: Path) -> None:
    bad, good = example(rule, "Bad"), example(rule, "Good")
    assert bad is not None
    found = run_on_file(rule, bad, tmp_path)
    assert found, "the bad example must be found"
    edited = [f for f in found if isinstance(f.fix, Remedy)]
    if not edited:
        assert good is None or run(rule, good) == []
        return
    assert good is not None
    after = fixed(bad, found)
    assert after == good
    assert run_on_file(rule, after, tmp_path) == []
    assert fixed(after, found) == after


@pytest.mark.parametrize("rule", CHECKS)
def test_both_examples_are_objects_that_kubernetes_accepts(rule: str) -> None:
    kubernetes_validate = pytest.importorskip("kubernetes_validate", reason="fourc[schema] is not installed")
    for block in (example(rule, "Bad"), example(rule, "Good")):
        for document in split(block or ""):
            with suppress(kubernetes_validate.SchemaNotFoundError):  # a custom resource
                kubernetes_validate.validate(load(document), kubernetes_validate.latest_version(), strict=True)


@pytest.mark.parametrize("rule", CHECKS)
def test_every_recipe_it_uses_stands_in_the_one_table(rule: str) -> None:
    bad = example(rule, "Bad")
    assert bad is not None
    assert {f.fix.recipe for f in run(rule, bad) if isinstance(f.fix, Remedy)} <= set(RECIPES)


@pytest.mark.parametrize("rule", CHECKS)
def test_its_spec_marks_exactly_the_lines_that_it_finds(rule: str) -> None:
    spec = HERE / CHECKS[rule].layer.value / f"{rule}.md"
    text = spec.read_text("utf-8")
    marked = 0
    for match in BLOCK.finditer(text):
        if match[1] != "yaml":
            continue
        version, body = version_of(text, match), match[2]
        wanted = {n for n, line in enumerate(body.split("\n"), 1) if rule in MARK.findall(line)}
        locator = Locator(Path(), stdin=body.encode())
        lines = {locator.locate(f.origin, f.at).line for f in run(rule, body, version)}
        assert lines == wanted, body
        marked += len(wanted)
    assert marked, "a spec needs at least one marked line"


@pytest.mark.parametrize("rule", CHECKS)
def test_its_fix_makes_exactly_the_patch_that_its_spec_shows(rule: str, tmp_path: Path) -> None:
    text = (HERE / CHECKS[rule].layer.value / f"{rule}.md").read_text("utf-8")
    for shown, patch in pairwise(BLOCK.finditer(text)):
        if (shown[1], patch[1]) != ("yaml", "diff"):
            continue
        found = run_on_file(rule, shown[2], tmp_path, version_of(text, shown))
        wanted = [line for line in patch[2].split("\n") if re.match(r"[+-](?!\+\+ |-- )", line)]
        assert changed(shown[2], fixed(shown[2], found)) == wanted
