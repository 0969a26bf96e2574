"""A connection cannot be held open by being slow, and every refusal is a problem."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState

from app.guards.protocol import HEAD_BYTES, PIPELINED, Hardened
from app.guards.security import HEADERS
from app.settings import Settings

QUICK = Settings(head_seconds=0.2, body_seconds=0.2, body_rate=1e6, idle_seconds=0.2)
GET = b"GET /hello HTTP/1.1\r\nHost: x\r\n\r\n"


async def echo(scope: Any, receive: Any, send: Any) -> None:
    """Answers with the size of the body; /large with more than any buffer holds."""
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        size, more = size + len(message["body"]), message["more_body"]
    body = b"x" * 2**26 if scope["path"] == "/large" else b"%d" % size
    head = [(b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": head})
    await send({"type": "http.response.body", "body": body})


def application(settings: Settings) -> Any:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "lifespan":
            return await echo(scope, receive, send)
        scope["state"]["settings"] = settings
        for name in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{name}.complete"})
        return None

    return app


@dataclass
class Running:
    port: int
    server: uvicorn.Server

    def connect(self, sent: bytes = b"") -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=5)
        connection.sendall(sent)
        return connection

    def ask(self, sent: bytes) -> bytes:
        with self.connect(sent) as connection:
            return read_all(connection)


def read_all(connection: socket.socket) -> bytes:
    parts = []
    try:
        while part := connection.recv(65_536):
            parts.append(part)
    except ConnectionResetError:
        pass
    return b"".join(parts)


@pytest.fixture
def serve() -> Iterator[Callable[[Settings], Running]]:
    """Starts servers in threads of this process."""
    with ExitStack() as stack:

        def start(settings: Settings = QUICK) -> Running:
            listener = socket.create_server(("127.0.0.1", 0))
            config = uvicorn.Config(
                application(settings),
                http=Hardened,
                ws="none",
                log_level="error",
                timeout_keep_alive=settings.idle_seconds,  # type: ignore[arg-type]
            )
            server = uvicorn.Server(config)
            thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
            thread.start()
            stack.callback(thread.join)
            stack.callback(setattr, server, "should_exit", True)
            while not server.started:
                time.sleep(0.005)
            return Running(listener.getsockname()[1], server)

        yield start


def problem(answer: bytes) -> dict[str, Any]:
    head, _, body = answer.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    headers = {k.lower(): v for k, _, v in (line.partition(": ") for line in lines[1:])}
    assert headers["content-type"] == "application/problem+json"
    assert headers["content-length"] == str(len(body))
    assert headers["connection"] == "close"
    assert {name: headers[name.lower()] for name in HEADERS} == HEADERS
    content: dict[str, Any] = json.loads(body)
    assert lines[0].startswith(f"HTTP/1.1 {content['status']} ")
    return content


def test_an_ordinary_client_is_answered_again_and_again(serve: Any) -> None:
    with serve().connect() as connection:
        for _ in range(3):
            connection.sendall(GET)
            assert connection.recv(4_096).startswith(b"HTTP/1.1 200 OK")


@pytest.mark.parametrize(
    "sent", [b"GET / HTTP/1.1\r\nHost: x\r\n", b"G", b"\r\n", GET + b"GET / HT"]
)
def test_a_head_that_never_ends_is_refused_in_time(serve: Any, sent: bytes) -> None:
    start = time.perf_counter()
    answer = serve().ask(sent).split(b"HTTP/1.1 408", 1)
    assert problem(b"HTTP/1.1 408" + answer[1])["code"] == "request.slow"
    assert time.perf_counter() - start < 1.5


def test_a_connection_that_says_nothing_is_closed_without_a_word(serve: Any) -> None:
    start = time.perf_counter()
    assert serve().ask(b"") == b""
    assert time.perf_counter() - start < 1.5


def test_bytes_sent_now_and_then_do_not_lengthen_the_deadline(serve: Any) -> None:
    start = time.perf_counter()
    with serve().connect() as connection:
        connection.settimeout(0.05)
        received = b""
        while not received and time.perf_counter() - start < 3:
            try:
                connection.sendall(b"\r\n")
                received = connection.recv(4_096)
            except TimeoutError:
                continue
    assert problem(received)["status"] == 408


def test_an_idle_connection_is_closed_in_time(serve: Any) -> None:
    start = time.perf_counter()
    assert serve().ask(GET).endswith(b"0")
    assert time.perf_counter() - start < 1.5


def test_a_body_that_never_ends_is_refused_in_time(serve: Any) -> None:
    head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nx"
    start = time.perf_counter()
    assert problem(serve().ask(head))["code"] == "request.slow"
    assert time.perf_counter() - start < 1.5


def test_a_body_that_comes_fast_enough_has_more_time(serve: Any) -> None:
    settings = QUICK.model_copy(update={"body_rate": 10.0})
    with serve(settings).connect() as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n")
        for _ in range(10):
            connection.sendall(b"0123456789")
            time.sleep(0.05)
        assert connection.recv(4_096).endswith(b"100")


def test_a_client_that_stops_reading_is_let_go(serve: Any) -> None:
    running = serve(QUICK.model_copy(update={"stall_seconds": 0.2}))
    with running.connect(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n"):
        deadline = time.perf_counter() + 3
        while not running.server.server_state.connections:
            assert time.perf_counter() < deadline
        while running.server.server_state.connections:
            assert time.perf_counter() < deadline
            time.sleep(0.02)


def test_a_head_beyond_its_bound_is_refused(serve: Any) -> None:
    running = serve()
    long = b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"y" * HEAD_BYTES
    assert problem(running.ask(long + b"\r\n\r\n"))["code"] == "request.head"
    with running.connect(long[:30_000]) as connection:
        time.sleep(0.05)
        connection.sendall(long[30_000:])
        time.sleep(0.05)
        connection.sendall(b"y" * HEAD_BYTES)
        assert problem(read_all(connection))["status"] == 431


@pytest.mark.parametrize(
    "sent",
    [
        b"\x00\x01\x02\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nBad Header: 1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ],
)
def test_what_is_no_http_is_answered_by_a_problem(serve: Any, sent: bytes) -> None:
    assert problem(serve().ask(sent))["code"] == "request.malformed"


def test_a_stranger_cannot_fill_the_log_with_warnings(
    serve: Callable[..., Running], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, "app.guards.protocol"):
        serve().ask(b"\x16\x03\x01 a handshake of TLS\r\n\r\n")
    (line,) = [record for record in caplog.records if record.name != "asyncio"]
    assert (line.levelname, line.getMessage()) == ("DEBUG", "request refused")
    assert (vars(line)["code"], vars(line)["status"]) == ("request.malformed", 400)


def test_an_upgrade_is_not_taken_and_the_request_is_answered(serve: Any) -> None:
    upgrade = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
    assert b" 200 OK" in serve().ask(upgrade)


def test_a_body_behind_an_offer_of_another_protocol_is_read(serve: Any) -> None:
    offer = b"Connection: Upgrade, HTTP2-Settings\r\nupgrade: h2c\r\nHTTP2-Settings: AA\r\n"
    body = b"\r\n\r\n\nUpgrade: 12345"
    head = b"POST / HTTP/1.1\r\nHost: x\r\n%bContent-Length: %d\r\n\r\n" % (offer, len(body))
    assert serve().ask(head + body).endswith(b"\r\n\r\n%d" % len(body))


def test_few_requests_may_wait_on_one_connection(serve: Any) -> None:
    running = serve()
    assert running.ask(GET * PIPELINED).count(b" 200 OK") == PIPELINED
    assert running.ask(GET * 5_000).count(b" 200 OK") <= PIPELINED + 1


def test_a_client_has_so_many_connections_and_no_more(serve: Any) -> None:
    running = serve(QUICK.model_copy(update={"client_connections": 3, "head_seconds": 5.0}))
    kept = [running.connect() for _ in range(3)]
    time.sleep(0.05)
    refused = problem(running.ask(b""))
    assert (refused["code"], refused["status"]) == ("server.connections", 503)
    kept.pop().close()
    time.sleep(0.05)
    assert b" 200 OK" in running.ask(GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
    for connection in kept:
        connection.close()


@pytest.mark.parametrize("settings", [{"proxies": ("127.0.0.1",)}, {"proxies": ()}])
def test_a_trusted_proxy_brings_many_clients(serve: Any, settings: dict[str, Any]) -> None:
    limits = {"client_connections": 2, "connections": 5, "head_seconds": 5.0, **settings}
    running = serve(QUICK.model_copy(update=limits))
    kept = [running.connect() for _ in range(6)]
    time.sleep(0.1)
    allowed = len(running.server.server_state.connections)
    assert allowed == (5 if settings["proxies"] else 2)
    for connection in kept:
        connection.close()


def test_stopping_is_told_to_the_application_and_cuts_off_who_does_not_read() -> None:
    calls: list[str] = []

    class Transport(asyncio.Transport):
        def close(self) -> None:
            calls.append("close")

        def abort(self) -> None:
            calls.append("abort")

    async def stop() -> bool:
        told = asyncio.Event()
        state = {"stopping": told, "settings": Settings(shutdown_seconds=0)}
        connection = Hardened(uvicorn.Config(echo), ServerState(), state)
        connection.connection_made(Transport())
        connection.shutdown()
        await asyncio.sleep(0.01)
        return told.is_set()

    assert asyncio.run(stop())
    assert calls == ["close", "abort"]
