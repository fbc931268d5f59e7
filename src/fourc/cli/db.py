"""`fourc db`: build, fetch and look at the file of known vulnerabilities."""

from fourc.cli.arguments import Arguments
from fourc.cli.common import INCOMPLETE, OK, add_common, emit, lang_of, progress_of
from fourc.errors import UsageError
from fourc.model.text import Text, join, same

ACTIONS = ("build", "update", "status")
