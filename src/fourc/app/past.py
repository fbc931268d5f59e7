"""Look for secrets in git's history: every blob once, and of what was found the commits that brought it."""

import os
from collections.abc import Mapping
from pathlib import Path

from fourc.app.searching import Search
from fourc.app.told import Told
from fourc.collect.content.attribution import Attributed, attribute, commits_of
from fourc.collect.content.history import Piece, pieces, tips
from fourc.collect.content.repository import Repository, find_repository
from fourc.collect.content.seen import Seen
from fourc.collect.content.unreferenced import unreferenced
from fourc.collect.workers import begun
from fourc.model.gap import Gap

_SECONDS = 3600.0


def look_back(
    root: Path, search: Search, told: Told, gaps: list[Gap], digest: str, *, left_over: bool
) -> Mapping[str, Attributed]:
    """By value what commits brought it; what was seen is added to `told` and `gaps`.

    Blobs that an earlier run found clean by the same rules are left out: `digest` names these. `left_over` looks at what
    nothing reaches any more, too.
    """
    repository = find_repository(root, ".", _SECONDS)
    if isinstance(repository, Gap):
        gaps.append(repository)
        return {}
    seen = Seen(Path(os.path.realpath(root)), digest)
    now, before = tips(repository), len(gaps)
    is_first = not left_over and not seen.tips  # later there is seldom anything to ask the commits for
    with begun(lambda: commits_of(repository), worth_it=is_first) as listed:  # one process walks the trees
        walk = [*pieces(repository, skip=seen.__contains__, without=seen.tips)]
        commits = listed() if is_first else None
    revisions = ["--all"]
    if left_over:
        revisions += _left(repository, seen, walk, gaps)
    gaps += [gap for gap in walk if isinstance(gap, Gap)]
    found = False
    for searched in search.history(repository, [piece for piece in walk if isinstance(piece, Piece)]):
        told.add(searched.sights)
        gaps += searched.gaps
        seen.add(searched.clean)
        found = found or bool(searched.sights)
    known = attribute(repository, told.blobs, tuple(dict.fromkeys(revisions)), commits)
    gaps += known.gaps
    if found or len(gaps) > before:
        seen.save()
    else:
        seen.save(now)
    return known.known


def _left(repository: Repository, seen: Seen, walk: "list[Piece | Gap]", gaps: list[Gap]) -> list[str]:
    """Add what is left over to the walk; the commits to ask for who brought it."""
    commits: list[str] = []
    for left in unreferenced(repository, skip=seen.__contains__):
        if isinstance(left, Gap):
            gaps.append(left)
        else:
            walk.append(left.piece)
            commits += left.tips
    return commits
