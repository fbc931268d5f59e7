"""What the configuration says; None where it says nothing, so that a default stands where it is used."""

from dataclasses import dataclass

from fourc.model.finding import Severity
from fourc.model.text import Lang
from fourc.model.version import KubeVersion


@dataclass(frozen=True, slots=True)
class Settings:
    """One field for each key of `fourc.toml` (see `app.config.KEYS`).

    `hourly_rate` is what an hour of the team costs, in the currency in which `money` is counted;
    `network_policies_enforced` whether the cluster's network plug-in carries policies out.
    """

    lang: Lang | None = None
    kubernetes_version: KubeVersion | None = None
    severity: Severity | None = None
    hourly_rate: float | None = None
    network_policies_enforced: bool | None = None


NO_SETTINGS = Settings()
