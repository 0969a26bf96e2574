"""Cases of engine.ops.indexing."""

from tests.engine.cases.shapes import each

ALL = ("slice", None, None, None)
REST = ("slice", 1, None, None)
BACK = ("slice", None, None, -2)
INDICES = (
    (1,),
    (-1,),
    (REST,),
    (BACK, 0),
    (None, "...", -1),
    ("...",),
    (("list", 0, 1, 1),),
    (("list", 1, 0), ("list", 0, -1)),
    (REST, ("list", 2, 0, 2)),
    (("slice", 5, 9, None),),
)
DEEP = (
    (0, ALL, ("list", 1, 2)),
    (("list", 1), ALL, 0),
    (ALL, None, ("list", 1, 1), "..."),
    (ALL, 1, ("list", 0, 1)),
)

CASES = {
    "getitem": each((((2, 3),),), *({"index": index} for index in INDICES))
    + each((((2, 3, 3),),), *({"index": index} for index in DEEP))
    + each((((),),), {"index": ()}, {"index": (None,)}),
    "put": each((((2,),),), {"shape": (2, 3), "index": (ALL, 1)})
    + each((((3, 3),),), {"shape": (2, 3), "index": (("list", 0, 1, 1),)})
    + each((((),),), {"shape": (4,), "index": (2,)}, {"shape": (), "index": ()})
    + each((((1, 2),),), {"shape": (3,), "index": (None, REST)}),
    "concat": each((((3,), (2,)), ((2, 3), (1, 3), (0, 3)), ((1, 2),)))
    + each((((2, 3), (2, 1)),), {"axis": -1}),
    "stack": each((((3,), (3,)), ((), (), ()), ((2, 1),)))
    + each((((2, 3), (2, 3)),), {"axis": -1}, {"axis": 1}),
}
