"""The learner's classes run in the worker; here the functions behind torch's optimizers make the same steps.

Building an `Optimizer` would import torch's compiler, for 0.7 s in each process. Here none is built, and in the worker
`light` keeps the compiler away.
"""

import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torch.optim.adam import adam
from torch.optim.adamw import adamw
from torch.optim.sgd import sgd

from tutor.testkit import assert_inputs_unchanged, assert_matches

SHAPES = [[(4, 3), (5,)], [(2, 3, 2), ()]]
KINDS = ["SGD", "Adam"]


def torch_sgd(p, grad, state, group):
    velocity = [state.get("momentum_buffer")]
    sgd(
        [p],
        [grad],
        velocity,
        foreach=False,
        weight_decay=group.get("weight_decay", 0.0),
        momentum=group.get("momentum", 0.0),
        lr=group["lr"],
        dampening=0.0,
        nesterov=group.get("nesterov", False),
        maximize=False,
    )
    if velocity[0] is not None:
        state["momentum_buffer"] = velocity[0]


def torch_adam(p, grad, state, group):
    if not state:
        state |= {"step": torch.tensor(0.0), "exp_avg": torch.zeros_like(p), "exp_avg_sq": torch.zeros_like(p)}
    beta1, beta2 = group.get("betas", (0.9, 0.999))
    (adamw if group.get("decoupled") else adam)(
        [p],
        [grad],
        [state["exp_avg"]],
        [state["exp_avg_sq"]],
        [],
        [state["step"]],
        foreach=False,
        amsgrad=False,
        maximize=False,
        lr=group.get("lr", 1e-3),
        beta1=beta1,
        beta2=beta2,
        eps=group.get("eps", 1e-8),
        weight_decay=group.get("weight_decay", 0.0),
    )


STEP = {"SGD": torch_sgd, "Adam": torch_adam}


def expected_path(kind, groups, grads, own, options, rates=None):
    """The parameters after each step; the same arguments as `path`."""
    params = [[p.clone() for p in group] for group in groups]
    books = [[{} for _ in group] for group in groups]
    found = []
    for now, step in enumerate(grads):
        for k, group in enumerate(params):
            chosen = options | own[k] | ({"lr": rates[now][k]} if rates else {})
            for p, grad, state in zip(group, step[k], books[k], strict=True):
                if grad is not None:
                    STEP[kind](p, grad.clone(), state, chosen)
        found.append([p.clone() for group in params for p in group])
    return found


def light():
    """Some of these methods import the compiler at their first call, only to tell it to keep out: told already."""
    for method in vars(torch.optim.Optimizer).values():
        plain = getattr(method, "__wrapped__", None)
        if plain is not None:
            plain.__dict__.setdefault("__dynamo_disable", plain)


def build(solution, kind, groups, own, options):
    light()
    params = [[nn.Parameter(p.clone()) for p in group] for group in groups]
    described = [{"params": group} | more for group, more in zip(params, own, strict=True)]
    return [p for group in params for p in group], getattr(solution, kind)(described, **options)


def path(solution, kind, groups, grads, own, options, rates=None):
    """The parameters after each step, and whether their gradients were left alone."""
    params, optimizer = build(solution, kind, groups, own, options)
    found, touched = [], []
    for now, step in enumerate(grads):
        for group, lr in zip(optimizer.param_groups, rates[now] if rates else [], strict=bool(rates)):
            group["lr"] = lr
        flat = [grad for group in step for grad in group]
        for p, grad in zip(params, flat, strict=True):
            if grad is None:
                p.grad = None
            elif p.grad is None:
                p.grad = grad.clone()
            else:
                p.grad.copy_(grad)  # into the same memory, as zero_grad(set_to_none=False) and backward do
        optimizer.step()
        found.append([p.detach().clone() for p in params])
        for p, grad in zip(params, flat, strict=True):
            touched.append((p.grad is None) != (grad is None) or (grad is not None and not torch.equal(p.grad, grad)))
    return found, any(touched)


def drawn(draw, steps, dtype=torch.float64, shapes=SHAPES):
    groups = [[draw.normal(*shape, dtype=dtype) for shape in group] for group in shapes]
    grads = [[[draw.normal(*shape, dtype=dtype) for shape in group] for group in shapes] for _ in range(steps)]
    return groups, grads


def check(learner, kind, groups, grads, own, options, rates=None):
    result = learner.run(path, kind, groups, grads, own, options, rates)
    found, touched = result
    expected = expected_path(kind, groups, grads, own, options, rates)
    for now, (mine, right) in enumerate(zip(found, expected, strict=True), start=1):
        assert_matches(mine, right, f"the parameters after step {now}", terms=20)
    assert not touched, "A parameter's .grad changed during step(). Compute with it, and leave it as it is."
    assert_inputs_unchanged(learner)


OPTIONS = {
    "SGD": {
        "plain": {},
        "decay": {"weight_decay": 0.3},
        "momentum": {"momentum": 0.8},
        "nesterov": {"momentum": 0.8, "nesterov": True},
        "all": {"momentum": 0.7, "nesterov": True, "weight_decay": 0.2},
    },
    "Adam": {
        "plain": {},
        "betas": {"betas": (0.7, 0.9)},
        "eps": {"eps": 0.1},
        "decay": {"weight_decay": 0.3},
        "decoupled": {"weight_decay": 0.3, "decoupled": True},
        "all": {"betas": (0.8, 0.95), "eps": 1e-3, "weight_decay": 0.2, "decoupled": True},
    },
}
CASES = [(kind, name) for kind, named in OPTIONS.items() for name in named]


def lineage(solution):
    """The modules of each class and its bases; the classes are used, so that there is something in them."""
    light()
    found = []
    for kind in KINDS:
        optimizer = getattr(solution, kind)([nn.Parameter(torch.zeros(2))], lr=0.1)
        optimizer.step()
        found.append([base.__module__ for base in type(optimizer).__mro__])
    return found


def test_they_are_optimizers_and_their_step_is_their_own(learner):
    for kind, modules in zip(KINDS, learner.run(lineage), strict=True):
        assert "torch.optim.optimizer" in modules, f"{kind} has to be a subclass of torch.optim.Optimizer."
        ready = [name for name in modules if name.startswith("torch.optim.") and name != "torch.optim.optimizer"]
        assert not ready, f"{kind} inherits from a ready-made optimizer, in {ready[0]}. The step is yours to write."


@pytest.mark.parametrize("kind, name", CASES)
def test_four_steps_match_torch(learner, draw, kind, name):
    groups, grads = drawn(draw, 4)
    lr = float(draw.uniform(low=0.05, high=0.3))
    check(learner, kind, groups, grads, [{}, {}], {"lr": lr} | OPTIONS[kind][name])


def initial_rate(solution):
    light()
    return solution.Adam([nn.Parameter(torch.zeros(2))]).param_groups[0]["lr"]


def test_adams_learning_rate_has_a_default(learner):
    assert_matches(learner.run(initial_rate), 1e-3, "the learning rate of Adam(params)")


@pytest.mark.builds_on("test_four_steps_match_torch")
@pytest.mark.parametrize("kind", KINDS)
def test_every_group_has_its_own_options(learner, draw, kind):
    groups, grads = drawn(draw, 3)
    options = {"lr": 0.2} | OPTIONS[kind]["all"]
    other = {"SGD": {"momentum": 0.0, "nesterov": False}, "Adam": {"betas": (0.5, 0.6), "decoupled": False}}[kind]
    check(learner, kind, groups, grads, [{"lr": 0.05, "weight_decay": 0.6}, other], options)


@pytest.mark.builds_on("test_four_steps_match_torch")
@pytest.mark.parametrize("kind", KINDS)
def test_the_learning_rate_changes_on_the_way(learner, draw, kind):
    groups, grads = drawn(draw, 4)
    rates = [draw.uniform(2, low=0.05, high=0.4).tolist() for _ in range(4)]
    check(learner, kind, groups, grads, [{}, {}], {"lr": 0.1} | OPTIONS[kind]["all"], rates)


@pytest.mark.builds_on("test_four_steps_match_torch")
@pytest.mark.parametrize("kind", KINDS)
def test_parameters_without_a_gradient_are_left_alone(learner, draw, kind):
    groups, grads = drawn(draw, 5)
    grads[0][0][1] = grads[1][0][1] = None  # from its third step on only
    grads[1][1][0] = grads[3][1][0] = None  # now and then
    for step in grads:
        step[1][1] = None  # never
    check(learner, kind, groups, grads, [{}, {}], {"lr": 0.1} | OPTIONS[kind]["all"])


def states(solution, kind, groups, grads, options):
    """The names and shapes in the state of each parameter, before the first step and after two."""
    params, optimizer = build(solution, kind, groups, [{} for _ in groups], options)
    before = len(optimizer.state)
    for step in grads:
        for p, grad in zip(params, (grad for group in step for grad in group), strict=True):
            p.grad = grad
        optimizer.step()
    named = [{name: list(getattr(v, "shape", ())) for name, v in optimizer.state.get(p, {}).items()} for p in params]
    return before, named


@pytest.mark.builds_on("test_four_steps_match_torch")
@pytest.mark.parametrize("kind, name", [("SGD", "momentum"), ("SGD", "plain"), ("Adam", "plain")])
def test_what_is_remembered_of_a_parameter(learner, draw, kind, name):
    groups, grads = drawn(draw, 2)
    grads[0][0][0] = grads[1][0][0] = None
    kept = {"momentum": ["momentum_buffer"], "plain": []}[name] if kind == "SGD" else ["exp_avg", "exp_avg_sq"]
    steps = {"step": []} if kind == "Adam" else {}
    expected = [{}] + [{n: list(shape) for n in kept} | steps for shape in [(5,), (2, 3, 2), ()]]
    before, after = learner.run(states, kind, groups, grads, {"lr": 0.1} | OPTIONS[kind][name])
    assert_matches(before, 0, "the number of parameters with a state before the first step")
    for number, (mine, right) in enumerate(zip(after, expected, strict=True)):
        what = "which never had a gradient" if number == 0 else "after two steps"
        assert_matches(mine, right, f"the names and shapes in the state of parameter {number}, {what},")


def saved_and_loaded(solution, kind, groups, grads, options):
    """Half of the steps by one optimizer, the rest by another, which got its state_dict."""
    own = [{} for _ in groups]
    params, optimizer = build(solution, kind, groups, own, options)
    for now, step in enumerate(grads):
        if now == len(grads) // 2:
            state = optimizer.state_dict()
            params, optimizer = build(solution, kind, [[p.detach() for p in params]], [{}], {"lr": 7.0})
            optimizer.load_state_dict(state)
        for p, grad in zip(params, (grad for group in step for grad in group), strict=True):
            p.grad = grad
        optimizer.step()
    return [p.detach() for p in params]


@pytest.mark.builds_on("test_what_is_remembered_of_a_parameter")
@pytest.mark.parametrize("kind", KINDS)
def test_a_training_goes_on_from_a_saved_state(learner, draw, kind):
    groups, grads = drawn(draw, 6, shapes=[[(4, 3), (5,), ()]])
    options = {"lr": 0.1} | OPTIONS[kind]["all"]
    expected = expected_path(kind, groups, grads, [{}], options)[-1]
    actual = learner.run(saved_and_loaded, kind, groups, grads, options)
    assert_matches(actual, expected, "the parameters after 3 steps, a state_dict, and 3 more steps", terms=50)


@pytest.mark.builds_on("test_four_steps_match_torch")
@pytest.mark.parametrize("kind", KINDS)
def test_float32_stays_float32(learner, draw, kind):
    groups, grads = drawn(draw, 3, dtype=torch.float32)
    check(learner, kind, groups, grads, [{}, {}], {"lr": 0.1} | OPTIONS[kind]["all"])


def with_closure(solution, kind, start, target):
    """What step returns with a closure and without; the parameter after both; how often the closure was called."""
    light()
    p = nn.Parameter(start.clone())
    optimizer, calls = getattr(solution, kind)([p], lr=0.1), []

    def closure():
        optimizer.zero_grad()
        loss = ((p - target) ** 2).sum()
        loss.backward()
        calls.append(1)
        return loss

    returned = optimizer.step(closure)
    without = optimizer.step()
    graph = p.grad_fn is not None or not p.requires_grad
    return float(returned), without, p.detach().clone(), len(calls), graph


@pytest.mark.builds_on("test_four_steps_match_torch")
@pytest.mark.parametrize("kind", KINDS)
def test_a_closure_is_called_once_and_its_loss_returned(learner, draw, kind):
    start, target = draw.normal(4, 3), draw.normal(4, 3)
    grad = 2 * (start - target)
    after = expected_path(kind, [[start]], [[[grad]], [[grad]]], [{}], {"lr": 0.1})[-1][0]
    expected = (((start - target) ** 2).sum().item(), None, after, 1, False)
    names = (
        "what step(closure) returns",
        "what step() returns",
        "the parameter after both",
        "the number of calls of the closure",
        "whether the parameter has become part of a graph",
    )
    assert_matches(learner.run(with_closure, kind, start, target), expected, names, terms=50)


def refusals(solution, asked):
    """The exceptions that building with these options raises, by name; None where it raises nothing."""
    light()
    found = []
    for kind, options in asked:
        try:
            getattr(solution, kind)([nn.Parameter(torch.zeros(2))], **options)
        except Exception as error:
            found.append(type(error).__name__)
        else:
            found.append(None)
    return found


@pytest.mark.builds_on("test_four_steps_match_torch")
def test_options_that_make_no_sense_are_refused(learner):
    asked = [("SGD", {"lr": 0.0}), ("SGD", {"lr": -0.1}), ("SGD", {"lr": 0.1, "nesterov": True})]
    asked += [("SGD", {"lr": 0.1, "nesterov": True, "momentum": 0.5}), ("Adam", {"lr": 0.0}), ("Adam", {"lr": -0.1})]
    expected = [None, "ValueError", "ValueError", None, None, "ValueError"]
    said = [f"{kind}({', '.join(f'{name}={value}' for name, value in options.items())})" for kind, options in asked]
    assert_matches(learner.run(refusals, asked), expected, f"what is raised, if anything, by {', '.join(said)},")


def thawed(solution, kind, options, old, new, x, lr, steps):
    """A first parameter learns alone, then a second one with it; the loss is a plain function of both."""
    light()
    first, second = nn.Parameter(old.clone()), nn.Parameter(new.clone(), requires_grad=False)
    optimizer = getattr(solution, kind)([first], **options)
    for now in range(2 * steps):
        if now == steps:
            solution.thaw(optimizer, iter([second]), lr)
        optimizer.zero_grad()
        torch.tanh(x @ first * second).square().sum().backward()
        optimizer.step()
    return first.detach(), second.detach(), [group["lr"] for group in optimizer.param_groups]


@pytest.mark.builds_on("test_every_group_has_its_own_options", "test_parameters_without_a_gradient_are_left_alone")
@pytest.mark.parametrize("kind", KINDS)
def test_what_was_frozen_learns_from_now_on(learner, draw, kind):
    old, new, x = draw.normal(3, 4), draw.normal(4), draw.normal(5, 3)
    options, lr, steps = {"lr": 0.05} | OPTIONS[kind]["all"], 0.02, 3
    params, books = [old.clone(), new.clone()], [{}, {}]
    for now in range(2 * steps):
        leaves = [p.clone().requires_grad_() for p in params]
        torch.tanh(x @ leaves[0] * leaves[1]).square().sum().backward()
        STEP[kind](params[0], leaves[0].grad, books[0], options)
        if now >= steps:
            STEP[kind](params[1], leaves[1].grad, books[1], options | {"lr": lr})
    actual = learner.run(thawed, kind, options, old, new, x, lr, steps)
    names = ("the parameter that learned from the start", "the one that was thawed", "the groups' learning rates")
    assert_matches(actual, (*params, [0.05, lr]), names, terms=200)


def network(state):
    net = nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 3)).double()
    net.load_state_dict(state)
    return net


def twice(params, lr):
    """An optimizer that calls its closure twice: plain steps, with the gradient found at a point a bit ahead."""

    class Twice:
        def __init__(self):
            self.params = list(params)
            self.param_groups = [{"params": self.params, "lr": lr}]

        def zero_grad(self, set_to_none=True):
            for p in self.params:
                p.grad = None

        def step(self, closure):
            loss = closure()
            start = [p.detach().clone() for p in self.params]
            for p in self.params:
                p.data.sub_(0.5 * lr * p.grad)
            closure()
            for p, before in zip(self.params, start, strict=True):
                p.data.copy_(before - lr * p.grad)
            return loss

    return Twice()


def fitted(solution, kind, options, state, x, y, steps):
    light()
    net = network(state)
    net(x).sum().backward()  # old gradients, which don't count
    optimizer = (twice if kind == "twice" else getattr(solution, kind))(net.parameters(), **options)
    losses = solution.fit(net, optimizer, x, y, steps=steps)
    return all(isinstance(loss, float) for loss in losses), losses, dict(net.state_dict())


def spirals(draw, count):
    """Three arms in the plane, and which arm each point is on."""
    y = torch.arange(count) % 3
    radius = draw.uniform(count, low=0.2, high=1.5)
    angle = 2.2 * radius + y * 2 * torch.pi / 3
    return torch.stack([radius * angle.cos(), radius * angle.sin()], dim=1) + draw.normal(count, 2, std=0.05), y


def a_start(draw):
    shapes = {"0.weight": (16, 2), "0.bias": (16,), "2.weight": (3, 16), "2.bias": (3,)}
    return {name: draw.normal(*shape, std=0.7) for name, shape in shapes.items()}


def expected_fit(kind, options, state, x, y, steps):
    names, losses = list(state), []
    params, books = [value.clone() for value in state.values()], [{} for _ in state]

    def slope(values):
        leaves = [value.clone().requires_grad_() for value in values]
        logits = F.linear(torch.tanh(F.linear(x, *leaves[:2])), *leaves[2:])
        loss = F.cross_entropy(logits, y)
        return loss.item(), torch.autograd.grad(loss, leaves)

    for _ in range(steps):
        loss, grads = slope(params)
        losses.append(loss)
        if kind == "twice":
            _, grads = slope([p - 0.5 * options["lr"] * g for p, g in zip(params, grads, strict=True)])
            params = [p - options["lr"] * g for p, g in zip(params, grads, strict=True)]
        else:
            for p, grad, book in zip(params, grads, books, strict=True):
                STEP[kind](p, grad, book, options)
    return losses, dict(zip(names, params, strict=True))


@pytest.mark.builds_on("test_a_closure_is_called_once_and_its_loss_returned")
@pytest.mark.parametrize("kind", ["twice", "SGD", "Adam"])
def test_a_network_is_trained(learner, draw, kind):
    (x, y), state = spirals(draw, 60), a_start(draw)
    options = {"twice": {"lr": 0.3}, "SGD": {"lr": 0.2, "momentum": 0.9}, "Adam": {"lr": 0.02}}[kind]
    expected = expected_fit(kind, options, state, x, y, 12)
    actual = learner.run(fitted, kind, options, state, x, y, 12)
    floats, *actual = actual
    assert floats, "fit has to return floats: a tensor would keep the graph of its step alive."
    assert_matches(tuple(actual), expected, ("the losses", "the network's parameters"), terms=60 * 12 * 16)


@pytest.mark.builds_on("test_a_network_is_trained")
def test_your_adam_learns_the_three_arms(learner, draw, album):
    (x, y), state = spirals(draw, 150), a_start(draw)
    _, losses, trained = learner.run(fitted, "Adam", {"lr": 0.05}, state, x, y, 150)
    _, compared, _ = learner.run(fitted, "SGD", {"lr": 0.05}, state, x, y, 150)
    with album.figure("losses", "Three arms of a spiral, by your own optimizers", 6, 4) as axes:
        axes.plot(losses, label="Adam")
        axes.plot(compared, label="plain SGD, the same rate")
        axes.set_xlabel("step")
        axes.set_yscale("log")
        axes.legend()
    with torch.no_grad():
        accuracy = (network(trained)(x).argmax(dim=1) == y).double().mean().item()
    assert accuracy > 0.9, f"After 150 steps of your Adam {accuracy:.1%} of the points are right; it takes 90 %."
