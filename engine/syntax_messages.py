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
    "syntax.notation": {
        "detail": "`{written}` is not how Python writes this.",
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
        "where x must not change. The page /autograd runs it as it stands.",
    },
    "syntax.try": {
        "detail": "`try` is not part of this language.",
        "hint": "Leave it out: nothing here raises an error that could be caught.",
    },
    "syntax.class": {
        "detail": "A class here is an `nn.Module` with methods alone, at the top of the program.",
        "hint": "Write a layer as a function: `def layer(x, W, b):` with `return W @ x + b`.",
    },
    "syntax.instance": {
        "detail": "An object of `{name}` has no name here.",
        "hint": "Write `net = {name}(…)` on a line of its own, then `net(x)`.",
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
        "hint": "Leave it out: the graph, every value and every gradient are shown anyway; the page "
        "/autograd follows whole training loops.",
    },
    "syntax.inplace": {
        "detail": "`{construct}` would change a value in place.",
        "hint": "Make a new one: `where(mask, a, b)`, `concat([…])`, or a name of its own.",
    },
    "syntax.grad": {
        "detail": "`{construct}` is what this program shows, not what it may use.",
        "hint": "Leave it out: every gradient is shown, and `evaluate` answers them all; the page "
        "/autograd runs snippets that use them.",
    },
    "syntax.backward": {
        "detail": "`{construct}` cannot be read.",
        "hint": "Write `loss.backward()` at the end, outside of every `def`.",
    },
    "syntax.again": {
        "detail": "`{construct}` differentiates a second time; PyTorch would add both gradients up.",
        "hint": "Leave one out, or write `loss = first + second`; the page /autograd follows several "
        "passes one by one.",
    },
    "syntax.bracket": {
        "detail": "The bracket `{bracket}` has no partner.",
        "hint": "Close every bracket you open, in the same statement.",
    },
    "syntax.deep": {
        "detail": "This is nested {asked} levels deep; at most {allowed} levels are read.",
        "hint": "Split it: give inner parts names of their own.",
    },
    "syntax.long": {
        "detail": "This has {asked} parts; one statement, one index or one call has at most {allowed}.",
        "hint": "Split it: write several statements, a line each.",
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
        "hint": "Write an ordinary number, such as 2, -0.5 or 1e-3; the largest is about 1.8e308.",
    },
    "literal.large": {
        "detail": "`{text}` is a whole number that 64-bit floats round, to {near}.",
        "hint": "Numbers here are 64-bit floats, exact for whole numbers up to 2**53.",
    },
    "name.unknown": {
        "detail": "`{name}` is not defined before this place.",
        "hint": "Define it above, as in `{name} = 1`.",
    },
    "name.misspelled": {
        "detail": "`{name}` is not defined before this place.",
        "hint": "Did you mean `{suggestion}`?",
    },
    "name.product": {
        "detail": "`{name}` is not defined before this place, though `{left}` and `{right}` are.",
        "hint": "Write `{left} @ {right}` for a product of matrices, `{left} * {right}` entry by entry.",
    },
    "name.long": {
        "detail": "`{name}` is too long for a name: it has {asked} characters.",
        "hint": "Choose a name of at most {allowed} characters.",
    },
}
