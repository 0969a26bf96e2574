"""What exists is documented."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import get_args

import pytest

import engine
from app.main import create_app
from app.settings import PREFIX, Settings
from engine import events

ROOT = Path(__file__).resolve().parent.parent
READMES = ("README.md", "README.zh-CN.md")


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def make_targets() -> list[str]:
    return re.findall(r"^([a-z-]+):", read("Makefile"), re.MULTILINE)


def test_every_make_target_has_a_comment_but_the_inner_ones() -> None:
    told = re.findall(r"^# .+\n([a-z-]+):", read("Makefile"), re.MULTILINE)
    assert set(make_targets()) - set(told) == {"venv", "venv-dev"}


@pytest.mark.parametrize("readme", READMES)
def test_the_readme_names_every_make_target(readme: str) -> None:
    text = read(readme)
    inner = {"venv", "venv-dev"}
    assert [t for t in make_targets() if t not in inner and f"`make {t}`" not in text] == []


@pytest.mark.parametrize("readme", READMES)
def test_the_readme_names_every_endpoint(readme: str) -> None:
    text = read(readme)
    assert [path for path in create_app(Settings()).openapi()["paths"] if path not in text] == []


@pytest.mark.parametrize("readme", READMES)
def test_the_readme_names_every_setting(readme: str) -> None:
    text = read(readme)
    names = [PREFIX + name.upper() for name in Settings.model_fields]
    assert [name for name in names if f"`{name}`" not in text] == []


@pytest.mark.parametrize("readme", READMES)
def test_what_the_readme_links_to_exists(readme: str) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", read(readme)):
        assert (ROOT / target).exists(), target


def test_the_two_readmes_have_the_same_parts() -> None:
    english, chinese = (read(name) for name in READMES)
    for pattern in (r"^#+ ", r"^```", r"^\|", r"`make [a-z-]+`"):
        counts = [len(re.findall(pattern, text, re.MULTILINE)) for text in (english, chinese)]
        assert counts[0] == counts[1], pattern


@pytest.mark.parametrize("kind", get_args(events.Event), ids=lambda kind: kind.__name__)
def test_the_wire_document_names_every_field_of_every_event(kind: type) -> None:
    from app.wire.encode import JacobianRecord

    wired = JacobianRecord if kind is events.JacobianEvent else kind
    fields = [name for name in wired.__dataclass_fields__ if name not in ("kind", "seq")]
    name = wired.__dataclass_fields__["kind"].default
    text = read("docs/wire.md")
    row = re.search(rf"^\| `{name}` \|(.*)\|$", text, re.MULTILINE)
    assert row is not None
    told = text if name == "graph" else row[1]
    assert [f for f in fields if f"`{f}`" not in told and f'"{f}"' not in told] == []


@pytest.mark.parametrize("op", engine.OPS.values(), ids=lambda op: op.name)
def test_every_op_says_what_it_is(op: engine.Op) -> None:
    assert op.doc.strip().endswith((".", "。"))


def test_every_dependency_has_a_reason() -> None:
    text = read("pyproject.toml")
    project = tomllib.loads(text)
    named = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    for extra in project["project"]["optional-dependencies"].values():
        named += extra
    for group in project["dependency-groups"].values():
        named += [entry for entry in group if isinstance(entry, str)]
    lines = text.splitlines()
    for entry in named:
        (line, *_) = (line for line in lines if f'"{entry}"' in line)
        assert "#" in line.split(f'"{entry}"')[1], entry


def test_the_changelog_names_this_version() -> None:
    version = tomllib.loads(read("pyproject.toml"))["project"]["version"]
    assert f"## {version}" in read("CHANGELOG.md")


def test_the_browser_code_states_exact_versions() -> None:
    package = json.loads(read("package.json"))
    for group in ("dependencies", "devDependencies"):
        for name, version in package[group].items():
            assert re.fullmatch(r"\d+\.\d+\.\d+", version), name
