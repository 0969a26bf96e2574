"""Cases of engine.ops.pooling."""

from tests.engine.cases.shapes import each

LINES = (((2, 2, 6),), ((2, 5),), ((1, 1, 4),))
PLANES = (((1, 2, 4, 4),), ((2, 3, 5),))
WIDE = {"kernel_size": 3, "stride": 2, "padding": 1}

CASES = {
    "max_pool1d": each(LINES, {"kernel_size": 2}, WIDE, {"kernel_size": 2, "dilation": 2}),
    "max_pool1d_places": each(LINES, {"kernel_size": 2}, WIDE),
    "avg_pool1d": each(LINES, {"kernel_size": 2}, WIDE, {"kernel_size": 3, "stride": 1}),
    "max_pool2d": each(PLANES, {"kernel_size": 2}, WIDE, {"kernel_size": (1, 2), "stride": 1}),
    "max_pool2d_places": each(PLANES, {"kernel_size": 2}, WIDE),
    "avg_pool2d": each(PLANES, {"kernel_size": 2}, WIDE, {"kernel_size": (1, 2), "stride": 1}),
}
