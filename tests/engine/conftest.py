"""Prints, after the tests of the ops, what of each op was covered."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import numpy as np

CHECKS = {
    "value": "test_the_inferred_shape_is_the_shape_of_the_value",
    "local Jacobian": "test_the_jacobian_agrees_with_central_differences",
    "vjp and jvp": "test_vjp_is_the_transpose_of_jvp",
    "recorded vjp": "test_the_recorded_vjp_is_the_vjp",
    "second order": "test_the_second_derivative_agrees_with_differences_of_the_first",
}
NODE = re.compile(r"tests/engine/test_ops\.py::(\w+)\[(?:numpy-)?(\w+)-\(")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say which checks each op passed, at which kinds of shape, with which structures."""
    passed: dict[str, set[str]] = {}
    for report in terminalreporter.stats.get("passed", ()):
        found = NODE.match(report.nodeid)
        if found:
            passed.setdefault(found[1], set()).add(found[2])
    if not set(CHECKS.values()) <= set(passed):
        return
    from engine import OPS

    terminalreporter.section(f"coverage of {len(OPS)} ops")
    for label, test in CHECKS.items():
        missing = sorted(set(OPS) - passed[test])
        rest = f"; without: {', '.join(missing)}" if missing else ""
        terminalreporter.write_line(f"{label}: {len(OPS) - len(missing)}{rest}")
    for label, ops in shapes_covered().items():
        terminalreporter.write_line(f"{label}: {len(ops)} ops")
    counted = ", ".join(f"{name} {count}" for name, count in structures().most_common())
    terminalreporter.write_line(f"edges by structure: {counted}")


def shapes_covered() -> dict[str, set[str]]:
    """Ops by the kinds of shape they are tested at."""
    from tests.engine.test_ops import EVERY

    kinds: dict[str, set[str]] = {"0-d": set(), "empty": set(), "broadcast": set()}
    for case in EVERY:
        if any(shape == () for shape in case.shapes):
            kinds["0-d"].add(case.op.name)
        if any(0 in shape for shape in case.shapes):
            kinds["empty"].add(case.op.name)
        if len(set(case.shapes)) > 1 and case.op.elementwise:
            kinds["broadcast"].add(case.op.name)
    return kinds


def structures() -> Counter[str]:
    """How many (op, argument, structure) there are of each structure."""
    from engine.backend import backend
    from tests.engine.test_ops import EVERY

    seen: set[tuple[str, int, str]] = set()
    where, rng = backend("cpu"), np.random.default_rng(0)
    for case in EVERY:
        inputs = case.inputs(rng)
        with where.quiet():
            for slot in case.slots:
                seen.add((case.op.name, slot, case.jacobian(where, slot, inputs).structure))
    return Counter(structure for _, _, structure in seen)
