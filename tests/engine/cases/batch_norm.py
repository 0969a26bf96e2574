"""Cases of engine.ops.batch_norm."""

from tests.engine.cases.shapes import each

CASES = {
    "batch_norm": each(
        (
            ((4, 3), (3,), (3,), (3,), (3,)),
            ((2, 3, 2), (3,), (3,), (3,), (3,)),
            ((4, 3), (), (), (), ()),
            ((4, 1), (1,), (1,), (1,), (1,)),
        ),
        {},
        {"training": True},
        {"training": True, "eps": 0.1},
    ),
}
