"""Build the database of known vulnerabilities from whatever sources of advisories there are."""

import os
from collections.abc import Sequence
from pathlib import Path

from fourc.collect.advisories import files_of
from fourc.vulns.database.build import Built, build


def build_database(sources: Sequence[Path], output: Path, *, sign_key: bytes | None = None) -> Built:
    """Build a database of all advisories in files, folders and archives; what cannot be read is a gap of the result.

    `sign_key` are the 32 bytes of an Ed25519 key. The build's date is SOURCE_DATE_EPOCH
    (https://reproducible-builds.org/specs/source-date-epoch/) where that is set, else that of the newest advisory.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    return build(files_of(sources), output, sign_key=sign_key, epoch=int(epoch) if epoch.isdecimal() else None)
