"""Reading one YAML text as the inventory that it makes."""

from textwrap import dedent

from fourc.collect.manifests.collect import collect_stdin
from fourc.collect.manifests.collected import Collected
from fourc.model.inventory import Inventory


def collected(text: str) -> Collected:
    """What the text holds, read as if it were piped in."""
    return collect_stdin(dedent(text).encode())


def inventory(text: str) -> Inventory:
    """The facts of a text that must be free of gaps."""
    result = collected(text)
    assert result.gaps == ()
    return result.inventory


def gaps(text: str) -> list[tuple[str, int, str]]:
    """Reason, line and English message of every gap."""
    return [
        (gap.reason.value, gap.location.line if gap.location else 0, gap.message.en) for gap in collected(text).gaps
    ]
