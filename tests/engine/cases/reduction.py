"""Cases of engine.ops.reduction."""

from tests.engine.cases.shapes import UNARY, each

CASES = {
    "sum": [
        *each(UNARY, {}, {"axis": None, "keepdims": True}),
        *each(UNARY[1:], {"axis": -1}, {"axis": 0, "keepdims": True}),
    ],
}
