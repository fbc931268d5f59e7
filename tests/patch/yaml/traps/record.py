"""Print what the real kubectl makes of every trap beside this file: `python record.py > recorded.json`.

`kubectl patch --local` with an empty patch prints each object as it would be sent, without a server.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import TypedDict

TRAPS = Path(__file__).parent


class Recorded(TypedDict):
    """The objects that kubectl prints, and whether it then refuses the rest."""

    objects: list[object]
    refused: bool


def ask_kubectl(trap: Path) -> Recorded:
    """What kubectl does with one file."""
    command = ["kubectl", "patch", "--local", "--type=merge", "--patch={}", "--output=json", f"--filename={trap}"]
    run = subprocess.run(command, capture_output=True, check=False)
    return {"objects": _json_values(run.stdout.decode()), "refused": run.returncode != 0}


def record() -> dict[str, Recorded]:
    """What kubectl does with every trap, by the trap's name."""
    return {trap.stem: ask_kubectl(trap) for trap in sorted(TRAPS.glob("*.yaml"))}


def _json_values(text: str) -> list[object]:
    decoder = json.JSONDecoder()
    values: list[object] = []
    text = text.lstrip()
    while text:
        value, end = decoder.raw_decode(text)
        values.append(value)
        text = text[end:].lstrip()
    return values


if __name__ == "__main__":
    sys.stdout.write(json.dumps(record(), indent=1, sort_keys=True) + "\n")
