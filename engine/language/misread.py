"""What Python's parser refuses → an error that says what to write instead: signs of printed
mathematics, full-width punctuation, prompts of a notebook, `2x`, a word of Python as a name."""

from __future__ import annotations

import keyword
import re
import unicodedata

from engine.errors import SourceError, Span
from engine.language.read import short

__all__ = ["explained"]

_UNFINISHED = ("+", "-", "*", "/", "@", "=", ",", "(", "[")
_PROMPT = re.compile(r"(?:>>>|\.\.\.(?=\s)|%|!|```\w*|(?:In|Out)\s*\[\d*\]\s*:)")
_FACTORS = re.compile(r"[\d.)\]][^\W\d]")
_WORD = re.compile(r"(?:for\s+(?P<for>\w+)\s+in\b|(?P<name>\w+)\s*[-+*/]?=(?!=))")

_WRITTEN = {
    **dict.fromkeys("−–—‐‑", "-"),
    **dict.fromkeys("×·⋅∙∗•⊙", "*"),
    **dict.fromkeys("÷∕", "/"),
    **dict.fromkeys("‘’‛′`", "'"),
    **dict.fromkeys("“”„″", '"'),
    "√": "sqrt(x)",
    "∑": "sum(x)",
    "∞": "inf",
    "≤": "<=",
    "≥": ">=",
    "≠": "!=",
    "←": "=",
    "ᵀ": ".T",
    "⊤": ".T",
    "。": ".",
    "、": ",",
    "$": "",
}
"""What stands for a character on a keyboard."""

_LOOKED_AT = 2000
"""Characters of a line in which other notations are looked for."""

_NOTATIONS = (
    (re.compile(r"\.\^"), ".^", "**"),
    (re.compile(r"\.\*"), ".*", "*"),
    (re.compile(r"\./"), "./", "/"),
    (re.compile(r"[\w\])]'"), "A'", "A.T"),
    (re.compile(r"\\frac\b"), r"\frac", "a / b"),
    (re.compile(r"\\(?:cdot|times)\b"), r"\cdot", "*"),
    (re.compile(r"\\sigma\b"), r"\sigma", "sigmoid(x)"),
    (re.compile(r"\\(?:mathbf|mathrm|boldsymbol|vec|hat)\b"), r"\mathbf{x}", "x"),
    (re.compile(r"\\[a-zA-Z]+"), r"\theta", "theta"),
    (re.compile(r"\w\s*\\\s"), "A \\ b", "solve(A, b)"),
    (re.compile(r"\[[^\]]*;[^\]]*\]"), "[1, 2; 3, 4]", "[[1, 2], [3, 4]]"),
    (re.compile(r"\s*//"), "//", "#"),
    (re.compile(r"\|[^|]+\|"), "|x|", "abs(x)"),
    (re.compile(r"^\s*\w+\s*:="), ":=", "="),
    (re.compile(r"^\s*(?:let|var)\s"), "let", "y = …"),
)
"""How MATLAB, Julia, LaTeX and others write what Python writes otherwise: where it is seen, how it
is told, and what to write."""

_DIGITS = "⁰¹²³⁴⁵⁶⁷⁸⁹"


def explained(error: SyntaxError, text: str, line: int, column: int) -> SourceError:
    """Return the error of a logical line that begins at `line` and `column`."""
    rows = text.split("\n")
    prompt = _PROMPT.match(text)
    if prompt:
        span = Span(line, column, line, column + prompt.end())
        return SourceError("syntax.prompt", span, prompt=prompt.group())
    if text.endswith(_UNFINISHED):
        end = len(rows[-1]) + (column if len(rows) == 1 else 1)
        span = Span(line + len(rows) - 1, end - 1, line + len(rows) - 1, end)
        return SourceError("syntax.incomplete", span, statement=short(text))
    row = min(error.lineno or 1, len(rows))
    shift = column if row == 1 else 1
    start = min(max((error.offset or 1) - 1, 0), len(rows[row - 1]))
    stop = (error.end_offset or 0) - 1 if error.end_lineno == row else len(rows[row - 1])
    stop = max(stop, start + 1)
    span = Span(line + row - 1, start + shift, line + row - 1, stop + shift)
    code, params = _code(error.msg, rows[row - 1], start, stop)
    return SourceError(code, span, **(params or {"statement": short(text)}))


def _code(message: str, row: str, start: int, stop: int) -> tuple[str, dict[str, str]]:
    """Return the code of an error and its parameters; none for the statement alone."""
    marked = row[start:stop]
    if "\0" in row:
        return _of_character("\0")
    if marked and not marked.isascii() and "character" in message:
        return _of_character(marked[0])
    if message.startswith("cannot assign"):
        if keyword.iskeyword(marked):
            return "syntax.word", {"name": marked}
        return "syntax.target", {"target": marked}
    for pattern, written, suggestion in _NOTATIONS:
        if pattern.search(row[:_LOOKED_AT]):
            return "syntax.notation", {"written": written, "suggestion": suggestion}
    bound = _WORD.match(row)
    if bound and keyword.iskeyword(name := bound["for"] or bound["name"]):
        return "syntax.word", {"name": name}
    if message.startswith("unterminated string"):
        return "syntax.quote", {}
    if _FACTORS.fullmatch(row[start : start + 2]) or _FACTORS.fullmatch(row[start - 1 : start + 1]):
        return "syntax.factors", {}
    if message == "expected ':'":
        return "syntax.colon", {}
    if "expected 'else'" in message:
        return "syntax.choice", {}
    return "syntax.invalid", {"statement": short(row), "place": marked or short(row)}


def _of_character(character: str) -> tuple[str, dict[str, str]]:
    """What to write for a character that no program has."""
    if character in _DIGITS:
        return "syntax.character", {
            "character": character,
            "suggestion": f"**{_DIGITS.index(character)}",
        }
    plain = unicodedata.normalize("NFKC", character)
    written = _WRITTEN.get(character, plain if plain.isascii() and plain.isprintable() else "")
    if written:
        return "syntax.character", {"character": character, "suggestion": written}
    shown = character if character.isprintable() else f"U+{ord(character):04X}"
    return "syntax.stray", {"character": shown}
