"""The pages say what the code does."""

import re
from pathlib import Path

from msgspec.structs import fields

from fourc.app.config import KEYS, PREFIX
from fourc.cli.main import COMMANDS
from fourc.collect.content.history import BLOB_BYTES
from fourc.collect.content.inside import LIMITS as CONTAINER_LIMITS
from fourc.collect.image.limits import LIMITS as IMAGE_LIMITS
from fourc.collect.limits import Limits
from fourc.collect.packages import limits as package_limits
from fourc.collect.packages.forms import FORMS
from fourc.plan.assumptions import hours_names, impact_names, odds_names
from fourc.plan.numbers import PAGE, page

ROOT = Path(__file__).parents[2]
_UNITS = {"MiB": 1024 * 1024, "s": 1, "": 1}


def test_the_table_of_limits_holds_every_limit_with_its_value() -> None:
    rows = re.findall(
        r"^\| .* \| ([\d,]+) ?(MiB|s|) \| `(\w+)` \|$", (ROOT / "docs" / "limits.md").read_text(), re.MULTILINE
    )
    told = {name: int(number.replace(",", "")) * _UNITS[unit] for number, unit, name in rows}
    limits = Limits()
    known = {f.name: getattr(limits, f.name) for f in fields(limits) if f.name != "document"}
    known |= {f.name: getattr(limits.document, f.name) for f in fields(limits.document)}
    assert told == known


def test_the_table_of_limits_of_containers_holds_every_limit_with_its_value() -> None:
    text = (ROOT / "docs" / "limits.md").read_text()
    rows = re.findall(r"^\| `(\w+)` \| .* \| ([\d,]+) ?(MiB|s|) \|$", text, re.MULTILINE)
    told = {name: int(number.replace(",", "")) * _UNITS[unit] for name, number, unit in rows}
    assert told == {f.name: getattr(CONTAINER_LIMITS, f.name) for f in fields(CONTAINER_LIMITS)}
    assert f"up to {BLOB_BYTES // _UNITS['MiB']} MiB" in text


def test_the_table_of_settings_holds_every_key_with_its_variable() -> None:
    text = (ROOT / "docs" / "configuration.md").read_text()
    rows = re.findall(r"^\| `([a-z-]+)` \| `(FOURC_[A-Z_]+)` \|", text, re.MULTILINE)
    assert [key for key, _ in rows] == list(KEYS)
    assert [variable for _, variable in rows] == [f"{PREFIX}{key.upper().replace('-', '_')}" for key in KEYS]


def test_the_page_of_numbers_is_what_the_tables_say() -> None:
    assert (ROOT / PAGE).read_text("utf-8") == page(), "run `make numbers`"


def test_every_number_that_the_configuration_can_replace_stands_on_that_page() -> None:
    told = set(re.findall(r"^\| `([a-z-]+)` \|", page(), re.MULTILINE))
    assert told == odds_names() | impact_names() | hours_names()


def test_the_readme_only_uses_commands_that_exist() -> None:
    used = set(re.findall(r"^fourc ([a-z]+)", (ROOT / "README.md").read_text(), re.MULTILINE))
    assert used <= set(COMMANDS)


def test_every_source_folder_stands_on_the_map() -> None:
    tiers = {p.name for p in (ROOT / "src" / "fourc").iterdir() if p.is_dir() and not p.name.startswith("_")}
    text = (ROOT / "ARCHITECTURE.md").read_text()
    assert [t for t in sorted(tiers - {"data"}) if f"`{t}/`" not in text] == []


def test_every_form_of_packages_stands_on_the_page_of_vulnerabilities() -> None:
    text = (ROOT / "docs" / "vulnerabilities.md").read_text("utf-8")
    told = set(re.findall(r"\(`([a-z0-9-]+)`\)", text))
    assert told == {form.id for form in FORMS}


def test_the_limits_of_lock_files_and_images_stand_on_the_page_with_their_values() -> None:
    text = (ROOT / "docs" / "limits.md").read_text("utf-8")
    packages, images = package_limits, IMAGE_LIMITS
    assert f"| {packages.FILE_BYTES >> 20} MiB; {packages.LINES:,}; {packages.LINE_BYTES >> 20} MiB |" in text
    assert f"| {packages.PACKAGES:,}; {packages.NEEDS:,} |" in text
    assert f"| {packages.TOML_BYTES >> 20} MiB |" in text
    assert f"| {packages.NODES:,}; {packages.LEVELS} |" in text
    assert f"| {packages.ELEMENTS:,}; 100 |" in text
    assert f"| {images.entries:,}; {images.name_bytes >> 20} MiB |" in text
