"""Random programs mean what Python and NumPy say they mean, however their groups are opened."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

import engine

NAMES = st.sampled_from(["a", "b", "c"])
NUMBERS = st.floats(-2, 2).map(lambda number: round(number, 3))


@st.composite
def expressions(draw: Any, depth: int = 2) -> str:
    kind = draw(st.integers(0, 5 if depth else 1))
    if kind == 0:
        return str(draw(NAMES))
    if kind == 1:
        return f"({draw(NUMBERS)})"
    left, right = draw(expressions(depth - 1)), draw(expressions(depth - 1))
    if kind < 4:
        return f"({left} {draw(st.sampled_from(['+', '-', '*']))} {right})"
    if kind == 4:
        return f"np.tanh({left})"
    return f"f({left}, k={draw(st.integers(1, 3))})"


@st.composite
def blocks(draw: Any, depth: int = 2, indent: str = "") -> str:
    lines = []
    for _ in range(draw(st.integers(1, 3))):
        kind = draw(st.integers(0, 4 if depth else 1))
        name = draw(NAMES)
        if kind == 0:
            lines.append(f"{indent}{name} = {draw(expressions())}")
        elif kind == 1:
            lines.append(f"{indent}{name} = {name} - {draw(expressions())}")
        elif kind == 2:
            lines.append(f"{indent}for i in range({draw(st.integers(0, 3))}):")
            lines.append(draw(blocks(depth - 1, indent + "    ")))
        elif kind == 3:
            lines.append(f"{indent}if {draw(st.integers(0, 3))} > {draw(st.integers(0, 3))}:")
            lines.append(draw(blocks(depth - 1, indent + "    ")))
            lines.append(f"{indent}else:")
            lines.append(draw(blocks(depth - 1, indent + "    ")))
        else:
            lines.append(f"{indent}a, b = {draw(expressions())}, {draw(expressions())}")
    return "\n".join(lines)


HEAD = """import numpy as np
a = np.array([0.5, -1.0])
b = np.array([2.0, 0.25])
c = np.array([1.5, 1.0])
def f(x, k=1):
    y = x * k
    for j in range(k):
        y = y * 0.5 + c
    return np.tanh(y) - x
"""


@settings(max_examples=60, deadline=None)
@given(blocks(), st.lists(st.integers(0, 40), max_size=6))
def test_random_programs_agree_with_numpy_however_they_are_opened(
    body: str, chosen: list[int]
) -> None:
    source = f"{HEAD}{body}\nout = np.sum(a + b * c)\n"
    names: dict[str, Any] = {}
    with np.errstate(all="ignore"):
        exec(source, names)
    closed = engine.prepare(source)
    groups = [group.name for group in closed.graph_event.groups]
    opened = [groups[i % len(groups)] for i in chosen] if groups else []
    whole = closed.evaluate()
    assert whole.gradients is not None
    np.testing.assert_allclose(whole.values["out"], names["out"], rtol=1e-9, atol=1e-9)
    events = list(engine.prepare(source, open=opened).events())
    for event in events:
        if event.kind == "adjoint" and event.node in whole.gradients:
            expected = whole.gradients[event.node]
            if expected is not None:
                found = event.value.reshape(np.shape(expected))
                np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9)
