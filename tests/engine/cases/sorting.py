"""Cases of engine.ops.sorting."""

from tests.engine.cases.shapes import each

CASES = {
    "sort": each((((5,),), ((3, 4),), ((0,),), ((1, 3),)), {}, {"descending": True})
    + each((((3, 4),),), {"axis": 0}),
    "argsort": each((((5,),), ((3, 4),)), {}, {"descending": True}, {"axis": 0}),
}
