"""Cases of engine.ops.shape."""

from tests.engine.cases.shapes import each

CASES = {
    "reshape": each(
        (((2, 3),), ((1, 6),), ((6,),)), {"shape": (3, 2)}, {"shape": (-1,)}, {"shape": (1, 6, 1)}
    ),
    "broadcast_to": each(
        (((),), ((3,),), ((1, 3),), ((2, 1),)), {"shape": (2, 3)}, {"shape": (4, 2, 3)}
    ),
    "sum_to": each((((4, 2, 3),), ((2, 3),)), {"shape": (1, 3)}, {"shape": (2, 1)}, {"shape": ()}),
}
