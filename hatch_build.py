"""Hatch build hook: the pages are bundled before the wheel, sdist or editable install is made."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).resolve().parent / "scripts"))
import frontend


class FrontendHook(BuildHookInterface):  # type: ignore[type-arg]
    """Runs scripts/frontend.py; an sdist that carries dist needs neither Node nor npm."""

    def dependencies(self) -> list[str]:
        """Node from PyPI, only where a bundle must be made and the machine has no Node."""
        if frontend.is_current(Path(self.root)) or frontend.node_on_path():
            return []
        return [frontend.NODE_PACKAGE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Bundle if sources or lock changed since the last time."""
        frontend.build(Path(self.root))
