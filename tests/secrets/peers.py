"""Where the labelled texts of other scanners are read, where they are given at all."""

import os
from pathlib import Path

_BESIDE = Path(__file__).resolve().parents[3] / "shared" / "fixtures" / "secrets" / "cases.jsonl"
CASES = Path(os.environ.get("FOURC_SECRET_CASES", _BESIDE))
ABSENT = "the cases are not there; FOURC_SECRET_CASES names their file"
