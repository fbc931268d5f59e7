"""Every rule there is, found by walking the tables."""

import importlib
import pkgutil
from functools import cache

from fourc.secrets import rules
from fourc.secrets.rule import Rule


@cache
def text_rules() -> tuple[Rule, ...]:
    """The rules of all tables (`RULES` in each module of the package), sorted by id; an id is there once."""
    found: dict[str, Rule] = {}
    for module in pkgutil.iter_modules(rules.__path__):
        for rule in getattr(importlib.import_module(f"{rules.__name__}.{module.name}"), "RULES", ()):
            if rule.id in found:
                message = f"two rules are called {rule.id}"
                raise ValueError(message)
            found[rule.id] = rule
    return tuple(found[rule_id] for rule_id in sorted(found))


@cache
def all_rules() -> tuple[Rule, ...]:
    """Those, and what `files` knows by the format of the file that it stands in, sorted by id."""
    from fourc.secrets.files import registry  # noqa: PLC0415 - a hundred formats, slow to load

    return tuple(sorted((*text_rules(), *registry.RULES), key=lambda rule: rule.id))
