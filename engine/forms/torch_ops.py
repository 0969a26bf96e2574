"""Every op of the registry → the PyTorch expression of the same value and gradient."""

from __future__ import annotations

from engine.errors import OptionError
from engine.forms.torch_axes import AXES
from engine.forms.torch_call import AS_NUMBER, Call, Writer
from engine.forms.torch_layers import LAYERS
from engine.ops import OPS

__all__ = ["expression"]


def expression(call: Call) -> str:
    """Return the expression of a node. Raises OptionError for an op that is not listed here."""
    writer = _WRITERS.get(call.op)
    if writer is None:
        raise OptionError("interop.export", op=call.op)
    return writer(call)


def _function(prefix: str, name: str) -> Writer:
    """A function that takes our arguments, and attributes under our names."""

    def write(call: Call) -> str:
        usual = OPS[call.op].attrs
        told = [f"{k}={v!r}" for k, v in call.attrs.items() if v != usual.get(k, ...)]
        return f"{prefix}.{name}({', '.join([*call.args, *told])})"

    return write


def _text(template: str) -> Writer:
    """`{0}`, `{1}` … are the arguments, `{x}` any attribute; `{d}` is their type."""
    return lambda call: template.format(*call.args, **call.attrs)


def _scale(p: float) -> float:
    """What entries that are kept are multiplied by."""
    return 1 / (1 - p) if p < 1 else 0.0


def _listed(name: str) -> Writer:
    return lambda call: f"torch.{name}([{', '.join(call.args)}], dim={call.attrs['axis']})"


def _compared(sign: str) -> Writer:
    return lambda call: f"({call.x} {sign} {call.args[1]}).to(torch.get_default_dtype())"


_SAME = """erf erfc sigmoid logit square reciprocal lerp exp exp2 expm1 log log2 log10 log1p
logaddexp xlogy sqrt rsqrt abs copysign sign floor ceil round trunc lgamma digamma maximum minimum
sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh atan2 hypot fmod remainder relu selu
inner kron mv bmm logdet matmul add sub mul div pow neg triu tril diag"""
_FUNCTIONAL = """logsigmoid softplus silu mish gelu softsign tanhshrink leaky_relu elu celu hardtanh
relu6 hardsigmoid hardswish hardshrink softshrink bilinear linear conv1d conv2d conv_transpose1d
conv_transpose2d max_pool1d max_pool2d avg_pool1d avg_pool2d"""

_WRITERS: dict[str, Writer] = {
    **{name: _function("torch", name) for name in _SAME.split()},
    **{name: _function("F", name) for name in _FUNCTIONAL.split()},
    "cbrt": _text("torch.sign({0}) * torch.abs({0}) ** (1 / 3)"),
    "polygamma": _text("torch.polygamma({n}, {0})"),
    "floor_divide": _text('torch.div({0}, {1}, rounding_mode="floor")'),
    "dropout": lambda c: f"{c.x} * {c.args[1]} * {_scale(c.attrs['p'])}",
    "broadcast_to": _text("torch.broadcast_to({0}, {shape})"),
    "identity": _text("{0}.clone()"),
    "detach": _text("{0}.detach()"),
    "where": _text("torch.where({0} != 0, {1}, {2})"),
    "masked_fill": _text("torch.where({1} != 0, {2}, {0})"),
    **{
        name: _text(f"torch.{name}({{0}}, {{1}}){AS_NUMBER}")
        for name in ("logical_and", "logical_or")
    },
    "logical_not": _text(f"torch.logical_not({{0}}){AS_NUMBER}"),
    **{
        name: _compared(OPS[name].symbol)
        for name in ("greater", "greater_equal", "less", "less_equal", "equal", "not_equal")
    },
    "permute": _text("{0}.permute({axes})"),
    "swapaxes": _text("torch.swapaxes({0}, {axis1}, {axis2})"),
    "matrix_transpose": _text("{0}.mT"),
    "moveaxis": _text("torch.movedim({0}, {source}, {destination})"),
    "unbind": _text("torch.movedim({0}, {axis}, 0)"),
    "split": _text("torch.stack(torch.tensor_split({0}, {sections}, dim={axis}))"),
    "concat": _listed("cat"),
    "stack": _listed("stack"),
    "diagonal": _text("torch.diagonal({0}, {offset}, {axis1}, {axis2})"),
    "trace": _text("torch.diagonal({0}, {offset}, {axis1}, {axis2}).sum(-1)"),
    "einsum": lambda call: f"torch.einsum({call.attrs['subscripts']!r}, {', '.join(call.args)})",
    "embedding": _text("{1}[{0}.long()]"),
    "solve": _text("torch.linalg.solve({0}, {1})"),
    "inv": _text("torch.linalg.inv({0})"),
    "det": _text("torch.linalg.det({0})"),
    "slogdet": _text("torch.linalg.slogdet({0})[1]"),
    "cholesky": _text("torch.linalg.cholesky(({0} + {0}.mT) / 2)"),
    "vdot": _text("torch.dot({0}.flatten(), {1}.flatten())"),
    "outer": _text("torch.outer({0}.flatten(), {1}.flatten())"),
    "sum_to": _text("{0}.sum_to_size({shape})"),
    "size": _text("torch.tensor(float({0}.shape[{dim}]))"),
    "sort": _text("torch.sort({0}, dim={axis}, descending={descending}, stable=True).values"),
    "argsort": _text(
        "torch.sort({0}, dim={axis}, descending={descending}, stable=True).indices" + AS_NUMBER
    ),
    **AXES,
    **LAYERS,
}
