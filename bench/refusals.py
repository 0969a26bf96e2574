"""How long a server takes to refuse what asks for too much: `python -m bench.refusals`."""

from __future__ import annotations

from collections.abc import Iterator

from bench.hostile import ATTACKS
from bench.measure import Comparison, compare
from bench.server import Client, running

__all__ = ["PARTS", "refusals", "times"]

ALLOWED = 0.050
"""Seconds."""


def times(port: int, rounds: int) -> dict[str, float]:
    """Seconds until each refusal is here, the median of several."""
    found = {}
    for name, attack in ATTACKS.items():
        client = Client(port, f"/api/v1/{attack.operation}", attack.body)
        found[name] = sorted(client.whole() for _ in range(rounds))[rounds // 2]
    return found


def refusals() -> Iterator[Comparison]:
    """The slowest refusal over HTTP against the time allowed."""
    with running(ours=True) as port:
        slowest, _ = max(times(port, 5).items(), key=lambda each: each[1])
        attack = ATTACKS[slowest]
        client = Client(port, f"/api/v1/{attack.operation}", attack.body)
        yield compare(
            f"slowest of {len(ATTACKS)} refusals over HTTP",
            client.whole,
            "the time allowed",
            lambda: ALLOWED,
            rounds=15,
            target=1.0,
            note=f"`{slowest}` of bench/hostile.py, whose requests ask for too much",
        )


PARTS = (refusals,)


def main() -> None:
    """Print each refusal, the slowest first."""
    with running(ours=True) as port:
        for name, seconds in sorted(times(port, 5).items(), key=lambda each: -each[1]):
            print(f"{seconds * 1e3:7.1f} ms  {name}")


if __name__ == "__main__":
    main()
