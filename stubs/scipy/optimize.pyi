from collections.abc import Mapping, Sequence

from scipy.sparse import csr_array

class OptimizeResult:
    x: Sequence[float] | None
    fun: float
    mip_dual_bound: float | None

class Bounds:
    def __init__(self, lb: float, ub: float) -> None: ...

class LinearConstraint:
    def __init__(self, A: csr_array, lb: float = ..., ub: Sequence[float] = ...) -> None: ...

def milp(
    c: Sequence[float],
    *,
    integrality: Sequence[int],
    bounds: Bounds,
    constraints: LinearConstraint,
    options: Mapping[str, float],
) -> OptimizeResult: ...
