"""GitHub Actions that workflows use, pinned to one version."""

import re

from fourc.collect.packages.decoding import lines_of
from fourc.collect.packages.form import Given
from fourc.collect.packages.found import Found
from fourc.model.package import Listing

ECOSYSTEM = "GitHub Actions"
_FOLDERS = re.compile(r"(?:^|/)\.github/(?:workflows/[^/]+|(?:[^/]+/)*action)\.ya?ml$|(?:^|/)action\.ya?ml$")
# uses: actions/checkout@v4.1.1, or a commit with its version behind: uses: a/b/sub@<sha> # v1.2.3
_USES = re.compile(
    r"""^\s*(?:-\s+)?["']?uses["']?\s*:\s*["']?(?P<owner>[A-Za-z0-9][\w.-]{0,100})/(?P<repository>[\w.-]{1,100})(?:/[^@\s"']{1,300})?@
        (?P<ref>[^\s"'#]{1,200})["']?(?:\s+\#\s*(?:tag\s*=\s*)?(?P<said>v?\d[\w.+-]*))?""",
    re.VERBOSE,
)
_EXACT = re.compile(r"v?(\d+\.\d+(?:\.\d+)?(?:[-.+][\w.+-]+)?)")
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


def read_workflow(given: Given) -> Listing:
    """A workflow, or an action made of others; a branch or a moving tag (`@v4`) is no version. All build or test: `dev`.

    https://docs.github.com/actions/writing-workflows/workflow-syntax-for-github-actions#jobsjob_idstepsuses
    """
    found = Found(given.path, ECOSYSTEM)
    if _FOLDERS.search(given.path) is not None:
        for number, line in lines_of(given):
            match = _USES.match(line)
            if match is None:
                continue
            version = match["said"] if _COMMIT.fullmatch(match["ref"]) else match["ref"]
            exact = _EXACT.fullmatch(version or "")
            if exact is not None:
                found.add(f"{match['owner']}/{match['repository']}", exact[1], number, dev=True, direct=True)
    return found.listing(found.direct)
