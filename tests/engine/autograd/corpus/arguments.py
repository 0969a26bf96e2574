# --- arguments_by_name_stand_where_their_places_are
x = torch.tensor([[1.0, 2.0], [3.0, 5.0]], requires_grad=True)
print(torch.ones_like(input=x), torch.eye(n=2), torch.max(input=x, dim=0).values)
print(torch.where(condition=x > 2, input=x, other=-x))
print(torch.add(x, other=x, alpha=2), x.sub(x, alpha=3), torch.sub(x, 1, alpha=3))
print(torch.mm(x, mat2=x), torch.dot(x[0], tensor=x[1]), torch.matmul(input=x, other=x))
print(torch.split(x, split_size_or_sections=1)[0], x.split(split_size=1, dim=1)[1])
print(x.repeat(repeats=(1, 2)), torch.cat(tensors=[x, x], dim=1))

# --- a_slope_is_no_scale_of_the_second_operand
x = torch.tensor([-1.0, 2.0], requires_grad=True)
print(F.elu(x, alpha=2.0), F.celu(x, alpha=2.0))
F.elu(x, alpha=2.0).sum().backward()
print(x.grad)

# --- relu_over_its_own_operand
x = torch.tensor([-1.0, 2.0], requires_grad=True)
y = x * 1
z = F.relu(y, inplace=True)
print(y, z is y, y._version)
z.sum().backward()
print(x.grad)

# --- relu_over_a_leaf
x = torch.tensor([-1.0, 2.0], requires_grad=True)
F.relu(x, inplace=True)

# --- tensors_like_another
x = torch.tensor([[1.0, 2.0], [3.0, 5.0]], dtype=torch.float64, requires_grad=True)
print(x.new_zeros(2), x.new_ones((2, 3), dtype=torch.int64), x.new_full((2,), 3.0))
print(x.new_tensor([1, 2]), x.type(), x.type(torch.float32))
print(x.to(torch.float64, copy=True) is x, x.to(torch.float64) is x)

# --- the_old_constructor
print(torch.Tensor([1, 2]), torch.Tensor(2, 3).shape, torch.Tensor())
print(torch.normal(torch.zeros(3), 1.0).shape, torch.normal(0.0, torch.ones(2, 2)).shape)
print(torch.strided, torch.ones(2, layout=torch.strided).clone(memory_format=torch.preserve_format))

# --- quantiles_and_distances
x = torch.tensor([[1.0, 2.0], [3.0, 5.0]], requires_grad=True)
print(torch.quantile(x, 0.5), torch.quantile(x, 0.3, dim=1))
print(torch.quantile(x, torch.tensor([0.2, 0.6]), dim=0), x.quantile(0.25, dim=0, keepdim=True))
print(torch.cdist(x, x + 1), torch.cdist(x, x + 1, p=1), torch.dist(x, x + 1))
torch.quantile(x, 0.4).backward()
print(x.grad)

# --- a_quantile_that_is_none
torch.quantile(torch.tensor([1.0, 2.0]), 1.5)

# --- grids
a = torch.tensor([1.0, 2.0], requires_grad=True)
b = torch.tensor([1.0, 2.0, 3.0])
X, Y = torch.meshgrid(a, b, indexing="ij")
print(X, Y)
(X * Y).sum().backward()
print(a.grad)
print(torch.meshgrid(a, b, indexing="xy")[0])

# --- solved_and_differentiated
A = torch.tensor([[2.0, 0.0], [0.0, 4.0]], requires_grad=True)
x = torch.linalg.solve(A, torch.tensor([2.0, 2.0]))
print(x)
x.sum().backward()
print(A.grad)

# --- adding_at_places
x = torch.zeros(2, 2, requires_grad=True)
s = torch.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
y = x.scatter_add(dim=1, index=torch.tensor([[0, 0], [1, 0]]), src=s)
print(y)
y[0, 0].backward()
print(x.grad, s.grad)

# --- weights_of_binary_cross_entropy
v = torch.tensor([0.2, 0.9, 0.4], requires_grad=True)
t = torch.tensor([0.0, 1.0, 1.0])
print(F.binary_cross_entropy_with_logits(v, t, pos_weight=torch.tensor(3.0)))
print(F.binary_cross_entropy_with_logits(v, t, weight=t + 1, reduction="none"))
print(F.binary_cross_entropy(v, t, weight=t + 2, reduction="sum"), nn.BCELoss()(input=v, target=t))
nn.BCEWithLogitsLoss(pos_weight=torch.tensor([2.0]))(v, t).backward()
print(v.grad)

# --- a_layer_without_its_operand
nn.Linear(2, 2)()

# --- a_layer_with_an_argument_it_does_not_have
nn.Linear(2, 2)(foo=torch.ones(2))

# --- a_layer_called_by_name
torch.manual_seed(seed=0)
print(nn.Sequential(nn.Linear(2, 1))(input=torch.ones(2)).shape)

# --- a_function_without_its_operand
torch.zeros_like()

# --- a_function_without_its_second_operand
torch.transpose(torch.ones(2, 2), 0)

# --- clipping_where_there_is_no_gradient
x = torch.ones(2, requires_grad=True)
print(nn.utils.clip_grad_norm_(parameters=[x], max_norm=1.0))
(3 * x).sum().backward()
print(nn.utils.clip_grad_norm_([x], max_norm=1.0, norm_type=1.0), x.grad)

# --- bases_and_strict_pairs
print(int("ff", base=16), list(zip([1, 2], [3, 4], strict=True)))
list(zip([1, 2], [3], strict=True))

# --- a_jacobian_that_is_differentiated_again
x = torch.tensor([1.0, 2.0], requires_grad=True)
J = torch.autograd.functional.jacobian(lambda v: v ** 2, x, create_graph=True)
J.sum().backward()
print(J.shape, x.grad)
