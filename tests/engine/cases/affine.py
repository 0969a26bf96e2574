"""Cases of engine.ops.affine."""

from tests.engine.cases.shapes import each

CASES = {
    "bilinear": each((((3,), (2,), (2, 3, 2)), ((2, 3), (2, 2), (1, 3, 2)))),
    "linear": each(
        (
            ((3,), (2, 3)),
            ((4, 3), (2, 3)),
            ((4, 3), (2, 3), (2,)),
            ((2, 2, 3), (1, 3), (1,)),
            ((1, 1), (2, 1), (2,)),
            ((0, 3), (2, 3), (2,)),
        )
    ),
}
