"""Every limit and switch of the server, each with a default and an environment variable.

`BACKPROP_LAB_SOURCE_BYTES=131072 backprop-lab serve` allows programs twice as long; the other
names follow in the same way from the fields of `Settings`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

PREFIX = "BACKPROP_LAB_"


def _split(given: Any) -> Any:
    return [part.strip() for part in given.split(",")] if isinstance(given, str) else given


Names = Annotated[tuple[str, ...], BeforeValidator(_split)]
"""Several names; in the environment, with commas between them."""


def _check_origins(sites: tuple[str, ...]) -> tuple[str, ...]:
    for site in sites:
        if site and not re.fullmatch(r"https?://[\w.*-]+(:\d+)?", site):
            raise ValueError("a site is written as https://example.org")
    return tuple(site for site in sites if site)


Sites = Annotated[Names, AfterValidator(_check_origins)]
"""Origins of other sites, `https://*.example.org` among them."""


def store_of(uri: str) -> Any:
    """The store of counts at a URI, not asked yet. Raises ValueError: no store, or no client for
    it is installed."""
    from limits.errors import ConfigurationError
    from limits.storage import storage_from_string

    client = {"implementation": "redispy"} if "redis" in uri.partition(":")[0] else {}
    try:
        return storage_from_string(f"async+{uri.removeprefix('async+')}", **client)
    except ConfigurationError as error:
        reason = str(error).partition(". ")[0]
        raise ValueError(
            f"{reason}; write redis://host:6379, and install backprop-lab[redis]"
        ) from None


def _check_store(uri: str) -> str:
    if uri:
        store_of(uri)
    return uri


Store = Annotated[str, AfterValidator(_check_store)]
"""The URI of a store that several servers share."""


def usable_cores() -> int:
    """How many processor cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class SettingsError(Exception):
    """An environment variable cannot be used; the text names it and what is wrong."""


class Settings(BaseModel):
    """What one server allows. Sizes are in bytes or entries, times in seconds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source_bytes: int = Field(64 * 1024, gt=0, description="longest program")
    nodes: int = Field(20_000, gt=0, description="elementary nodes of a graph")
    rows: int = Field(4_096, gt=0, description="rows of P without a weight vector")
    tensor_entries: int = Field(2**22, gt=0, description="entries of one tensor")
    flops: int = Field(2_000_000_000, gt=0, description="floating-point operations a request")
    memory_bytes: int = Field(512 * 2**20, gt=0, description="bytes held by one request")
    seconds: float = Field(10.0, gt=0, description="computing time of one trace")
    window_entries: int = Field(2**16, gt=0, description="entries of one window of a tensor")
    body_bytes: int = Field(2**20, gt=0, description="largest request body")
    evaluator: Literal["pool", "threads", "ray"] = Field(
        default="pool" if hasattr(os, "fork") else "threads",
        description="where the engine's work is done",
    )
    workers: int = Field(
        default_factory=usable_cores, gt=0, description="requests the engine works on at a time"
    )
    worker_bytes: int = Field(2 * 2**30, gt=0, description="address space of one worker process")
    ray_address: str = Field("auto", description="the cluster, for ray; auto: this machine's")
    queue: int = Field(64, ge=0, description="requests that may wait; more are refused with 503")
    flush_bytes: int = Field(
        32 * 1024, gt=0, description="a chunk of a stream is sent at this size"
    )
    flush_seconds: float = Field(0.010, gt=0, description="or when its first event is this old")
    shutdown_seconds: int = Field(3, ge=0, description="open streams are cut after this long")
    head_seconds: float = Field(5.0, gt=0, description="for a request's line and headers to arrive")
    body_seconds: float = Field(10.0, gt=0, description="for its body, and")
    body_rate: float = Field(4_096.0, gt=0, description="a second more for so many bytes of it")
    idle_seconds: float = Field(5.0, gt=0, description="a connection may wait for its next request")
    stall_seconds: float = Field(30.0, gt=0, description="a client may stop reading its answer")
    connections: int = Field(2_048, gt=0, description="open connections of one process")
    client_connections: int = Field(256, gt=0, description="and of one client address")
    proxies: Names = Field((), description="addresses or networks of proxies to be believed")
    hosts: Names = Field((), description="names that the server answers to; none: any")
    cors_origins: Names = Field((), description="sites whose pages may call the API, or *")
    embed_sites: Sites = Field((), description="sites whose pages may frame the laboratory")
    https: bool = Field(False, description="reached by https only: browsers are told to keep to it")
    requests_per_minute: int = Field(6_000, ge=0, description="of one client to the API; 0: any")
    client_evaluations: int = Field(16, ge=0, description="of one client at a time; 0: any number")
    rate_storage: Store = Field("", description="URI of a store for counts; none: in each process")
    log: Literal["auto", "json", "console"] = Field("auto", description="how the log is written")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Self:
        """Read every field that has a variable; raise SettingsError where one cannot be read."""
        found = os.environ if environment is None else environment
        given = {
            name: found[PREFIX + name.upper()]
            for name in cls.model_fields
            if PREFIX + name.upper() in found
        }
        try:
            return cls.model_validate(given)
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            variable = PREFIX + str(first["loc"][0]).upper()
            raise SettingsError(f"{variable}: {first['msg']}.") from None
