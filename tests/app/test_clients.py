"""A client is its address, seen past trusted proxies alone."""

from __future__ import annotations

from typing import Any

import pytest

from app.guards.clients import Clients


def scope(peer: str | None, *forwarded: str) -> dict[str, Any]:
    headers = [(b"x-forwarded-for", value.encode()) for value in forwarded]
    return {"client": (peer, 1) if peer else None, "headers": headers}


def test_a_stranger_is_not_believed() -> None:
    assert Clients().of(scope("9.9.9.9", "1.2.3.4")) == "9.9.9.9"
    assert Clients(["10.0.0.0/8"]).of(scope("9.9.9.9", "1.2.3.4")) == "9.9.9.9"


@pytest.mark.parametrize(
    ("forwarded", "client"),
    [
        (["1.2.3.4"], "1.2.3.4"),
        (["6.6.6.6, 1.2.3.4"], "1.2.3.4"),
        (["6.6.6.6", "1.2.3.4, 10.0.0.7"], "1.2.3.4"),
        (["1.2.3.4:5678"], "1.2.3.4"),
        (["[2001:db8:1:2:3::4]:80"], "2001:db8:1:2::/64"),
        ([], "10.0.0.1"),
        (["", " , "], "10.0.0.1"),
        (["10.0.0.9"], "10.0.0.9"),
        (["6.6.6.6, unknown"], "?"),
        (["x" * 60_000], "?"),
    ],
)
def test_a_trusted_proxy_tells_the_nearest_untrusted_hop(forwarded: list[str], client: str) -> None:
    assert Clients(["10.0.0.0/8"]).of(scope("10.0.0.1", *forwarded)) == client


def test_the_addresses_of_one_network_of_ipv6_are_one_client() -> None:
    clients = Clients()
    assert clients.of(scope("2001:db8::1")) == clients.of(scope("2001:db8::ffff"))
    assert clients.of(scope("2001:db8::1")) != clients.of(scope("2001:db8:0:1::1"))
    assert clients.of(scope("::ffff:1.2.3.4")) == "1.2.3.4"
    assert clients.of(scope("fe80::1%eth0")) == "fe80::/64"


def test_a_client_without_an_address_is_one_of_many() -> None:
    assert Clients().of(scope(None)) == Clients().of(scope("testclient")) == "?"


def test_a_proxy_must_be_an_address() -> None:
    with pytest.raises(ValueError, match="proxy"):
        Clients(["my-proxy"])
