"""Networks built with torch say what a trial costs and sees; a real tuning run on digits drawn by code ends it."""

import itertools

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from tutor.testkit import assert_inputs_unchanged, assert_matches, glyphs


def network(trial, shape, classes):
    modules, channels, kernel = [], shape[0], trial["kernel"]
    for stage in range(trial["depth"]):
        maps = trial["width"] * 2**stage
        stride = {"pool": 1, "stride": 2}[trial["down"]]
        modules += [nn.Conv2d(channels, maps, kernel, stride, kernel // 2, bias=not trial["norm"])]
        modules += [nn.BatchNorm2d(maps)] if trial["norm"] else []
        modules += [nn.ReLU()]
        modules += [nn.MaxPool2d(2)] if trial["down"] == "pool" else []
        channels = maps
    modules += [nn.AdaptiveAvgPool2d(1)] if trial["head"] == "mean" else []
    with torch.no_grad():
        features = nn.Sequential(*modules).eval()(torch.zeros(1, *shape)).flatten(1).shape[1]
    return nn.Sequential(*modules, nn.Flatten(), nn.Linear(features, classes))


def cost_by_torch(trial, shape, classes):
    """The parameters of a network, and for each of its layers one multiply-add a weight and place."""
    net, work = network(trial, shape, classes).eval(), []
    for module in net:
        if isinstance(module, nn.Conv2d | nn.Linear):
            module.register_forward_hook(
                lambda m, _, out: work.append(m.weight.numel() * out[0].numel() // m.weight.shape[0])
            )
    with torch.no_grad():
        net(torch.zeros(1, *shape))
    return sum(p.numel() for p in net.parameters()), sum(work)


def sees_by_torch(trial):
    """Pixels that the middle element of the last map depends on, along one axis, counted by autograd."""
    x = torch.zeros(1, 1, 700, dtype=torch.float64, requires_grad=True)
    out, taps = x, torch.ones(1, 1, trial["kernel"], dtype=torch.float64)
    for _ in range(trial["depth"]):
        out = F.conv1d(out, taps, stride=2 if trial["down"] == "stride" else 1, padding=trial["kernel"] // 2)
        out = F.avg_pool1d(out, 2) if trial["down"] == "pool" else out
    (grad,) = torch.autograd.grad(out[0, 0, out.shape[2] // 2], x)
    return int((grad != 0).sum())


def fits_by_torch(trial, shape, sees):
    x = torch.zeros(1, 1, *shape[1:])
    for _ in range(trial["depth"]):
        if trial["kernel"] > min(x.shape[2:]) or (trial["down"] == "pool" and min(x.shape[2:]) < 2):
            return False
        x = F.max_pool2d(x, 2) if trial["down"] == "pool" else x[:, :, ::2, ::2]
    return sees_by_torch(trial) >= sees


def a_trial(draw, shape, **fixed):
    """A random one that fits."""
    while True:
        trial = {
            "depth": draw.integer(1, 5),
            "width": draw.integer(2, 8),
            "kernel": draw.choice([1, 3, 5, 7]),
            "down": draw.choice(["pool", "stride"]),
            "norm": draw.choice([True, False]),
            "head": draw.choice(["flatten", "mean"]),
        } | fixed
        if fits_by_torch(trial, shape, 1):
            return trial


def a_shape(draw):
    return draw.integer(1, 4), draw.integer(9, 40), draw.integer(9, 40)


def told(trial):
    return ", ".join(f"{key} {value}" for key, value in trial.items())


def shapes_of(solution, trial, shape, classes):
    net = solution.build(trial, shape, classes)
    return {name: list(value.shape) for name, value in net.state_dict().items()}


@pytest.mark.parametrize("down", ["pool", "stride"])
@pytest.mark.parametrize("norm", [False, True])
@pytest.mark.parametrize("head", ["flatten", "mean"])
def test_a_network_has_the_layers_of_its_trial(learner, draw, down, norm, head):
    for _ in range(2):
        shape, classes = a_shape(draw), draw.integer(2, 9)
        trial = a_trial(draw, shape, down=down, norm=norm, head=head)
        expected = {name: list(value.shape) for name, value in network(trial, shape, classes).state_dict().items()}
        name = f"the state_dict's shapes for {told(trial)}"
        assert_matches(learner.run(shapes_of, trial, shape, classes), expected, name)


def outputs_of(solution, trial, shape, classes, state, x):
    net = solution.build(trial, shape, classes).double()
    net.load_state_dict(state)
    return net.eval()(x).detach(), net.train()(x).detach()


@pytest.mark.builds_on("test_a_network_has_the_layers_of_its_trial")
@pytest.mark.parametrize("down", ["pool", "stride"])
@pytest.mark.parametrize("norm", [False, True])
def test_a_network_computes_what_torchs_does(learner, draw, down, norm):
    for head in ("flatten", "mean"):
        shape, classes = a_shape(draw), draw.integer(2, 9)
        trial = a_trial(draw, shape, down=down, norm=norm, head=head, depth=2, kernel=3)
        net = network(trial, shape, classes).double()
        state = {
            name: value
            if not value.is_floating_point()
            else draw.uniform(*value.shape, low=0.5, high=1.5)
            if value.dim() == 1
            else draw.normal(*value.shape, std=value[0].numel() ** -0.5)
            for name, value in net.state_dict().items()
        }
        x = draw.normal(4, *shape)
        with torch.no_grad():
            net.load_state_dict(state)
            expected = net.eval()(x), net.train()(x)
        actual = learner.run(outputs_of, trial, shape, classes, state, x)
        names = ("the logits in evaluation", "the logits in training")
        assert_matches(actual, expected, names, terms=1000)


@pytest.mark.parametrize("down", ["pool", "stride"])
@pytest.mark.parametrize("norm", [False, True])
def test_the_cost_matches_a_network_of_torchs(learner, draw, down, norm):
    questions = []
    for k in range(12):
        shape, classes = a_shape(draw), draw.integer(2, 20)
        head = ("flatten", "mean")[k % 2]
        questions.append((a_trial(draw, shape, down=down, norm=norm, head=head), shape, classes))
    answers = [learner.cost(*question) for question in questions]
    for (trial, shape, classes), answer in zip(questions, answers, strict=True):
        names = tuple(f"the {what} of {told(trial)} for {shape}" for what in ("parameters", "multiply-adds"))
        assert_matches(answer, cost_by_torch(trial, shape, classes), names)


@pytest.mark.builds_on("test_the_cost_matches_a_network_of_torchs")
def test_the_cost_of_a_network_too_large_to_be_built(learner, draw):
    width = draw.integer(50_000, 90_000)
    trial = {"depth": 2, "width": width, "kernel": 3, "down": "pool", "norm": True, "head": "mean"}
    parameters = 3 * width * 9 + width * 2 * width * 9 + 2 * (width + 2 * width) + 2 * width * 10 + 10
    multiply_adds = 3 * width * 9 * 20 * 30 + width * 2 * width * 9 * 10 * 15 + 2 * width * 10
    names = ("the parameters", "the multiply-adds")
    assert_matches(learner.cost(trial, (3, 20, 30), 10), (parameters, multiply_adds), names)


def fits_all(solution, questions):
    return [solution.fits(*question) for question in questions]


def ask_fits(learner, questions):
    """All are asked, so that they can be told from every mistake; the first wrong answer is shown."""
    answers = learner.run(fits_all, questions)
    for (trial, shape, sees), answer in zip(questions, answers, strict=True):
        right = fits_by_torch(trial, shape, sees)
        assert_matches(answer, right, f"fits({told(trial)}; shape {shape}, sees {sees})")


def an_idea(draw, **fixed):
    fixed = {"depth": draw.integer(1, 6), "kernel": draw.choice([1, 3, 5, 7]), **fixed}
    return {"down": draw.choice(["pool", "stride"]), **fixed}


def test_a_kernel_may_not_be_larger_than_its_map(learner, draw):
    questions = []
    while len(questions) < 50:
        trial, shape = an_idea(draw, kernel=draw.choice([3, 5, 7])), (1, draw.integer(5, 60), draw.integer(5, 60))
        questions.append((trial, shape, 1))
    # Just large enough, and one row or column less.
    for down in ("pool", "stride"):
        for kernel, depth in ((3, 3), (5, 2)):
            least = kernel * 2 ** (depth - 1) if down == "pool" else (kernel - 1) * 2 ** (depth - 1) + 1
            for rows, columns in ((least, 60), (least - 1, 60), (60, least), (60, least - 1)):
                questions.append(({"depth": depth, "kernel": kernel, "down": down}, (2, rows, columns), 1))
    ask_fits(learner, questions)


def test_a_pool_needs_two_rows_and_two_columns(learner, draw):
    questions = []
    for down, depth in itertools.product(("pool", "stride"), (1, 2, 3, 4)):
        for rows, columns in ((2**depth, 40), (2**depth - 1, 40), (40, 2**depth), (40, 2**depth - 1)):
            questions.append(({"depth": depth, "kernel": 1, "down": down}, (2, rows, columns), 1))
    ask_fits(learner, questions)


def test_the_last_map_has_to_see_enough(learner, draw):
    questions = []
    for down, depth, kernel in itertools.product(("pool", "stride"), (1, 2, 3, 4), (3, 5)):
        trial = {"depth": depth, "kernel": kernel, "down": down}
        field = sees_by_torch(trial)
        shape = (1, draw.integer(80, 120), draw.integer(80, 120))
        questions += [(trial, shape, sees) for sees in (field - 1, field, field + 1, draw.integer(2, 100))]
    ask_fits(learner, questions)


def plain_cost(trial, shape, classes):
    """The same as cost_by_torch without a network, for the many widths that are tried."""
    parameters = work = 0
    channels, rows, columns = shape
    for stage in range(trial["depth"]):
        maps = trial["width"] * 2**stage
        if trial["down"] == "stride":
            rows, columns = (rows + 1) // 2, (columns + 1) // 2
        weights = channels * maps * trial["kernel"] ** 2
        parameters += weights + maps + maps * trial["norm"]
        work += weights * rows * columns
        if trial["down"] == "pool":
            rows, columns = rows // 2, columns // 2
        channels = maps
    weights = classes * channels * (rows * columns if trial["head"] == "flatten" else 1)
    return parameters + weights + classes, work + weights


def widest_of(trial, shape, classes, parameters, multiply_adds):
    width = 0
    for width in itertools.count(1):
        learned, work = plain_cost(trial | {"width": width}, shape, classes)
        if learned > parameters or work > multiply_adds:
            return width - 1 if width > 1 else None


def ask_widest(learner, questions):
    answers = [
        learner.widest(trial, shape, classes, parameters=p, multiply_adds=m)
        for trial, shape, classes, p, m in questions
    ]
    for (trial, shape, classes, p, m), answer in zip(questions, answers, strict=True):
        name = f"widest({told(trial)}; shape {shape}, {classes} classes, at most {p:,} parameters, {m:,} multiply-adds)"
        assert_matches(answer, widest_of(trial, shape, classes, p, m), name)


def without_width(trial):
    return {key: value for key, value in trial.items() if key != "width"}


@pytest.mark.builds_on("test_the_cost_matches_a_network_of_torchs")
def test_the_widest_network_within_both_budgets(learner, draw):
    questions = []
    for _ in range(30):
        shape, classes = a_shape(draw), draw.integer(2, 20)
        trial = a_trial(draw, shape)
        parameters, work = plain_cost(trial | {"width": draw.integer(3, 40)}, shape, classes)
        other, more = plain_cost(trial | {"width": draw.integer(3, 40)}, shape, classes)
        for p, m in ((parameters, more), (other + draw.integer(0, 99), 10 * work + 7), (10 * parameters, more - 1)):
            questions.append((without_width(trial), shape, classes, p, m))
    ask_widest(learner, questions)


@pytest.mark.builds_on("test_the_widest_network_within_both_budgets")
def test_no_width_at_all_is_within_the_budget(learner, draw):
    questions = []
    for _ in range(6):
        shape, classes = a_shape(draw), draw.integer(2, 20)
        trial = a_trial(draw, shape)
        parameters, work = plain_cost(trial | {"width": 1}, shape, classes)
        bounds = (
            (parameters, work),
            (parameters - 1, work),
            (parameters, work - 1),
        )
        questions += [(without_width(trial), shape, classes, *bound) for bound in bounds]
    ask_widest(learner, questions)


def candidates_of(space, shape, classes, sees, parameters, multiply_adds):
    for values in itertools.product(*space.values()):
        trial = dict(zip(space, values, strict=True))
        if fits_by_torch(trial, shape, sees):
            width = widest_of(trial, shape, classes, parameters, multiply_adds)
            if width is not None:
                yield trial | {"width": width}


@pytest.mark.builds_on(
    "test_the_widest_network_within_both_budgets",
    "test_a_kernel_may_not_be_larger_than_its_map",
    "test_the_last_map_has_to_see_enough",
)
@pytest.mark.parametrize("large", [False, True])
def test_the_candidates_are_those_that_fit_each_as_wide_as_it_may_be(learner, draw, large):
    shape = (draw.integer(1, 4), draw.integer(18, 30), draw.integer(18, 30))
    space = {
        "down": ["stride", "pool"],
        "depth": [1, 2, 3, 4],
        "lr": [0.1, 0.01],
        "kernel": [5, 3, 1],
        "norm": [True],
        "head": ["flatten", "mean"],
        "batch": [draw.integer(8, 33)],
    }
    budget = (20_000, 300_000) if large else (draw.integer(900, 1300), draw.integer(40_000, 60_000))
    sees = draw.integer(8, 14)
    expected = list(candidates_of(space, shape, 10, sees, *budget))
    actual = learner.candidates(space, shape, 10, sees=sees, parameters=budget[0], multiply_adds=budget[1])
    assert isinstance(actual, list), "candidates has to return a list of trials."
    for k, (mine, right) in enumerate(zip(actual, expected, strict=False)):
        assert_matches(mine, right, f"candidate {k}")
    assert_matches(actual, expected, "the candidates")


CLASSES = 6


def digits(draw, count):
    """Images of 12 × 10 and what is on them, 0 to 5: each digit in its own place, and noise."""
    y = torch.cat([torch.arange(CLASSES), draw.integers(0, CLASSES, count - CLASSES)])
    x = draw.normal(count, 1, 12, 10, std=0.25, dtype=torch.float32)
    down, right = draw.integers(0, 6, count), draw.integers(0, 6, count)
    for k, glyph in enumerate(glyphs()[y]):
        x[k, 0, down[k] : down[k] + 7, right[k] : right[k] + 5] += glyph
    return x, y


def trials_for(draw, good, bad):
    """Trials with rates that work and with rates that don't, in random order."""
    base = {"kernel": 3, "norm": True}
    shapes = [
        {"depth": 2, "width": 8, "down": "pool", "head": "flatten"},
        {"depth": 2, "width": 6, "down": "stride", "head": "flatten"},
        {"depth": 2, "width": 10, "down": "pool", "head": "flatten"},
        {"depth": 1, "width": 6, "down": "pool", "head": "mean"},
    ]
    trials = [shapes[k] | base | {"lr": 0.05, "batch": 20 + 3 * k} for k in range(good)]
    trials += [shapes[draw.integer(0, 4)] | base | {"lr": 10.0 ** -draw.integer(6, 9), "batch": 25} for _ in range(bad)]
    return [trials[k] for k in draw.permutation(len(trials)).tolist()]


def tuned(solution, trials, x, y, x_val, y_val, epochs, seed):
    return solution.tune(trials, x, y, x_val, y_val, epochs=epochs, seed=seed)


def judge(state, trial, x, y):
    net = network(trial, tuple(x.shape[1:]), CLASSES)
    shapes = {name: list(value.shape) for name, value in net.state_dict().items()}
    mine = {name: list(getattr(value, "shape", [])) for name, value in state.items()}
    assert_matches(mine, shapes, "the shapes in the winner's state_dict")
    net.load_state_dict(state)
    with torch.no_grad():
        return (net.eval()(x).argmax(dim=1) == y).double().mean().item()


def check_rounds(rounds, best, count):
    """Those in a round are the better half of the round before it, and the winner is the better of the last."""
    assert isinstance(rounds, list) and rounds, "rounds has to be a list with an entry for each round held."
    left = list(range(count))
    for number, held in enumerate(rounds, start=1):
        assert isinstance(held, list | tuple) and all(isinstance(p, list | tuple) and len(p) == 2 for p in held), (
            f"Round {number} has to be a list of pairs (number of the trial, accuracy)."
        )
        assert len(left) > 1, f"Trial {left[0]} is the only one left, and yet there is a round {number}."
        assert_matches([k for k, _ in held], left, f"the numbers of the trials in round {number}")
        assert all(isinstance(a, float) and 0 <= a <= 1 for _, a in held), (
            f"The accuracies in round {number} have to be numbers between 0 and 1: {[a for _, a in held]}."
        )
        ranked = sorted(held, key=lambda pair: (-pair[1], pair[0]))
        left = sorted(k for k, _ in ranked[: max(1, len(left) // 2)])
    assert len(left) == 1, f"After your last round {len(left)} trials are left: {left}. Go on until one is."
    assert_matches(best, left[0], "the number of the best trial")


def check_tuning(learner, draw, count, trials, epochs):
    (x, y), (x_val, y_val) = digits(draw, count), digits(draw, 150)
    result = learner.run(tuned, trials, x, y, x_val, y_val, epochs, draw.integer(0, 1000))
    assert_inputs_unchanged(learner)
    assert isinstance(result, tuple | list) and len(result) == 3 and isinstance(result[1], dict), (
        "tune has to return three things: the best trial's number, its network's state_dict, and the rounds."
    )
    best, state, rounds = result
    check_rounds(rounds, best, len(trials))
    reached = judge(state, trials[best], x_val, y_val)
    told = dict(rounds[-1])[best]
    assert abs(reached - told) < 1.5 / len(y_val), (
        f"In the last round trial {best} is said to get {told:.1%} of the validation images; with the state_dict that "
        f"you return it gets {reached:.1%}. Measure in evaluation mode, and return the weights that were measured."
    )
    batches = -(-count // trials[best]["batch"])
    held = [epochs * 2**k for k in range(len(rounds))]
    seen = int(state["1.num_batches_tracked"])
    assert seen == sum(held) * batches, (
        f"The winner's batch norm has seen {seen} batches in training mode; with {' + '.join(map(str, held))} epochs "
        f"of {batches} batches it has to be {sum(held) * batches}. Every round goes on with the networks of the round "
        "before, and measuring is done in evaluation mode."
    )
    return best, state, rounds


@pytest.mark.builds_on("test_a_network_computes_what_torchs_does")
def test_the_rounds_halve_the_trials_and_go_on_with_their_networks(learner, draw):
    check_tuning(learner, draw, 50, trials_for(draw, 3, 2), 1)


@pytest.mark.builds_on("test_the_rounds_halve_the_trials_and_go_on_with_their_networks")
def test_a_good_network_is_found(learner, draw, album):
    trials = trials_for(draw, 3, 5)
    best, state, rounds = check_tuning(learner, draw, 240, trials, 2)
    accuracy = judge(state, trials[best], *digits(draw, 300))
    show(album, rounds, trials)
    assert accuracy >= 0.75, (
        f"The winner, {told(trials[best])}, gets {accuracy:.1%} of 300 new images; it takes 75 %. Does each step use "
        "its trial's rate, and are the best kept rather than the worst?"
    )


def show(album, rounds, trials):
    with album.figure("halving", "Who is left, and how accurate it is", 6, 4) as axes:
        for k, trial in enumerate(trials):
            path = [(number + 1, dict(held)[k]) for number, held in enumerate(rounds) if k in dict(held)]
            axes.plot(*zip(*path, strict=True), marker="o", label=f"{k}: rate {trial['lr']:g}, depth {trial['depth']}")
        axes.set_xlabel("round")
        axes.set_ylabel("accuracy on the validation images")
        axes.set_xticks(range(1, len(rounds) + 1))
        axes.legend(fontsize=7)


def tuned_twice(solution, trials, x, y, x_val, y_val, seed):
    return [solution.tune(trials, x, y, x_val, y_val, epochs=1, seed=seed)[1:] for _ in range(2)]


@pytest.mark.builds_on("test_the_rounds_halve_the_trials_and_go_on_with_their_networks")
def test_the_same_seed_gives_the_same_result(learner, draw):
    (x, y), (x_val, y_val) = digits(draw, 30), digits(draw, 40)
    first, second = learner.run(tuned_twice, trials_for(draw, 2, 0), x, y, x_val, y_val, draw.integer(0, 1000))
    assert_matches(second, first, "what comes out of a second run")
