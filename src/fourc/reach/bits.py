"""Sets of small numbers as the bits of one integer."""

from collections.abc import Iterable, Iterator


def members(bits: int) -> Iterator[int]:
    """The numbers in the set, ascending."""
    digits = bin(bits)[:1:-1]
    at = digits.find("1")
    while at >= 0:
        yield at
        at = digits.find("1", at + 1)


def bits_of(numbers: Iterable[int]) -> int:
    """The set of the numbers."""
    bits = 0
    for number in numbers:
        bits |= 1 << number
    return bits
