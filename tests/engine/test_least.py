"""What a program is sure to need is never more than it needs, and close to it for what grows."""

from __future__ import annotations

from typing import Any

import pytest

import engine
from engine.errors import LimitError
from engine.language.build import Builder
from engine.language.execute import Execution
from engine.language.least import Least
from engine.language.outline import statements

DEFINED = "def f(x):\n    return x * x + x\n"
FITS = {
    "a call": DEFINED + "x = 2\ny = f(x)",
    "a call of a number": DEFINED + "y = f(2)",
    "calls in calls": DEFINED + "x = 2\ny = f(f(f(x))) * f(x)",
    "a loop": "x = 2\nfor i in range(9):\n    x = x * x",
    "a loop over a call": DEFINED + "x = 2\nfor i in range(9):\n    x = f(x)",
    "loops in loops": "x = 2\nfor i in range(5):\n    for j in range(i):\n        x = x * x",
    "a return before the end": "def f(x, n=1):\n    if n > 0:\n        return x\n"
    "    for i in range(999):\n        x = x * x\n    return x\nx = 2\ny = f(x)",
    "a return in a loop": "def f(x):\n    for i in range(99):\n        return x * x\n"
    "x = 2\ny = f(x)",
    "a name of the program and of a block": "n = 99\n"
    "def f(x, n):\n    for i in range(n):\n        x = x * x\n    return x\nx = 2\ny = f(x, 2)",
    "a number that changes": "n = 99\ndef f(x):\n    for i in range(n):\n        x = x * x\n"
    "    return x\nx = 2\nfor k in range(3):\n    n = 1\n    x = f(x)",
    "a branch": "x = 2\nfor i in range(9):\n    if i > 6:\n        x = x * x",
    "names that become lists": "x = 2\nfor i in range(4):\n    x = [x, x]\n"
    "    x = x + x\n    x = x[0]",
    "lists": "x = 2\nhs = [x]\nfor i in range(9):\n    hs.append(hs[i] * 2)\ny = hs[9]",
    "several values": "def f(x):\n    return x * x, x\nx = 2\nfor i in range(5):\n    x, y = f(x)",
    "rows": "X = [[1, 2], [3, 4]]\ns = 0\nfor r in X:\n    s = s + r @ r",
    "a block of the library": "x = eye(2)\nfor i in range(3):\n    x = attention(x, x, x)",
    "numbers alone": "for i in range(9):\n    n = 2 * 3 + 4\ny = n * 2",
    "comprehensions": "x = 2\ny = [[x * a for a in range(4)] for b in range(3)]\n"
    "z = sum(x * c for c in range(5) if c > 1) + sum(x * x for c in range(2) if 1)",
    "a comprehension whose name is a number": "n = 99\nx = 2\n"
    "y = [x * n for n in range(3) for k in range(n)]",
    "entries that are replaced": "x = rand(4)\nx = x * 1\nfor i in range(4):\n"
    "    x[i] = 2\n    x[0] += x[i]",
    "entries spread over a call": "def f(a, b, n=99):\n    for i in range(n):\n"
    "        a = a * b\n    return a\nx = 2\nab = [x, x]\ny = f(*ab, 1)",
    "entries spread over a list": "v = [1, 2, 3]\nx = 2\nfor i in range(3):\n    w = [*v, x]\n"
    "    y = w[1] * 2\n    z = sum([*v])",
    "numbers between calls": DEFINED + "x = 2\nx = f(x)\nn = 3\ny = f(n) + x * n\n"
    "for i in range(n):\n    y = y * n",
    "text": 'def f(x):\n    """It is squared."""\n    print(x * x * x)\n'
    "    return x * x\nx = 2\ny = f(x)",
}


def taken(source: str) -> int:
    """The least limit of nodes under which a program is read."""
    peak = 0

    class Watched(Builder):
        def _add(self, *given: object) -> int:
            nonlocal peak
            made = super()._add(*given)  # type: ignore[arg-type]
            peak = max(peak, made)
            return made

    execution = Execution(Watched(), engine.Limits(nodes=10**6))
    execution.run(statements(source))
    assert not execution.errors
    return max(peak, -(-execution._tally._steps // 2))


@pytest.mark.parametrize("name", FITS)
def test_a_program_that_fits_exactly_is_read(name: str) -> None:
    most = taken(FITS[name])
    assert engine.prepare(FITS[name], limits=engine.Limits(nodes=most))
    with pytest.raises(LimitError):
        engine.prepare(FITS[name], limits=engine.Limits(nodes=most - 1))


def chain(depth: int, width: int, body: str = "x * x") -> str:
    """Blocks that each call the one before so often."""
    calls = (
        f"def f{i}(x):\n    return {' + '.join([f'f{i - 1}(x)'] * width)}\n"
        for i in range(1, depth)
    )
    return f"def f0(x):\n    return {body}\n" + "".join(calls) + f"x = 2\ny = f{depth - 1}(x)"


@pytest.mark.parametrize(
    "source",
    [
        chain(6, 8),
        chain(8, 4),
        chain(15, 2, "sin(x)"),
        chain(15, 2).replace("x = 2\ny = f14(x)", "y = f14(2)"),
        chain(15, 2).replace("x = 2\ny = f14(x)", "y = f14(param(2))"),
        "x = 2\nfor i in range(3000):\n    x = " + " + ".join(["x * x"] * 10),
        "x = 2\nfor i in range(99):\n    for j in range(99):\n        x = x * x + x * x",
        "def f(x):\n" + "    x = x * x\n" * 99 + "    return x\nx = 2\n" + "x = f(x)\n" * 300,
        "x = 2\n" + "for i in range(1000):\n    x = x * x\n" * 21,
        "x = 2\n" + "y = [x * i for i in range(999)]\n" * 21,
        "x = 2\ny = [x * 1 for a in range(99) for b in range(99) for c in range(99)]",
        "x = 2\ny = [[[x * 1 for a in range(99)] for b in range(99)] for c in range(99)]",
        "x = 2\ny = sum(sum(x * a for a in range(999)) for b in range(999))",
        "x = 2\nd = {a: x * a for a in range(9**9)}",
        "x = 2\ny = [x * b for a in range(999) for b in range(a)]",
        "x = rand(4)\nfor i in range(7000):\n    x[1] = 2",
        "v = [1, 2, 3]\nfor i in range(7000):\n    w = [*v]",
        DEFINED + "x = rand(15000)\ns = 0\nfor r in x:\n    s = f(s) + r",
        "q = rand(2, 2)\nfor i in range(3000):\n    q = attention(q, q, q)",
        "def f0(x):\n    return x * x, x + x\n"
        + "".join(
            f"def f{i}(x):\n    a, b = f{i - 1}(x)\n    c, d = f{i - 1}(a)\n    return a * c, d\n"
            for i in range(1, 14)
        )
        + "x = 2\ny, z = f13(x)",
    ],
)
def test_what_grows_too_large_is_refused_before_it_grows(
    source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = 0
    add = Builder._add

    def counted(self: Builder, *given: object) -> int:
        nonlocal made
        made += 1
        return add(self, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(Builder, "_add", counted)
    with pytest.raises(LimitError) as caught:
        engine.prepare(source)
    assert caught.value.params["limit"] in ("a graph", "an unrolled program")
    assert made < 10


VARIED = "def f0(x, n):\n    return x * n\n" + "".join(
    f"def f{i}(x, n):\n    return f{i - 1}(x, 2 * n) + f{i - 1}(x, 2 * n + 1)\n"
    for i in range(1, 40)
)


def test_numbers_that_always_differ_do_not_make_looking_ahead_grow(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked = 0
    look = Least._statement

    def counted(self: Least, *given: Any) -> Any:
        nonlocal looked
        looked += 1
        return look(self, *given)

    monkeypatch.setattr(Least, "_statement", counted)
    with pytest.raises(LimitError) as caught:
        engine.prepare(f"{VARIED}x = 2\ny = f39(x, 1)")
    assert int(caught.value.params["asked"]) > 10**9
    assert looked <= 2_500
