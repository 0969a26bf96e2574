"""The widget: a page of the laboratory whose questions the kernel answers."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import orjson

from app.errors import RequestError, problem_of
from app.notebook.page import built
from app.operations import OPERATIONS, Job, perform
from app.settings import Settings
from engine.errors import EngineError, OptionError

__all__ = ["replied", "widget"]

_PROBLEM = "application/problem+json"
Reply = tuple[dict[str, Any], bytes]


def widget(page: str, height: int, mark: str, settings: Settings) -> Any:
    """Return the widget of a page. mark: the id of the picture that stands beside it.

    Raises OptionError where anywidget is not installed.
    """
    try:
        base: Any = import_module("anywidget").AnyWidget
        traits: Any = import_module("traitlets")
    except ModuleNotFoundError:
        raise OptionError(
            "interop.missing", package="anywidget", install="'backprop-lab[notebook]'"
        ) from None

    class Widget(base):  # type: ignore[misc]
        _esm = built("notebook-widget.js")
        page = traits.Unicode().tag(sync=True)
        height = traits.Int().tag(sync=True)
        picture = traits.Unicode().tag(sync=True)

        def __repr__(self) -> str:
            return "Backprop Lab"

    made = Widget(page=page, height=height, picture=mark)

    def heard(_: Any, content: dict[str, Any], __: list[bytes]) -> None:
        told, body = replied(content, settings)
        made.send(told, [body])

    made.on_msg(heard)
    return made


def replied(asked: dict[str, Any], settings: Settings) -> Reply:
    """Answer one question of a page: what to tell of the answer, and its body."""
    name = str(asked.get("path", "")).rpartition("/")[2]
    accept = str(asked.get("accept", ""))
    media = accept if accept in ("application/jsonl", "application/octet-stream") else ""
    status, headers = 200, {"content-type": media or "application/json"}
    try:
        if name not in OPERATIONS:
            raise RequestError(404, "request.path")
        job = Job(name, str(asked.get("body", "")).encode(), media or "application/json")
        found = perform(job, settings)
        chunks = [found.first()]
        while not found.done:
            chunks.append(found.following())
        body = b"".join(chunks)
        headers = {"content-type": found.media_type, **_lower(found.headers)}
    except (EngineError, RequestError) as error:
        problem = problem_of(error)
        status, headers = problem["status"], {"content-type": _PROBLEM}
        body = orjson.dumps(problem)
    return {"id": asked.get("id"), "status": status, "headers": headers}, body


def _lower(headers: Any) -> dict[str, str]:
    return {str(key).lower(): str(value) for key, value in dict(headers).items()}
