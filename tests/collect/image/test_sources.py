"""Images in folders and archives of every form, and what is refused of them."""

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
    CONFIG,
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
    manifest_for,
    packed,
    symlink,
    tar_of,
    write_blob,
)

from fourc.collect.image.errors import DigestError, ImageError
from fourc.collect.image.image import Contents
from fourc.collect.image.limits import Limits
from fourc.collect.image.open import Choices, open_image
from fourc.collect.image.wishes import Interest, Search, Wishes
from fourc.model.gap import GapReason

ALL = Wishes((Interest("all", lambda *_: True),))
LAYERS = (layer(file("a", b"old"), file("b", b"b" * 100_000)), layer(file("a", b"new")))
SEEN = {"a": b"new", "b": b"b" * 100_000}


def walked(named: Path | str, **choices: object) -> Contents:
    return open_image(str(named), Choices(**choices)).walk(ALL)  # type: ignore[arg-type]


def seen(named: Path | str, **choices: object) -> dict[str, bytes]:
    return {one.path: one.facts for one in walked(named, **choices).files["all"]}


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


def other_bytes(place: Path, digest: str, data: bytes) -> None:
    write_blob(place, digest, data)


def test_a_layer_with_other_bytes_has_a_wrong_digest(tmp_path: Path) -> None:
    place = layout(tmp_path, LAYERS)
    write_blob(place, LAYERS[1].digest, layer(file("evil", b"x")).stored)
    with pytest.raises(DigestError, match="wrong digest: layer 2 is sha256:"):
        walked(place)


@pytest.mark.parametrize("cut", [3, 20, 100])
def test_a_layer_that_is_cut_off_has_a_wrong_digest(tmp_path: Path, cut: int) -> None:
    place = layout(tmp_path, LAYERS)
    write_blob(place, LAYERS[0].digest, LAYERS[0].stored[:-cut])
    with pytest.raises(DigestError, match="wrong digest: layer 1"):
        walked(place)


def test_a_layer_that_unpacks_to_something_else_than_was_promised_is_refused(tmp_path: Path) -> None:
    other = layer(file("evil", b"x"))
    lying = Made(other.stored, LAYERS[0].diff_id)
    with pytest.raises(DigestError, match="wrong digest: layer 1"):
        walked(layout(tmp_path, [lying]))


def test_an_old_archives_layer_is_held_to_its_unpacked_digest(tmp_path: Path) -> None:
    path = docker_archive(tmp_path / "old.tar", [tar_of(file("aaaa", b"evil"))])
    data = path.read_bytes()
    path.write_bytes(data.replace(b"evil", b"good"))
    with pytest.raises(DigestError, match="wrong digest"):
        walked(path)


@pytest.mark.parametrize("what", ["manifest", "config"])
def test_documents_are_held_to_their_digests(tmp_path: Path, what: str) -> None:
    place = layout(tmp_path, LAYERS)
    config = config_for(LAYERS)
    data = config if what == "config" else manifest_for(config, LAYERS)
    write_blob(place, digest_of(data), data + b" ")
    with pytest.raises(DigestError, match=f"wrong digest: {what}"):
        open_image(str(place))


def written(place: Path, document: object) -> Path:
    """A layout whose index leads to this document."""
    data = document if isinstance(document, bytes) else json.dumps(document).encode()
    write_blob(place, digest_of(data), data)
    top = {"schemaVersion": 2, "manifests": [{"mediaType": MANIFEST, "digest": digest_of(data), "size": len(data)}]}
    (place / "index.json").write_text(json.dumps(top))
    return place


CONFIGURED = {"mediaType": CONFIG, "digest": "sha256:" + "0" * 64, "size": 1}


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"layers": 5, "config": {}}',
        b'{"config": null, "layers": null}',
        b"[" * 200_000,
        b'{"x": ' * 200_000,
        b'{"config": {"digest": "\xff"}}',
        b"\0\0\0",
        {"config": {"digest": "../../../etc/passwd"}, "layers": []},
        {"config": CONFIGURED, "layers": [], "manifests": []},
        {"config": CONFIGURED, "layers": [{"digest": "../../../../etc/passwd", "size": 1}]},
        {"config": CONFIGURED, "layers": [{"digest": 5}]},
        {"manifests": [{"digest": "sha256:" + "1" * 64}]},
        {"manifests": []},
    ],
)
def test_a_broken_document_is_refused_with_what_to_do(tmp_path: Path, document: object) -> None:
    with pytest.raises(ImageError) as refused:
        open_image(str(written(tmp_path, document)))
    assert refused.value.hint is not None


def test_a_chart_is_no_image(tmp_path: Path) -> None:
    config = b'{"name": "chart", "version": "1"}'
    write_blob(tmp_path, digest_of(config), config)
    place = written(tmp_path, json.loads(manifest_for(config, [])))
    with pytest.raises(ImageError, match="no container image") as refused:
        open_image(str(place))
    assert refused.value.reason is GapReason.UNSUPPORTED


def test_layers_that_are_not_named_in_the_configuration_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ImageError, match="2 layers but names 1"):
        open_image(str(layout(tmp_path, LAYERS, config_for(LAYERS[:1]))))


def test_ten_thousand_layers_are_too_many(tmp_path: Path) -> None:
    with pytest.raises(ImageError) as refused:
        open_image(str(layout(tmp_path, [LAYERS[0]] * 10_000)))
    assert refused.value.reason is GapReason.TOO_LARGE


def test_indexes_in_indexes_end(tmp_path: Path) -> None:
    inner = {"manifests": [{"digest": "sha256:" + "2" * 64}]}
    for _ in range(8):
        data = json.dumps(inner).encode()
        write_blob(tmp_path, digest_of(data), data)
        inner = {"manifests": [{"digest": digest_of(data), "mediaType": INDEX}]}
    with pytest.raises(ImageError, match="deep"):
        open_image(str(written(tmp_path, inner)))


def test_a_manifest_larger_than_registries_take_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImageError) as refused:
        open_image(str(written(tmp_path, b" " * (5 << 20))))
    assert refused.value.reason is GapReason.TOO_LARGE


def test_a_layer_of_an_unknown_kind_is_a_gap_and_the_others_are_read(tmp_path: Path) -> None:
    odd = Made(LAYERS[0].stored, LAYERS[0].diff_id, "application/vnd.oci.image.layer.v1.tar+encrypted")
    contents = walked(layout(tmp_path, [odd, LAYERS[1]]))
    assert [one.path for one in contents.files["all"]] == ["a"]
    (gap,) = contents.gaps
    assert (gap.reason, gap.message.en) == (
        GapReason.UNSUPPORTED,
        "layer 1 is of a kind that cannot be read here: application/vnd.oci.image.layer.v1.tar+encrypted",
    )


def test_a_layer_that_must_be_fetched_elsewhere_is_a_gap(tmp_path: Path) -> None:
    foreign = Made(LAYERS[0].stored, LAYERS[0].diff_id, "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip")
    place = layout(tmp_path, [foreign, LAYERS[1]])
    (place / "blobs" / foreign.digest.replace(":", "/")).unlink()
    contents = walked(place)
    assert [one.path for one in contents.files["all"]] == ["a"]
    assert [(gap.reason, gap.message.en[:30]) for gap in contents.gaps] == [
        (GapReason.MISSING, "layer 1 is not in the image, i")
    ]


def test_a_layer_that_should_be_there_and_is_not_is_an_error(tmp_path: Path) -> None:
    place = layout(tmp_path, LAYERS)
    (place / "blobs" / LAYERS[0].digest.replace(":", "/")).unlink()
    with pytest.raises(ImageError) as refused:
        walked(place)
    assert refused.value.reason is GapReason.MISSING


def test_a_packing_that_is_unknown_here_is_refused_by_its_name(tmp_path: Path) -> None:
    import lzma  # noqa: PLC0415 - only here

    tar = tar_of(file("a"))
    with pytest.raises(ImageError, match="xz") as refused:
        walked(layout(tmp_path, [Made(lzma.compress(tar), digest_of(tar))]))
    assert refused.value.reason is GapReason.UNSUPPORTED


def test_a_bomb_ends_at_the_limit(tmp_path: Path) -> None:
    bomb = packed(tar_of(file("zeros", bytes(20 << 20))))
    with pytest.raises(ImageError) as refused:
        walked(layout(tmp_path, [bomb]), limits=Limits(free_bytes=1 << 20))
    assert refused.value.reason is GapReason.TOO_LARGE


def test_more_entries_than_are_read_are_refused(tmp_path: Path) -> None:
    many = layer(*(file(f"f{n}") for n in range(3000)))
    with pytest.raises(ImageError) as refused:
        walked(layout(tmp_path, [many]), limits=Limits(entries=2000))
    assert refused.value.reason is GapReason.TOO_LARGE


def test_few_entries_more_than_are_read_are_refused_too(tmp_path: Path) -> None:
    with pytest.raises(ImageError) as refused:
        walked(layout(tmp_path, [layer(*(file(f"f{n}") for n in range(20)))]), limits=Limits(entries=10))
    assert refused.value.reason is GapReason.TOO_LARGE


def test_a_search_that_would_keep_too_much_is_refused(tmp_path: Path) -> None:
    class Loud:
        def wants(self, path: str, size: int, head: bytes) -> bool:
            return bool(path or size or head)

        def file(self, path: str, data: bytes) -> None:
            """Nothing."""

        def end(self) -> bytes:
            return b"x" * 2000

    place = layout(tmp_path, LAYERS)
    with pytest.raises(ImageError) as refused:
        open_image(str(place), Choices(limits=Limits(kept_bytes=1000))).walk(
            Wishes((), (Search("s", lambda _: Loud()),))
        )
    assert refused.value.reason is GapReason.TOO_LARGE


def test_more_wanted_bytes_than_are_kept_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ImageError) as refused:
        walked(layout(tmp_path, LAYERS), limits=Limits(kept_bytes=1000))
    assert refused.value.reason is GapReason.TOO_LARGE


def test_a_layer_whose_folders_are_replaced_without_end_is_refused(tmp_path: Path) -> None:
    entries = [one for n in range(300) for one in (file(f"d{n}/x"), file(f"d{n}"))]
    with pytest.raises(ImageError) as refused:
        walked(layout(tmp_path, [layer(*entries)]), limits=Limits(steps=1000))
    assert refused.value.reason is GapReason.TOO_LARGE


def test_what_is_no_image_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("hello")
    (tmp_path / "empty").write_bytes(b"")
    (tmp_path / "other.tar").write_bytes(tar_of(file("a", b"x")))
    (tmp_path / "broken.gz").write_bytes(b"\x1f\x8b broken")
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    for name in ("text", "empty", "other.tar", "broken.gz", "folder", "pipe", "absent"):
        with pytest.raises(ImageError) as refused:
            open_image(str(tmp_path / name))
        assert refused.value.hint is not None


@pytest.mark.parametrize(
    "saved", [b"{}", b"[{}]", b'[{"Config": "x", "Layers": []}]', b'[{"Config": 1, "Layers": []}]']
)
def test_a_broken_manifest_of_an_archive_is_refused(tmp_path: Path, saved: bytes) -> None:
    (tmp_path / "a.tar").write_bytes(tar_of(file("manifest.json", saved)))
    with pytest.raises(ImageError):
        open_image(str(tmp_path / "a.tar"))


def test_an_archive_with_more_members_than_are_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.tar").write_bytes(tar_of(*(file(f"f{n}") for n in range(100))))
    with pytest.raises(ImageError, match="members"):
        open_image(str(tmp_path / "a.tar"), Choices(limits=Limits(members=50)))


def test_an_archive_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    path = docker_archive(tmp_path / "old.tar", [tar_of(file("a", b"x" * 50_000))])
    path.write_bytes(path.read_bytes()[:30_000])
    with pytest.raises(ImageError, match="early"):
        open_image(str(path))


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


def test_a_name_that_is_neither_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("No Image", "", "a\0b", "x" * 5000, "UPPER", "docker://"):
        with pytest.raises(ImageError, match="neither"):
            open_image(name, Choices(offline=True))
