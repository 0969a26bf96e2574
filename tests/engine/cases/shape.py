"""Cases of engine.ops.shape."""

from tests.engine.cases.shapes import UNARY, each

CASES = {
    "size": each((((3,),), ((2, 3),), ((0, 2),)), {}, {"dim": -1}),
    "reshape": each(
        (((2, 3),), ((1, 6),), ((6,),)), {"shape": (3, 2)}, {"shape": (-1,)}, {"shape": (1, 6, 1)}
    ),
    "flatten": each((*UNARY, ((2, 3, 2),)), {})
    + each((((2, 3, 2),),), {"start_dim": 1}, {"end_dim": 1}),
    "squeeze": each((((1, 3, 1),), ((),), ((2, 3),)), {})
    + each((((1, 3, 1),),), {"axis": 0}, {"axis": -1}, {"axis": 1}, {"axis": (0, 2)}),
    "unsqueeze": each(UNARY, {"axis": 0}, {"axis": -1}, {"axis": (0, 1)}),
    "broadcast_to": each(
        (((),), ((3,),), ((1, 3),), ((2, 1),)), {"shape": (2, 3)}, {"shape": (4, 2, 3)}
    )
    + each((((2, 1),),), {"shape": (-1, 3)}, {"shape": (4, -1, -1)}),
    "sum_to": each((((4, 2, 3),), ((2, 3),)), {"shape": (1, 3)}, {"shape": (2, 1)}, {"shape": ()})
    + each((((2, 3),),), {"shape": 3}),
}
