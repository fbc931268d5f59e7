"""What a container sees of an image, and what else its layers hold."""

import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.collect.image.makers import Made, file, folder, hard_link, layer, layout, other, symlink

from fourc.collect.image.errors import ImageError
from fourc.collect.image.image import Contents
from fourc.collect.image.limits import Limits
from fourc.collect.image.open import Choices, open_image
from fourc.collect.image.wishes import Interest, Layer, Search, Wishes
from fourc.model.gap import GapReason


def walked(place: Path, *layers: Made, wishes: Wishes | None = None, limits: Limits | None = None) -> Contents:
    wishes = wishes or Wishes((Interest("all", lambda *_: True),))
    return open_image(str(layout(place, layers)), Choices(limits=limits or Limits())).walk(wishes)


def seen(place: Path, *layers: Made) -> dict[str, bytes]:
    return {one.path: one.facts for one in walked(place, *layers).files["all"]}


def test_a_later_layer_replaces_a_file_and_says_which_layer_it_was(tmp_path: Path) -> None:
    low, high = layer(file("a", b"old"), file("b", b"b")), layer(file("./a", b"new", mode=0o600, uid=7))
    files = walked(tmp_path, low, high).files["all"]
    assert [(f.path, f.facts, f.layer.place, f.layer.diff_id, f.mode, f.uid, f.size) for f in files] == [
        ("a", b"new", 1, high.diff_id, 0o600, 7, 3),
        ("b", b"b", 0, low.diff_id, 0o644, 0, 1),
    ]


def test_a_whiteout_hides_a_file_and_all_of_a_folder(tmp_path: Path) -> None:
    low = layer(file("a", b"a"), file("dir/x", b"x"), file("dir/sub/y", b"y"), file("dirt", b"kept"))
    assert seen(tmp_path, low, layer(file(".wh.a"), file(".wh.dir"))) == {"dirt": b"kept"}


def test_a_whiteout_does_not_hide_what_its_own_layer_brings_in_any_order(tmp_path: Path) -> None:
    high = layer(file("dir/x", b"new"), file(".wh.dir"), file("dir/z", b"z"))
    assert seen(tmp_path, layer(file("dir/x", b"old"), file("dir/y", b"y")), high) == {"dir/x": b"new", "dir/z": b"z"}


def test_an_opaque_folder_hides_what_lay_in_it_below(tmp_path: Path) -> None:
    low = layer(file("dir/x", b"x"), file("dir/sub/y", b"y"), file("other", b"o"))
    high = layer(file("dir/new", b"n"), file("dir/.wh..wh..opq"))
    assert seen(tmp_path, low, high) == {"dir/new": b"n", "other": b"o"}


def test_a_file_that_was_hidden_may_come_again(tmp_path: Path) -> None:
    layers = (layer(file("a", b"1")), layer(file(".wh.a")), layer(file("a", b"3")))
    assert seen(tmp_path, *layers) == {"a": b"3"}


def test_marks_of_aufs_and_whiteouts_of_nothing_hide_nothing(tmp_path: Path) -> None:
    high = layer(file(".wh..wh.plnk"), file("dir/.wh."), file("dir/.wh..."), file("dir/.wh.."), file(".wh..wh.aufs"))
    assert seen(tmp_path, layer(file("dir/a", b"a"), file("b", b"b")), high) == {"dir/a": b"a", "b": b"b"}


def test_a_folder_over_a_file_and_a_file_over_a_folder_replace_it(tmp_path: Path) -> None:
    low = layer(file("file", b"f"), file("dir/x", b"x"))
    assert seen(tmp_path, low, layer(file("file/now", b"d"), file("dir", b"now"))) == {"file/now": b"d", "dir": b"now"}


def test_the_last_of_several_entries_with_one_name_counts(tmp_path: Path) -> None:
    low = layer(
        file("a", b"1"), file("a", b"2"), file("dir/x", b"x"), file("dir", b"f"), file("l", b"l"), symlink("l", "a")
    )
    assert seen(tmp_path, low) == {"a": b"2", "dir": b"f"}


def test_a_hard_link_is_the_file_to_which_it_leads(tmp_path: Path) -> None:
    made = layer(file("store/1", b"package", mode=0o640), hard_link("modules/package.json", "store/1"))
    wishes = Wishes((Interest("p", lambda path, *_: path.endswith("package.json")),))
    (found,) = walked(tmp_path, made, wishes=wishes).files["p"]
    assert (found.path, found.facts, found.mode) == ("modules/package.json", b"package", 0o640)


def test_a_hard_link_to_a_file_of_a_lower_layer_is_that_file(tmp_path: Path) -> None:
    layers = (layer(file("store/1", b"package")), layer(hard_link("modules/package.json", "/store/1")))
    wishes = Wishes((Interest("p", lambda path, *_: path.endswith("package.json")),))
    (found,) = walked(tmp_path, *layers, wishes=wishes).files["p"]
    assert (found.path, found.facts, found.layer.place) == ("modules/package.json", b"package", 1)


def test_hard_links_in_a_circle_or_to_nothing_are_no_files(tmp_path: Path) -> None:
    assert (
        seen(tmp_path, layer(hard_link("a", "b"), hard_link("b", "a"), hard_link("c", "gone"), hard_link("d", "d")))
        == {}
    )


def test_a_file_below_a_linked_folder_lies_where_the_link_leads(tmp_path: Path) -> None:
    low = layer(symlink("lib", "usr/lib"), folder("usr/lib"), file("usr/lib/old", b"o"))
    assert seen(tmp_path, low, layer(file("lib/apk/db", b"d"))) == {"usr/lib/old": b"o", "usr/lib/apk/db": b"d"}


def test_a_folder_that_is_named_takes_the_place_of_a_link(tmp_path: Path) -> None:
    low = layer(symlink("lib", "usr/lib"), file("usr/lib/old", b"o"))
    assert seen(tmp_path, low, layer(folder("lib"), file("lib/x", b"x"))) == {"lib/x": b"x", "usr/lib/old": b"o"}


def test_a_whiteout_below_a_linked_folder_hides_where_the_link_leads(tmp_path: Path) -> None:
    low = layer(symlink("lib", "usr/lib"), file("usr/lib/a", b"a"), file("usr/lib/b", b"b"))
    assert seen(tmp_path, low, layer(file("lib/.wh.a"))) == {"usr/lib/b": b"b"}


@pytest.mark.parametrize("target", ["../usr/lib/os-release", "/usr/lib/os-release", "../../../usr/lib/os-release"])
def test_the_systems_name_is_found_behind_a_link_that_never_leaves_the_image(tmp_path: Path, target: str) -> None:
    made = layer(file("usr/lib/os-release", b"ID=debian\n"), symlink("etc/os-release", target))
    assert walked(tmp_path, made).os_release == b"ID=debian\n"


def test_the_systems_name_is_empty_where_links_lead_in_circles(tmp_path: Path) -> None:
    assert (
        walked(tmp_path, layer(symlink("etc/os-release", "../etc/os-release"), symlink("etc/a", "b"))).os_release == b""
    )


def test_files_with_the_rights_of_their_owner_are_told_with_their_other_names(tmp_path: Path) -> None:
    low = layer(
        file("bin/su", b"x", mode=0o4755),
        hard_link("bin/su2", "bin/su"),
        file("bin/wall", b"x", mode=0o2755, uid=5),
        file("bin/gone", b"x", mode=0o4755),
        file("bin/tamed", b"x", mode=0o4755),
        other("bin/dir", b"5", mode=0o2775),
    )
    high = layer(file("bin/.wh.gone"), file("bin/tamed", b"x", mode=0o755))
    assert [(f.path, f.mode, f.uid, f.layer.place) for f in walked(tmp_path, low, high).privileged] == [
        ("bin/su", 0o4755, 0, 0),
        ("bin/su2", 0o4755, 0, 0),
        ("bin/wall", 0o2755, 5, 0),
    ]


class Listening:
    """Remembers what it was given."""

    def __init__(self, layer: Layer) -> None:
        self.layer = layer
        self.said: list[str] = []

    def wants(self, path: str, size: int, head: bytes) -> bool:
        return bool(path) and size < 100 and not head.startswith(b"skip")

    def file(self, path: str, data: bytes) -> None:
        self.said.append(f"{path}={data.decode()}")

    def end(self) -> bytes:
        return " ".join(self.said).encode()


def test_a_search_sees_what_later_layers_delete_and_what_its_own_overwrites(tmp_path: Path) -> None:
    low = layer(file("key", b"one"), file("key", b"two"), file("big", b"x" * 100), file("s", b"skip me"))
    contents = walked(
        tmp_path, low, layer(file(".wh.key"), file("new", b"n")), wishes=Wishes((), (Search("s", Listening),))
    )
    assert [(one.place, data) for one, data in contents.found["s"]] == [(0, b"key=one key=two"), (1, b"new=n")]


def test_one_pass_serves_all_and_what_is_kept_is_what_the_interest_made(tmp_path: Path) -> None:
    threads: set[int] = set()

    def facts(path: str, data: bytes) -> bytes:
        threads.add(threading.get_ident())
        return f"{path} {len(data)}".encode()

    wishes = Wishes(
        (
            Interest("names", lambda path, *_: path == "a", facts),
            Interest("heads", lambda _, __, head: head[:2] == b"EL"),
        ),
        (Search("s", Listening),),
    )
    contents = walked(tmp_path, layer(file("a", b"ELF"), file("b", b"EL" * 500_000)), wishes=wishes)
    assert [one.facts for one in contents.files["names"]] == [b"a 3"]
    assert [(one.path, len(one.facts)) for one in contents.files["heads"]] == [("a", 3), ("b", 1_000_000)]
    assert contents.found["s"][0][1] == b"a=ELF"
    assert threads


def test_a_wanted_file_over_the_limit_is_a_gap_that_names_it(tmp_path: Path) -> None:
    contents = walked(tmp_path, layer(file("big", b"x" * 2000), file("small", b"s")), limits=Limits(file_bytes=1000))
    assert [one.path for one in contents.files["all"]] == ["small"]
    (gap,) = contents.gaps
    assert gap.reason is GapReason.TOO_LARGE
    assert str(gap.subject).endswith(":/big")


def test_a_path_longer_than_any_system_takes_is_a_gap(tmp_path: Path) -> None:
    contents = walked(tmp_path, layer(file("a/" * 3000 + "x", b"x"), file("small", b"s")))
    assert [one.path for one in contents.files["all"]] == ["small"]
    assert [gap.reason for gap in contents.gaps] == [GapReason.TOO_LARGE]


def test_a_name_that_is_no_text_is_shown_by_its_bytes(tmp_path: Path) -> None:
    name = b"caf\xe9".decode("utf-8", "surrogateescape")
    info, data = file(name, b"x")
    assert list(seen(tmp_path, layer((info, data)))) == ["caf\\xe9"]


# A file system as plain as can be, against which the walk is held.

NAMES = st.sampled_from(["a", "b", "c"])
PATHS = st.lists(NAMES, min_size=1, max_size=3).map("/".join)
ENTRIES = st.tuples(st.sampled_from(["file", "file", "folder", "whiteout", "opaque", "link"]), PATHS)
Entry = tuple[str, str]


def plainly(layers: list[list[Entry]]) -> dict[str, bytes]:  # noqa: C901 - a case for each kind of entry
    """What Docker would leave on a disk: whiteouts first, then entries one by one."""
    kinds: dict[str, tuple[str, bytes]] = {}

    def remove(path: str) -> None:
        for one in [p for p in kinds if p == path or p.startswith(f"{path}/")]:
            del kinds[one]

    for place, entries in enumerate(layers):
        lower = dict(kinds)
        for kind, path in entries:
            if kind == "whiteout":
                gone = [p for p in lower if p == path or p.startswith(f"{path}/")]
            else:
                gone = [p for p in lower if kind == "opaque" and p.startswith(f"{path}/")]
            for one in gone:
                kinds.pop(one, None)
        for number, (kind, path) in enumerate(entries):
            if kind not in {"file", "folder", "link"}:
                continue
            parts = path.split("/")
            for end in range(1, len(parts)):
                above = "/".join(parts[:end])
                if kinds.get(above, ("folder", b""))[0] != "folder":
                    remove(above)
                kinds[above] = ("folder", b"")
            if kind == "folder" and kinds.get(path, ("", b""))[0] == "folder":
                continue
            remove(path)
            kinds[path] = (kind, f"{place} {number}".encode())
    return {path: data for path, (kind, data) in kinds.items() if kind == "file"}


@settings(max_examples=60)
@given(st.lists(st.lists(ENTRIES, max_size=8), min_size=1, max_size=4))
def test_the_walk_sees_what_unpacking_layer_on_layer_would_leave(
    tmp_path_factory: pytest.TempPathFactory, layers: list[list[Entry]]
) -> None:
    made = []
    for place, entries in enumerate(layers):
        lines = []
        for number, (kind, path) in enumerate(entries):
            above, _, base = path.rpartition("/")
            if kind == "file":
                lines.append(file(path, f"{place} {number}".encode()))
            elif kind == "folder":
                lines.append(folder(path))
            elif kind == "link":
                lines.append(other(path, b"6"))
            elif kind == "whiteout":
                lines.append(file(f"{above}/.wh.{base}" if above else f".wh.{base}"))
            else:
                lines.append(file(f"{path}/.wh..wh..opq"))
        made.append(layer(*lines))
    assert seen(tmp_path_factory.mktemp("image"), *made) == plainly(layers)


def test_links_and_whiteouts_without_end_are_refused(tmp_path: Path) -> None:
    low = layer(*(symlink(f"l{n}", "x") for n in range(200)))
    layers = [low, *(layer(file(f".wh.gone{n}")) for n in range(20))]
    with pytest.raises(ImageError) as refused:
        walked(tmp_path, *layers, limits=Limits(steps=1000))
    assert refused.value.reason is GapReason.TOO_LARGE


def test_folders_through_several_links_lie_where_the_last_one_leads(tmp_path: Path) -> None:
    low = layer(symlink("a", "b"), symlink("b", "c/d"), folder("c/d"), symlink("c/d/e", "/f"), symlink("loop", "loop"))
    high = layer(file("a/x", b"x"), file("a/e/deep/y", b"y"), file("loop/z", b"z"))
    assert seen(tmp_path, low, high) == {"c/d/x": b"x", "f/deep/y": b"y", "loop/z": b"z"}
