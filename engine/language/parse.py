"""Source text → Graph: statements in order, names bound to expressions over the op registry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.errors import EngineError, LimitError, SourceError, gathered
from engine.graph import Graph
from engine.infer import Limits
from engine.language.build import Builder
from engine.language.execute import Execution
from engine.language.outline import statements
from engine.language.weigh import Scale

__all__ = ["Parsed", "parse", "parse_partial"]

_ENDLESS = 2**31


@dataclass(frozen=True, slots=True)
class Parsed:
    """A graph of elementary ops, and the value of each leaf and constant by id.

    output: the node that the program itself differentiates. fixed, shaped: names of leaves whose
    number, or whose shape, the graph was made by.
    """

    graph: Graph
    literal_of: Mapping[int, npt.NDArray[np.float64]]
    output: str | None = None
    fixed: frozenset[str] = frozenset()
    shaped: frozenset[str] = frozenset()


def parse(
    source: str, most: int | None = None, *, limits: Limits | None = None, nonfinite: bool = False
) -> Parsed:
    """Read `source` into a graph of elementary ops, of which there may be `most`.

    Each node carries the path of the statement that made it; `contract` closes statements into
    single nodes. limits: of what the program makes while it is read. nonfinite: whether values may
    hold NaN, and infinities that are no mask. Raises the first of its errors, SourceError with the
    place or LimitError, with the others in `others`.
    """
    parsed, errors = parse_partial(source, most, limits=limits, nonfinite=nonfinite)
    if parsed is None or errors:
        raise gathered(errors)
    return parsed


def parse_partial(
    source: str,
    most: int | None = None,
    *,
    limits: Limits | None = None,
    nonfinite: bool = False,
    scale: Scale | None = None,
) -> tuple[Parsed | None, Sequence[EngineError]]:
    """Read as much of `source` as can be read: the graph of that, or None, and what is wrong with
    the rest. scale: what the program makes is weighed with it on the way, if at all."""
    limits = limits or Limits(nodes=_ENDLESS if most is None else most)
    builder = Builder(most, nonfinite)
    execution = Execution(builder, limits, scale)
    if scale and scale.sketch:
        builder.known.sketch = builder.allowance.sketch = scale.sketch
    try:
        execution.run(statements(source))
    except LimitError as error:
        return None, [*execution.errors, error]
    if not builder.count():
        return None, execution.errors or [SourceError("syntax.empty")]
    known = builder.known
    fixed, shaped = builder.named(known.used), builder.named(known.shaped)
    return Parsed(*builder.finish(), builder.output, fixed, shaped), execution.errors
