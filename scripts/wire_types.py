"""Write app/frontend/events.ts, the browser's types of the wire, from the engine's event classes.

python scripts/wire_types.py            write the file
python scripts/wire_types.py --check    say whether it is current
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import get_args

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from app.wire.encode import JacobianRecord, WindowRecord
from engine import autograd, events
from engine.errors import Span

TARGET = Path(__file__).resolve().parent.parent / "app" / "frontend" / "events.ts"

PARTS = (
    Span,
    events.EdgeRef,
    events.NodeRecord,
    events.EdgeRecord,
    events.MemberRecord,
    events.GroupRecord,
    WindowRecord,
    autograd.TensorState,
    autograd.NodeState,
    autograd.Structured,
)
TS_NAME = {
    "EdgeRef": "EdgeName",
    "NodeRecord": "GraphNode",
    "EdgeRecord": "GraphEdge",
    "MemberRecord": "GroupMember",
    "GroupRecord": "GraphGroup",
    "WindowRecord": "JacobianWindow",
    "JacobianRecord": "JacobianEvent",
}
TS_TYPE = {
    "int": "number",
    "float": "number",
    "str": "string",
    "bool": "boolean",
    "object": "unknown",
    "Array": "Tensor",
    "Shape": "number[]",
    "Attributes": "Record<string, unknown>",
    "Any": "Nested | null",
}

PRELUDE = """\
// The types of the wire, as docs/wire.md says them.
// Written by scripts/wire_types.py from the engine's classes of events; do not edit.

export type Entry = number | boolean | "NaN" | "Infinity" | "-Infinity";
export type Nested = Entry | Nested[];

export interface Summary {
  min: number | null;
  max: number | null;
  mean: number | null;
  norm: number | null;
  nan: number;
  posinf: number;
  neginf: number;
}

export interface Tensor {
  shape: number[];
  dtype: string;
  data?: Nested;
  summary?: Summary;
  preview?: Nested;
}

export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  params: Record<string, unknown>;
  hint?: string;
  span?: Span;
}
"""


def render() -> str:
    """The whole file."""
    kinds = [JacobianRecord if kind is events.JacobianEvent else kind for kind in event_classes()]
    told = get_args(autograd.Event)
    blocks = [interface(kind) for kind in (*PARTS, *kinds)]
    blocks += [interface(kind, numbered=True) for kind in told]
    unions = [union("TraceEvent", kinds), union("AutogradEvent", [*told, events.FailedEvent])]
    return "\n".join([PRELUDE, *blocks, *unions])


def union(name: str, kinds: Sequence[type]) -> str:
    """One of several events."""
    names = [ts_name(kind.__name__) for kind in kinds]
    line = f"export type {name} = {' | '.join(names)};\n"
    rows = "\n".join(f"  | {each}" for each in names)
    return line if len(line) <= 100 else f"export type {name} =\n{rows};\n"


def event_classes() -> tuple[type, ...]:
    """The members of the engine's union of events."""
    return get_args(events.Event)


def interface(kind: type, numbered: bool = False) -> str:
    """One dataclass as a TypeScript interface, `kind` first. numbered: whether the wire adds its
    number in the stream."""
    known = sorted(fields(kind), key=lambda field: field.name != "kind")
    wired = "to" in {field.name for field in known}
    lines: list[str] = []
    for field in known:
        text = str(field.type)
        optional = "?" if text.endswith("| None") else ""
        name = "from" if wired and field.name == "source" else field.name
        lines.append(f"  {name}{optional}: {ts_type(kind, field.name, text)};")
    lines[1:1] = ["  seq: number;"] * numbered
    doc = (kind.__doc__ or "").strip().splitlines()[0]
    head = f"/** {doc} */\nexport interface {ts_name(kind.__name__)} {{"
    short = " ".join(line.strip() for line in lines)
    one_line = len(head.splitlines()[-1]) + len(short) + 3 <= 100
    body = f" {short} " if one_line else "\n" + "\n".join(lines) + "\n"
    return f"{head}{body}}}\n"


def ts_name(name: str) -> str:
    """What the browser code calls a class."""
    return TS_NAME.get(name, name)


def ts_type(kind: type, name: str, text: str) -> str:
    """A Python annotation in TypeScript."""
    if name == "problem":
        return "Problem"
    return convert(ast.parse(text.removesuffix("| None").strip(), mode="eval").body)


def convert(node: ast.expr) -> str:
    """One annotation's syntax tree in TypeScript."""
    match node:
        case ast.Name(id=name):
            return TS_TYPE.get(name, ts_name(name))
        case ast.Subscript(value=ast.Name(id="Literal"), slice=ast.Constant(value=value)):
            return f'"{value}"'
        case ast.Subscript(value=ast.Name(id="Literal"), slice=ast.Tuple(elts=choices)):
            return " | ".join(f'"{ast.literal_eval(each)}"' for each in choices)
        case ast.BinOp(left=left, right=right):
            return f"{convert(left)} | {convert(right)}"
        case ast.Constant(value=None):
            return "null"
        case ast.Subscript(
            value=ast.Name(id="tuple"), slice=ast.Tuple(elts=[item, ast.Constant()])
        ):
            inner = convert(item)
            return f"({inner})[]" if "|" in inner else f"{inner}[]"
        case ast.Subscript(value=ast.Name(id="tuple"), slice=ast.Tuple(elts=items)):
            return f"[{', '.join(convert(item) for item in items)}]"
    raise TypeError(f"no TypeScript for {ast.unparse(node)}")


def main(arguments: list[str]) -> int:
    """Write or check the file."""
    text = render()
    if "--check" in arguments:
        current = TARGET.exists() and TARGET.read_text("utf-8") == text
        print("events.ts is current" if current else "run python scripts/wire_types.py")
        return 0 if current else 1
    TARGET.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
