"""What a distribution's repositories offer to be installed instead of what is."""

from msgspec import Struct

from fourc.model.finding import Severity


class Offered(Struct, frozen=True):
    """One version of a package that a repository has, told by its own metadata.

    `architecture` is empty where it is not told. `severity` and `references` (`cve:...`) are what the advisory says that
    brought it, `advisory` is its id, `module` the module and stream (`nodejs:18`) that it is part of. `security` is False
    where the repository does not tell which updates are for security.
    """

    name: str
    version: str
    architecture: str = ""
    severity: Severity | None = None
    references: tuple[str, ...] = ()
    advisory: str = ""
    module: str = ""
    security: bool = True
