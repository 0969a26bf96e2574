"""How the log is written: a JSON object a line for machines, aligned columns in a terminal.

Everything goes through the standard library's logging, ours and that of others, and gets the id of
the request; structlog makes the columns.
"""

from __future__ import annotations

import logging
import sys
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from structlog.typing import EventDict, Processor

__all__ = ["REQUEST_ID", "formatter", "log_config"]

REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="")
"""Of the request that a task works on; none outside of requests."""

_FIELDS = ("method", "route", "code", "status", "ms", "bytes")


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
        "formatters": {"line": {"()": "app.watch.logs.formatter", "kind": kind}},
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
    if kind == "json":
        return _JsonLines()
    import structlog  # a server that writes to no terminal starts sooner without it

    before: list[Processor] = [
        lambda _, __, event: _named(event),
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(_FIELDS),
        structlog.processors.TimeStamper(fmt="iso"),
    ]
    last = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    remove = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    return structlog.stdlib.ProcessorFormatter(foreign_pre_chain=before, processors=[remove, last])


def _named(line: EventDict) -> EventDict:
    """A line with the id of its request, if it is about one."""
    name = REQUEST_ID.get()
    if name:
        line["request_id"] = name
    return line


class _JsonLines(logging.Formatter):
    """What structlog's chain makes, in a third of its time: there is a line for each request."""

    def format(self, record: logging.LogRecord) -> str:
        seen = vars(record)
        line: EventDict = {
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
            **{name: seen[name] for name in _FIELDS if name in seen},
        }
        _named(line)
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return orjson.dumps(line, default=repr).decode()
