"""Cases of engine.ops.arithmetic."""

from tests.engine.cases.shapes import away_from, each

CASES = {
    "lerp": each((((), (), ()), ((3,), (3,), ()), ((2, 1), (3,), (2, 3)), ((0,), (), ()))),
}
DOMAIN = dict.fromkeys(("add", "sub", "mul", "neg", "square", "lerp"), (-2.0, 2.0))
INPUTS = {"reciprocal": away_from(0.0)}
