"""The same network in torch, and digits drawn by code, judged by torch with the parameters that were trained."""

import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import assert_inputs_unchanged, assert_matches, glyphs, reference, strided

NAMES = ("conv1.weight", "conv1.bias", "conv2.weight", "conv2.bias", "fc.weight", "fc.bias")
GRADIENTS = ("grad_x", *(f"the gradient of {name}" for name in NAMES))

# Images (N, C, H, W); maps, kernels of both convolutions; classes.
CASES = [
    ((3, 2, 8, 12), (4, 5), ((3, 3), (3, 3)), 3),
    ((2, 3, 7, 9), (2, 4), ((3, 5), (1, 3)), 5),
    ((4, 1, 10, 5), (3, 2), ((5, 1), (3, 5)), 2),
    ((2, 2, 4, 15), (5, 3), ((1, 1), (5, 3)), 4),
]


def network(x, *parameters):
    w1, b1, w2, b2, w3, b3 = parameters
    x = F.max_pool2d(torch.relu(F.conv2d(x, w1, b1, padding=(w1.shape[2] // 2, w1.shape[3] // 2))), 2)
    x = F.max_pool2d(torch.relu(F.conv2d(x, w2, b2, padding=(w2.shape[2] // 2, w2.shape[3] // 2))), 2)
    return F.linear(x.flatten(1), w3, b3)


def params_of(draw, x, maps, kernels, classes, dtype=torch.float64):
    """Weights that keep the signal's size, under the names of the stub."""
    shapes = {"conv1": (maps[0], x[1], *kernels[0]), "conv2": (maps[1], maps[0], *kernels[1])}
    shapes["fc"] = (classes, maps[1] * (x[2] // 2 // 2) * (x[3] // 2 // 2))
    params = {}
    for layer, shape in shapes.items():
        spread = (2 / torch.Size(shape[1:]).numel()) ** 0.5
        params[f"{layer}.weight"] = draw.normal(*shape, std=spread, dtype=dtype)
        params[f"{layer}.bias"] = draw.normal(shape[0], std=0.3, dtype=dtype)
    return params


def whole_numbers(draw, x, maps, kernels, classes):
    """Images and parameters without fractions: many sums are equal, many are exactly zero, and all are exact."""
    params = params_of(draw, x, maps, kernels, classes)
    params = {name: draw.integers(-1, 2, *value.shape).double() for name, value in params.items()}
    return draw.integers(0, 3, *x).double(), params


def expected_of(draw, x, params):
    """The logits, an upstream gradient, and all gradients in the order of GRADIENTS."""
    cnn = reference(network, x, *(params[name] for name in NAMES))
    grad_output = draw.like(cnn.output)
    return cnn.output, grad_output, cnn.gradients(grad_output)


def flat(gradients):
    """grad_x and then the parameters' gradients, if they come as they should."""
    if isinstance(gradients, tuple | list) and len(gradients) == 2 and isinstance(gradients[1], dict):
        grad_x, grads = gradients
        if set(grads) == set(NAMES):
            return (grad_x, *(grads[name] for name in NAMES))
        return gradients
    return gradients


def logits_of(solution, params, x):
    result = solution.cnn_forward(params, x)
    return result[0] if isinstance(result, tuple | list) and len(result) == 2 else result


def gradients_of(solution, params, x, grad_output):
    _, cache = solution.cnn_forward(params, x)
    return solution.cnn_backward(grad_output, params, cache)


def two_at_once(solution, params, x, other, grad_output):
    """Two forward passes, and only then the two backward passes."""
    _, first = solution.cnn_forward(params, x)
    _, second = solution.cnn_forward(params, other)
    gradients = solution.cnn_backward(grad_output, params, first)
    solution.cnn_backward(grad_output, params, second)
    return gradients


def check_gradients(actual, expected, terms=500):
    assert_two(actual)
    assert_matches(flat(actual), expected, GRADIENTS, terms=terms)


def assert_two(actual):
    assert isinstance(actual, tuple | list) and len(actual) == 2 and isinstance(actual[1], dict), (
        "cnn_backward has to return two things: the gradient for x, and a dict with that of every parameter."
    )
    assert set(actual[1]) == set(NAMES), (
        f"The dict of gradients has to have the keys {sorted(NAMES)}; yours has {sorted(map(str, actual[1]))}."
    )


@pytest.mark.parametrize("case", CASES, ids=["square", "wide", "tall", "one_row"])
def test_the_logits_match_torch(learner, draw, case):
    params, x = params_of(draw, *case), draw.normal(*case[0])
    expected = network(x, *(params[name] for name in NAMES))
    assert_matches(learner.run(logits_of, params, x), expected, "the logits", terms=500)


@pytest.mark.builds_on("test_the_logits_match_torch")
@pytest.mark.parametrize("case", CASES, ids=["square", "wide", "tall", "one_row"])
def test_all_gradients_match_autograd(learner, draw, case):
    params, x = params_of(draw, *case), draw.normal(*case[0])
    _, grad_output, expected = expected_of(draw, x, params)
    check_gradients(learner.run(gradients_of, params, x, grad_output), expected)


@pytest.mark.builds_on("test_all_gradients_match_autograd")
def test_of_equal_maxima_the_first_gets_everything_and_zeros_pass_nothing(learner, draw):
    case = ((3, 2, 9, 10), (4, 3), ((3, 3), (3, 1)), 4)
    x, params = whole_numbers(draw, *case)
    for layer in ("conv1", "conv2"):  # a map that is exactly zero everywhere
        params[f"{layer}.weight"][1], params[f"{layer}.bias"][1] = 0.0, 0.0
    _, grad_output, expected = expected_of(draw, x, params)
    check_gradients(learner.run(gradients_of, params, x, grad_output), expected)


@pytest.mark.builds_on("test_all_gradients_match_autograd")
def test_maps_that_are_never_above_zero_learn_nothing(learner, draw):
    case = ((3, 2, 8, 7), (4, 3), ((3, 3), (3, 3)), 4)
    params, x = params_of(draw, *case), draw.normal(*case[0])
    params["conv1.bias"][1], params["conv2.bias"][2] = -100.0, -100.0
    _, grad_output, expected = expected_of(draw, x, params)
    check_gradients(learner.run(gradients_of, params, x, grad_output), expected)


@pytest.mark.builds_on("test_all_gradients_match_autograd")
def test_every_pass_has_a_cache_of_its_own(learner, draw):
    case = ((3, 2, 8, 6), (4, 3), ((3, 3), (3, 3)), 4)
    params, x, other = params_of(draw, *case), draw.normal(*case[0]), draw.normal(*case[0])
    _, grad_output, expected = expected_of(draw, x, params)
    check_gradients(learner.run(two_at_once, params, x, other, grad_output), expected)


@pytest.mark.builds_on("test_all_gradients_match_autograd")
@pytest.mark.parametrize("dtype, n", [(torch.float64, 1), (torch.float32, 3)], ids=["one_sample", "float32"])
def test_one_sample_and_float32(learner, draw, dtype, n):
    case = ((n, 2, 6, 9), (4, 3), ((3, 3), (3, 3)), 4)
    params, x = params_of(draw, *case, dtype=dtype), draw.normal(*case[0], dtype=dtype)
    _, grad_output, expected = expected_of(draw, x, params)
    check_gradients(learner.run(gradients_of, params, x, grad_output), expected)


@pytest.mark.builds_on("test_all_gradients_match_autograd")
def test_other_layouts_and_inputs_left_as_they_were(learner, draw):
    case = ((3, 2, 8, 6), (4, 3), ((3, 3), (3, 5)), 4)
    params, x = params_of(draw, *case), draw.normal(*case[0])
    _, grad_output, expected = expected_of(draw, x, params)
    laid_out = {name: strided(value) for name, value in params.items()}
    check_gradients(learner.run(gradients_of, laid_out, strided(x), strided(grad_output)), expected)
    assert_inputs_unchanged(learner)


def loss_by_torch(x, y, *parameters):
    return F.cross_entropy(network(x, *parameters), y)


def check_loss(learner, params, x, y):
    cnn = reference(loss_by_torch, x, y, *(params[name] for name in NAMES))
    _, *grads = cnn.gradients(torch.ones((), dtype=x.dtype))
    result = learner.loss_and_gradients(params, x, y)
    expected = (cnn.output, dict(zip(NAMES, grads, strict=True)))
    assert_matches(result, expected, ("the loss", "the dict of gradients"), terms=500)


@pytest.mark.builds_on("test_all_gradients_match_autograd")
@pytest.mark.parametrize("case", CASES[:3], ids=["square", "wide", "tall"])
def test_loss_and_gradients_match_autograd(learner, draw, case):
    params, x = params_of(draw, *case), draw.normal(*case[0])
    check_loss(learner, params, x, draw.integers(0, case[3], case[0][0]))
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_loss_and_gradients_match_autograd")
def test_large_logits_do_not_overflow(learner, draw):
    case = ((5, 2, 8, 6), (4, 3), ((3, 3), (3, 3)), 4)
    params, x = params_of(draw, *case), draw.normal(*case[0])
    params["fc.weight"] = params["fc.weight"] * 3000
    wrong = network(x, *(params[name] for name in NAMES)).argmin(dim=1)
    check_loss(learner, params, x, wrong)


SHAPES = {
    "conv1.weight": (6, 1, 3, 3),
    "conv1.bias": (6,),
    "conv2.weight": (12, 6, 3, 3),
    "conv2.bias": (12,),
    "fc.weight": (10, 108),
    "fc.bias": (10,),
}


def digits(draw, count):
    """Images of 12 × 12 and what is on them: each turned, slanted and moved a little, and noisy."""
    single, y = torch.float32, draw.integers(0, 10, count)
    canvas = F.pad(F.interpolate(glyphs()[y][:, None], size=(9, 7), mode="bilinear"), (3, 2, 2, 1))
    turn, slant = (draw.uniform(count, low=-0.2, high=0.2, dtype=single) for _ in range(2))
    right, down = (draw.uniform(count, low=-0.2, high=0.2, dtype=single) for _ in range(2))
    first = torch.stack([turn.cos(), slant - turn.sin(), right], dim=1)
    second = torch.stack([turn.sin(), turn.cos(), down], dim=1)
    grid = F.affine_grid(torch.stack([first, second], dim=1), [count, 1, 12, 12], align_corners=False)
    ink = draw.uniform(count, 1, 1, 1, low=0.8, high=1.2, dtype=single)
    return F.grid_sample(canvas, grid, align_corners=False) * ink + draw.normal(
        count, 1, 12, 12, std=0.15, dtype=single
    ), y


def trained(solution, x, y, seed):
    params, losses = solution.train(x, y, seed=seed)
    return params, [float(loss) for loss in losses]


def trained_twice(solution, x, y, seed):
    (first, _), (second, _) = solution.train(x, y, seed=seed), solution.train(x, y, seed=seed)
    return first, second


def blank(params):
    """The same with zeros for values, so that names, shapes and dtype can be compared alone."""
    if not isinstance(params, dict):
        return params
    return {
        name: torch.zeros_like(value) if isinstance(value, torch.Tensor) else value for name, value in params.items()
    }


@pytest.mark.builds_on("test_loss_and_gradients_match_autograd")
def test_new_digits_are_read(learner, draw, album):
    x, y = digits(draw, 700)
    held_out, right = digits(draw, 500)
    params, losses = learner.run(trained, x, y, draw.integer(0, 1000))
    assert_inputs_unchanged(learner)
    assert_matches(blank(params), {name: torch.zeros(shape) for name, shape in SHAPES.items()}, "the parameters")
    assert len(losses) >= 10, f"The list of losses has {len(losses)} entries; at least 10 are asked for."
    classes = network(held_out, *(params[name] for name in NAMES)).argmax(dim=1)
    accuracy = (classes == right).double().mean().item()
    show(album, losses, held_out, right, classes, accuracy)
    assert accuracy >= 0.85, (
        f"{accuracy:.1%} of 500 new digits are right; it takes 85 %. The loss went from {losses[0]:.3f} to "
        f"{losses[-1]:.3f} in {len(losses)} entries. If it stays near 2.3, look at rate and first weights; if it is "
        "NaN, take a smaller rate."
    )


def show(album, losses, x, right, classes, accuracy):
    with album.figure("loss", "The loss, by gradients of your own", 6, 4) as axes:
        axes.plot(losses)
        axes.set_xlabel("entry")
        axes.set_yscale("log")
    shown = torch.cat([(classes != right).nonzero()[:, 0], (classes == right).nonzero()[:, 0]])[:24]
    sheet = torch.cat([torch.cat([F.pad(x[k, 0], (1, 1, 1, 1)) for k in row], dim=1) for row in shown.split(8)])
    with album.figure("digits", f"{accuracy:.1%} right; the mistakes come first", 6, 2.8) as axes:
        axes.imshow(sheet, cmap="gray")
        axes.set_axis_off()
        for place, k in enumerate(shown.tolist()):
            axes.text(14 * (place % 8) + 1, 14 * (place // 8) + 3, str(int(classes[k])), color="tab:orange", fontsize=8)


@pytest.mark.builds_on("test_new_digits_are_read")
def test_the_same_seed_trains_the_same_network(learner, draw):
    x, y = digits(draw, 40)
    result = learner.run(trained_twice, x, y, draw.integer(0, 1000))
    first = result[0] if isinstance(result, tuple | list) and result else None
    assert_matches(result, (first, first), ("the first run's parameters", "the second run's parameters"))
