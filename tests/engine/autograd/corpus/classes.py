# --- a_network_of_ones_own
class Net(nn.Module):
    """Two layers."""

    def __init__(self, hidden):
        super().__init__()
        self.fc1 = nn.Linear(2, hidden)
        self.fc2 = nn.Linear(hidden, 1)

    def forward(self, x):
        h = torch.relu(self.fc1(x))
        return self.fc2(h)


torch.manual_seed(0)
net = Net(3)
print(net)
x = torch.ones(4, 2)
y = net(x)
print(y)
y.sum().backward()
for name, p in net.named_parameters():
    print(name, p.shape, p.grad)

# --- training_a_network_of_ones_own
class Net(nn.Module):
    def __init__(self):
        super(Net, self).__init__()
        self.layers = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1))

    def forward(self, x):
        return self.layers(x)


torch.manual_seed(1)
model = Net()
X = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
Y = torch.tensor([[0.0], [1.0], [1.0], [0.0]])
criterion = nn.MSELoss()
optimizer = optim.SGD(model.parameters(), lr=0.1)
for epoch in range(5):
    optimizer.zero_grad()
    loss = criterion(model(X), Y)
    loss.backward()
    optimizer.step()
    print(f"epoch {epoch}: {loss.item():.4f}")

# --- a_parameter_of_ones_own
class Scale(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.tensor([2.0]))
        self.seen = []
        self.register_buffer("mean", torch.zeros(1))

    def forward(self, x):
        self.seen.append(x.item())
        return self.w * (x - self.mean)


s = Scale()
out = s(torch.tensor(3.0))
out.backward()
print(s.w.grad, s.seen, list(s.buffers()))
print(s.state_dict())
print(s, len(list(s.parameters())))

# --- forgetting_super
class Bad(nn.Module):
    def __init__(self):
        self.fc = nn.Linear(1, 1)


net = Bad()

# --- forgetting_super_before_a_parameter
class Bad(nn.Module):
    def __init__(self):
        self.w = nn.Parameter(torch.ones(1))


net = Bad()

# --- a_module_without_forward
class Empty(nn.Module):
    pass


Empty()(torch.ones(1))

# --- a_tensor_in_the_place_of_a_parameter
lin = nn.Linear(1, 1)
try:
    lin.weight = torch.ones(1, 1)
except TypeError as e:
    print(e)

# --- train_and_eval
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.drop = nn.Dropout(0.5)

    def forward(self, x):
        if self.training:
            print("training")
        return self.drop(x)


torch.manual_seed(0)
net = Net()
print(net.training, net.drop.training)
print(net(torch.ones(6)))
net.eval()
print(net.training, net.drop.training)
print(net(torch.ones(6)))
print(net.train() is net)

# --- dropout_lets_gradients_through_where_it_kept
torch.manual_seed(3)
x = torch.ones(8, requires_grad=True)
y = F.dropout(x, p=0.25)
print(y)
y.sum().backward()
print(x.grad)
