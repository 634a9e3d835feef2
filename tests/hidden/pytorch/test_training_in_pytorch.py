"""The same program written here without modes, optimizers and modules: plain tensors, and autograd.grad."""

import math

import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import assert_matches


def state_of(draw, features, hidden, classes):
    return {
        "0.weight": draw.normal(hidden, features),
        "0.bias": draw.normal(hidden),
        "3.weight": draw.normal(classes, hidden),
        "3.bias": draw.normal(classes),
    }


def network(state, dropout):
    """The suite's own, as `build` should make it."""
    hidden, features = state["0.weight"].shape
    last = torch.nn.Linear(hidden, len(state["3.bias"]))
    net = torch.nn.Sequential(
        torch.nn.Linear(features, hidden), torch.nn.ReLU(), torch.nn.Dropout(dropout), last
    ).double()
    net.load_state_dict(state)
    return net


def descent(net, lr, gamma=1.0):
    """Gradient descent and an exponential schedule that look like torch's, whose own take a second to be imported."""

    class Descent:
        param_groups = ({"params": list(net.parameters()), "lr": lr},)

        def zero_grad(self, set_to_none=True):
            for parameter in self.param_groups[0]["params"]:
                parameter.grad = None

        def step(self):
            with torch.no_grad():
                for parameter in self.param_groups[0]["params"]:
                    if parameter.grad is not None:
                        parameter -= self.param_groups[0]["lr"] * parameter.grad

    class Exponential:
        def step(self):
            optimizer.param_groups[0]["lr"] *= gamma

    optimizer = Descent()
    return optimizer, Exponential()


def logits_of(params, x):
    return F.linear(torch.relu(F.linear(x, params[0], params[1])), params[2], params[3])


def built(solution, sizes, dropout, x, seed):
    torch.manual_seed(seed)
    net = solution.build(*sizes, dropout=dropout)
    kinds = [type(module).__name__ for module in net]
    rate = [module.p for module in net if isinstance(module, torch.nn.Dropout)]
    return kinds, rate, dict(net.state_dict()), net.eval()(x).detach()


@pytest.mark.parametrize("dropout", [0.0, 0.3])
def test_the_network(learner, draw, dropout):
    sizes, seed = (3, 5, 4), draw.integer(0, 1000)
    torch.manual_seed(seed)
    first, last = torch.nn.Linear(3, 5), torch.nn.Linear(5, 4)
    state = {"0.weight": first.weight, "0.bias": first.bias, "3.weight": last.weight, "3.bias": last.bias}
    state = {name: value.detach() for name, value in state.items()}
    x = draw.normal(6, 3, dtype=torch.float32)
    expected = (["Linear", "ReLU", "Dropout", "Linear"], [dropout], state, logits_of(list(state.values()), x))
    names = ("the kinds of layers", "the dropout rate", "the first state", "the logits")
    assert_matches(learner.run(built, sizes, dropout, x, seed), expected, names, terms=10)


def grouped(solution, frozen):
    """The groups by the names of the parameters in them."""
    net = torch.nn.Sequential(
        torch.nn.Conv2d(2, 3, 3), torch.nn.BatchNorm2d(3), torch.nn.Flatten(), torch.nn.Linear(5, 4)
    )
    for name in frozen:
        net.get_parameter(name).requires_grad_(False)
    names = {id(parameter): name for name, parameter in net.named_parameters()}
    groups = solution.parameter_groups(net, 0.05)
    return [([names[id(parameter)] for parameter in group["params"]], group["weight_decay"]) for group in groups]


@pytest.mark.parametrize("frozen", [[], ["0.weight", "1.bias"]])
def test_matrices_decay_and_biases_do_not(learner, frozen):
    matrices = [name for name in ("0.weight", "3.weight") if name not in frozen]
    others = [name for name in ("0.bias", "1.weight", "1.bias", "3.bias") if name not in frozen]
    assert_matches(
        learner.run(grouped, frozen), [(matrices, 0.05), (others, 0.0)], "(names, weight decay) of the groups"
    )


def one_epoch(solution, state, dropout, batches, lr, max_norm, seed):
    """From evaluation mode, and with gradients that somebody left."""
    net = network(state, dropout).eval()
    for parameter in net.parameters():
        parameter.grad = torch.ones_like(parameter)
    torch.manual_seed(seed)
    loss = solution.train_epoch(net, descent(net, lr)[0], batches, max_norm=max_norm)
    return loss, [parameter.detach() for parameter in net.parameters()], net.training


def descend(params, batches, lr, max_norm=None, masks=None):
    """The mean loss, and the new parameters, by gradient descent. masks: what dropout multiplies with."""
    total, count = 0.0, 0
    for number, (x, y) in enumerate(batches):
        leaves = [p.detach().clone().requires_grad_() for p in params]
        hidden = torch.relu(F.linear(x, leaves[0], leaves[1]))
        if masks:
            hidden = hidden * masks[number]
        loss = F.cross_entropy(F.linear(hidden, leaves[2], leaves[3]), y)
        found = torch.autograd.grad(loss, leaves)
        norm = math.sqrt(sum(float(g.square().sum()) for g in found))
        scale = 1.0 if max_norm is None else min(1.0, max_norm / (norm + 1e-6))
        params = [p - lr * scale * g for p, g in zip(params, found, strict=True)]
        total, count = total + loss.item() * len(x), count + len(x)
    return total / count, params


def batches_of(draw, sizes, classes=4):
    return [(draw.normal(n, 3), draw.integers(0, classes, n)) for n in sizes]


EPOCH = ("the mean loss", "the parameters", "in training mode")


@pytest.mark.parametrize("sizes", [(5,), (4, 4, 2)])
@pytest.mark.parametrize("max_norm", [None, 0.3, 1000.0])
def test_an_epoch_of_training(learner, draw, sizes, max_norm):
    state, batches = state_of(draw, 3, 6, 4), batches_of(draw, sizes)
    loss, params = descend(list(state.values()), batches, 0.2, max_norm)
    actual = learner.run(one_epoch, state, 0.0, batches, 0.2, max_norm, 0)
    assert_matches(actual, (loss, params, True), EPOCH, terms=200)


@pytest.mark.builds_on("test_an_epoch_of_training")
def test_dropout_is_at_work_in_training(learner, draw):
    state, batches, seed = state_of(draw, 3, 6, 4), batches_of(draw, (5, 3)), draw.integer(0, 1000)
    torch.manual_seed(seed)
    masks = [F.dropout(torch.ones(len(x), 6, dtype=torch.float64), 0.5) for x, _ in batches]
    loss, params = descend(list(state.values()), batches, 0.2, masks=masks)
    assert_matches(learner.run(one_epoch, state, 0.5, batches, 0.2, None, seed), (loss, params, True), EPOCH, terms=200)


def evaluated(solution, state, batches):
    net = network(state, 0.5).train()
    for parameter in net.parameters():
        parameter.grad = None
    return solution.evaluate(net, batches), net.training, all(p.grad is None for p in net.parameters())


def measure(params, x, y):
    logits = logits_of(params, x)
    return {"loss": F.cross_entropy(logits, y).item(), "accuracy": (logits.argmax(1) == y).double().mean().item()}


@pytest.mark.parametrize("sizes", [(6,), (4, 4, 1)])
def test_evaluation(learner, draw, sizes):
    state, batches = state_of(draw, 3, 6, 4), batches_of(draw, sizes)
    x, y = torch.cat([x for x, _ in batches]), torch.cat([y for _, y in batches])
    expected = (measure(list(state.values()), x, y), False, True)
    names = ("the measurements", "in training mode", "no gradients")
    assert_matches(learner.run(evaluated, state, batches), expected, names, terms=50)


def fitted(solution, state, train, validation, lr, gamma, settings):
    net = network(state, 0.0)
    optimizer, scheduler = descent(net, lr, gamma)
    history = solution.fit(net, optimizer, scheduler, train, validation, **settings)
    return history, [parameter.detach() for parameter in net.parameters()]


def fit(state, train, validation, lr, gamma, epochs, batch_size, seed, patience):
    """The same in plain tensors: history and best parameters, and after how many epochs it stopped."""
    params, history, kept = list(state.values()), [], []
    generator = torch.Generator().manual_seed(seed)
    for epoch in range(epochs):
        order = torch.randperm(len(train[0]), generator=generator)
        rate = lr * gamma**epoch
        loss, params = descend(params, [(train[0][b], train[1][b]) for b in order.split(batch_size)], rate)
        found = measure(params, *validation)
        history.append({"train_loss": loss, "val_loss": found["loss"], "val_accuracy": found["accuracy"], "lr": rate})
        kept.append(params)
        losses = [record["val_loss"] for record in history]
        best = losses.index(min(losses))
        if epoch - best >= patience:
            break
    return history, kept[best], best


def fit_case(draw, early):
    """A run whose best epoch isn't the last; `early`: one that stops, after it had once got worse and better again."""
    for _ in range(200):
        state = state_of(draw, 3, 6, 4)
        train, validation = batches_of(draw, (11, 9))
        settings = {"epochs": 12, "batch_size": 4, "seed": draw.integer(0, 1000), "patience": 3 if early else 50}
        history, params, best = fit(state, train, validation, 0.8, 0.97, **settings)
        losses = [record["val_loss"] for record in history]
        again = any(losses[i] > min(losses[:i]) and min(losses[i:]) < min(losses[:i]) for i in range(1, best))
        if (len(history) < 12 and again) if early else 0 < best < 11:
            break
    return state, train, validation, settings, history, params


@pytest.mark.builds_on("test_an_epoch_of_training", "test_evaluation")
@pytest.mark.parametrize("early", [False, True])
def test_fit_trains_and_keeps_the_best(learner, draw, early):
    state, train, validation, settings, history, params = fit_case(draw, early)
    actual = learner.run(fitted, state, train, validation, 0.8, 0.97, settings)
    assert_matches(actual, (history, params), ("the history", "the best parameters"), rtol=1e-8)
