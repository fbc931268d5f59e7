"""What Python's package formats share: normalised names (PEP 503) and exact pins (PEP 440)."""

import re

ECOSYSTEM = "PyPI"
_RUNS = re.compile(r"[-_.]+")
_PIN = re.compile(r"\(?\s*={2,3}\s*v?([0-9A-Za-z][0-9A-Za-z.!+_-]*)\s*\)?")


def normalised(name: str) -> str:
    """The name as the index compares it (https://peps.python.org/pep-0503/#normalized-names)."""
    return _RUNS.sub("-", name).lower()


def exact_pin(asked: str) -> str:
    """The version of `==1.2` (a marker may follow), empty where several versions are allowed."""
    match = _PIN.fullmatch(asked.partition(";")[0].strip())
    return match[1] if match else ""
