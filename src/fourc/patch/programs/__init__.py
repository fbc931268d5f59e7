"""A quoted text in a program, so that a variable of the environment is read in its place."""

from fourc.patch.programs.environment import (
    edits_for,
    is_program,
    is_variable,
    literal_at,
    reads_variable,
    variable_name,
)
from fourc.patch.programs.literal import Literal

__all__ = ["Literal", "edits_for", "is_program", "is_variable", "literal_at", "reads_variable", "variable_name"]
