"""What the configuration says; None where it says nothing, so that a default stands where it is used."""

from collections.abc import Mapping

from msgspec import Struct, field

from fourc.model.finding import Severity
from fourc.model.text import Lang
from fourc.model.version import KubeVersion


class Settings(Struct, frozen=True):
    """One field for each key and table of `fourc.toml` (see `app.config`).

    `hourly_rate` is what an hour of the team costs, in the currency in which `money` is counted;
    `network_policies_enforced` whether the cluster's network plug-in carries policies out.
    `own_checks` are files or folders with checks of the user's own.
    `odds` by kind of step, `impact` by kind of goal and `hours` by kind of work are the user's own numbers.
    """

    lang: Lang | None = None
    kubernetes_version: KubeVersion | None = None
    severity: Severity | None = None
    hourly_rate: float | None = None
    network_policies_enforced: bool | None = None
    own_checks: tuple[str, ...] = ()
    database: str | None = None
    """The file of known vulnerabilities, and `database_key` that of the key it must be signed with."""
    database_key: str | None = None
    database_source: tuple[str, ...] = ()
    """Where `fourc db update` fetches it: files, URLs and artifacts, mirrors in their order."""
    odds: Mapping[str, float] = field(default_factory=dict)
    impact: Mapping[str, float] = field(default_factory=dict)
    hours: Mapping[str, float] = field(default_factory=dict)


NO_SETTINGS = Settings()
