"""Between square brackets: ranges, labels and tensors of indices, as textbooks use them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import engine
from engine.errors import OptionError
from engine.language.parse import parse_partial
from engine.probes.check import check

P = np.array([[0.2, 0.8], [0.5, 0.5], [0.9, 0.1]])
GIVEN = "p = np.array([[0.2, 0.8], [0.5, 0.5], [0.9, 0.1]])\nt = np.array([0, 1, 1])\n"


@pytest.mark.parametrize(
    ("index", "expected"),
    [
        ("range(3), t", P[range(3), [0, 1, 1]]),
        ("range(len(t)), t", P[range(3), [0, 1, 1]]),
        ("np.arange(p.shape[0]), t", P[range(3), [0, 1, 1]]),
        ("torch.arange(0, 3, 2)", P[[0, 2]]),
        ("t", P[[0, 1, 1]]),
        (":, t", P[:, [0, 1, 1]]),
        ("p[:, 0].argsort()", None),
    ],
)
def test_labels_and_ranges_are_lists_of_indices(index: str, expected: Any) -> None:
    if expected is None:
        assert parse_partial(f"{GIVEN}y = p[{index}]")[1][0].code == "op.index"
        return
    program = engine.prepare(f"{GIVEN}y = p[{index}] * 1")
    np.testing.assert_array_equal(program.evaluate().values["y"], expected)
    assert check(program).verdict == "ok"


def test_a_tensor_of_indices_stays_a_node_and_may_be_given_anew() -> None:
    source = "E = [[0.2, 0.8], [0.5, 0.5]]\ni = torch.tensor([[1, 0], [1, 1]])\ny = E[i]"
    program = engine.prepare(source, inputs={"i": [[0, 0], [1, 0]]})
    np.testing.assert_array_equal(program.evaluate().values["y"][0], [[0.2, 0.8], [0.2, 0.8]])


def test_labels_that_were_read_cannot_be_given_anew() -> None:
    with pytest.raises(OptionError, match="the graph was made by"):
        engine.prepare(GIVEN + "y = p[range(3), t] + t", inputs={"t": [1, 1, 1]})


@pytest.mark.parametrize(
    ("index", "code"),
    [
        ("p > 0.5", "op.mask"),
        ("m", "op.mask"),
        ("range(10**30)", "op.index"),
        ("range(0, 3, 0)", "op.index"),
        ("range(10**6)", "op.index"),
        ("'a'", "op.index"),
    ],
)
def test_what_cannot_be_an_index_says_what_to_write(index: str, code: str) -> None:
    errors = parse_partial(f"{GIVEN}m = t > 0\ny = p[{index}]")[1]
    assert [each.code for each in errors] == [code]


@pytest.mark.parametrize("mask", ["np.arange(2) > 0", "torch.tensor([True, False])"])
def test_a_mask_of_numbers_alone_is_no_list_of_indices(mask: str) -> None:
    with pytest.raises(engine.EngineError) as error:
        engine.prepare(f"import torch\nimport numpy as np\nm = {mask}\nx = [3.0, 4.0]\ny = x[m]")
    assert error.value.code == "op.mask"


def test_a_tensor_that_is_written_out_picks_entries() -> None:
    program = engine.prepare("import torch\nx = [3.0, 4.0, 5.0]\ny = x[torch.tensor([0, -1])]")
    assert program.evaluate().values["y"].tolist() == [3, 5]
