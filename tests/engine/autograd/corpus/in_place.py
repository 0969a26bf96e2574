# --- on_a_leaf
x = torch.tensor([1.0, 2.0], requires_grad=True)
x += 1

# --- on_a_leaf_by_method
x = torch.tensor([1.0, 2.0], requires_grad=True)
x.zero_()

# --- on_a_view_of_a_leaf
x = torch.tensor([1.0, 2.0], requires_grad=True)
x[0] = 5.0

# --- what_was_saved_for_a_product
x = torch.tensor([1.0, 2.0], requires_grad=True)
y = x * 1
z = y * y
y += 1
z.sum().backward()

# --- what_was_saved_for_exp
x = torch.tensor([1.0, 2.0], requires_grad=True)
y = x.exp()
y *= 2
y.sum().backward()

# --- what_was_saved_for_sigmoid
x = torch.tensor([[1.0, 2.0]], requires_grad=True)
y = torch.sigmoid(x)
y.add_(1)
y.sum().backward()

# --- what_was_saved_for_a_matrix_product
w = torch.ones(2, 2, requires_grad=True)
x = torch.ones(2, 2)
y = x @ w
x.add_(1)
y.sum().backward()

# --- what_was_saved_for_relu
x = torch.tensor([1.0, -2.0], requires_grad=True)
y = torch.relu(x)
y += 1
y.sum().backward()

# --- what_was_saved_for_pow
x = torch.tensor([1.0, 2.0], requires_grad=True)
a = x + 0
y = a ** 3
a.mul_(2)
y.sum().backward()

# --- a_sum_saved_nothing
x = torch.tensor([1.0, 2.0], requires_grad=True)
y = x + 1
z = y + y
y += 1
z.sum().backward()
print(x.grad, y)

# --- before_it_is_used
x = torch.tensor([1.0, 2.0], requires_grad=True)
y = x * 2
y += 1
z = y * y
z.sum().backward()
print(y, x.grad)

# --- relu_in_place
x = torch.tensor([1.0, -2.0], requires_grad=True)
y = (x * 3).relu_()
print(y)
y.sum().backward()
print(x.grad)

# --- an_entry_is_written
x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
y = x * 2
y[0] = 10.0
print(y)
y.sum().backward()
print(x.grad)

# --- an_entry_is_written_by_a_tensor
x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
w = torch.tensor(4.0, requires_grad=True)
y = x * 2
y[1] = w * w
y.sum().backward()
print(x.grad, w.grad)

# --- a_result_is_filled_entry_by_entry
w = torch.tensor([1.0, 2.0], requires_grad=True)
out = torch.zeros(3)
for i in range(3):
    out[i] = (w * i).sum()
print(out)
out.sum().backward()
print(w.grad)

# --- a_slice_is_written
x = torch.arange(4.0, requires_grad=True)
y = x * 1
y[1:3] = 0
y.sum().backward()
print(y, x.grad)

# --- a_row_is_written
m = torch.zeros(2, 3)
m[0] = torch.tensor([1.0, 2.0, 3.0])
m[1, 2] = 9
print(m, m._version)

# --- a_row_of_the_wrong_size
m = torch.zeros(2, 3)
m[0] = torch.tensor([1.0, 2.0])

# --- writing_into_integers
m = torch.zeros(2, dtype=torch.int64)
m[0] = 2
m.add_(1)
print(m)
m.add_(0.5)

# --- the_wrong_shape
x = torch.zeros(2)
x.add_(torch.ones(3, 2))

# --- an_expanded_tensor
x = torch.zeros(1).expand(3)
x.add_(1)

# --- mul_by_a_leaf
a = torch.ones(2)
w = torch.tensor([2.0, 3.0], requires_grad=True)
a *= w
print(a.is_leaf, a)
a.sum().backward()
print(w.grad)

# --- fill_and_copy
x = torch.tensor([1.0, 2.0], requires_grad=True)
a = torch.zeros(2)
a.fill_(3)
print(a)
a.copy_(x * 2)
print(a)
a.sum().backward()
print(x.grad)

# --- clamp_in_place_without_a_record
w = torch.tensor([-2.0, 0.5, 2.0])
w.clamp_(-1, 1)
print(w)
w.sub_(torch.ones(3), alpha=2)
print(w)

# --- a_list_grows_with_plus
a = [1]
b = a
a += [2]
print(a, b)

# --- unary_chain_in_place
x = torch.tensor([4.0, 9.0])
x.sqrt_().neg_().exp_()
print(x)
