"""apk's indexes offer what they list; repositories with a tag do not count."""

import gzip
import hashlib
import io
import tarfile

import pytest

from fourc.collect.system.apk_index import index_updates
from fourc.collect.system.tree import Files
from fourc.model.gap import GapReason
from fourc.model.update import Offered

INDEX = b"""C:Q1abc=
P:libcrypto3
V:3.1.8-r0
A:x86_64
o:openssl

C:Q1def=
P:busybox
V:1.36.1-r20
A:x86_64
"""
EXPECTED = Offered("libcrypto3", "3.1.8-r0", "x86_64", security=False)


def tar(**members: bytes) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return made.getvalue()


def signed(index: bytes) -> bytes:
    """As Alpine's servers have it: a signature in a gzip of its own, then the index in another."""
    signature = tar(**{".SIGN.RSA.alpine-devel@lists.alpinelinux.org-5243ef4b.rsa.pub": b"signature"})
    return gzip.compress(signature[:1024]) + gzip.compress(tar(DESCRIPTION=b"v3.19.1-12-gabc\n", APKINDEX=index))


@pytest.mark.parametrize("folder", ["var/cache/apk", "etc/apk/cache"])
def test_an_index_offers_what_it_lists(folder: str) -> None:
    path = f"{folder}/APKINDEX.066df28d.tar.gz"
    offers = index_updates(Files({path: signed(INDEX)}), {b"libcrypto3", b"musl"})
    assert offers.offered == (EXPECTED,)
    assert [source.path for source in offers.sources] == [path]


def test_a_repository_that_one_must_ask_for_by_a_tag_offers_nothing() -> None:
    url = b"https://dl-cdn.alpinelinux.org/alpine/edge/testing"
    name = hashlib.sha1(url, usedforsecurity=False).hexdigest()[:8]
    files = {
        "etc/apk/repositories": b"https://dl-cdn.alpinelinux.org/alpine/v3.19/main\n@edge " + url + b"\n",
        f"var/cache/apk/APKINDEX.{name}.tar.gz": signed(INDEX),
    }
    assert index_updates(Files(files), {b"libcrypto3"}).offered == ()
    files["etc/apk/repositories"] = url
    assert index_updates(Files(files), {b"libcrypto3"}).offered == (EXPECTED,)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"x" * 1000,
        gzip.compress(b"x" * 1000),
        gzip.compress(tar(OTHER=INDEX)),
        gzip.compress(tar(APKINDEX=INDEX)[:600]),
        gzip.compress(tar(APKINDEX=INDEX).replace(f"{len(INDEX):011o}".encode(), b"77777777777")),
        gzip.compress(tar(OTHER=b"").replace(b"00000000000", b"-0000000512")),
    ],
    ids=["empty", "text", "no tar", "another member", "cut off", "a lying size", "a negative size"],
)
def test_what_is_no_index_is_a_gap(data: bytes) -> None:
    offers = index_updates(Files({"var/cache/apk/APKINDEX.066df28d.tar.gz": data}), {b"libcrypto3"})
    assert [g.reason for g in offers.gaps] == [GapReason.MALFORMED]
    assert offers.offered == ()
