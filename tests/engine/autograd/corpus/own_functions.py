# --- a_function_of_ones_own
class Square(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x

    @staticmethod
    def backward(ctx, grad_output):
        (x,) = ctx.saved_tensors
        return 2 * x * grad_output


x = torch.tensor([1.0, 2.0], requires_grad=True)
y = Square.apply(x)
print(y, y.grad_fn.name(), y.grad_fn.next_functions[0][0].name())
y.sum().backward()
print(x.grad)

# --- a_function_of_two_arguments
class Scaled(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, w, factor):
        ctx.save_for_backward(x, w)
        ctx.factor = factor
        print(ctx.needs_input_grad)
        return x * w * factor

    @staticmethod
    def backward(ctx, g):
        x, w = ctx.saved_tensors
        gx = gw = None
        if ctx.needs_input_grad[0]:
            gx = g * w * ctx.factor
        if ctx.needs_input_grad[1]:
            gw = g * x * ctx.factor
        return gx, gw, None


x = torch.tensor([1.0, 2.0])
w = torch.tensor([3.0, 4.0], requires_grad=True)
y = Scaled.apply(x, w, 10.0).sum()
y.backward()
print(x.grad, w.grad)

# --- a_function_with_the_wrong_number_of_gradients
class Bad(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, n):
        return x * n

    @staticmethod
    def backward(ctx, g):
        return g


x = torch.ones(2, requires_grad=True)
Bad.apply(x, 3).sum().backward()

# --- a_function_with_a_gradient_of_the_wrong_shape
class Bad(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x * 2

    @staticmethod
    def backward(ctx, g):
        return torch.ones(3)


x = torch.ones(2, requires_grad=True)
Bad.apply(x).sum().backward()

# --- a_function_of_ones_own_a_second_time
class Cube(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x**3

    @staticmethod
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        return 3 * x**2 * g


x = torch.tensor(2.0, requires_grad=True)
y = Cube.apply(x)
y.backward(retain_graph=True)
y.backward()
print(x.grad)
y.backward()

# --- a_function_that_saves_nothing_twice
class Double(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x * 2

    @staticmethod
    def backward(ctx, g):
        return g * 2


x = torch.tensor(2.0, requires_grad=True)
y = Double.apply(x)
y.backward()
y.backward()
print(x.grad)

# --- a_function_of_ones_own_differentiated_twice
class Cube(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x**3

    @staticmethod
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        return 3 * x**2 * g


x = torch.tensor(2.0, requires_grad=True)
(g,) = torch.autograd.grad(Cube.apply(x), x, create_graph=True)
print(g.item(), g.requires_grad)
(h,) = torch.autograd.grad(g, x)
print(h)

# --- a_function_that_keeps_its_result
class Exp(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        y = x.exp()
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, g):
        (y,) = ctx.saved_tensors
        return g * y


x = torch.tensor([0.0, 1.0], requires_grad=True)
y = Exp.apply(x)
y.sum().backward()
print(x.grad)

# --- what_a_function_kept_is_modified
class Square(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x

    @staticmethod
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        return 2 * x * g


a = torch.tensor([1.0, 2.0], requires_grad=True)
x = a * 1
y = Square.apply(x)
x.add_(1)
y.sum().backward()

# --- straight_through
class Sign(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.sign(x)

    @staticmethod
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        return g * (x.abs() <= 1).float()


x = torch.tensor([-2.0, -0.5, 0.5, 2.0], requires_grad=True)
Sign.apply(x).sum().backward()
print(x.grad)

# --- a_reversed_gradient
class Reverse(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, alpha):
        ctx.alpha = alpha
        return x.view_as(x)

    @staticmethod
    def backward(ctx, g):
        return g.neg() * ctx.alpha, None


x = torch.ones(3, requires_grad=True)
y = Reverse.apply(x, 0.5)
(y * 2).sum().backward()
print(x.grad)

# --- a_function_in_no_grad
class Square(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x

    @staticmethod
    def backward(ctx, g):
        return g


x = torch.ones(1, requires_grad=True)
with torch.no_grad():
    y = Square.apply(x)
print(y.requires_grad, y.grad_fn, Square.apply(torch.ones(1)).requires_grad)

# --- setup_context
class Square(torch.autograd.Function):
    @staticmethod
    def forward(x):
        return x * x

    @staticmethod
    def setup_context(ctx, inputs, output):
        (x,) = inputs
        ctx.save_for_backward(x)

    @staticmethod
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        return 2 * x * g


x = torch.tensor(5.0, requires_grad=True)
Square.apply(x).backward()
print(x.grad)

# --- a_function_inside_a_module
class MyReLU(torch.autograd.Function):
    @staticmethod
    def forward(ctx, input):
        ctx.save_for_backward(input)
        return input.clamp(min=0)

    @staticmethod
    def backward(ctx, grad_output):
        (input,) = ctx.saved_tensors
        grad_input = grad_output.clone()
        grad_input[input < 0] = 0
        return grad_input


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(2, 2, bias=False)

    def forward(self, x):
        return MyReLU.apply(self.fc(x))


torch.manual_seed(0)
net = Net()
y = net(torch.ones(1, 2))
print(y)
y.sum().backward()
print(net.fc.weight.grad)
