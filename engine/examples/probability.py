"""Likelihoods, latent variables and policies."""

from __future__ import annotations

from engine.examples.example import Example

__all__ = ["PROBABILITY"]

PROBABILITY = (
    Example(
        "variational-autoencoder",
        "probability",
        {"en": "A VAE", "zh-CN": "VAE（变分自编码器）"},
        {
            "en": "The reparameterisation trick of variational autoencoders: the noise ε is a leaf, so z = μ + σ ε can be differentiated. μ and logvar each "
            "receive two terms, from the reconstruction and from the KL divergence, which pulls them to 0.",
            "zh-CN": "重参数化技巧：噪声 ε 是叶节点，于是 z = μ + σ ε 可以求导。μ 与 logvar 各得到两项："
            "一项来自重构，一项来自 KL 散度，后者把它们拉向 0。",
        },
        """\
x = [0.9, 0.1, 0.8]
W_mu = [[0.5, -0.3, 0.2], [-0.4, 0.6, 0.1]]
W_logvar = [[0.1, 0.2, -0.3], [-0.2, 0.1, 0.4]]
W_dec = [[0.8, -0.5], [-0.6, 0.3], [0.4, 0.9]]
ε = [0.3, -1.1]
μ = W_mu @ x
logvar = W_logvar @ x
z = μ + torch.exp(0.5 * logvar) * ε
x_hat = torch.sigmoid(W_dec @ z)
BCE = F.binary_cross_entropy(x_hat, x, reduction='sum')
KL = -0.5 * torch.sum(1 + logvar - μ.pow(2) - logvar.exp())
loss = BCE + KL
""",
        "loss",
    ),
    Example(
        "gaussian-likelihood",
        "probability",
        {"en": "A Gaussian likelihood", "zh-CN": "高斯似然"},
        {
            "en": "P of Σ has two terms that oppose each other: the log-determinant wants a narrow Gaussian, ½ Σ⁻¹, "
            "the distance a wide one, -½ a aᵀ with a = Σ⁻¹d.",
            "zh-CN": "Σ 的 P 有互相抗衡的两项：对数行列式想让高斯分布变窄，给出 ½ Σ⁻¹；距离想让它变宽，给出 -½ a aᵀ，其中 a = Σ⁻¹d。",
        },
        """\
x = [1.2, -0.7]
μ = [0.5, 0.1]
Σ = [[1.0, 0.3], [0.3, 0.5]]
d = x - μ
distance = d @ solve(Σ, d)
volume = logdet(Σ)
nll = 1/2 * (distance + volume + 2 * log(2 * 3.141592653589793))
""",
        "nll",
    ),
    Example(
        "policy-gradient",
        "probability",
        {"en": "A policy gradient", "zh-CN": "策略梯度"},
        {
            "en": "REINFORCE: the log-probability of each chosen action, times its return. Only the chosen entries of logp receive "
            "a P; a negative return makes its action less likely. Action numbers have no derivative.",
            "zh-CN": "REINFORCE：每个所选动作的对数概率乘以它的回报。logp 中只有被选中的元素得到 P；回报为负的动作，概率会被压低。动作编号没有导数。",
        },
        """\
states = [[1.0, 0.5], [0.2, -1.0], [-0.7, 0.3]]
W = [[0.3, -0.2, 0.1], [0.1, 0.4, -0.5]]
actions = [[0], [2], [1]]
returns = [1.0, -0.5, 2.0]
logits = states @ W
logp = F.log_softmax(logits, dim=1)
chosen = logp.gather(1, actions).squeeze(1)
loss = -(chosen * returns).mean()
""",
        "loss",
    ),
)
