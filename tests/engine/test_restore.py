"""A graph and all it is made of survive as text and as data."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import numpy as np
from hypothesis import given, note, settings
from hypothesis import strategies as st

import engine
from engine.forms.equal import alike
from engine.forms.records import from_records, to_records
from engine.forms.source import source
from engine.language.parse import parse
from tests.engine.random_programs import random_program


@given(st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None, derandomize=True)
def test_both_forms_say_all_that_a_program_says(random: Random) -> None:
    text = random_program(random)
    note(text)
    parsed = parse(text)
    printed = source(parsed)
    form = to_records(parsed)
    again = from_records(json.loads(json.dumps(form)))
    assert alike(parse(printed), parsed), printed
    assert alike(again, parsed) and again.output == parsed.output
    assert (source(parse(printed)), to_records(parse(printed))) == (printed, form)
    assert (source(again), to_records(again)) == (printed, form)


@given(st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None, derandomize=True)
def test_both_forms_have_the_same_numbers_whatever_is_open(random: Random) -> None:
    text = random_program(random)
    parsed = parse(text)
    names = [each.name for each in engine.prepare(text).graph_event.groups]
    opened: list[tuple[str, ...]] = [(), tuple(names), tuple(random.sample(names, len(names) // 2))]
    for names_open in opened:
        first, *others = (
            _numbers(engine.prepare(**form, open=names_open))
            for form in (
                {"source": text},
                {"source": source(parsed)},
                {"graph": to_records(parsed)},
            )
        )
        for other in others:
            np.testing.assert_equal(other, first)


def _numbers(program: engine.Program) -> Any:
    found = program.evaluate()
    return found.output, found.values, found.gradients


@given(st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None, derandomize=True)
def test_a_derivative_of_any_program_has_both_forms(random: Random) -> None:
    parsed = engine.prepare(random_program(random), differentiate=["W"]).parsed
    assert parsed is not None
    assert alike(parse(source(parsed), nonfinite=True), parsed)
    assert alike(from_records(to_records(parsed), nonfinite=True), parsed)
