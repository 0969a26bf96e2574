"""An object of a class of the program is its weights, and a block."""

from __future__ import annotations

import numpy as np
import pytest

import engine
from engine.forms.source import alike, source
from engine.language.parse import parse, parse_partial
from engine.probes.check import check

NET = """
class Net(nn.Module):
    \"\"\"A small network.\"\"\"

    def __init__(self, hidden=3):
        super().__init__()
        self.first = nn.Linear(2, hidden)
        self.rest = nn.Sequential(nn.Tanh(), nn.Linear(hidden, 1))
        self.scale = nn.Parameter(torch.ones(1))

    def features(self, x):
        return torch.sin(self.first(x))

    def forward(self, x, times=1):
        h = self.features(x)
        for _ in range(times):
            h = h * 0.5
        return self.rest(h) * self.scale

net = Net(hidden=4)
x = torch.tensor([[1.0, -0.5], [0.3, 2.0]])
y = net(x, times=2)
"""


def test_an_object_has_its_weights_as_leaves_and_opens_into_its_forward() -> None:
    program = engine.prepare(NET)
    found = program.evaluate().values
    hidden = np.sin(found["x"] @ found["net_first_weight"].T + found["net_first_bias"]) / 4
    rest = np.tanh(hidden) @ found["net_rest_1_weight"].T + found["net_rest_1_bias"]
    np.testing.assert_allclose(found["y"], rest * found["net_scale"])
    assert check(program).verdict == "ok"
    assert parse(NET).graph.groups["y"].block == "net"


def test_it_prints_as_blocks_and_reads_back() -> None:
    parsed = parse(NET)
    assert alike(parse(source(parsed)), parsed)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("class A:\n    x = 1", "syntax.class"),
        ("class A(Base):\n    def f(self):\n        return 1", "syntax.class"),
        ("class A:\n    def forward(self, x):\n        return x\ny = A()(2.0)", "syntax.instance"),
        (
            "class A:\n    def __init__(self, n):\n        self.n = n\na = A()",
            "create.arguments",
        ),
        (
            "class A:\n    def forward(self, x):\n        return self.forward(x)\n"
            "a = A()\ny = a(2.0)",
            "op.unknown",
        ),
        (
            "class A:\n    def forward(self, x):\n        return " + "-" * 1500 + "x\n"
            "a = A()\ny = a(2.0)",
            "syntax.deep",
        ),
        ("f = lambda x: " + "-" * 1500 + "x\ny = f(1.0)", "syntax.deep"),
    ],
)
def test_what_is_no_such_class_says_what_to_write(text: str, code: str) -> None:
    assert [each.code for each in parse_partial(text, 20_000)[1]][:1] == [code]
