"""Entropy as gitleaks works it out."""

from collections import Counter
from math import log2


def entropy(value: str) -> float:
    """Shannon's, of characters, but in so many bytes; 0 for nothing."""
    size = len(value.encode())
    return -sum(n / size * log2(n / size) for n in Counter(value).values())
