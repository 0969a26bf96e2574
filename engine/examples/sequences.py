"""Recurrence and attention."""

from __future__ import annotations

from engine.examples.example import Example

__all__ = ["SEQUENCES"]

SEQUENCES = (
    Example(
        "recurrent-network",
        "sequences",
        {"en": "An RNN, five steps", "zh-CN": "展开五步的 RNN"},
        {
            "en": "The same W, U and b at every step: each collects five terms, from the last step to the first. "
            "Watch P of h shrink on the way: back-propagation through time forgets early steps.",
            "zh-CN": "每一步都用同一组 W、U、b：各收到五项，从最后一步到第一步。请看 h 的 P 一路变小：随时间反向传播会渐渐忘掉早先的步骤。",
        },
        """\
x = [[0.5, -0.4], [1.0, 0.3], [-0.7, 0.8], [0.2, -0.9], [0.6, 0.1]]
W = [[0.4, -0.3], [0.2, 0.5], [-0.6, 0.1]]
U = [[0.3, -0.2, 0.1], [0.1, 0.4, -0.3], [-0.2, 0.2, 0.5]]
b = [0.1, 0.0, -0.1]
v = [0.7, -0.5, 0.9]
h = [0, 0, 0]
for t in range(5):
    h = tanh(W @ x[t] + U @ h + b)
y = v @ h
loss = (y - 1)**2
""",
        "loss",
    ),
    Example(
        "lstm",
        "sequences",
        {"en": "An LSTM, five steps", "zh-CN": "展开五步的 LSTM"},
        {
            "en": "Look at the cells c, c@2 to c@6: from one to the next the local Jacobian is diagonal, just the forget gate. "
            "With gates near 1, P passes along this road almost whole.",
            "zh-CN": "请看细胞状态 c、c@2 直到 c@6：相邻两步之间的局部雅可比矩阵是对角阵，对角线就是遗忘门。门接近 1 时，P 沿这条路几乎原样传回。",
        },
        """\
x = [[0.5, -0.4], [1.0, 0.3], [-0.7, 0.8], [0.2, -0.9], [0.6, 0.1]]

# gates in PyTorch's order: input, forget, cell, output
W = [[0.3, -0.1], [0.2, 0.4], [-0.5, 0.1], [0.6, 0.2], [0.1, -0.3], [0.4, 0.7], [-0.2, 0.5], [0.3, 0.1]]
U = [[0.1, 0.2], [-0.3, 0.5], [0.2, -0.4], [0.3, 0.1], [0.6, -0.2], [-0.1, 0.4], [0.2, 0.3], [0.4, -0.1]]
b = [0, 0, 1, 1, 0, 0, 0, 0]
h = [0, 0]
c = [0, 0]
for t in range(5):
    gates = W @ x[t] + U @ h + b
    c = sigmoid(gates[2:4]) * c + sigmoid(gates[0:2]) * tanh(gates[4:6])
    h = sigmoid(gates[6:8]) * tanh(c)
loss = F.mse_loss(h, [0.5, -0.5])
""",
        "loss",
    ),
    Example(
        "gru-cell",
        "sequences",
        {"en": "A GRU cell", "zh-CN": "GRU 单元"},
        {
            "en": "The new state mixes the old one with a candidate: h_new = (1 - z) n + z h. P of h has two terms: "
            "one comes back directly, scaled by z, the other through U h, which feeds both gates and the candidate.",
            "zh-CN": "新状态由旧状态与候选状态混合而成：h_new = (1 - z) n + z h。h 的 P 有两项：一项乘以 z 直接传回；"
            "另一项经 U h 传回，它同时流入两个门和候选状态。",
        },
        """\
x = [0.5, -1.0]
h = [0.1, -0.2]

# rows in PyTorch's order: reset gate, update gate, candidate
W = [[0.3, -0.1], [0.2, 0.4], [-0.5, 0.1], [0.6, 0.2], [0.1, -0.3], [0.4, 0.7]]
U = [[0.1, 0.2], [-0.3, 0.5], [0.2, -0.4], [0.3, 0.1], [0.6, -0.2], [-0.1, 0.4]]
wx = W @ x
uh = U @ h
r = sigmoid(wx[0:2] + uh[0:2])
z = sigmoid(wx[2:4] + uh[2:4])
n = tanh(wx[4:6] + r * uh[4:6])
h_new = (1 - z) * n + z * h
loss = sum(h_new**2)
""",
        "loss",
    ),
    Example(
        "attention-head",
        "attention",
        {"en": "A causal attention head", "zh-CN": "因果注意力头"},
        {
            "en": "Three tokens; the mask forbids looking ahead. Above the diagonal A is 0, and so is P of scores: what is not seen "
            "is not learned from. V returns by Aᵀ.",
            "zh-CN": "三个词元，掩码不许向后看。A 在对角线以上是 0，scores 的 P 在那里也是 0：看不到的就学不到。V 的伴随经 Aᵀ 传回。",
        },
        """\
X = [[1.0, 0.0, 0.5, -0.5], [0.2, 0.8, -0.3, 0.4], [-0.6, 0.1, 0.9, 0.2]]
Wq = [[0.3, -0.2], [0.5, 0.4], [-0.1, 0.6], [0.2, 0.1]]
Wk = [[0.1, 0.4], [-0.3, 0.2], [0.6, -0.1], [0.2, 0.5]]
Wv = [[0.7, 0.1], [-0.2, 0.3], [0.4, -0.5], [0.1, 0.6]]
hidden = [[0, 1, 1], [0, 0, 1], [0, 0, 0]]
target = [[0.5, 0.0], [0.2, 0.4], [0.3, -0.1]]
Q = X @ Wq
K = X @ Wk
V = X @ Wv
scores = Q @ K.T / sqrt(2)
A = softmax(scores.masked_fill(hidden, -1e9), dim=-1)
out = A @ V
loss = mean((out - target)**2)
""",
        "loss",
    ),
    Example(
        "multi-head-attention",
        "attention",
        {"en": "Multi-head attention", "zh-CN": "多头注意力"},
        {
            "en": "Four columns become two heads of two. Reshaping and transposing only rename entries: their Jacobians are "
            "permutations, and the heads do not meet before Wo mixes them.",
            "zh-CN": "四列分成两个头，每头两列。改形状和转置只是给元素换个位置，雅可比矩阵是置换；两个头直到 Wo 才混合。",
        },
        """\
X = [[1.0, 0.0, 0.5, -0.5], [0.2, 0.8, -0.3, 0.4], [-0.6, 0.1, 0.9, 0.2]]
Wq = [[0.3, -0.2, 0.1, 0.4], [0.5, 0.4, -0.3, 0.2], [-0.1, 0.6, 0.2, -0.4], [0.2, 0.1, 0.5, 0.3]]
Wk = [[0.1, 0.4, 0.3, -0.1], [-0.3, 0.2, 0.1, 0.5], [0.6, -0.1, -0.2, 0.2], [0.2, 0.5, 0.4, -0.3]]
Wv = [[0.7, 0.1, -0.2, 0.3], [-0.2, 0.3, 0.4, 0.1], [0.4, -0.5, 0.2, 0.6], [0.1, 0.6, -0.3, 0.2]]
Wo = [[0.4, -0.1], [0.2, 0.3], [-0.3, 0.5], [0.1, 0.2]]

# (tokens, columns) to (heads, tokens, columns of a head)
q = (X @ Wq).reshape(3, 2, 2).transpose(0, 1)
k = (X @ Wk).reshape(3, 2, 2).transpose(0, 1)
v = (X @ Wv).reshape(3, 2, 2).transpose(0, 1)
A = softmax(q @ k.mT / sqrt(2), dim=-1)
heads = A @ v
joined = heads.transpose(0, 1).reshape(3, 4)
out = joined @ Wo
loss = (out**2).mean()
""",
        "loss",
    ),
    Example(
        "transformer-block",
        "attention",
        {"en": "A transformer block", "zh-CN": "Transformer 块"},
        {
            "en": "Normalise, attend, add; normalise, two layers, add. X and X1 each reach what follows by two paths; "
            "the identity keeps P alive whatever attention does.",
            "zh-CN": "归一化、注意力、相加；再归一化、两层网络、相加。X 与 X1 各经两条路径到达后面；无论注意力怎样，恒等映射都让 P 不致消失。",
        },
        """\
X = [[1.0, 0.0, 0.5, -0.5], [0.2, 0.8, -0.3, 0.4], [-0.6, 0.1, 0.9, 0.2]]
γ1 = [1.0, 1.0, 1.0, 1.0]
β1 = [0.0, 0.0, 0.0, 0.0]
Wq = [[0.3, -0.2, 0.1, 0.4], [0.5, 0.4, -0.3, 0.2], [-0.1, 0.6, 0.2, -0.4], [0.2, 0.1, 0.5, 0.3]]
Wk = [[0.1, 0.4, 0.3, -0.1], [-0.3, 0.2, 0.1, 0.5], [0.6, -0.1, -0.2, 0.2], [0.2, 0.5, 0.4, -0.3]]
Wv = [[0.7, 0.1, -0.2, 0.3], [-0.2, 0.3, 0.4, 0.1], [0.4, -0.5, 0.2, 0.6], [0.1, 0.6, -0.3, 0.2]]
γ2 = [1.0, 1.0, 1.0, 1.0]
β2 = [0.0, 0.0, 0.0, 0.0]
W1 = [[0.5, -0.2, 0.3, 0.1, -0.4, 0.2], [0.1, 0.4, -0.3, 0.2, 0.6, -0.1], [-0.3, 0.2, 0.5, -0.4, 0.1, 0.3], [0.2, 0.1, -0.1, 0.5, 0.3, -0.2]]
b1 = [0.0, 0.1, 0.0, -0.1, 0.0, 0.1]
W2 = [[0.3, -0.1, 0.2, 0.4], [-0.2, 0.5, 0.1, -0.3], [0.4, 0.2, -0.3, 0.1], [0.1, -0.4, 0.3, 0.2], [-0.1, 0.3, 0.4, -0.2], [0.2, 0.1, -0.1, 0.5]]
b2 = [0.0, 0.0, 0.1, 0.0]
target = [[0.5, 0.1, 0.3, 0.0], [0.2, 0.6, 0.0, 0.3], [0.0, 0.2, 0.7, 0.1]]
def attend(x):
    Q = x @ Wq
    K = x @ Wk
    A = softmax(Q @ K.T / sqrt(4), axis=-1)
    return A @ (x @ Wv)

def feed_forward(x):
    return F.gelu(x @ W1 + b1) @ W2 + b2

N1 = F.layer_norm(X, (4,), γ1, β1)
A = attend(N1)
X1 = X + A
N2 = F.layer_norm(X1, (4,), γ2, β2)
H = feed_forward(N2)
X2 = X1 + H
loss = F.mse_loss(X2, target)
""",
        "loss",
    ),
)
