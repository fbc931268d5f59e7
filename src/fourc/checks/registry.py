"""Every check, found by walking the packages: a new file is a new check."""

import importlib
import pkgutil
from functools import cache
from types import ModuleType
from typing import Any

from fourc.checks import cloud, cluster, code, container
from fourc.checks.api import Check


@cache
def all_checks() -> tuple[Check[Any], ...]:
    """The checks sorted by id."""
    found = [
        value
        for package in (code, container, cluster, cloud)
        for module in _modules(package)
        for value in vars(module).values()
        if isinstance(value, Check)
    ]
    return tuple(sorted({c.id: c for c in found}.values(), key=lambda c: c.id))


def _modules(package: ModuleType) -> list[ModuleType]:
    return [importlib.import_module(f"{package.__name__}.{m.name}") for m in pkgutil.iter_modules(package.__path__)]
