"""Cases of engine.ops.activation."""

from tests.engine.cases.shapes import BINARY, UNARY, away_from, each, with_mask

CASES = {
    "softplus": each(UNARY, {}, {"beta": 2.5, "threshold": 1.5}),
    "gelu": each(UNARY, {}, {"approximate": "tanh"}),
    "dropout": each(BINARY, {}, {"p": 0.25}, {"p": 1}),
}
DOMAIN = {
    **dict.fromkeys(("sigmoid", "logsigmoid", "silu", "mish", "gelu", "tanhshrink"), (-3.0, 3.0)),
    **dict.fromkeys(("identity", "detach"), (-2.0, 2.0)),
    "logit": (0.1, 0.9),
}
INPUTS = {
    "softplus": away_from(0.6, low=-3.0),
    "softsign": away_from(0.0),
    "dropout": with_mask(1),
}
