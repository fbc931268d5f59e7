"""The formats that checks are exported to, by name; each module is loaded when it is asked for."""

import importlib
from collections.abc import Mapping

from fourc.enforce.export import Asked, Exported, Exporter

FORMATS: Mapping[str, str] = {
    "psa": "fourc.enforce.psa",
    "vap": "fourc.enforce.vap",
    "map": "fourc.enforce.map",
    "kyverno": "fourc.enforce.kyverno",
    "gatekeeper": "fourc.enforce.gatekeeper",
    "ack": "fourc.enforce.ack",
}


def exported(name: str, asked: Asked) -> Exported:
    """What the format makes of it."""
    exporter: Exporter = importlib.import_module(FORMATS[name]).exported
    return exporter(asked)
