"""Versions in the order of their ecosystem, exactly as its own tools have it.

Every order gives a key: bytes that sort as the versions do, equal for equal versions. Text that an ecosystem's tools refuse has a
place too (each module says which), so that one bad line in an advisory hides no other; `is_version` tells it apart.
"""

from fourc.vulns.versions.ecosystems import VersionError, order_of

__all__ = ["VersionError", "compare", "is_version", "key"]


def key(ecosystem: str, version: str) -> bytes:
    """Bytes that sort as the ecosystem's versions do, and are equal exactly where these are; time grows with the text's length.

    Raises:
        VersionError: the ecosystem has no order.
    """
    return order_of(ecosystem).key(version).encode("utf-8", "surrogatepass")


def compare(ecosystem: str, a: str, b: str) -> int:
    """-1 where `a` comes before `b`, 0 where they are the same version, 1 where it comes after.

    Raises:
        VersionError: the ecosystem has no order.
    """
    order = order_of(ecosystem).key
    first, second = order(a), order(b)
    return (first > second) - (first < second)


def is_version(ecosystem: str, text: str) -> bool:
    """Whether the ecosystem's own tools would take this for a version."""
    try:
        return order_of(ecosystem).valid(text)
    except VersionError:
        return False
