"""The command that takes a lock file to other versions, with nothing left to fill in."""

from fourc.vulns.commands.asked import Asked, Command, Near
from fourc.vulns.commands.table import command_of, governs

__all__ = ["Asked", "Command", "Near", "command_of", "governs"]
