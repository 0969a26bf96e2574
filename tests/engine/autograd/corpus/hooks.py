# --- a_hook_sees_the_gradient
x = torch.tensor(2.0, requires_grad=True)
y = x * 3
y.register_hook(lambda g: print("gradient", g))
(y * y).backward()
print(x.grad)

# --- a_hook_replaces_the_gradient
x = torch.tensor([1.0, 2.0], requires_grad=True)
x.register_hook(lambda g: g * 10)
(x * 2).sum().backward()
print(x.grad)

# --- a_hook_is_removed
x = torch.tensor(1.0, requires_grad=True)
h = x.register_hook(lambda g: g * 100)
h.remove()
(x * 2).backward()
print(x.grad)

# --- a_hook_that_clips
w = torch.tensor([1.0, 2.0], requires_grad=True)
w.register_hook(lambda g: g.clamp(-1, 1))
(w * torch.tensor([5.0, 0.5])).sum().backward()
print(w.grad)

# --- a_hook_that_collects
seen = []
x = torch.tensor(2.0, requires_grad=True)
a = x * 2
b = a * 3
a.register_hook(seen.append)
b.register_hook(lambda g: seen.append(g))
b.backward()
print(seen)

# --- a_hook_of_the_wrong_shape
x = torch.tensor([1.0, 2.0], requires_grad=True)
x.register_hook(lambda g: g.sum())
x.sum().backward()

# --- a_hook_that_gives_a_number
x = torch.tensor([1.0, 2.0], requires_grad=True)
x.register_hook(lambda g: 3)
x.sum().backward()

# --- a_hook_where_nothing_flows
x = torch.tensor(1.0)
x.register_hook(lambda g: g)

# --- a_function_as_a_hook
def show(g):
    print("in the hook", g.shape)
    return g / 2
x = torch.tensor([1.0, 2.0], requires_grad=True)
y = x * 4
y.register_hook(show)
y.sum().backward()
print(x.grad)

# --- after_accumulation
w = torch.tensor(1.0, requires_grad=True)
w.register_post_accumulate_grad_hook(lambda p: print("accumulated", p.grad))
(w * 2).backward()
(w * 3).backward()

# --- two_hooks_in_order
x = torch.tensor(1.0, requires_grad=True)
x.register_hook(lambda g: g + 1)
x.register_hook(lambda g: g * 2)
(x * 3).backward()
print(x.grad)

# --- reversed_gradients
x = torch.tensor([1.0, 2.0], requires_grad=True)
f = x * 2
f.register_hook(lambda g: -g)
f.sum().backward()
print(x.grad)
