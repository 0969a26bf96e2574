"""Cases of engine.ops.trigonometric."""

DOMAIN = {
    **dict.fromkeys(("sin", "cos", "atan", "sinh", "cosh", "tanh", "asinh"), (-2.0, 2.0)),
    **dict.fromkeys(("atan2", "hypot"), (-2.0, -0.2)),
    **dict.fromkeys(("asin", "acos", "atanh"), (-0.9, 0.9)),
    "tan": (-1.2, 1.2),
    "acosh": (1.2, 3.0),
}
