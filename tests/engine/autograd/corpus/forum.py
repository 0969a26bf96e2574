# --- an_entry_is_increased
x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
y = x * 2
y[0] += 10
y[1] *= x[0]
print(y)
y.sum().backward()
print(x.grad)

# --- an_entry_of_a_plain_tensor_is_increased
x = torch.zeros(3)
x[1] += 2
x[1:] -= 1
print(x, x._version)

# --- why_is_grad_none_after_reassignment
x = torch.ones(2, requires_grad=True)
x = x * 2
x.sum().backward()
print(x.grad)

# --- why_is_grad_none_after_to
w = torch.ones(2, requires_grad=True)
w2 = w.to(torch.float64)
w2.sum().backward()
print(w2.is_leaf, w.grad)

# --- rewrapping_breaks_the_graph
x = torch.tensor([1.0, 2.0], requires_grad=True)
y = torch.tensor([x[0].item() * 2, x[1].item()], requires_grad=True)
y.sum().backward()
print(x.grad, y.grad)

# --- tensor_of_tensors_breaks_the_graph
a = torch.tensor(1.0, requires_grad=True)
b = torch.tensor([a * 2, a * 3])
print(b.requires_grad)

# --- argmax_has_no_gradient
x = torch.tensor([1.0, 3.0], requires_grad=True)
y = x.argmax()
print(y, y.requires_grad)
y.backward()

# --- comparison_has_no_gradient
x = torch.tensor([1.0, 3.0], requires_grad=True)
acc = (x > 2).float().mean()
print(acc, acc.requires_grad)

# --- loss_list_keeps_graphs
w = torch.tensor(1.0, requires_grad=True)
losses = []
for i in range(3):
    loss = (w * i) ** 2
    losses.append(loss.item())
print(losses, sum(losses))

# --- sum_of_losses
w = torch.tensor(1.0, requires_grad=True)
total = 0
for i in range(3):
    total = total + (w * i) ** 2
total.backward()
print(total, w.grad)

# --- inplace_relu_and_saved
x = torch.randn(3, requires_grad=True)
h = torch.sigmoid(x)
h.mul_(2)
h.sum().backward()

# --- gan_like_two_backward
g = torch.tensor(1.0, requires_grad=True)
d = torch.tensor(2.0, requires_grad=True)
fake = g * 3
d_loss = (d * fake.detach()) ** 2
d_loss.backward()
g_loss = (d * fake) ** 2
g_loss.backward()
print(g.grad, d.grad)

# --- gan_like_without_detach
g = torch.tensor(1.0, requires_grad=True)
d = torch.tensor(2.0, requires_grad=True)
fake = g * g
d_loss = (d * fake) ** 2
d_loss.backward()
g_loss = -(d * fake) ** 2
g_loss.backward()

# --- step_between_forward_and_backward
w = torch.tensor([1.0], requires_grad=True)
opt = torch.optim.SGD([w], lr=0.1)
a = w * w
b = w * w * 2
a.backward(retain_graph=True)
opt.step()
b.backward()

# --- straight_through
x = torch.tensor([0.2, 0.8], requires_grad=True)
hard = (x > 0.5).float()
y = hard - x.detach() + x
y.sum().backward()
print(y, x.grad)

# --- double_where_trick
x = torch.tensor([0.0, 4.0], requires_grad=True)
safe = torch.where(x > 0, x, torch.ones_like(x))
y = torch.where(x > 0, safe.sqrt(), torch.zeros_like(x))
y.sum().backward()
print(x.grad)

# --- maml_like
w = torch.tensor(1.0, requires_grad=True)
inner = (w * 2 - 1) ** 2
(g,) = torch.autograd.grad(inner, w, create_graph=True)
fast = w - 0.1 * g
outer = (fast * 3 - 1) ** 2
outer.backward()
print(f"{w.grad.item():.4f}")

# --- set_to_a_number_by_hand
w = torch.tensor([1.0, 2.0], requires_grad=True)
w.grad = torch.tensor([0.5, 0.5])
(w * 2).sum().backward()
print(w.grad)

# --- chunks_of_a_parameter
w = torch.arange(6.0).reshape(2, 3).requires_grad_()
a, b = w.chunk(2, dim=0)
(a * b).sum().backward()
print(w.grad)

# --- weights_shared_by_two_layers
lin = nn.Linear(2, 2, bias=False)
with torch.no_grad():
    lin.weight.copy_(torch.tensor([[1.0, 2.0], [3.0, 4.0]]))
x = torch.tensor([[1.0, 1.0]])
y = lin(lin(x)).sum()
y.backward()
print(y, lin.weight.grad)
