"""The English of what a PyTorch snippet meets: what is not part of it, and what it used up."""

from __future__ import annotations

__all__ = ["AUTOGRAD_MESSAGES"]

_SMALLER = (
    "Make loops shorter and tensors smaller; a run of a few hundred statements shows the same."
)

_BUDGETS = {
    "statements": "The snippet ran {allowed} statements, and has not ended.",
    "operations": "The snippet took {allowed} operations, and has not ended.",
    "entries": "A tensor here may have at most {allowed} entries.",
    "total": "All tensors that were made together may have at most {allowed} entries.",
    "output": "The snippet printed more than {allowed} characters.",
    "calls": "Functions call each other more than {allowed} deep.",
    "items": "A list or text here may have at most {allowed} items.",
    "source": "A snippet may have at most {allowed} characters.",
}

AUTOGRAD_MESSAGES: dict[str, dict[str, str]] = {
    "autograd.invalid": {
        "detail": "This is not Python: {reason}.",
        "hint": "Look at the brackets, the colon and the indentation there.",
    },
    "autograd.deep": {
        "detail": "The snippet is nested too deeply; at most {allowed} levels can be run.",
        "hint": "Give the inner parts names of their own.",
    },
    "autograd.syntax": {
        "detail": "`{construct}` is not part of the Python that runs here.",
        "hint": "{remedy}",
    },
    "autograd.attribute": {
        "detail": "`{name}` of `{owner}` is not supported here.",
        "hint": "The nearest that is: {nearest}.",
    },
    "autograd.private": {
        "detail": "`{name}` is a private name, which a snippet cannot use.",
        "hint": "Use the names that PyTorch documents.",
    },
    "autograd.import": {
        "detail": "`{name}` cannot be imported here.",
        "hint": "These are there: {known}.",
    },
    **{
        f"autograd.budget.{name}": {"detail": detail, "hint": _SMALLER}
        for name, detail in _BUDGETS.items()
    },
}
