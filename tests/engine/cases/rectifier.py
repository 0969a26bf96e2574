"""Cases of engine.ops.rectifier."""

from tests.engine.cases.shapes import UNARY, away_from, each

CASES = {
    "leaky_relu": each(UNARY, {}, {"negative_slope": -0.5}),
    "elu": each(UNARY, {}, {"alpha": 0.3}),
    "celu": each(UNARY, {}, {"alpha": 0.3}),
    "hardtanh": each(UNARY, {}, {"min_val": -0.5, "max_val": 3}),
    "hardshrink": each(UNARY, {}, {"lambd": 1}),
    "softshrink": each(UNARY, {}, {"lambd": 1}),
}
INPUTS = {
    **dict.fromkeys(("relu", "leaky_relu", "elu", "celu", "selu"), away_from(0.0)),
    "relu6": away_from(0.0, 6.0, low=-2.0, high=8.0),
    "hardtanh": away_from(-1.0, -0.5, 1.0, 3.0, high=4.0),
    **dict.fromkeys(("hardsigmoid", "hardswish"), away_from(-3.0, 3.0, low=-5.0, high=5.0)),
    **dict.fromkeys(("hardshrink", "softshrink"), away_from(-1.0, -0.5, 0.5, 1.0)),
}
