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
