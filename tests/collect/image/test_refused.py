"""What is broken, not what it was promised to be, or more than is read, is refused; nothing else is lost with it."""

import json
import os
from pathlib import Path

import pytest
from tests.collect.image.makers import (
    CONFIG,
    INDEX,
    MANIFEST,
    Made,
    config_for,
    digest_of,
    docker_archive,
    file,
    layer,
    layout,
    manifest_for,
    packed,
    tar_of,
    write_blob,
)
from tests.collect.image.walking import LAYERS, walked

from fourc.collect.image.errors import DigestError, ImageError
from fourc.collect.image.limits import Limits
from fourc.collect.image.open import Choices, open_image
from fourc.collect.image.wishes import Search, Wishes
from fourc.model.gap import GapReason


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


def test_a_name_that_is_neither_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("No Image", "", "a\0b", "x" * 5000, "UPPER", "docker://"):
        with pytest.raises(ImageError, match="neither"):
            open_image(name, Choices(offline=True))
