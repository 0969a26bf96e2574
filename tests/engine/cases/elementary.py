"""Cases of engine.ops.elementary."""

from tests.engine.cases.shapes import UNARY, away_from, each

CASES = {"round": each(UNARY, {}, {"decimals": -1})}
DOMAIN = dict.fromkeys(("exp", "exp2", "expm1", "logaddexp"), (-2.0, 2.0)) | {"log1p": (-0.5, 2.0)}
INPUTS = {
    **dict.fromkeys(("abs", "sign", "copysign", "cbrt"), away_from(0.0)),
    **dict.fromkeys(("floor", "ceil", "trunc"), away_from(-1.0, 0.0, 1.0, low=-1.9, high=1.9)),
    "round": away_from(-1.5, -0.5, 0.5, 1.5),
}
