"""Cases of engine.ops.diagonals."""

from tests.engine.cases.shapes import each

MATRICES = (((3, 3),), ((2, 3),), ((3, 1),), ((0, 2),))
SIDES = ({}, {"diagonal": 1}, {"diagonal": -1})
STACK = {"axis1": -2, "axis2": -1, "offset": 1}

CASES = {
    "diagonal": each((*MATRICES, ((2, 3, 4),)), {}, {"offset": 1}, {"offset": -2})
    + each((((2, 3, 4),),), STACK),
    "put_diagonal": each((((2,),),), {"shape": (2, 3)}, {"shape": (3, 2), "offset": 0})
    + each((((2, 3),),), {"shape": (2, 3, 4), **STACK}),
    "trace": each(MATRICES, {}, {"offset": 1}) + each((((2, 3, 4),),), STACK, {}),
    "diag": each((*MATRICES, ((3,),), ((0,),), ((1,),)), *SIDES),
    "triu": each((*MATRICES, ((2, 3, 4),), ((2, 3, 1),)), *SIDES),
    "tril": each((*MATRICES, ((2, 3, 4),)), *SIDES),
}
