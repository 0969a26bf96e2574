"""Cases of engine.ops.softmax."""

from tests.engine.cases.extremum import apart
from tests.engine.cases.shapes import Shapes, each

RANKED: tuple[Shapes, ...] = (((3,),), ((2, 3),), ((0,),), ((1, 3),), ((2, 0),), ((3, 1),))
AXES = [
    *each(RANKED, {}, {"axis": None}),
    *each((((2, 3, 2),),), {"axis": 1}, {"axis": (0, -1)}, {"axis": 0}),
]
CASES = {
    **dict.fromkeys(("softmax", "softmin", "log_softmax"), AXES),
    "normalize": [
        *each((((3,),), ((2, 3),), ((2, 3, 2),)), {}, {"p": 3}, {"p": "inf"}, {"p": 1}),
        *each((((2, 3),),), {"axis": 0}, {"axis": None}, {"p": 2.5, "axis": (0, 1)}),
        *each((((3,),),), {"eps": 10.0}),
    ],
}
DOMAIN = dict.fromkeys(("softmax", "softmin", "log_softmax"), (-2.0, 2.0))
INPUTS = {"normalize": apart}
