"""Cases of engine.ops.copies."""

from tests.engine.cases.shapes import UNARY, each

CASES = {
    "tile": each(UNARY, {"reps": 2}, {"reps": (2, 3)}, {"reps": (2, 1, 0)}),
    "repeat": each(UNARY, {"repeats": 2}) + each((((2, 3),),), {"repeats": 3, "axis": -1}),
}
