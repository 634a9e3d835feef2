"""Against torch.logsumexp, F.cross_entropy and its autograd; also where logits are large and digits scarce."""

import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import assert_inputs_unchanged, assert_matches, reference, strided

# As far from 0 as leaves each dtype only a few digits behind the point: computing in float64 isn't enough.
FAR = [(torch.float32, 1e4), (torch.float32, -1e4), (torch.float64, 1e7), (torch.float64, -1e7)]
BOTH = [torch.float32, torch.float64]
HUGE = [(torch.float32, 1e30), (torch.float64, 1e300)]


def problem(draw, n=5, classes=4, std=2.0, offset=0.0, dtype=torch.float64):
    """Logits (their rows moved up or down together by about `offset`), and targets."""
    logits = draw.normal(n, classes, std=std) + offset * draw.uniform(n, 1, low=0.5, high=1.0)
    return logits.to(dtype), draw.integers(0, classes, n)


@pytest.mark.parametrize("n, classes", [(5, 3), (3, 7), (1, 4), (4, 2), (3, 1)])
def test_log_sum_exp_matches_torch(learner, draw, n, classes):
    logits, _ = problem(draw, n, classes)
    assert_matches(learner.log_sum_exp(logits), torch.logsumexp(logits, 1), "log Σ exp", terms=classes)


@pytest.mark.builds_on("test_log_sum_exp_matches_torch")
@pytest.mark.parametrize("dtype", BOTH)
@pytest.mark.parametrize("offset", [1e4, -1e4])
def test_log_sum_exp_of_large_logits(learner, draw, dtype, offset):
    logits, _ = problem(draw, offset=offset, dtype=dtype)
    assert_matches(learner.log_sum_exp(logits), torch.logsumexp(logits, 1), "log Σ exp", terms=4)


@pytest.mark.builds_on("test_log_sum_exp_of_large_logits")
@pytest.mark.parametrize("dtype", BOTH)
def test_log_sum_exp_when_one_logit_of_a_row_is_far_above_the_others(learner, draw, dtype):
    """Only the maximum of the row takes the danger away; its mean does not."""
    logits, _ = problem(draw, std=1e4, dtype=dtype)
    assert_matches(learner.log_sum_exp(logits), torch.logsumexp(logits, 1), "log Σ exp", terms=4)


@pytest.mark.builds_on("test_log_sum_exp_of_large_logits")
def test_log_sum_exp_when_rows_are_far_apart(learner, draw):
    """One maximum for the whole tensor would send every other row to log 0."""
    logits = draw.normal(4, 3) + torch.tensor([[-5000.0], [50.0], [3000.0], [9000.0]], dtype=torch.float64)
    assert_matches(learner.log_sum_exp(logits), torch.logsumexp(logits, 1), "log Σ exp", relative=True, rtol=1e-12)


@pytest.mark.builds_on("test_log_sum_exp_of_large_logits")
@pytest.mark.parametrize("dtype, std", HUGE)
def test_log_sum_exp_of_logits_of_any_magnitude(learner, draw, dtype, std):
    logits = draw.normal(5, 4, std=std).to(dtype)
    assert_matches(learner.log_sum_exp(logits), torch.logsumexp(logits, 1), "log Σ exp", terms=4)


def sure(draw, n, classes):
    """Rows whose largest logit is 0, and all others far below it; and where it is."""
    logits, top = draw.uniform(n, classes, low=-10.0, high=-7.0), draw.integers(0, classes, n)
    logits[torch.arange(n), top] = 0.0
    return logits, top


@pytest.mark.builds_on("test_log_sum_exp_matches_torch")
def test_log_sum_exp_close_to_zero_keeps_its_digits(learner, draw):
    """The logarithm of a number little above 1: an eps added to it would be seen."""
    logits, _ = sure(draw, 4, 3)
    assert_matches(learner.log_sum_exp(logits), torch.logsumexp(logits, 1), "log Σ exp", relative=True)


@pytest.mark.parametrize("n, classes", [(5, 3), (3, 7), (1, 4), (6, 2)])
def test_the_loss_matches_torch(learner, draw, n, classes):
    logits, targets = problem(draw, n, classes)
    assert_matches(
        learner.softmax_cross_entropy(logits, targets), F.cross_entropy(logits, targets), "the loss", terms=n
    )


@pytest.mark.builds_on("test_the_loss_matches_torch")
@pytest.mark.parametrize("dtype", BOTH)
def test_the_loss_of_logits_far_from_each_other(learner, draw, dtype):
    logits, _ = problem(draw, n=3, std=1e4, dtype=dtype)
    targets = logits.argmin(dim=1)  # not the likely class: a loss near zero would be rounding and nothing else
    exact = F.cross_entropy(logits.double(), targets).to(dtype)
    assert_matches(learner.softmax_cross_entropy(logits, targets), exact, "the loss", terms=4)


@pytest.mark.builds_on("test_the_loss_of_logits_far_from_each_other")
@pytest.mark.parametrize("dtype, std", HUGE)
def test_the_loss_of_logits_of_any_magnitude(learner, draw, dtype, std):
    logits = draw.normal(3, 4, std=std).to(dtype)
    targets = logits.argmin(dim=1)
    exact = F.cross_entropy(logits.double(), targets).to(dtype)
    assert_matches(learner.softmax_cross_entropy(logits, targets), exact, "the loss", terms=4)


@pytest.mark.builds_on("test_the_loss_matches_torch")
def test_the_small_loss_of_a_network_that_is_sure_and_right(learner, draw):
    logits, targets = sure(draw, 4, 3)
    expected = F.cross_entropy(logits, targets)
    assert_matches(learner.softmax_cross_entropy(logits, targets), expected, "the loss")


@pytest.mark.builds_on("test_the_loss_matches_torch")
@pytest.mark.parametrize("dtype, offset", FAR)
def test_the_loss_of_large_logits_keeps_its_digits(learner, draw, dtype, offset):
    for _ in range(12):  # a mean over many samples could hide what each of them lost
        logits, targets = problem(draw, n=2, std=1.0, offset=offset, dtype=dtype)
        exact = F.cross_entropy(logits.double(), targets).to(dtype)
        assert_matches(learner.softmax_cross_entropy(logits, targets), exact, "the loss", terms=4)


@pytest.mark.builds_on("test_the_loss_matches_torch")
def test_the_loss_of_equal_logits_is_log_of_the_number_of_classes(learner, draw):
    logits = draw.normal(3, 1).expand(3, 6)
    targets = draw.integers(0, 6, 3)
    expected = torch.tensor(6.0, dtype=torch.float64).log()
    assert_matches(learner.softmax_cross_entropy(logits, targets), expected, "the loss")


def backward_case(draw, **options):
    return backward_at(draw, *problem(draw, **options))


def backward_at(draw, logits, targets):
    loss = reference(F.cross_entropy, logits, targets)
    grad_output = draw.like(loss.output)
    return (grad_output, logits, targets), loss.gradients(grad_output)[0]


@pytest.mark.parametrize("n, classes", [(5, 3), (3, 7), (1, 4), (6, 2)])
def test_the_gradient_matches_autograd(learner, draw, n, classes):
    inputs, expected = backward_case(draw, n=n, classes=classes)
    assert_matches(learner.softmax_cross_entropy_backward(*inputs), expected, "grad_logits")


@pytest.mark.builds_on("test_the_gradient_matches_autograd")
@pytest.mark.parametrize("dtype", BOTH)
def test_the_gradient_at_logits_far_from_each_other(learner, draw, dtype):
    logits, targets = problem(draw, std=1e4, dtype=dtype)
    targets[0] = logits[0].argmin()  # were every class the likely one, the gradient would be zero
    inputs, expected = backward_at(draw, logits, targets)
    assert_matches(learner.softmax_cross_entropy_backward(*inputs), expected, "grad_logits", terms=5)


@pytest.mark.builds_on("test_the_gradient_matches_autograd")
@pytest.mark.parametrize("dtype, offset", FAR)
def test_the_gradient_at_large_logits_keeps_its_digits(learner, draw, dtype, offset):
    inputs, expected = backward_case(draw, std=1.0, offset=offset, dtype=dtype)
    assert_matches(learner.softmax_cross_entropy_backward(*inputs), expected, "grad_logits", terms=5)


@pytest.mark.builds_on("test_the_gradient_matches_autograd")
@pytest.mark.parametrize("dtype, std", HUGE)
def test_the_gradient_at_logits_of_any_magnitude(learner, draw, dtype, std):
    logits = draw.normal(3, 4, std=std).to(dtype)
    inputs, expected = backward_at(draw, logits, logits.argmin(dim=1))
    assert_matches(learner.softmax_cross_entropy_backward(*inputs), expected, "grad_logits", terms=5)


@pytest.mark.builds_on("test_the_gradient_matches_autograd")
@pytest.mark.parametrize("size", [1e-9, 1e9])
def test_tiny_and_large_upstream_gradients(learner, draw, size):
    (grad_output, logits, targets), expected = backward_case(draw)
    actual = learner.softmax_cross_entropy_backward(grad_output * size, logits, targets)
    assert_matches(actual, expected * size, "grad_logits")


@pytest.mark.builds_on("test_the_loss_matches_torch", "test_the_gradient_matches_autograd")
def test_classes_that_no_sample_has(learner, draw):
    """The number of classes is that of the columns, not the largest target plus one."""
    logits, targets = draw.normal(4, 6), draw.integers(0, 3, 4)
    assert_matches(learner.softmax_cross_entropy(logits, targets), F.cross_entropy(logits, targets), "the loss")
    inputs, expected = backward_at(draw, logits, targets)
    assert_matches(learner.softmax_cross_entropy_backward(*inputs), expected, "grad_logits")


def forward_of_another(solution, others, grad_output, logits, targets):
    """A forward pass on other logits, then the gradient; both functions get all that they need."""
    solution.softmax_cross_entropy(others, targets)
    return solution.softmax_cross_entropy_backward(grad_output, logits, targets)


@pytest.mark.builds_on("test_the_loss_matches_torch", "test_the_gradient_matches_autograd")
def test_the_gradient_is_that_of_its_arguments_and_not_of_an_earlier_forward_pass(learner, draw):
    inputs, expected = backward_case(draw)
    actual = learner.run(forward_of_another, draw.like(inputs[1]), *inputs)
    assert_matches(actual, expected, "grad_logits")


@pytest.mark.builds_on("test_the_loss_matches_torch", "test_the_gradient_matches_autograd")
def test_inputs_that_are_not_contiguous(learner, draw):
    (grad_output, logits, targets), expected = backward_case(draw)
    apart, targets_apart = strided(logits), strided(targets)
    assert_matches(learner.log_sum_exp(apart), torch.logsumexp(logits, 1), "log Σ exp")
    loss = learner.softmax_cross_entropy(apart, targets_apart)
    assert_matches(loss, F.cross_entropy(logits, targets), "the loss")
    result = learner.softmax_cross_entropy_backward(grad_output, apart, targets_apart)
    assert_matches(result, expected, "grad_logits")


@pytest.mark.builds_on("test_the_loss_matches_torch", "test_the_gradient_matches_autograd")
@pytest.mark.parametrize("function", ["log_sum_exp", "softmax_cross_entropy", "softmax_cross_entropy_backward"])
def test_inputs_are_left_as_they_were(learner, draw, function):
    (grad_output, logits, targets), grad = backward_case(draw)
    if function == "log_sum_exp":
        assert_matches(learner.log_sum_exp(logits), torch.logsumexp(logits, 1), "log Σ exp")
    elif function == "softmax_cross_entropy":
        assert_matches(learner.softmax_cross_entropy(logits, targets), F.cross_entropy(logits, targets), "the loss")
    else:
        assert_matches(learner.softmax_cross_entropy_backward(grad_output, logits, targets), grad, "grad_logits")
    assert_inputs_unchanged(learner)


def a_batch(draw, size):
    n, classes = size
    return draw.normal(n, classes, dtype=torch.float32), draw.integers(0, classes, n)


def by_torch(logits, targets):
    return F.cross_entropy(logits, targets)


@pytest.mark.speed
def test_the_time_beside_torch(stopwatch):
    sizes = {"cpu": (256, 100), "cuda": (8192, 4096)}
    stopwatch.compare("softmax_cross_entropy", by_torch, a_batch, sizes, operations=12, terms=4096)
