"""What `Tensor` does beside PyTorch's contract (`tests/engine/parity`): depth, memory, names."""

from __future__ import annotations

import copy
import gc
import threading
import time
import tracemalloc
import weakref

import numpy as np
import pytest

import engine
from engine import eager
from engine.eager import Tensor, tensor
from engine.ops import ALIASES, OPS

DEEP = 300_000


def chain(length: int) -> tuple[Tensor, Tensor]:
    """A leaf, and the end of a chain of ops on it, each of slope 1."""
    x = tensor(1.0, requires_grad=True)
    y = x
    for step in range(length):
        y = y * 1.0 if step % 3 == 0 else y + 1.0 if step % 3 == 1 else y - 1.0
    return x, y


@pytest.mark.slow
def test_a_chain_of_300_000_is_walked_back_and_freed_on_a_small_stack() -> None:
    found: list[float] = []

    def run() -> None:
        x, y = chain(DEEP)
        y.backward()
        found.append(x.grad.item())
        del y

    before = threading.stack_size(256 * 1024)
    try:
        thread = threading.Thread(target=run)
        thread.start()
        thread.join()
    finally:
        threading.stack_size(before)
    assert found == [1.0]


@pytest.mark.slow
def test_a_deep_chain_of_arrays_is_walked_back_and_freed() -> None:
    x = tensor([1.0, 2.0], requires_grad=True)
    y = x
    for _ in range(20_000):
        y = -y
    y.sum().backward()
    del y
    assert x.grad.tolist() == [1.0, 1.0]


def test_a_graph_is_freed_without_the_garbage_collector() -> None:
    gc.collect()
    gc.disable()
    try:
        x = tensor([1.0, 2.0], requires_grad=True)
        y = (x.exp() * x).sum() + x.sigmoid().sum() * tensor(2.0, requires_grad=True)
        steps = [weakref.ref(y), weakref.ref(y.grad_fn)]
        y.retain_grad()
        y.register_hook(lambda g: None)
        y.backward()
        del y
        assert [step() for step in steps] == [None, None]
    finally:
        gc.enable()


def test_a_number_takes_at_most_300_bytes() -> None:
    x = tensor(1.0, requires_grad=True)
    nodes = [x]
    tracemalloc.start()
    for step in range(10_000):
        nodes.append(nodes[-1] * x if step % 2 else nodes[-1] + x)
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert held / 10_000 <= 300


@pytest.mark.slow
def test_the_time_of_a_backward_pass_grows_with_the_graph() -> None:
    def seconds(length: int) -> float:
        best = float("inf")
        for _ in range(3):
            start = time.perf_counter()
            chain(length)[1].backward()
            best = min(best, time.perf_counter() - start)
        return best

    assert seconds(40_000) < 30 * seconds(4_000)


def test_every_op_is_a_function_and_a_method_under_all_its_names() -> None:
    for name in [*OPS, *ALIASES]:
        assert callable(getattr(eager, name))
        assert not name.isidentifier() or hasattr(Tensor, name)
    with pytest.raises(AttributeError, match="no name 'sine'"):
        eager.sine  # noqa: B018


def test_keywords_of_numpy_and_of_torch_mean_the_same() -> None:
    x = tensor([[1.0, 2.0], [3.0, 4.0]])
    assert x.sum(dim=1, keepdim=True).tolist() == x.sum(axis=1, keepdims=True).tolist()
    assert eager.sum(input=x, dim=0).tolist() == [4.0, 6.0]


@pytest.mark.parametrize(
    ("call", "complaint"),
    [
        (lambda x: x.sum(dim=0.5), "argument 'axis' must be"),
        (lambda x: x.sum(axes=0), "unexpected keyword"),
        (lambda x: x.exp(1, 2), "is used as"),
        (lambda x: x[0.5], "subscripts must be"),
        (lambda x: eager.matmul(x), "missing"),
        (lambda x: x + "1", "unsupported operand"),
    ],
)
def test_a_wrong_call_is_a_type_error(call: object, complaint: str) -> None:
    with pytest.raises(TypeError, match=complaint):
        call(tensor([1.0, 2.0]))  # type: ignore[operator]


def test_errors_name_the_node() -> None:
    w = tensor([1.0, 2.0], requires_grad=True, name="w")
    with pytest.raises(RuntimeError, match=r"in-place operation\. \(node: w\)"):
        w.add_(1)
    with pytest.raises(RuntimeError, match=r"scalar outputs \(node: MulBackward0\)"):
        (w * w).backward()


def test_a_change_through_a_view_is_recorded_in_its_base_and_its_other_views() -> None:
    x = tensor([1.0, 2.0], requires_grad=True)
    y = x * 1
    view, other = y.reshape(2, 1), y.reshape(1, 2)
    view.mul_(3)
    assert y.grad_fn is not None and y.grad_fn.name() == "CopySlices"
    assert other.grad_fn is not None and other.grad_fn.name() == "AsStridedBackward0"
    (y * y + other[0] * view[:, 0]).sum().backward()
    assert x.grad is not None and x.grad.tolist() == [36.0, 72.0]


def test_a_change_through_a_view_made_without_a_record_is_refused() -> None:
    x = tensor([1.0, 2.0], requires_grad=True)
    y = x * 1
    with eager.no_grad():
        view = y.reshape(2, 1)
    with pytest.raises(RuntimeError, match="made in no_grad mode"):
        view.mul_(x.reshape(2, 1))


def test_a_view_shares_memory_and_its_count_of_changes() -> None:
    x = tensor([[1.0, 2.0], [3.0, 4.0]])
    x.T.zero_()
    assert x.tolist() == [[0.0, 0.0], [0.0, 0.0]]
    assert x._version == 1


def test_a_tensor_copies_what_it_is_made_of_and_from_numpy_does_not() -> None:
    array = np.array([1.0, 2.0])
    made, shared = tensor(array), eager.from_numpy(array)
    array[0] = 5.0
    assert made.tolist() == [1.0, 2.0]
    assert shared.tolist() == [5.0, 2.0]
    assert shared.numpy() is array


def test_an_array_leaves_the_operator_to_the_tensor() -> None:
    x = tensor([1.0, 2.0], requires_grad=True)
    y = np.array([3.0, 4.0]) * x
    assert isinstance(y, Tensor) and y.tolist() == [3.0, 8.0]


def test_division_by_zero_gives_infinity_with_its_derivative() -> None:
    x, zero = tensor(1.0, requires_grad=True), tensor(0.0, requires_grad=True)
    y = x / zero
    y.backward()
    assert (y.item(), x.grad.item(), zero.grad.item()) == (np.inf, np.inf, -np.inf)


def test_numbers_stay_python_floats() -> None:
    x = tensor(2.0, requires_grad=True)
    y = (x * 3 + x / 2 - 1).exp().sin().sum()
    y.backward()
    assert type(y._data) is float
    assert type(x.grad._data) is float


def test_a_deep_copy_of_a_leaf_is_a_leaf() -> None:
    x = tensor([1.0, 2.0], requires_grad=True)
    (x * 2).sum().backward()
    other = copy.deepcopy(x)
    other.grad.zero_()
    assert other.requires_grad and x.grad.tolist() == [2.0, 2.0]


def test_gradients_share_memory_with_nothing() -> None:
    a, b, c = (tensor(np.ones((80, 80)), requires_grad=True) for _ in range(3))
    seed = tensor(np.ones((80, 80)))
    kept = (a + b.T).T
    kept.retain_grad()
    (kept + (c * 2).T.reshape(80, 80)).backward(seed)
    arrays = [each.grad.array for each in (a, b, c, kept)] + [seed.array, c.array]
    for i, first in enumerate(arrays):
        assert not any(np.shares_memory(first, second) for second in arrays[i + 1 :])
    (a * 1).backward(seed)
    assert (a.grad.array == 2).all() and (b.grad.array == 1).all()


def test_threads_switch_recording_for_themselves() -> None:
    seen: list[bool] = []
    with eager.no_grad():
        thread = threading.Thread(target=lambda: seen.append(eager.is_grad_enabled()))
        thread.start()
        thread.join()
    assert seen == [True]


def test_a_hook_after_accumulation_sees_the_gradient() -> None:
    x, seen = tensor(2.0, requires_grad=True), []
    handle = x.register_post_accumulate_grad_hook(lambda leaf: seen.append(leaf.grad.item()))
    (x * x).backward()
    handle.remove()
    (x * x).backward()
    assert seen == [4.0]


def test_the_network_of_the_graph_engine_has_the_same_gradients() -> None:
    source = "W = [[0.5, -1.0], [2.0, 0.25]]\nx = [1.5, -0.5]\nl = sum(sigmoid(W @ x) ** 2)"
    expected = engine.prepare(source, output="l").evaluate().gradients
    W = tensor([[0.5, -1.0], [2.0, 0.25]], requires_grad=True)
    x = tensor([1.5, -0.5], requires_grad=True)
    ((W @ x).sigmoid() ** 2).sum().backward()
    assert expected is not None
    np.testing.assert_allclose(W.grad.tolist(), expected["W"], rtol=1e-14)
    np.testing.assert_allclose(x.grad.tolist(), expected["x"], rtol=1e-14)


@pytest.mark.gpu
def test_a_graph_on_a_device_stays_there() -> None:
    pytest.importorskip("cupy", reason="CuPy is not installed")
    x = tensor([1.0, 2.0], device="cuda:0", requires_grad=True)
    y = (x.exp() * x).sum()
    y.backward()
    assert (y.device, x.grad.device) == ("cuda:0", "cuda:0")
    expected = np.exp([1.0, 2.0]) * np.array([2.0, 3.0])
    np.testing.assert_allclose(x.grad.tolist(), expected, rtol=1e-14)
