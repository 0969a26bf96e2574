# --- subgradients
x = torch.tensor([0., -1., 1.], requires_grad=True)
for f in (torch.relu, torch.abs, torch.sign):
    x.grad = None
    f(x).sum().backward()
    print(x.grad)
x.grad = None
x.norm().backward()
print(x.grad)
z = torch.zeros(2, requires_grad=True)
z.norm().backward()
print(z.grad)
z.grad = None
z.sqrt().sum().backward()
print(z.grad)
z.grad = None
(z / z).sum().backward()
print(z.grad)
z.grad = None
(z ** 0).sum().backward()
print(z.grad)

# --- max_ties
x = torch.tensor([2., 2., 1.], requires_grad=True)
x.max().backward()
print(x.grad)
x.grad = None
v, i = x.max(dim=0)
v.backward()
print(x.grad, i)
x.grad = None
torch.max(x, torch.full((3,), 2.)).sum().backward()
print(x.grad)
x.grad = None
x.amax().backward()
print(x.grad)

# --- print_suffix
x = torch.ones(2, requires_grad=True)
print(x, x * 2, (x * 2).sum(), x.sum() / 3)
print(x.view(1, 2), x[0], x[None], x.t(), x.clone(), x.detach())
print(torch.randn(3, 3, requires_grad=True))
print(torch.ones(3, 12, requires_grad=True) * 1.5)
print([x, 1], (x,), {'a': x})
print(repr(x), str(x * 2))
print(x.grad_fn, (x * 2).is_leaf)

# --- freeze
model = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 1))
for p in model[0].parameters():
    p.requires_grad = False
model(torch.ones(1, 2)).sum().backward()
print([p.grad is None for p in model.parameters()])
print(sum(p.numel() for p in model.parameters() if p.requires_grad))
opt = torch.optim.SGD(filter(lambda p: p.requires_grad, model.parameters()), lr=0.1)
opt.step()

# --- grad_accumulation_steps
torch.manual_seed(0)
model = nn.Linear(2, 1)
opt = torch.optim.SGD(model.parameters(), lr=0.1)
acc = 2
opt.zero_grad()
for i in range(4):
    x = torch.full((1, 2), float(i))
    loss = model(x).mean() / acc
    loss.backward()
    if (i + 1) % acc == 0:
        opt.step()
        opt.zero_grad()
print(model.weight)

# --- where_nan
x = torch.tensor([0., 1.], requires_grad=True)
y = torch.where(x > 0, x.log(), torch.zeros_like(x))
y.sum().backward()
print(x.grad)

# --- broadcast
a = torch.ones(3, 1, requires_grad=True)
b = torch.arange(4., requires_grad=True)
c = a * b
c.sum().backward()
print(a.grad, b.grad)
try:
    torch.ones(3) + torch.ones(4)
except RuntimeError as e:
    print(e)

# --- rnn_second_time
h = torch.zeros(1, requires_grad=True)
w = torch.tensor(0.5, requires_grad=True)
for t in range(2):
    h = torch.tanh(w * h + 1)
    loss = h.sum()
    loss.backward()

# --- rnn_detach
h = torch.zeros(1)
w = torch.tensor(0.5, requires_grad=True)
for t in range(3):
    h = torch.tanh(w * h.detach() + 1)
    h.sum().backward()
    print(w.grad)

# --- functions_closures
def make(n):
    def f(x):
        return x ** n
    return f
cube = make(3)
x = torch.tensor(2., requires_grad=True)
cube(x).backward()
print(x.grad)
fs = [lambda x, k=k: x * k for k in range(3)]
print([f(2) for f in fs])
def g(*args, **kw):
    return sum(args) + kw.get("b", 0)
print(g(1, 2, b=3))
squares = {i: i * i for i in range(4) if i % 2}
print(squares, sorted(squares, reverse=True), list(map(str, squares)))
a, *b = [1, 2, 3]
print(a, b)

# --- data_swap
x = torch.ones(2, requires_grad=True)
x.data = torch.zeros(2)
print(x)
x.data += 5
print(x, x._version, x.data.requires_grad)
x.data[0] = 9
print(x)

# --- post_accumulate
x = torch.ones(2, requires_grad=True)
def h(t):
    print("acc", t.grad)
    t.grad = None
x.register_post_accumulate_grad_hook(h)
(x * 2).sum().backward()
print(x.grad)

# --- sgd_nesterov
w = torch.tensor([1., -2.], requires_grad=True)
opt = torch.optim.SGD([w], lr=0.1, momentum=0.9, nesterov=True)
for i in range(3):
    opt.zero_grad()
    ((w - 3) ** 2).sum().backward()
    opt.step()
print(w)

# --- adamw_run
w = torch.tensor([1., -2.], requires_grad=True)
opt = torch.optim.AdamW([w], lr=0.1, weight_decay=0.1)
for i in range(3):
    opt.zero_grad()
    ((w - 3) ** 2).sum().backward()
    opt.step()
print(w)
