"""Cases of engine.ops.scan."""

from tests.engine.cases.shapes import UNARY, each

CASES = {
    "cumsum": [
        *each(UNARY, {}, {"reverse": True}),
        *each(UNARY[1:], {"axis": 0}, {"axis": -1, "reverse": True}),
        *each((((2, 3, 2),),), {"axis": 1}),
    ],
}
