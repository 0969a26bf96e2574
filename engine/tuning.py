"""Settings of the process that were measured to pay; a program that owns its process calls `tune`.

- `mallopt` (Linux): blocks up to 1 GiB are kept instead of being returned and faulted in again,
  which halves sweeps that allocate 0.5 to 130 MB at a time. Price: freed memory stays with the
  process.
- garbage collection: thresholds raised, as a large graph is many objects and no cycles.

BLAS threads are set by the environment before NumPy is loaded: one, as a second busy process makes
two threads ten times slower than one.
"""

from __future__ import annotations

import ctypes
import gc
import sys

__all__ = ["tune"]

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
_KEEP = 2**30
_GENERATIONS = (50_000, 20, 100)


def tune() -> None:
    """Apply the settings; where one is not to be had, go on without it."""
    gc.set_threshold(*_GENERATIONS)
    if not sys.platform.startswith("linux"):
        return
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return
    mallopt(_MMAP_THRESHOLD, _KEEP)
    mallopt(_TRIM_THRESHOLD, _KEEP)
