"""Cases of engine.ops.convolution."""

from tests.engine.cases.shapes import each

CASES = {
    "conv1d": each(
        (((2, 2, 5), (3, 2, 2)), ((1, 1, 4), (1, 1, 3), (1,)), ((2, 4), (1, 2, 1), (1,)))
    )
    + each(
        (((2, 2, 5), (4, 1, 2)),),
        {"groups": 2},
        {"groups": 2, "stride": 2, "padding": 1, "dilation": 2},
        {"groups": 2, "padding": "same"},
    )
    + each((((1, 2, 6), (2, 2, 3), (2,)),), {"stride": 3}, {"padding": 4}),
    "conv2d": each((((1, 2, 3, 4), (2, 2, 2, 2)), ((2, 1, 3, 3), (2, 1, 3, 1), (2,))))
    + each(
        (((1, 2, 4, 3), (2, 1, 2, 2)),),
        {"groups": 2, "stride": (2, 1), "padding": (1, 0)},
        {"groups": 2, "padding": "same", "dilation": (1, 2)},
    ),
    "conv_transpose1d": each((((2, 2, 3), (2, 3, 2)), ((2, 3), (2, 1, 3), (1,))))
    + each(
        (((1, 2, 3), (2, 1, 2)),),
        {"groups": 2, "stride": 2, "output_padding": 1},
        {"stride": 2, "dilation": 2, "padding": 1},
    ),
    "conv_transpose2d": each((((1, 2, 2, 3), (2, 1, 2, 2)), ((1, 1, 2, 2), (1, 2, 1, 2), (2,))))
    + each((((1, 2, 2, 2), (2, 1, 2, 2)),), {"stride": (2, 1), "padding": (1, 0), "groups": 2}),
    "conv1d_weight": each((((2, 2, 5), (2, 3, 4)), ((2, 5), (3, 4))), {"shape": (3, 2, 2)})
    + each((((1, 2, 6), (1, 2, 2)),), {"shape": (2, 1, 3), "stride": 3, "groups": 2}),
    "conv2d_weight": each((((1, 2, 3, 3), (1, 1, 2, 3)),), {"shape": (1, 2, 2, 1)}),
}
