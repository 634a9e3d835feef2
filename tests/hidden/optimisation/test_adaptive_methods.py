"""Against the functions behind torch.optim: single steps in the middle of a run, several in a row, and whole races."""

import pytest
import torch
from torch.optim.adagrad import adagrad
from torch.optim.adam import adam
from torch.optim.adamax import adamax
from torch.optim.nadam import nadam
from torch.optim.rmsprop import rmsprop
from torch.optim.sgd import sgd

from tutor.testkit import assert_inputs_unchanged, assert_matches, assert_raises, strided

NAMES = {
    "amsgrad_step": ("param", "exp_avg", "exp_avg_sq", "max_exp_avg_sq"),
    "adamax_step": ("param", "exp_avg", "exp_inf"),
    "nadam_step": ("param", "exp_avg", "exp_avg_sq", "mu_product"),
}


def torch_amsgrad(param, grad, *averages_and_step, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
    *averages, step = averages_and_step
    tensors = [tensor.clone() for tensor in (param, grad, *averages)]
    options = {"lr": lr, "beta1": betas[0], "beta2": betas[1], "eps": eps, "weight_decay": 0.0, "maximize": False}
    adam(*([t] for t in tensors), [torch.tensor(step - 1.0)], foreach=False, amsgrad=True, **options)
    return tensors[0], *tensors[2:]


def torch_adamax(param, grad, exp_avg, exp_inf, step, lr=2e-3, betas=(0.9, 0.999), eps=1e-8):
    tensors = [tensor.clone() for tensor in (param, grad, exp_avg, exp_inf)]
    options = {"lr": lr, "beta1": betas[0], "beta2": betas[1], "eps": eps, "weight_decay": 0.0}
    adamax(*([t] for t in tensors), [torch.tensor(step - 1.0)], foreach=False, **options)
    return tensors[0], *tensors[2:]


def torch_nadam(
    param, grad, exp_avg, exp_avg_sq, mu_product, step, lr=2e-3, betas=(0.9, 0.999), eps=1e-8, momentum_decay=4e-3
):
    tensors = [tensor.clone() for tensor in (param, grad, exp_avg, exp_avg_sq)]
    product = torch.tensor(mu_product, dtype=torch.float64)
    options = {"lr": lr, "beta1": betas[0], "beta2": betas[1], "eps": eps, "weight_decay": 0.0}
    steps = [torch.tensor(step - 1.0)]
    nadam(*([t] for t in tensors), [product], steps, foreach=False, momentum_decay=momentum_decay, **options)
    return tensors[0], *tensors[2:], product.item()


TORCH = {"amsgrad_step": torch_amsgrad, "adamax_step": torch_adamax, "nadam_step": torch_nadam}


def first_state(draw, function, *shape):
    zeros = [torch.zeros(shape, dtype=torch.float64)] * (3 if function == "amsgrad_step" else 2)
    product = [1.0] if function == "nadam_step" else []
    return [draw.normal(*shape), draw.normal(*shape), *zeros, *product, 1]


def later_state(draw, function, *shape):
    """As in the middle of a run; some of the old maxima are above what this step makes, some below."""
    step = draw.integer(2, 30)
    averages = [draw.normal(*shape, std=0.4), draw.uniform(*shape, low=0.2, high=2.0)]
    more = [averages[1] * draw.uniform(*shape, low=1.0, high=2.0)] if function == "amsgrad_step" else []
    if function == "nadam_step":
        more = [float(draw.uniform(low=0.01, high=0.4))]
    return [draw.normal(*shape), draw.normal(*shape, std=1.5), *averages, *more, step]


def check(learner, function, state, **options):
    expected = TORCH[function](*state, **options)
    assert_matches(getattr(learner, function)(*state, **options), expected, NAMES[function])


FUNCTIONS = list(NAMES)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_the_first_step(learner, draw, function):
    check(learner, function, first_state(draw, function, 4, 3), lr=0.1)


@pytest.mark.builds_on("test_the_first_step")
@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("shape", [(5,), (3, 4, 2)])
def test_a_step_in_the_middle_of_a_run(learner, draw, shape, function):
    state = later_state(draw, function, *shape)
    state[0] = strided(state[0])
    check(learner, function, state, lr=0.2)
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_a_step_in_the_middle_of_a_run")
@pytest.mark.parametrize("function", FUNCTIONS)
def test_betas_and_eps_of_your_choice(learner, draw, function):
    betas = (float(draw.uniform(low=0.5, high=0.8)), float(draw.uniform(low=0.85, high=0.95)))
    state = later_state(draw, function, 4, 5)
    check(learner, function, state, lr=0.3, betas=betas, eps=float(draw.uniform(low=0.05, high=0.5)))
    check(learner, function, later_state(draw, function, 7))


@pytest.mark.builds_on("test_a_step_in_the_middle_of_a_run")
def test_how_fast_the_momentum_of_nadam_warms_up(learner, draw):
    state = later_state(draw, "nadam_step", 6)
    check(learner, "nadam_step", state, lr=0.2, momentum_decay=float(draw.uniform(low=0.1, high=1.0)))


@pytest.mark.builds_on("test_a_step_in_the_middle_of_a_run")
@pytest.mark.parametrize("function", FUNCTIONS)
def test_the_dtype_is_kept(learner, draw, function):
    state = [v.float() if isinstance(v, torch.Tensor) else v for v in later_state(draw, function, 3, 2)]
    result = getattr(learner, function)(*state, lr=0.1)
    expected = TORCH[function](*state, lr=0.1)
    if function == "nadam_step":
        result, expected = result[:3] if isinstance(result, tuple) else result, expected[:3]
    assert_matches(result, expected, NAMES[function][: len(expected)])


def in_a_row(solution, function, state, gradients, lr):
    param, _, *averages, step = state
    params = []
    for number, grad in enumerate(gradients):
        param, *averages = getattr(solution, function)(param, grad, *averages, step + number, lr=lr)
        params.append(param)
    return params


@pytest.mark.builds_on("test_a_step_in_the_middle_of_a_run")
@pytest.mark.parametrize("function", FUNCTIONS)
def test_steps_in_a_row(learner, draw, function):
    """Large gradients first, small ones later: what a maximum remembers shows."""
    state = first_state(draw, function, 3, 2)
    gradients = [draw.normal(3, 2, std=3.0 / (k + 1)) for k in range(8)]
    param, _, *averages, step = state
    expected = []
    for number, grad in enumerate(gradients):
        param, *averages = TORCH[function](param, grad, *averages, step + number, lr=0.1)
        expected.append(param)
    result = learner.run(in_a_row, function, state, gradients, 0.1)
    assert_matches(result, expected, "the parameter after step", terms=8)


METHODS = ["sgd", "momentum", "adagrad", "rmsprop", "adam"]


def torch_run(method, lr, gradient, w, steps, eps=None):
    """The parameter after each step, beginning with the start."""
    w, zeros = w.clone(), torch.zeros_like(w)
    m, v, places = zeros.clone(), zeros.clone(), [w.clone()]
    for t in range(steps):
        g, step = gradient(w), torch.tensor(float(t))
        if method in ("sgd", "momentum"):
            momentum = 0.9 if method == "momentum" else 0.0
            options = {"weight_decay": 0.0, "momentum": momentum, "dampening": 0.0, "nesterov": False}
            sgd([w], [g], [m if momentum else None], foreach=False, lr=lr, maximize=False, **options)
        elif method == "adagrad":
            options = {"eps": 1e-10 if eps is None else eps, "weight_decay": 0.0, "lr_decay": 0.0, "maximize": False}
            adagrad([w], [g], [v], [step], foreach=False, lr=lr, **options)
        elif method == "rmsprop":
            options = {"eps": 1e-8 if eps is None else eps, "weight_decay": 0.0, "momentum": 0.0, "centered": False}
            rmsprop([w], [g], [v], [], [], [step], foreach=False, lr=lr, alpha=0.99, **options)
        else:
            options = {"eps": 1e-8 if eps is None else eps, "weight_decay": 0.0, "maximize": False, "amsgrad": False}
            adam([w], [g], [m], [v], [], [step], foreach=False, lr=lr, beta1=0.9, beta2=0.999, **options)
        places.append(w.clone())
    return places


@pytest.mark.parametrize("method", METHODS)
def test_the_step_for_a_gradient_that_stays_the_same(learner, draw, method):
    """From a start at 0 and a far larger gradient or rate nothing is lost in the difference of two places."""
    for step in (1, 2, draw.integer(3, 10), draw.integer(50, 150)):
        grad, lr = (
            float(draw.uniform(low=0.2, high=20.0)) * draw.choice([-1, 1]),
            float(draw.uniform(low=0.1, high=2.0)),
        )
        constant = torch.tensor([grad], dtype=torch.float64)
        places = torch_run(method, lr, lambda w, g=constant: g.clone(), torch.zeros_like(constant), step, eps=0.0)
        expected = (places[-1] - places[-2]).item()
        name = f"the change of {method} at step {step}, with gradient {grad:.4g} and lr {lr:.4g},"
        assert_matches(learner.constant_step(method, grad, step, lr), expected, name, terms=step * step)


def test_another_method_is_an_error(learner, draw):
    assert_raises(ValueError, learner.constant_step, "adamw", 1.0, 3, 0.1)


def check_race(learner, runs, curvatures, start, steps):
    ends = [torch_run(method, lr, lambda w: curvatures * w, start, steps)[-1] for method, lr in runs]
    losses = torch.stack([(curvatures * w * w).sum() / 2 for w in ends])
    expected = (losses, int(losses.argmin()))
    result = learner.race(runs, curvatures, start, steps)
    assert_matches(result, expected, ("the losses", "best"), terms=steps * steps)


def far(draw, d):
    return draw.uniform(d, low=0.5, high=2.0) * (2 * draw.integers(0, 2, d) - 1)


@pytest.mark.parametrize("method", METHODS)
def test_a_race_with_one_runner(learner, draw, method):
    curvatures = draw.uniform(3, low=0.5, high=4.0)
    check_race(learner, [(method, float(draw.uniform(low=0.01, high=0.1)))], curvatures, far(draw, 3), 6)


@pytest.mark.builds_on("test_a_race_with_one_runner")
@pytest.mark.parametrize("spread", [1.0, 100.0])
def test_a_race_of_all_methods(learner, draw, spread):
    curvatures = draw.uniform(4, low=0.5, high=1.0) * torch.tensor([1.0, spread, spread, 1.0], dtype=torch.float64)
    runs = [(method, float(draw.uniform(low=0.5, high=1.5)) / spread) for method in ("sgd", "momentum")]
    runs = [(method, lr / 10) for method, lr in runs]
    runs += [(method, float(draw.uniform(low=0.02, high=0.3))) for method in METHODS[2:]]
    runs = [runs[i] for i in draw.permutation(5).tolist()]
    curvatures, start = strided(curvatures), far(draw, 4)
    check_race(learner, runs, curvatures, start, 20)
    assert_inputs_unchanged(learner)
