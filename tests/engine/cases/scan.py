"""Cases of engine.ops.scan."""

from tests.engine.cases.reduction import with_zeros
from tests.engine.cases.shapes import UNARY, each

CASES = {
    "cumsum": [
        *each(UNARY, {}, {"reverse": True}),
        *each(UNARY[1:], {"axis": 0}, {"axis": -1, "reverse": True}),
        *each((((2, 3, 2),),), {"axis": 1}),
    ],
    "cumprod": [
        *each(UNARY),
        *each((*UNARY[1:], ((5,),), ((2, 0, 3),)), {"axis": 0}, {"axis": -1}),
        *each((((2, 3, 2),),), {"axis": 1}),
    ],
}
INPUTS = {"cumprod": with_zeros}
