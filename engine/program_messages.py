"""The English of the errors of what a program says: of its loops, blocks, lists and functions."""

from __future__ import annotations

__all__ = ["PROGRAM_MESSAGES"]

PROGRAM_MESSAGES: dict[str, dict[str, str]] = {
    "import.unknown": {
        "detail": "`{name}` is not known here.",
        "hint": "Leave the line out: what `np`, `torch`, `F`, `nn` and `math` have is there anyway, and "
        "nothing else is.",
    },
    "import.alias": {
        "detail": "`{name}` cannot have another name here.",
        "hint": "Import it under its own name.",
    },
    "flow.condition": {
        "detail": "Whether `{construct}` holds is not known before anything is computed.",
        "hint": "Write `where(condition, a, b)`, which chooses entry by entry.",
    },
    "flow.iterable": {
        "detail": "What `{text}` runs over is not known before anything is computed.",
        "hint": "Write `range(3)`, a list of numbers, a list of tensors, or a tensor with axes.",
    },
    "flow.constant": {
        "detail": "`{text}` is not known before anything is computed.",
        "hint": "Give it a number, a list, or a tensor whose shape is known.",
    },
    "flow.index": {
        "detail": "`{text}` is not an entry of this list.",
        "hint": "Positions count from 0, or from -1 backwards.",
    },
    "flow.list": {
        "detail": "`{name}` is not a list of this block.",
        "hint": "Begin with `{name} = []` in the same block.",
    },
    "flow.shared": {
        "detail": "`{other}` shares its numbers with `{name}`, and would change with it.",
        "hint": "Make a copy first, `{name} = {name}.copy()` or `.clone()`, or give the new tensor a name "
        "of its own.",
    },
    "flow.uncalled": {
        "detail": "`{text}` has an object of torch.nn where a tensor is needed.",
        "hint": "Call it, as in `net(x)`, or take its weights, as in `net.weight`.",
    },
    "flow.unpack": {
        "detail": "`{text}` has {given} parts; there are {expected} names for them.",
        "hint": "Write as many names as there are parts.",
    },
    "flow.recursion": {
        "detail": "`{name}` calls itself.",
        "hint": "Write a `for` loop: a graph has no cycle, so a block cannot contain itself.",
    },
    "flow.order": {
        "detail": "`{name}` is defined below `{caller}`, which calls it.",
        "hint": "Move its `def` above that of `{caller}`.",
    },
    "flow.nothing": {
        "detail": "`{name}` returns nothing.",
        "hint": "End it with `return …`.",
    },
    "flow.return": {
        "detail": "`{construct}` stands outside of a `def`.",
        "hint": "Give the value a name instead: `y = …`.",
    },
    "flow.break": {
        "detail": "`{construct}` is not part of this language.",
        "hint": "Put an `if` around what is to be skipped, or shorten the range.",
    },
    "table.key": {
        "detail": "`{text}` is not a key that is known before anything is computed.",
        "hint": 'Write a string or a whole number: `params["W1"]`.',
    },
    "table.missing": {
        "detail": "`{text}` is asked for a key that it does not have.",
        "hint": "Its keys are: {keys}.",
    },
    "table.tensor": {
        "detail": "`{text}` has a dictionary where a tensor is needed.",
        "hint": 'Take one of its values, such as `params["W1"]`.',
    },
    "block.parameters": {
        "detail": "`{name}` cannot be defined like this.",
        "hint": "Write `def {name}(a, b=1.0):` at the top of the program, without `*` and `**`.",
    },
    "block.default": {
        "detail": "The default value `{text}` is not known before anything is computed.",
        "hint": "Write a number, None, True or False; hand tensors in as arguments.",
    },
    "create.arguments": {
        "detail": "`{call}` cannot be made: an argument is missing, unknown, or depends on values.",
        "hint": "Write it like `{usage}`, with sizes and bounds that are known beforehand.",
    },
    "leaf.grad": {
        "detail": "`{name}` is not a leaf that nothing uses yet.",
        "hint": "Say it right behind the line that gives the leaf its value.",
    },
    "op.larger": {
        "detail": "`{call}` would be an axis to `{name}`.",
        "hint": "Write `{suggestion}(a, b)` to compare two tensors entry by entry.",
    },
    "op.unknown": {
        "detail": "There is no op called `{name}`.",
        "hint": "All {count} ops are at /ops and in `backprop-lab ops`; one of your own begins with "
        "`def {name}(x):`.",
    },
    "op.object": {
        "detail": "`{name}` makes an object that keeps weights or settings; a program here shows them all.",
        "hint": "Write `{suggestion}`, and weights as leaves, such as `W = nn.Parameter(torch.randn(4, 3))`.",
    },
    "op.index": {
        "detail": "`{index}` is not an index that is known before anything is computed.",
        "hint": "Write whole numbers, slices, `range(n)`, `...`, None, or the name of a leaf with whole numbers.",
    },
    "op.mask": {
        "detail": "`{index}` takes some entries by value, so that the shape would depend on values.",
        "hint": "Write `where(condition, x, 0)`, which keeps the shape.",
    },
    "op.instead": {
        "detail": "There is no op called `{name}`.",
        "hint": "Write `{suggestion}`.",
    },
    "op.matrix": {
        "detail": "`{call}` of a matrix is made of its singular values or of whole rows, not of its entries.",
        "hint": "Write `norm(A)` for the Frobenius norm, or `max(sum(abs(A), axis=0))` for the 1-norm.",
    },
    "op.misspelled": {
        "detail": "There is no op called `{name}`.",
        "hint": "Did you mean `{suggestion}`?",
    },
    "op.arguments": {
        "detail": "`{op}` takes {expected}; here it is given {given}.",
        "hint": "Write it as `{usage}`.",
    },
    "op.keyword": {
        "detail": "`{op}` has no keyword `{attribute}`.",
        "hint": "Its keywords are: {choices}.",
    },
    "op.random": {
        "detail": "`{call}` would draw another mask at every run.",
        "hint": "Draw one: `mask = rand_like(x) > 0.5`, then `dropout(x, mask, p=0.5)`; "
        "with `training=False` it is x itself.",
    },
    "op.attribute": {
        "detail": "`{op}` cannot use `{attribute}={value}`.",
        "hint": "{reason}",
    },
}
