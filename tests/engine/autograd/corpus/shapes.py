# --- sizes_that_do_not_fit
torch.ones(3) + torch.ones(4)

# --- products_that_do_not_fit
torch.ones(2, 3) @ torch.ones(2, 3)

# --- product_of_matrix_and_vector_that_do_not_fit
torch.ones(2, 3) @ torch.ones(2)

# --- view_that_does_not_fit
torch.ones(6).view(4, 2)

# --- axis_that_is_not_there
torch.ones(2).sum(dim=3)

# --- index_out_of_range
torch.ones(2)[5]

# --- too_many_indices
torch.ones(2)[0, 0]

# --- truth_of_several
x = torch.tensor([1.0, 2.0])
if x:
    print("never")

# --- truth_of_one
x = torch.tensor([0.0])
if x > -1:
    print("yes")
if not x:
    print("zero")

# --- broadcasting
a = torch.ones(3, 1, requires_grad=True)
b = torch.arange(4.0, requires_grad=True)
c = a * b
c.sum().backward()
print(c.shape, a.grad, b.grad)

# --- indexing
x = torch.arange(12.0).reshape(3, 4).requires_grad_()
y = x[1] + x[:, 2].sum() + x[-1, -1] + x[0:2, 1:3].mean()
y.sum().backward()
print(x.grad)

# --- indexing_with_a_list
x = torch.arange(4.0, requires_grad=True)
y = x[[0, 0, 2]]
y.sum().backward()
print(y, x.grad)

# --- indexing_with_a_mask
x = torch.tensor([1.0, -2.0, 3.0], requires_grad=True)
y = x[x > 0]
print(y)
y.sum().backward()
print(x.grad)

# --- where
x = torch.tensor([1.0, -2.0, 0.0], requires_grad=True)
y = torch.where(x > 0, x * x, -x)
y.sum().backward()
print(y, x.grad)

# --- cat_and_stack
a = torch.tensor([1.0, 2.0], requires_grad=True)
b = torch.tensor([3.0], requires_grad=True)
c = torch.cat([a, b])
d = torch.stack([a, a * 2])
print(c, d)
(c.prod() + d.sum()).backward()
print(a.grad, b.grad)

# --- max_takes_one_way
x = torch.tensor([1.0, 3.0, 2.0], requires_grad=True)
x.max().backward()
print(x.grad)

# --- max_of_equals
x = torch.tensor([2.0, 2.0, 1.0], requires_grad=True)
x.max().backward()
print(x.grad)

# --- kinks
x = torch.tensor([0.0], requires_grad=True)
for f in [torch.relu, torch.abs, torch.sqrt, torch.sign]:
    x.grad = None
    f(x).sum().backward()
    print(x.grad)

# --- norm_at_zero
x = torch.zeros(2, requires_grad=True)
x.norm().backward()
print(x.grad)

# --- where_with_nan_behind
x = torch.tensor([0.0, 1.0], requires_grad=True)
y = torch.where(x > 0, torch.log(x), torch.zeros(2))
y.sum().backward()
print(y, x.grad)

# --- mean_of_integers
torch.arange(3).mean()

# --- integers_and_floats
i = torch.tensor([1, 2])
print(i / 2, i * 2, i * 1.5, i // 2, i % 2, i + torch.tensor([0.5, 0.5]), i.float(), i.sum(), i > 1)

# --- precisions_meet
a = torch.tensor([1.0], requires_grad=True)
b = torch.tensor([2.0], dtype=torch.float64)
c = a * b
print(c.dtype, c)
c.backward()
print(a.grad, a.grad.dtype)

# --- matrix_vector
A = torch.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
x = torch.tensor([1.0, -1.0], requires_grad=True)
y = A @ x
y.backward(torch.tensor([1.0, 2.0]))
print(y, A.grad, x.grad)

# --- reductions
x = torch.tensor([[1.0, 2.0], [3.0, 5.0]], requires_grad=True)
print(x.sum(), x.sum(dim=0), x.mean(dim=1, keepdim=True), x.prod(), x.std(), x.var(unbiased=False), x.argmax(), x.norm())

# --- chunk_split_unbind
x = torch.arange(6.0, requires_grad=True)
a, b = x.chunk(2)
c, d, e = x.split([1, 2, 3])
first, *rest = x.unbind()
print(a, d, first, len(rest))
(a.sum() * 2 + e.sum()).backward()
print(x.grad)

# --- expand_and_repeat
x = torch.tensor([1.0, 2.0], requires_grad=True)
y = x.expand(3, 2).sum() + x.repeat(2, 2).sum()
y.backward()
print(x.grad, x.repeat(2))

# --- einsum
a = torch.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
y = torch.einsum("ij,kj->ik", a, a)
y.trace().backward()
print(y, a.grad)

# --- cumulative
x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
y = x.cumsum(0)
y[-1].backward()
print(y, x.grad)

# --- a_ragged_list
torch.tensor([[1.0, 2.0], [3.0]])

# --- a_tensor_of_text
torch.tensor("a")

# --- a_tensor_of_a_tensor
x = torch.tensor([1.0, 2.0])
y = torch.tensor(x)
print(y)

# --- adding_a_list
torch.ones(2) + [1, 2]

# --- iterating
for row in torch.arange(4).reshape(2, 2):
    print(row, row.sum().item())
