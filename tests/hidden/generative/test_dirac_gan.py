"""Against autograd on the players' losses: slopes, whole games, and the derivative of one round at the equilibrium."""

import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import assert_matches, assert_raises

KINDS = ["minimax", "non_saturating", "wasserstein"]
SLOPES = ("the generator's slope", "the discriminator's slope")


def softplus(x):
    return -F.logsigmoid(-x)


def losses(theta, psi, kind, penalty):
    score = psi * theta
    generators = {"minimax": -softplus(score), "non_saturating": softplus(-score), "wasserstein": -score}
    discriminators = score if kind == "wasserstein" else softplus(score)
    return generators[kind], discriminators + penalty / 2 * psi**2


def slope(player, theta, psi, kind, penalty):
    """For the player's own parameter alone, whatever the other's was made of; differentiable once more."""
    own = (theta.clone(), psi.clone())
    return torch.autograd.grad(losses(*own, kind, penalty)[player], own[player], create_graph=True)[0]


def one_round(state, kind, lr_g, lr_d, momentum, turns, alternating, penalty):
    theta, psi, v_theta, v_psi = state
    seen = psi
    for _ in range(turns):
        v_psi = momentum * v_psi + slope(1, theta, psi, kind, penalty)
        psi = psi - lr_d * v_psi
    v_theta = momentum * v_theta + slope(0, theta, psi if alternating else seen, kind, penalty)
    return theta - lr_g * v_theta, psi, v_theta, v_psi


def fresh(numbers):
    return tuple(torch.tensor(float(number), dtype=torch.float64, requires_grad=True) for number in numbers)


def expected_path(theta, psi, rounds, settings):
    state, path = (theta, psi, 0.0, 0.0), [(theta, psi)]
    for _ in range(rounds):
        state = tuple(part.item() for part in one_round(fresh(state), **settings))
        path.append(state[:2])
    return torch.tensor(path, dtype=torch.float64)


def expected_jacobian(settings):
    state = fresh((0, 0, 0, 0))
    rows = []
    for part in one_round(state, **settings):
        row = torch.autograd.grad(part, state, retain_graph=True, allow_unused=True)
        rows.append([0.0 if entry is None else entry.item() for entry in row])
    return torch.tensor(rows, dtype=torch.float64)


def number(draw, low, high):
    return draw.uniform(low=low, high=high).item()


def settings_of(draw, **fixed):
    """Random settings, but no momentum, one turn and no penalty unless asked for."""
    rates = {"lr_g": number(draw, 0.1, 0.9), "lr_d": number(draw, 0.1, 0.9)}
    plain = {"kind": draw.choice(KINDS), "momentum": 0.0, "turns": 1, "alternating": False, "penalty": 0.0}
    return {**plain, **rates, **fixed}


def anything(draw):
    return settings_of(
        draw,
        momentum=draw.choice([0.0, 0.5, -0.4, 0.8]),
        turns=draw.integer(1, 5),
        alternating=draw.choice([True, False]),
        penalty=draw.choice([0.0, 0.3, 1.2]),
    )


@pytest.mark.parametrize("kind", KINDS)
def test_both_slopes(learner, draw, kind):
    for penalty in (0.0, number(draw, 0.5, 2)):
        theta, psi = number(draw, 0.5, 3), number(draw, -2, -0.5)
        leaves = fresh((theta, psi))
        expected = tuple(slope(player, *leaves, kind, penalty).item() for player in (0, 1))
        assert_matches(learner.gradients(theta, psi, kind, penalty), expected, SLOPES)


@pytest.mark.builds_on("test_both_slopes")
@pytest.mark.parametrize("theta", [1000.0, -1000.0])
def test_slopes_at_extreme_scores(learner, draw, theta):
    for kind in KINDS:
        psi = number(draw, 0.9, 1.2)
        expected = tuple(slope(player, *fresh((theta, psi)), kind, 0.5).item() for player in (0, 1))
        assert_matches(learner.gradients(theta, psi, kind, 0.5), expected, SLOPES)


def test_an_unknown_kind_raises_value_error(learner):
    learner.gradients(1.0, 2.0, "minimax")
    assert_raises(ValueError, learner.gradients, 1.0, 2.0, "hinge")


def check_path(learner, draw, rounds=6, **fixed):
    theta, psi = number(draw, 0.5, 2), number(draw, -1.5, 1.5)
    settings = settings_of(draw, **fixed)
    expected = expected_path(theta, psi, rounds, settings)
    actual = learner.play(theta, psi, rounds=rounds, **settings)
    assert_matches(actual, expected, "the path", terms=50)


@pytest.mark.parametrize("kind", KINDS)
def test_a_game_in_which_both_step_at_once(learner, draw, kind):
    check_path(learner, draw, kind=kind)


def test_a_game_of_no_rounds(learner, draw):
    check_path(learner, draw, rounds=0)


@pytest.mark.builds_on("test_a_game_in_which_both_step_at_once")
def test_a_game_in_turns(learner, draw):
    check_path(learner, draw, alternating=True)


@pytest.mark.builds_on("test_a_game_in_which_both_step_at_once")
@pytest.mark.parametrize("alternating", [True, False])
def test_a_game_with_several_steps_of_the_discriminator(learner, draw, alternating):
    check_path(learner, draw, turns=draw.integer(2, 5), alternating=alternating)


@pytest.mark.builds_on("test_a_game_in_which_both_step_at_once")
@pytest.mark.parametrize("momentum", [0.6, -0.4])
def test_a_game_with_momentum(learner, draw, momentum):
    check_path(learner, draw, momentum=momentum)


@pytest.mark.builds_on("test_a_game_in_which_both_step_at_once")
def test_a_game_with_a_penalty(learner, draw):
    check_path(learner, draw, penalty=number(draw, 0.3, 1.5))


@pytest.mark.builds_on(
    "test_a_game_in_turns",
    "test_a_game_with_several_steps_of_the_discriminator",
    "test_a_game_with_momentum",
    "test_a_game_with_a_penalty",
)
def test_games_with_any_settings(learner, draw):
    for _ in range(4):
        check_path(learner, draw, **anything(draw))
    defaults = {"kind": "non_saturating", "lr_g": 0.1, "lr_d": 0.1, "momentum": 0.0, "turns": 1}
    expected = expected_path(1.5, 0.5, 4, {**defaults, "alternating": True, "penalty": 0.0})
    assert_matches(learner.play(1.5, 0.5, rounds=4), expected, "the path with the defaults", terms=50)


def check_jacobian(learner, settings):
    assert_matches(learner.jacobian(**settings), expected_jacobian(settings), "the Jacobian", terms=50)


@pytest.mark.parametrize("kind", KINDS)
def test_the_jacobian_of_a_round_in_which_both_step_at_once(learner, draw, kind):
    check_jacobian(learner, settings_of(draw, kind=kind))


@pytest.mark.builds_on("test_the_jacobian_of_a_round_in_which_both_step_at_once")
@pytest.mark.parametrize("alternating", [True, False])
def test_the_jacobian_of_a_round_with_several_turns(learner, draw, alternating):
    for turns in (1, draw.integer(2, 5)):
        check_jacobian(learner, settings_of(draw, turns=turns, alternating=alternating))


@pytest.mark.builds_on("test_the_jacobian_of_a_round_in_which_both_step_at_once")
def test_the_jacobian_with_a_penalty_or_momentum(learner, draw):
    check_jacobian(learner, settings_of(draw, penalty=number(draw, 0.3, 1.5)))
    check_jacobian(learner, settings_of(draw, momentum=number(draw, 0.3, 0.9)))


@pytest.mark.builds_on(
    "test_the_jacobian_of_a_round_with_several_turns", "test_the_jacobian_with_a_penalty_or_momentum"
)
def test_the_jacobian_with_any_settings(learner, draw):
    for _ in range(6):
        check_jacobian(learner, anything(draw))


def test_the_growth_of_the_distance_from_the_equilibrium(learner, draw):
    for _ in range(12):
        settings = {**anything(draw), "lr_g": number(draw, 0.05, 2.5), "lr_d": number(draw, 0.05, 2.5)}
        radius = torch.linalg.eigvals(expected_jacobian(settings)).abs().max().item()
        said = ", ".join(f"{name}={value!r}" for name, value in settings.items())
        assert_matches(learner.growth(**settings), radius, f"growth({said})", terms=50)


@pytest.mark.parametrize("kind", KINDS)
def test_the_largest_learning_rate(learner, draw, kind):
    for _ in range(4):
        c = 1.0 if kind == "wasserstein" else 0.5
        penalty = 2 * c * draw.choice([number(draw, 0.1, 0.9), number(draw, 1.1, 3)])
        slopes = expected_jacobian(settings_of(draw, kind=kind, lr_g=1.0, lr_d=1.0, penalty=penalty))[:2, :2]
        slopes = slopes - torch.eye(2, dtype=torch.float64)
        low, high = 0.0, 100.0
        for _ in range(80):
            middle = (low + high) / 2
            step = torch.eye(2, dtype=torch.float64) + middle * slopes
            inside = torch.linalg.eigvals(step).abs().max().item() < 1
            low, high = (middle, high) if inside else (low, middle)
        what = f"largest_rate({penalty}, {kind!r})"
        assert_matches(learner.largest_rate(penalty, kind), low, what, rtol=1e-8)
