# --- no_grad_records_nothing
x = torch.tensor(2.0, requires_grad=True)
with torch.no_grad():
    y = x * 2
print(y.requires_grad, y.grad_fn, y.is_leaf)
y.backward()

# --- enable_grad_inside
x = torch.tensor(2.0, requires_grad=True)
with torch.no_grad():
    a = x * 2
    with torch.enable_grad():
        b = x * 2
    c = x * 2
print(a.requires_grad, b.requires_grad, c.requires_grad)

# --- no_grad_as_a_decorator
@torch.no_grad()
def f(x):
    return x * 2
x = torch.tensor(2.0, requires_grad=True)
print(f(x), torch.is_grad_enabled())

# --- set_grad_enabled
x = torch.tensor(2.0, requires_grad=True)
torch.set_grad_enabled(False)
y = x * 2
torch.set_grad_enabled(True)
z = x * 2
print(y.requires_grad, z.requires_grad)

# --- set_grad_enabled_as_a_context
x = torch.tensor(2.0, requires_grad=True)
train = False
with torch.set_grad_enabled(train):
    y = x * 2
print(y.requires_grad, (x * 2).requires_grad)

# --- detach
x = torch.tensor([1.0, 2.0], requires_grad=True)
y = x * 2
d = y.detach()
print(d, d.requires_grad, d.is_leaf)
z = (y * d).sum()
z.backward()
print(x.grad)

# --- detach_shares_memory
x = torch.tensor([1.0, 2.0], requires_grad=True)
d = x.detach()
d[0] = 10.0
print(x, x._version)

# --- detach_and_change_what_was_saved
x = torch.tensor([1.0, 2.0], requires_grad=True)
y = x * x
x.detach().zero_()
y.sum().backward()

# --- data_and_change_what_was_saved
x = torch.tensor([1.0, 2.0], requires_grad=True)
y = x * x
x.data.zero_()
y.sum().backward()
print(x.grad)

# --- clone_then_detach
x = torch.tensor([1.0, 2.0], requires_grad=True)
d = x.detach().clone()
d += 5
print(x, d)

# --- detach_in_place
x = torch.tensor([1.0, 2.0], requires_grad=True)
y = x * 2
y.detach_()
print(y.requires_grad, y.grad_fn, y.is_leaf)

# --- stop_gradient_trick
x = torch.tensor(3.0, requires_grad=True)
y = (x.round() - x).detach() + x
y.backward()
print(y, x.grad)

# --- frozen_part
w1 = torch.tensor(2.0, requires_grad=True)
w2 = torch.tensor(3.0, requires_grad=True)
w1.requires_grad_(False)
y = w1 * w2
y.backward()
print(w1.grad, w2.grad)

# --- numpy_of_what_requires_grad
x = torch.tensor([1.0], requires_grad=True)
x.numpy()

# --- a_leaf_made_inside_no_grad
with torch.no_grad():
    w = torch.ones(2, requires_grad=True)
    y = w * 2
print(w.requires_grad, y.requires_grad)
(w * 3).sum().backward()
print(w.grad)

# --- in_place_on_a_leaf_inside_no_grad
w = torch.ones(2, requires_grad=True)
with torch.no_grad():
    w.add_(1)
    w[0] = 5
    w *= 2
print(w, w._version)

# --- inference_of_a_layer
torch.manual_seed(1)
lin = nn.Linear(2, 1)
with torch.no_grad():
    y = lin(torch.ones(3, 2))
print(y.shape, y.requires_grad)
