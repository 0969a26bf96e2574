# --- gradients_add_up
x = torch.tensor(1.0, requires_grad=True)
for i in range(3):
    y = x * 2
    y.backward()
    print(x.grad)

# --- zero_between
x = torch.tensor(1.0, requires_grad=True)
for i in range(3):
    y = x * 2
    y.backward()
    print(x.grad)
    x.grad.zero_()
print(x.grad)

# --- none_between
x = torch.tensor(1.0, requires_grad=True)
for i in range(2):
    (x * 2).backward()
    print(x.grad)
    x.grad = None
print(x.grad)

# --- zero_before_the_first_backward
x = torch.tensor(1.0, requires_grad=True)
x.grad.zero_()

# --- whoever_holds_the_gradient_sees_the_sum
x = torch.tensor([1.0, 1.0], requires_grad=True)
(x * 2).sum().backward()
g = x.grad
(x * 3).sum().backward()
print(g, g is x.grad)

# --- two_uses_of_one_leaf
x = torch.tensor(3.0, requires_grad=True)
y = x * x + x
y.backward()
print(x.grad)

# --- optimizer_zero_grad
w = torch.tensor([1.0, 2.0], requires_grad=True)
opt = torch.optim.SGD([w], lr=0.1)
for step in range(3):
    opt.zero_grad()
    loss = (w ** 2).sum()
    loss.backward()
    opt.step()
    print(step, f"{loss.item():.4f}", w)
print(w.grad)
opt.zero_grad()
print(w.grad)

# --- optimizer_zero_grad_to_zero
w = torch.tensor([1.0, 2.0], requires_grad=True)
opt = torch.optim.SGD([w], lr=0.1)
(w ** 2).sum().backward()
opt.zero_grad(set_to_none=False)
print(w.grad)

# --- training_without_zero_grad
w = torch.tensor(0.0, requires_grad=True)
opt = torch.optim.SGD([w], lr=0.1)
for step in range(5):
    loss = (w - 1) ** 2
    loss.backward()
    opt.step()
    print(f"{step} {w.item():.4f} {w.grad.item():.4f}")

# --- training_by_hand
w = torch.tensor([0.0, 0.0], requires_grad=True)
lr = 0.1
for step in range(4):
    loss = ((w - torch.tensor([1.0, -1.0])) ** 2).sum()
    loss.backward()
    with torch.no_grad():
        w -= lr * w.grad
        w.grad.zero_()
print(w)

# --- training_by_hand_without_no_grad
w = torch.tensor([0.0, 0.0], requires_grad=True)
loss = ((w - 1) ** 2).sum()
loss.backward()
w -= 0.1 * w.grad

# --- training_by_hand_makes_a_new_tensor
w = torch.tensor(0.0, requires_grad=True)
for step in range(2):
    loss = (w - 1) ** 2
    loss.backward()
    w = w - 0.1 * w.grad
    print(w.is_leaf)

# --- training_by_data
w = torch.tensor([0.0, 0.0], requires_grad=True)
for step in range(3):
    loss = ((w - 1) ** 2).sum()
    loss.backward()
    w.data -= 0.1 * w.grad
    w.grad = None
print(w, w._version)

# --- accumulating_over_parts_of_a_batch
w = torch.tensor([1.0, -1.0], requires_grad=True)
x = torch.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0], [7.0, 8.0]])
full = ((x @ w) ** 2).mean()
full.backward()
whole = w.grad.clone()
w.grad = None
for part in x.split(2):
    loss = ((part @ w) ** 2).mean() / 2
    loss.backward()
print(whole, w.grad)

# --- momentum
w = torch.tensor([1.0], requires_grad=True)
opt = torch.optim.SGD([w], lr=0.1, momentum=0.9)
for i in range(3):
    opt.zero_grad()
    (w * w).sum().backward()
    opt.step()
    print(w)

# --- adam
w = torch.tensor([1.0, -2.0], requires_grad=True)
opt = torch.optim.Adam([w], lr=0.1)
for i in range(3):
    opt.zero_grad()
    (w * w).sum().backward()
    opt.step()
    print(w)

# --- adamw
w = torch.tensor([1.0, -2.0], requires_grad=True)
opt = torch.optim.AdamW([w], lr=0.1)
for i in range(2):
    opt.zero_grad()
    (w ** 4).sum().backward()
    opt.step()
    print(w)

# --- weight_decay
w = torch.tensor([1.0, -2.0], requires_grad=True)
opt = torch.optim.SGD([w], lr=0.5, weight_decay=0.1)
w.sum().backward()
opt.step()
print(w)

# --- optimizer_of_a_computed_tensor
w = torch.ones(2, requires_grad=True) * 2
opt = torch.optim.SGD([w], lr=0.1)

# --- optimizer_of_nothing
opt = torch.optim.SGD([], lr=0.1)

# --- optimizer_of_a_bare_tensor
w = torch.ones(2, requires_grad=True)
opt = torch.optim.SGD(w, lr=0.1)

# --- step_without_gradients
w = torch.ones(2, requires_grad=True)
opt = torch.optim.SGD([w], lr=0.1)
opt.step()
print(w)
