# --- double_precision
x = torch.tensor([1., 2.], dtype=torch.float64, requires_grad=True)
y = (x ** 2).sum()
print(y, y.dtype)
y.backward()
print(x.grad)
print(x.float(), (x + torch.ones(2)).dtype)
s = torch.tensor(0.5, dtype=torch.double, requires_grad=True)
t = s.sin() * s
t.backward()
print(t, s.grad, f'{s.grad:.10f}')

# --- default_double
torch.set_default_dtype(torch.float64)
x = torch.tensor([1., 2.], requires_grad=True)
print(x, x.dtype, torch.ones(1), torch.arange(2.), torch.get_default_dtype())
(x * 2).sum().backward()
print(x.grad)
torch.set_default_dtype(torch.float32)
print(x, torch.ones(1))

# --- half
x = torch.tensor([1.5, 2.5], dtype=torch.float16, requires_grad=True)
y = (x * 2).sum()
print(y)
y.backward()
print(x.grad, x.float())

# --- copy_into
a = torch.zeros(3)
b = torch.ones(3, requires_grad=True)
a.copy_(b)
print(a)
a.sum().backward()
print(b.grad)
c = torch.zeros(3)
c[1:] = b[:2] * 2
print(c)
c.sum().backward()
print(b.grad)

# --- index_put_repeat
x = torch.tensor([1., 2., 3.], requires_grad=True)
i = torch.tensor([0, 0, 2])
y = x[i] * torch.tensor([1., 10., 100.])
y.sum().backward()
print(x.grad)
z = torch.zeros(3)
z[i] = torch.tensor([5., 6., 7.])
print(z[2], z[1])

# --- swap_rows
x = torch.arange(4.).view(2, 2)
y = x[[1, 0]]
x[0], x[1] = x[1].clone(), x[0].clone()
print(x, y, torch.equal(x, y))

# --- comparison_chains
x = torch.tensor([1, 2, 3])
print(x == 2, x != 2, (x > 1) & (x < 3), (x == 1) | (x == 3), ~(x > 2), (x > 1).sum().item(), (x == x).all())
print(torch.equal(x, x.clone()), torch.allclose(x.float(), x + 1e-9), bool((x > 0).all()), x.eq(2).any().item())
print(2 in x, torch.tensor(2) == 2, torch.tensor([2]).item() == 2, torch.max(x).item(), min(x), max(x))

# --- random_numbers
torch.manual_seed(7)
print(torch.rand(2), torch.randn(2, 2), torch.randint(0, 5, (3,)), torch.randperm(4))
torch.manual_seed(7)
a = torch.rand(2)
print(a, torch.rand_like(a), torch.empty(2).uniform_(-1, 1), torch.empty(2).normal_())

# --- adam_weight_decay
w = torch.tensor([1.0, -1.0], requires_grad=True)
opt = torch.optim.AdamW([w], lr=0.1, weight_decay=0.1)
for i in range(3):
    opt.zero_grad()
    (w ** 2).sum().backward()
    opt.step()
print(w)
opt = torch.optim.Adam([{'params': [w], 'lr': 0.5}], lr=0.1)
opt.zero_grad()
(w ** 2).sum().backward()
opt.step()
print(w, w.grad)

# --- clip_norm
w = torch.tensor([3., 4.], requires_grad=True)
(w ** 2).sum().backward()
total = torch.nn.utils.clip_grad_norm_([w], max_norm=1.0)
print(total, w.grad, w.grad.norm())

# --- caught_and_raised
def risky(x):
    if x.sum() > 2:
        raise ValueError(f'too large: {x.sum().item()}')
    return x
try:
    risky(torch.ones(3))
except ValueError as e:
    print('caught', e)
finally:
    print('done')
try:
    torch.ones(2, 3) @ torch.ones(2, 3)
except RuntimeError as e:
    print(f'{type(e).__name__}: {e}')
assert torch.ones(2).sum() == 2, 'sum'

# --- generator_expressions
xs = [torch.tensor(float(i), requires_grad=True) for i in range(3)]
total = sum(x ** 2 for x in xs)
total.backward()
print([x.grad for x in xs], total)
print({i: x.item() for i, x in enumerate(xs)}, max(xs, key=lambda t: t.item()), sorted([3, 1, 2], reverse=True))
print(', '.join(f'{x.item():.1f}' for x in xs), list(zip([1, 2], ['a', 'b'])), any(x > 1 for x in xs))

# --- sum_grad_checks
x = torch.tensor([0.5, 1.5], dtype=torch.float64, requires_grad=True)
def f(x):
    return (x.sin() * x).sum()
f(x).backward()
eps = 1e-6
num = torch.zeros(2, dtype=torch.float64)
for i in range(2):
    d = torch.zeros(2, dtype=torch.float64)
    d[i] = eps
    with torch.no_grad():
        num[i] = (f(x + d) - f(x - d)) / (2 * eps)
print(torch.allclose(num, x.grad), (num - x.grad).abs().max() < 1e-8)

# --- log_softmax_by_hand
z = torch.tensor([[1., 2., 3.]], requires_grad=True)
p = z.softmax(dim=1)
loss = -p[0, 2].log()
loss.backward()
print(p, loss, z.grad)
z.grad = None
F.cross_entropy(z, torch.tensor([2])).backward()
print(z.grad)

# --- none_grad
x = torch.ones(2)
y = torch.ones(2, requires_grad=True)
print(x.grad, y.grad, x.grad_fn, y.grad_fn, (x * 2).grad_fn, (y * 2).grad_fn is not None)
print(y.grad is None, type(y.grad), type(x), isinstance(x, torch.Tensor), torch.is_tensor(x))

# --- straight_through
x = torch.tensor([0.3, 0.7], requires_grad=True)
hard = (x > 0.5).float()
y = hard + x - x.detach()
y.sum().backward()
print(y, x.grad)

# --- large_printed
print(torch.arange(1200.))
print(torch.ones(1001, requires_grad=True) * 2)
print(torch.arange(3000).view(60, 50))

# --- hooks_more
x = torch.ones(2, requires_grad=True)
y = x * 3
h = y.register_hook(lambda g: print('y', g))
x.register_hook(lambda g: g * 10)
z = y.sum()
z.backward()
print(x.grad)
h.remove()
x.grad = None
(x * 3).sum().backward()
print(x.grad)
def hook(grad):
    print('leaf grad', grad)
    return grad.clamp(max=0.5)
w = torch.ones(2, requires_grad=True)
w.register_hook(hook)
(w ** 2).sum().backward()
print(w.grad)
acts = {}
def save(name):
    def f(g):
        acts[name] = g
    return f
y = w * 2
y.register_hook(save('y'))
y.sum().backward()
print(acts)
w.register_post_accumulate_grad_hook(lambda p: print('acc', p.grad))
(w * 1).sum().backward()

# --- grad_options
x = torch.tensor([1., 2.], requires_grad=True)
z = torch.tensor([1., 2.], requires_grad=True)
y = x * x
print(torch.autograd.grad(y.sum(), [x, z], allow_unused=True))
try:
    torch.autograd.grad((x * x).sum(), [x, z])
except RuntimeError as e:
    print(e)
print(torch.autograd.grad((x * x).sum(), [x, z], allow_unused=True, materialize_grads=True))
print(torch.autograd.grad(x * x, x, torch.eye(2), is_grads_batched=True))
print(torch.autograd.grad((x * x, x * 3), x, grad_outputs=(torch.ones(2), torch.ones(2))))
a = (x * x).sum()
g = torch.autograd.grad(a, x, retain_graph=True)
print(g, torch.autograd.grad(a, x))
try:
    torch.autograd.grad(a, x)
except RuntimeError as e:
    print(e)
print(torch.autograd.grad(a if False else (x ** 3).sum(), x, create_graph=True)[0])
try:
    torch.autograd.grad(torch.ones(1), x)
except RuntimeError as e:
    print(e)
try:
    torch.autograd.grad((x * 2).sum(), torch.ones(1))
except RuntimeError as e:
    print(e)

# --- sgd_momentum
w = torch.tensor([1., 2.], requires_grad=True)
opt = torch.optim.SGD([w], lr=0.1, momentum=0.9, weight_decay=0.01, nesterov=True)
for i in range(4):
    opt.zero_grad()
    (w ** 2).sum().backward()
    opt.step()
    print(w)
print(opt.param_groups[0]['lr'], opt.param_groups[0]['momentum'])
for g in opt.param_groups:
    g['lr'] = 0.01
opt.zero_grad()
print(w.grad)
opt.zero_grad(set_to_none=False)
(w ** 2).sum().backward()
opt.step()
print(w)
opt.zero_grad(set_to_none=False)
print(w.grad)

# --- adam
w = torch.tensor([1., 2.], requires_grad=True)
opt = torch.optim.Adam([w], lr=0.1, betas=(0.9, 0.99))
for i in range(5):
    opt.zero_grad()
    loss = ((w - 3) ** 2).mean()
    loss.backward()
    opt.step()
    print(i, loss.item(), w.tolist())
