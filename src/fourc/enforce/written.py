"""Policies as YAML that a person reads: keys in the order given, long expressions folded, nothing lost by it."""

from collections.abc import Mapping, Sequence

import yaml

from fourc.patch.yaml.node import Json

_LONG, _WIDTH = 100, 110


class _Dumper(yaml.SafeDumper):
    """Folds long texts; PyYAML escapes what folding would change."""

    def ignore_aliases(self, data: object) -> bool:
        """Every value is written out, however often it stands."""
        del data
        return True


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    style = ">" if len(value) > _LONG and "\n" not in value else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _text)


def documents(objects: Sequence[Mapping[str, Json]], comment: Sequence[str] = ()) -> str:
    """The objects as one multi-document YAML, with the comment's lines above the first."""
    head = "".join(f"# {_printable(line)}\n".replace("#  \n", "#\n") for line in comment)
    texts = (
        yaml.dump(dict(o), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_WIDTH, default_flow_style=False)
        for o in objects
    )
    return head + "---\n".join(texts)


def _printable(text: str) -> str:
    """One line, whatever the names in it hold."""
    return "".join(c if c.isprintable() else " " for c in text)
