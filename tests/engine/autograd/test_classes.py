"""What is told of classes of a snippet, and how they are held within limits."""

from __future__ import annotations

from typing import Any

import pytest

from engine.autograd import Event, Executed, Limits, Pulled, Stopped, run
from engine.errors import SourceError

SQUARE = """
class Square(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x

    @staticmethod
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        return 2 * x * g

x = torch.ones(2, requires_grad=True)
y = Square.apply(x)
y.sum().backward()
"""
NET = """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(2, 1)

    def forward(self, x):
        h = self.fc(x)
        return h

net = Net()
y = net(torch.ones(1, 2))
"""


def of(kind: type[Any], events: list[Event]) -> list[Any]:
    return [event for event in events if isinstance(event, kind)]


def test_a_class_is_one_step() -> None:
    first = of(Executed, list(run("class A:\n    x = 1\n    y = 2")))
    assert [event.span.line for event in first] == [1]


def test_a_step_of_the_snippet_keeps_what_it_saved_until_it_is_freed() -> None:
    events = list(run(SQUARE))
    told = [n for e in of(Executed, events) for n in e.nodes if n.name == "SquareBackward"]
    assert [(node.state, node.bytes) for node in told] == [("held", 8), ("freed", 0)]
    pulled = of(Pulled, events)[-1]
    assert (pulled.name, pulled.parts) == ("SquareBackward", ([2.0, 2.0],))


def test_weights_have_the_same_first_name_inside_a_method() -> None:
    inside = [event for event in of(Executed, list(run(NET))) if event.function == "Net.forward"]
    assert inside and all(event.gone == () for event in inside)


def test_attributes_of_an_object_are_told() -> None:
    source = "class A:\n    def __init__(self):\n        self.w = torch.ones(2)\na = A()"
    assert [t.name for t in of(Executed, list(run(source)))[-1].tensors] == ["a.w"]


@pytest.mark.parametrize(
    ("source", "word"),
    [
        ("class A(dict):\n    pass", "nn.Module"),
        ("class A(nn.Linear):\n    pass", "nn.Module"),
        ("class A(nn.Module, object):\n    pass", "nn.Module"),
        ("@staticmethod\nclass A:\n    pass", "__init__"),
        ("class F(torch.autograd.Function):\n    pass\nF()", "apply"),
        ("import copy\ncopy.copy(torch.ones(1))", "deepcopy"),
    ],
)
def test_what_a_class_cannot_be_names_the_nearest_way(source: str, word: str) -> None:
    stopped = of(Stopped, list(run(source)))[0]
    assert stopped.code == "autograd.syntax" and word in stopped.hint


@pytest.mark.parametrize(
    "method", ["__getattr__", "__setattr__", "__add__", "__new__", "__del__", "__init_subclass__"]
)
def test_a_method_that_would_change_the_rules_is_refused_with_its_place(method: str) -> None:
    with pytest.raises(SourceError) as caught:
        run(f"class A:\n    def {method}(self):\n        return 1")
    assert caught.value.span is not None and caught.value.span.line == 2


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("while True:\n            pass", "autograd.budget.operations"),
        ("self.go()", "autograd.budget.calls"),
        ("print('a' * 90)\n        self.go()", "autograd.budget.output"),
        ("self.x = torch.zeros(10 ** 9)", "autograd.budget.entries"),
    ],
)
def test_limits_hold_inside_methods(body: str, code: str) -> None:
    source = f"class A:\n    def go(self):\n        {body}\nA().go()"
    small = Limits(operations=3000, output=200)
    found = of(Stopped, list(run(source, small)))[0]
    assert found.code in (code, "autograd.budget.statements")


def test_an_anomaly_names_the_first_step_that_made_it() -> None:
    source = (
        "x = torch.zeros(1, requires_grad=True)\n"
        "with torch.autograd.detect_anomaly():\n    y = (x.sqrt() * 0).sum()\n    y.backward()"
    )
    events = list(run(source))
    stopped = of(Stopped, events)[0]
    assert stopped.message == "Function 'SqrtBackward0' returned nan values in its 0th output."
    told = [text for event in of(Executed, events) for text in event.warnings]
    assert any("Anomaly Detection" in text for text in told)
    usual = source.replace("torch.autograd.detect_anomaly()", "torch.enable_grad()")
    assert not of(Stopped, list(run(usual)))
