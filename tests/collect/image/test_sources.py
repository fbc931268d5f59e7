"""Images in folders and archives of every form, and which of several is read."""

import gzip
import json
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard
from tests.collect.image.makers import (
    INDEX,
    MANIFEST,
    PLAIN,
    Made,
    blobs_for,
    config_for,
    digest_of,
    docker_archive,
    file,
    layer,
    layout,
    symlink,
    tar_of,
    write_blob,
)
from tests.collect.image.walking import ALL, LAYERS, SEEN, seen

from fourc.collect.image.errors import ImageError
from fourc.collect.image.open import open_image


def tarred(folder: Path, target: Path) -> Path:
    with tarfile.open(target, "w") as tar:
        tar.add(folder, ".")
    return target


def test_a_layout_is_read_as_folder_as_tar_and_as_packed_tar(tmp_path: Path) -> None:
    place = layout(tmp_path / "layout", LAYERS)
    tar = tarred(place, tmp_path / "image.tar")
    (tmp_path / "image.tar.gz").write_bytes(gzip.compress(tar.read_bytes()))
    (tmp_path / "image.tar.zst").write_bytes(zstandard.compress(tar.read_bytes()))
    for named in (place, tar, tmp_path / "image.tar.gz", tmp_path / "image.tar.zst"):
        assert seen(named) == SEEN


def test_an_old_docker_archive_is_read(tmp_path: Path) -> None:
    tars = [tar_of(file("a", b"old"), file("b", b"b" * 100_000)), tar_of(file("a", b"new"))]
    assert seen(docker_archive(tmp_path / "old.tar", tars)) == SEEN


def test_a_layer_that_an_old_archive_links_to_is_read_twice(tmp_path: Path) -> None:
    tar = tar_of(file("a", b"a"))
    config = config_for([Made(tar, digest_of(tar), PLAIN)] * 2)
    name = digest_of(config).partition(":")[2] + ".json"
    saved = [{"Config": name, "RepoTags": None, "Layers": ["1/layer.tar", "2/layer.tar"]}]
    members = (file("1/layer.tar", tar), symlink("2/layer.tar", "../1/layer.tar"), file(name, config))
    (tmp_path / "old.tar").write_bytes(tar_of(*members, file("manifest.json", json.dumps(saved).encode())))
    image = open_image(str(tmp_path / "old.tar"))
    assert [one.diff_id for one in image.layers] == [digest_of(tar)] * 2
    assert image.walk(ALL).files["all"][0].layer.place == 1


@pytest.mark.parametrize("form", ["oci-archive", "docker-archive", "oci"])
def test_what_skopeo_writes_is_read(tmp_path: Path, form: str) -> None:
    if shutil.which("skopeo") is None:
        pytest.skip("skopeo is not installed")
    place = layout(tmp_path / "layout", LAYERS, config_for(LAYERS, config={"User": "app"}))
    target = f"{form}:{tmp_path}/out"
    subprocess.run(["skopeo", "copy", "-q", f"oci:{place}:latest", f"{target}:app:2"], check=True)
    image = open_image(f"{target}:app:2" if form == "oci" else str(tmp_path / "out"))
    assert {one.path: one.facts for one in image.walk(ALL).files["all"]} == SEEN
    assert image.config.user == "app"
    assert open_image(target).diff_ids == image.diff_ids


PACKINGS: dict[str, Callable[[bytes], tuple[bytes, str]]] = {
    "plain": lambda tar: (tar, PLAIN),
    "gzip": lambda tar: (gzip.compress(tar), f"{PLAIN}+gzip"),
    "gzip of several members": lambda tar: (
        gzip.compress(tar[:1000]) + gzip.compress(b"") + gzip.compress(tar[1000:]),
        f"{PLAIN}+gzip",
    ),
    "zstd": lambda tar: (zstandard.compress(tar), f"{PLAIN}+zstd"),
    "zstd of several frames": lambda tar: (
        b"\x50\x2a\x4d\x18\x04\0\0\0meta" + zstandard.compress(tar[:1000]) + zstandard.compress(tar[1000:]),
        f"{PLAIN}+zstd",
    ),
    "docker": lambda tar: (gzip.compress(tar), "application/vnd.docker.image.rootfs.diff.tar.gzip"),
    "gzip under another name": lambda tar: (gzip.compress(tar), PLAIN),
}


@pytest.mark.parametrize("way", PACKINGS)
def test_a_layer_is_unpacked_whatever_packed_it(tmp_path: Path, way: str) -> None:
    tar = tar_of(file("a", os.urandom(300_000)), file("b", b"b"))
    stored, kind = PACKINGS[way](tar)
    assert seen(layout(tmp_path, [Made(stored, digest_of(tar), kind)]))["b"] == b"b"


def test_gzip_is_read_without_the_fast_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "isal", None)
    tar = tar_of(file("a", os.urandom(300_000)), file("b", b"b"))
    stored = gzip.compress(tar[:1000]) + gzip.compress(tar[1000:])
    place = layout(tmp_path, [Made(stored, digest_of(tar))])
    assert seen(place)["b"] == b"b"
    broken = layout(tmp_path / "broken", [Made(stored[:-20], digest_of(tar))])
    with pytest.raises(ImageError, match="broken"):
        seen(broken)


def test_the_platform_is_this_machines_or_the_one_that_is_asked_for(tmp_path: Path) -> None:
    described = []
    for architecture, variant in (("amd64", None), ("arm64", "v8"), ("arm", "v7")):
        made = [layer(file("arch", architecture.encode()))]
        config = config_for(made, architecture=architecture)
        digest, blobs = blobs_for(made, config)
        for one, data in blobs.items():
            write_blob(tmp_path, one, data)
        on = {"os": "linux", "architecture": architecture, **({"variant": variant} if variant else {})}
        described.append({"mediaType": MANIFEST, "digest": digest, "size": len(blobs[digest]), "platform": on})
    proof = {"mediaType": MANIFEST, "digest": described[0]["digest"], "annotations": {"vnd.docker.reference.type": "x"}}
    index = json.dumps({"schemaVersion": 2, "mediaType": INDEX, "manifests": [*described, proof]}).encode()
    write_blob(tmp_path, digest_of(index), index)
    top = {"schemaVersion": 2, "manifests": [{"mediaType": INDEX, "digest": digest_of(index), "size": len(index)}]}
    (tmp_path / "index.json").write_text(json.dumps(top))
    assert seen(tmp_path, platform="linux/arm64") == {"arch": b"arm64"}
    assert seen(tmp_path, platform="linux/arm/v7") == {"arch": b"arm"}
    assert seen(tmp_path, platform="amd64") == {"arch": b"amd64"}
    with pytest.raises(ImageError, match=r"s390x.*linux/amd64, linux/arm64"):
        seen(tmp_path, platform="linux/s390x")


def test_of_several_images_one_is_chosen_by_name_and_none_by_chance(tmp_path: Path) -> None:
    first = json.loads((layout(tmp_path, LAYERS, name="one") / "index.json").read_text())["manifests"]
    second = json.loads((layout(tmp_path, LAYERS[:1], name="two") / "index.json").read_text())["manifests"]
    (tmp_path / "index.json").write_text(json.dumps({"schemaVersion": 2, "manifests": first + second}))
    assert seen(f"{tmp_path}:one")["a"] == b"new"
    assert seen(f"oci:{tmp_path}:two")["a"] == b"old"
    with pytest.raises(ImageError, match="one, two"):
        seen(tmp_path)
    with pytest.raises(ImageError, match="three"):
        seen(f"{tmp_path}:three")


def test_how_a_container_starts_and_how_it_was_built_is_told(tmp_path: Path) -> None:
    config = config_for(
        LAYERS,
        created="2026-01-02T03:04:05Z",
        config={
            "User": "1000:1000",
            "Env": ["A=b"],
            "Entrypoint": ["/app"],
            "Cmd": "serve",
            "ExposedPorts": {"8080/tcp": {}},
            "Labels": {"z": "1", "a": "2"},
            "WorkingDir": "/srv",
        },
        history=[
            {"created_by": "ADD rootfs"},
            {"created_by": "ENV A=b", "empty_layer": True},
            {"created_by": "RUN x"},
            {"created_by": "one too many"},
        ],
    )
    image = open_image(str(layout(tmp_path, LAYERS, config)))
    found = image.config
    assert (found.os, found.architecture, found.created, found.user) == (
        "linux",
        "amd64",
        "2026-01-02T03:04:05Z",
        "1000:1000",
    )
    assert (found.environment, found.entrypoint, found.command) == (("A=b",), ("/app",), ("serve",))
    assert (found.ports, found.labels, found.folder) == (("8080/tcp",), (("a", "2"), ("z", "1")), "/srv")
    assert [(s.command, s.layer) for s in found.history] == [
        ("ADD rootfs", 0),
        ("ENV A=b", None),
        ("RUN x", 1),
        ("one too many", None),
    ]
    assert image.names == ("latest",)
    assert image.config_digest == digest_of(config)


def test_an_image_without_settings_has_empty_ones(tmp_path: Path) -> None:
    config = config_for(LAYERS, config={"Env": None, "Labels": None, "ExposedPorts": None}, history=None)
    found = open_image(str(layout(tmp_path, LAYERS, config))).config
    assert (found.user, found.environment, found.ports, found.history) == ("", (), (), ())


def test_nothing_is_written_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = layout(tmp_path / "image", [layer(file("../../../evil", b"x"), file("/evil", b"x"), symlink("l", "/"))])
    before = sorted(str(path) for path in tmp_path.rglob("*"))
    monkeypatch.chdir(tmp_path)
    assert seen(place) == {"evil": b"x"}
    assert sorted(str(path) for path in tmp_path.rglob("*")) == before


def test_a_path_that_exists_wins_over_a_reference(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    layout(tmp_path / "nginx", LAYERS)
    monkeypatch.chdir(tmp_path)
    assert seen("nginx") == SEEN
