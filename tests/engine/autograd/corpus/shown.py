# --- print_nested
x = torch.arange(24.).reshape(2, 3, 4)
print(x)
print(x.int(), x > 5)
print(torch.zeros(0), torch.zeros(2, 0), torch.zeros(0, dtype=torch.int64), torch.tensor([]))
print(torch.zeros(1, 1, 1, 1))
print(torch.empty(0, 3).shape)

# --- print_sci
print(torch.tensor([1e-5, 1.]))
print(torch.tensor([1e10, 1.]), torch.tensor(1e10), torch.tensor([1e8, 2e8]), torch.tensor([123456789., 1.]))
print(torch.tensor([0.00001]), torch.tensor([0.0001]), torch.tensor(1e-4), torch.tensor([1000.5, 1.]), torch.tensor([1001.5, 1.]))
print(torch.tensor([1e-45, 3.4e38]), torch.tensor([-1e-5, 2e3]))
print(torch.tensor([100000., 1.]), torch.tensor([1e7, 0.5]), torch.tensor([0., 1e-9]))

# --- print_nan_inf
nan, inf = float('nan'), float('inf')
print(torch.tensor([nan, 1., -2.]), torch.tensor([inf, -inf]), torch.tensor([inf, 0.5]), torch.tensor(nan), torch.tensor(-inf))
print(torch.tensor([nan, 1.5, inf]), torch.tensor([-0., 0.]), torch.tensor([nan, nan]), torch.tensor([inf, 1e10]))
print(torch.tensor([[nan, 1.], [2., inf]], requires_grad=True))

# --- print_width
print(torch.linspace(0, 1, 20))
print(torch.linspace(-100, 100, 30).reshape(3, 10))
print(torch.arange(100).reshape(10, 10))
print(torch.linspace(0, 1, 20, dtype=torch.float64, requires_grad=True))

# --- fstrings
x = torch.tensor(3.14159, requires_grad=True)
v = torch.tensor([1., 2.])
print(f'{x}', f'{x:.2f}', f'{x.item():.3f}', f'{v}', f'{x!r}', f'{v.sum():6.1f}|')
print(f'{x=}')
print(f'{v.mean()=}', f'{v.shape=}', f'{1+1=}')
print('loss: %.4f' % x.item(), 'loss: %.4f' % x, '{:.2f}'.format(x), '{:>8.3f}'.format(x.item()))
print('%s %d' % (v, torch.tensor(3)))
try:
    print(f'{v:.2f}')
except TypeError as e:
    print(e)
print(f'{v.sum():.2e} {100 * 0.5:.1f}% {1234567:,} {3:03d} {"a":>4}|{"b":<4}|{"c":^5}|')
w = 10
print(f'{3.14159:{w}.2f}|{v[0]:>{w}}|')

# --- dtype_promotion
i = torch.tensor([1, 2, 3])
f = torch.tensor([1., 2., 3.])
b = torch.tensor([True, False, True])
print((i + f).dtype, (i + 1.5).dtype, (i / 2).dtype, (i // 2).dtype, (i * 2).dtype, (b + b).dtype, (b + 1).dtype, (b * 1.5).dtype, (i > 1).dtype)
print(i / 2, i // 2, i % 2, i ** 2, -i, i.float() / 2, b.sum(), i.sum(), b.int(), b.float().mean())
print((f + torch.tensor(1., dtype=torch.float64)).dtype, (f + torch.tensor([1.], dtype=torch.float64)).dtype, (f.half() + 1).dtype, (i.int() + i).dtype)
print(torch.tensor(5) / torch.tensor(2), torch.tensor(5) // 2, torch.tensor(-5) // 2, torch.tensor(-5) % 3, torch.tensor(-5.) % 3, 7 % torch.tensor(4), 2 ** torch.tensor(3), 2.0 ** torch.tensor(3))
print(torch.result_type(i, f), torch.promote_types(torch.int64, torch.float16), torch.get_default_dtype())
print(torch.tensor([1, 2.5]), torch.tensor([True, 2]), torch.tensor([1, 2]).dtype, torch.arange(3).dtype, torch.arange(3.).dtype, torch.arange(0, 1, 0.25))
print(i.sum() / 3, i.float().mean(), torch.sqrt(i), torch.sin(i).dtype, torch.exp(b))
