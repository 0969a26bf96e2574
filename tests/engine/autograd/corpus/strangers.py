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
