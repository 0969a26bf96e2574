"""Who a client is: its address, seen past the proxies that are trusted.

One person may hold a whole /64 network of IPv6 addresses, so such a network is one client.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from starlette.types import Scope

__all__ = ["Clients"]

_HOPS = 16
"""How many proxies before the last one are looked at: a longer list is somebody's invention."""


class Clients:
    """Tells clients apart for one server.

    proxies: addresses or networks, such as `10.0.0.0/8`. Raises ValueError for anything else.
    """

    def __init__(self, proxies: Iterable[str] = ()) -> None:
        self._networks = [ip_network(proxy) for proxy in proxies if proxy]

    def is_proxy(self, address: str) -> bool:
        """Whether what this address says about others is believed."""
        if not self._networks:
            return False
        parsed = _parse(address)
        return parsed is not None and any(parsed in network for network in self._networks)

    def of(self, scope: Scope) -> str:
        """The client of a request: the nearest address that is no trusted proxy."""
        peer = scope.get("client")
        address = str(peer[0]) if peer else ""
        if self.is_proxy(address):
            for hop in _hops(scope):
                address = hop
                if not self.is_proxy(hop):
                    break
        return key(address)


def _hops(scope: Scope) -> list[str]:
    """The addresses of `X-Forwarded-For`, the nearest first."""
    lines = [value for name, value in scope["headers"] if name == b"x-forwarded-for"]
    hops = b",".join(lines).decode("latin-1").split(",")[-_HOPS:]
    return [_bare(hop.strip()) for hop in reversed(hops) if hop.strip()]


def _bare(hop: str) -> str:
    """A hop without its port: `1.2.3.4:80` and `[::1]:80` are allowed forms."""
    if hop.startswith("["):
        return hop[1:].partition("]")[0]
    return hop.partition(":")[0] if hop.count(":") == 1 else hop


@lru_cache(maxsize=4_096)
def key(address: str) -> str:
    """What stands for an address in counts: itself, or its /64 network; `?` for no address."""
    parsed = _parse(address)
    if parsed is None:
        return "?"
    if isinstance(parsed, IPv6Address):
        return str(ip_network((parsed, 64), strict=False))
    return str(parsed)


def _parse(address: str) -> IPv4Address | IPv6Address | None:
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return None
    mapped = parsed.ipv4_mapped if isinstance(parsed, IPv6Address) else None
    return mapped or parsed
