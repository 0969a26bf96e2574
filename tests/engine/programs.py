"""Programs that use every construct of the language, by what is special about them."""

from __future__ import annotations

import re

__all__ = ["PROGRAMS"]

_TEXT = """\
=== several
def f(x):
    return x * 2, x + 1
x = [1, 2]
a, b = f(x)
c = a + b
=== cell
def cell(x, h, c, W):
    z = W @ concatenate([x, h])
    c = sigmoid(z[:2]) * c + sigmoid(z[2:])
    h = tanh(c)
    return h, c
W = randn(4, 4)
xs = randn(3, 2)
h = zeros(2)
c = zeros(2)
for t in range(3):
    h, c = cell(xs[t] * 2, h, c, W)
y = sum(h)
=== pair
def f(x):
    y = x * 2
    return [y, x + 1]
x = [1, 2]
p = f(x)
c = p[0] + p[1]
=== split
x = [1, 2, 3]
q, k, v = split(x, 3)
y = q * k + v
=== rnn
W = [[1, 2], [3, 4]]
h = [0, 0]
hs = [h]
for t in range(3):
    h = tanh(W @ h)
    hs.append(h)
Y = stack(hs)
=== nested
def g(x):
    return tanh(x)
def f(x, k=2):
    y = g(x) * k
    return g(y) + y
x = [1, 2]
y = f(x) + f(x * 2, 3) - f(g(x))
z = f(y)
=== swap
a = 1
b = 2
a, b = b, a
c = a - b
=== aug
x = 2
x += 1
x *= x
x -= 3
=== rebound leaf
x = 1
y = x * 2
x = 3
z = x * y
x = x + 1
x = 4
w = x * z
=== identity
x = [1, 2]
y = x
z = +y
w = y
=== masks
x = [1, 2]
m = [0, -inf]
y = softmax(x + m)
z = where(x > 1, x, -inf)
=== grad
x = const([1, 2])
y = np.array([1, 2])
z = torch.tensor([1.0, 2], requires_grad=True)
t = torch.tensor([3.0, 2])
w = sum(x * y * z * t)
=== random
np.random.seed(1)
W = np.random.randn(2, 3)
x = torch.rand(3)
b = zeros(2)
y = relu(W @ x + b)
=== inside
x = [1, 2]
y = sum(x * ones(2) + np.eye(2) @ x)
=== param
x = [1, 2]
y = x * param([3, 4])
=== notes
# the input
x = 2  # two
# doubled
# twice
y = 2 * x  # yes
=== empty
x = zeros(0, 3)
y = sum(x)
z = x @ zeros(3, 2)
=== scalars
n = 4
x = arange(8)
y = reshape(x, (n, n // 2))
z = mean(y) / n
=== sizes
x = [[1, 2], [3, 4]]
n = x.shape[0]
y = x / n
z = sum(y) / len(x)
=== if
train = True
x = 2
if train:
    y = x * 2
else:
    y = x
=== backward
x = 2
y = x * x
z = y + 1
y.backward()
=== shadow
tanh = 2
sum = [1, 2]
y = torch.tanh(sum) * tanh
=== unicode
ỹ = [1, 2]
σ = ỹ * 2
λ = sum(σ)
=== literal only
x = 1/3
y = sqrt(2) + 1
z = x * y
=== attention
Q = [[1, 2], [3, 4]]
m = [[0, -1e9], [0, 0]]
y = masked_attention(Q, Q, Q, m) @ Q
z = attention(y, Q + 1, Q)
=== powers
a = 2
b = 3
y = (-a) ** b ** -a - (a - b) - (b - (a - b)) / (a / b) / b * -a
=== compare
a = [1, 2]
b = (a > 1) * ((a == 1) < 2) - (a != 2)
=== index
x = [[1, 2, 3], [4, 5, 6]]
y = x[0, 1:] + x[..., -2:][1] * x[:, [0, 2]][0]
z = x[None, 1, ::-1]
=== default
def scale(x, k=2.5, mean=False):
    if mean:
        return x
    return x * k
x = [1.5, 2]
y = scale(x)
z = scale(x, k=3)
w = scale(y, mean=True)
=== loop in def
def net(x, n):
    for i in range(n):
        x = tanh(x) * (i + 1)
    return x
x = [1, 2]
y = net(x, 3)
=== global
W = [[1, 2], [3, 4]]
def layer(x):
    return relu(W @ x)
x = [1, -1]
y = layer(layer(x))
=== dead
def f(x):
    y = x * 2
    z = exp(x)
    return y
x = 3
w = f(x)
=== none returned
def f(x):
    return x
x = 3
w = f(x)
v = f(w) * 2
=== list arg
def f(xs):
    return xs[0] * xs[1]
a = 2
b = 3
y = f([a, b])
z = f([a, 4])
=== keyword
def f(a, b):
    return a - b
x = 2
y = f(b=x, a=x * 3)
=== zip
xs = [1, 2]
ys = [3, 4]
s = 0
for i, y in enumerate([2, 3]):
    s = s + xs[i] * y
=== comprehension of calls
def f(x):
    return x * 2
a = [1, 2]
u = sum([f(a) for i in range(2)])
fs = [f(a * i) for i in range(3)]
v = stack(fs) + u
=== parts of calls
def g(x, y):
    return x * y, x - y
a = [1, 2]
b = [3, 4]
u = g(a, g(a, b)[1])[0] * 2
p, q = g(u * 2, g(a, u)[0])
r, s = torch.split(g(p, q)[1], [1, 1])
y = r + s
=== two calls in one
def f(x, k=1.0):
    return x * k
def two(x):
    first = f(x)
    return first, f(first, k=2.0)
x = [1, 2]
a, b = two(x)
=== what is thrown away
def h(xs):
    return xs[0]
a = [1, 2]
y = h([a, exp(a)])
z = exp(h([a * 2, a * 3]))
=== pieces
x = [1, 2, 3, 4, 5]
a, b = torch.split(x * 2, [2, 3])
p = torch.split(x, 2)
y = sum(a) + sum(b) * sum(p[0]) - p[2][0]
=== linear
x = [[1, 2]]
W = [[1, 2], [3, 4]]
y = F.layer_norm(F.linear(x, W), (2,))
z = F.cross_entropy(y, [1])
=== handed back
def f(x):
    y = x * 2
    return y, x
def g(x):
    y = x * 2
    return x
def h(x):
    return x
x = 3
a, x = f(x)
b = g(x)
c = h(b)
p = f(c)
z = a + b + c * p[0] * p[1] + x
"""

PROGRAMS = dict(re.findall(r"^=== (.+)\n((?:(?!===).*\n)*)", _TEXT, re.MULTILINE))
PROGRAMS["deep"] = "x = 2\ny = " + " + ".join(["x"] * 500)
