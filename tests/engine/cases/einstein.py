"""Cases of engine.ops.einstein."""

from tests.engine.cases.shapes import each

CASES = {
    "einsum": each(
        (((2, 3), (3, 4)), ((2, 1), (1, 4))),
        {"subscripts": "ij,jk->ik"},
        {"subscripts": "ij,jk->k"},
        {"subscripts": "ij,jk->kij"},
        {"subscripts": "ij,jk"},
    )
    + each(
        (((2, 2, 3), (3, 2)), ((2, 3), (2, 3, 1)), ((1, 2, 3), (2, 3, 2))),
        {"subscripts": "...ij,...jk->...ik"},
        {"subscripts": "...ij,...jk"},
    )
    + each((((2, 3), (3, 2), (2,)),), {"subscripts": "ij,jk,k->i"}, {"subscripts": "ij,jk,k->"})
    + each((((2, 3, 2),),), {"subscripts": "...i->i..."}, {"subscripts": "...i->..."}),
}
