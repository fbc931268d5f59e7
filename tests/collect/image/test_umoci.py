"""The walk sees what umoci and buildah, which unpack for real, leave on a disk; and the 100,000 files of a large layer."""

import hashlib
import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest
from tests.collect.image.makers import file, folder, hard_link, layer, layout, packed, symlink, tar_of

from fourc.collect.image.image import ImageFile
from fourc.collect.image.open import open_image
from fourc.collect.image.wishes import Interest, Wishes

Tree = dict[str, tuple[int, str]]


def needed(*programs: str) -> None:
    for program in programs:
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
    if os.getuid() != 0:
        pytest.skip("only root may unpack owners and rights")


def digest(_: str, data: bytes) -> bytes:
    return hashlib.sha256(data).hexdigest().encode()


def seen(place: str) -> tuple[Tree, list[tuple[str, int]]]:
    contents = open_image(place).walk(Wishes((Interest("all", lambda *_: True, digest),)))
    files: tuple[ImageFile, ...] = contents.files["all"]
    privileged = [(one.path, one.mode) for one in contents.privileged]
    return {one.path: (one.mode, one.facts.decode()) for one in files}, privileged


def unpacked(root: Path) -> tuple[Tree, list[tuple[str, int]]]:
    tree: Tree = {}
    privileged = []
    for path in root.rglob("*"):
        status = path.lstat()
        name = str(path.relative_to(root))
        if stat.S_ISREG(status.st_mode):
            tree[name] = (stat.S_IMODE(status.st_mode), hashlib.sha256(path.read_bytes()).hexdigest())
            if status.st_mode & 0o6000:
                privileged.append((name, stat.S_IMODE(status.st_mode)))
    return tree, sorted(privileged)


def run(*command: str | Path) -> None:
    subprocess.run([str(word) for word in command], check=True, capture_output=True)


def test_layers_that_umoci_made_are_seen_as_umoci_unpacks_them(tmp_path: Path) -> None:
    needed("umoci")
    image, bundle = tmp_path / "image", tmp_path / "bundle"
    run("umoci", "init", "--layout", image)
    run("umoci", "new", "--image", f"{image}:app")
    run("umoci", "unpack", "--image", f"{image}:app", bundle)
    root = bundle / "rootfs"
    (root / "usr/lib/deep").mkdir(parents=True)
    (root / "usr/bin").mkdir()
    (root / "lib").symlink_to("usr/lib")
    for name in ("a", "gone", "deep/x", "deep/y", "becomes-folder"):
        (root / "usr/lib" / name).write_text(name)
    (root / "usr/lib/linked").hardlink_to(root / "usr/lib/a")
    (root / "usr/bin/su").write_text("su")
    (root / "usr/bin/su").chmod(0o4755)
    (root / "usr/bin/wall").write_text("wall")
    (root / "usr/bin/wall").chmod(0o2755)
    (root / "n").write_text("x")
    (root / ("long" * 40)).write_text("long")
    run("umoci", "repack", "--image", f"{image}:app", "--refresh-bundle", bundle)
    (root / "usr/lib/gone").unlink()
    shutil.rmtree(root / "usr/lib/deep")
    (root / "usr/lib/deep").mkdir()
    (root / "usr/lib/deep/new").write_text("new")
    (root / "usr/lib/becomes-folder").unlink()
    (root / "usr/lib/becomes-folder").mkdir()
    (root / "usr/lib/becomes-folder/in").write_text("in")
    (root / "usr/bin/wall").chmod(0o755)
    run("umoci", "repack", "--image", f"{image}:app", "--refresh-bundle", bundle)
    shutil.rmtree(root / "usr/bin")
    (root / "usr/bin").write_text("now a file")
    run("umoci", "repack", "--image", f"{image}:app", bundle)
    run("umoci", "unpack", "--image", f"{image}:app", tmp_path / "again")
    assert len(open_image(f"{image}:app").layers) == 3
    assert seen(f"{image}:app") == unpacked(tmp_path / "again/rootfs")


@pytest.mark.parametrize("number", range(4))
def test_layers_of_our_own_are_seen_as_umoci_unpacks_them(tmp_path: Path, number: int) -> None:
    needed("umoci")
    low = layer(
        folder("usr"), folder("usr/lib"), symlink("lib", "usr/lib"), symlink("abs", "/usr/lib"), file("usr/lib/a", b"a"),
        file("dir/x", b"x"), file("dir/y", b"y"), file("su", b"s", mode=0o4755), hard_link("su2", "su"), file("f", b"f"),
    )  # fmt: skip
    highs = (
        layer(file("lib/b", b"b"), file("lib/.wh.a"), file("abs/c", b"c")),
        layer(file("dir/.wh..wh..opq"), file("dir/new", b"n"), file(".wh.su")),
        layer(folder("lib"), file("lib/own", b"o"), file(".wh.f"), file("f/in", b"i")),
        layer(file("dir", b"now a file"), file("../../up", b"u"), file("/rooted", b"r"), hard_link("a2", "usr/lib/a")),
    )
    place = layout(tmp_path / "image", [low, highs[number]])
    run("umoci", "unpack", "--image", f"{place}:latest", tmp_path / "bundle")
    assert seen(str(place)) == unpacked(tmp_path / "bundle/rootfs")


def test_an_image_that_buildah_made_is_seen_as_umoci_unpacks_it(tmp_path: Path) -> None:
    needed("umoci", "buildah")
    (tmp_path / "in").write_text("in")
    store = ["--root", str(tmp_path / "store"), "--runroot", str(tmp_path / "run"), "--storage-driver", "vfs"]
    (tmp_path / "Containerfile").write_text("FROM scratch\nCOPY in /a/in\nCOPY in /b\nUSER 7\nENV X=y\n")
    command = ["buildah", *store, "bud", "--layers", "--isolation", "chroot", "-t", "made", str(tmp_path)]
    try:
        run(*command)
        run("buildah", *store, "push", "made", f"oci:{tmp_path}/image:app")
    except subprocess.CalledProcessError as error:
        pytest.skip(f"buildah does not work here: {error.stderr.decode()[-200:]}")
    run("umoci", "unpack", "--image", f"{tmp_path}/image:app", tmp_path / "bundle")
    assert seen(f"{tmp_path}/image:app") == unpacked(tmp_path / "bundle/rootfs")
    config = open_image(f"{tmp_path}/image").config
    assert config.user == "7"
    assert "X=y" in config.environment


def test_a_layer_of_100_000_files_is_walked_to_its_last(tmp_path: Path) -> None:
    header, data = file("0" * 9, b"x")
    header.size = 0
    tar = bytearray()
    for number in range(100_000):
        header.name = f"d{number % 500}/{number}"
        tar += header.tobuf()
    made = packed(bytes(tar) + tar_of(file("last", data)))
    contents = open_image(str(layout(tmp_path, [made, layer(file(".wh.d7"))]))).walk(
        Wishes((Interest("some", lambda path, *_: path.endswith("99") or path == "last"),))
    )
    wanted = [f"d{n % 500}/{n}" for n in range(100_000) if str(n).endswith("99")]
    assert [one.path for one in contents.files["some"]] == sorted([*wanted, "last"])
