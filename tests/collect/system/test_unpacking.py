"""What is unpacked is what was packed, or refused; never more than the limit is made of it."""

import bz2
import gzip
import lzma
from collections.abc import Callable

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from fourc.collect.packages.form import PackagesError
from fourc.collect.system.unpacking import unpacked

WAYS: list[Callable[[bytes], bytes]] = [gzip.compress, lzma.compress, bz2.compress, zstandard.compress]


@pytest.mark.parametrize("pack", WAYS)
def test_streams_one_after_the_other_are_one_text(pack: Callable[[bytes], bytes]) -> None:
    assert unpacked(pack(b"one ") + pack(b"two")) == b"one two"


@pytest.mark.parametrize("pack", WAYS)
def test_a_bomb_is_refused_at_the_limit(pack: Callable[[bytes], bytes]) -> None:
    bomb = pack(bytes(20_000_000))
    with pytest.raises(PackagesError, match="more than the"):
        unpacked(bomb, 3_000_000)
    assert unpacked(pack(bytes(3_000_000)), 3_000_000) == bytes(3_000_000)


@pytest.mark.parametrize("pack", WAYS[:3])
def test_what_ends_too_early_is_refused(pack: Callable[[bytes], bytes]) -> None:
    with pytest.raises(PackagesError, match="cannot be unpacked"):
        unpacked(pack(bytes(range(256)) * 100)[:-30])


@given(st.sampled_from(WAYS), st.binary(max_size=2000), st.integers(0, 200), st.integers(0, 255))
def test_damage_is_refused_or_gives_bytes(pack: Callable[[bytes], bytes], data: bytes, at: int, value: int) -> None:
    packed = bytearray(pack(data))
    packed[at % len(packed)] = value
    try:
        made = unpacked(bytes(packed), 10_000)
    except PackagesError:
        return
    assert len(made) <= 10_000
