# --- a_convolutional_network
class CNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 2, kernel_size=3, padding=1)
        self.pool = nn.MaxPool2d(2)
        self.fc = nn.Linear(2 * 2 * 2, 3)

    def forward(self, x):
        x = self.pool(F.relu(self.conv1(x)))
        x = x.view(x.size(0), -1)
        return self.fc(x)


torch.manual_seed(0)
net = CNN()
print(net)
x = torch.randn(2, 1, 4, 4)
out = net(x)
print(out)
loss = nn.CrossEntropyLoss()(out, torch.tensor([0, 2]))
loss.backward()
print(loss, net.conv1.bias.grad)

# --- layers_are_told_as_in_torch
for layer in [
    nn.Conv2d(1, 2, 3), nn.Conv2d(2, 2, 3, stride=2, bias=False), nn.Conv1d(1, 2, 3),
    nn.MaxPool2d(2), nn.AvgPool2d(2), nn.BatchNorm1d(3), nn.BatchNorm2d(3), nn.LayerNorm(3),
    nn.LayerNorm((2, 3)), nn.Embedding(3, 2), nn.Dropout(), nn.Flatten(), nn.Identity(),
    nn.LogSoftmax(dim=1), nn.Softmax(dim=1), nn.ReLU(inplace=True), nn.CrossEntropyLoss(),
    nn.GELU(), nn.Softplus(), nn.ELU(), nn.LeakyReLU(0.2), nn.Hardtanh(), nn.SELU(), nn.Mish(),
    nn.ModuleList([nn.Linear(1, 1), nn.Linear(1, 1)]),
]:
    print(layer)

# --- an_embedding
torch.manual_seed(0)
emb = nn.Embedding(5, 3)
y = emb(torch.tensor([1, 1, 4]))
print(y)
y.sum().backward()
print(emb.weight.grad)

# --- batch_norm_trains_and_evaluates
bn = nn.BatchNorm1d(2)
x = torch.tensor([[1.0, 10.0], [2.0, 20.0], [5.0, 60.0]])
print(bn(x))
print(bn.running_mean, bn.running_var, bn.num_batches_tracked)
bn.eval()
print(bn(x))
print([n for n, _ in bn.named_buffers()])

# --- batch_norm_of_one_example
nn.BatchNorm1d(2)(torch.ones(1, 2))

# --- layer_norm_as_a_layer
ln = nn.LayerNorm(3)
x = torch.tensor([[1.0, 2.0, 4.0]], requires_grad=True)
y = ln(x)
y[0, 0].backward()
print(y, x.grad, ln.weight.grad)

# --- a_relu_in_place
x = torch.tensor([-1.0, 2.0], requires_grad=True)
h = x * 2
y = nn.ReLU(inplace=True)(h)
print(y is h, h)
y.sum().backward()
print(x.grad)

# --- losses_as_layers
p = torch.tensor([0.2, 0.7], requires_grad=True)
t = torch.tensor([0.0, 1.0])
for loss in [nn.MSELoss(), nn.L1Loss(), nn.BCELoss(), nn.BCEWithLogitsLoss(), nn.SmoothL1Loss()]:
    p.grad = None
    value = loss(p, t)
    value.backward()
    print(loss, value, p.grad)
print(nn.MSELoss(reduction="sum")(p, t), nn.MSELoss(reduction="none")(p, t))

# --- nll_and_cross_entropy_agree
torch.manual_seed(0)
x = torch.randn(3, 4, requires_grad=True)
y = torch.tensor([1, 0, 3])
print(nn.CrossEntropyLoss()(x, y), nn.NLLLoss()(nn.LogSoftmax(dim=1)(x), y))
print(nn.CrossEntropyLoss(weight=torch.tensor([1.0, 2.0, 1.0, 1.0]))(x, y))

# --- dropout_in_a_sequence
torch.manual_seed(0)
net = nn.Sequential(nn.Flatten(), nn.Linear(4, 4), nn.Dropout(0.2), nn.Softmax(dim=1))
x = torch.ones(2, 2, 2)
print(net(x))
net.eval()
print(net(x))

# --- named_parts_in_order
from collections import OrderedDict

net = nn.Sequential(OrderedDict([("fc", nn.Linear(1, 1)), ("act", nn.Tanh())]))
print(net, net.fc is net[0])

# --- a_layer_with_too_few_arguments
nn.Linear(3)

# --- a_layer_in_double_precision
torch.manual_seed(0)
lin = nn.Linear(2, 1).double()
print(lin.weight.dtype, lin(torch.ones(2, dtype=torch.float64)).dtype)
lin(torch.ones(2))

# --- an_attention_block
class Attention(nn.Module):
    def __init__(self, d_model: int, n_heads: int = 2) -> None:
        super().__init__()
        assert d_model % n_heads == 0
        self.h, self.d = n_heads, d_model // n_heads
        self.qkv = nn.Linear(d_model, 3 * d_model)
        self.out = nn.Linear(d_model, d_model)
        self.drop = nn.Dropout(0.1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        B, T, C = x.shape
        q, k, v = [each.view(B, T, self.h, self.d).transpose(1, 2)
                   for each in self.qkv(x).chunk(3, dim=-1)]
        att = (q @ k.transpose(-2, -1)) / self.d**0.5
        att = att.masked_fill(torch.tril(torch.ones(T, T)) == 0, float("-inf"))
        att = self.drop(F.softmax(att, dim=-1))
        y = (att @ v).transpose(1, 2).contiguous().view(B, T, C)
        return self.out(y)


torch.manual_seed(42)
m = Attention(4)
x = torch.randn(2, 3, 4)
y = m(x)
print(y)
y.pow(2).mean().backward()
for n, p in m.named_parameters():
    print(n, tuple(p.shape), f"{p.grad.norm():.4f}")

# --- a_step_of_a_recurrent_network
class RNN(nn.Module):
    def __init__(self, n_in, n_h):
        super().__init__()
        self.n_h = n_h
        self.i2h = nn.Linear(n_in + n_h, n_h)
        self.h2o = nn.Linear(n_h, 1)

    def init_hidden(self):
        return torch.zeros(1, self.n_h)

    def forward(self, x, h):
        c = torch.cat((x, h), 1)
        h = torch.tanh(self.i2h(c))
        return self.h2o(h), h


torch.manual_seed(0)
rnn = RNN(1, 3)
opt = optim.Adam(rnn.parameters(), lr=1e-2)
loss_fn = nn.MSELoss()
xs = torch.sin(torch.arange(0, 5, dtype=torch.float32))
for epoch in range(2):
    h = rnn.init_hidden()
    loss = 0
    opt.zero_grad()
    for t in range(4):
        out, h = rnn(xs[t].view(1, 1), h)
        loss += loss_fn(out, xs[t + 1].view(1, 1))
    loss.backward()
    opt.step()
    print(f"Epoch {epoch} loss {loss.item():.5f}")

# --- group_norm_as_a_layer
gn = nn.GroupNorm(2, 4)
x = torch.tensor([[0.0, 1.0, 2.0, 4.0], [1.0, 5.0, 2.0, 3.0]])
y = gn(x)
print(gn, y)
(y**2 * x).sum().backward()
print(gn.weight.grad)

# --- weights_by_a_private_method
class Net(nn.Module):
    def __init__(self, *sizes, **options):
        super().__init__()
        self._sizes = sizes
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in zip(sizes, sizes[1:]))
        self.apply(self._init_weights)

    def _init_weights(self, module):
        if isinstance(module, nn.Linear):
            torch.nn.init.normal_(module.weight, mean=0.0, std=0.02)
            if module.bias is not None:
                torch.nn.init.zeros_(module.bias)

    @torch.no_grad()
    def predict(self, x):
        return self(x)

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = layer(x).relu()
        return self.layers[-1](x)


torch.manual_seed(0)
net = Net(2, 3, 1)
print(net._sizes, net(torch.ones(1, 2)), net.predict(torch.ones(1, 2)).requires_grad)
