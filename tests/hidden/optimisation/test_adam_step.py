"""Against the functions behind torch.optim.Adam and AdamW: single steps, and each of a dozen steps in a row."""

import pytest
import torch
from torch.optim.adam import adam
from torch.optim.adamw import adamw

from tutor.testkit import assert_inputs_unchanged, assert_matches, strided

NAMES = ("param", "exp_avg", "exp_avg_sq")


def torch_step(
    param, grad, exp_avg, exp_avg_sq, step, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0, decoupled=False
):
    """What torch makes of this state. To make an `Optimizer` would first import torch's compiler, for 0.7 s."""
    param, exp_avg, exp_avg_sq = param.clone(), exp_avg.clone(), exp_avg_sq.clone()
    steps_so_far = torch.tensor(float(step - 1))
    (adamw if decoupled else adam)(
        *([tensor] for tensor in (param, grad.clone(), exp_avg, exp_avg_sq)),
        [],
        [steps_so_far],
        foreach=False,
        amsgrad=False,
        maximize=False,
        lr=lr,
        beta1=betas[0],
        beta2=betas[1],
        eps=eps,
        weight_decay=weight_decay,
    )
    return param, exp_avg, exp_avg_sq


def fresh(draw, *shape, dtype=torch.float64, scale=1.0):
    """A parameter, a gradient, and the zeros that the averages begin with."""
    param, grad = draw.normal(*shape, dtype=dtype), draw.normal(*shape, dtype=dtype, std=scale)
    return param, grad, torch.zeros_like(param), torch.zeros_like(param)


def running(draw, *shape, dtype=torch.float64):
    """A state as it is in the middle of a training run."""
    param, grad = draw.normal(*shape, dtype=dtype), draw.normal(*shape, dtype=dtype)
    return param, grad, draw.normal(*shape, std=0.3, dtype=dtype), draw.uniform(*shape, low=0.1, high=2.0, dtype=dtype)


def check(learner, state, step, **options):
    expected = torch_step(*state, step, **options)
    assert_matches(learner.adam_step(*state, step, **options), expected, NAMES)


@pytest.mark.parametrize("shape", [(5,), (3, 4), (2, 3, 4), ()])
def test_the_first_step(learner, draw, shape):
    check(learner, fresh(draw, *shape), 1)


@pytest.mark.builds_on("test_the_first_step")
@pytest.mark.parametrize("step", [2, 7, 1000])
def test_a_later_step(learner, draw, step):
    check(learner, running(draw, 4, 3), step)


@pytest.mark.builds_on("test_a_later_step")
@pytest.mark.parametrize(
    "options", [{"lr": 0.3}, {"betas": (0.5, 0.8)}, {"betas": (0.0, 0.9)}, {"eps": 0.1}, {"eps": 0.0}], ids=str
)
def test_other_settings(learner, draw, options):
    check(learner, running(draw, 4, 3), 3, **options)


@pytest.mark.builds_on("test_the_first_step")
@pytest.mark.parametrize("scale", [1e-7, 1e-9])
def test_eps_stands_outside_the_root(learner, draw, scale):
    """With gradients as small as eps, every place to put it gives another step."""
    check(learner, fresh(draw, 6, scale=scale), 1, lr=0.1)
    check(learner, fresh(draw, 6, scale=scale), 4, lr=0.1)


@pytest.mark.builds_on("test_other_settings")
@pytest.mark.parametrize("scale", [1e-20, 1e20])
def test_gradients_of_any_size(learner, draw, scale):
    """With eps = 0 nothing but the betas decides how far a step goes."""
    state = fresh(draw, 6, scale=scale)
    check(learner, state, 1, lr=0.5, eps=0.0)
    check(learner, state, 9, lr=0.5, eps=0.0)


@pytest.mark.builds_on("test_a_later_step")
def test_parameters_of_any_size(learner, draw):
    param, *others = running(draw, 3, 4)
    check(learner, (param * 1e6, *others), 3, lr=1e4, weight_decay=1e-5, decoupled=True)


@pytest.mark.builds_on("test_a_later_step")
def test_a_step_many_times_the_learning_rate(learner, draw):
    """Momentum left over from larger gradients: nothing keeps m̂ / √v̂ small."""
    param, grad, exp_avg, exp_avg_sq = running(draw, 3, 4)
    check(learner, (param, grad, exp_avg * 100, exp_avg_sq), 500, lr=0.1)


@pytest.mark.builds_on("test_the_first_step")
def test_a_gradient_of_zero_moves_nothing(learner, draw):
    param, _, exp_avg, exp_avg_sq = fresh(draw, 5)
    check(learner, (param, torch.zeros_like(param), exp_avg, exp_avg_sq), 1, lr=0.1)


@pytest.mark.builds_on("test_a_later_step")
@pytest.mark.parametrize("weight_decay", [0.01, 3.0])
def test_weight_decay_as_l2(learner, draw, weight_decay):
    check(learner, running(draw, 4, 3), 5, lr=0.1, weight_decay=weight_decay)


@pytest.mark.builds_on("test_a_later_step")
@pytest.mark.parametrize("weight_decay", [0.01, 3.0, 15.0])
def test_decoupled_weight_decay(learner, draw, weight_decay):
    check(learner, running(draw, 4, 3), 5, lr=0.1, weight_decay=weight_decay, decoupled=True)


def steps_in_a_row(solution, param, grads, options):
    """The parameter after each step, the learner's own state handed on from one to the next."""
    exp_avg, exp_avg_sq = torch.zeros_like(param), torch.zeros_like(param)
    after = []
    for step, grad in enumerate(grads, 1):
        param, exp_avg, exp_avg_sq = solution.adam_step(param, grad, exp_avg, exp_avg_sq, step, **options)
        after.append(param)
    return torch.stack(after)


@pytest.mark.builds_on("test_the_first_step")
@pytest.mark.parametrize(
    "options",
    [
        {"lr": 0.05},
        {"lr": 0.05, "betas": (0.7, 0.9), "eps": 1e-3},
        {"lr": 0.2, "weight_decay": 0.5},
        {"lr": 0.2, "weight_decay": 0.5, "decoupled": True},
    ],
    ids=str,
)
def test_twelve_steps_in_a_row(learner, draw, options):
    param, grads = draw.normal(3, 2), draw.normal(12, 3, 2)
    theirs, after = (param, torch.zeros_like(param), torch.zeros_like(param)), []
    for step, grad in enumerate(grads, 1):
        theirs = torch_step(theirs[0], grad, *theirs[1:], step, **options)
        after.append(theirs[0])
    result = learner.run(steps_in_a_row, param, grads, options)
    assert_matches(result, torch.stack(after), "the parameter after each step [step, row, column]", terms=12)


@pytest.mark.builds_on("test_the_first_step")
@pytest.mark.parametrize("decoupled", [False, True])
def test_float32_stays_float32(learner, draw, decoupled):
    check(learner, fresh(draw, 4, 3, dtype=torch.float32), 1, lr=0.1, weight_decay=0.1, decoupled=decoupled)
    check(learner, running(draw, 4, 3, dtype=torch.float32), 5, lr=0.1, weight_decay=0.1, decoupled=decoupled)


@pytest.mark.builds_on("test_a_later_step")
@pytest.mark.parametrize("decoupled", [False, True])
def test_inputs_that_are_not_contiguous_are_left_as_they_were(learner, draw, decoupled):
    state = running(draw, 4, 3)
    options = {"weight_decay": 0.1, "decoupled": decoupled}
    result = learner.adam_step(*map(strided, state), 2, **options)
    assert_matches(result, torch_step(*state, 2, **options), NAMES)
    assert_inputs_unchanged(learner)


def a_parameter(draw, size):
    single = torch.float32
    grad, average, square = (draw.normal(size, dtype=single) for _ in range(3))
    return draw.normal(size, dtype=single), grad, average, square.square(), 7


def by_torch(param, grad, exp_avg, exp_avg_sq, step):
    exp_avg = exp_avg.lerp(grad, 0.1)
    exp_avg_sq = (exp_avg_sq * 0.999).addcmul(grad, grad, value=0.001)
    denominator = (exp_avg_sq.sqrt() / (1 - 0.999**step) ** 0.5).add_(1e-8)
    return param.addcdiv(exp_avg, denominator, value=-1e-3 / (1 - 0.9**step)), exp_avg, exp_avg_sq


@pytest.mark.speed
def test_the_time_beside_torch(stopwatch):
    sizes = {"cpu": 30_000, "cuda": 1 << 22}
    stopwatch.compare("adam_step", by_torch, a_parameter, sizes, operations=20, terms=4)
