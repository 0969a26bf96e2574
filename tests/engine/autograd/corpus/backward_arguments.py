# --- backward_needs_a_scalar
x = torch.tensor([1.0, 2.0], requires_grad=True)
y = x * 2
y.backward()

# --- backward_of_one_entry_in_a_vector
x = torch.tensor([3.0], requires_grad=True)
y = x * x
y.backward()
print(x.grad)

# --- gradient_is_a_weight_vector
x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
y = x ** 2
y.backward(gradient=torch.tensor([1.0, 0.1, 0.01]))
print(x.grad)

# --- gradient_of_ones_is_the_sum
x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
(x ** 2).backward(torch.ones(3))
g = x.grad.clone()
x.grad = None
(x ** 2).sum().backward()
print(torch.equal(g, x.grad))

# --- gradient_as_a_weighted_sum
x = torch.tensor([1.0, 2.0], requires_grad=True)
v = torch.tensor([3.0, -1.0])
y = torch.stack([x[0] * x[1], x[0] + x[1]])
y.backward(v)
print(x.grad)

# --- gradient_in_the_wrong_shape
x = torch.tensor([1.0, 2.0], requires_grad=True)
y = x * 2
y.backward(torch.tensor([1.0, 2.0, 3.0]))

# --- gradient_as_a_number
x = torch.tensor(1.0, requires_grad=True)
y = x * 2
y.backward(3.0)

# --- gradient_scales_a_scalar
x = torch.tensor(1.0, requires_grad=True)
y = x * 2
y.backward(torch.tensor(10.0))
print(x.grad)

# --- rows_of_the_jacobian
x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
y = torch.stack([x[0] * x[1], x[1] * x[2]])
for i in range(2):
    v = torch.zeros(2)
    v[i] = 1.0
    x.grad = None
    y.backward(v, retain_graph=True)
    print(x.grad)

# --- retain_graph
x = torch.tensor(3.0, requires_grad=True)
y = x ** 2
y.backward(retain_graph=True)
print(x.grad)
y.backward()
print(x.grad)

# --- a_second_time_fails
x = torch.tensor([1.0, 2.0], requires_grad=True)
y = (x ** 2).sum()
y.backward()
y.backward()

# --- a_second_time_is_allowed_where_nothing_was_saved
x = torch.tensor([1.0, 2.0], requires_grad=True)
y = (x + x + 1).sum()
y.backward()
y.backward()
print(x.grad)

# --- a_shared_part_is_freed
x = torch.tensor(2.0, requires_grad=True)
h = x * x
a = h * 2
b = h * 3
a.backward()
b.backward()

# --- a_shared_part_retained
x = torch.tensor(2.0, requires_grad=True)
h = x * x
a = h * 2
b = h * 3
a.backward(retain_graph=True)
b.backward()
print(x.grad)

# --- two_losses_added
x = torch.tensor(2.0, requires_grad=True)
h = x * x
(h * 2 + h * 3).backward()
print(x.grad)

# --- create_graph
x = torch.tensor(3.0, requires_grad=True)
y = x ** 3
y.backward(create_graph=True)
print(x.grad)
g = x.grad
x.grad = None
g.backward()
print(x.grad)

# --- inputs_limits_where_gradients_go
w = torch.tensor(2.0, requires_grad=True)
b = torch.tensor(1.0, requires_grad=True)
y = w * 3 + b
y.backward(inputs=[w])
print(w.grad, b.grad)

# --- inputs_of_one_tensor
w = torch.tensor(2.0, requires_grad=True)
b = torch.tensor(1.0, requires_grad=True)
(w * 3 + b).backward(inputs=b)
print(w.grad, b.grad)

# --- inputs_may_not_be_empty
w = torch.tensor(2.0, requires_grad=True)
(w * 3).backward(inputs=[])

# --- nothing_requires_grad
x = torch.tensor(1.0)
y = x * 2
y.backward()

# --- an_unknown_argument
x = torch.tensor(1.0, requires_grad=True)
(x * 2).backward(keep_graph=True)

# --- backward_of_several
x = torch.tensor(1.0, requires_grad=True)
torch.autograd.backward([x * 2, x * 3])
print(x.grad)

# --- backward_of_several_with_weights
x = torch.tensor([1.0, 2.0], requires_grad=True)
torch.autograd.backward([x * 2, x.sum()], [torch.tensor([1.0, 10.0]), torch.tensor(5.0)])
print(x.grad)

# --- freed_in_the_forward_of_a_loop
h = torch.zeros(1)
w = torch.tensor([0.5], requires_grad=True)
for t in range(3):
    h = torch.tanh(w * h + 1.0)
    loss = h.sum()
    loss.backward()
    print(w.grad)

# --- detach_between_steps_of_a_loop
h = torch.zeros(1)
w = torch.tensor([0.5], requires_grad=True)
for t in range(3):
    h = torch.tanh(w * h.detach() + 1.0)
    loss = h.sum()
    loss.backward()
    print(w.grad)
