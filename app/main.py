"""The application: `create_app()` builds all of it."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import Any

from fastapi import FastAPI
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware
from starlette.types import ASGIApp

from app.evaluators import evaluator_of
from app.guards.rates import Rates
from app.guards.security import Door, SecurityHeaders
from app.lifespan import lifespan
from app.problems import add_handlers
from app.reference import complete
from app.routers import API, PAGES
from app.routers.pages import nowhere
from app.settings import Settings
from app.static_files import CachedFiles
from app.templating import STATIC
from app.watch.metrics import Metrics
from app.watch.observe import Observed
from app.wire.tags import COMPRESSED_FROM, EntityTags

__all__ = ["create_app"]

_COMPRESSED: dict[str, Any] = {
    "minimum_size": COMPRESSED_FROM,
    "compresslevel": 3,
    "exclude_content_types": (*DEFAULT_EXCLUDED_CONTENT_TYPES, "application/octet-stream"),
}
"""Level 3 makes traces 13 times smaller at 300 MB/s; more effort costs more than it saves."""


class BackpropLab(FastAPI):
    """FastAPI whose OpenAPI description has answers that the engine computed."""

    def build_middleware_stack(self) -> ASGIApp:
        """Everything is inside the security headers, the answer to an unforeseen error too."""
        settings: Settings = self.state.settings
        inner: ASGIApp = Rates(EntityTags(super().build_middleware_stack()), settings)
        inner = SecurityHeaders(Door(inner, settings), settings.https)
        return GZipMiddleware(Observed(inner, self.state.metrics), **_COMPRESSED)

    def openapi(self) -> dict[str, Any]:
        """The description, made once."""
        if self.openapi_schema is None:
            self.openapi_schema = complete(super().openapi())
        return self.openapi_schema


def create_app(settings: Settings | None = None) -> FastAPI:
    """One server's application; without settings, those of the environment."""
    app = BackpropLab(
        title="Backprop Lab",
        version=_version(),
        summary="Computational graphs and automatic differentiation, step by step.",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.settings = settings or Settings.from_environment()
    app.state.evaluator = evaluator_of(app.state.settings)
    app.state.metrics = Metrics(lambda: app.state.evaluator.health())
    for router in (*API, *PAGES):  # one level: a router in a router is searched twice
        app.router.routes += router.routes
    app.mount("/static", CachedFiles(directory=STATIC, check_dir=False), name="static")
    add_handlers(app, nowhere)
    return app


def _version() -> str:
    try:
        return version("backprop-lab")
    except PackageNotFoundError:  # run from a checkout that is not installed
        return "0"
