"""The log is lines of JSON for machines, columns for people."""

from __future__ import annotations

import json
import logging
import logging.config
import pickle
from collections.abc import Iterator
from typing import Any

import pytest

from app.watch.logs import REQUEST_ID, log_config


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """The loggers are afterwards what they were."""
    loggers = [logging.getLogger(name) for name in ("app", "uvicorn")]
    before = [(log, log.handlers[:], log.level, log.propagate) for log in loggers]
    yield
    for log, handlers, level, propagate in before:
        log.handlers, log.propagate = handlers, propagate
        log.setLevel(level)


def test_a_line_is_an_object_with_the_requests_id_and_fields(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logging.config.dictConfig(log_config("json"))
    before = REQUEST_ID.set("r-1")
    extra: dict[str, Any] = {"method": "GET", "route": "/lab", "status": 200, "other": "x"}
    logging.getLogger("app.access").info("request", extra=extra)
    REQUEST_ID.reset(before)
    line = json.loads(capsys.readouterr().err)
    assert line.pop("timestamp").endswith("+00:00")
    assert line == {
        "event": "request",
        "level": "info",
        "logger": "app.access",
        "request_id": "r-1",
        "method": "GET",
        "route": "/lab",
        "status": 200,
    }


def test_a_failure_has_its_stack_in_the_same_line(capsys: pytest.CaptureFixture[str]) -> None:
    logging.config.dictConfig(log_config("json"))
    try:
        raise ZeroDivisionError("by nothing")
    except ZeroDivisionError as error:
        logging.getLogger("app.errors").error("a request failed", exc_info=error)
    (line,) = capsys.readouterr().err.splitlines()
    assert "Traceback" in json.loads(line)["exception"]


def test_people_get_columns(capsys: pytest.CaptureFixture[str]) -> None:
    logging.config.dictConfig(log_config("console"))
    before = REQUEST_ID.set("r-1")
    logging.getLogger("app.access").info("request", extra={"route": "/lab"})
    REQUEST_ID.reset(before)
    written = capsys.readouterr().err
    assert "request_id=r-1" in written
    assert "request" in written
    assert "route=/lab" in written


def test_others_are_heard_when_they_warn(capsys: pytest.CaptureFixture[str]) -> None:
    logging.config.dictConfig(log_config("auto"))
    logging.getLogger("uvicorn.error").info("quiet")
    logging.getLogger("uvicorn.error").warning("loud")
    assert [json.loads(line)["event"] for line in capsys.readouterr().err.splitlines()] == ["loud"]


def test_every_process_can_be_given_the_configuration() -> None:
    assert pickle.loads(pickle.dumps(log_config("auto"))) == log_config("auto")
