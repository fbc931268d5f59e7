"""What apk's database says is installed (https://wiki.alpinelinux.org/wiki/Apk_spec)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fourc.collect.packages.form import PackagesError
from fourc.collect.system.apk import read_installed
from fourc.model.package import Distribution, Package, SourcePackage

INSTALLED = b"""C:Q1p78yvTLG094tHE1+dToJGbmYzQE=
P:libcrypto3
V:3.1.4-r5
A:x86_64
S:1717837
I:4239360
T:Crypto library from openssl
U:https://www.openssl.org/
L:Apache-2.0
o:openssl
m:Ariadne Conill <ariadne@dereferenced.org>
t:1706199217
c:b784a22cad0c452586b438cb7a597d846fc09ff4
p:so:libcrypto.so.3=3
F:lib
R:libcrypto.so.3
a:0:0:755
Z:Q1p78yvTLG094tHE1+dToJGbmYzQE=

C:Q1qKcZ+j23xssAXmgQhkOO8dHnbWw=
P:alpine-baselayout
V:3.4.3-r2
A:x86_64
L:GPL-2.0-only

"""


def test_packages_come_with_their_origin_and_licence() -> None:
    told = read_installed("lib/apk/db/installed", INSTALLED, Distribution("alpine", "3.19.1"))
    assert told.listing.packages == (
        Package(
            "Alpine:v3.19",
            "libcrypto3",
            "3.1.4-r5",
            1,
            source=SourcePackage("openssl", "3.1.4-r5"),
            architecture="x86_64",
            licences=("Apache-2.0",),
        ),
        Package(
            "Alpine:v3.19",
            "alpine-baselayout",
            "3.4.3-r2",
            20,
            source=SourcePackage("alpine-baselayout", "3.4.3-r2"),
            architecture="x86_64",
            licences=("GPL-2.0-only",),
        ),
    )


def test_a_package_without_a_version_makes_the_database_broken() -> None:
    with pytest.raises(PackagesError, match="without a name or a version"):
        read_installed("installed", b"P:musl\nA:x86_64\n\n")


@given(st.binary(max_size=300))
def test_no_bytes_make_it_fail_in_another_way(data: bytes) -> None:
    try:
        told = read_installed("installed", b"P:a\nV:1\n" + data)
    except PackagesError:
        return
    assert told.listing.packages[0].name == "a"
