# --- a_linear_layer
torch.manual_seed(0)
lin = nn.Linear(3, 2)
print(lin)
print(lin.weight)
print(lin.bias)
y = lin(torch.ones(4, 3))
print(y.shape, y.grad_fn.name())
y.sum().backward()
print(lin.weight.grad, lin.bias.grad)

# --- a_linear_layer_without_bias
torch.manual_seed(0)
lin = nn.Linear(2, 1, bias=False)
print(lin, lin.bias)
lin(torch.tensor([1.0, 2.0])).backward()
print(lin.weight.grad)

# --- a_linear_layer_of_the_wrong_size
lin = nn.Linear(3, 2)
lin(torch.ones(4, 5))

# --- a_small_network
torch.manual_seed(0)
net = nn.Sequential(nn.Linear(2, 4), nn.Tanh(), nn.Linear(4, 1))
print(net)
x = torch.randn(5, 2)
y = torch.randn(5, 1)
opt = torch.optim.SGD(net.parameters(), lr=0.1)
loss_fn = nn.MSELoss()
for epoch in range(3):
    opt.zero_grad()
    loss = loss_fn(net(x), y)
    loss.backward()
    opt.step()
    print(epoch, f"{loss.item():.5f}")

# --- linear_regression
torch.manual_seed(0)
x = torch.linspace(0, 1, 5).unsqueeze(1)
y = 2 * x + 1
model = nn.Linear(1, 1)
optimizer = optim.SGD(model.parameters(), lr=0.5)
for epoch in range(5):
    loss = F.mse_loss(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print(f"epoch {epoch}: loss {loss.item():.4f}")
print(f"{model.weight.item():.3f} {model.bias.item():.3f}")

# --- parameters_of_a_network
net = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1))
for name, p in net.named_parameters():
    print(name, p.shape, p.requires_grad)
print(sum(p.numel() for p in net.parameters()))

# --- frozen_layer
torch.manual_seed(0)
net = nn.Sequential(nn.Linear(2, 2), nn.ReLU(), nn.Linear(2, 1))
for p in net[0].parameters():
    p.requires_grad = False
net(torch.ones(1, 2)).sum().backward()
print([p.grad is None for p in net.parameters()])

# --- cross_entropy
logits = torch.tensor([[2.0, 1.0, 0.1], [0.5, 2.5, 0.3]], requires_grad=True)
target = torch.tensor([0, 1])
loss = F.cross_entropy(logits, target)
loss.backward()
print(loss, logits.grad)

# --- binary_cross_entropy_with_logits
z = torch.tensor([0.5, -1.0], requires_grad=True)
t = torch.tensor([1.0, 0.0])
loss = F.binary_cross_entropy_with_logits(z, t)
loss.backward()
print(loss, z.grad)

# --- mse_loss_reductions
x = torch.tensor([1.0, 2.0], requires_grad=True)
t = torch.tensor([0.0, 0.0])
print(F.mse_loss(x, t), F.mse_loss(x, t, reduction="sum"), F.mse_loss(x, t, reduction="none"))
print(F.l1_loss(x, t), F.smooth_l1_loss(x, t), F.huber_loss(x, t))

# --- activations
x = torch.tensor([-2.0, -0.5, 0.0, 0.5, 2.0], requires_grad=True)
for f in [F.relu, F.silu, F.elu, F.leaky_relu, F.softplus, F.gelu, torch.tanh, torch.sigmoid]:
    x.grad = None
    y = f(x)
    y.sum().backward()
    print(y.grad_fn.name(), x.grad)

# --- softmax
x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
p = F.softmax(x, dim=0)
print(p)
p[0].backward()
print(x.grad)

# --- log_softmax_and_nll
x = torch.tensor([[1.0, 2.0, 3.0]], requires_grad=True)
loss = F.nll_loss(F.log_softmax(x, dim=1), torch.tensor([2]))
loss.backward()
print(loss, x.grad)

# --- a_convolution
x = torch.arange(9.0).reshape(1, 1, 3, 3)
w = torch.ones(1, 1, 2, 2, requires_grad=True)
y = F.conv2d(x, w)
print(y)
y.sum().backward()
print(w.grad)

# --- layer_norm
x = torch.tensor([[1.0, 2.0, 4.0]], requires_grad=True)
y = F.layer_norm(x, (3,))
print(y)
y[0, 0].backward()
print(x.grad)

# --- gradient_clipping
w = torch.tensor([3.0, 4.0], requires_grad=True)
(w ** 2).sum().backward()
n = torch.nn.utils.clip_grad_norm_([w], 1.0)
print(n, w.grad)

# --- a_weight_is_replaced
lin = nn.Linear(2, 1, bias=False)
lin.weight = nn.Parameter(torch.tensor([[1.0, 2.0]]))
print(lin(torch.tensor([3.0, 4.0])))

# --- weights_written_in_no_grad
lin = nn.Linear(2, 1)
with torch.no_grad():
    lin.weight.fill_(0.5)
    lin.bias.zero_()
print(lin(torch.ones(2)))

# --- zero_grad_of_a_network
torch.manual_seed(3)
net = nn.Sequential(nn.Linear(1, 1))
net(torch.ones(1)).backward()
print(net[0].weight.grad)
net.zero_grad()
print(net[0].weight.grad)
