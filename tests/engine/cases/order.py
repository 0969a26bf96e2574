"""Cases of engine.ops.order."""

from tests.engine.cases.shapes import UNARY, each

CASES = {
    "transpose": each((*UNARY, ((2, 3, 4),)), {})
    + each((((2, 3, 4),),), {"axes": (0, 2)}, {"axes": (2, 0, 1)}),
    "permute": each((((2, 3, 4),), ((1, 3, 2),)), {"axes": (1, 2, 0)}, {"axes": (0, -1, 1)}),
    "swapaxes": each((((2, 3, 4),), ((2, 0, 1),)), {"axis1": 0, "axis2": -1}),
    "matrix_transpose": each((((2, 3),), ((4, 2, 3),), ((1, 3, 1),))),
    "moveaxis": each((((2, 3, 4),),), {"source": 0, "destination": -1})
    + each((((2, 3, 4, 1),),), {"source": (0, 2), "destination": (-1, 0)}),
    "unbind": each((((2, 3),), ((2, 3, 4),)), {"axis": 1}, {"axis": -1}, {}),
    "flip": each(UNARY) + each((((2, 3),), ((2, 3, 1),)), {"axis": 1}, {"axis": (0, -1)}),
    "roll": each((((3,),), ((2, 3),)), {"shift": 1}, {"shift": -4, "axis": 0})
    + each((((2, 3),),), {"shift": (1, 2), "axis": (0, 1)}),
    "split": each((((4,),), ((4, 3),), ((4, 3, 2),)), {"sections": 2}, {"sections": 4, "axis": 0})
    + each((((3, 4),), ((2, 2, 1),)), {"sections": 2, "axis": -1} | {"axis": 1}),
}
