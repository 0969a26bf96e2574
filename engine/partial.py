"""The good part of a program, beside what is wrong with the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from engine.errors import EngineError, gathered
from engine.forms.record import Record
from engine.graph import LEAF
from engine.language.arrange import part
from engine.language.parse import Parsed
from engine.options import Options
from engine.prepare import misfits, program_of, read
from engine.program import Program

__all__ = ["prepare_partial"]


def prepare_partial(
    source: str | None = None, graph: Sequence[Record] | Record | None = None, **options: Any
) -> tuple[Program | None, tuple[EngineError, ...]]:
    """Prepare as much of a program as can be read, with the options of `prepare`: the good part, or
    None, and everything that is wrong, by place.

    Options that do not fit the good part are among the errors, and are left out. Raises OptionError
    for a choice that is none.
    """
    asked = Options(**options)
    asked.check()
    try:
        parsed, found = read(source, graph, asked)
    except EngineError as error:
        return None, (error,)
    errors = list(found)
    if parsed is not None:
        wrong, good = misfits(parsed)
        errors += wrong
        parsed = _only(parsed, _whole(parsed, good)) if wrong else parsed
    program = _tried(parsed, asked, (source, graph), errors)
    if not errors:
        return program, ()
    first = gathered(errors)
    return program, (first, *first.others)


def _whole(parsed: Parsed, good: set[int]) -> set[int]:
    """Return the nodes of statements without any error, and of what these need."""
    graph, kept = parsed.graph, set[int]()
    broken = {node.statement for node in graph if node.id not in good}
    for node in graph:
        fine = node.op == LEAF or node.statement not in broken
        if fine and kept.issuperset(node.inputs):
            kept.add(node.id)
    return kept


def _only(parsed: Parsed, good: set[int]) -> Parsed | None:
    """Return what is left of a program without the nodes that have no shape."""
    kept, new_id = part(parsed.graph, good)
    if not len(kept):
        return None
    literals = {new_id[i]: value for i, value in parsed.literal_of.items() if i in new_id}
    output = parsed.output if parsed.output in kept.id_of else None
    return replace(parsed, graph=kept, literal_of=literals, output=output)


def _tried(
    parsed: Parsed | None, asked: Options, content: tuple[Any, Any], errors: list[EngineError]
) -> Program | None:
    """Return the program with the options asked for, else with none but those of form; what goes
    wrong is added to `errors`."""
    form = {"granularity": asked.granularity, "open": asked.open, "limits": asked.limits}
    plain = Options(dtype=asked.dtype, device=asked.device, **form)  # type: ignore[arg-type]
    for options in (asked, plain) if parsed is not None else ():
        assert parsed is not None
        try:
            return program_of(parsed, options, content)
        except EngineError as error:
            errors.append(error)
    return None
