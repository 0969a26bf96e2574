"""How the log is written: a JSON object a line for machines, aligned columns in a terminal.

Everything goes through the standard library's logging, ours and that of others; structlog makes
the lines and adds the id of the request.
"""

from __future__ import annotations

import logging
import sys
from typing import Any

import orjson
import structlog
from structlog.typing import EventDict, Processor

__all__ = ["formatter", "log_config"]

_FIELDS = {"method", "route", "status", "ms", "bytes"}


def log_config(kind: str) -> dict[str, Any]:
    """What `logging.config.dictConfig` takes. kind: `json`, `console` or `auto`.

    Plain data, so that every process of a server can be given it.
    """
    if kind == "auto":
        kind = "console" if sys.stderr.isatty() else "json"
    ours = {"handlers": ["stderr"], "level": "INFO", "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": "app.logs.formatter", "kind": kind}},
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": "line",
                "stream": "ext://sys.stderr",
            }
        },
        "loggers": {"app": ours, "uvicorn": {**ours, "level": "WARNING"}},
    }


def formatter(kind: str) -> logging.Formatter:
    """The formatter of a handler."""
    before: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(_FIELDS),
        structlog.processors.TimeStamper(fmt="iso"),
    ]
    last: list[Processor]
    if kind == "json":
        last = [structlog.processors.format_exc_info, _render]
    else:
        last = [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]
    remove = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    return structlog.stdlib.ProcessorFormatter(foreign_pre_chain=before, processors=[remove, *last])


def _render(_: Any, __: str, event: EventDict) -> str:
    event["event"] = event.pop("event", "")
    return orjson.dumps(event, default=repr).decode()
