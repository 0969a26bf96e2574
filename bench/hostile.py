"""Requests that ask for too much, each with the code of its refusal: programs that double, endless
and deeply nested ones, gigabytes in a line, bodies of thousands of mistakes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

__all__ = ["ATTACKS", "Attack"]

LIMIT, LONG, DEEP, ROWS = "limit.exceeded", "syntax.long", "syntax.deep", "limit.rows"


@dataclass(frozen=True, slots=True)
class Attack:
    """A request to an operation, and the code it is refused with."""

    body: bytes
    code: str = LIMIT
    operation: str = "evaluate"


def blocks(depth: int, body: str, first: str = "x * x", call: str = "x = 2\ny = f{}(x)") -> str:
    """Blocks that each call the one before: `body` with `f` for that."""
    lines = [f"def f0(x):\n    return {first}"]
    lines += [
        f"def f{i}(x):\n    return {body.replace('f(', f'f{i - 1}(')}" for i in range(1, depth)
    ]
    return "\n".join([*lines, call.format(depth - 1)])


def nested(depth: int, header: str) -> str:
    """Headers inside one another."""
    lines = [" " * level + header for level in range(depth)]
    return "\n".join(["x = 2", *lines, " " * depth + "x = x * 2"])


def repeated(text: str, before: str = "x = 2\ny = ", behind: str = "x") -> str:
    """A line as long as a source may be."""
    return before + text * ((65_000 - len(before) - len(behind)) // len(text)) + behind


GROWING = {
    "calls, 8 in each of 6": blocks(6, " + ".join(["f(x)"] * 8)),
    "calls, 2 in each of 60": blocks(60, "f(x) + f(x)"),
    "calls in calls": blocks(6, "f(f(f(f(f(f(f(f(x))))))))"),
    "calls of sines": blocks(15, "f(x) + f(x)", "sin(x)"),
    "calls of numbers": blocks(15, "f(x) + f(x)", call="y = f{}(2)"),
    "calls of what is written out": blocks(15, "f(x) + f(x)", call="y = f{}(param(2))"),
    "calls with numbers that differ": "def f0(x, n):\n    return x * n\n"
    + "".join(
        f"def f{i}(x, n):\n    return f{i - 1}(x, 2 * n) + f{i - 1}(x, 2 * n + 1)\n"
        for i in range(1, 40)
    )
    + "x = 2\ny = f39(x, 1)",
    "calls behind a choice": "def f0(x):\n    if 1 > 0:\n        return x * x\n    return x\n"
    + "".join(
        f"def f{i}(x):\n    if 1 > 0:\n        x = f{i - 1}(x)\n        x = f{i - 1}(x)\n"
        "    return x\n"
        for i in range(1, 14)
    )
    + "x = 2\ny = f13(x)",
    "a loop over a large block": blocks(1, "", " + ".join(["x * x"] * 200), "x = 2")
    + "\nfor i in range(1000):\n    x = f0(x)",
    "a loop over attention": "q = rand(2, 2)\nfor i in range(3000):\n    q = attention(q, q, q)",
    "an endless loop": "x = 2\nfor i in range(10 ** 30):\n    x = x * 2",
    "a loop that does nothing": "x = 2\nfor i in range(10 ** 9):\n    pass",
    "loops in loops": nested(30, "for i in range(2):"),
    "a triangle of loops": "x = 2\nfor i in range(999):\n  for j in range(i):\n    x = x * x",
    "a loop over rows": "x = ones((4000000, 1))\nfor r in x:\n    y = r * r",
    "a list of a loop": "x = 2\ny = [x * i for i in range(10 ** 9)]",
    "a comprehension of three loops": "x = 2\n"
    "y = [x * 1 for a in range(99) for b in range(99) for c in range(99)]",
    "comprehensions in one another": "x = 2\n"
    "y = [[[x * 1 for a in range(99)] for b in range(99)] for c in range(99)]",
    "lines of loops": "x = 2\n" + "for i in range(1000):\n    x = x * x\n" * 21,
    "lines of comprehensions": "x = 2\n" + "y = [x * i for i in range(999)]\n" * 21,
    "lines of calls": "def f(x):\n"
    + "    x = x * x\n" * 99
    + "    return x\nx = 2\n"
    + "x = f(x)\n" * 300,
    "lists spread many times": "x = 2\nh = [x] * 15000\n"
    + "".join(f"y{i} = stack([*h])\n" for i in range(300)),
    "stores in a loop": "".join(f"a{i} = 1.5\n" for i in range(100))
    + "x = rand(4)\nfor i in range(7000):\n    x[1] = 2",
    "a list many times": "x = 2\ny = [x] * 10 ** 9",
    "a list that doubles": "x = 2\nh = [x]\n" + "h = h + h\n" * 40 + "y = stack(h)",
    "tuples of tuples": "x = 2\nt = [1, 2]\n" + "t = [t, t]\n" * 30 + "for a in t:\n    x = x * 2",
    "a list that doubles in a comprehension": "h = [1.0]\n"
    + "h = [a for a in h for b in range(2)]\n" * 40
    + "x = stack(h)",
    "loops over rows of rows": "X = rand(5000, 2)\nx = 0.0\n"
    "for r in X:\n    for q in X:\n        x = x + r @ q",
    "appending for ever": "h = []\nfor i in range(10 ** 6):\n    h.append(h)",
}
LARGE = {
    "zeros": "y = zeros(10 ** 6, 10 ** 6)",
    "full": "y = full((10 ** 5, 10 ** 5), 3)",
    "random numbers": "y = randn(10 ** 5, 10 ** 5)",
    "whole numbers": "y = randint(0, 10, (10 ** 9,))",
    "identity": "y = eye(10 ** 6)",
    "steps": "y = arange(0, 1, 1e-300)",
    "points": "y = linspace(0, 1, 10 ** 12)",
    "broadcasting": "x = rand(3000, 1)\ny = rand(1, 3000)\nz = x + y",
    "expanding": "x = rand(1, 1)\ny = x.expand(10 ** 6, 10 ** 6)",
    "outer": "x = rand(2000)\ny = outer(x, x)\nz = outer(y.reshape(-1), x)",
    "kron": "x = rand(60, 60)\ny = kron(x, x)\nz = kron(y, x)",
    "concat": "x = rand(64)\n" + "x = concat([x, x])\n" * 40,
    "stack": "x = rand(64)\n" + "x = stack([x, x])\n" * 40,
    "tile": "x = rand(64)\ny = tile(x, (1000000,))",
    "repeat": "x = rand(64)\ny = repeat(x, 10 ** 9)",
    "pad": "x = rand(4)\ny = pad(x, (10 ** 9, 10 ** 9))",
    "diag": "x = rand(4000)\ny = diag(x)",
    "by index": "x = rand(3)\ni = zeros((3000, 3000))\ny = x[i]",
    "a mask": "x = ones((10 ** 5, 10 ** 5))\ny = tril(x)",
    "einsum": "x = rand(60, 60)\ny = einsum('ab,cd,ef,gh->abcdefgh', x, x, x, x)",
    "einsum to a number": "x = rand(60, 60)\ny = einsum('ab,cd,ef,gh->', x, x, x, x)",
    "windows of a convolution": "x = rand(1, 1, 900, 900)\nw = rand(9, 1, 99, 99)\n"
    "y = conv2d(x, w)",
    "a convolution": "x = rand(1, 1, 400000)\nw = rand(1, 1, 200000)\ny = conv1d(x, w)",
    "a determinant": "a = rand(1500, 1500)\nd = det(a)",
    "matrix products": "x = rand(600, 600)\n" + "x = x @ x\n" * 9 + "y = sum(x)",
    "lines of products": "x = rand(400, 400)\n" + "x = x @ x\n" * 5_000,
    "lines of sines": "x = rand(1000, 1000)\n" + "x = sin(x)\n" * 5_000,
    "a loop of products": "x = rand(100, 100)\nfor i in range(9000):\n    x = x @ x",
    "a block of products": "def f(x):\n    for i in range(9000):\n        x = x @ x\n    return x\n"
    "x = rand(100, 100)\ny = sum(f(x))",
    "many leaves": "\n".join(f"x{i} = ones((2000, 2000))" for i in range(300)),
    "leaves of a loop": "for i in range(100):\n    x = rand(4000000)",
    "random factors": "x = randn(2000, 2000)\nw = randn(2000, 2000)\ny = sum(x @ w)",
    "random leaves": "".join(f"x{i} = randn(2000, 2000)\n" for i in range(9)),
    "random leaves of some size": "".join(f"x{i} = rand(999, 999)\n" for i in range(3000)),
    "P of solve": "a = rand(60, 60)\nb = rand(60, 60)\nx = solve(a, b)",
    "P of products": "a = rand(64, 64)\nx = a @ a @ a @ a @ a",
    "P of running sums": "a = rand(4096)\n" + "a = cumsum(a)\n" * 20,
    "P of a convolution": "x = rand(1, 1, 64, 64)\nw = rand(1, 1, 5, 5)\ny = conv2d(x, w)",
    "P of softmax": "x = rand(64, 64)\ny = softmax(x)",
    "P of layer_norm": "x = rand(64, 64)\ny = layer_norm(x, (64,))",
    "P of sigmoids": "x = rand(64, 64)\n" + "x = sigmoid(x)\n" * 20,
}
LINES = {
    "a sum": repeated("x+"),
    "a power": repeated("x**"),
    "signs": repeated("-"),
    "not not": repeated("not "),
    "choices": repeated("x if 1 else "),
    "comparisons": repeated("x<"),
    "and": repeated("x and "),
    "indices": repeated("[0]", "x = 2\ny = x", ""),
    "calls": repeated("()", "x = 2\ny = x", ""),
    "attributes": repeated(".T", "x = 2\ny = x", ""),
    "methods": repeated(".sin()", "x = 2\ny = x", ""),
    "an index": repeated("0,", "x = [1, 2]\ny = x[[", "0]]"),
    "an index of slices": repeated(":,", "x = [1, 2]\ny = x[", ":]"),
    "arguments": repeated("x,", "x = 2\ny = sin(", "x)"),
    "numbers as arguments": repeated("1,", "y = zeros(", "1)"),
    "keywords": repeated("a=1,", "x = 2\ny = sin(", "x)"),
    "operands": repeated("x,", "x = 2\ny = stack([", "x])"),
    "targets": repeated("a=", "", "2"),
    "a tuple of targets": repeated("a,", "", "b = 2"),
    "prefixes": repeated("np.", behind="sin(x)"),
    "an import": repeated("a.", "import ", "a"),
    "imports": repeated("a,", "from torch import ", "a"),
    "lambdas": repeated("lambda:"),
    "strings with holes": repeated("{x}", "x = 2\nprint(f'", "')"),
    "a dictionary": repeated("'a':x,", "x = 2\nd = {", "}"),
    "powers of numbers": repeated("2**", "n = ", "2"),
    "statements": repeated("x=x*x;", "x=2\n", ""),
    "a loop over numbers": repeated("1,", "x = 2\nfor i in [", "1]:\n    x = x * x"),
}
NESTED = {
    "parentheses": "x = 2\ny = " + "(" * 30_000 + "x" + ")" * 30_000,
    "lists": "y = " + "[" * 32_000 + "1" + "]" * 32_000,
    "calls": "x = 2\ny = " + "sin(" * 13_000 + "x" + ")" * 13_000,
    "brackets that stay open": "x = (\n" * 10_000,
    "indentation": nested(300, "if 1:"),
}

PRODUCT = "x = 2\ny = sin(x) * cos(x) * exp(x) * tanh(x)"
SQUARES = "x = 1\ny = x * x[0]\n" + "y = y.T @ y\n" * 4_800
ROW = [[1] * 300]


def bodies() -> dict[str, Attack]:
    """Requests whose program is harmless, or none."""
    keys = {f"k{i}": 1 for i in range(60_000)}
    sent: dict[str, tuple[Any, str]] = {
        "unknown keys": ({"source": "x = 1", **keys}, "request.field"),
        "unknown keys of a node": ({"graph": [{"name": "x", **keys}]}, "request.field"),
        "parts that are none": ({"graph": [1] * 19_000}, "request.field"),
        "nodes": ({"graph": [{"name": f"x{i}"} for i in range(50_000)]}, LIMIT),
        "groups": ({"graph": {"nodes": [], "groups": [{"path": ["a"]}] * 50_000}}, LIMIT),
        "unknown leaves": ({"source": "x = 1", "inputs": keys}, "option.node"),
        "derivatives": ({"source": "x = 1", "differentiate": ["x"] * 9}, "request.field"),
        "derivatives that grow": ({"source": PRODUCT, "differentiate": ["x"] * 8}, LIMIT),
        "products of given values": ({"source": SQUARES, "inputs": {"x": ROW}}, LIMIT),
        "entries": ({"source": "x = 1", "inputs": {"x": [0] * 99_999}}, ROWS),
    }
    found = {
        name: Attack(json.dumps(body, separators=(",", ":")).encode(), code)
        for name, (body, code) in sent.items()
    }
    found["open lists"] = Attack(b"[" * 10**6, "request.json")
    found["lists in lists"] = Attack(b'{"inputs":%s}' % (b"[" * 900 + b"]" * 900), "request.depth")
    found["a window"] = Attack(
        json.dumps(
            {"source": "x = rand(300, 300)\ny = sum(x)", "what": "value", "node": "x"}
        ).encode(),
        operation="window",
    )
    return found


def _programs(kind: str, sources: dict[str, str], code: str) -> dict[str, Attack]:
    made = {name: json.dumps({"source": source}).encode() for name, source in sources.items()}
    return {f"{kind}: {name}": Attack(body, code) for name, body in made.items()}


ATTACKS: dict[str, Attack] = {
    **_programs("growing", GROWING, LIMIT),
    **_programs("large", LARGE, LIMIT),
    **_programs("long", LINES, LONG),
    **_programs("nested", NESTED, DEEP),
    **{f"body: {name}": attack for name, attack in bodies().items()},
    **_programs("rows", {"of P": "x = rand(5000)\ny = x * x"}, ROWS),
}
