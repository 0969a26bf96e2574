"""The English of the errors of reading a program: of its text, its names and its blocks."""

from __future__ import annotations

__all__ = ["SYNTAX_MESSAGES"]

_SYNTAX = (
    "One statement a line: `name = expression`, with numbers, lists, names, operators and calls."
)

SYNTAX_MESSAGES: dict[str, dict[str, str]] = {
    "syntax.incomplete": {
        "detail": "`{statement}` stops where a value is expected.",
        "hint": "Finish the expression: write a name, a number or a call there.",
    },
    "syntax.invalid": {
        "detail": "`{statement}` cannot be read at `{place}`.",
        "hint": "Is an operator such as `*`, a comma, a bracket or a quote missing or too much there?",
    },
    "syntax.prompt": {
        "detail": "`{prompt}` belongs to a Python session or a notebook, not to the program.",
        "hint": "Leave out such lines and prompts, and what was printed: only statements stay.",
    },
    "syntax.character": {
        "detail": "`{character}` is not a character that Python reads here.",
        "hint": "Write `{suggestion}` instead.",
    },
    "syntax.stray": {
        "detail": "The character `{character}` cannot be read here.",
        "hint": "Delete it, or type the line anew; names may have letters of any alphabet.",
    },
    "syntax.factors": {
        "detail": "`{statement}`: two factors stand side by side.",
        "hint": "Write `*` between them, as in `2 * x` or `2 * (x + 1)`.",
    },
    "syntax.target": {
        "detail": "`{target}` cannot be given a value.",
        "hint": "Put a name on the left of `=`; a function begins with `def f(x):`.",
    },
    "syntax.word": {
        "detail": "`{name}` is a word of Python, so it cannot be a name.",
        "hint": "Choose another name, such as `{name}_`.",
    },
    "syntax.quote": {
        "detail": "`{statement}`: a quote is opened and never closed.",
        "hint": "Close the string in the same line; a transpose is written `x.T`.",
    },
    "syntax.colon": {
        "detail": "`{statement}` has no colon at its end.",
        "hint": "Write `:` there, and indent what belongs to it on the lines below.",
    },
    "syntax.choice": {
        "detail": "`{statement}`: a choice without `else` has no value.",
        "hint": "Write `a if condition else b`, with a condition that is known beforehand.",
    },
    "syntax.unsupported": {
        "detail": "`{construct}` is not part of this language.",
        "hint": _SYNTAX,
    },
    "syntax.while": {
        "detail": "A `while` loop is not part of this language: its end depends on values.",
        "hint": "Write `for i in range(10):`, which is unrolled before anything is computed.",
    },
    "syntax.with": {
        "detail": "`with` is not part of this language.",
        "hint": "Leave the line out and move its block to the left; for `torch.no_grad()` write `detach(x)` "
        "where x must not change.",
    },
    "syntax.try": {
        "detail": "`try` is not part of this language.",
        "hint": "Leave it out: nothing here raises an error that could be caught.",
    },
    "syntax.class": {
        "detail": "Classes are not part of this language.",
        "hint": "Write a layer as a function: `def layer(x, W, b):` with `return W @ x + b`.",
    },
    "syntax.async": {
        "detail": "`async` is not part of this language.",
        "hint": "Write a plain `def` or `for`.",
    },
    "syntax.decorator": {
        "detail": "Decorators are not part of this language.",
        "hint": "Leave the line with `@` out.",
    },
    "syntax.indent": {
        "detail": "`{statement}` is not in line with the statements above it.",
        "hint": "Give all statements of a block the same number of blanks.",
    },
    "syntax.body": {
        "detail": "Nothing is indented below `{statement}`.",
        "hint": "Indent its statements by four blanks, or write `pass`.",
    },
    "syntax.else": {
        "detail": "`{statement}` belongs to no `if`.",
        "hint": "Put it directly below an `if` block, with the same indentation.",
    },
    "syntax.power": {
        "detail": "`{construct}`: in Python `^` is not a power.",
        "hint": "Write `**`, as in `x ** 2`.",
    },
    "syntax.logic": {
        "detail": "`{construct}` combines tensors as if they were true or false.",
        "hint": "Write `logical_and(a, b)`, `logical_or(a, b)` or `logical_not(a)`.",
    },
    "syntax.chain": {
        "detail": "`{construct}` compares more than two tensors at once.",
        "hint": "Write `logical_and(a < b, b < c)`.",
    },
    "syntax.lambda": {
        "detail": "`{construct}`: `lambda` is not part of this language.",
        "hint": "Give the function a name: `def f(x):` with `return …` below it.",
    },
    "syntax.comprehension": {
        "detail": "`{construct}`: sets are not part of this language.",
        "hint": "Write a list: `[… for x in xs]`.",
    },
    "syntax.collection": {
        "detail": "`{construct}`: sets are not part of this language.",
        "hint": "Write a list, `[…]`, or a dictionary, `{{…: …}}`.",
    },
    "syntax.unnamed": {
        "detail": "`{construct}` gives its value no name.",
        "hint": "Write `y = …`; every node of the graph has a name.",
    },
    "syntax.effect": {
        "detail": "`{construct}` computes no value here.",
        "hint": "Leave it out: the graph, every value and every gradient are shown anyway; to train, "
        "write `w = w - 0.1 * g` yourself.",
    },
    "syntax.inplace": {
        "detail": "`{construct}` would change a value in place.",
        "hint": "Make a new one: `where(mask, a, b)`, `concat([…])`, or a name of its own.",
    },
    "syntax.grad": {
        "detail": "`{construct}` is what this program shows, not what it may use.",
        "hint": "Leave it out: every gradient is shown, and `evaluate` answers them all.",
    },
    "syntax.backward": {
        "detail": "`{construct}` cannot be read.",
        "hint": "Write `loss.backward()` at the end; for a weight vector v write `loss = (v * y).sum()` "
        "first, or give `gradient` in the request.",
    },
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
        "detail": "`{text}` is a dictionary, not a tensor.",
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
    "syntax.bracket": {
        "detail": "The bracket `{bracket}` has no partner.",
        "hint": "Close every bracket you open, in the same statement.",
    },
    "syntax.deep": {
        "detail": "The expression is nested too deeply to be read.",
        "hint": "Split it: give inner parts names of their own.",
    },
    "syntax.empty": {
        "detail": "There is nothing to compute.",
        "hint": "Write a statement, such as `x = 2`; a `def` is shown where it is called: `y = f(x)`.",
    },
    "literal.ragged": {
        "detail": "The rows of this list have different lengths.",
        "hint": "Give every row the same number of entries.",
    },
    "literal.number": {
        "detail": "`{text}` is not a finite real number.",
        "hint": "Write an ordinary number, such as 2, -0.5 or 1e-3.",
    },
    "name.unknown": {
        "detail": "`{name}` is not defined before this place.",
        "hint": "Define it above, as in `{name} = 1`.",
    },
    "name.misspelled": {
        "detail": "`{name}` is not defined before this place.",
        "hint": "Did you mean `{suggestion}`?",
    },
    "name.long": {
        "detail": "`{name}` is too long for a name: it has {asked} characters.",
        "hint": "Choose a name of at most {allowed} characters.",
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
    "op.attribute": {
        "detail": "`{op}` cannot use `{attribute}={value}`.",
        "hint": "{reason}",
    },
}
