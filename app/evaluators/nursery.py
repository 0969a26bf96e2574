"""The process that workers are forked from: all is imported once, so a worker takes milliseconds.

It does nothing else, has one thread and none of the server's sockets, so that forking is safe. The
server writes five bytes on a socket: FORK, with the worker's end of a pipe, or KILL and a process's
number. Killing is done here because only the parent knows that a number is still its child's.
"""

from __future__ import annotations

import gc
import os
import signal
import socket
import sys
from struct import Struct

from app.evaluators.frames import READY, Frame
from app.evaluators.worker import confine, serve
from app.settings import Settings
from engine.tuning import tune

__all__ = ["FORK", "KILL", "ORDER", "main"]

FORK, KILL = b"F", b"K"
ORDER = Struct("<cI")


def main() -> None:
    """Fork and kill workers as told, until the server is gone; then no worker stays behind."""
    control = socket.socket(fileno=int(sys.argv[1]))
    settings = Settings.model_validate_json(sys.argv[2])
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    tune()
    gc.collect()
    gc.freeze()  # what is shared with the workers stays shared
    children: set[int] = set()
    signal.signal(signal.SIGCHLD, lambda *_: _reap(children))
    try:
        while _obey(control, settings, children):
            pass
    finally:
        for child in children:
            os.kill(child, signal.SIGKILL)


def _obey(control: socket.socket, settings: Settings, children: set[int]) -> bool:
    received, ends, _, _ = socket.recv_fds(control, ORDER.size, 1)
    _reap(children)
    if len(received) < ORDER.size:
        return False
    order, number = ORDER.unpack(received)
    if order == KILL and number in children:
        os.kill(number, signal.SIGKILL)
    for end in ends:
        children.add(_fork(control, end, settings))
        os.close(end)
    return True


def _reap(children: set[int]) -> None:
    for child in list(children):
        if os.waitpid(child, os.WNOHANG)[0]:
            children.discard(child)


def _fork(control: socket.socket, end: int, settings: Settings) -> int:
    child = os.fork()
    if child:
        return child
    try:
        control.close()
        confine()
        pipe = socket.socket(fileno=end)
        pipe.sendall(bytes(Frame(READY, seq=os.getpid())))
        serve(pipe, settings)
    except (OSError, KeyboardInterrupt):
        pass  # the server is gone
    finally:
        os._exit(0)


if __name__ == "__main__":
    main()
