# --- a_view_of_a_leaf_must_not_be_written_to
x = torch.zeros(4, requires_grad=True)
try:
    x[1:].fill_(1)
except RuntimeError as e:
    print(e)
try:
    x.view(2, 2).add_(1)
except RuntimeError as e:
    print(e)

# --- adding_to_an_entry_in_place
x = torch.arange(4., requires_grad=True)
y = x * 1
y[0].add_(10)
print(y)
y.sum().backward()
print(x.grad)

# --- multiplying_a_slice_in_place
x = torch.arange(4., requires_grad=True)
y = x.clone()
v = y[1:3]
v.mul_(2)
print(y)
print(v)
y.pow(2).sum().backward()
print(x.grad)

# --- a_row_is_set_to_zero
x = torch.ones(3, 3, requires_grad=True)
y = x * 2
y[0].zero_()
print(y)
y.sum().backward()
print(x.grad)

# --- what_unbind_gives_must_not_be_written_to
x = torch.ones(2, requires_grad=True)
y = x.clone()
a, b = y.unbind()
try:
    a.add_(1)
except RuntimeError as e:
    print(e)

# --- a_view_of_a_changed_base_is_a_view_of_what_it_became
x = torch.tensor([1., 2.], requires_grad=True)
y = x * 1
v = y[0:1]
y.mul_(3)
print(v)
v.sum().backward()
print(x.grad)

# --- an_entry_in_double_precision_is_a_view
x = torch.tensor([1., 2.], dtype=torch.float64, requires_grad=True)
y = x * 1
y[0].mul_(5)
print(y)
y.sum().backward()
print(x.grad)

# --- a_view_of_a_view_is_written_to
x = torch.ones(2, 3, requires_grad=True)
y = x * 2
y[1][2].mul_(x[0, 0])
y.t()[0].exp_()
print(y)
y.sum().backward()
print(x.grad)

# --- writing_a_recorded_value_into_a_plain_tensor_row_by_row
w = torch.tensor(2., requires_grad=True)
out = torch.zeros(3, 2)
for i in range(3):
    out[i].add_(w * i)
print(out)
out.sum().backward()
print(w.grad)

# --- an_assignment_through_a_view
x = torch.ones(4, requires_grad=True)
y = x * 2
v = y[1:]
v[0] = 10
v[[1, 2]] = x[:2]
print(y)
(y * y).sum().backward()
print(x.grad)

# --- a_piece_of_split_must_not_be_written_to
x = torch.ones(4, requires_grad=True)
a, b = (x * 2).split(2)
a.zero_()

# --- the_second_derivative_through_a_view_written_to
x = torch.tensor([1., 2.], requires_grad=True)
y = x ** 3
y[0].mul_(x[1])
g, = torch.autograd.grad(y.sum(), x, create_graph=True)
print(g.detach())
g.sum().backward()
print(x.grad)

# --- rows_of_a_parameter_without_record
w = torch.ones(2, 2, requires_grad=True)
with torch.no_grad():
    w[0].mul_(5)
    w[1] -= 1
print(w)

# --- retained_gradient_of_a_tensor_written_through_a_view
x = torch.tensor([1., 2.], requires_grad=True)
y = x * 1
y.retain_grad()
y[0].mul_(3)
y.sum().backward()
print(x.grad)

# --- a_view_kept_for_backward_then_written_to
x = torch.tensor([1., 2.], requires_grad=True)
y = x * 1
z = y ** 2
y[0].fill_(5)
z.sum().backward()
