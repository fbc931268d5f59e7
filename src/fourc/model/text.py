"""What a person reads, under the name that facts, checks and reports use; errors carry texts too, so it is defined below."""

from fourc.text import Lang, Text, join, same

__all__ = ["Lang", "Text", "join", "same"]
