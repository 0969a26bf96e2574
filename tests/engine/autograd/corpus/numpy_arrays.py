# --- numpy_calls
x = torch.tensor([[1., 2.], [3., 4.]], requires_grad=True)
print(x.detach().numpy())
try:
    x.numpy()
except RuntimeError as e:
    print(e)
a = x.detach().numpy()
print(a.shape, a.dtype, a.sum(), a.tolist())
print(x.detach().cpu().numpy())
print(torch.ones(2).numpy(), torch.tensor([1, 2]).numpy())

# --- numpy_module
import numpy as np
a = np.array([1., 2., 3.])
t = torch.from_numpy(a)
print(t, t.dtype)
x = torch.tensor(a, dtype=torch.float32, requires_grad=True)
y = (x ** 2).sum()
y.backward()
print(x.grad.numpy())
print(np.allclose(x.grad.numpy(), 2 * a))
print(np.pi, np.sqrt(2.0))

# --- numpy_more
import numpy as np
x = torch.tensor([1., 2., 3.])
a = x.numpy()
a[0] = 10
print(x, a)
x.mul_(2)
print(a, a.mean(), a.max(), a * 2, a[1:], a > 5)
print(np.array([[1, 2], [3, 4]]), np.zeros((2, 2)), np.arange(3), np.linspace(0, 1, 3))
b = torch.from_numpy(np.ones(3))
b += 1
print(b, torch.as_tensor(np.array([1., 2.])), torch.tensor(np.array([1, 2])))
for v in a:
    print(v, f'{v:.1f}')
print(len(a), a.shape, a.ndim, a.size, a.dtype, a.T.tolist(), float(a[0]), a.reshape(3, 1))
w = torch.tensor(2., requires_grad=True)
losses = []
for i in range(3):
    loss = (w - 1) ** 2
    losses.append(loss.detach().numpy())
print(np.mean(losses), losses[0])
print(np.sqrt(np.array([1., 4.])), np.exp(0.0), np.sum(np.array([1., 2.])))
