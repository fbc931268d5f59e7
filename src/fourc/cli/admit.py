"""`fourc admit`: from no admission control to Pod Security enforced, step by step."""

import importlib

from fourc.cli.arguments import Arguments
from fourc.errors import UsageError
from fourc.model.text import Text

ACTIONS = ("plan", "export", "verify")
_ACTION = Text("what to do: fourc admit ACTION --help tells more", "要做的事：fourc admit ACTION --help 显示更多说明")


def run(arguments: Arguments, words: list[str]) -> int:
    """Run one of the actions."""
    action = words[0] if words else ""
    if action not in ACTIONS:
        if words[:1] in (["-h"], ["--help"]):
            arguments.positional("action", _ACTION, metavar="|".join(ACTIONS))
            arguments.parse(words)
        raise UsageError(
            Text("say what to do about admission", "请说明要对准入控制做什么"),
            hint=Text("fourc admit {actions} [PATH]", "fourc admit {actions} [路径]").of(actions="|".join(ACTIONS)),
        )
    arguments.within(action)
    return int(importlib.import_module(f"fourc.cli.admit_{action}").run(arguments, words[1:]))
