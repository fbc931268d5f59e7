"""Without the extra a budget is spent greedily, and the plan says how far that may be from the best."""

import subprocess
import sys
from pathlib import Path

import pytest

from fourc.app.coverage import extras_of
from fourc.app.plan import plan_for
from fourc.app.request import Request
from fourc.plan import exact
from fourc.plan.order import Terms

SHOP = Path(__file__).parents[2] / "examples" / "shop"


def test_a_budget_without_the_extra_is_kept_and_its_distance_from_the_best_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    request = Request((str(SHOP),), terms=Terms(budget=4.0))
    exactly = plan_for(request).plan if exact.available() else None
    monkeypatch.setattr(exact, "available", lambda: False)
    plan = plan_for(request).plan
    assert sum(c.hours.likely for c in plan.changes) <= 4.0
    assert plan.optimum is not None
    assert plan.optimum.removed <= plan.optimum.best
    if exactly is not None and exactly.optimum is not None:
        assert plan.optimum.removed <= exactly.optimum.removed + 1e-9 <= plan.optimum.best + 2e-9
    assert [u.remedy.en for u in extras_of()] == ['pip install "fourc[solver]"']


def test_a_default_plan_loads_neither_numpy_nor_scipy() -> None:
    code = (
        "import sys; from fourc.cli.main import main; main([sys.argv[1]]);"
        "sys.exit(len({'numpy', 'scipy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code, str(SHOP)], capture_output=True, check=False)
    assert done.returncode == 0
