"""Cases of engine.ops.normalization."""

from tests.engine.cases.shapes import each

CASES = {
    "layer_norm": [
        *each((((4,), (4,), (4,)), ((2, 3), (3,), ()), ((2, 3), (), (3,))), {}),
        *each((((2, 3, 2), (3, 2), (3, 2)),), {"normalized_shape": (3, 2), "eps": 0.1}),
        *each((((2, 3), (3,), (3,)),), {"normalized_shape": 3}),
        *each((((0, 3), (3,), (3,)), ((3, 1), (1,), (1,))), {}),
    ],
    "rms_norm": [
        *each((((4,), (4,)), ((2, 3), (3,)), ((2, 3), ())), {}, {"eps": 0.1}),
        *each((((2, 3, 2), (3, 2)),), {"normalized_shape": (3, 2)}),
    ],
    "group_norm": each(
        (((2, 4, 3), (4,), (4,)), ((3, 4), (4,), (4,)), ((2, 4), (), ())),
        {"num_groups": 2},
        {"num_groups": 1, "eps": 0.1},
    ),
    "instance_norm": each((((2, 3, 4), (3,), (3,)), ((2, 2, 2, 2), (2,), ()))),
}
DOMAIN = dict.fromkeys(CASES, (-2.0, 2.0))
