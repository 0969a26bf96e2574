"""The server's side of the nursery: starts it, orders workers from it, has them killed."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress

import orjson

from app.errors import RequestError
from app.evaluators.nursery import FORK, KILL, ORDER
from app.evaluators.workers import Worker
from app.settings import Settings

__all__ = ["Breeder"]

_START_SECONDS = 30.0
_END_SECONDS = 5.0
_MAIN = (
    "import json, sys; sys.path[:] = json.loads(sys.argv.pop(1)); "
    "from app.evaluators.nursery import main; main()"
)
_ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
"""Workers run beside each other: one thread each. Read when NumPy loads."""


class Breeder:
    """One nursery process, started when the first worker is ordered, and again should it end."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    async def order(self, on_lost: Callable[[Worker], None]) -> Worker:
        """Return a new worker, ready for a job. Raises RequestError when none is to be had."""
        try:
            return await self._order(on_lost)
        except (OSError, TimeoutError):
            raise RequestError(500, "server.worker") from None

    def kill(self, pid: int) -> None:
        """End one worker."""
        if self._control is not None and pid:
            with suppress(OSError):  # the nursery may have ended, and with it all its workers
                self._control.send(ORDER.pack(KILL, pid))

    async def close(self) -> None:
        """End the nursery and whatever workers it has left."""
        process, control = self._process, self._control
        self._process = self._control = None
        if control is not None:
            control.close()
        if process is not None:
            await asyncio.to_thread(_wait, process)

    async def _order(self, on_lost: Callable[[Worker], None]) -> Worker:
        control = await self._running()
        loop = asyncio.get_running_loop()
        ours, theirs = socket.socketpair()
        with theirs:
            ours.setblocking(False)
            _, worker = await loop.create_unix_connection(
                lambda: Worker(self.kill, on_lost), sock=ours
            )
            try:
                socket.send_fds(control, [ORDER.pack(FORK, 0)], [theirs.fileno()])
            except OSError:
                worker.kill()
                raise
        try:
            async with asyncio.timeout(_START_SECONDS):
                await worker.frame()
        except BaseException:
            worker.kill()
            raise
        return worker

    async def _running(self) -> socket.socket:
        if self._process is not None and self._process.poll() is not None:
            await self.close()
        if self._control is None:
            self._control, control = socket.socketpair()
            with control:
                self._process = _start(control, self._settings)
        return self._control


def _start(control: socket.socket, settings: Settings) -> subprocess.Popen[bytes]:
    arguments = [orjson.dumps(sys.path).decode(), str(control.fileno()), settings.model_dump_json()]
    return subprocess.Popen(
        [sys.executable, "-c", _MAIN, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        pass_fds=[control.fileno()],
        env={**os.environ, **_ENVIRONMENT},
    )


def _wait(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(_END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
