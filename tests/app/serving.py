"""Servers for tests of what talks to one: in a thread of this process, or in one of their own."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

import uvicorn

from app.guards.protocol import Hardened

__all__ = ["serving", "started"]

ROOT = Path(__file__).resolve().parent.parent.parent


@contextmanager
def serving(app: Any) -> Iterator[str]:
    """The address of an application that is served."""
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(app, http=Hardened, ws="none", log_config=None)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        while not server.started:
            time.sleep(0.005)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def started(
    *options: str, errors: IO[str] | None = None, **environment: str
) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The address and the process of a server of its own, started from the command line."""
    command = [sys.executable, "-m", "app.cli", "serve", "--port", "0", *options]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=errors,
        text=True,
    )
    with process:
        try:
            assert process.stdout is not None
            found = re.search(r"http://[^ ]+:\d+", process.stdout.readline())
            assert found
            yield found[0], process
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=10)
            process.kill()
