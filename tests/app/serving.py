"""A server in a thread of this process, for tests of what talks to one."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

from app.guards.protocol import Hardened

__all__ = ["serving"]


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
