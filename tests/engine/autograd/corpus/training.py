# --- two_groups_of_weights
torch.manual_seed(0)
net = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 1))
opt = optim.SGD([
    {"params": net[0].parameters()},
    {"params": net[1].parameters(), "lr": 0.5},
], lr=0.1, momentum=0.9)
print(opt)
for _ in range(3):
    opt.zero_grad()
    net(torch.ones(1, 2)).sum().backward()
    opt.step()
print([g["lr"] for g in opt.param_groups], net[1].bias)

# --- the_rate_is_set_by_hand
w = torch.tensor([1.0], requires_grad=True)
opt = optim.SGD([w], lr=0.1)
for epoch in range(3):
    if epoch == 2:
        for group in opt.param_groups:
            group["lr"] = 0.01
    opt.zero_grad()
    (w**2).backward()
    opt.step()
    print(w.item())

# --- rmsprop
w = torch.tensor([1.0, -2.0], requires_grad=True)
opt = optim.RMSprop([w], lr=0.1, momentum=0.5)
print(opt)
for _ in range(3):
    opt.zero_grad()
    (w**2).sum().backward()
    opt.step()
    print(w)

# --- rmsprop_centered
w = torch.tensor([1.0, -2.0], requires_grad=True)
opt = optim.RMSprop([w], lr=0.01, alpha=0.9, centered=True, weight_decay=0.1)
for _ in range(3):
    opt.zero_grad()
    (w**2).sum().backward()
    opt.step()
    print(w)

# --- adagrad
w = torch.tensor([1.0, -2.0], requires_grad=True)
opt = optim.Adagrad([w], lr=0.5, lr_decay=0.1)
for _ in range(3):
    opt.zero_grad()
    (w**2).sum().backward()
    opt.step()
    print(w)

# --- adamw_with_groups
w = torch.tensor([1.0, -2.0], requires_grad=True)
b = torch.zeros(1, requires_grad=True)
opt = torch.optim.AdamW([
    {"params": [w], "weight_decay": 0.1}, {"params": [b], "weight_decay": 0.0}
], lr=0.05)
for _ in range(3):
    opt.zero_grad()
    ((w**2).sum() + b * 3).backward()
    opt.step()
print(w, b)

# --- adam_amsgrad_and_maximize
w = torch.tensor([1.0, -2.0], requires_grad=True)
opt = torch.optim.Adam([w], lr=0.05, amsgrad=True, maximize=True)
for _ in range(3):
    opt.zero_grad()
    (-(w**2)).sum().backward()
    opt.step()
print(w)

# --- step_lr
w = torch.tensor([1.0], requires_grad=True)
opt = optim.SGD([w], lr=0.1)
scheduler = optim.lr_scheduler.StepLR(opt, step_size=2, gamma=0.1)
for epoch in range(5):
    opt.zero_grad()
    (w**2).backward()
    opt.step()
    scheduler.step()
    print(epoch, scheduler.get_last_lr(), w.item())

# --- other_schedules
from torch.optim.lr_scheduler import CosineAnnealingLR, ExponentialLR, LambdaLR, MultiStepLR


def rates(make):
    w = torch.zeros(1, requires_grad=True)
    opt = optim.SGD([w], lr=1.0)
    scheduler = make(opt)
    found = []
    for _ in range(6):
        opt.step()
        scheduler.step()
        found.append(round(opt.param_groups[0]["lr"], 6))
    return found


print(rates(lambda opt: ExponentialLR(opt, gamma=0.9)))
print(rates(lambda opt: MultiStepLR(opt, milestones=[2, 4], gamma=0.5)))
print(rates(lambda opt: CosineAnnealingLR(opt, T_max=5)))
print(rates(lambda opt: LambdaLR(opt, lr_lambda=lambda e: 1 / (e + 1))))

# --- a_schedule_before_its_optimizer
w = torch.zeros(1, requires_grad=True)
opt = optim.SGD([w], lr=0.1)
scheduler = optim.lr_scheduler.StepLR(opt, 1)
scheduler.step()
print(opt.param_groups[0]["lr"])

# --- a_plateau
w = torch.zeros(1, requires_grad=True)
opt = optim.SGD([w], lr=0.1)
scheduler = optim.lr_scheduler.ReduceLROnPlateau(opt, factor=0.5, patience=1)
for loss in [1.0, 0.9, 0.9, 0.9, 0.9, 0.8]:
    opt.step()
    scheduler.step(loss)
    print(opt.param_groups[0]["lr"])

# --- an_optimizer_of_nothing
try:
    optim.SGD([], lr=0.1)
except ValueError as e:
    print(e)
w = torch.ones(1, requires_grad=True)
try:
    optim.SGD([w], lr=-1)
except ValueError as e:
    print(e)
try:
    optim.SGD([w * 2], lr=0.1)
except ValueError as e:
    print(e)

# --- the_same_weight_in_two_groups
w = torch.ones(1, requires_grad=True)
optim.SGD([{"params": [w]}, {"params": [w]}], lr=0.1)

# --- adding_a_group
a, b = torch.ones(1, requires_grad=True), torch.ones(1, requires_grad=True)
opt = optim.SGD([a], lr=0.1)
opt.add_param_group({"params": [b], "lr": 0.2})
(a * b).backward()
opt.step()
print(a, b, len(opt.param_groups))

# --- clipping
torch.manual_seed(0)
net = nn.Linear(2, 1)
net(torch.tensor([[30.0, 40.0]])).sum().backward()
total = nn.utils.clip_grad_norm_(net.parameters(), max_norm=1.0)
print(total, net.weight.grad, net.bias.grad)
nn.utils.clip_grad_value_(net.parameters(), 0.5)
print(net.weight.grad)

# --- initial_values
torch.manual_seed(0)
w = torch.zeros(3, 4)
print(nn.init.xavier_uniform_(w))
print(nn.init.kaiming_uniform_(w, nonlinearity="relu"))
print(nn.init.xavier_normal_(w, gain=nn.init.calculate_gain("tanh")))
print(nn.init.kaiming_normal_(w, mode="fan_out"))
print(nn.init.uniform_(w, -1, 1))
print(nn.init.constant_(w, 0.3), nn.init.zeros_(w), nn.init.ones_(w), nn.init.eye_(w))

# --- initialising_layers
def init(m):
    if type(m) == nn.Linear:
        nn.init.xavier_uniform_(m.weight)
        nn.init.zeros_(m.bias)


torch.manual_seed(0)
net = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1))
net.apply(init)
print(net[0].weight, net[2].bias, net[0].weight._version, type(net[1]))

# --- deep_copies
import copy

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(1, 1), nn.ReLU())
twin = copy.deepcopy(net)
with torch.no_grad():
    net[0].weight.fill_(9.0)
print(net[0].weight, twin[0].weight, twin(torch.ones(1)))
x = torch.ones(1, requires_grad=True)
print(copy.deepcopy(x), copy.deepcopy([x, 2])[1])
try:
    copy.deepcopy(x * 2)
except RuntimeError as e:
    print(e)

# --- gradients_of_functions
from torch.func import grad

f = lambda x: x**3
x = torch.tensor(2.0)
print(grad(f)(x), grad(grad(f))(x), grad(grad(grad(f)))(x))
print(grad(lambda a, b: (a * b).sum(), argnums=(0, 1))(torch.ones(2), torch.tensor([3.0, 4.0])))
print(torch.func.grad_and_value(f)(x))
print(torch.func.jacrev(lambda x: x**2)(torch.tensor([1.0, 2.0])))
print(torch.func.hessian(lambda x: (x**3).sum())(torch.tensor([1.0, 2.0])))

# --- a_gradient_of_no_number
torch.func.grad(lambda x: x * 2)(torch.ones(2))

# --- products_with_jacobians
from torch.autograd.functional import hessian, hvp, jacobian, vjp

x = torch.tensor([1.0, 2.0])
print(jacobian(lambda x: x**2, x))
print(hessian(lambda x: (x**3).sum(), x))
print(vjp(lambda x: x**2, x, torch.tensor([1.0, 0.5])))
print(hvp(lambda x: (x**3).sum(), x, torch.tensor([1.0, 0.5])))

# --- a_check_of_gradients
from torch.autograd import gradcheck

x = torch.tensor([0.5, -1.0], dtype=torch.double, requires_grad=True)
print(gradcheck(lambda x: (x**2 * x.sin()).sum(), (x,), eps=1e-6, atol=1e-4))


class Wrong(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x**2

    @staticmethod
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        return 3 * x * g


print(gradcheck(Wrong.apply, (x,), raise_exception=False))
try:
    gradcheck(Wrong.apply, (x,))
except RuntimeError as e:
    print(type(e).__name__)
