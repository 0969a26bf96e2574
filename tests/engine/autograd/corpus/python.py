# --- functions
def square(x, times=1):
    """Return a multiple of the square."""
    return times * x * x
x = torch.tensor(3.0, requires_grad=True)
y = square(x) + square(x, times=2)
y.backward()
print(y, x.grad)

# --- recursion
def power(x, n):
    if n == 0:
        return 1
    return x * power(x, n - 1)
x = torch.tensor(2.0, requires_grad=True)
power(x, 4).backward()
print(x.grad)

# --- a_loop_decides_the_graph
x = torch.tensor(0.5, requires_grad=True)
y = x
n = 0
while y.norm() < 100:
    y = y * 2
    n += 1
y.backward()
print(n, x.grad)

# --- a_branch_decides_the_graph
def f(a):
    b = a * 2
    if b.sum() > 0:
        c = b
    else:
        c = 100 * b
    return c
a = torch.tensor(-1.0, requires_grad=True)
d = f(a)
d.backward()
print(a.grad, a.grad == d / a)

# --- break_and_continue
total = 0
for i in range(10):
    if i % 2:
        continue
    if i > 6:
        break
    total += i
else:
    print("never")
print(total, i)

# --- comprehensions
xs = [torch.tensor(float(i), requires_grad=True) for i in range(3)]
loss = sum(x * i for i, x in enumerate(xs))
loss.backward()
print([x.grad for x in xs])
print({k: v for k, v in zip("ab", [1, 2])}, [i for i in range(5) if i % 2 == 0])

# --- catching_an_error
x = torch.tensor([1.0, 2.0], requires_grad=True)
try:
    (x * 2).backward()
except RuntimeError as e:
    print("RuntimeError:", e)
finally:
    print("finally")

# --- catching_another_error
try:
    torch.ones(2)[3]
except IndexError as e:
    print(type(e).__name__, e)

# --- raising
def check(x):
    if x < 0:
        raise ValueError("negative")
    return x
try:
    check(-1)
except ValueError as error:
    print(error)
check(-2)

# --- assertions
x = torch.tensor([1.0])
assert x.requires_grad, "it should require grad"

# --- a_name_that_is_not_there
print(y)

# --- a_key_that_is_not_there
d = {"a": 1}
d["b"]

# --- division_by_zero
1 / 0

# --- none_has_no_attributes
x = torch.tensor(1.0, requires_grad=True)
x.grad.item()

# --- calling_what_is_no_function
x = torch.tensor(1.0)
x()

# --- a_missing_argument
def f(a, b):
    return a
f(1)

# --- closures
def make(k):
    def f(x):
        return k * x
    return f
double = make(2)
x = torch.tensor(5.0, requires_grad=True)
double(x).backward()
print(x.grad)

# --- lambdas_and_sorting
fs = {"sq": lambda x: x ** 2, "id": lambda x: x}
for name in sorted(fs):
    print(name, fs[name](3))
print(sorted([3, 1, 2], reverse=True), max([1, 5, 2]), min(3, 2), abs(-4), round(2.567, 1))

# --- strings
s = "a,b,c"
print(s.split(","), "-".join(["x", "y"]), s.upper(), s.replace(",", ";"), len(s), s[0], "b" in s)

# --- imports
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import optim
from torch.autograd import grad
import math
print(math.pi, math.sqrt(2.0))
x = torch.tensor(1.0, requires_grad=True)
print(grad(x * 2, x))

# --- unpacking
a, b = 1, 2
a, b = b, a
(c, d), e = (3, 4), 5
first, *rest = [1, 2, 3]
print(a, b, c, d, e, first, rest)

# --- chained_comparisons
x = 3
print(1 < x < 5, 1 < x > 5, x == 3 and not x != 3, x in [1, 2, 3], None is None)

# --- numbers
print(7 // 2, -7 // 2, 7 % 3, 2 ** 10, 7 / 2, 1e3, int(3.9), float(2), bool(0), 10 ** -2)

# --- del_removes_a_name
x = torch.ones(1)
del x
print("gone")

# --- global_names
count = 0
def up():
    global count
    count += 1
up()
up()
print(count)

# --- walrus_and_conditional
y = (n := 3) + 1
print(n, y, "big" if y > 3 else "small")

# --- a_dict_of_weights
params = {"w": torch.tensor(2.0, requires_grad=True), "b": torch.tensor(0.5, requires_grad=True)}
loss = (params["w"] * 3 + params["b"]) ** 2
loss.backward()
for name, p in params.items():
    print(name, p.grad)

# --- a_rnn_by_hand
torch.manual_seed(0)
Wx = torch.randn(2, 3, requires_grad=True)
Wh = torch.randn(2, 2, requires_grad=True)
h = torch.zeros(2)
for x in torch.randn(4, 3):
    h = torch.tanh(Wx @ x + Wh @ h)
h.sum().backward()
print(h)
print((Wh.grad * 1000).round())

# --- logistic_regression_by_hand
torch.manual_seed(0)
X = torch.randn(6, 2)
t = (X[:, 0] > 0).float()
w = torch.zeros(2, requires_grad=True)
b = torch.zeros(1, requires_grad=True)
for i in range(3):
    p = torch.sigmoid(X @ w + b)
    loss = -(t * torch.log(p) + (1 - t) * torch.log(1 - p)).mean()
    loss.backward()
    with torch.no_grad():
        w -= 0.5 * w.grad
        b -= 0.5 * b.grad
        w.grad.zero_()
        b.grad.zero_()
    print(f"{loss.item():.4f}", w, b)

# --- variables_of_old
from torch.autograd import Variable
x = Variable(torch.ones(2), requires_grad=True)
y = (x * 3).sum()
y.backward()
print(x.grad.data)
