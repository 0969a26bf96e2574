"""Cases of engine.ops.padding."""

from tests.engine.cases.shapes import each

CASES = {
    "pad": [
        *each((((2, 3),), ((0, 1),)), {"pad": (1, 2)}, {"pad": 1}, {"pad": (0, 1, 2, 0)}),
        *each((((3,),), ((2, 3),)), {"pad": (1, 1), "value": 2.5}),
        *each((((3,),), ((2, 3),)), *({"pad": (2, 1), "mode": m} for m in ("reflect", "circular"))),
        *each((((3,),), ((2, 3),)), {"pad": (4, 1), "mode": "replicate"}),
        (((1, 2, 3),), {"pad": (1, 2, 1, 0), "mode": "reflect"}),
    ]
}
