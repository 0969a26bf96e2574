# --- second_derivative
x = torch.tensor(3.0, requires_grad=True)
y = x ** 3
(g,) = torch.autograd.grad(y, x, create_graph=True)
print(g)
(h,) = torch.autograd.grad(g, x)
print(h)

# --- third_derivative
x = torch.tensor(2.0, requires_grad=True)
y = x ** 4
d = y
for order in range(3):
    d = torch.autograd.grad(d, x, create_graph=True)[0]
    print(order + 1, d.item())

# --- second_derivative_without_create_graph
x = torch.tensor(3.0, requires_grad=True)
y = x ** 3
(g,) = torch.autograd.grad(y, x)
print(g.requires_grad)
torch.autograd.grad(g, x)

# --- gradient_penalty
x = torch.tensor([1.0, 2.0], requires_grad=True)
w = torch.tensor([0.5, -0.5], requires_grad=True)
y = torch.tanh(x * w).sum()
(g,) = torch.autograd.grad(y, x, create_graph=True)
penalty = (g ** 2).sum()
penalty.backward()
print(penalty, w.grad, x.grad)

# --- hessian_vector_product
x = torch.tensor([1.0, 2.0], requires_grad=True)
v = torch.tensor([1.0, -1.0])
y = (x ** 3).sum() + x[0] * x[1]
(g,) = torch.autograd.grad(y, x, create_graph=True)
(hv,) = torch.autograd.grad(g, x, grad_outputs=v)
print(hv)

# --- hessian_row_by_row
x = torch.tensor([1.0, 2.0], requires_grad=True)
y = x[0] ** 2 * x[1]
g = torch.autograd.grad(y, x, create_graph=True)[0]
rows = []
for i in range(2):
    rows.append(torch.autograd.grad(g[i], x, retain_graph=True)[0])
print(torch.stack(rows))

# --- hessian_function
def f(x):
    return (x ** 3).sum()
print(torch.autograd.functional.hessian(f, torch.tensor([1.0, 2.0])))

# --- jacobian_function
def f(x):
    return x ** 2
print(torch.autograd.functional.jacobian(f, torch.tensor([1.0, 2.0])))

# --- sin_four_times
x = torch.tensor(0.5, requires_grad=True)
y = torch.sin(x)
for i in range(4):
    (y,) = torch.autograd.grad(y, x, create_graph=True)
    print(f"{y.item():.5f}", y.requires_grad)

# --- relu_has_no_second_derivative_to_speak_of
x = torch.tensor([1.0, -1.0], requires_grad=True)
(g,) = torch.autograd.grad(torch.relu(x).sum(), x, create_graph=True)
print(g, g.requires_grad)

# --- grad_leaves_grad_alone
x = torch.tensor(2.0, requires_grad=True)
print(torch.autograd.grad(x * x, x))
print(x.grad)

# --- grad_by_several
x = torch.tensor(2.0, requires_grad=True)
w = torch.tensor(3.0, requires_grad=True)
print(torch.autograd.grad(x * w, [x, w]))

# --- grad_by_a_computed_tensor
x = torch.tensor(2.0, requires_grad=True)
h = x * x
y = h * 3
print(torch.autograd.grad(y, h))

# --- grad_by_what_is_not_used
x = torch.tensor(2.0, requires_grad=True)
w = torch.tensor(3.0, requires_grad=True)
torch.autograd.grad(x * 2, w)

# --- grad_by_what_is_not_used_allowed
x = torch.tensor(2.0, requires_grad=True)
w = torch.tensor(3.0, requires_grad=True)
print(torch.autograd.grad(x * 2, [x, w], allow_unused=True))

# --- grad_by_what_is_not_used_as_zeros
x = torch.tensor(2.0, requires_grad=True)
w = torch.tensor([3.0, 1.0], requires_grad=True)
print(torch.autograd.grad(x * 2, [x, w], materialize_grads=True))

# --- grad_by_what_requires_none
x = torch.tensor(2.0, requires_grad=True)
c = torch.tensor(3.0)
torch.autograd.grad(x * c, c)

# --- grad_of_a_vector
x = torch.tensor([2.0, 3.0], requires_grad=True)
torch.autograd.grad(x * 2, x)

# --- grad_of_a_vector_with_weights
x = torch.tensor([2.0, 3.0], requires_grad=True)
print(torch.autograd.grad(x * x, x, grad_outputs=torch.tensor([1.0, 10.0])))

# --- grad_twice
x = torch.tensor(2.0, requires_grad=True)
y = x * x
torch.autograd.grad(y, x)
torch.autograd.grad(y, x)

# --- grad_with_retain_graph
x = torch.tensor(2.0, requires_grad=True)
y = x * x
print(torch.autograd.grad(y, x, retain_graph=True), torch.autograd.grad(y, x))

# --- an_input_that_is_not_used_keeps_none
w1 = torch.tensor(1.0, requires_grad=True)
w2 = torch.tensor(1.0, requires_grad=True)
loss = (w1 * 2) ** 2
loss.backward()
print(w1.grad, w2.grad)

# --- newton
x = torch.tensor(3.0, requires_grad=True)
for i in range(4):
    y = (x - 1) ** 4 + x ** 2
    (g,) = torch.autograd.grad(y, x, create_graph=True)
    (h,) = torch.autograd.grad(g, x)
    with torch.no_grad():
        x -= g / h
    print(f"{x.item():.4f}")
