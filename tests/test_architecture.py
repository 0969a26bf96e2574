"""The shape of the code: data flows one way, one place imports CuPy, nothing grows too large.

The width of lines is left to ruff.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FILE_LINES, FUNCTION_LINES = 300, 30

ORDER = [
    "syntax_messages",
    "program_messages",
    "autograd_messages",
    "interop_messages",
    "messages",
    "frozen",
    "errors",
    "backend",
    "einsum",
    "graph",
    "jacobians.pattern",
    "jacobians.jacobian",
    "jacobians.structures",
    "jacobians.compose",
    "ops",
    "language.length",
    "language.read",
    "language.misread",
    "language.syntax",
    "language.scope",
    "language.words",
    "language.constant",
    "language.literal",
    "language.call",
    "shapes",
    "misfit",
    "infer",
    "language.sketch",
    "language.known",
    "language.fold",
    "language.arrange",
    "language.frames",
    "language.build",
    "language.create",
    "language.given",
    "language.plain",
    "language.outline",
    "language.refuse",
    "language.indexing",
    "language.target",
    "language.operands",
    "language.spread",
    "language.lists",
    "language.joining",
    "language.layers",
    "language.placing",
    "language.builtins",
    "language.habits",
    "language.calling",
    "language.lower",
    "language.bind",
    "language.store",
    "language.assign",
    "language.aside",
    "language.effects",
    "language.define",
    "language.needs",
    "language.often",
    "language.unroll",
    "language.comprehend",
    "language.classes",
    "language.surely",
    "language.least",
    "language.weigh",
    "language.tally",
    "language.execute",
    "language.parse",
    "formula",
    "simplify",
    "contract",
    "events",
    "sweeps.columns",
    "sweeps.evaluate",
    "sweeps.local",
    "sweeps.edges",
    "sweeps.provenance",
    "sweeps.vjp",
    "sweeps.forward",
    "sweeps.reverse",
    "sweeps.scalar",
    "sweeps.floats",
    "sweeps.pull",
    "sweeps.differentiate",
    "formulas.typeset",
    "formulas.tex",
    "formulas.factor",
    "formulas.pattern_tex",
    "formulas.jacobian_tex",
    "formulas.alike",
    "trace",
    "cost",
    "groups",
    "stretch",
    "describe",
    "forms.values",
    "forms.written",
    "forms.phrase",
    "forms.sequence",
    "forms.late",
    "forms.aliases",
    "forms.names",
    "forms.several",
    "forms.equal",
    "forms.source",
    "forms.record",
    "forms.restore",
    "forms.records",
    "options",
    "program",
    "forms.torch_call",
    "forms.torch_axes",
    "forms.torch_layers",
    "forms.torch_ops",
    "forms.torch_script",
    "request",
    "prepare",
    "partial",
    "catalogue",
    "probes.differences",
    "probes.ladder",
    "probes.comparison",
    "probes.check",
    "probes.window",
    "examples",
    "tuning",
    "eager",
    "autograd",
    "interop",
]
"""The engine in the order of the data: a module imports only from modules before it."""


def python_files() -> list[Path]:
    folders = ("engine", "app", "tests", "scripts", "bench")
    found = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    return sorted([*found, ROOT / "hatch_build.py"])


def typescript_files() -> list[Path]:
    found = (ROOT / "app" / "frontend").rglob("*")
    return sorted(path for path in found if path.suffix in (".ts", ".mjs", ".css"))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def engine_modules(path: Path) -> set[str]:
    """The engine's modules that a file imports, by their names in ORDER."""
    parts = [name.split(".") for name in imports(path)]
    inside = [part for part in parts if part[0] == "engine"]
    return {".".join(part[1:end]) for part in inside for end in (2, 3)} & set(ORDER)


def test_the_order_names_every_module_of_the_engine() -> None:
    whole = {name for name in ORDER if (ROOT / "engine" / name).is_dir()}
    found = {
        ".".join(path.relative_to(ROOT / "engine").with_suffix("").parts)
        for path in (ROOT / "engine").rglob("*.py")
        if path.name != "__init__.py"
    }
    assert {name if name in ORDER else name.partition(".")[0] for name in found} == set(ORDER)
    assert whole == {name for name in ORDER if any(each.startswith(f"{name}.") for each in found)}


@pytest.mark.parametrize("module", ORDER)
def test_a_module_of_the_engine_imports_only_from_earlier_ones(module: str) -> None:
    folder = ROOT.joinpath("engine", *module.split("."))
    files = list(folder.glob("*.py")) if folder.is_dir() else [folder.with_suffix(".py")]
    allowed = set(ORDER[: ORDER.index(module)]) | {module}
    for path in files:
        assert engine_modules(path) <= allowed, name_of(path)


def test_the_engine_knows_nothing_of_the_web_or_of_files() -> None:
    refused = {
        "app",
        "fastapi",
        "starlette",
        "pydantic",
        "orjson",
        "uvicorn",
        "pathlib",
        "os",
        "io",
    }
    for path in (ROOT / "engine").rglob("*.py"):
        used = {name.split(".")[0] for name in imports(path)}
        assert not used & refused, name_of(path)


def test_the_engine_never_evaluates_text_as_python() -> None:
    for path in (ROOT / "engine").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in {"eval", "exec", "compile", "__import__"}, name_of(path)


def test_cupy_is_imported_in_one_place() -> None:
    places = [
        name_of(path)
        for folder in ("engine", "app")
        for path in (ROOT / folder).rglob("*.py")
        if any(name.split(".")[0] == "cupy" for name in imports(path))
    ]
    assert places == ["engine/backend.py"]


@pytest.mark.parametrize("path", [*python_files(), *typescript_files()], ids=name_of)
def test_a_file_is_short(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= FILE_LINES


def docstring_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return len((ast.get_docstring(node, clean=False) or "").splitlines())


@pytest.mark.parametrize("path", python_files(), ids=name_of)
def test_python_functions_are_short(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1 - docstring_lines(node)
            assert length <= FUNCTION_LINES, f"{node.name} has {length} lines"


@pytest.mark.parametrize("path", typescript_files(), ids=name_of)
def test_browser_functions_are_short(path: Path) -> None:
    """A function is what starts at a line with a name and `{` and ends where its indent returns."""
    lines = path.read_text("utf-8").splitlines()
    named = r"(function\b|(const|let) \w+ = .*=> \{$|(?!if|for|while|switch|catch)\w+\(.*\))"
    starts = re.compile(rf"^(\s*)(export )?(default )?(private |static )?(async )?{named}.*\{{$")
    for number, line in enumerate(lines):
        match = starts.match(line)
        if match and path.suffix != ".css":
            end = next(
                i for i in range(number + 1, len(lines)) if re.match(rf"^{match[1]}\}}", lines[i])
            )
            assert end - number + 1 <= FUNCTION_LINES, line.strip()


@pytest.mark.parametrize("path", typescript_files(), ids=name_of)
def test_only_main_has_effects_and_only_wire_knows_addresses(path: Path) -> None:
    text = path.read_text("utf-8")
    if path.suffix == ".ts" and ".test." not in path.name and path.name != "wire.ts":
        assert "/api/v1" not in text
        assert "fetch(" not in text


def test_no_address_of_a_registry_is_committed() -> None:
    locks = [*(ROOT / "requirements").glob("*.txt"), ROOT / "package-lock.json"]
    for path in locks:
        text = path.read_text("utf-8")
        assert "resolved" not in text
        assert not re.search(r"(--index-url|--find-links|--trusted-host|file:|registry\.)", text)
