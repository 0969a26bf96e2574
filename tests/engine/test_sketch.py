"""What is random is drawn once a program is known to fit, and then as it is written."""

from __future__ import annotations

import numpy as np
import pytest

import engine
from engine.errors import EngineError, LimitError
from engine.language import create
from engine.language.sketch import Sketch
from engine.options import Options
from engine.prepare import program_of, read


class Counting:
    """A generator that tells how much it is asked for."""

    def __init__(self) -> None:
        self.rng, self.most = np.random.default_rng(0), 0

    def standard_normal(self, shape: tuple[int, ...]) -> np.ndarray:
        self.most = max(self.most, int(np.prod(shape)))
        return self.rng.standard_normal(shape)


LARGE = "x = randn(2000, 2000)\n"


@pytest.mark.parametrize(
    ("source", "drawn"),
    [
        (LARGE + "w = randn(2000, 2000)\ny = x @ w", 0),
        (LARGE + "b = randn(9)\nw = 2 * randn(400, 400) - 1\ny = x @ x", 9),
        (LARGE + "y = x * 2", 0),
        ("".join(f"x{i} = randn(2000, 2000)\n" for i in range(9)), 0),
    ],
)
def test_a_program_that_does_not_fit_is_refused_before_much_is_drawn(
    source: str, drawn: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = Counting()
    monkeypatch.setattr(create, "generator", lambda seed: rng)
    with pytest.raises(LimitError):
        engine.prepare(source)
    assert rng.most == drawn


def test_a_program_that_fits_has_the_numbers_it_names() -> None:
    run = engine.prepare("x = randn(1100, 1100)\nb = randn(3)\ny = sum(x) + sum(2 * b)").run
    given = {node.name: run.given[node.id] for node in run.fine if node.id in run.given}
    rng = np.random.Generator(np.random.PCG64(0))
    first, behind = rng.standard_normal((1100, 1100)), rng.standard_normal(3)
    assert np.array_equal(given["x"], first)
    assert np.array_equal(given["b"], behind)


def outcome(source: str) -> str:
    """What reading says when every number is drawn at once."""
    options = Options()
    try:
        parsed, errors = read(source, None, options)
        if errors or parsed is None:
            return errors[0].detail
        return str(len(program_of(parsed, options, (source, None)).run.fine))
    except EngineError as error:
        return error.detail


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("count", ["n = randint(0, 40000)", "n = 2 * randint(0, 20000) + 1"])
def test_a_program_that_random_numbers_make_is_judged_by_those_it_gets(
    count: str, seed: int
) -> None:
    source = f"np.random.seed({seed})\nx = rand(1100, 1100)\n{count}\ny = 2\n"
    source += "for i in range(n):\n    y = y * y"
    try:
        found = str(len(engine.prepare(source).run.fine))
    except EngineError as error:
        found = error.detail
    assert found == outcome(source)


def test_what_is_worked_out_from_unsure_numbers_is_unsure() -> None:
    sketch = Sketch()
    sure = sketch.draw((2,), lambda: np.zeros(2))
    sketch.draw((2**20, 2), lambda: pytest.fail("drawn"))
    behind, made, other = sketch.draw((), lambda: np.ones(())), np.ones(1), np.ones(1)
    sketch.derive(made, [behind, sure])
    sketch.derive(other, [sure])
    for value, doubtful in ((sure, False), (other, False), (None, False), (made, True)):
        sketch.hear(value)
        assert sketch.doubtful is doubtful
