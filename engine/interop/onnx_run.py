"""A file of ONNX, run by ONNX's own reference and recorded. Imported only when one is read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.errors import OptionError
from engine.interop.captured import Captured, assembled
from engine.interop.onnx_operator import Operator
from engine.interop.onnx_words import WORDS
from engine.interop.phrases import Named, Untold
from engine.interop.tape import Leaf, Step, Tape
from engine.interop.trial import agrees

__all__ = ["captured_model"]

_SAME = ("Identity", "Dropout", "Cast", "CastLike")
_LONGEST = 4096
"""Entries of a constant that stands in the text."""


def captured_model(content: bytes, inputs: Mapping[str, Any] | None = None) -> Captured:
    """Return the graph of an ONNX model. content: the file. inputs: by name; those that are not
    given are drawn at random, always the same. Raises OptionError."""
    try:
        import onnx
        from onnx.reference import ReferenceEvaluator
    except ModuleNotFoundError:
        raise OptionError(
            "interop.missing", package="onnx", install="'backprop-lab[onnx]'"
        ) from None
    try:
        model = onnx.load_model_from_string(content)
        onnx.checker.check_model(model)
    except Exception as error:  # whatever protobuf and the checker raise
        raise OptionError("interop.onnx", reason=str(error).split("\n")[0].rstrip(".")) from None
    feeds = _feeds(model, inputs or {})
    try:
        values: Any = ReferenceEvaluator(model).run(None, feeds, intermediate=True)
    except Exception as error:
        raise OptionError("interop.onnx", reason=str(error).split("\n")[0].rstrip(".")) from None
    return _Reader(model, {**feeds, **values}, set(feeds)).captured()


def _feeds(model: Any, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return a value for each input; sizes that are left open are 1."""
    import onnx

    drawn = np.random.default_rng(0)
    known = {each.name for each in model.graph.initializer}
    feeds: dict[str, Any] = {}
    for each in model.graph.input:
        if each.name in known:
            continue
        tensor = each.type.tensor_type
        dtype = onnx.helper.tensor_dtype_to_np_dtype(tensor.elem_type)
        if each.name in given:
            feeds[each.name] = np.asarray(given[each.name], dtype)
            continue
        shape = [size.dim_value or 1 for size in tensor.shape.dim]
        whole = dtype.kind in "iub"
        feeds[each.name] = (np.zeros(shape) if whole else drawn.standard_normal(shape)).astype(
            dtype
        )
    for name in given:
        if name not in feeds:
            raise OptionError("interop.input", name=name, choices=", ".join(feeds))
    return feeds


class _Reader:
    """Reads the nodes in their order. values: all of them, by name, as ONNX computed them."""

    def __init__(self, model: Any, values: Mapping[str, Any], fed: set[str]) -> None:
        import onnx

        self.graph = model.graph
        self.tape = Tape()
        self.values = {
            **{t.name: onnx.numpy_helper.to_array(t) for t in model.graph.initializer},
            **{name: np.asarray(value) for name, value in values.items()},
        }
        self.wide = all(v.dtype != np.float32 for v in self.values.values())
        self.precision = "reference" if self.wide else "float32"
        self.token_of: dict[str, str] = {}
        self.constants: set[str] = set()
        self.weights = {t.name for t in model.graph.initializer}
        self.fed = fed

    def captured(self) -> Captured:
        for node in self.graph.node:
            self._read(node)
        outputs = [each.name for each in self.graph.output if each.name in self.token_of]
        if not outputs:
            raise OptionError("interop.onnx", reason="nothing that it computes is a real number")
        tokens = [self.token_of[name] for name in outputs]
        dtype = "float64" if self.wide else "float32"
        found = assembled(self.tape, tokens[0], tokens, None, {}, dtype)
        found.check(self.precision)
        return found

    def _read(self, node: Any) -> None:
        import onnx

        kind, attrs = (
            node.op_type,
            {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute},
        )
        attrs = {k: v.decode() if isinstance(v, bytes) else v for k, v in attrs.items()}
        outs = [name for name in node.output if name]
        value = self.values[outs[0]]
        if kind in _SAME and node.input[0] in self.token_of:
            self.token_of[outs[0]] = self.token_of[node.input[0]]
            return
        constant = all(self._is_constant(name) for name in node.input if name)
        if constant or value.dtype.kind not in "fb":
            self.constants.update(outs)
            return
        args = [self._named(name) if name else None for name in node.input]
        known = {
            place: self.values[name]
            for place, name in enumerate(node.input)
            if (name and (self._is_constant(name) or self.values[name].dtype.kind in "iu"))
            or (name in self.weights and self.values[name].size == 1)
        }
        operator = Operator(kind, args, known, attrs, value.shape, len(outs))
        self._add(operator, outs)

    def _is_constant(self, name: str) -> bool:
        """Whether something is the same at every input, and no weight: sizes, indices, numbers."""
        whole = name in self.values and self.values[name].dtype.kind in "iu"
        return name in self.constants or (whole and name not in self.fed)

    def _named(self, name: str) -> Named:
        value = self.values[name]
        if name in self.token_of:
            return Named(self.token_of[name], value.shape)
        if self._is_constant(name) or value.dtype.kind in "iub":
            small = value.size <= _LONGEST
            return Named(_written(value) if small else "…", value.shape)
        token = self.tape.token(np.asarray(value, np.float64), "weight")
        self.tape.leaves.append(Leaf(token, name in self.weights))
        self.tape.hint_of[token] = _hint(name)
        self.token_of[name] = token
        return Named(token, value.shape)

    def _add(self, operator: Operator, outs: list[str]) -> None:
        word = operator.kind.lower()
        tokens = [self.tape.token(np.asarray(self.values[name], np.float64), word) for name in outs]
        try:
            text = WORDS[operator.kind](operator)
        except (KeyError, Untold, ValueError, IndexError):
            raise OptionError("interop.operator", op=operator.kind) from None
        line = f"{', '.join(tokens)} = {text}"
        used = {each.text for each in operator.args if each is not None}
        inputs = {token: self.tape.value_of[token] for token in used & set(self.tape.value_of)}
        values = {token: self.tape.value_of[token] for token in tokens}
        if not agrees([line], inputs, values, {}, self.precision):
            raise OptionError("interop.operator", op=operator.kind)
        self.token_of.update(zip(outs, tokens, strict=True))
        for name, token in zip(outs, tokens, strict=True):
            if name in {each.name for each in self.graph.output}:
                self.tape.hint_of[token] = _hint(name)
        self.tape.steps.append(Step(tuple(tokens), tuple(inputs), (line,)))


def _written(value: Any) -> str:
    entries = (value.astype(int) if value.dtype.kind == "b" else value).tolist()
    text = repr(entries)
    return f"({text})" if text.startswith("-") else re.sub(r"\binf\b", 'float("inf")', text)


def _hint(name: str) -> str:
    """The last words of a name, such as `fc1_weight` of `model.fc1.weight`; none for a number."""
    words = [each for each in re.split(r"\W+", name) if each]
    text = "_".join(words[-2:])
    return "" if text.isdigit() else f"v{text}" if text[:1].isdigit() else text
