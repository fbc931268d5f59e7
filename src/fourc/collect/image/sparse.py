"""Files with holes: where their pieces go."""

from collections.abc import Callable

Holes = list[tuple[int, int]]


def old_map(pairs: bytes) -> Holes:
    """The pieces (offset, length) that a GNU header or one of the blocks after it names, 12 bytes each."""
    holes = []
    for at in range(0, len(pairs), 24):
        offset, length = pairs[at : at + 12].strip(b" \0"), pairs[at + 12 : at + 24].strip(b" \0")
        if not offset or not _octal(offset) or not _octal(length):
            break
        holes.append((int(offset, 8), int(length or b"0", 8)))
    return holes


def said_map(said: dict[str, bytes]) -> Holes | None:
    """The pieces that an extended header names (formats 0.0 and 0.1); None where they stand before the content (1.0)."""
    listed = said.get("GNU.sparse.map")
    if listed is None:
        return None
    numbers = [int(number) if number.isdigit() and len(number) < 20 else 0 for number in listed.split(b",")]
    return list(zip(numbers[::2], numbers[1::2], strict=False))


def filling(take: Callable[[bytes], None], holes: Holes | None, size: int) -> Callable[[bytes], None]:
    """What gives the whole file to `take` once its pieces are there."""

    def fill(stored: bytes) -> None:
        pieces, at = (holes, 0) if holes is not None else _map_before(stored)
        whole = bytearray(size)
        for offset, length in pieces:
            piece = stored[at : at + length]
            if offset + len(piece) <= size:
                whole[offset : offset + len(piece)] = piece
            at += length
        take(bytes(whole))

    return fill


def _map_before(stored: bytes) -> tuple[Holes, int]:
    """Format 1.0: a count, then as many pairs, a decimal number a line, padded to whole blocks."""
    count, _, rest = stored.partition(b"\n")
    if not count.isdigit() or len(count) > 7:
        return [], 0
    lines = rest.split(b"\n", 2 * int(count))
    numbers = [int(line) for line in lines[: 2 * int(count)] if line.isdigit() and len(line) < 20]
    used = len(count) + 1 + sum(len(line) + 1 for line in lines[: 2 * int(count)])
    return list(zip(numbers[::2], numbers[1::2], strict=False)), (used + 511) & -512


def _octal(text: bytes) -> bool:
    return all(48 <= byte < 56 for byte in text)
