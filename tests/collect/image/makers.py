"""Images made by hand, byte by byte where a tool would refuse."""

import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

GZIP = "application/vnd.oci.image.layer.v1.tar+gzip"
PLAIN = "application/vnd.oci.image.layer.v1.tar"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
CONFIG = "application/vnd.oci.image.config.v1+json"
INDEX = "application/vnd.oci.image.index.v1+json"


class Made(Struct):
    """A layer: what is stored, its type, and the digest of its tar."""

    stored: bytes
    diff_id: str
    media_type: str = GZIP

    @property
    def digest(self) -> str:
        return digest_of(self.stored)


def digest_of(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def file(name: str, data: bytes = b"", *, mode: int = 0o644, uid: int = 0) -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo(name)
    info.size, info.mode, info.uid = len(data), mode, uid
    return info, data


def other(name: str, kind: bytes, target: str = "", mode: int = 0o755) -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.mode = kind, target, mode
    return info, b""


def folder(name: str) -> tuple[tarfile.TarInfo, bytes]:
    return other(name, tarfile.DIRTYPE)


def symlink(name: str, target: str) -> tuple[tarfile.TarInfo, bytes]:
    return other(name, tarfile.SYMTYPE, target)


def hard_link(name: str, target: str) -> tuple[tarfile.TarInfo, bytes]:
    return other(name, tarfile.LNKTYPE, target)


def tar_of(*entries: tuple[tarfile.TarInfo, bytes], form: int = tarfile.PAX_FORMAT) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w", format=form, errors="surrogateescape") as tar:
        for info, data in entries:
            tar.addfile(info, io.BytesIO(data))
    return target.getvalue()


def packed(tar: bytes) -> Made:
    return Made(gzip.compress(tar, 1), digest_of(tar))


def layer(*entries: tuple[tarfile.TarInfo, bytes]) -> Made:
    return packed(tar_of(*entries))


def config_for(layers: Sequence[Made], **more: object) -> bytes:
    document = {
        "os": "linux",
        "architecture": "amd64",
        "rootfs": {"type": "layers", "diff_ids": [m.diff_id for m in layers]},
    }
    return json.dumps({**document, **more}).encode()


def manifest_for(config: bytes, layers: Sequence[Made]) -> bytes:
    described = [{"mediaType": m.media_type, "digest": m.digest, "size": len(m.stored)} for m in layers]
    about = {"mediaType": CONFIG, "digest": digest_of(config), "size": len(config)}
    return json.dumps({"schemaVersion": 2, "mediaType": MANIFEST, "config": about, "layers": described}).encode()


def blobs_for(layers: Sequence[Made], config: bytes | None = None) -> tuple[str, dict[str, bytes]]:
    """All blobs of an image by digest, and the digest of its manifest."""
    config = config_for(layers) if config is None else config
    manifest = manifest_for(config, layers)
    return digest_of(manifest), {digest_of(b): b for b in (config, manifest, *(m.stored for m in layers))}


def layout(place: Path, layers: Sequence[Made], config: bytes | None = None, name: str = "latest") -> Path:
    """An OCI layout folder."""
    digest, blobs = blobs_for(layers, config)
    for one, data in blobs.items():
        write_blob(place, one, data)
    described = {
        "mediaType": MANIFEST,
        "digest": digest,
        "size": len(blobs[digest]),
        "annotations": {"org.opencontainers.image.ref.name": name},
    }
    (place / "index.json").write_text(json.dumps({"schemaVersion": 2, "manifests": [described]}))
    (place / "oci-layout").write_text('{"imageLayoutVersion": "1.0.0"}')
    return place


def write_blob(place: Path, digest: str, data: bytes) -> Path:
    path = place / "blobs" / digest.replace(":", "/")
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_bytes() != data:  # an unchanged file keeps its times
        path.write_bytes(data)
    return path


def docker_archive(path: Path, tars: Sequence[bytes], names: Sequence[str] = ("app:1",), **more: object) -> Path:
    """What `docker save` wrote before it knew OCI's layout."""
    layers = [Made(tar, digest_of(tar), PLAIN) for tar in tars]
    config = config_for(layers, **more)
    name = digest_of(config).partition(":")[2] + ".json"
    places = [f"{place:064x}/layer.tar" for place in range(len(tars))]
    saved = [{"Config": name, "RepoTags": list(names), "Layers": places}]
    members = [file(place, tar) for place, tar in zip(places, tars, strict=True)]
    path.write_bytes(tar_of(*members, file(name, config), file("manifest.json", json.dumps(saved).encode())))
    return path
