# --- grad_fn_names
x = torch.tensor([3., 4.], requires_grad=True)
y = torch.tensor([2., 5.], requires_grad=True)
print((x // 2).grad_fn)
print((x // y).grad_fn)
print((x % 3).grad_fn.name(), (x % y).grad_fn.name())
print(x % 3)
print(torch.outer(x, y))
print(torch.ger(x, y).grad_fn.name())
print(torch.inner(x, y).grad_fn.name())
print(torch.fmod(x, 2).grad_fn.name(), torch.remainder(x, 2).grad_fn.name())
print(torch.floor_divide(x, 2).grad_fn, torch.div(x, 2, rounding_mode='floor').grad_fn, torch.div(x, 2, rounding_mode='trunc').grad_fn)
print(torch.kron(x, y))

# --- grad_fn_names_2
x = torch.tensor([[1., 2.], [3., 4.]], requires_grad=True)
for f in (torch.sum, torch.mean, torch.prod, torch.std, torch.var, torch.norm, torch.max, torch.min, torch.median, torch.logsumexp if False else torch.sum, torch.trace, torch.det, torch.inverse, torch.diag, torch.flatten, torch.ravel, torch.t, torch.triu, torch.tril, torch.cumsum if False else torch.exp, torch.log, torch.sqrt, torch.rsqrt, torch.abs, torch.sign, torch.floor, torch.round, torch.square, torch.reciprocal, torch.neg, torch.sigmoid, torch.tanh, torch.relu, torch.sin, torch.erf, torch.log1p, torch.expm1, torch.log2, torch.log10, torch.exp2, torch.trunc, torch.ceil, torch.frac, torch.positive):
    y = f(x)
    print(y.grad_fn, y.dim())

# --- grad_fn_names_3
x = torch.tensor([[1., 2.], [3., 4.]], requires_grad=True)
print(x.sum(0).grad_fn, x.mean(1).grad_fn, x.prod(1).grad_fn, x.max(1)[0].grad_fn, x.max(1).indices)
print(x.cumsum(0).grad_fn, x.cumprod(1).grad_fn, x.logsumexp(1).grad_fn, x.softmax(1).grad_fn, x.log_softmax(0).grad_fn)
print(x.reshape(4).grad_fn, x.view(4).grad_fn, x.T.grad_fn, x.mT.grad_fn, x.permute(1, 0).grad_fn, x.transpose(0, 1).grad_fn)
print(x[0].grad_fn, x[:, 1].grad_fn, x[0, 1].grad_fn, x[[0, 1]].grad_fn, x[x > 2].grad_fn, x[None].grad_fn, x[..., 0].grad_fn, x[1:].grad_fn)
print(x.unsqueeze(0).grad_fn, x.squeeze().grad_fn, x.squeeze(0).grad_fn, x.expand(3, 2, 2).grad_fn, x.repeat(2, 1).grad_fn)
print(torch.cat([x, x]).grad_fn, torch.stack([x, x]).grad_fn, x.split(1)[0].grad_fn, x.chunk(2)[1].grad_fn, x.unbind()[0].grad_fn)
print(x.clamp(min=0).grad_fn, x.clamp(0, 1).grad_fn, torch.where(x > 1, x, 0.).grad_fn, x.masked_fill(x > 1, 0).grad_fn)
print((x @ x).grad_fn, x.mv(x[0]).grad_fn, x[0].dot(x[1]).grad_fn, (x @ x[0]).grad_fn, torch.mm(x, x).grad_fn, torch.matmul(x[None], x[None]).grad_fn)
print(x.gather(1, torch.tensor([[0], [1]])).grad_fn, x.index_select(0, torch.tensor([1])).grad_fn, x.take(torch.tensor([0])).grad_fn)
print(x.double().grad_fn, x.to(torch.float64).grad_fn, x.clone().grad_fn, x.contiguous().grad_fn, x.float().grad_fn)
print((2 - x).grad_fn, (2 / x).grad_fn, (2 ** x).grad_fn, (x ** 2).grad_fn, (x ** x).grad_fn, (-x).grad_fn, abs(x).grad_fn)
print(x.topk(1).values.grad_fn, x.sort().values.grad_fn, x.flip(0).grad_fn, x.roll(1).grad_fn, x.diagonal().grad_fn)

# --- create_graph_names
x = torch.tensor(2., requires_grad=True)
for f in (lambda x: x * x, lambda x: x ** 2, lambda x: x ** 3, lambda x: x.exp(), lambda x: x.sin(), lambda x: x.cos(), lambda x: x.log(), lambda x: 1 / x, lambda x: x.sqrt(), lambda x: x.tanh(), lambda x: x.sigmoid(), lambda x: x / 3, lambda x: x * 3, lambda x: 3 / x, lambda x: x * x * x, lambda x: x.sin() * x, lambda x: x + x * x, lambda x: x.abs(), lambda x: x.relu()):
    g, = torch.autograd.grad(f(x), x, create_graph=True)
    print(g)

# --- create_graph_backward
x = torch.tensor(3., requires_grad=True)
y = x ** 3
y.backward(create_graph=True)
print(x.grad)
g = x.grad
x.grad = None
g.backward()
print(x.grad)

# --- versions_of_gradients
x = torch.tensor([1., 2.], requires_grad=True)
a, = torch.autograd.grad((x * x).sum(), x)
b, = torch.autograd.grad((x + x).sum(), x)
c, = torch.autograd.grad((x * x + x).sum(), x)
d, = torch.autograd.grad((x * x * x).sum(), x)
e, = torch.autograd.grad((x.exp() + x.sin()).sum(), x)
f, = torch.autograd.grad(x[0] * x[1], x)
g, = torch.autograd.grad(x @ x, x)
(x / x).sum().backward()
h = x.grad
print(a._version, b._version, c._version, d._version, e._version, f._version, g._version, h._version)

# --- steps_behind_a_loss
model = nn.Linear(2, 1)
loss = F.mse_loss(model(torch.ones(3, 2)), torch.zeros(3, 1))
print(loss.grad_fn.name())
print(loss.grad_fn.next_functions[0][0].name())
print([f[0].name() if f[0] is not None else None for f in loss.grad_fn.next_functions[0][0].next_functions])
print(loss.grad_fn.next_functions[0][0].next_functions[0][0].variable.shape)
ce = F.cross_entropy(torch.ones(2, 2, requires_grad=True), torch.tensor([0, 1]))
print(ce.grad_fn.next_functions[0][0].name(), ce.grad_fn.next_functions[0][0].next_functions[0][0].name())
x = torch.ones(2, requires_grad=True)
print((x ** 2).grad_fn.next_functions[0][0].name(), len((x ** 2).grad_fn.next_functions), len((x * 2).grad_fn.next_functions))

# --- einsum_names
a = torch.ones(2, 3, requires_grad=True)
v = torch.ones(3, requires_grad=True)
print(torch.einsum('ij,j->i', a, v), torch.einsum('ij->ji', a).grad_fn.name(), torch.einsum('ij->', a), torch.einsum('i,j->ij', v, v).grad_fn.name(), torch.einsum('ij,ij->ij', a, a).grad_fn.name(), torch.einsum('i,i', v, v))

# --- no_derivative
x = torch.tensor([3., 4.], requires_grad=True)
y = x // 2
print(y, y.requires_grad)
try:
    (y + x).sum().backward()
except RuntimeError as e:
    print(e)
