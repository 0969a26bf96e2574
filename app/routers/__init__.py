"""The routers: those of the API, and those of the pages."""

from app.routers import autograd, catalogue, graph, health, pages, problems, trace

__all__ = ["API", "PAGES"]

API = (graph.router, trace.router, autograd.router, catalogue.router)
PAGES = (health.router, pages.router, problems.router)
