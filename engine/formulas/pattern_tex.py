r"""The TeX of a Jacobian whose structure is known from shapes alone: `I \otimes x^T`, `\bigoplus`.

Axes that output and input share in front or behind are identities, or blocks where the entries vary
along them. What is no Kronecker product of such parts is written entry by entry, with Kronecker
deltas: `\left(\delta_{ii'} \, b_{jk}\right)_{ik,\, i'j}`, rows before the comma, columns behind.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.einsum import Labels
from engine.formulas.factor import Factor, stated
from engine.formulas.typeset import Tex, bracketed, loose, turned
from engine.jacobians.pattern import Pattern
from engine.ops import ATOM
from engine.ops.notation import KEPT, kronecker

__all__ = ["by_entries", "mapping", "product_of", "row_of"]

_LETTERS = "ijklmnpqrstuvwabcdefgh"
_SPREAD, _SUMMED = r"\mathbf{1}", r"\mathbf{1}^T"


def mapping(pattern: Pattern) -> Factor:
    """Return the matrix whose non-zero entries are all `scale`: axes kept, stretched and summed."""
    out, in_, scale = pattern.out, pattern.in_, Factor(pattern.scale)
    if [label for label in out if label in in_] == [label for label in in_ if label in out]:
        return scale.times(stated(_aligned(out, in_)))
    if set(out) == set(in_):
        return scale.times(Factor(core="K"))
    return scale.times(by_entries(pattern, ()))


def _aligned(out: Labels, in_: Labels) -> str:
    """Walk along both: what they share is kept, the rest stretched or summed."""
    parts: list[str] = []
    rest = list(in_)
    for label in out:
        if label not in in_:
            parts.append(_SPREAD)
            continue
        at = rest.index(label)
        parts += [*[_SUMMED] * at, KEPT]
        del rest[: at + 1]
    return kronecker([*parts, *[_SUMMED] * len(rest)]) or KEPT


def row_of(shape: Sequence[int], merged: Sequence[int]) -> str:
    """Return the map that sums entries of this shape over the merged axes."""
    return kronecker(
        [_SUMMED if i in merged else KEPT for i, size in enumerate(shape) if size != 1]
    )


def product_of(pattern: Pattern, value: Tex, labels: Labels) -> Factor:
    """Return the matrix whose entries are those of one operand, whose axes have these labels."""
    out, in_, varies = list(pattern.out), list(pattern.in_), list(pattern.value or ())
    if not labels:
        return Factor(scalars=(value,)).times(mapping(pattern))
    if list(labels) != varies:
        return by_entries(pattern, ((value, labels),))
    front: list[int] = []
    while out and in_ and out[0] == in_[0]:
        front.append(out.pop(0))
        del in_[0]
    behind = 0
    while out and in_ and out[-1] == in_[-1] and out[-1] not in varies:
        del out[-1], in_[-1]
        behind += 1
    batch = [label for label in front if label in varies]
    if set(out) & set(in_) or varies[: len(batch)] != batch:
        return by_entries(pattern, ((value, labels),))
    letters = ",".join(_LETTERS[i] for i in range(len(batch)))
    if batch:
        value = f"{bracketed(value, ATOM)}_{{{letters}}}", ATOM
    core = _block(out, in_, varies[len(batch) :], value)
    if core is None:
        return by_entries(pattern, ((value, labels),))
    core = kronecker([core, KEPT]) if behind else core
    return Factor(pattern.scale).times(stated(_prefixed(core, front, batch, letters)))


def _prefixed(core: str, front: Sequence[int], batch: Sequence[int], letters: str) -> str:
    """Put identities and direct sums before a block; the sums stand side by side."""
    if batch:
        inner = len(front) - 1 - max(i for i, label in enumerate(front) if label in batch)
        core = kronecker([KEPT, core]) if inner else core
        core = rf"\bigoplus_{{{letters}}} {bracketed((core, loose(core)), ATOM)}"
        return f"I \\otimes \\left({core}\\right)" if front[0] not in batch else core
    return kronecker([KEPT, core]) if front else core


def _block(
    rows: Sequence[int], columns: Sequence[int], varies: Sequence[int], value: Tex
) -> str | None:
    """The block in the middle: the other operand, standing or lying; of more axes, its entries."""
    if len(rows) + len(columns) > 2 or (len(varies) > 1 and not (rows and columns)):
        value = f"\\operatorname{{vec}}\\left({value[0]}\\right)", ATOM
        if rows and columns:
            return None
    if varies == [*rows, *columns] and (rows or not columns):
        return bracketed(value, 3)
    return turned(value)[0] if varies == [*columns, *rows] else None


def by_entries(pattern: Pattern, operands: Sequence[tuple[Tex, Labels]]) -> Factor:
    """Return the matrix entry by entry; operands: with the labels of their axes."""
    known = dict.fromkeys((*pattern.out, *pattern.in_))
    every = dict.fromkeys((*known, *(label for _, own in operands for label in own)))
    if len(every) > len(_LETTERS):
        return Factor(core="J")
    letter = {label: _LETTERS[i] for i, label in enumerate(every)}
    shared = [label for label in pattern.in_ if label in pattern.out]
    parts = [rf"\delta_{{{letter[label]}{letter[label]}'}}" for label in shared]
    parts += [f"{bracketed(value, ATOM)}{_index(letter, own)}" for value, own in operands]
    summed = "".join(letter[label] for label in every if label not in known)
    total = rf"\textstyle\sum_{{{summed}}} " if summed else ""
    rows = "".join(letter[label] for label in pattern.out) or "1"
    columns = "".join(letter[label] + "'" * (label in shared) for label in pattern.in_) or "1"
    entries = total + (r" \, ".join(parts) or "1")
    return Factor(pattern.scale, core=f"\\left({entries}\\right)_{{{rows},\\, {columns}}}")


def _index(letter: Mapping[int, str], labels: Labels) -> str:
    return f"_{{{''.join(letter[label] for label in labels)}}}" if labels else ""
