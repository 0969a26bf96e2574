"""Cases of engine.ops.gamma: above 0, and between the poles below it."""

from tests.engine.cases.shapes import UNARY, each

DOMAIN = {"lgamma": (0.2, 12.0), "digamma": (-0.8, -0.2), "polygamma": (-0.8, -0.2)}
CASES = {"polygamma": each(UNARY, {"n": 0}, {"n": 1}, {"n": 2})}
