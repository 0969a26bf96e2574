"""Starting a server: its socket, its limits, its end."""

from __future__ import annotations

import argparse
import os
import socket
import sys
from collections.abc import Mapping
from tempfile import TemporaryDirectory

import uvicorn

from app.evaluators.cluster import reach
from app.settings import PREFIX, Settings, SettingsError, usable_cores
from app.watch.logs import log_config
from app.watch.metrics import SHARED_FOLDER
from engine.tuning import tune

__all__ = ["config_of", "serve"]

_PLACES = PREFIX + "WORKERS"
_SPARE_FILES = 256
"""File descriptors that are left for pipes, files and libraries."""


def serve(chosen: argparse.Namespace) -> int:
    """Serve until a signal. chosen: `host`, `port`, `reload`, `workers`. Returns the exit status.

    Several web processes take connections from one socket. They share nothing, not even a count of
    requests (`BACKPROP_LAB_RATE_STORAGE` can keep that); the cores are divided among them.
    """
    tune()
    try:
        settings = Settings.from_environment(_divided(os.environ, chosen.workers))
        if settings.evaluator == "ray":
            reach(settings.ray_address)
        listener = _listen(chosen.host, chosen.port)
    except (SettingsError, OSError) as error:
        print(f"backprop-lab: {error}", file=sys.stderr)
        return 1
    _allow_files(settings.connections + _SPARE_FILES)
    config = config_of(settings, reload=chosen.reload, workers=chosen.workers)
    print(f"Backprop Lab is at {_address(listener)}  (Ctrl+C stops it)", flush=True)
    if chosen.reload:
        uvicorn.supervisors.ChangeReload(config, uvicorn.Server(config).run, [listener]).run()
    elif chosen.workers > 1:
        os.environ[_PLACES] = str(settings.workers)  # the web processes read it again
        with TemporaryDirectory(prefix="backprop-lab-") as folder:
            os.environ[SHARED_FOLDER] = folder
            uvicorn.supervisors.Multiprocess(config, [listener]).run()
    else:
        uvicorn.Server(config).run(sockets=[listener])
    return 0


def _divided(environment: Mapping[str, str], processes: int) -> dict[str, str]:
    """The environment of each of several web processes: together they keep every core busy."""
    each = max(1, usable_cores() // processes)
    return {_PLACES: str(each), **environment}


def config_of(settings: Settings, reload: bool = False, workers: int = 1) -> uvicorn.Config:
    """How uvicorn serves us: connections guarded, proxies believed only by `guards.clients`."""
    return uvicorn.Config(
        "app.main:create_app",
        factory=True,
        reload=reload,
        workers=workers,
        http="app.guards.protocol:Hardened",
        ws="none",
        proxy_headers=False,
        server_header=False,
        log_config=log_config(settings.log),
        access_log=False,
        timeout_keep_alive=settings.idle_seconds,  # type: ignore[arg-type]
        timeout_graceful_shutdown=settings.shutdown_seconds + 1,  # the guards come first
    )


def _listen(host: str, port: int) -> socket.socket:
    """A socket that is bound and listens, so that the printed address answers when it is read."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(1_024)
    except OSError as error:
        listener.close()
        raise OSError(f"port {port} of {host} cannot be used: {error.strerror}") from None
    return listener


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{shown}:{port}"


def _allow_files(wanted: int) -> None:
    """Raise the limit of open files to what our connections need, as far as we may."""
    try:
        import resource
    except ImportError:  # not on Windows, which has no such limit
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
