"""The English of every error, by code: what is wrong, and what to do about it."""

from __future__ import annotations

from engine.autograd_messages import AUTOGRAD_MESSAGES
from engine.interop_messages import INTEROP_MESSAGES
from engine.program_messages import PROGRAM_MESSAGES
from engine.syntax_messages import SYNTAX_MESSAGES

__all__ = ["MESSAGES"]

MESSAGES: dict[str, dict[str, str]] = {
    **SYNTAX_MESSAGES,
    **PROGRAM_MESSAGES,
    "shape.broadcast": {
        "detail": "`{statement}`: {op} cannot combine shapes {left} and {right}.",
        "hint": "Shapes combine when, counted from the last axis, sizes are equal or one of them is 1.",
    },
    "shape.inner": {
        "detail": "`{statement}`: {left_text} has shape {left} and {right_text} has shape {right}; "
        "the inner sizes {left_inner} and {right_inner} differ.",
        "hint": "The last axis of the left operand must be as long as the first axis of the right one.",
    },
    "shape.transpose": {
        "detail": "`{statement}`: {left_text} has shape {left} and {right_text} has shape {right}; "
        "the inner sizes {left_inner} and {right_inner} differ.",
        "hint": "Did you mean `{suggestion}`?",
    },
    "shape.align": {
        "detail": "`{statement}`: {op} cannot combine shapes {left} and {right}.",
        "hint": "Did you mean `{suggestion}`?",
    },
    "shape.rank": {
        "detail": "`{statement}`: {op} cannot take shapes {left} and {right}.",
        "hint": "{op} takes vectors and matrices here; use `*` to multiply by a number.",
    },
    "shape.axis": {
        "detail": "`{statement}`: axis {axis} does not exist in shape {shape}.",
        "hint": "Axes of this tensor run from 0 to {last}, or from -1 backwards.",
    },
    "shape.empty": {
        "detail": "`{statement}`: {op} needs at least one entry, and shape {shape} has none there.",
        "hint": "Give it a tensor with entries along the axes it merges.",
    },
    "shape.parameter": {
        "detail": "`{statement}`: `{name}` of {op} has shape {given}; it must have shape {expected}.",
        "hint": "Give `{name}` one number for each entry along the axes it belongs to.",
    },
    "shape.target": {
        "detail": "`{statement}`: {op} cannot compare a target of shape {target} with shape {shape}.",
        "hint": "Give one class number for each row, of shape {expected}, or one probability for each entry.",
    },
    "value.class": {
        "detail": "`{statement}`: the target holds {value}, which is not one of the classes 0 to {last}.",
        "hint": "Class numbers are whole numbers that count from 0; rows to leave out are named by "
        "`ignore_index`.",
    },
    "shape.classes": {
        "detail": "`{statement}`: {op} cannot use a weight of shape {weight}.",
        "hint": "There is one number for each class, so its shape is {expected}.",
    },
    "shape.reshape": {
        "detail": "`{statement}`: shape {shape} has {size} entries and cannot become {target}.",
        "hint": "The product of the sizes must stay {size}; one size may be -1.",
    },
    "shape.linear": {
        "detail": "`{statement}`: linear cannot combine shapes {left}, {right} and {bias}.",
        "hint": "The input ends in as many entries as the weight has columns; the bias has one for "
        "each of its rows.",
    },
    "shape.einsum": {
        "detail": "`{statement}`: the subscripts `{subscripts}` do not fit shapes {shapes}.",
        "hint": "Give each operand one letter an axis, none twice, and let the result use only these.",
    },
    "shape.operands": {
        "detail": "`{statement}`: {op} is given {given} operands; it takes at most {allowed}.",
        "hint": "Combine some of them in a statement of their own.",
    },
    "shape.mode": {
        "detail": "`{statement}`: {op} has no mode `{mode}`.",
        "hint": "It must be one of {allowed}.",
    },
    "shape.axes": {
        "detail": "`{statement}`: `{axes}` is not a choice of axes of shape {shape}.",
        "hint": "Name every axis at most once, as numbers from 0 or from -1 backwards.",
    },
    "shape.index": {
        "detail": "`{statement}`: index {index} is not on axis {axis}, which has {size} entries in shape {shape}.",
        "hint": "Positions count from 0, or from -1 backwards.",
    },
    "shape.indices": {
        "detail": "`{statement}`: {given} indices are too many for shape {shape}.",
        "hint": "Give at most one index an axis, and `...` at most once.",
    },
    "shape.step": {
        "detail": "`{statement}`: a slice of shape {shape} cannot go in steps of 0.",
        "hint": "Leave the step out, or write a whole number other than 0.",
    },
    "shape.split": {
        "detail": "`{statement}`: {size} entries along the axis cannot be split into {sections} equal pieces; the shape is {shape}.",
        "hint": "Choose a number that divides the size, or write slices for unequal pieces.",
    },
    "shape.pad": {
        "detail": "`{statement}`: `pad={pad}` does not fit shape {shape}.",
        "hint": "Give two numbers from 0 on for each axis, the last axis first.",
    },
    "shape.join": {
        "detail": "`{statement}`: shapes {left} and {right} cannot be joined along axis {axis}.",
        "hint": "All parts have the same shape, except along the axis on which `concat` joins.",
    },
    "shape.matrix": {
        "detail": "`{statement}`: {op} cannot take shape {shape}.",
        "hint": "It takes a matrix: two axes, and for `diag` also one.",
    },
    "value.index": {
        "detail": "`{statement}`: {index} is not an index into {size} entries.",
        "hint": "Indices are whole numbers from 0 to {last}, or from -1 backwards.",
    },
    "shape.window": {
        "detail": "`{statement}`: {op} cannot slide a window of {window} over {size} entries with {setting}.",
        "hint": "The window must fit between the borders; steps and dilation are at least 1, padding at least 0.",
    },
    "shape.channels": {
        "detail": "`{statement}`: {op} cannot combine shapes {left} and {right}.",
        "hint": "The input is (batch, channels, …), the weight (channels out, channels / groups, …); groups divide both.",
    },
    "shape.square": {
        "detail": "`{statement}`: {op} needs a square matrix; the shape is {shape}.",
        "hint": "The last two axes must have the same size.",
    },
    "value.singular": {
        "detail": "`{statement}`: the matrix is singular, so {op} has no answer.",
        "hint": "Choose a matrix whose determinant is not 0.",
    },
    "value.definite": {
        "detail": "`{statement}`: the matrix is not positive definite.",
        "hint": "Choose a symmetric matrix with positive eigenvalues, such as A @ A.T + I.",
    },
    "graph.invalid": {"detail": "The graph cannot be read: {reason}.", "hint": "{remedy}"},
    "option.invalid": {
        "detail": "`{option}` cannot be {value}.",
        "hint": "It must be one of: {choices}.",
    },
    "option.source": {
        "detail": "A request needs `source` or `graph`, and only one of them.",
        "hint": "Send the program as text in `source`, or as nodes in `graph`.",
    },
    "option.node": {
        "detail": "`{option}` names `{name}`, which is not a node of this graph.",
        "hint": "The nodes are: {nodes}.",
    },
    "option.leaf": {
        "detail": "`{option}` gives a value for `{name}`, which is computed, not a leaf.",
        "hint": "The leaves are: {nodes}.",
    },
    "option.value": {
        "detail": "The value given for `{name}` in `{option}` is not a tensor of numbers.",
        "hint": "Give a number, nested lists of numbers with rows of equal length, or a tensor object.",
    },
    "option.fixed": {
        "detail": "`{option}` changes `{name}`, whose number the graph was made by.",
        "hint": "Change it in the source: it sizes something, or decides a loop or an `if`.",
    },
    "option.nonfinite": {
        "detail": "The value given for `{name}` in `{option}` holds NaN or infinity.",
        "hint": "Give finite numbers, or allow others with `allow_nonfinite`.",
    },
    "option.shape": {
        "detail": "`{option}` for `{name}` has shape {given}; it must have shape {expected}.",
        "hint": "Give it the shape of the node it belongs to.",
    },
    "option.tangents": {
        "detail": "Forward mode needs a tangent on at least one leaf.",
        "hint": 'Send `tangents`, such as {{"x": 1}}.',
    },
    "option.entry": {
        "detail": "`{name}` has no entry at {given}.",
        "hint": "Positions count from 0: {expected}.",
    },
    "option.range": {
        "detail": "The range {given} does not fit axis {axis} of shape {shape}.",
        "hint": "Give each axis `[start, stop]` or `[start, stop, step]` with "
        "0 ≤ start ≤ stop ≤ size and step ≥ 1, or leave the axis out.",
    },
    "option.edge": {
        "detail": "There is no edge from `{name}` to `{to}` at slot {slot}.",
        "hint": "The edges, by from, to and slot, are in the answer of POST /api/v1/graph.",
    },
    "option.reached": {
        "detail": "`{name}` has no P: `{output}` does not depend on it.",
        "hint": "Choose another node, or another `output`.",
    },
    "option.scalar": {
        "detail": "`{name}` has shape {shape}; only a node with a single entry has a gradient.",
        "hint": "Differentiate a scalar, such as a loss or a weighted sum of the entries.",
    },
    "limit.exceeded": {
        "detail": "This needs {asked} {unit} of {limit}; at most {allowed} are allowed.",
        "hint": "Make the tensors or the graph smaller, or raise the limit on your own server.",
    },
    "limit.rows": {
        "detail": "The output has {asked} entries, so P would have {asked} rows; at most {allowed} are allowed.",
        "hint": "Give a weight vector as `gradient`, or choose a smaller output.",
    },
    **AUTOGRAD_MESSAGES,
    **INTEROP_MESSAGES,
    "device.unknown": {
        "detail": "There is no device called `{device}`.",
        "hint": "Use `cpu`, or `cuda:0`, `cuda:1` … on a machine with a GPU.",
    },
    "device.unavailable": {
        "detail": "The device `{device}` cannot be used here: {reason}.",
        "hint": "Use `cpu`, or install the extra `gpu` on a machine with an NVIDIA GPU.",
    },
}
