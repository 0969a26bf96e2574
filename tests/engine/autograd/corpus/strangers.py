# --- detach_shares
x = torch.ones(2, requires_grad=True)
y = x.detach()
y[0] = 5
print(x, y.requires_grad, y.is_leaf)
z = x.clone().detach()
z[1] = 9
print(x, z)

# --- no_grad_update
w = torch.tensor([1.0, 2.0], requires_grad=True)
for step in range(3):
    loss = ((w - 3) ** 2).sum()
    loss.backward()
    with torch.no_grad():
        w -= 0.1 * w.grad
    w.grad.zero_()
    print(f'{step}: loss={loss.item():.4f} w={w.tolist()}')

# --- reassigned_leaf
w = torch.tensor([1.0], requires_grad=True)
loss = (w * 2).sum()
loss.backward()
w = w - 0.1 * w.grad
print(w, w.is_leaf, w.grad is None)

# --- backward_vector
x = torch.tensor([1., 2., 3.], requires_grad=True)
y = x ** 2
try:
    y.backward()
except RuntimeError as e:
    print(e)
y.backward(torch.tensor([1., 0.1, 0.01]))
print(x.grad)

# --- jacobian_rows
x = torch.tensor([1., 2.], requires_grad=True)
y = torch.stack([x[0] * x[1], x[0] ** 2, x.sum()])
rows = [torch.autograd.grad(y[i], x, retain_graph=True)[0] for i in range(3)]
print(torch.stack(rows))
print(torch.autograd.functional.jacobian(lambda v: v ** 2, torch.tensor([1., 2.])))
print(torch.autograd.functional.hessian(lambda v: (v ** 3).sum(), torch.tensor([1., 2.])))

# --- batched
x = torch.tensor([1., 2.], requires_grad=True)
y = x ** 2
print(torch.autograd.grad(y, x, torch.eye(2), is_grads_batched=True)[0])

# --- frozen_part
a = torch.tensor([1.], requires_grad=True)
b = torch.tensor([2.], requires_grad=True)
b.requires_grad_(False)
(a * b).backward()
print(a.grad, b.grad)
c = (a * 2).detach().requires_grad_()
(c * 3).backward()
print(c.grad, a.grad)

# --- flags_of_results
x = torch.ones(2, requires_grad=True)
y = x * 2
try:
    y.requires_grad = False
except RuntimeError as e:
    print(e)
print(y.grad)
y.retain_grad()
y.sum().backward()
print(y.grad, y.retains_grad)

# --- second_backward
x = torch.tensor([1., 2.], requires_grad=True)
y = (x ** 2).sum()
y.backward(retain_graph=True)
y.backward()
print(x.grad)
try:
    y.backward()
except RuntimeError as e:
    print(str(e)[:50])
z = (x + 1).sum()
z.backward()
z.backward()
print(x.grad)

# --- hook_scales
x = torch.tensor([1., 2.], requires_grad=True)
h = x.register_hook(lambda g: g * 2)
x.sum().backward()
print(x.grad)
h.remove()
x.sum().backward()
print(x.grad)
x.register_hook(lambda g: print('nan' if torch.isnan(g).any() else 'fine'))
(x * 2).sum().backward()

# --- nan_gradient
x = torch.tensor([0., 1.], requires_grad=True)
y = torch.where(x > 0, x.log(), torch.zeros(2))
y.sum().backward()
print(y, x.grad)
x.grad = None
y = torch.where(x > 0, torch.where(x > 0, x, torch.ones(2)).log(), torch.zeros(2))
y.sum().backward()
print(x.grad)
z = torch.tensor(0., requires_grad=True)
z.sqrt().backward()
print(z.grad)

# --- broadcasting
a = torch.ones(3, 1, requires_grad=True)
b = torch.arange(4.).requires_grad_()
c = a * b
print(c.shape)
c.sum().backward()
print(a.grad, b.grad)

# --- masked_loss
pred = torch.tensor([1., 2., 3.], requires_grad=True)
target = torch.tensor([1., 0., 5.])
mask = torch.tensor([True, False, True])
loss = ((pred - target) ** 2)[mask].mean()
loss.backward()
print(loss, pred.grad)

# --- argmax_no_grad
x = torch.tensor([1., 3., 2.], requires_grad=True)
i = x.argmax()
print(i, i.requires_grad, x[i])
print((x > 1).float().requires_grad, x.round().requires_grad, x.long().requires_grad)
try:
    i.backward()
except RuntimeError as e:
    print(e)

# --- soft_threshold
x = torch.linspace(-2, 2, 5, requires_grad=True)
y = torch.sign(x) * torch.clamp(x.abs() - 1, min=0)
y.sum().backward()
print(y)
print(x.grad)

# --- cumulative_loss
x = torch.tensor(1., requires_grad=True)
total = 0
for i in range(3):
    total = total + x * i
total.backward()
print(total, x.grad)
losses = [x * i for i in range(3)]
print(sum(losses), torch.stack(losses).mean())

# --- item_breaks
x = torch.tensor(2., requires_grad=True)
y = torch.tensor((x ** 2).item(), requires_grad=True)
y.backward()
print(x.grad, y.grad)
try:
    z = torch.tensor(x.item()) * 3
    z.backward()
except RuntimeError as e:
    print(e)

# --- print_formats
x = torch.tensor([1.23456, 100.5], requires_grad=True)
print('x = {}'.format(x))
print('{:.3f} and {:.1e}'.format(x[0].item(), x[1].item()))
print(f'{x.sum().item():>10.2f}|{x.shape}|{x.dtype}|{x.requires_grad}')
print('%s' % x.grad, '%.2f' % x[0], '%d items' % len(x), '%5.1f%%' % 12.345)
print(x, x.detach(), sep='\n', end='!\n')
print([x.detach()], (1, x[0]), {'k': x[1]})

# --- tolist_shapes
x = torch.arange(6).view(2, 3)
print(x.tolist(), x[0].tolist(), x[0, 0].tolist(), x.sum().item(), x.float().tolist())
print(x.shape, x.size(), x.size(0), x.dim(), x.numel(), len(x), list(x.shape), x.shape[1] * 2, tuple(x.shape))
print(x.stride(), x.t().stride(), x.t().is_contiguous(), x.t().contiguous().stride())
for row in x:
    print(row, row.sum())

# --- int_arithmetic
a = torch.tensor([7, -7])
print(a / 2, a // 2, a % 3, a ** 2, a.float() / 2, a * 0.5, -a, a.abs(), a + True)
print(a.sum().dtype, a.prod(), a.max(), a.float().std(), a.cumsum(0), a.clamp(min=0))
print(torch.tensor(3) + 0.5, torch.tensor(3) * torch.tensor(2.0), torch.tensor(True) + 1)
