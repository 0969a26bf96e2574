# --- inference_mode_flags
x = torch.tensor([1., 2.], requires_grad=True)
with torch.inference_mode():
    y = x * 2
print(y.requires_grad, y.is_leaf)
print(y.is_inference())

# --- inference_mode_saved
x = torch.tensor([1., 2.], requires_grad=True)
with torch.inference_mode():
    y = torch.ones(2)
try:
    z = x * y
except RuntimeError as e:
    print(e)
try:
    y.add_(1)
except RuntimeError as e:
    print(e)
try:
    y.requires_grad_()
except RuntimeError as e:
    print(e)
try:
    y.requires_grad = True
except RuntimeError as e:
    print(e)

# --- inference_mode_backward
x = torch.ones(2, requires_grad=True)
y = (x * x).sum()
with torch.inference_mode():
    w = x * 2
    w += 1
    print(w)
y.backward()
print(x.grad)
try:
    w.sum().backward()
except RuntimeError as e:
    print(e)
with torch.inference_mode():
    try:
        v = x.sum()
        v.backward()
    except RuntimeError as e:
        print(e)

# --- inference_tensor_setitem
with torch.inference_mode():
    y = torch.zeros(3)
    y[0] = 1
try:
    y[1] = 2
except RuntimeError as e:
    print(e)
print(y)
try:
    y[0].add_(1)
except RuntimeError as e:
    print(e)
print(y.view(3, 1).is_inference(), y.detach().is_inference(), (y * 2).is_inference())

# --- inference_inplace_leaf
x = torch.ones(2, requires_grad=True)
with torch.inference_mode():
    try:
        x.add_(1)
    except RuntimeError as e:
        print(e)
    x.mul_(2)
print(x)
