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
from select import select
from struct import Struct

from app.evaluators.frames import READY, Frame
from app.evaluators.worker import confine, serve
from app.settings import Settings
from engine.tuning import tune

__all__ = ["FORK", "KILL", "ORDER", "main"]

FORK, KILL = b"F", b"K"
ORDER = Struct("<cI")
_MOST_FILES = 64
"""The nursery has fewer open files than this."""


def main() -> None:
    """Fork and kill workers as told, until the server is gone; then no worker stays behind."""
    control = socket.socket(fileno=int(sys.argv[1]))
    settings = Settings.model_validate_json(sys.argv[2])
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    tune()
    gc.collect()
    gc.freeze()  # what is shared with the workers stays shared
    woken, waking = socket.socketpair()
    waking.setblocking(False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(waking.fileno())
    children: set[int] = set()
    try:
        _watch(control, woken, settings, children)
    finally:
        signal.set_wakeup_fd(-1)
        for child in children:
            os.kill(child, signal.SIGKILL)
        for child in children:
            os.waitpid(child, 0)  # in a container there may be nobody else to do so


def _watch(
    control: socket.socket, woken: socket.socket, settings: Settings, children: set[int]
) -> None:
    """Act on orders and on the deaths of children; return when the server is gone."""
    while True:
        ready, _, _ = select([control, woken], [], [])
        if woken in ready:
            woken.recv(4096)
            _reap(children)
        if control in ready and not _obey(control, settings, children):
            return


def _obey(control: socket.socket, settings: Settings, children: set[int]) -> bool:
    received, ends, _, _ = socket.recv_fds(control, ORDER.size, 1)
    if len(received) < ORDER.size:
        return False
    order, number = ORDER.unpack(received)
    if order == KILL and number in children:
        os.kill(number, signal.SIGKILL)
    for end in ends:
        children.add(_fork(end, settings))
        os.close(end)
    return True


def _reap(children: set[int]) -> None:
    for child in list(children):
        if os.waitpid(child, os.WNOHANG)[0]:
            children.discard(child)


def _fork(end: int, settings: Settings) -> int:
    child = os.fork()
    if child:
        return child
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.closerange(3, end)
        os.closerange(end + 1, _MOST_FILES)
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
