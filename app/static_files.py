"""Our own files: those with a hash in their name never change, the others are asked for again. What
the build has compressed is sent so."""

from __future__ import annotations

import os
from collections.abc import MutableMapping
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

__all__ = ["CachedFiles"]

_FOREVER = "public, max-age=31536000, immutable"


class CachedFiles(StaticFiles):
    """Static files with the right Cache-Control, compressed where the client takes that."""

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: MutableMapping[str, Any],
        status_code: int = 200,
    ) -> Response:
        """Answer with a file; everything in dist but the manifest is named by its content."""
        path = os.fspath(full_path)
        packed = f"{path}.gz"
        has_both = os.path.exists(packed)
        is_packed = has_both and "gzip" in Headers(scope=scope).get("accept-encoding", "")
        if is_packed:
            full_path, stat_result = packed, os.stat(packed)
        response = super().file_response(full_path, stat_result, scope, status_code)
        if is_packed:
            response.headers["Content-Encoding"] = "gzip"
        if has_both:
            response.headers.add_vary_header("Accept-Encoding")
        path = path.replace(os.sep, "/")
        hashed = "/dist/" in path and not path.endswith((".json", ".source-digest"))
        response.headers["Cache-Control"] = _FOREVER if hashed else "no-cache"
        return response
