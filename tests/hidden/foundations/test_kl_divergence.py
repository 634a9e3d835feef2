"""Against torch's kl_div and autograd; terms with p = 0, for which torch's own form gives NaN, against plain Python."""

import math

import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import assert_inputs_unchanged, assert_matches, assert_raises, reference, strided

REDUCTIONS = ["none", "sum", "batchmean"]
DIRECTIONS = ["forward", "reverse"]
NAMES = ("grad_log_p", "grad_log_q")
INF = math.inf


def distributions(draw, *shape, dtype=torch.float64):
    """Log-probabilities along the last axis."""
    return torch.log_softmax(draw.normal(*shape, std=1.5), dim=-1).to(dtype)


def torch_kl(log_p, log_q, reduction="none"):
    terms = F.kl_div(log_q, log_p, reduction="none", log_target=True)
    if reduction == "batchmean":
        return terms.sum() / len(log_p)
    return terms.sum() if reduction == "sum" else terms.sum(dim=-1)


def torch_from_logits(log_p, logits, direction):
    log_q = torch.log_softmax(logits, dim=-1)
    return torch_kl(log_p, log_q) if direction == "forward" else torch_kl(log_q, log_p)


def upstream(draw, like):
    return draw.uniform(*like.shape, low=0.5, high=2.0, dtype=like.dtype)


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("shape", [(4, 7), (2, 3, 5)])
def test_the_divergence_matches_torch(learner, draw, shape, reduction):
    log_p, log_q = distributions(draw, *shape), distributions(draw, *shape)
    actual = learner.kl_divergence(log_p, log_q, reduction=reduction)
    assert_matches(actual, torch_kl(log_p, log_q, reduction), "the divergence", terms=30)


@pytest.mark.builds_on("test_the_divergence_matches_torch")
def test_the_default_is_batchmean(learner, draw):
    log_p, log_q = distributions(draw, 5, 3), distributions(draw, 5, 3)
    assert_matches(learner.kl_divergence(log_p, log_q), torch_kl(log_p, log_q, "batchmean"), "KL", terms=15)
    grad_output, expected = backward_case(draw, log_p, log_q, "batchmean")
    assert_matches(learner.kl_divergence_backward(grad_output, log_p, log_q), expected, NAMES, terms=15)


def by_hand(log_p, log_q):
    """One distribution, where terms without probability count nothing."""
    return sum(math.exp(a) * (a - b) for a, b in zip(log_p, log_q, strict=True) if a != -INF)


def test_what_p_rules_out_counts_nothing(learner, draw):
    log_p, log_q = distributions(draw, 3, 4), distributions(draw, 3, 4)
    log_p = torch.cat([log_p, torch.full((3, 2), -INF, dtype=torch.float64)], dim=-1)
    log_q = torch.cat([log_q - 0.7, torch.full((3, 2), math.log(1 - math.exp(-0.7)) - math.log(2)).double()], dim=-1)
    log_q[1, 5], log_q[1, 4] = -INF, log_q[1, 4] + math.log(2)  # ruled out by both
    numbers = [by_hand(p, q) for p, q in zip(log_p.tolist(), log_q.tolist(), strict=True)]
    expected = torch.tensor(numbers, dtype=torch.float64)
    assert_matches(learner.kl_divergence(log_p, log_q, reduction="none"), expected, "the divergence", terms=6)


@pytest.mark.builds_on("test_the_divergence_matches_torch")
def test_what_q_rules_out_and_p_does_not_costs_infinitely_much(learner, draw):
    log_p = distributions(draw, 4)
    log_q = torch.cat([distributions(draw, 3), torch.tensor([-INF], dtype=torch.float64)])
    actual = learner.kl_divergence(log_p, log_q, reduction="none")
    assert_matches(actual, torch.tensor(INF, dtype=torch.float64), "the divergence")


@pytest.mark.builds_on("test_the_divergence_matches_torch")
def test_where_q_is_too_small_for_a_float_its_logarithm_still_counts(learner, draw):
    log_p = distributions(draw, 3, 4)
    log_q = torch.cat([distributions(draw, 3, 3), draw.uniform(3, 1, low=-1000, high=-800)], dim=-1)
    expected = torch_kl(log_p, log_q)
    assert_matches(learner.kl_divergence(log_p, log_q, reduction="none"), expected, "the divergence", terms=4)


def backward_case(draw, log_p, log_q, reduction):
    kl = reference(torch_kl, log_p, log_q, reduction=reduction)
    grad_output = upstream(draw, kl.output)
    return grad_output, kl.gradients(grad_output)


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("shape", [(4, 7), (2, 3, 5)])
def test_the_gradients_for_log_probabilities_match_autograd(learner, draw, shape, reduction):
    log_p, log_q = distributions(draw, *shape), distributions(draw, *shape)
    grad_output, expected = backward_case(draw, log_p, log_q, reduction)
    actual = learner.kl_divergence_backward(grad_output, log_p, log_q, reduction=reduction)
    assert_matches(actual, expected, NAMES)


@pytest.mark.builds_on("test_the_gradients_for_log_probabilities_match_autograd")
def test_where_p_is_zero_both_gradients_are_zero(learner, draw):
    log_p, log_q, ruled_out = distributions(draw, 3, 4), distributions(draw, 3, 4), torch.full((3, 1), -INF).double()
    grad_output, (grad_p, grad_q) = backward_case(draw, log_p, log_q, "sum")
    zero = torch.zeros(3, 1, dtype=torch.float64)
    expected = torch.cat([grad_p, zero], dim=-1), torch.cat([grad_q, zero], dim=-1)
    for last in (torch.full((3, 1), -2.5).double(), ruled_out):
        pair = torch.cat([log_p, ruled_out], dim=-1), torch.cat([log_q, last], dim=-1)
        assert_matches(learner.kl_divergence_backward(grad_output, *pair, reduction="sum"), expected, NAMES)


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("shape", [(4, 7), (2, 3, 5), (6,)])
def test_from_logits_in_both_directions(learner, draw, shape, direction):
    log_p, logits = distributions(draw, *shape), draw.normal(*shape, std=2)
    expected = torch_from_logits(log_p, logits, direction)
    assert_matches(learner.kl_from_logits(log_p, logits, direction), expected, "the divergence", terms=7)


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("shape", [(4, 7), (2, 3, 5), (6,)])
def test_the_gradient_for_logits_matches_autograd(learner, draw, shape, direction):
    log_p, logits = distributions(draw, *shape), draw.normal(*shape, std=2)
    kl = reference(lambda z: torch_from_logits(log_p, z, direction), logits)
    grad_output = draw.like(kl.output)
    actual = learner.kl_from_logits_backward(grad_output, log_p, logits, direction)
    assert_matches(actual, kl.gradients(grad_output)[0], "grad_logits", terms=7)


@pytest.mark.builds_on("test_from_logits_in_both_directions", "test_the_gradient_for_logits_matches_autograd")
@pytest.mark.parametrize("direction", DIRECTIONS)
def test_logits_far_from_zero(learner, draw, direction):
    log_p, logits = distributions(draw, 4, 5), draw.normal(4, 5, std=2) + draw.uniform(4, 1, low=800, high=1200)
    kl = reference(lambda z: torch_from_logits(log_p, z, direction), logits)
    grad_output = upstream(draw, kl.output)
    actual = learner.kl_from_logits(log_p, logits, direction)
    assert_matches(actual, kl.output, "the divergence", terms=5)
    actual = learner.kl_from_logits_backward(grad_output, log_p, logits, direction)
    assert_matches(actual, kl.gradients(grad_output)[0], "grad_logits", terms=5)


@pytest.mark.builds_on("test_from_logits_in_both_directions", "test_the_gradient_for_logits_matches_autograd")
def test_a_teacher_that_is_sure(learner, draw):
    """One-hot p: forward KL is cross-entropy."""
    logits, classes = draw.normal(4, 5, std=2), draw.integers(0, 5, 4)
    log_p = torch.full((4, 5), -INF, dtype=torch.float64)
    log_p[torch.arange(4), classes] = 0.0
    loss = reference(lambda z: F.cross_entropy(z, classes, reduction="none"), logits)
    grad_output = upstream(draw, loss.output)
    assert_matches(learner.kl_from_logits(log_p, logits, "forward"), loss.output, "the divergence", terms=5)
    actual = learner.kl_from_logits_backward(grad_output, log_p, logits, "forward")
    assert_matches(actual, loss.gradients(grad_output)[0], "grad_logits", terms=5)


@pytest.mark.builds_on("test_from_logits_in_both_directions", "test_the_divergence_matches_torch")
def test_unknown_words_are_refused(learner, draw):
    log_p, log_q = distributions(draw, 3, 4), distributions(draw, 3, 4)
    assert_raises(ValueError, learner.kl_from_logits, log_p, log_q, "backward")
    assert_raises(ValueError, learner.kl_from_logits_backward, draw.normal(3), log_p, log_q, "backward")
    assert_raises(ValueError, learner.kl_divergence, log_p, log_q, reduction="mean")
    assert_raises(ValueError, learner.kl_divergence_backward, draw.normal(), log_p, log_q, reduction="mean")


def torch_js(log_p, log_q):
    middle = torch.logaddexp(log_p, log_q) - math.log(2)
    return (torch_kl(log_p, middle) + torch_kl(log_q, middle)) / 2


@pytest.mark.parametrize("shape", [(4, 7), (2, 3, 5), (6,)])
def test_jensen_and_shannon(learner, draw, shape):
    log_p, log_q = distributions(draw, *shape), distributions(draw, *shape)
    assert_matches(learner.jensen_shannon(log_p, log_q), torch_js(log_p, log_q), "JS", terms=30)


@pytest.mark.builds_on("test_jensen_and_shannon")
def test_distributions_that_do_not_overlap_are_log_two_apart(learner, draw):
    log_p, log_q, zero = distributions(draw, 3, 4), distributions(draw, 3, 2), torch.full((3, 6), -INF).double()
    left, right = torch.cat([log_p, zero[:, :2]], dim=-1), torch.cat([zero[:, :4], log_q], dim=-1)
    expected = torch.full((3,), math.log(2), dtype=torch.float64)
    assert_matches(learner.jensen_shannon(left, right), expected, "JS", terms=6)


@pytest.mark.builds_on("test_jensen_and_shannon")
def test_jensen_and_shannon_in_the_far_tails(learner, draw):
    """Probabilities of e^−300 in float32 are 0, but their logarithms are not."""
    log_p = torch.tensor([[-1e-30, -300.0, -310.0]], dtype=torch.float32)
    log_q = torch.tensor([[-305.0, -1e-30, -290.0]], dtype=torch.float32)
    expected = torch.tensor([math.log(2)], dtype=torch.float32)
    assert_matches(learner.jensen_shannon(log_p, log_q), expected, "JS", terms=6)


CALLS = {
    "kl_divergence": lambda g, p, q: (p, q),
    "kl_divergence_backward": lambda g, p, q: (g.sum(), p, q),
    "kl_from_logits": lambda g, p, q: (p, 2 * q, "reverse"),
    "kl_from_logits_backward": lambda g, p, q: (g, p, 2 * q, "reverse"),
    "jensen_shannon": lambda g, p, q: (p, q),
}


def by_torch(name, args):
    if name == "kl_divergence":
        return torch_kl(*args, "batchmean")
    if name == "kl_from_logits":
        return torch_from_logits(*args)
    if name == "jensen_shannon":
        return torch_js(*args)
    if name == "kl_divergence_backward":
        return reference(torch_kl, *args[1:], "batchmean").gradients(args[0])
    return reference(lambda z: torch_from_logits(args[1], z, args[3]), args[2]).gradients(args[0])[0]


@pytest.mark.builds_on(
    "test_the_divergence_matches_torch",
    "test_the_gradients_for_log_probabilities_match_autograd",
    "test_from_logits_in_both_directions",
    "test_the_gradient_for_logits_matches_autograd",
    "test_jensen_and_shannon",
)
@pytest.mark.parametrize("name", list(CALLS))
def test_float32_other_layouts_and_inputs_left_as_they_were(learner, draw, name):
    single = torch.float32
    log_p, log_q = distributions(draw, 5, 3, dtype=single), distributions(draw, 5, 3, dtype=single)
    args = CALLS[name](draw.uniform(5, low=0.5, high=2.0, dtype=single), log_p, log_q)
    expected = by_torch(name, args)
    laid_out = [strided(a) if isinstance(a, torch.Tensor) and a.dim() else a for a in args]
    actual = getattr(learner, name)(*laid_out)
    assert_matches(actual, expected, NAMES if isinstance(expected, tuple) else "The result", terms=30)
    assert_inputs_unchanged(learner)
