# --- blitz_vector_jacobian
x = torch.randn(3, requires_grad=True)
y = x * 2
while y.data.norm() < 1000:
    y = y * 2
v = torch.tensor([0.1, 1.0, 0.0001], dtype=torch.float)
y.backward(v)
print(x.grad)

# --- tutorial_linear_bce
x = torch.ones(5)
y = torch.zeros(3)
w = torch.randn(5, 3, requires_grad=True)
b = torch.randn(3, requires_grad=True)
z = torch.matmul(x, w)+b
loss = torch.nn.functional.binary_cross_entropy_with_logits(z, y)
loss.backward()
print(w.grad)
print(b.grad)

# --- tutorial_jacobian_product
inp = torch.eye(4, 5, requires_grad=True)
out = (inp+1).pow(2).t()
out.backward(torch.ones_like(out), retain_graph=True)
print(f"First call\n{inp.grad}")
out.backward(torch.ones_like(out), retain_graph=True)
print(f"\nSecond call\n{inp.grad}")
inp.grad.zero_()
out.backward(torch.ones_like(out), retain_graph=True)
print(f"\nCall after zeroing gradients\n{inp.grad}")

# --- requires_grad_on_non_leaf
x = torch.ones(3, requires_grad=True)
y = x * 2
try:
    y.requires_grad = False
except RuntimeError as e:
    print(e)
y.requires_grad = True
try:
    y.requires_grad_(False)
except RuntimeError as e:
    print(e)

# --- grad_batched
x = torch.tensor([1., 2., 3.], requires_grad=True)
y = x ** 2
print(torch.autograd.grad(y, x, grad_outputs=torch.eye(3), is_grads_batched=True)[0])

# --- clip_grad
w = torch.tensor([3., 4.], requires_grad=True)
(w * w).sum().backward()
total = torch.nn.utils.clip_grad_norm_([w], max_norm=1.0)
print(total, w.grad)
torch.nn.utils.clip_grad_value_([w], 0.5)
print(w.grad)

# --- grad_assign
x = torch.ones(2, requires_grad=True)
x.grad = torch.ones(2)
x.sum().backward()
print(x.grad)
try:
    x.grad = torch.ones(3)
except RuntimeError as e:
    print(e)
try:
    x.grad = 3
except TypeError as e:
    print(e)
x.grad = torch.ones(2).double()

# --- promotion
a = torch.tensor([1, 2])
b = torch.tensor([0.5, 1.5])
print(a + b, (a + b).dtype)
print(a / 2, a // 2, a % 2, a * 1.5)
print(a * True, (a > 1) + 1)
c = torch.tensor([1., 2.], dtype=torch.float64)
print(b + c, b * 2.0, c.float())
print(torch.tensor(1) + torch.tensor([1.5]))
try:
    torch.tensor([1, 2]) @ torch.tensor([1., 2.])
except RuntimeError as e:
    print(e)
a += 1
print(a)
try:
    a += 0.5
except RuntimeError as e:
    print(e)

# --- print_many
print(torch.tensor([[1., 2.], [3., 4.]]))
print(torch.tensor([1e-8, 1.]))
print(torch.tensor([1e10, 1.]))
print(torch.tensor([-1.5, 2.25, -3.125]))
print(torch.tensor([float('nan'), float('inf'), -float('inf'), 1.]))
print(torch.tensor([float('nan'), 1.5]))
print(torch.tensor([True, False]))
print(torch.tensor([1, -20, 300]))
print(torch.tensor([]), torch.zeros(0, 3), torch.tensor([], dtype=torch.int64))
print(torch.tensor(1.), torch.tensor(1.5), torch.tensor(0), torch.tensor(True))
print(torch.tensor(1e-5), torch.tensor(123456789.), torch.tensor(1e8), torch.tensor(0.00012))
print(torch.zeros(2, 3, dtype=torch.int32))
print(torch.ones(2, 2, 2))
print(torch.arange(30))
print(torch.arange(30.) / 7)
print(torch.arange(2000))
print(torch.ones(40, 40))
print(torch.ones(2, dtype=torch.float64), torch.ones(2, dtype=torch.float16))
print(torch.randn(2, 2, 2, 2))
print(-torch.zeros(2))

# --- fstrings
x = torch.tensor(3.14159, requires_grad=True)
y = x * 2
print(f"{x}")
print(f"{y}")
print(f"{x.item():.3f} {x:.2f} {3:>5} {'a':<4}| {0.5:.0%} {1e6:,.1f} {255:x} {5:03d}")
print(f"{x=}")
print(f"{x.item()=:.2f}")
print("%d %.2f %s" % (3, 2.5, "a"))
print("%.3f" % x)
print("{} {:.1f} {name}".format(1, 2.0, name="n"))
print("loss: " + str(y.item()))
try:
    print(f"{torch.ones(2):.2f}")
except TypeError as e:
    print(e)

# --- hook_save_grad
grads = {}
def save_grad(name):
    def hook(grad):
        grads[name] = grad
    return hook
x = torch.randn(1, 1, requires_grad=True)
y = 3*x
z = y**2
y.register_hook(save_grad('y'))
z.register_hook(save_grad('z'))
z.backward()
print(grads['y'])
print(grads['z'])

# --- grad_outputs_list
x = torch.tensor([1., 2.], requires_grad=True)
y = x ** 2
z = x * 3
print(torch.autograd.grad([y, z], [x], grad_outputs=[torch.ones(2), torch.tensor([1., 10.])]))

# --- exceptions
try:
    torch.tensor([1, 2])[5]
except IndexError as e:
    print("IndexError", e)
try:
    {}["a"]
except KeyError as e:
    print("KeyError", e)
try:
    int("a")
except ValueError as e:
    print(e)
try:
    raise ValueError("mine")
except Exception as e:
    print(repr(e), type(e).__name__)
finally:
    print("done")
try:
    undefined_name
except NameError as e:
    print(e)
try:
    1 / 0
except ZeroDivisionError as e:
    print(e)
assert 1 == 1, "no"
assert torch.tensor(1.) == 2, "tensor differs"
