"""Cases of engine.ops.logic."""

from tests.engine.cases.shapes import each

CASES = {
    "where": each((((), (), ()), ((3,), (3,), ()), ((2, 1), (3,), (2, 3)))),
}
