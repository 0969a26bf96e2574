"""Networks from end to end."""

from __future__ import annotations

from engine.examples.example import Example

__all__ = ["NETWORKS"]

NETWORKS = (
    Example(
        "network-by-hand",
        "networks",
        {"en": "A 2-2-2 network", "zh-CN": "手算 2-2-2 网络"},
        {
            "en": "The numbers that many have worked through on paper: E = 0.29837. The first weight of W2 receives 0.0822, "
            "that of W1 only 0.00044: two sigmoids and small inputs leave little.",
            "zh-CN": "许多人在纸上算过的那组数：E = 0.29837。W2 的第一个权重得到 0.0822，W1 的第一个只得到 0.00044："
            "两层 sigmoid 加上很小的输入，所剩无几。",
        },
        """\
i = [0.05, 0.10]
W1 = [[0.15, 0.20], [0.25, 0.30]]
b1 = 0.35
W2 = [[0.40, 0.45], [0.50, 0.55]]
b2 = 0.60
target = [0.01, 0.99]
h = sigmoid(W1 @ i + b1)
o = sigmoid(W2 @ h + b2)
E = sum(1/2 * (target - o)**2)
""",
        "E",
    ),
    Example(
        "multilayer-perceptron",
        "networks",
        {"en": "Multilayer perceptron", "zh-CN": "多层感知机"},
        {
            "en": "A mini-batch of three, one in each row; as in PyTorch, data do not require a gradient. The bias is used by every row, so its P is the sum of the rows that return; "
            "where relu was 0, nothing returns.",
            "zh-CN": "小批量里有三个样本，每行一个；与 PyTorch 一样，数据本身不求梯度。偏置被每一行用到，所以它的 P 是各行传回之和；relu 为 0 的地方什么也不传回。",
        },
        """\
import torch
import torch.nn.functional as F

X = torch.tensor([[0.5, -1.2], [1.0, 0.3], [-0.7, 0.8]])
y = torch.tensor([0, 1, 1])
W1 = [[0.6, -0.4], [0.1, 0.5], [-0.3, 0.8], [0.7, 0.2]]
b1 = [0.1, 0.0, -0.1, 0.2]
W2 = [[0.5, -0.6, 0.3, 0.4], [-0.2, 0.7, -0.5, 0.1]]
b2 = [0.0, 0.1]
z1 = X @ W1.T + b1
h = F.relu(z1)
logits = h @ W2.T + b2
loss = F.cross_entropy(logits, y)
""",
        "loss",
    ),
    Example(
        "convolutional-network",
        "networks",
        {"en": "A CNN on 8 × 8 pixels", "zh-CN": "8 × 8 像素上的 CNN"},
        {
            "en": "Two filters look for vertical and horizontal strokes. Pooling sends each P back to the one largest pixel "
            "of its window (where all are 0 the tie is a kink, without effect); a filter adds up what comes from all its places.",
            "zh-CN": "两个卷积核分别寻找竖笔和横笔。池化把 P 只传回每个窗口里最大的那个像素（全为 0 的窗口是折点，但没有影响）；卷积核则把它到过的所有位置传回的都加起来。",
        },
        """\
image = [[[[0.0, 0.0, 0.1, 0.3, 0.2, 0.0, 0.0, 0.0],
           [0.0, 0.1, 0.6, 0.9, 0.4, 0.0, 0.0, 0.0],
           [0.0, 0.2, 0.7, 1.0, 0.5, 0.1, 0.0, 0.0],
           [0.0, 0.0, 0.2, 0.9, 0.6, 0.0, 0.0, 0.0],
           [0.0, 0.0, 0.1, 1.0, 0.7, 0.1, 0.0, 0.0],
           [0.0, 0.0, 0.2, 0.8, 0.9, 0.2, 0.0, 0.0],
           [0.0, 0.1, 0.5, 0.9, 1.0, 0.6, 0.2, 0.0],
           [0.0, 0.2, 0.6, 0.7, 0.8, 0.5, 0.1, 0.0]]]]
K = [[[[-0.4, 0.1, 0.5], [-0.9, 0.0, 1.1], [-0.6, -0.1, 0.5]]],
     [[[-0.5, -1.1, -0.4], [0.1, 0.2, 0.0], [0.6, 0.9, 0.5]]]]
b = [0.13, -0.15]
W = [[0.3, -0.2, 0.1, 0.4, 0.2, -0.1, 0.3, 0.1, -0.3, 0.2, 0.1, -0.2, 0.0, 0.3, -0.1, 0.2, 0.1, -0.4],
     [-0.1, 0.2, 0.1, -0.3, 0.0, 0.2, 0.1, -0.2, 0.4, 0.1, 0.3, 0.1, -0.2, 0.0, 0.2, -0.1, 0.3, 0.1]]
label = [0]
c = F.conv2d(image, K, b)
a = F.relu(c)
p = F.max_pool2d(a, 2)
logits = p.flatten(1) @ W.T
loss = F.cross_entropy(logits, label)
""",
        "loss",
    ),
    Example(
        "residual-blocks",
        "networks",
        {"en": "Two residual blocks", "zh-CN": "两个残差块"},
        {
            "en": "Each block adds to what it was given. So each P has two terms: one through the layers, and P of the "
            "block's output as it is, by the identity. However deep, that one does not fade.",
            "zh-CN": "每个残差块都在输入上做加法。所以每个 P 都有两项：一项穿过各层，另一项经恒等映射原样传回。网络再深，后一项也不会衰减。",
        },
        """\
x0 = [1.0, -0.5, 0.3]
W1 = [[0.2, -0.1, 0.4], [0.3, 0.5, -0.2], [0.4, 0.1, 0.6]]
V1 = [[0.1, 0.3, -0.2], [-0.3, 0.2, 0.1], [0.2, -0.1, 0.4]]
W2 = [[-0.2, 0.4, 0.1], [0.5, -0.3, 0.2], [0.1, 0.2, 0.3]]
V2 = [[0.3, -0.2, 0.1], [0.2, 0.1, -0.4], [-0.1, 0.3, 0.2]]
target = [1.0, 0.0, 0.5]
def layers(x, W, V):
    return V @ relu(W @ x)

r1 = layers(x0, W1, V1)
x1 = x0 + r1
r2 = layers(x1, W2, V2)
x2 = x1 + r2
loss = F.mse_loss(x2, target)
""",
        "loss",
    ),
    Example(
        "bag-of-words",
        "networks",
        {"en": "A bag of words", "zh-CN": "词袋"},
        {
            "en": "A sentence is three rows of the table E, averaged. Row 1 is looked up twice, so its P is two terms "
            "added; rows 0 and 2 were not used and receive 0. Word numbers have no derivative.",
            "zh-CN": "一句话就是从表 E 里取三行求平均。第 1 行取了两次，它的 P 是两项之和；第 0、2 行没有用到，得到 0。词的编号没有导数。",
        },
        """\
E = [[0.2, -0.4], [0.9, 0.1], [-0.3, 0.8], [0.5, 0.5]]
words = [1, 3, 1]
w = [1.5, -0.7]
b = 0.1
v = F.embedding(words, E)
sentence = v.mean(dim=0)
score = w @ sentence + b
loss = F.softplus(-score)
""",
        "loss",
    ),
    Example(
        "contrastive-loss",
        "networks",
        {"en": "Contrastive learning", "zh-CN": "对比学习"},
        {
            "en": "Row i of A and row i of B belong together. P of S is negative on the diagonal and positive beside it: "
            "partners are drawn together, all others pushed apart. A smaller τ pushes harder.",
            "zh-CN": "A 的第 i 行与 B 的第 i 行是一对。S 的 P 在对角线上为负、在旁边为正：成对的拉近，其余的推开。τ 越小，推得越狠。",
        },
        """\
A = [[1.0, 0.2], [-0.3, 0.9], [0.5, -0.8]]
B = [[0.9, 0.4], [-0.1, 1.1], [0.7, -0.5]]
τ = 0.5
a = F.normalize(A, dim=1)
b = F.normalize(B, dim=1)
S = a @ b.T / τ
pairs = [0, 1, 2]
loss = F.cross_entropy(S, pairs)
""",
        "loss",
    ),
    Example(
        "triplet-loss",
        "networks",
        {"en": "Triplet loss", "zh-CN": "三元组损失"},
        {
            "en": "The positive is nearer to the anchor than the negative, but by less than the margin, so the loss still pulls. "
            "Make the margin 0.5: the loss is 0 and every P with it.",
            "zh-CN": "正例比负例更靠近锚点，但差距不到 margin，损失仍在起作用。把 margin 改成 0.5：损失变成 0，所有的 P 也都成了 0。",
        },
        """\
anchor = [0.2, 0.9]
positive = [0.4, 0.7]
negative = [0.9, -0.1]
margin = 1.2
d_pos = norm(anchor - positive)
d_neg = norm(anchor - negative)
loss = relu(d_pos - d_neg + margin)
""",
        "loss",
    ),
)
