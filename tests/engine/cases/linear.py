"""Cases of engine.ops.linear."""

from tests.engine.cases.shapes import each

CASES = {
    "matmul": each(
        (
            ((2, 3), (3, 4)),
            ((2, 3), (3,)),
            ((3,), (3, 4)),
            ((3,), (3,)),
            ((1, 3), (3, 1)),
            ((2, 1), (1, 4)),
            ((1, 1), (1,)),
            ((2, 0), (0, 3)),
        )
    ),
    "einsum": each(
        (((2, 3), (3, 4)), ((2, 1), (1, 4))),
        {"subscripts": "ij,jk->ik"},
        {"subscripts": "ij,jk->k"},
        {"subscripts": "ij,jk->kij"},
    ),
}
