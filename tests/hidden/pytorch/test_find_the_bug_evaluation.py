"""What each function should report, worked out without batches, modes, or anything that could leak."""

import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import assert_inputs_unchanged, assert_matches


def network(seed):
    """Dropout and batch normalisation, with running statistics that are not those of any batch."""
    torch.manual_seed(seed)
    parts = (
        torch.nn.Linear(3, 5),
        torch.nn.BatchNorm1d(5),
        torch.nn.Tanh(),
        torch.nn.Sequential(torch.nn.Dropout(0.4)),
        torch.nn.Linear(5, 2),
    )
    net = torch.nn.Sequential(*parts).double()
    net[1].running_mean.normal_()
    net[1].running_var.uniform_(0.5, 2.0)
    return net


def plain(net, x):
    """What the network computes in evaluation mode, layer by layer."""
    norm = net[1]
    h = (F.linear(x, net[0].weight, net[0].bias) - norm.running_mean) / (norm.running_var + norm.eps).sqrt()
    return F.linear(torch.tanh(h * norm.weight + norm.bias), net[4].weight, net[4].bias).detach()


def predicted(solution, seed, evaluating, inputs):
    """Predictions, whether they have a graph, the modes of all modules afterwards, whether the state is as before."""
    net = network(seed).train()
    for name in evaluating:
        net.get_submodule(name).eval()
    before = {name: value.clone() for name, value in net.state_dict().items()}
    outputs = [solution.predict(net, inputs) for _ in range(2)]
    same = all(torch.equal(value, before[name]) for name, value in net.state_dict().items())
    after = {name or "net": module.training for name, module in net.named_modules()}
    return outputs, outputs[0].requires_grad, after, same


@pytest.mark.parametrize(
    "evaluating",
    [[], ["1"], ["0", "3"], ["3.0"]],
    ids=["all_in_training", "a_frozen_norm", "two_in_evaluation", "one_inside_of_another"],
)
def test_predict_uses_the_network_in_evaluation_mode(learner, draw, evaluating):
    seed, inputs = draw.integer(0, 1000), draw.normal(6, 3)
    right = plain(network(seed), inputs)
    off = {*evaluating, *(["3.0"] if "3" in evaluating else [])}
    modes = {name: name not in off for name in ("net", "0", "1", "2", "3", "3.0", "4")}
    names = (
        "the predictions, asked for twice",
        "they have a graph",
        "the modes afterwards",
        "the state is as before",
    )
    actual = learner.run(predicted, seed, evaluating, inputs)
    assert_matches(actual, ([right, right], False, modes, True), names, terms=20)


def loss_over(solution, seed, batches):
    return solution.dataset_loss(network(seed).eval(), batches)


@pytest.mark.parametrize("sizes", [(4, 4, 1), (2, 7), (5, 1, 3, 6)])
def test_dataset_loss_counts_each_sample_alike(learner, draw, sizes):
    seed, batches = draw.integer(0, 1000), [(draw.normal(n, 3), draw.normal(n, 2)) for n in sizes]
    inputs, targets = torch.cat([x for x, _ in batches]), torch.cat([y for _, y in batches])
    expected = F.mse_loss(plain(network(seed), inputs), targets).item()
    assert_matches(learner.run(loss_over, seed, batches), expected, "the loss", terms=30)


def classified(solution, weight, inputs, targets):
    net = torch.nn.Linear(3, 4, bias=False).double()
    net.load_state_dict({"weight": weight})
    loss = solution.classification_loss(net, inputs, targets)
    loss.backward()
    return loss.detach(), net.weight.grad


@pytest.mark.parametrize("n, std", [(5, 1.0), (7, 3.0)])
def test_classification_loss_takes_logits(learner, draw, n, std):
    weight, inputs, targets = draw.normal(4, 3, std=std), draw.normal(n, 3), draw.integers(0, 4, n)
    leaf = weight.clone().requires_grad_()
    log = inputs @ leaf.T - torch.logsumexp(inputs @ leaf.T, dim=1, keepdim=True)
    loss = -log[torch.arange(n), targets].mean()
    (gradient,) = torch.autograd.grad(loss, [leaf])
    actual = learner.run(classified, weight, inputs, targets)
    assert_matches(actual, (loss.detach(), gradient), ("the loss", "the gradient of the weights"), terms=30)


@pytest.mark.parametrize("n, m", [(8, 3), (5, 7), (12, 1)])
def test_standardise_knows_the_training_data_only(learner, draw, n, m):
    train = draw.normal(n, 3, std=2.0) + draw.normal(3)
    validation = draw.normal(m, 3, std=3.0) + 2.0
    mean = train.mean(0)
    std = ((train - mean).square().sum(0) / (n - 1)).sqrt()
    expected = ((train - mean) / std, (validation - mean) / std)
    if m > 1:
        assert_matches(learner.standardise(train, validation), expected, ("train", "validation"), terms=20)
        assert_inputs_unchanged(learner)
    else:
        actual = learner.standardise(train, validation)
        assert_matches(actual, expected, ("train", "validation of one sample"), terms=20)


def curves(draw, epochs):
    """Accuracies of which the best epochs are two different ones, with a tie on the validation set."""
    order = draw.permutation(epochs).tolist()
    validation = [0.5 + draw.integer(0, 10) / 100 for _ in range(epochs)]
    test = [0.5 + draw.integer(0, 1000) / 10000 for _ in range(epochs)]
    validation[order[0]] = validation[order[1]] = 0.7
    test[order[2]] = 0.69
    return validation, test


@pytest.mark.parametrize("epochs", [4, 7, 12])
def test_choose_by_the_validation_set_and_report_the_test_set(learner, draw, epochs):
    for _ in range(5):
        validation, test = curves(draw, epochs)
        epoch = validation.index(max(validation))
        assert_matches(learner.choose(validation, test), (epoch, test[epoch]), ("the epoch", "the accuracy to report"))


def kept(solution, losses, seed):
    """What is returned, and what is in the network, when each epoch leaves its own number in every tensor."""
    net = network(seed).eval()
    epoch = [0]

    def train_epoch(net):
        epoch[0] += 1
        with torch.no_grad():
            for value in net.state_dict().values():
                value.fill_(epoch[0])

    loss = solution.keep_best(net, len(losses), train_epoch, lambda net: losses[int(net[0].bias[0]) - 1])
    return loss, sorted({float(value.double().mean()) for value in net.state_dict().values()})


@pytest.mark.parametrize("epochs, tie", [(4, False), (6, True), (9, True)])
def test_keep_best_ends_with_the_best_state(learner, draw, epochs, tie):
    losses = (1 + draw.uniform(epochs)).tolist()
    best = draw.integer(0, epochs - 2)
    losses[best] = 0.5
    if tie:
        losses[draw.integer(best + 1, epochs - 1)] = 0.5
    names = ("the smallest loss", "the epochs (counted from 1) whose state is in the network")
    assert_matches(learner.run(kept, losses, draw.integer(0, 1000)), (0.5, [best + 1.0]), names)
