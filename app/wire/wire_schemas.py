"""JSON Schemas of what crosses the wire, made from the classes and records that do cross it."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, get_args

from app.wire.encode import JacobianRecord, WindowRecord
from engine import autograd, events
from engine.cost import Cost, ModeCost
from engine.errors import Span
from engine.probes.check import Check
from engine.probes.comparison import Curve, NodeCheck, Spot
from engine.probes.window import KINDS
from engine.sweeps.provenance import Origin

__all__ = ["COMPONENTS", "components", "ref"]

Schema = dict[str, Any]

_SIMPLE: dict[str, Schema] = {
    "int": {"type": "integer"},
    "str": {"type": "string"},
    "bool": {"type": "boolean"},
    "object": {},
    "None": {"type": "null"},
    "Any": {"anyOf": [{"$ref": "#/components/schemas/Entries"}, {"type": "null"}]},
    "Shape": {"type": "array", "items": {"type": "integer", "minimum": 0}},
    "Attributes": {"type": "object"},
}
_NAMED = {"JacobianRecord": "JacobianEvent", "float": "Number", "Array": "Tensor"}
_RENAMED = {"source": "from"}

NUMBER: Schema = {
    "description": "A number; JSON has no words for the three that are not finite.",
    "anyOf": [{"type": "number"}, {"enum": ["NaN", "Infinity", "-Infinity"]}],
}
TENSOR: Schema = {
    "description": "Entries nested as the shape says, a bare number for a scalar. A large tensor "
    "has a summary and a preview instead; its entries come by POST /api/v1/window.",
    "type": "object",
    "required": ["shape", "dtype"],
    "properties": {
        "shape": _SIMPLE["Shape"],
        "dtype": {"enum": ["float64", "float32", "bool", "int64"]},
        "data": {"$ref": "#/components/schemas/Entries"},
        "summary": {
            "description": "Of the finite entries; null where there is none.",
            "type": "object",
            "required": ["min", "max", "mean", "norm", "nan", "posinf", "neginf"],
            "properties": {
                **{each: {"type": ["number", "null"]} for each in ("min", "max", "mean", "norm")},
                **{each: {"type": "integer"} for each in ("nan", "posinf", "neginf")},
            },
        },
        "preview": {"$ref": "#/components/schemas/Entries"},
    },
}
ENTRIES: Schema = {
    "anyOf": [
        {"$ref": "#/components/schemas/Number"},
        {"type": "boolean"},
        {"type": "array", "items": {"$ref": "#/components/schemas/Entries"}},
    ]
}
PROBLEM: Schema = {
    "description": "RFC 9457. `code` and `params` make the sentence in any language; `type` is the "
    "address of a page about it. `errors`: all that were found, if there are several.",
    "type": "object",
    "required": ["type", "title", "status", "detail", "code", "params", "hint"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "params": {"type": "object"},
        "hint": {"type": "string"},
        "span": {"$ref": "#/components/schemas/Span"},
        "errors": {
            "type": "array",
            "items": {"$ref": "#/components/schemas/Problem"},
            "maxItems": 8,
        },
    },
}

_PARTS: tuple[type, ...] = (
    Span,
    events.EdgeRef,
    events.NodeRecord,
    events.EdgeRecord,
    events.MemberRecord,
    events.GroupRecord,
    WindowRecord,
    ModeCost,
    Cost,
    autograd.TensorState,
    autograd.NodeState,
    autograd.Structured,
)


def ref(name: str) -> Schema:
    """A reference to a component."""
    return {"$ref": f"#/components/schemas/{name}"}


def components() -> dict[str, Schema]:
    """Every component by name, but for requests."""
    kinds = [
        JacobianRecord if kind is events.JacobianEvent else kind for kind in get_args(events.Event)
    ]
    made = {name_of(kind): of_class(kind) for kind in (*_PARTS, *kinds)}
    told = {name_of(kind): of_class(kind, seq=_SIMPLE["int"]) for kind in get_args(autograd.Event)}
    fixed = {"Number": NUMBER, "Entries": ENTRIES, "Tensor": TENSOR, "Problem": PROBLEM}
    unions = {
        "TraceEvent": _union({name_of(kind): made[name_of(kind)] for kind in kinds}),
        "AutogradEvent": _union({**told, "FailedEvent": made["FailedEvent"]}),
    }
    return {**fixed, **made, **told, **unions, **_answers(made)}


def _union(made: Mapping[str, Schema]) -> Schema:
    """One of several events, told apart by `kind`."""
    kinds = {schema["properties"]["kind"]["const"]: name for name, schema in made.items()}
    return {
        "oneOf": [ref(name) for name in made],
        "discriminator": {
            "propertyName": "kind",
            "mapping": {kind: ref(name)["$ref"] for kind, name in kinds.items()},
        },
    }


def _answers(made: Mapping[str, Schema]) -> dict[str, Schema]:
    graph = made["GraphEvent"]
    properties = {k: v for k, v in graph["properties"].items() if k not in ("kind", "seq")}
    return {
        "GraphAnswer": {
            "type": "object",
            "anyOf": [{"required": [*properties, "cost"]}, {"required": ["nodes", "problems"]}],
            "properties": {**properties, **_both_forms(), "cost": ref("Cost")},
        },
        "EvaluateAnswer": _evaluate(),
        "Origin": of_class(Origin, of={"enum": ["value", "adjoint"]}),
        "WindowAnswer": _window(),
        **_check(),
    }


def _both_forms() -> dict[str, Schema]:
    """The program printed as text and as data, and what is wrong with the rest of it."""
    objects = {"type": "array", "items": {"type": "object"}}
    parts = {**dict.fromkeys(("nodes", "groups", "blocks"), objects), "output": {"type": "string"}}
    return {
        "source": {"type": ["string", "null"]},
        "graph": {"type": ["object", "null"], "required": ["nodes"], "properties": parts},
        "problems": {"type": "array", "items": ref("Problem")},
        "torch": {"type": ["string", "null"]},
    }


def _evaluate() -> Schema:
    tensors: Schema = {"type": "object", "additionalProperties": ref("Tensor")}
    optional: Schema = {
        "type": "object",
        "additionalProperties": {"anyOf": [ref("Tensor"), {"type": "null"}]},
    }
    return {
        "description": "`gradients` where P has one row, else `adjoints`; null where the output "
        "does not depend on a node. `origins` where something is not finite.",
        "type": "object",
        "required": ["output", "values", "dtype", "device"],
        "properties": {
            "output": {"type": "string"},
            "values": tensors,
            "gradients": optional,
            "adjoints": optional,
            "origins": {"type": "array", "items": ref("Origin")},
            "dtype": {"type": "string"},
            "device": {"type": "string"},
        },
    }


def _window() -> Schema:
    triple: Schema = {"type": "array", "items": {"type": "integer"}, "minItems": 3, "maxItems": 3}
    return {
        "description": "`shape` is that of the whole; `ranges` are [start, stop, step].",
        "type": "object",
        "required": ["what", "shape", "ranges", "entries"],
        "properties": {
            "what": {"enum": list(KINDS)},
            "node": {"type": "string"},
            "edge": ref("EdgeRef"),
            "shape": _SIMPLE["Shape"],
            "ranges": {"type": "array", "items": triple},
            "entries": ref("Tensor"),
        },
    }


def _check() -> dict[str, Schema]:
    verdict = {"enum": ["ok", "off", "kink", "undefined", "unreached"]}
    optional = {"anyOf": [ref("Number"), {"type": "null"}]}
    index = {"type": "array", "items": {"type": "integer"}}
    numbers = {"type": "array", "items": ref("Number")}
    return {
        "CheckAnswer": of_class(
            Check,
            verdict=verdict,
            nodes={"type": "array", "items": ref("NodeCheck")},
            curve={"anyOf": [ref("Curve"), {"type": "null"}]},
        ),
        "NodeCheck": of_class(
            NodeCheck,
            verdict=verdict,
            absolute=optional,
            relative=optional,
            worst={"anyOf": [ref("Spot"), {"type": "null"}]},
        ),
        "Spot": of_class(Spot, index={"anyOf": [index, {"type": "null"}]}),
        "Curve": of_class(Curve, index=index, steps=numbers, numeric=numbers, errors=numbers),
    }


def name_of(kind: type) -> str:
    """What a class is called in the document."""
    return _NAMED.get(kind.__name__, kind.__name__)


def of_class(kind: type, **told: Schema) -> Schema:
    """The schema of a dataclass as it is written. told: fields whose schema is another one."""
    known = sorted(fields(kind), key=lambda field: field.name != "kind")
    edge = "to" in {field.name for field in known}
    properties: dict[str, Schema] = {}
    required = []
    for field in known:
        name = _RENAMED.get(field.name, field.name) if edge else field.name
        text = str(field.type)
        properties[name] = told.get(field.name) or _of_text(field.name, text)
        if field.name in told or not text.endswith("| None"):
            required.append(name)
    properties |= {name: schema for name, schema in told.items() if name not in properties}
    required += [name for name in told if name not in required]
    doc = " ".join((kind.__doc__ or "").split())
    return {"description": doc, "type": "object", "required": required, "properties": properties}


def _of_text(name: str, text: str) -> Schema:
    if name == "problem":
        return ref("Problem")
    return _of_tree(ast.parse(text.removesuffix("| None").strip(), mode="eval").body)


def _of_tree(node: ast.expr) -> Schema:
    match node:
        case ast.Name(id=name):
            return _SIMPLE.get(name) or ref(_NAMED.get(name, name))
        case ast.Subscript(value=ast.Name(id="Literal"), slice=ast.Constant(value=value)):
            return {"const": value, "type": "string"}
        case ast.Subscript(value=ast.Name(id="Literal"), slice=ast.Tuple(elts=choices)):
            return {"enum": [ast.literal_eval(each) for each in choices]}
        case ast.BinOp(left=left, right=right):
            return {"anyOf": [_of_tree(left), _of_tree(right)]}
        case ast.Constant(value=None):
            return _SIMPLE["None"]
        case ast.Subscript(value=ast.Name(id="tuple"), slice=ast.Tuple(elts=[item, last])):
            items = {"type": "array", "items": _of_tree(item)}
            pair = not isinstance(last, ast.Constant)
            return {**items, "minItems": 2, "maxItems": 2} if pair else items
    raise TypeError(f"no schema for {ast.unparse(node)}")


COMPONENTS = components()
