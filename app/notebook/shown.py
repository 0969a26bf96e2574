"""What a cell shows of a program."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from functools import cached_property
from html import escape
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import uuid4

from app.language import LANGUAGES
from app.notebook.page import address, page
from app.notebook.picture import picture
from app.notebook.widget import widget
from app.settings import Settings
from engine.errors import OptionError
from engine.forms.values import spelled
from engine.prepare import prepare

__all__ = ["Shown", "show"]

_HEIGHT = 640

_ALONE = (
    ".jp-OutputArea-child:has(#MARK) + .jp-OutputArea-child:not(:has(iframe)),"
    ".output_area:has(#MARK) + .output_area:not(:has(iframe)){display:none}"
)
"""Hides the output after the picture until the widget is in it: in a notebook that is opened
without a kernel that would say "Loading widget" for ever."""

_SOURCE_BYTES = 4 * 2**20


def show(program: Any, **options: Any) -> Shown:
    """Return what draws itself as a cell's result.

    program: source text, or what `engine.interop.capture` returned. options: `output`, `gradient`
    and `dtype` of a program; `height` in pixels, `language`. Raises EngineError.
    """
    if isinstance(program, str):
        return Shown({"source": program, **_request(options)}, **_look(options))
    gradient = program.gradient if program.gradient is None else spelled(program.gradient)
    asked = {"output": program.output, "gradient": gradient, "dtype": program.dtype}
    return Shown({"source": program.source, **asked, **_request(options)}, **_look(options))


def _request(options: Mapping[str, Any]) -> dict[str, Any]:
    unknown = sorted(options.keys() - {"output", "gradient", "dtype", "height", "language"})
    if unknown:
        raise TypeError(f"show() takes no `{unknown[0]}`")
    return {key: options[key] for key in ("output", "gradient", "dtype") if key in options}


def _look(options: Mapping[str, Any]) -> dict[str, Any]:
    return {key: options[key] for key in ("height", "language") if key in options}


def _settings() -> Settings:
    """The settings of this machine, with room for programs that other programs wrote."""
    settings = Settings.from_environment()
    longest = max(settings.source_bytes, _SOURCE_BYTES)
    return settings.model_copy(update={"source_bytes": longest})


class Shown:
    """A program as a notebook draws it. request: the body of a request to the API."""

    def __init__(
        self, request: Mapping[str, Any], height: int = _HEIGHT, language: str = "en"
    ) -> None:
        if language not in LANGUAGES:
            raise ValueError(f"language is one of {', '.join(LANGUAGES)}")
        self.request = dict(request)
        self.height = height
        self.language = language
        self._settings = _settings()
        self._mark = f"lab-{uuid4().hex[:12]}"
        given = {key: value for key, value in request.items() if value is not None}
        self._program = prepare(**given)

    @cached_property
    def svg(self) -> str:
        """The graph after its run, as a picture that needs no script."""
        return picture(self._program)

    @cached_property
    def html(self) -> str:
        """The laboratory as one page: it can be stepped through without a server or a kernel."""
        return page(self.request, self.language, self._settings)

    def save(self, name: str | Path) -> None:
        """Write the page, or the picture where the name ends in `.svg`."""
        path = Path(name)
        path.write_text(self.svg if path.suffix == ".svg" else self.html, "utf-8")

    def link(self, server: str = "http://127.0.0.1:8000") -> str:
        """Return the address of the program in the laboratory of a server."""
        return address(self.request, server, lang=self.language)

    def widget(self) -> Any:
        """Return the laboratory as a widget of anywidget. Raises OptionError without it."""
        return widget(self.html, self.height, self._mark, self._settings)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """The picture, and its words. As an image inside HTML it is shown in a notebook that is not
        trusted, too, where JupyterLab draws no SVG."""
        data = b64encode(self.svg.encode()).decode()
        words = escape(str(self), quote=True)
        image = f'<img id="{self._mark}" alt="{words}" src="data:image/svg+xml;base64,{data}">'
        style = f"<style>{_ALONE.replace('MARK', self._mark)}</style>"
        return {"text/html": style + image, "image/svg+xml": self.svg, "text/plain": str(self)}

    def _ipython_display_(self) -> None:
        """The picture, which stays in a saved notebook; then the widget, which hides it."""
        display: Any = import_module("IPython.display").display
        display(self._repr_mimebundle_(), raw=True)
        try:
            display(self.widget())
        except OptionError:
            frame = f'<iframe srcdoc="{escape(self.html)}" title="Backprop Lab" '
            style = f'style="width:100%;height:{self.height}px;border:0"></iframe>'
            display({"text/html": frame + style, "text/plain": ""}, raw=True)

    def __str__(self) -> str:
        return str(self.request["source"])
