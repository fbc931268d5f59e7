"""The table of container images is well formed: a fix trusts it without looking twice."""

import re
import tomllib
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

TABLE = Path(__file__).parents[2] / "src" / "fourc" / "data" / "images.toml"
ROWS: list[dict[str, Any]] = tomllib.loads(TABLE.read_text(encoding="utf-8"))["image"]

TYPES: Mapping[str, type] = {
    "names": list,
    "tags": list,
    "user": int,
    "group": int,
    "default_user": str,
    "runs_as": str,
    "named_user": bool,
    "writable": list,
    "capabilities": list,
    "ports": list,
    "needs_api_token": bool,
    "volume_owner": str,
    "volume_owner_zh": str,
    "kind": str,
    "unauthenticated": bool,
    "sources": list,
    "confidence": str,
}
ENUMS: Mapping[str, frozenset[str]] = {
    "runs_as": frozenset({"root-needed", "drops", "non-root", "unknown"}),
    "kind": frozenset(
        {
            "admin",
            "agent",
            "base",
            "cache",
            "ci",
            "config",
            "database",
            "monitoring",
            "queue",
            "registry",
            "runtime",
            "search",
            "tool",
            "web",
        }
    ),
    "confidence": frozenset({"high", "low"}),
}
REQUIRED = ("names", "runs_as", "kind", "sources", "confidence")
NAME = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:/[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*)+")
TAG = re.compile(r"[\w*][\w.*-]{0,127}", re.ASCII)
CAPABILITY = re.compile(r"[A-Z][A-Z_]*[A-Z]")


def label(row: Mapping[str, Any]) -> str:
    """Name a row in a test report by its first repository and tag."""
    tags = row.get("tags")
    first: str = row["names"][0]
    return f"{first}:{tags[0]}" if tags else first


each_row = pytest.mark.parametrize("row", ROWS, ids=label)


@each_row
def test_a_row_has_known_keys_of_the_right_type(row: dict[str, Any]) -> None:
    assert not set(row) - set(TYPES)
    assert not set(REQUIRED) - set(row)
    assert [key for key, value in row.items() if type(value) is not TYPES[key]] == []


@each_row
def test_a_row_uses_only_the_known_words(row: dict[str, Any]) -> None:
    assert [key for key, words in ENUMS.items() if row[key] not in words] == []


@each_row
def test_a_name_is_canonical(row: dict[str, Any]) -> None:
    assert row["names"]
    assert [name for name in row["names"] if not NAME.fullmatch(name)] == []
    assert [name for name in row["names"] if name.startswith(("index.docker.io/", "registry-1.docker.io/"))] == []
    assert [name for name in row["names"] if re.fullmatch(r"docker\.io/[^/]+", name)] == []


@each_row
def test_a_tag_entry_is_a_prefix_or_a_pattern(row: dict[str, Any]) -> None:
    assert row.get("tags") != []
    assert [tag for tag in row.get("tags", ()) if not TAG.fullmatch(tag) or not tag.strip("*")] == []


@each_row
def test_ids_are_ones_that_a_pod_may_set(row: dict[str, Any]) -> None:
    assert [row[key] for key in ("user", "group") if key in row and not 0 <= row[key] < 2**31] == []


@each_row
def test_writable_paths_are_absolute(row: dict[str, Any]) -> None:
    paths = row.get("writable", [])
    assert [path for path in paths if not re.fullmatch(r"(?:/[\w.-]+)+", path) or "/.." in path] == []
    assert len(set(paths)) == len(paths)


@each_row
def test_ports_and_capabilities_exist(row: dict[str, Any]) -> None:
    ports = row.get("ports", [])
    assert [port for port in ports if type(port) is not int or not 0 < port < 65536] == []
    assert len(set(ports)) == len(ports)
    assert [
        name for name in row.get("capabilities", ()) if not CAPABILITY.fullmatch(name) or name.startswith("CAP_")
    ] == []


@each_row
def test_a_row_cites_public_pages(row: dict[str, Any]) -> None:
    assert row["sources"]
    assert [url for url in row["sources"] if not re.fullmatch(r"https://[\w.-]+/\S+", url)] == []
    assert len(set(row["sources"])) == len(row["sources"])


@each_row
def test_a_caveat_is_written_in_both_languages(row: dict[str, Any]) -> None:
    assert ("volume_owner" in row) == ("volume_owner_zh" in row)
    assert re.search(r"[\u4e00-\u9fff]", row.get("volume_owner_zh", "卷"))
    assert not re.search(r"[\u4e00-\u9fff]", row.get("volume_owner", ""))


@each_row
def test_the_user_facts_of_a_row_agree(row: dict[str, Any]) -> None:
    default = row.get("default_user")
    if row["runs_as"] == "non-root":
        assert default not in {"root", "0"}
    if row["runs_as"] in {"root-needed", "drops"}:
        assert default == "root"
    if row["runs_as"] == "root-needed":
        assert row.get("user", 0) == 0
    elif "user" in row:
        assert row["user"] > 0
    if "named_user" in row:
        assert default is not None
        assert row["named_user"] == (not default.isdigit())
    if default is not None and default.isdigit() and "user" in row:
        assert int(default) == row["user"]


def test_no_two_rows_claim_the_same_image() -> None:
    claims: defaultdict[str, list[str | None]] = defaultdict(list)
    for row in ROWS:
        for name in row["names"]:
            claims[name].extend(row.get("tags", [None]))
    assert [name for name, tags in claims.items() if len(set(tags)) != len(tags)] == []
    assert [name for name, tags in claims.items() if None in tags and len(tags) > 1] == []


def test_the_table_covers_what_a_small_company_runs() -> None:
    names = {name for row in ROWS for name in row["names"]}
    assert len(names) >= 100
    assert {
        "docker.io/library/mysql",
        "docker.io/library/postgres",
        "docker.io/library/redis",
        "docker.io/library/nginx",
        "docker.io/library/rabbitmq",
        "docker.io/nacos/nacos-server",
        "docker.io/bitnami/kafka",
        "registry.k8s.io/pause",
    } <= names
