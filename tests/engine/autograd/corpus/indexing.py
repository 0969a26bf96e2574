# --- where_cond
x = torch.tensor([1., -2., 3.])
print(torch.where(x > 0))
print(torch.where(x > 0, x, 0))
print(torch.where(x > 0, 1, 0))
print(torch.where(x > 0, 1.0, 0.0).dtype)
print(torch.nonzero(x > 0), (x > 0).nonzero())
i, = torch.where(x > 0)
print(i)
m = torch.tensor([[1, 0], [0, 1]])
print(torch.where(m == 1), m.nonzero(as_tuple=True))
try:
    torch.where(x > 0, x)
except TypeError as e:
    print('TypeError')
try:
    torch.where(x, x, x)
except RuntimeError as e:
    print(e)

# --- masks
x = torch.tensor([[1., -2.], [3., -4.]])
m = x < 0
print(x[m], x[~m], m.sum(), m.any(), m.all(), x[x > 100])
x[m] = 0
print(x)
x[x > 2] = torch.tensor(9.)
print(x, x[m].shape, (x == 9).nonzero())
x[0] = torch.tensor([5., 6.])
x[:, 1] += 10
print(x)
x[m] += 1
print(x)
print(torch.masked_select(x, m), x.masked_select(~m), x.masked_fill(m, -1), x.where(m, torch.zeros(())))

# --- masks_grad
x = torch.tensor([[1., -2.], [3., -4.]], requires_grad=True)
y = x[x > 0]
print(y)
y.sum().backward()
print(x.grad)
x.grad = None
z = x * 1
z[z < 0] = 0
print(z)
z.sum().backward()
print(x.grad)
x.grad = None
w = x.clone()
w[x > 0] *= 3
w.sum().backward()
print(x.grad)
x.grad = None
torch.masked_select(x, x < 0).sum().backward()
print(x.grad)

# --- masks_write
x = torch.arange(6.).reshape(2, 3)
x[x > 3] = -1
print(x)
x[x == -1] = torch.tensor([7., 8.])
print(x)
x[torch.tensor([True, False])] = 0
print(x, x[:, torch.tensor([True, False, True])])
y = torch.zeros(2, 2)
y[torch.tensor([0, 1]), torch.tensor([1, 0])] = 5
print(y)

# --- fancy_index_grad
x = torch.arange(12.).reshape(3, 4).requires_grad_()
i = torch.tensor([0, 2, 0])
y = x[i].sum() + x[[0, 1], [1, 2]].sum() + x[:, 1:3].prod()
y.backward()
print(x.grad)
print(x[torch.arange(3), torch.tensor([0, 1, 2])])
print(x.gather(1, torch.tensor([[0, 1], [2, 3], [0, 0]])))

# --- choosing
x = torch.tensor([[3., 1., 2.], [9., 7., 8.]], requires_grad=True)
v, i = x.topk(2)
print(v, i)
v.sum().backward()
print(x.grad)
print(torch.topk(x, 1, largest=False), x.kthvalue(2))
print(torch.unique(torch.tensor([3, 1, 3])), torch.bincount(torch.tensor([0, 2, 2])), torch.count_nonzero(x > 2))
print(torch.isclose(x, x + 1e-9).all(), F.one_hot(torch.tensor([1, 0])))
print(x.masked_select(x > 2), x.nonzero().shape, torch.argwhere(x > 8))
print(x.select(1, 0), x.narrow(1, 0, 2))

# --- inplace_double
x = torch.ones(3, dtype=torch.float64, requires_grad=True)
y = x * 2
y[0].add_(5)
y[1] *= 3
y[2:].zero_()
print(y)
y.sum().backward()
print(x.grad)
z = torch.zeros(3, dtype=torch.float64)
z[0].add_(4)
z[1].fill_(2)
v = z[2]
v += 9
print(z)

# --- composed
x = torch.tensor([1.5, -2.5], requires_grad=True)
print(torch.div(x, 2, rounding_mode='trunc'), x.frac(), torch.addcmul(x, x, x), x.clamp_min(0), torch.diff(x))
print(torch.hstack([x, x]), torch.vstack([x, x]), torch.nan_to_num(torch.tensor([float('nan'), 1.])))
print(F.cosine_similarity(x[None], x[None] * 2), torch.addmm(torch.zeros(2, 2), torch.eye(2), torch.eye(2)))
try:
    torch.div(x, 2, rounding_mode='up')
except RuntimeError as e:
    print(e)

# --- bits
a = torch.tensor([5, 6])
print(a & 3, a | 1, a ^ 1, ~a, a << 1, a >> 1, 3 & a)
b = torch.tensor([True, False])
print(b & True, b | b, b ^ b, ~b, b & torch.tensor([1, 0]))
try:
    b - b
except RuntimeError as e:
    print(e)
try:
    -b
except RuntimeError as e:
    print(e)
try:
    torch.tensor([1.]) & torch.tensor([1.])
except NotImplementedError as e:
    print(e)
try:
    torch.tensor([1, 2]) // 0
except RuntimeError as e:
    print(e)
