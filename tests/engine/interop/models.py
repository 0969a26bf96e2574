"""What is captured from real PyTorch, by name: each makes a function and its inputs, in float64.

Needs PyTorch; `scripts/record_interop.py` keeps what it computes in recorded.json.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import nn
from torch.utils.checkpoint import checkpoint

__all__ = ["MODELS", "SoftClamp"]

Made = tuple[Callable[..., Any], tuple[Any, ...]]
MODELS: dict[str, Callable[[], Made]] = {}


def model(make: Callable[[], Made]) -> Callable[[], Made]:
    """Add a model under its name; the random numbers are the same each time."""

    def seeded() -> Made:
        usual = torch.get_default_dtype()
        torch.set_default_dtype(torch.float64)
        torch.manual_seed(7)
        try:
            return make()
        finally:
            torch.set_default_dtype(usual)

    MODELS[make.__name__] = seeded
    return make


class SoftClamp(torch.autograd.Function):  # type: ignore[misc]
    """Cuts to -1 and 1, and sends back three tenths of what it cut off."""

    @staticmethod
    def forward(ctx: Any, x: Any) -> Any:
        ctx.save_for_backward(x)
        return x.clamp(-1, 1)

    @staticmethod
    def backward(ctx: Any, cotangent: Any) -> Any:
        (x,) = ctx.saved_tensors
        return torch.where(x.abs() > 1, 0.3 * cotangent, cotangent)


class Blend(torch.autograd.Function):  # type: ignore[misc]
    """A product of two arguments whose backward mixes all entries: no diagonal Jacobian."""

    @staticmethod
    def forward(ctx: Any, a: Any, b: Any) -> Any:
        ctx.save_for_backward(a, b)
        return a.cumsum(0) * b

    @staticmethod
    def backward(ctx: Any, cotangent: Any) -> Any:
        a, b = ctx.saved_tensors
        sent = (cotangent * b).flip(0).cumsum(0).flip(0)
        return sent, cotangent * a.cumsum(0)


class Residual(nn.Module):  # type: ignore[misc]
    """Two convolutions beside a way around them, as in ResNet."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(2, 3, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(3)
        self.conv2 = nn.Conv2d(3, 3, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(3)
        self.shortcut = nn.Conv2d(2, 3, 1)
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x: Any) -> Any:
        out = self.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        out += self.shortcut(x)
        return self.relu(out)


@model
def residual_block() -> Made:
    block, pool = Residual(), nn.AdaptiveAvgPool2d(1)
    head = nn.Linear(3, 4)

    def loss(x: Any) -> Any:
        scores = head(torch.flatten(pool(block(x)), 1))
        return nn.functional.cross_entropy(scores, torch.tensor([1, 3]))

    return loss, (torch.randn(2, 2, 4, 4, requires_grad=True),)


@model
def lstm_cell() -> Made:
    cell = nn.LSTMCell(3, 4)

    def loss(x: Any, h: Any, c: Any) -> Any:
        for t in range(2):
            h, c = cell(x[t], (h, c))
        return (h**2).sum() + c.mean()

    return loss, (torch.randn(2, 2, 3, requires_grad=True), torch.randn(2, 4), torch.randn(2, 4))


@model
def transformer_encoder_layer() -> Made:
    layer = nn.TransformerEncoderLayer(4, 2, 6, batch_first=True, dropout=0.0, activation="gelu")
    return lambda x: (layer(x) ** 2).mean(), (torch.randn(2, 3, 4, requires_grad=True),)


@model
def transformer_with_dropout() -> Made:
    layer = nn.TransformerEncoderLayer(4, 2, 4, batch_first=True, dropout=0.25)
    return lambda x: (layer(x) ** 2).mean(), (torch.randn(1, 3, 4, requires_grad=True),)


@model
def autograd_function() -> Made:
    weight = torch.randn(3, 3, requires_grad=True)

    def loss(x: Any) -> Any:
        y = SoftClamp.apply(x @ weight)
        z = Blend.apply(y, x)
        return (z * y).sum()

    return loss, (torch.randn(2, 3, requires_grad=True),)


@model
def written_in_place() -> Made:
    def loss(x: Any) -> Any:
        y = torch.sin(x)
        y[0] = x[1] * 2
        y.mul_(0.5)
        view = y[:, 0]
        y += 1
        return (y * x).sum() + view.sum()

    return loss, (torch.randn(2, 3, requires_grad=True),)


@model
def interpolated() -> Made:
    def picture(x: Any) -> Any:
        large = nn.functional.interpolate(x, scale_factor=2, mode="bilinear")
        with torch.no_grad():
            scale = large.abs().max()
        return torch.tanh(large / scale)[..., 0]

    return picture, (torch.randn(1, 1, 2, 2, requires_grad=True),)


@model
def language_model() -> Made:
    embedding, norm, mixed = nn.Embedding(5, 4), nn.LayerNorm(4), nn.Linear(4, 12, bias=False)
    head, place = nn.Linear(4, 5), nn.Parameter(torch.randn(3, 4))
    words, following = torch.tensor([[1, 2, 4], [0, 3, 3]]), torch.tensor([[2, 4, 0], [3, 3, 1]])

    def loss() -> Any:
        x = embedding(words) + place
        query, key, value = mixed(norm(x)).split(4, dim=-1)
        scores = query @ key.transpose(-2, -1) * 4**-0.5
        scores = scores.masked_fill(torch.tril(torch.ones(3, 3)) == 0, float("-inf"))
        x = x + torch.softmax(scores, dim=-1) @ value
        return nn.functional.cross_entropy(head(x).view(-1, 5), following.view(-1))

    return loss, ()


@model
def second_derivative() -> Made:
    def penalty(x: Any) -> Any:
        y = torch.exp(x).sum() * x[0]
        (gradient,) = torch.autograd.grad(y, x, create_graph=True)
        return (gradient**2).sum() + y

    return penalty, (torch.randn(3, requires_grad=True),)


@model
def spectrum() -> Made:
    """Complex numbers stay inside an opaque node."""
    return lambda x: torch.fft.rfft(torch.sin(x)).abs().sum(), (torch.randn(4, requires_grad=True),)


@model
def recomputed() -> Made:
    layer = nn.Linear(3, 2)

    def loss(x: Any) -> Any:
        return checkpoint(lambda y: torch.tanh(layer(y)), x, use_reentrant=False).sum()

    return loss, (torch.randn(2, 3, requires_grad=True),)


@model
def recurrent_layers() -> Made:
    lstm, gru = nn.LSTM(2, 3, num_layers=2, batch_first=True), nn.GRU(3, 2, bias=False)

    def loss(x: Any) -> Any:
        states, (last, _) = lstm(x)
        return (gru(states.transpose(0, 1))[0] ** 2).sum() + last.mean()

    return loss, (torch.randn(1, 2, 2, requires_grad=True),)


@model
def both_directions() -> Made:
    lstm = nn.LSTM(2, 2, bidirectional=True)
    gru = nn.GRU(4, 2, bidirectional=True, batch_first=True)

    def loss(x: Any) -> Any:
        states, (_, cells) = lstm(x)
        found, last = gru(states.transpose(0, 1))
        return (found**2).sum() + last.mean() + cells.sum()

    return loss, (torch.randn(2, 1, 2, requires_grad=True),)
