# --- whole_numbers
print(torch.tensor([1.0, 2.0, 3.0]), torch.tensor([1, 2, 3]), torch.tensor([True, False]))

# --- mixed_sizes
print(torch.tensor([0.001, 1.0]), torch.tensor([0.0001, 1.0]), torch.tensor([1e-5, 1.0]))
print(torch.tensor([1000.0, 1.5]), torch.tensor([100000.0, 0.5]), torch.tensor([1e9, 1.0]))

# --- negative_and_zero
print(torch.tensor([-1.0, 0.0, 2.5]), torch.tensor([0.0, 0.0]), torch.tensor([-0.0]))

# --- not_numbers
nan = float("nan")
inf = float("inf")
print(torch.tensor([nan, 1.0]), torch.tensor([inf, -inf]), torch.tensor([1.5, inf]), torch.tensor(nan))

# --- scalars
print(torch.tensor(3), torch.tensor(3.0), torch.tensor(3.14159), torch.tensor(1e10), torch.tensor(1e-10), torch.tensor(True))

# --- matrices
print(torch.arange(6).reshape(2, 3))
print(torch.arange(6.0).reshape(2, 3) / 4)
print(torch.arange(8).reshape(2, 2, 2))

# --- long_vectors_break
print(torch.arange(30))
print(torch.arange(30.0) / 7)

# --- large_tensors_are_shortened
print(torch.arange(2000))
print(torch.zeros(60, 60))
print(torch.arange(1001.0))

# --- exactly_a_thousand
print(torch.zeros(10, 100)[0, :5], torch.arange(1000)[-3:])

# --- other_precisions
print(torch.tensor([1.5], dtype=torch.float64), torch.tensor([1], dtype=torch.int32), torch.zeros(2, dtype=torch.float16))

# --- empty_tensors
print(torch.tensor([]), torch.zeros(0, 3), torch.zeros(2, 0), torch.tensor([], dtype=torch.int64))

# --- suffixes
x = torch.tensor([1.0], requires_grad=True)
print(x, x * 2, x.double(), torch.ones(1, dtype=torch.float64, requires_grad=True))

# --- suffixes_break_lines
x = torch.linspace(0, 1, 7, requires_grad=True)
print(x)
print(x * 2)
print(torch.linspace(0, 1, 9, requires_grad=True))
print(torch.zeros(8, requires_grad=True) + 0.123)

# --- shapes_and_types
x = torch.zeros(2, 3)
print(x.shape, x.size(), x.size(0), x.dtype, x.device, x.shape[1], len(x.shape), tuple(x.shape))
print(torch.Size([2, 3]) == x.shape, x.shape == (2, 3))

# --- formats
x = torch.tensor(2.34567)
print(f"{x:.2f} {x.item():8.3f} {3:03d} {'a':>4} {1e6:,.0f} {0.5:.1%}")
print("%.3f %d %s" % (1.5, 2, "three"))
print("{} {:.2f} {name}".format(1, 2.0, name="x"))

# --- lists_and_dicts
x = torch.tensor([1.0, 2.0])
print([x, 1, "a"], (x,), {"k": x, 2: None})

# --- sep_and_end
print(1, 2, 3, sep=", ", end="!\n")
print()
print("a", None, True, 1.0, 1e20, 1e-7)

# --- tolist_and_item
x = torch.tensor([[1.0, 2.5], [0.1, 3.0]])
print(x.tolist(), x[0, 1].item(), torch.tensor(7).item(), torch.tensor(True).item())

# --- item_of_several
torch.tensor([1.0, 2.0]).item()

# --- results_with_names
x = torch.tensor([[1.0, 5.0], [7.0, 2.0]])
print(torch.max(x, dim=1))
print(x.min(0))
values, places = x.max(1)
print(values, places)
print(x.sort(1))

# --- a_wide_matrix
print(torch.arange(40.0).reshape(2, 20) * 1.5)

# --- powers_of_ten
print(torch.tensor([1e-8, 1.0, 1e8]))
print(torch.tensor([[1e-3, 1e3], [1.0, 2.0]]))
print(torch.tensor([12345678.0, 1.0]), torch.tensor([123456789.0]))

# --- cuda_is_not_here
print(torch.device("cpu"), torch.zeros(1).device == torch.device("cpu"))
x = torch.zeros(2).to("cpu")
print(x.device.type, x.is_cuda)

# --- random_numbers
torch.manual_seed(42)
print(torch.rand(3))
print(torch.randn(3))
print(torch.randn(4, 5))
print(torch.randint(0, 10, (5,)))
print(torch.randperm(6))
print(torch.rand(2, dtype=torch.float64))

# --- random_numbers_after_an_odd_count
torch.manual_seed(7)
print(torch.randn(1), torch.randn(2), torch.randn(17), torch.randn(3))

# --- random_numbers_again
torch.manual_seed(0)
a = torch.randn(2, 2)
torch.manual_seed(0)
b = torch.randn(2, 2)
print(torch.equal(a, b), a)
print(torch.randn_like(a), torch.rand_like(a))
