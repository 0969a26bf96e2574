"""The laboratory in a cell of a notebook, or in a file of its own.

    from app.notebook import show

    show("x = 2\\ny = tanh(x) * x")      # a program
    show(capture(model, x))              # what engine.interop captured

The last expression of a cell is drawn: the laboratory as a widget, where anywidget is installed
(the extra `notebook`) and scripts may run, and else as a picture.
"""

from app.notebook.shown import Shown, show

__all__ = ["Shown", "show"]
