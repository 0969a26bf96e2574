# --- five_attributes
x = torch.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
y = (x * x).sum()
print(x.device, x.requires_grad, x.grad, x.grad_fn, x.is_leaf)
print(y.device, y.requires_grad, y.is_leaf)
y.backward()
print(x.grad)

# --- grad_of_a_computed_tensor_warns
x = torch.tensor(2.0, requires_grad=True)
y = x * 3
z = y * y
z.backward()
print(y.grad)
print(x.grad)

# --- retain_grad_fills_it
x = torch.tensor(2.0, requires_grad=True)
y = x * 3
y.retain_grad()
z = y * y
z.backward()
print(y.grad, x.grad, y.retains_grad)

# --- retain_grad_on_a_leaf_does_nothing
x = torch.tensor(2.0, requires_grad=True)
x.retain_grad()
(x * x).backward()
print(x.grad, x.retains_grad)

# --- retain_grad_of_what_requires_none
x = torch.tensor(2.0)
x.retain_grad()

# --- grad_fn_names
a = torch.tensor([1.0, 2.0], requires_grad=True)
b = torch.tensor([3.0, 4.0], requires_grad=True)
for y in [a + b, a - b, a * b, a / b, -a, a ** 2, a ** b, 2 ** a, 1 - a, 1 / a, a @ b, a.sum(), a.mean()]:
    print(y.grad_fn.name())

# --- grad_fn_names_of_functions
a = torch.tensor([0.5, 0.25], requires_grad=True)
for y in [a.exp(), a.log(), a.sin(), a.cos(), a.tanh(), a.sigmoid(), a.relu(), a.sqrt(), a.abs(), a.clamp(0, 1)]:
    print(y.grad_fn.name())

# --- grad_fn_names_of_shapes
a = torch.arange(6.0).requires_grad_()
m = a.view(2, 3)
for y in [m, m.t(), m.T, m.reshape(3, 2), m[0], m[:, 1:], m.unsqueeze(0), m.flatten(), m.expand(2, 2, 3), m.sum(0), m.transpose(0, 1)]:
    print(y.grad_fn.name(), y.shape)

# --- next_functions
a = torch.tensor(1.0, requires_grad=True)
b = torch.tensor(2.0)
y = a * 2 + b
print(y.grad_fn.name())
print([f[0] is None for f in y.grad_fn.next_functions])
print(y.grad_fn.next_functions[0][0].name())
print(y.grad_fn.next_functions[0][0].next_functions[0][0].name())

# --- accumulate_grad_knows_its_leaf
w = torch.tensor([1.0, 2.0], requires_grad=True)
step = (w * 3).grad_fn.next_functions[0][0]
print(step.name(), step.variable is w)

# --- grad_fn_prints_its_name
x = torch.ones(2, 2, requires_grad=True)
y = x + 2
z = y * y * 3
out = z.mean()
print(y.grad_fn)
print(z, out)
out.backward()
print(x.grad)

# --- grad_can_be_set_to_none
x = torch.tensor(1.0, requires_grad=True)
(x * 2).backward()
print(x.grad)
x.grad = None
print(x.grad)
(x * 5).backward()
print(x.grad)

# --- grad_assigned_in_another_shape
x = torch.ones(2, requires_grad=True)
x.grad = torch.ones(3)

# --- grad_assigned_as_a_number
x = torch.ones(2, requires_grad=True)
x.grad = 1.0

# --- is_leaf_cannot_be_set
x = torch.ones(2, requires_grad=True)
x.is_leaf = True

# --- data_shares_memory
x = torch.tensor([1.0, 2.0], requires_grad=True)
d = x.data
d[0] = 100.0
print(x, d.requires_grad, x._version)

# --- data_can_be_replaced
x = torch.tensor([1.0, 2.0], requires_grad=True)
x.data = torch.tensor([5.0, 6.0])
y = (x * x).sum()
y.backward()
print(x, x.grad)

# --- grad_has_no_record
x = torch.tensor(2.0, requires_grad=True)
(x ** 3).backward()
print(x.grad, x.grad.requires_grad, x.grad.is_leaf)

# --- versions_count_changes_in_place
x = torch.zeros(2)
print(x._version)
x.add_(1)
x.mul_(2)
x[0] = 7
print(x._version, x)
y = x.view(2, 1)
y.zero_()
print(x._version, x)
