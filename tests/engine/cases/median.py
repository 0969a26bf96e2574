"""Cases of engine.ops.median: odd and even counts, both conventions, no ties."""

from tests.engine.cases.extremum import apart
from tests.engine.cases.shapes import each

SHAPES = (((3,),), ((4,),), ((2, 3),), ((3, 2, 4),))
CASES = {
    "median": [
        *each(SHAPES, {}, {"middle": "mean"}, {"axis": -1}, {"axis": 0, "middle": "mean"}),
        *each(SHAPES[2:], {"axis": (0, 1)}, {"axis": 1, "keepdims": True, "middle": "mean"}),
        (((),), {}),
        (((),), {"middle": "mean"}),
    ]
}
INPUTS = {"median": apart}
