"""The command line: picks the command, prints errors with what to do next, and sets the exit code."""

import argparse
import importlib
import logging
import os
import signal
import sys
from collections.abc import Sequence

from fourc import __version__
from fourc.errors import FourcError

COMMANDS = {
    "plan": "the few changes that remove the most risk here (the default command)",
    "show": "one change of the plan: why, what may break, and its diff",
    "why": "everything about one finding or change, by its id",
    "fix": "print (--diff), write (--apply) or commit (--branch) changes of the plan",
    "done": "say how long a change took, so that the estimates become yours",
    "scan": "every finding, for those who want the list",
    "rule": "the page of one rule: why it matters, what the fix changes, when to allow it",
    "rules": "all rules",
    "doctor": "what could not be seen, and how to have it seen",
    "netpol": "who may connect to whom by the network policies: list, check, diff, synth",
}
USAGE = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:1] in (["-h"], ["--help"], ["help"]):
        sys.stdout.write(overview())
        return 0
    if words[:1] == ["--version"]:
        sys.stdout.write(f"fourc {__version__}\n")
        return 0
    command = words.pop(0) if words and words[0] in COMMANDS else "plan"
    logging.basicConfig(level=os.environ.get("FOURC_LOG", "WARNING").upper(), format="%(name)s: %(message)s")
    parser = argparse.ArgumentParser(prog=f"fourc {command}", description=COMMANDS[command])
    try:
        return int(importlib.import_module(f"fourc.cli.{command}").run(parser, words))
    except FourcError as error:
        hint = f"\n{error.hint}" if error.hint else ""
        sys.stderr.write(f"fourc: {error.message}{hint}\n")
        return USAGE
    except KeyboardInterrupt:
        sys.stderr.write("\nfourc: stopped\n")
        return 130


def overview() -> str:
    """The help text of `fourc --help`."""
    lines = [f"  {name:<8} {text}" for name, text in COMMANDS.items()]
    return "\n".join(
        [
            "fourc: the few changes that remove the most Kubernetes risk per hour of work.",
            "",
            "usage: fourc [PATH | -]           the plan for the manifests in PATH (default: here) or piped in",
            "       fourc COMMAND [ARGUMENTS]  fourc COMMAND --help tells more",
            "",
            *lines,
            "",
            "It reads, and writes only what fix --apply, fix --branch and done are asked to. It opens no connection.",
            "Exit codes: 0 fine, 1 the gate failed, 2 wrong usage, 3 something that was named could not be read whole.",
            "",
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
