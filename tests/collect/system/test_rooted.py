"""Looking below a root: links lead where chroot would lead them, nothing outside is seen, nothing special is opened."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from fourc.collect.system.rooted import Rooted
from fourc.model.gap import GapReason


@contextmanager
def below(root: Path) -> Iterator[Rooted]:
    tree = Rooted(root)
    try:
        yield tree
    finally:
        tree.close()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "secret").write_text("outside")
    root = tmp_path / "root"
    (root / "etc").mkdir(parents=True)
    (root / "usr" / "lib").mkdir(parents=True)
    (root / "usr" / "lib" / "os-release").write_text("inside")
    (root / "secret").write_text("the tree's own")
    return root


@pytest.mark.parametrize(
    "target", ["../usr/lib/os-release", "/usr/lib/os-release", "/../../usr/lib/os-release", "//usr/./lib/os-release"]
)
def test_links_relative_and_absolute_lead_on_inside_the_root(root: Path, target: str) -> None:
    (root / "etc" / "os-release").symlink_to(target)
    with below(root) as tree:
        assert tree.read("etc/os-release") == b"inside"


@pytest.mark.parametrize("target", ["../../secret", "../../../../../secret", "/secret", "/../secret"])
def test_no_link_leads_out(root: Path, target: str) -> None:
    (root / "etc" / "link").symlink_to(target)
    with below(root) as tree:
        assert tree.read("etc/link") == b"the tree's own"


def test_a_path_that_climbs_stays_below_the_root(root: Path) -> None:
    with below(root) as tree:
        assert tree.read("../secret") == b"the tree's own"
        assert tree.read("etc/../../../secret") == b"the tree's own"


def test_folders_that_are_links_are_followed_too(root: Path) -> None:
    (root / "lib").symlink_to("usr/lib")
    with below(root) as tree:
        assert tree.names("lib") == ["os-release"]
        assert tree.read("lib/os-release") == b"inside"
        assert tree.exists("lib/os-release")
        assert not tree.exists("lib/none")


def test_links_that_lead_in_a_circle_or_nowhere_are_not_there(root: Path) -> None:
    (root / "a").symlink_to("b")
    (root / "b").symlink_to("a")
    (root / "c").symlink_to("none")
    (root / "d").symlink_to("/".join(["."] * 300 + ["d"]))
    with below(root) as tree:
        assert [tree.read(name) for name in "abcd"] == [None] * 4
        assert tree.names("a") == []
        assert tree.gaps == []


def test_pipes_sockets_and_devices_are_gaps_and_are_not_opened(root: Path) -> None:
    os.mkfifo(root / "etc" / "os-release")
    with below(root) as tree:
        assert tree.read("etc/os-release") is None
        assert [(g.reason, g.location.path if g.location else "") for g in tree.gaps] == [
            (GapReason.UNREADABLE, "etc/os-release")
        ]


def test_a_folder_where_a_file_should_be_is_nothing_and_a_file_is_no_folder(root: Path) -> None:
    with below(root) as tree:
        assert tree.read("etc") is None
        assert tree.names("usr/lib/os-release") == []
        assert tree.read("usr/lib/os-release/more") is None


def test_a_file_above_the_limit_is_a_gap(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fourc.collect.system.rooted.FILE_BYTES", 3)
    with below(root) as tree:
        assert tree.read("secret") is None
        assert [g.reason for g in tree.gaps] == [GapReason.TOO_LARGE]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_a_gap(root: Path) -> None:
    (root / "secret").chmod(0)
    with below(root) as tree:
        assert tree.read("secret") is None
        assert [g.reason for g in tree.gaps] == [GapReason.DENIED]


def test_only_folders_are_listed_as_folders_and_links_are_none(root: Path) -> None:
    (root / "lib").symlink_to("usr/lib")
    with below(root) as tree:
        assert tree.folders("") == ["etc", "usr"]
        assert tree.names("") == ["etc", "lib", "secret", "usr"]
