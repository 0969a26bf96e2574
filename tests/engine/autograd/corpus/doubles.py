# --- double_scalars
x = torch.tensor(2., dtype=torch.float64, requires_grad=True)
y = x * x + 1 - x / 3
print(y)
g, = torch.autograd.grad(y, x, create_graph=True)
print(g)
h, = torch.autograd.grad(g, x)
print(h)
z = x % 3
print(z, x // 2, 1 - x, 2 ** x)
z = torch.zeros(3, dtype=torch.float64)
v = z[0]
v += 1
z[1].add_(2)
print(z, v)
w = z.sum()
w += 1
print(w, w._version)

# --- zero_dim_views
z = torch.zeros((), dtype=torch.float64)
v = z.view(1)
v += 1
print(z, v)
u = z.detach()
u += 1
print(z, u)
r = z.reshape(1, 1)
r[0, 0] = 7
print(z)

# --- default_double_exp
torch.set_default_dtype(torch.float64)
print(torch.exp(torch.tensor([True])), torch.tensor([1, 2]) / 3, torch.sqrt(torch.tensor(2)))
x = torch.zeros(2, requires_grad=True)
y = x + 1
y[0] += 5
print(y, y[0])
torch.set_default_dtype(torch.float32)

# --- slices_misused
x = torch.arange(6.)
for f in (lambda: x[::-1], lambda: x.flip(0), lambda: x.narrow(0, 4, 5), lambda: x[::0], lambda: x[10:], lambda: x[-2:], lambda: x[torch.tensor([1, 7])]):
    try:
        print(f())
    except (ValueError, RuntimeError, IndexError) as e:
        print(type(e).__name__, e)
