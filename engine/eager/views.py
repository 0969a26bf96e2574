"""Views: tensors over the memory of another, and what becomes of their records when one of them
is written to.

The memory belongs to a base, and what was recorded of the base must tell what was written into it
through any view: its record becomes `CopySlices`, which takes a cotangent apart, and every view
alive is from then on a view of the new base (`AsStridedBackward0`), as in PyTorch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from weakref import WeakSet

from engine.eager.apply import apply, edge_of
from engine.eager.backward import parts_of
from engine.eager.messages import failure
from engine.eager.modes import RECORDING
from engine.eager.node import LEAF, Applied, Custom, Node
from engine.eager.tensor import Tensor
from engine.graph import Attribute, Shape
from engine.ops import Op

__all__ = ["base_of", "check_base", "rebase", "refresh"]

Path = tuple[tuple[Op, Mapping[str, Attribute]], ...]
_Like = tuple[Shape, str]


def base_of(tensor: Tensor) -> tuple[Tensor, Path]:
    """Return the tensor whose memory this one views, and the ops that lead from it to the view."""
    found: tuple[Tensor, Path] | None = (tensor._extra or {}).get("of")
    return found or (tensor, ())


def check_base(tensor: Tensor) -> None:
    """Raise RuntimeError, in PyTorch's words, where this view must not be written to."""
    base, path = base_of(tensor)
    if path and base._node is LEAF:
        raise failure("view_inplace", base.name)
    several = (tensor._extra or {}).get("piece")
    if several and tensor.requires_grad:
        raise failure("view_piece", tensor.name, index=several[0], maker=several[1])


def rebase(tensor: Tensor, written: Node | None) -> None:
    """Record that a tensor was written to: by the step `written`, whose first edge is the tensor
    as it was."""
    base, path = base_of(tensor)
    if not path:
        tensor._node = written
    elif written is not None or base.requires_grad:
        _keep_hooks(base, _copied(base, path, written))
    refresh(base)


def refresh(base: Tensor) -> None:
    """Make every view alive a view of the base as it is recorded now."""
    views: WeakSet[Tensor] = (base._extra or {}).get("views") or WeakSet()
    for view in list(views):
        if base._node is not None and view.dtype.kind in "fc":
            _keep_hooks(view, _strided(base, base_of(view)[1]))


def _keep_hooks(tensor: Tensor, node: Node) -> None:
    old = tensor.grad_fn
    if old is not None and old.hooks is not None and old.hooks.retained:
        node.hooks, old.hooks = old.hooks, None
    tensor._node = node


def _along(tensor: Tensor, path: Path) -> Tensor:
    for op, attrs in path:
        tensor = apply(op, [tensor], attrs)
    return tensor


def _filled(like: _Like, path: Path, part: Tensor, rest: Tensor | None = None) -> Tensor:
    """A base in which the viewed entries are those of `part`, and all others those of `rest`."""
    where, (shape, order) = part.backend, like
    whole = Tensor(where.xp.zeros(shape, dtype=part.dtype, order=order))
    if rest is not None:
        whole.copy_(rest)
    _along(whole, path).copy_(part)
    return whole


def _like(base: Tensor) -> _Like:
    """Which base a view can be made of: in memory, rows come first, or columns."""
    flags = base.array.flags
    return base.shape, "C" if flags.c_contiguous or not flags.f_contiguous else "F"


def _strided(base: Tensor, path: Path) -> Custom:
    like = _like(base)
    return Custom("AsStridedBackward0", (edge_of(base),), lambda g: [_filled(like, path, g)])


def _copied(base: Tensor, path: Path, written: Node | None) -> Custom:
    like, others = _like(base), () if written is None else written.edges[1:]

    def pull(g: Tensor) -> Sequence[Tensor | None]:
        part = _along(g, path)
        parts = [None] if written is None else parts_of(written, part, RECORDING.on)
        first = part * 0 if parts[0] is None else parts[0]
        return [_filled(like, path, first, g), *parts[1:]]

    keeps = isinstance(written, Applied) and (written.kept or written.output) is not None
    return Custom("CopySlices", (edge_of(base), *others), pull, keeps)
