"""Random programs over vectors of four entries, in all that the language has: blocks, loops, lists,
several outputs, splits, comprehensions, notes, leaves of every kind."""

from __future__ import annotations

import re
from random import Random

__all__ = ["random_program"]

_HEAD = '''\
def f(x, k=2.0):
    """A layer."""
    h = x * k  # scaled
    return tanh(h) + b

def g(x, y):
    u = f(x) - y
    for i in range(2):
        u = u * 0.5 + x
    return u, u * 2

def h(xs, flag=True):
    if flag:
        return xs[0] + xs[1]
    return xs[0]

def pieces(x):
    p, q = torch.split(x, [1, 3])
    return p.sum() + q.sum()

a = [0.5, -1.0, 2.0, 1.5]
b = torch.tensor([1.0, 2.0, 3.0, 4.0], requires_grad=True)
c = np.array([0.1, 0.2, 0.3, 0.4])
s = 2.0
n = 3
W = 0.1 * randn(4, 4)
u = a * 2
w = b - a
'''

_VECTORS = """\
(V + V)|(V - V)|(V * V)|tanh(V)|exp(-V)|torch.sigmoid(V)|np.abs(V)|softmax(V)|f(V)|f(V, k=3)
f(V, k=s)|(V * S)|h([V, V])|h([V, V], flag=False)|(W @ V)|(V)[[3, 2, 1, 0]]|-(V)
torch.cat([V[:2], V[2:]])|where(V > s, V, -1)|np.stack([V, V])[1]|(V + [1, 2, 3, 4])
(V * np.ones(4))|(V + param([1, 2, 3, 4]))|(V * randn(4))|(V + const([4, 3, 2, 1]))
clip(V, -1, 1)|clip(V, min=-1)|(V).T|(V).exp()|g(V, V)[0]|g(V, V)[1]|torch.split(V, [4])[0]
torch.concat([torch.split(V, [1, 3])[1], np.ones(1)])|softmax(V + np.array([0, 0, 0, -np.inf]))"""

_SCALARS = """\
s|n|2|-0.5|1/3|len(a)|a.shape[0]|math.pi|sum(V)|(V).mean()|pieces(V)|(S + S)|(S * S)|(V @ V)|S ** 2
S ** -1|max(V)"""

_STATEMENTS = """\
N = V|N = V|N = V  # a note|s = S|N = torch.randn(4, requires_grad=True)|N = [1, 2, 3, 4]
N = nn.Parameter(torch.ones(4))|N = torch.zeros(4)|N = linspace(0, 1, 4)
a, b = g(V, V)  # several|a, c = V, V|a, b = b, a|N += V|N *= V
p, q = torch.split(V, [1, 3])\\nN = torch.cat([q, p])
p, q = np.split(V, 2)\\nN = concatenate([q, p])
for i in range(2):  # again\\n    N = V\\n    N -= V|for row in W:\\n    N = V * row
hs = [V, V]\\nfor t in range(2):\\n    hs.append(V + hs[-1])\\nN = stack(hs).sum(axis=0)
hs = [V for i in range(2)]\\nN = sum(hs) * hs[-1]|N = sum([V for i in range(2)])
if n > 2:\\n    N = V\\nelse:\\n    N = V|r, q, s, t = V
m = torch.split(V, [2, 2])\\nN = stack(m)[0, 0] * V
k = g(V, V)\\nN = k[0] * k[1]|v, i = torch.max(np.stack([V, V]), dim=0)\\nN = v
z = V\\nz.label = "l"\\nN = z
params = {"W": [1, 2, 3, 4], "b": V}\\nN = params["W"] * params["b"]"""


def _ways(text: str) -> list[str]:
    return [each.replace("\\n", "\n") for row in text.split("\n") for each in row.split("|")]


_RULES = {"V": _ways(_VECTORS), "S": _ways(_SCALARS)}
_LEAST = {"V": ["a", "b", "c"], "S": ["s", "n", "2"]}


def random_program(random: Random) -> str:
    """Return a program that can be read, but for indices and the like."""

    def filled(template: str, depth: int) -> str:
        def part(found: re.Match[str]) -> str:
            if found[0] == "N":
                return name
            rules = _RULES if depth and random.random() < 0.7 else _LEAST
            return filled(random.choice(rules[found[0]]), depth - 1)

        return re.sub(r"\b[VSN]\b", part, template)

    lines = []
    for _ in range(random.randint(1, 7)):
        name = random.choice("abcuw")
        lines.append(filled(random.choice(_ways(_STATEMENTS)), 2))
    name = random.choice("abc")
    lines.append(filled("out = sum(N + V) * S", 1))
    lines += ["out.backward()"] * random.randint(0, 1)
    return _HEAD + "\n".join(lines)
