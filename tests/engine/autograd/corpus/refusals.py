# --- cat_misfit
a = torch.ones(2, 3)
b = torch.ones(3, 2)
try:
    torch.cat([a, b])
except RuntimeError as e:
    print(e)
try:
    torch.cat([a, b], dim=1)
except RuntimeError as e:
    print(e)
try:
    torch.cat([a, torch.ones(2)])
except RuntimeError as e:
    print(e)
try:
    torch.stack([a, b])
except RuntimeError as e:
    print(e)
try:
    torch.cat([])
except (RuntimeError, ValueError) as e:
    print(type(e).__name__, e)
try:
    torch.cat(a, b)
except TypeError as e:
    print('TypeError')
try:
    torch.stack([])
except RuntimeError as e:
    print(e)

# --- mm_vector
a = torch.ones(2, 3)
v = torch.ones(3)
try:
    torch.mm(a, v)
except RuntimeError as e:
    print(e)
try:
    torch.mm(v, a)
except RuntimeError as e:
    print(e)
try:
    torch.mm(a, a)
except RuntimeError as e:
    print(e)
try:
    a @ a
except RuntimeError as e:
    print(e)
try:
    torch.mv(v, a)
except RuntimeError as e:
    print(e)
try:
    torch.mv(a, torch.ones(2))
except RuntimeError as e:
    print(e)
try:
    torch.dot(a, v)
except RuntimeError as e:
    print(e)
try:
    torch.dot(v, torch.ones(2))
except RuntimeError as e:
    print(e)
try:
    torch.bmm(a, a)
except RuntimeError as e:
    print(e)
try:
    v @ torch.ones(2)
except RuntimeError as e:
    print(e)
try:
    a @ torch.ones(2)
except RuntimeError as e:
    print(e)
try:
    torch.ones(2, 2, 3) @ torch.ones(2, 2, 3)
except RuntimeError as e:
    print(e)

# --- grad_outputs_length
x = torch.tensor([1., 2.], requires_grad=True)
y = x * 2
try:
    torch.autograd.grad(y, x, grad_outputs=[torch.ones(2), torch.ones(2)])
except RuntimeError as e:
    print(e)
try:
    torch.autograd.grad([y, y], x, grad_outputs=[torch.ones(2)])
except RuntimeError as e:
    print(e)
try:
    torch.autograd.backward([y, y], [torch.ones(2)])
except RuntimeError as e:
    print(e)
try:
    torch.autograd.grad(y, x)
except RuntimeError as e:
    print(e)
try:
    torch.autograd.grad(y, x, grad_outputs=torch.ones(3))
except RuntimeError as e:
    print(e)
try:
    y.backward(torch.ones(3))
except RuntimeError as e:
    print(e)

# --- device_cuda
x = torch.ones(2)
print(torch.cuda.is_available())
try:
    x.cuda()
except (RuntimeError, AssertionError) as e:
    print(type(e).__name__)
try:
    x.to('cuda')
except Exception as e:
    print(type(e).__name__)
try:
    torch.ones(2, device='cuda')
except Exception as e:
    print('no cuda')
try:
    x.to('gpu')
except RuntimeError as e:
    print('no gpu')
device = torch.device('cuda' if torch.cuda.is_available() else 'cpu')
print(device, x.to(device).device, x.cpu().device, x.device == torch.device('cpu'), x.is_cuda)

# --- device_caught
x = torch.ones(2, requires_grad=True)
try:
    y = x.to('cuda')
except (AssertionError, RuntimeError) as e:
    print('no cuda:', e)
try:
    x.cuda()
except (AssertionError, RuntimeError) as e:
    print('no cuda:', e)
try:
    torch.zeros(2, device='cuda')
except AssertionError as e:
    print('no cuda:', e)
device = 'cuda' if torch.cuda.is_available() else 'cpu'
print(x.to(device).device, x.cpu() is x)

# --- loss_misuse
scores = torch.tensor([[1., 2.], [3., 4.]], requires_grad=True)
for f in (lambda: F.cross_entropy(scores, torch.tensor([0, 2])), lambda: F.cross_entropy(scores, torch.tensor([0, 1, 1])), lambda: F.cross_entropy(scores, torch.tensor([0., 1.])), lambda: F.binary_cross_entropy(scores, torch.ones(2, 2)), lambda: F.binary_cross_entropy_with_logits(scores, torch.ones(2)), lambda: F.one_hot(torch.tensor([0, 3]), 2)):
    try:
        print(f())
    except (RuntimeError, IndexError, ValueError) as e:
        print(type(e).__name__, e)

# --- shape_misuse
x = torch.arange(6.).reshape(2, 3)
for f in (lambda: x.view(4), lambda: x.t().view(6), lambda: x.reshape(4, 2), lambda: x.expand(4, 3), lambda: x.permute(0), lambda: x.repeat(2), lambda: x.unsqueeze(5), lambda: x.sum(3), lambda: x.chunk(0), lambda: x.gather(0, torch.tensor([0])), lambda: x.index_select(0, torch.tensor([5])), lambda: x.view(-1, -1), lambda: torch.zeros(0).max()):
    try:
        print(f())
    except (RuntimeError, IndexError) as e:
        print(type(e).__name__, e)

# --- int_requires_grad
try:
    torch.tensor([1, 2], requires_grad=True)
except RuntimeError as e:
    print(e)
try:
    torch.tensor([1, 2]).requires_grad_()
except RuntimeError as e:
    print(e)
try:
    torch.arange(3).mean()
except RuntimeError as e:
    print(e)
x = torch.tensor([1, 2])
try:
    x += 0.5
except RuntimeError as e:
    print(e)
try:
    x.add_(1.5)
except RuntimeError as e:
    print(e)
try:
    x /= 2
except RuntimeError as e:
    print(e)

# --- inplace_saved
x = torch.ones(2, requires_grad=True)
y = x.exp()
y += 1
try:
    y.sum().backward()
except RuntimeError as e:
    print(e)
y = x.sigmoid()
y.mul_(2)
try:
    y.sum().backward()
except RuntimeError as e:
    print(e)
w = torch.ones(2)
y = x * w
w.add_(1)
try:
    y.sum().backward()
except RuntimeError as e:
    print(e)
y = (x * 2).relu_()
y.sum().backward()
print(x.grad)
y = x ** 2
y[0] = 0
y.sum().backward()
print(x.grad)
y = x * 2
z = y * y
y[0] = 5
try:
    z.sum().backward()
except RuntimeError as e:
    print(e)
