"""What tests of every part share: random numbers that repeat, a client, each array namespace."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient

WORKED = "u1 = 2\nu2 = 3\nu3 = u1 + u2\nu4 = u2 * u3"


@pytest.fixture
def rng() -> np.random.Generator:
    """The same random numbers in every run."""
    return np.random.default_rng(20260101)


@pytest.fixture(scope="session")
def app() -> Any:
    """The application with the default settings, without processes of its own to start and end,
    and without a bound on how often a test may ask."""
    from app.main import create_app
    from app.settings import Settings

    return create_app(Settings(evaluator="threads", requests_per_minute=0))


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """The address of a server in a process of its own with the default settings, for every test
    that leaves it as it was: to start one takes longer than most tests."""
    from tests.app.serving import started

    with started() as (address, _):
        yield address


@pytest.fixture
def client(app: Any) -> Iterator[TestClient]:
    """A client in this process; a failure of the server is an answer here, as for a browser."""
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(params=["numpy", pytest.param("cupy", marks=pytest.mark.gpu)])
def xp(request: pytest.FixtureRequest) -> Any:
    """NumPy, and CuPy where it is installed (always with BACKPROP_LAB_REQUIRE_GPU)."""
    if request.param == "numpy":
        return np
    if importlib.util.find_spec("cupy") is None and not os.environ.get("BACKPROP_LAB_REQUIRE_GPU"):
        pytest.skip(
            "CuPy is not installed; make test-gpu runs these on a machine that has a device"
        )
    import cupy

    return cupy
