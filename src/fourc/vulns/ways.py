"""How a package came in: the shortest way from what a project asks for itself."""

from collections import deque

from fourc.model.package import Listing, Package


class Ways:
    """The ways in one listing, followed once for all its packages."""

    def __init__(self, listing: Listing) -> None:
        self._packages = listing.packages
        self._before = dict.fromkeys(sorted(listing.direct or ()), -1)
        waiting = deque(self._before)
        while waiting:
            at = waiting.popleft()
            for needed in listing.needs[at] if at < len(listing.needs) else ():
                if needed not in self._before:
                    self._before[needed] = at
                    waiting.append(needed)

    def owner(self, at: int) -> int:
        """The position of what the project asks for itself, the package's own where nothing leads there."""
        return self._way(at)[0]

    def via(self, at: int) -> tuple[Package, ...]:
        """From what the project asks for to the package; () where it asks for the package itself, or nothing tells."""
        way = self._way(at)
        return tuple(self._packages[step] for step in way) if len(way) > 1 else ()

    def _way(self, at: int) -> tuple[int, ...]:
        way = [at]
        while self._before.get(way[-1], -1) >= 0:
            way.append(self._before[way[-1]])
        return tuple(reversed(way))
