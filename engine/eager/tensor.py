"""`Tensor`: a value with a place on the tape, as PyTorch shows it to its users."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.backend import Array, Backend, backend
from engine.eager.messages import MESSAGE, failure
from engine.eager.modes import RECORDING, warn
from engine.eager.node import LEAF, Counter, Hooks, Node, Untracked
from engine.graph import Shape

__all__ = ["FLOAT", "Tensor", "counter_of", "marked", "settle", "shared"]

FLOAT = np.dtype(np.float64)
_backend = lru_cache(maxsize=64)(backend)


class Tensor:
    """A value, where it came from, and its gradient.

    The data is a Python float for a float64 number on the CPU, else an array of the device. Made by
    `tensor`, `zeros`, … and by ops; every op of the registry is a method, under all its names.
    """

    __slots__ = ("__weakref__", "_counter", "_data", "_extra", "_grad", "_node")

    __array_ufunc__ = None
    """NumPy leaves `array * tensor` to the tensor."""

    def __init__(self, data: Array, node: Any = None) -> None:
        """data: owned by the tensor. node: its record, LEAF, or None. Use `tensor` to make one."""
        self._data = data
        self._node = node
        self._grad: Tensor | None = None
        self._counter: Counter | None = None
        self._extra: dict[str, Any] | None = None

    __hash__ = object.__hash__

    if TYPE_CHECKING:  # the methods that the registry gives

        def __getattr__(self, name: str) -> Any: ...
        def __add__(self, other: Any) -> Tensor: ...
        def __radd__(self, other: Any) -> Tensor: ...
        def __sub__(self, other: Any) -> Tensor: ...
        def __rsub__(self, other: Any) -> Tensor: ...
        def __mul__(self, other: Any) -> Tensor: ...
        def __rmul__(self, other: Any) -> Tensor: ...
        def __truediv__(self, other: Any) -> Tensor: ...
        def __matmul__(self, other: Any) -> Tensor: ...
        def __pow__(self, other: Any) -> Tensor: ...
        def __neg__(self) -> Tensor: ...
        def __getitem__(self, index: Any) -> Tensor: ...
        def to(self, *targets: Any, **rest: Any) -> Tensor: ...
        def sum_to(self, shape: Shape) -> Tensor: ...

    @property
    def shape(self) -> Shape:
        """The sizes of the axes."""
        return () if type(self._data) is float else tuple(self._data.shape)

    @property
    def dtype(self) -> np.dtype[Any]:
        """The precision of the entries."""
        return FLOAT if type(self._data) is float else self._data.dtype

    @property
    def device(self) -> str:
        """Where the entries are: "cpu" or "cuda:N"."""
        data = self._data
        if type(data) is float or isinstance(data, np.ndarray):
            return "cpu"
        return f"cuda:{data.device.id}"

    @property
    def backend(self) -> Backend:
        """The array namespace of the device."""
        return _backend(self.device)

    @property
    def ndim(self) -> int:
        """How many axes there are."""
        return len(self.shape)

    def dim(self) -> int:
        """Return how many axes there are."""
        return len(self.shape)

    def size(self, dim: int | None = None) -> Any:
        """Return the sizes of the axes, or of one."""
        return self.shape if dim is None else self.shape[dim]

    def numel(self) -> int:
        """Return how many entries there are."""
        return 1 if type(self._data) is float else int(self._data.size)

    @property
    def array(self) -> Array:
        """The entries as an array of the device; a number becomes a 0-d array."""
        return np.asarray(self._data) if type(self._data) is float else self._data

    @property
    def name(self) -> str:
        """A name for error messages: as given, else that of the backward step."""
        given = (self._extra or {}).get("name", "")
        return given or ("" if self.is_leaf else self._node.name())

    @name.setter
    def name(self, name: str) -> None:
        self._extra = (self._extra or {}) | {"name": name}

    @property
    def requires_grad(self) -> bool:
        """Whether derivatives with respect to this tensor are wanted, or pass through it."""
        return self._node is not None

    @requires_grad.setter
    def requires_grad(self, wanted: bool) -> None:
        self._require(wanted, "floating_set")

    def requires_grad_(self, requires_grad: bool = True) -> Tensor:
        """Set whether this leaf requires grad, and return it. Raises RuntimeError for any other
        tensor."""
        self._require(requires_grad, "floating_")
        return self

    def _require(self, wanted: bool, complaint: str) -> None:
        if not self.is_leaf:
            if not wanted:
                raise failure("flags_off", self.name)
            if complaint == "floating_set":
                raise failure("flags", self.name)
        elif not wanted:
            self._node = None
        elif self.is_inference() and not RECORDING.inference:
            raise failure("inference_require", self.name)
        elif self.dtype.kind not in "fc":
            raise failure(complaint, self.name)
        else:
            self._node = LEAF

    @property
    def is_leaf(self) -> bool:
        """Whether this tensor was given rather than computed on the tape."""
        return self._node is None or self._node is LEAF

    @property
    def grad_fn(self) -> Node | None:
        """The record on the tape; None for a leaf."""
        return None if self.is_leaf else self._node

    @property
    def grad(self) -> Tensor | None:
        """The gradient accumulated so far; None before any. Of a tensor that is not a leaf, only
        after `retain_grad`."""
        if self.is_leaf:
            return self._grad
        hooks = self._node.hooks
        if hooks is not None and hooks.retained:
            kept: Tensor | None = hooks.grad
            return kept
        warn(MESSAGE["nonleaf_grad"])
        return None

    @grad.setter
    def grad(self, grad: Tensor | None) -> None:
        if grad is not None:
            if not isinstance(grad, Tensor):
                raise TypeError(MESSAGE["grad_type"].format(type=type(grad).__name__))
            if grad.shape != self.shape:
                given, expected = list(grad.shape), list(self.shape)
                raise failure("grad_size", self.name, given=str(given), expected=str(expected))
        if self.is_leaf:
            self._grad = grad
        else:
            self._node.hooks = self._node.hooks or Hooks()
            self._node.hooks.grad, self._node.hooks.retained = grad, True

    @property
    def retains_grad(self) -> bool:
        """Whether the gradient of this computed tensor is kept in `grad`."""
        hooks = None if self.is_leaf else self._node.hooks
        return hooks is not None and bool(hooks.retained)

    def retain_grad(self) -> None:
        """Keep the gradient of a computed tensor in `grad`. Does nothing on a leaf."""
        if self._node is None:
            raise failure("retain", self.name)
        if not self.is_leaf:
            self._node.hooks = self._node.hooks or Hooks()
            self._node.hooks.retained = True

    @property
    def _version(self) -> int:
        """How often this memory was modified in place."""
        return 0 if self._counter is None else self._counter.version

    def is_inference(self) -> bool:
        """Return whether this tensor was made in inference mode, so that no tape may keep it."""
        return type(self._counter) is Untracked

    def detach(self) -> Tensor:
        """Return the same memory off the tape."""
        return shared(self)

    def detach_(self) -> Tensor:
        """Take this tensor off the tape, and return it."""
        self._node = None
        return self

    @property
    def data(self) -> Tensor:
        """The same memory off the tape; what is done to it is not counted as a modification."""
        other = shared(self)
        other._counter = Counter()
        return other

    @data.setter
    def data(self, value: Tensor) -> None:
        self._data = value._data


def shared(of: Tensor) -> Tensor:
    """Return a tensor over the same memory, with the same count of modifications."""
    if type(of._data) is float:
        of._data = np.asarray(of._data)
    other = Tensor(of._data)
    other._counter = counter_of(of)
    return other


def marked(made: Tensor) -> Tensor:
    """Return a new tensor, off every tape for good where it is made in inference mode."""
    if RECORDING.inference and made._counter is None:
        made._counter = Untracked()
    return made


def counter_of(of: Tensor) -> Counter:
    """Return the count of modifications of this memory, from now on shared."""
    if of._counter is None:
        of._counter = Counter()
    return of._counter


def settle(value: Array, where: Backend) -> Array:
    """Return a result as a tensor holds it: a float64 number on the CPU as a Python float."""
    if where.ordinal is not None:
        return value
    if isinstance(value, np.ndarray):
        if value.shape == () and value.dtype == FLOAT:
            return value.item()
        return value
    if isinstance(value, float):
        return float(value)
    return np.asarray(value)
