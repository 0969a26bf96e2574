"""What the events of a snippet tell."""

from __future__ import annotations

import warnings
from typing import Any

import pytest

from engine import eager
from engine.autograd import Ended, Event, Executed, Limits, Pulled, Stopped, Structured, run
from engine.eager.modes import RECORDING
from engine.errors import LimitError, SourceError

SQUARE = "x = torch.tensor(3.0, requires_grad=True)\ny = x * x\ny.backward()\n"


def of(kind: type[Any], events: list[Event]) -> list[Any]:
    return [event for event in events if isinstance(event, kind)]


def test_every_statement_is_told_with_its_place() -> None:
    events = list(run(SQUARE))
    assert [event.span.line for event in of(Executed, events)] == [1, 2, 3]
    assert events[-1] == Ended(3, events[-1].work, True)


def test_a_backward_pass_tells_each_step_before_its_statement() -> None:
    events = list(run(SQUARE))
    (pulled,) = of(Pulled, events)
    assert (pulled.name, pulled.cotangent, pulled.parts) == ("MulBackward0", 1.0, (3.0, 3.0))
    assert pulled.inputs[0] == pulled.inputs[1]
    assert events.index(pulled) == 2 and pulled.step == 3


def test_a_step_holds_its_buffers_until_it_is_freed() -> None:
    first, second, third = of(Executed, list(run(SQUARE)))
    step = next(node for node in second.nodes if node.name == "MulBackward0")
    assert (step.state, step.bytes) == ("held", 8)
    assert [(node.node, node.state, node.bytes) for node in third.nodes] == [
        (step.node, "freed", 0)
    ]
    assert next(t for t in second.tensors if t.name == "x").saved_by == (step.node,)
    assert next(t for t in third.tensors if t.name == "x").saved_by == ()
    assert first.nodes[0].variable == "x"


def test_a_name_that_is_gone_takes_its_steps_with_it() -> None:
    last = of(Executed, list(run("x = torch.ones(1, requires_grad=True)\ny = x * 2\ndel y")))[-1]
    assert last.gone == ("y",)
    assert len(last.dropped) == 1


def test_two_names_of_one_tensor_are_told_together() -> None:
    last = of(Executed, list(run("x = torch.ones(2)\ny = x")))[-1]
    assert last.tensors[0].names == ("x", "y")


def test_statements_of_a_function_are_told_before_the_call() -> None:
    events = of(Executed, list(run("def f(a):\n    b = a * 2\n    return b\ny = f(torch.ones(1))")))
    assert [(event.function, event.span.line) for event in events] == [
        ("", 1),
        ("f", 2),
        ("f", 3),
        ("", 4),
    ]


def test_an_error_tells_the_step_at_fault() -> None:
    events = list(run("x = torch.ones(1, requires_grad=True)\ny = x.exp()\ny += 1\ny.backward()"))
    (failed,) = of(Stopped, events)
    steps = {node.node: node.name for event in of(Executed, events) for node in event.nodes}
    assert failed.type == "RuntimeError" and failed.span.line == 4
    assert steps[failed.node] == "ExpBackward0"
    assert events[-1].ok is False


def test_an_error_comes_after_what_was_printed() -> None:
    events = list(run("def f():\n    print('a')\n    return 1 / 0\nf()"))
    assert "".join(event.output for event in of(Executed, events)) == "a\n"
    assert of(Stopped, events)[0].type == "ZeroDivisionError"


def test_what_is_not_supported_names_the_nearest_way() -> None:
    (failed,) = of(Stopped, list(run("torch.ones(2).sinn()")))
    assert failed.code == "autograd.attribute" and "sin" in failed.hint
    with pytest.raises(SourceError, match="class") as caught:
        run("x = 1\nclass A:\n    while 1:\n        pass")
    assert caught.value.span is not None and caught.value.span.line == 3
    assert "__init__" in caught.value.hint


def test_text_that_is_not_python_is_refused_with_its_place() -> None:
    with pytest.raises(SourceError) as caught:
        run("x = 1\ny = (")
    assert caught.value.code == "autograd.invalid"
    assert caught.value.span is not None and caught.value.span.line == 2


@pytest.mark.parametrize(
    ("snippet", "code", "line"),
    [
        ("x = 1\n>>> y = 2", "syntax.prompt", 2),
        ("```python\nx = 1\n```", "syntax.prompt", 1),
        ("x = 1\ny = torch.tensor（1.)", "syntax.character", 2),
        ("x = 1\ny = (", "autograd.invalid", 2),
        ("x = $", "autograd.invalid", 1),
    ],
)
def test_what_a_page_pastes_along_is_told_apart(snippet: str, code: str, line: int) -> None:
    with pytest.raises(SourceError) as caught:
        list(run(snippet))
    assert caught.value.code == code
    assert caught.value.span is not None
    assert caught.value.span.line == line


def test_an_import_that_is_not_there_names_all_that_are() -> None:
    (stopped,) = of(Stopped, list(run("import scipy")))
    assert stopped.params["known"].startswith("torch, torch.nn, ")


GROWING = (
    ("x = torch.ones(1, requires_grad=True)", "x = x * 2"),
    ("xs = []", "xs.append(torch.ones(1))"),
)


def test_limits_are_the_callers() -> None:
    events = list(run("for i in range(10):\n    pass", Limits(statements=5)))
    assert of(Stopped, events)[0].code == "autograd.budget.statements"
    with pytest.raises(LimitError):
        run("x = 1", Limits(source=3))


def test_what_grows_without_end_is_stopped_long_before_what_does_not() -> None:
    ended = [list(run(f"{start}\nwhile True:\n    {body}")) for start, body in GROWING]
    assert [of(Stopped, events)[0].code for events in ended] == ["autograd.budget.operations"] * 2
    assert all(of(Ended, events)[0].steps < 500 for events in ended)


def test_a_run_stops_at_the_same_place_every_time() -> None:
    source = "x = torch.ones(3, requires_grad=True)\nwhile True:\n    x = x * 2\n    print(x)"
    assert list(run(source, Limits(operations=500))) == list(run(source, Limits(operations=500)))


def test_between_events_the_settings_of_the_reader_hold() -> None:
    steps = run("with torch.no_grad():\n    x = torch.ones(1)\n    y = x * 2")
    next(steps)
    next(steps)
    assert RECORDING.on and RECORDING.charge is None
    assert eager.tensor([1, 2]).div(2).dtype == "float64"
    leaf = eager.tensor(2.0, requires_grad=True)
    assert (leaf * 2).requires_grad
    assert not of(Executed, list(steps))[-1].recording


def test_two_runs_may_take_turns() -> None:
    both = [run("torch.manual_seed(1)\nx = torch.randn(2)\nprint(x)") for _ in range(2)]
    turns = list(zip(*both, strict=True))
    assert all(one == other for one, other in turns)


def test_warnings_are_events_and_not_those_of_the_process() -> None:
    source = "x = torch.ones(1, requires_grad=True)\ny = x * 2\ny.grad"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        last = of(Executed, list(run(source)))[-1]
    assert "not a leaf Tensor" in last.warnings[0]


def test_large_tensors_are_told_without_their_entries() -> None:
    last = of(Executed, list(run("x = torch.zeros(2000)")))[-1]
    assert last.tensors[0].shape == (2000,) and last.tensors[0].data is None


def test_weights_of_layers_have_names() -> None:
    last = of(Executed, list(run("net = nn.Sequential(nn.Linear(2, 1))")))[-1]
    assert [t.name for t in last.tensors] == ["net.0.weight", "net.0.bias"]


@pytest.mark.parametrize(
    "call",
    [
        "torch.inverse(torch.zeros(2, 2))",
        "torch.zeros(2, 2).cholesky()",
        "torch.ones(2).take(torch.tensor([9]))",
        "torch.stack(lambda z: z)",
        "torch.stack([[len]])",
        "torch.ones(2).sum(len)",
        "F.pad(torch.ones(2))",
        "torch.ones()[0:'a']",
    ],
)
def test_a_call_that_cannot_be_is_the_snippets_error(call: str) -> None:
    events = list(run(call))
    assert isinstance(events[-2], Stopped) and isinstance(events[-1], Ended)


def test_a_backward_pass_tells_the_local_jacobians() -> None:
    source = "x = torch.tensor([1.0, 2.0], requires_grad=True)\n(x * x).sum().backward()"
    total, product = of(Pulled, list(run(source)))
    assert total.jacobians == ([[1.0, 1.0]],)
    assert product.jacobians == ([[1.0, 0.0], [0.0, 2.0]],) * 2


def test_a_local_jacobian_of_many_entries_is_told_by_its_structure() -> None:
    source = "x = torch.ones(65, requires_grad=True)\n(x * x).sum().backward()"
    total, product = of(Pulled, list(run(source)))
    assert total.jacobians == ([[1.0] * 65],) and product.jacobians == (None, None)
    diagonal = Structured("diagonal", (65, 65), 65, 65)
    assert product.structures == (diagonal, diagonal)
    assert total.structures == (Structured("sum", (1, 65), 1, 65),)


@pytest.mark.parametrize(
    ("line", "structure"),
    [
        ("torch.tanh(x)", "diagonal"),
        ("x.T", "permutation"),
        ("torch.relu(x)", "diagonal"),
        ("torch.softmax(x, dim=1)", "diagonal_low_rank"),
        ("x @ torch.ones(4, 5)", "kronecker"),
    ],
)
def test_the_structure_of_a_local_jacobian_is_the_laboratory_s(line: str, structure: str) -> None:
    source = f"x = torch.rand(3, 4, requires_grad=True)\n({line}).sum().backward()"
    pulled = of(Pulled, list(run(source)))[1]
    (told,), (rows,) = [[x for x in xs if x] for xs in (pulled.structures, pulled.jacobians)]
    assert told.structure == structure and told.shape == (len(rows), len(rows[0]))
    assert sum(entry != 0 for row in rows for entry in row) <= told.nonzero


def test_a_run_tells_so_many_entries_of_large_jacobians() -> None:
    step = "    (x * x).sum().backward()"
    source = f"x = torch.ones(30, requires_grad=True)\nfor k in range(60):\n{step}"
    products = of(Pulled, list(run(source)))[1::2]
    told = [each.jacobians[0] is not None for each in products]
    assert told[0] and not told[-1] and told == sorted(told, reverse=True)


def test_columns_count_letters_and_not_bytes() -> None:
    stopped = of(Stopped, list(run('x = "梯度" + 1')))[0]
    assert (stopped.span.column, stopped.span.end_column) == (1, 13)


def test_a_backward_pass_tells_where_nothing_flows() -> None:
    source = "x, w = torch.ones(2, 1, requires_grad=True)\ny = x * w\ny.backward(inputs=[w])"
    pulled = of(Pulled, list(run(source)))[0]
    assert pulled.inputs[0] is None and pulled.parts[0] is None and pulled.inputs[1] is not None


def test_a_backward_pass_tells_what_each_step_kept() -> None:
    source = "x = torch.ones(2, requires_grad=True)\n(x * x).sum().backward()"
    assert [pulled.bytes for pulled in of(Pulled, list(run(source)))] == [0, 16]


def test_addresses_in_memory_are_not_told() -> None:
    source = "x = torch.ones(1, requires_grad=True)\nprint((x * 2).grad_fn, '0xff')"
    last = of(Executed, list(run(source)))[-1]
    assert last.output == "<MulBackward0 object at 0x0> 0xff\n"


def test_leaves_are_numbered_as_they_are_named() -> None:
    source = "a, b, c = [torch.ones(1, requires_grad=True) for _ in range(3)]"
    (event,) = of(Executed, list(run(source)))
    assert [(node.node, node.variable) for node in event.nodes] == [(1, "a"), (2, "b"), (3, "c")]
