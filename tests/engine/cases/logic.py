"""Cases of engine.ops.logic."""

from tests.engine.cases.shapes import UNARY, away_from, each, with_mask

THREE = (((), (), ()), ((3,), (3,), ()), ((2, 1), (3,), (2, 3)))

CASES = {
    "where": each(THREE),
    "masked_fill": each(THREE),
    "clip": each(UNARY, {"min": -1, "max": 0.5}, {"min": 0.5}, {"max": -1.0}, {}),
}
INPUTS = {
    "where": with_mask(0),
    "masked_fill": with_mask(1),
    "clip": away_from(-1.0, 0.5),
}
DOMAIN = dict.fromkeys(("maximum", "minimum"), (-2.0, 2.0))
