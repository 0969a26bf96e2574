"""Cases of engine.ops.statistics."""

from tests.engine.cases.extremum import apart
from tests.engine.cases.reduction import over_axes
from tests.engine.cases.shapes import each

SPREAD = [
    *each((((3,),), ((2, 3),), ((4, 1),)), {}, {"correction": 0}, {"keepdims": True}),
    *each((((2, 3),),), {"axis": 0}, {"axis": -1, "correction": 2}, {"axis": 1, "keepdims": True}),
    *each((((2, 3, 2),),), {"axis": (0, 2), "correction": False}, {"axis": (0, 2)}),
]
CASES = {
    "var": [*SPREAD, *each((((),), ((3, 1),)), {"axis": (), "correction": 0})],
    "std": SPREAD,
    "norm": [
        *over_axes(),
        *each((((3,),), ((2, 3),)), *({"p": p, "axis": -1} for p in (1, 3, 1.5, "inf", "fro"))),
    ],
}
DOMAIN = {"var": (-2.0, 2.0), "std": (-2.0, 2.0)}
INPUTS = {"norm": apart}
