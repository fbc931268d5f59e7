"""Texts that a pattern describes, drawn by chance: what a secret of the format looks like, however a file spells it."""

import importlib
import string
from random import Random
from typing import Any

_parser = importlib.import_module("re._parser")
_PRINTABLE = string.digits + string.ascii_letters + string.punctuation + " "
_CATEGORIES = {
    "CATEGORY_DIGIT": string.digits,
    "CATEGORY_SPACE": " ",
    "CATEGORY_WORD": string.digits + string.ascii_letters + "_",
    "CATEGORY_NOT_WORD": " \"';,)",
    "CATEGORY_NOT_SPACE": string.digits + string.ascii_letters,
    "CATEGORY_NOT_DIGIT": string.ascii_letters,
}

# A name and a value as the common languages and formats write them.
SPELLINGS = (
    '{x}Token = "{v}"',
    "{x}Token = '{v}'",
    "{x}Token={v}",
    "{x}Token = {v}",
    '{x}Token="{v}"',
    "{x}Token := `{v}`",
    '{x}Token := "{v}"',
    '  "{x}Token" => "{v}"',
    '${x}Token .= "{v}"',
    "<{x}Token>\n    {v}\n</{x}Token>",
    "<{x}Token>{v}</{x}Token>",
    'String {x}Token = "{v}";',
    'var {x}Token string = "{v}"',
    'const {x}Token: string = "{v}";',
    '{x}_token: str = "{v}"',
    'System.setProperty("{X}_TOKEN", "{v}")',
    'os.environ.get("{X}_TOKEN", "{v}")',
    "os.environ['{X}_TOKEN'] = '{v}'",
    "process.env.{X}_TOKEN || '{v}'",
    'export {X}_TOKEN="{v}"',
    "export {X}_TOKEN={v}",
    "ENV {X}_TOKEN={v}",
    "${{{X}_TOKEN:-{v}}}",
    '{x}_TOKEN :::= "{v}"',
    '{x}_TOKEN ::= "{v}"',
    '{x}_TOKEN ?= "{v}"',
    "{x}_token: {v}",
    '{x}_token: "{v}"',
    "{x}_token: '{v}'",
    "{x}_token: >-\n      {v}\n",
    '{{\n    "{x}_token": "{v}"\n}}',
    '{{"config.ini": "{X}_TOKEN={v}\\nBACKUP_ENABLED=true"}}',
    '"{{\\"{x}_token\\":\\"{v}\\"}}"',
    "https://api.example.com/v1?{x}_token={v}&page=2",
    "tool --{x}-token {v} --verbose",
    "tool --{x}-token={v}",
    "tool -{x} {v}",
    "- name: {X}_TOKEN\n  value: {v}\n",
    '- name: {X}_TOKEN\n  value: "{v}"\n',
    '<add key="{x}Token" value="{v}" />',
    '{x}_token = "{v}"  # production',
    "{x}.token={v}\nother=1\n",
)


def seeded(seed: str | int) -> Random:
    """Chance that repeats."""
    return Random(seed)  # noqa: S311 - samples, not secrets


def sample(pattern: str, random: Random) -> str:
    """A text that the pattern describes, its repetitions near the least; what only looks around is not drawn."""
    return "".join(_drawn(_parser.parse(pattern.replace(r"\z", r"\Z")), random))


def _drawn(nodes: Any, random: Random) -> list[str]:  # noqa: ANN401 — the parser's own tree has no types
    return [piece for operator, argument in nodes for piece in _piece(str(operator), argument, random)]


def _piece(operator: str, argument: Any, random: Random) -> list[str]:  # noqa: ANN401
    match operator:
        case "LITERAL":
            pieces = [chr(argument)]
        case "NOT_LITERAL":
            pieces = [random.choice(_PRINTABLE.replace(chr(argument), ""))]
        case "IN":
            pieces = [random.choice(_members(argument))]
        case "BRANCH":
            pieces = _drawn(random.choice(argument[1]), random)
        case "SUBPATTERN":
            pieces = _drawn(argument[-1], random)
        case "MAX_REPEAT" | "MIN_REPEAT":
            least, most, inner = argument
            times = random.randint(least, min(int(most), least + 3))
            pieces = [piece for _ in range(times) for piece in _drawn(inner, random)]
        case "AT":
            pieces = []
        case _:
            raise NotImplementedError(operator)
    return pieces


def _members(argument: Any) -> str:  # noqa: ANN401
    negated = str(argument[0][0]) == "NEGATE"
    chosen = ""
    for operator, value in argument[negated:]:
        match str(operator):
            case "LITERAL":
                chosen += chr(value)
            case "RANGE":
                chosen += "".join(map(chr, range(value[0], value[1] + 1)))
            case _:
                chosen += _CATEGORIES[str(value)]
    return "".join(char for char in _PRINTABLE if char not in chosen) if negated else chosen
