"""Cases of engine.ops.error_function."""

DOMAIN = {"erf": (-2.0, 2.0), "erfc": (-2.0, 5.0)}
