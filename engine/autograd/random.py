"""Random tensors, the same numbers as PyTorch draws on a CPU.

The source of bits is the Mersenne Twister, seeded as PyTorch seeds it. A float32 takes 24 bits of
one draw, a float64 53 bits of two. Fewer than 16 normal numbers come one pair after the other, in
double precision; 16 and more in blocks of 16, half of them the radius and half the angle.
"""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["Generator"]

Entries = np.ndarray[Any, Any]


class Generator:
    """One stream of random numbers."""

    def __init__(self, seed: int) -> None:
        self.seed(seed)

    def seed(self, seed: int) -> None:
        """Begin anew."""
        self.seeded = seed
        self._bits = np.random.RandomState(seed & 0xFFFFFFFF)._bit_generator
        self._second: float | None = None

    def _raw(self, count: int) -> Entries:
        return np.asarray(self._bits.random_raw(count), dtype=np.uint64)

    def _wide(self, count: int) -> Entries:
        """Draws of 64 bits: two of 32, the first one on top."""
        raw = self._raw(2 * count)
        return (raw[0::2] << np.uint64(32)) | raw[1::2]

    def uniform(self, count: int, dtype: Any, low: float = 0.0, high: float = 1.0) -> Entries:
        """Return numbers from `low` to before `high`."""
        if np.dtype(dtype) == np.float64:
            unit: Entries = (self._wide(count) & np.uint64(2**53 - 1)).astype(np.float64) * 2.0**-53
            return unit * (high - low) + low
        unit = (self._raw(count) & np.uint64(2**24 - 1)).astype(np.float32) * np.float32(2.0**-24)
        return unit * (np.float32(high) - np.float32(low)) + np.float32(low)

    def normal(self, count: int, dtype: Any) -> Entries:
        """Return normal numbers of mean 0 and deviation 1."""
        if count < 16:
            return np.array([self._one() for _ in range(count)]).astype(dtype)
        drawn: Entries = self.uniform(count, dtype)
        for at in range(0, count - 15, 16):
            drawn[at : at + 16] = _block(drawn[at : at + 16])
        if count % 16:
            drawn[-16:] = _block(self.uniform(16, dtype))
        return drawn

    def _one(self) -> float:
        if self._second is not None:
            found, self._second = self._second, None
            return found
        angle, radius = self.uniform(2, np.float64).tolist()
        size = np.sqrt(-2.0 * np.log1p(-radius))
        self._second = float(size * np.sin(2.0 * np.pi * angle))
        return float(size * np.cos(2.0 * np.pi * angle))

    def integers(self, low: int, high: int, count: int) -> Entries:
        """Return whole numbers from `low` to before `high`."""
        return (self._raw(count) % np.uint64(high - low)).astype(np.int64) + low

    def permutation(self, count: int) -> Entries:
        """Return 0 … count - 1 in a random order."""
        order = np.arange(count)
        for at, draw in enumerate(self._raw(max(count - 1, 0)).tolist()):
            other = at + draw % (count - at)
            order[at], order[other] = order[other], order[at]
        return order


def _block(drawn: Entries) -> Entries:
    """Box and Muller's way: 8 radii and 8 angles become 16 normal numbers."""
    size = np.sqrt(-2 * np.log(1 - drawn[:8]))
    angle = drawn.dtype.type(2 * np.pi) * drawn[8:]
    return np.concatenate([size * np.cos(angle), size * np.sin(angle)])
