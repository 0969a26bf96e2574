# --- a_tensor_is_a_leaf
x = torch.tensor([1.0, 2.0])
print(x.is_leaf, x.requires_grad, x.grad, x.grad_fn)

# --- a_leaf_that_requires_grad
x = torch.tensor([1.0, 2.0], requires_grad=True)
print(x.is_leaf, x.requires_grad, x.grad, x.grad_fn)
print(x)

# --- a_computed_tensor_is_no_leaf
x = torch.tensor([1.0, 2.0], requires_grad=True)
y = x + 1
print(y.is_leaf, y.requires_grad)
print(y)

# --- moving_to_another_precision_makes_a_computed_tensor
x = torch.ones(2, requires_grad=True).double()
print(x.is_leaf, x.grad_fn is None, x.dtype)
x.sum().backward()
print(x.grad)

# --- multiplying_at_creation_makes_a_computed_tensor
w = torch.ones(3, requires_grad=True) * 0.5
w.sum().backward()
print(w.is_leaf)
print(w.grad)

# --- the_right_way_to_scale_a_leaf
w = (torch.ones(3) * 0.5).requires_grad_()
w.sum().backward()
print(w.is_leaf, w.grad)

# --- requires_grad_spreads
a = torch.tensor(2.0, requires_grad=True)
b = torch.tensor(3.0)
c = b * b
d = a * c
print(c.requires_grad, d.requires_grad, c.is_leaf, d.is_leaf)
d.backward()
print(a.grad, b.grad)

# --- requires_grad_set_afterwards
x = torch.zeros(2)
x.requires_grad = True
y = (x + 1).prod()
y.backward()
print(x.grad)

# --- requires_grad_off_for_a_computed_tensor
x = torch.ones(2, requires_grad=True)
y = x * 2
y.requires_grad = False

# --- requires_grad_of_integers
x = torch.tensor([1, 2, 3], requires_grad=True)

# --- requires_grad_of_integers_afterwards
x = torch.arange(3)
x.requires_grad_()

# --- requires_grad_set_on_integers
x = torch.arange(3)
x.requires_grad = True

# --- clone_of_a_leaf
x = torch.tensor([1.0], requires_grad=True)
y = x.clone()
print(y.is_leaf, y)
y.backward()
print(x.grad, y.is_leaf)

# --- leaves_and_numbers
x = torch.tensor(3.0, requires_grad=True)
y = 2 * x ** 2 - 4 * x + 1
y.backward()
print(y.item(), x.grad.item())

# --- the_worked_example
u1 = torch.tensor(2.0, requires_grad=True)
u2 = torch.tensor(3.0, requires_grad=True)
u3 = u1 + u2
u4 = u2 * u3
u3.retain_grad()
u4.retain_grad()
u4.backward()
print(u3, u4)
print(u4.grad, u3.grad, u2.grad, u1.grad)

# --- a_parameter
w = nn.Parameter(torch.tensor([1.0, -1.0]))
print(w)
print(w.is_leaf, w.requires_grad, type(w))
(w * w).sum().backward()
print(w.grad)

# --- a_parameter_of_a_result
x = torch.ones(2, requires_grad=True)
w = nn.Parameter(x * 3)
w.sum().backward()
print(x.grad, w.grad, w.is_leaf)

# --- type_and_repr
x = torch.tensor(1.5)
print(type(x), repr(x), str(x), f"{x}", f"{x:.3f}")
print(x.dtype, x.device, x.shape, x.ndim, x.numel())
