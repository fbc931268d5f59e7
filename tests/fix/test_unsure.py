"""What is not asked of the editor is never refused by it."""

from pathlib import Path

import pytest

from fourc.app.look import look
from fourc.app.request import Request
from fourc.fix.rewrite import propose

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("folder", ["examples/shop", "tests/fixtures/bazaar"])
def test_the_editor_refuses_nothing_that_is_not_left_to_a_person(folder: str) -> None:
    seen = look(Request((str(ROOT / folder),)))
    for path in {f.origin.path for f in seen.findings}:
        mine = [f for f in seen.findings if f.origin.path == path]
        assert propose(mine, seen.read).refused == ()
