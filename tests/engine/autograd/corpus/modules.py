# --- a_plain_class
class Counter:
    step = 2

    def __init__(self, start=0):
        self.value = start

    def advance(self, times=1):
        for _ in range(times):
            self.value += self.step
        return self

    @property
    def doubled(self):
        return self.value * 2

    @staticmethod
    def name():
        return "counter"

    @classmethod
    def at(cls, value):
        return cls(value)


c = Counter()
print(c.advance(3).value, c.doubled, Counter.name(), c.name(), Counter.at(7).value)
print(Counter.step, type(c).__name__, isinstance(c, Counter), c.__class__.__name__)
try:
    c.missing
except AttributeError as e:
    print(e)

# --- a_class_that_shows_itself
class Value:
    def __init__(self, data):
        self.data = data

    def __repr__(self):
        return f"Value(data={self.data})"

    def __call__(self, x):
        return self.data * x

    def __len__(self):
        return 3

    def __getitem__(self, i):
        return self.data + i


v = Value(2.0)
print(v, [v], f"{v}", v(4), len(v), v[1])

# --- wrong_arguments_of_a_method
class Net(nn.Module):
    def __init__(self, n):
        super().__init__()

    def forward(self, x):
        return x


try:
    Net()
except TypeError as e:
    print(e)
net = Net(1)
try:
    net()
except TypeError as e:
    print(e)
try:
    net(1, 2)
except TypeError as e:
    print(e)
net.missing

# --- a_class_below_a_class
class Base(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.ones(2))

    def forward(self, x):
        return self.scale() * (self.w * x).sum()

    def scale(self):
        return 1.0


class Twice(Base):
    def __init__(self):
        super().__init__()
        self.b = nn.Parameter(torch.zeros(1))

    def scale(self):
        return super().scale() * 2.0


net = Twice()
net(torch.ones(2)).backward()
print([n for n, _ in net.named_parameters()], net.w.grad, isinstance(net, Base))

# --- lists_of_layers
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(2, 2) for _ in range(3)])
        self.heads = nn.ModuleDict({"a": nn.Linear(2, 1), "b": nn.ReLU()})

    def forward(self, x):
        for layer in self.layers:
            x = torch.tanh(layer(x))
        return self.heads["a"](x)


torch.manual_seed(0)
net = Net()
print(net)
print(net(torch.ones(1, 2)))
print(len(net.layers), [n for n, _ in net.named_children()])
print(sum(p.numel() for p in net.parameters() if p.requires_grad))

# --- initialising_by_apply
def init_weights(m):
    if isinstance(m, nn.Linear):
        m.weight.data.fill_(0.5)
        m.bias.data.zero_()


net = nn.Sequential(nn.Linear(2, 2), nn.ReLU(), nn.Linear(2, 1))
net.apply(init_weights)
print(net(torch.ones(1, 2)))

# --- a_forward_hook
acts = {}


def keep(name):
    def hook(module, inputs, output):
        acts[name] = output.detach()
    return hook


torch.manual_seed(0)
net = nn.Sequential(nn.Linear(2, 2), nn.ReLU())
handle = net[0].register_forward_hook(keep("fc"))
y = net(torch.ones(1, 2))
print(acts["fc"], y)
handle.remove()
acts.clear()
net(torch.ones(1, 2))
print(acts)

# --- loading_a_state
torch.manual_seed(0)
a, b = nn.Linear(2, 1), nn.Linear(2, 1)
print(torch.equal(a.weight, b.weight))
print(b.load_state_dict(a.state_dict()))
print(torch.equal(a.weight, b.weight))
try:
    b.load_state_dict({"weight": a.weight})
except RuntimeError as e:
    print(e)

# --- shared_layers
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(1, 1)
        self.b = self.a

    def forward(self, x):
        return self.b(self.a(x))


torch.manual_seed(0)
net = Net()
net(torch.ones(1)).backward()
print([n for n, _ in net.named_parameters()], net.a.weight.grad)

# --- zero_grad_of_a_module
torch.manual_seed(0)
lin = nn.Linear(1, 1)
lin(torch.ones(1)).backward()
lin.zero_grad(set_to_none=False)
print(lin.weight.grad)
lin.zero_grad()
print(lin.weight.grad)

# --- a_frozen_part
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Linear(2, 2)
        self.head = nn.Linear(2, 1)

    def forward(self, x):
        return self.head(torch.relu(self.body(x)))


torch.manual_seed(0)
net = Net()
net.body.requires_grad_(False)
net(torch.ones(1, 2)).backward()
print(net.body.weight.grad, net.head.bias.grad)

# --- main
def main():
    x = torch.tensor(1.0, requires_grad=True)
    (x * 3).backward()
    print(x.grad)


if __name__ == "__main__":
    main()
