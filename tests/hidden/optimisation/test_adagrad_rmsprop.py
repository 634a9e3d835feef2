"""Against the functions behind torch.optim's Adagrad, RMSprop and Adadelta: single steps, and ten in a row."""

import pytest
import torch
from torch.optim.adadelta import adadelta
from torch.optim.adagrad import adagrad
from torch.optim.rmsprop import rmsprop

from tutor.testkit import assert_inputs_unchanged, assert_matches, strided

NAMES = {
    "adagrad_step": ("param", "square_sum"),
    "rmsprop_step": ("param", "square_avg", "grad_avg"),
    "adadelta_step": ("param", "square_avg", "delta_avg"),
}


def torch_adagrad(param, grad, square_sum, lr=1e-2, eps=1e-10):
    param, square_sum = param.clone(), square_sum.clone()
    options = {"lr": lr, "eps": eps, "weight_decay": 0.0, "lr_decay": 0.0, "maximize": False}
    adagrad([param], [grad.clone()], [square_sum], [torch.tensor(0.0)], foreach=False, **options)
    return param, square_sum


def torch_rmsprop(param, grad, square_avg, grad_avg, lr=1e-2, alpha=0.99, eps=1e-8):
    param, square_avg = param.clone(), square_avg.clone()
    grad_avgs = [] if grad_avg is None else [grad_avg.clone()]
    rmsprop(
        *([param], [grad.clone()], [square_avg], grad_avgs, [], [torch.tensor(0.0)]),
        foreach=False,
        lr=lr,
        alpha=alpha,
        eps=eps,
        weight_decay=0.0,
        momentum=0.0,
        centered=grad_avg is not None,
    )
    return param, square_avg, grad_avgs[0] if grad_avgs else None


def torch_adadelta(param, grad, square_avg, delta_avg, lr=1.0, rho=0.9, eps=1e-6):
    param, square_avg, delta_avg = param.clone(), square_avg.clone(), delta_avg.clone()
    options = {"lr": lr, "rho": rho, "eps": eps, "weight_decay": 0.0, "maximize": False}
    adadelta([param], [grad.clone()], [square_avg], [delta_avg], [torch.tensor(0.0)], foreach=False, **options)
    return param, square_avg, delta_avg


def weights(draw, *shape, dtype=torch.float64, scale=1.0):
    return draw.normal(*shape, dtype=dtype), draw.normal(*shape, dtype=dtype, std=scale)


def past(draw, *shape, dtype=torch.float64):
    """Something squared, as it is in the middle of a training run."""
    return draw.uniform(*shape, low=0.2, high=2.0, dtype=dtype)


def centred(draw, *shape, dtype=torch.float64):
    """A running mean of gradients whose square stays below that of the squares, as it must."""
    return draw.uniform(*shape, low=-0.4, high=0.4, dtype=dtype)


def zeros(draw, *shape):
    return torch.zeros(shape, dtype=torch.float64)


STARTS = {"zeros": zeros, "past": past}


def told(options):
    return ", ".join(f"{name}={value}" for name, value in options.items())


def check(learner, function, state, **options):
    theirs = {"adagrad_step": torch_adagrad, "rmsprop_step": torch_rmsprop, "adadelta_step": torch_adadelta}
    result = getattr(learner, function)(*state, **options)
    assert_matches(result, theirs[function](*state, **options), NAMES[function])


@pytest.mark.parametrize("shape", [(5,), (3, 4), ()])
@pytest.mark.parametrize("start", ["zeros", "past"])
def test_adagrad(learner, draw, shape, start):
    check(learner, "adagrad_step", (*weights(draw, *shape), STARTS[start](draw, *shape)))


@pytest.mark.parametrize("options", [{"lr": 0.7}, {"eps": 0.3}, {"lr": 0.4, "eps": 0.1}], ids=told)
def test_adagrad_with_other_settings(learner, draw, options):
    check(learner, "adagrad_step", (*weights(draw, 4, 3), past(draw, 4, 3)), **options)


@pytest.mark.builds_on("test_adagrad")
def test_adagrad_with_gradients_as_small_as_eps(learner, draw):
    check(learner, "adagrad_step", (*weights(draw, 5, scale=1e-6), zeros(draw, 5)), lr=0.5, eps=1e-6)


@pytest.mark.parametrize("shape", [(5,), (3, 4), ()])
@pytest.mark.parametrize("start", ["zeros", "past"])
def test_rmsprop(learner, draw, shape, start):
    check(learner, "rmsprop_step", (*weights(draw, *shape), STARTS[start](draw, *shape), None))


@pytest.mark.parametrize(
    "options", [{"lr": 0.7}, {"alpha": 0.6}, {"eps": 0.3}, {"lr": 0.4, "alpha": 0.8, "eps": 0.1}], ids=told
)
def test_rmsprop_with_other_settings(learner, draw, options):
    check(learner, "rmsprop_step", (*weights(draw, 4, 3), past(draw, 4, 3), None), **options)


@pytest.mark.builds_on("test_rmsprop")
@pytest.mark.parametrize("alpha, eps", [(0.99, 1e-8), (0.6, 0.2)])
def test_centred_rmsprop(learner, draw, alpha, eps):
    state = (*weights(draw, 4, 3), past(draw, 4, 3), centred(draw, 4, 3))
    check(learner, "rmsprop_step", state, lr=0.3, alpha=alpha, eps=eps)


@pytest.mark.builds_on("test_centred_rmsprop")
def test_the_first_centred_step(learner, draw):
    check(learner, "rmsprop_step", (*weights(draw, 4, 3), zeros(draw, 4, 3), zeros(draw, 4, 3)), lr=0.3, alpha=0.7)


@pytest.mark.parametrize("shape", [(5,), (3, 4), ()])
def test_adadelta(learner, draw, shape):
    check(learner, "adadelta_step", (*weights(draw, *shape), past(draw, *shape), past(draw, *shape)))


@pytest.mark.parametrize(
    "options", [{"lr": 0.3}, {"rho": 0.5}, {"eps": 0.3}, {"lr": 0.4, "rho": 0.7, "eps": 0.1}], ids=told
)
def test_adadelta_with_other_settings(learner, draw, options):
    check(learner, "adadelta_step", (*weights(draw, 4, 3), past(draw, 4, 3), past(draw, 4, 3)), **options)


@pytest.mark.builds_on("test_adadelta")
@pytest.mark.parametrize("eps", [1e-6, 0.05])
def test_the_first_step_of_adadelta_is_made_of_eps(learner, draw, eps):
    state = (*weights(draw, 4, 3, scale=0.1), zeros(draw, 4, 3), zeros(draw, 4, 3))
    check(learner, "adadelta_step", state, lr=50.0, eps=eps)


@pytest.mark.builds_on("test_adagrad", "test_rmsprop", "test_adadelta")
@pytest.mark.parametrize("function", NAMES)
def test_a_gradient_of_zero_moves_nothing(learner, draw, function):
    param, fresh = draw.normal(5), [zeros(draw, 5) for _ in NAMES[function]]
    if function == "rmsprop_step":
        fresh[-1] = None
    check(learner, function, (param, *fresh))


def steps_in_a_row(solution, function, param, grads, state, options):
    """The parameter after each step, the learner's own state handed on from one to the next."""
    after = []
    for grad in grads:
        param, *state = getattr(solution, function)(param, grad, *state, **options)
        after.append(param.clone())
    return torch.stack(after)


@pytest.mark.builds_on("test_adagrad", "test_rmsprop", "test_adadelta")
@pytest.mark.parametrize("kind", ["Adagrad", "RMSprop", "centred RMSprop", "Adadelta"])
def test_ten_steps_in_a_row(learner, draw, kind):
    param, grads, nothing = draw.normal(3, 2), draw.normal(10, 3, 2), torch.zeros(3, 2, dtype=torch.float64)
    function, theirs, state, options = {
        "Adagrad": ("adagrad_step", torch_adagrad, [nothing], {"lr": 0.3}),
        "RMSprop": ("rmsprop_step", torch_rmsprop, [nothing, None], {"lr": 0.05, "alpha": 0.9}),
        "centred RMSprop": ("rmsprop_step", torch_rmsprop, [nothing, nothing], {"lr": 0.05, "alpha": 0.9}),
        "Adadelta": ("adadelta_step", torch_adadelta, [nothing, nothing], {"lr": 2.0, "eps": 1e-3}),
    }[kind]
    result = learner.run(steps_in_a_row, function, param, grads, state, options)
    after = []
    for grad in grads:
        param, *state = theirs(param, grad, *state, **options)
        after.append(param)
    assert_matches(result, torch.stack(after), "the parameter after each step [step, row, column]", terms=10)


@pytest.mark.builds_on("test_adagrad", "test_rmsprop", "test_adadelta")
@pytest.mark.parametrize("function", NAMES)
def test_float32_stays_float32(learner, draw, function):
    state = [past(draw, 4, 3, dtype=torch.float32)]
    if function != "adagrad_step":
        state.append(centred(draw, 4, 3, dtype=torch.float32).abs())
    check(learner, function, (*weights(draw, 4, 3, dtype=torch.float32), *state), lr=0.2)


@pytest.mark.builds_on("test_adagrad", "test_rmsprop", "test_adadelta")
@pytest.mark.parametrize("function", NAMES)
def test_inputs_that_are_not_contiguous_are_left_as_they_were(learner, draw, function):
    state = (*weights(draw, 4, 3), past(draw, 4, 3))
    if function != "adagrad_step":
        state = (*state, centred(draw, 4, 3).abs())
    check(learner, function, tuple(map(strided, state)), lr=0.2)
    assert_inputs_unchanged(learner)
