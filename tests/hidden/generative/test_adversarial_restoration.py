"""Small networks built in the worker; the reference asks autograd for one network's gradients at a time."""

import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import assert_inputs_unchanged, assert_matches, strided

C = 2  # channels of an image
NAMES = ("pixel", "content", "adversarial", "total")


def conv_norm(draw, inputs, outputs):
    """A convolution and a batch normalisation that has seen something: parameters and buffers by name."""
    return {
        "0.weight": draw.normal(outputs, inputs, 3, 3, std=0.4),
        "0.bias": draw.normal(outputs),
        "1.weight": draw.uniform(outputs, low=0.5, high=2.0),
        "1.bias": draw.normal(outputs),
        "1.running_mean": draw.normal(outputs),
        "1.running_var": draw.uniform(outputs, low=0.5, high=3.0),
        "1.num_batches_tracked": torch.tensor(7),
    }


def network(state, training=True, sleeping=False):
    """Convolution, batch normalisation (perhaps `sleeping`: in evaluation mode by itself), leaky ReLU."""
    outputs, inputs = state["0.weight"].shape[:2]
    layers = [torch.nn.Conv2d(inputs, outputs, 3, padding=1), torch.nn.BatchNorm2d(outputs), torch.nn.LeakyReLU(0.2)]
    net = torch.nn.Sequential(*layers).double()
    net.load_state_dict(state)
    net.train(training)
    if sleeping:
        net[1].eval()
    return net


def judge_of(weights):
    """Linear, leaky ReLU, linear: a score for each image."""
    net = torch.nn.Sequential(
        torch.nn.Flatten(),
        torch.nn.Linear(*weights[0].shape, bias=False),
        torch.nn.LeakyReLU(0.2),
        torch.nn.Linear(*weights[1].shape, bias=False),
    )
    for parameter, weight in zip(net.parameters(), weights, strict=True):
        parameter.data = weight.T.clone()
    return net


def enlarger_of(state):
    """Twice the size: a convolution with batch normalisation, to four times the channels, and a pixel shuffle."""
    body = network(state)
    body[0].bias = None  # batch normalisation would take it off again, and its gradient would be rounding alone
    return torch.nn.Sequential(body, torch.nn.PixelShuffle(2))


def judge_weights(draw, height, width):
    return [draw.normal(C * height * width, 5, std=0.3), draw.normal(5, 1)]


def leave_gradients(net, old):
    for parameter in net.parameters():
        parameter.grad = None if old is None else torch.full_like(parameter, old)


def all_of(net):
    """What must be as it was: values, gradients, what learns, the modes."""
    values = {name: value.detach().clone() for name, value in net.state_dict().items()}
    grads = [None if p.grad is None else p.grad.clone() for p in net.parameters()]
    return values, grads, [p.requires_grad for p in net.parameters()], [m.training for m in net.modules()]


def as_it_was(net, before):
    """Which of the four have changed, in words."""
    words = ("parameters or buffers", ".grad", "requires_grad", "modes")
    return [word for word, old, new in zip(words, before, all_of(net), strict=True) if not same(old, new)]


def same(one, other):
    if isinstance(one, torch.Tensor):
        return isinstance(other, torch.Tensor) and torch.equal(one, other)
    if isinstance(one, dict):
        return all(same(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return all(map(same, one, other))
    return one == other


def gradient_of(tensor):
    """Of a leaf; zeros where none has arrived."""
    return torch.zeros_like(tensor) if tensor.grad is None else tensor.grad


def number_of(loss):
    """The value of a loss; whatever else it may be, as it is."""
    return loss.detach().clone() if isinstance(loss, torch.Tensor) else loss


def untimely(loss, leaves):
    """Whether a backward pass has been made already, or can't be made any more."""
    early = ["a gradient has arrived before backward()"] if any(leaf.grad is not None for leaf in leaves) else []
    return early if getattr(loss, "requires_grad", False) else [*early, "the loss hangs on no graph"]


def backward(loss, upstream=1.0):
    if isinstance(loss, torch.Tensor) and loss.requires_grad:
        (loss * upstream).sum().backward()


# --- what a guess costs ---


@pytest.mark.parametrize("shape", [(3, 2, 4, 5), (5, 1, 3, 2), (2, 3, 2, 6)])
def test_what_a_blurred_and_a_sharp_guess_cost(learner, draw, shape):
    candidates, weights = draw.normal(*shape), torch.softmax(draw.normal(shape[0]), 0)
    guess = torch.tensordot(weights, candidates, dims=1)
    blurred = sum(p * F.mse_loss(guess, truth) for p, truth in zip(weights, candidates, strict=True))
    distances = torch.cdist(candidates.flatten(1), candidates.flatten(1)).square() / guess.numel()
    expected = guess, blurred, weights @ distances @ weights
    names = ("the guess", "the error of the blurred guess", "the error of the sharp guess")
    assert_matches(learner.guess_errors(candidates, weights), expected, names, terms=1000)
    assert_inputs_unchanged(learner)


def test_what_is_certain_costs_nothing_more(learner, draw):
    candidates = draw.normal(1, 2, 4, 3).expand(3, 2, 4, 3)
    result = learner.guess_errors(candidates, torch.tensor([0.5, 0.2, 0.3], dtype=torch.float64))
    zero = torch.tensor(0.0, dtype=torch.float64)
    one = torch.ones_like(zero)
    shifted = tuple(part + 1 if isinstance(part, torch.Tensor) else part for part in result[1:])
    assert_matches((result[0], *shifted), (candidates[0], one, one), ("the guess", "1 + blurred", "1 + sharp"))


# --- the content loss ---


def content(solution, state, mode, made, target, upstream, old):
    net = network(state, *mode)
    leave_gradients(net, old)
    before = all_of(net)
    made, target = made.clone().requires_grad_(), target.clone().requires_grad_()
    loss = solution.content_loss(net, made, target)
    after = as_it_was(net, before) + untimely(loss, [made])
    backward(loss, upstream)
    left = ["the gradient of target"] if target.grad is not None else []
    return number_of(loss), gradient_of(made), after, [*as_it_was(net, before), *left]


def check_content(learner, draw, mode=(False, False), shape=(3, C, 5, 4), outputs=4, old=None):
    state, made, target = conv_norm(draw, shape[1], outputs), draw.normal(*shape), draw.normal(*shape)
    upstream = draw.uniform(low=0.5, high=2.0)
    net = network(state, training=False)
    leaf = made.clone().requires_grad_()
    loss = (net(leaf) - net(target).detach()).square().mean()
    (gradient,) = torch.autograd.grad(loss * upstream, leaf)
    got = learner.run(content, state, mode, made, target, upstream, old)
    names = (
        "the loss",
        "the gradient of made",
        "the list of what the call did to `features`",
        "the list of what backward() changed besides made",
    )
    assert_matches(got, (loss.detach(), gradient, [], []), names, terms=500)


@pytest.mark.parametrize(("shape", "outputs"), [((3, C, 5, 4), 4), ((1, 3, 4, 6), 2)])
def test_content_is_compared_in_the_features(learner, draw, shape, outputs):
    check_content(learner, draw, shape=shape, outputs=outputs)


@pytest.mark.builds_on("test_content_is_compared_in_the_features")
def test_gradients_of_an_earlier_step_stay_on_the_features(learner, draw):
    check_content(learner, draw, old=0.7)


@pytest.mark.builds_on("test_content_is_compared_in_the_features")
@pytest.mark.parametrize("mode", [(True, False), (True, True)])
def test_features_are_compared_in_evaluation_mode_whatever_mode_they_came_in(learner, draw, mode):
    check_content(learner, draw, mode=mode)


def half_frozen(solution, state, made, target):
    net = network(state)
    net[0].requires_grad_(False)
    loss = solution.content_loss(net, made, target)
    return number_of(loss), [parameter.requires_grad for parameter in net.parameters()]


@pytest.mark.builds_on("test_content_is_compared_in_the_features")
def test_a_layer_that_was_frozen_before_stays_frozen(learner, draw):
    state, made, target = conv_norm(draw, C, 3), draw.normal(2, C, 4, 5), draw.normal(2, C, 4, 5)
    net = network(state, training=False)
    expected = (net(made) - net(target)).square().mean().detach(), [False, False, True, True]
    got = learner.run(half_frozen, state, made, target)
    assert_matches(got, expected, ("the loss", "requires_grad of the features' parameters"), terms=500)


# --- super-resolution ---


def enlarged(solution, states, low, high, options, old):
    """The four losses, the generator's gradients and buffers, and what else has changed."""
    generator, judge, features = enlarger_of(states[0]), judge_of(states[1]), network(states[2])
    for net in (judge, features):
        leave_gradients(net, old)
    before = all_of(judge), all_of(features)
    losses = solution.generator_loss(generator, judge, features, low, high, **options)
    total = losses.get("total") if isinstance(losses, dict) else None
    early = untimely(total, list(generator.parameters()))
    backward(total)
    values = {name: number_of(value) for name, value in losses.items()} if isinstance(losses, dict) else losses
    found = [gradient_of(parameter) for parameter in generator.parameters()]
    buffers = [buffer.clone() for buffer in generator.buffers()]
    return values, found, buffers, as_it_was(judge, before[0]), as_it_was(features, before[1]), early


def right_enlarged(states, low, high, pixel=1e-2, content=1.0, adversarial=5e-3):
    generator, judge, features = enlarger_of(states[0]), judge_of(states[1]), network(states[2], training=False)
    made = generator(low)
    losses = {
        "pixel": F.l1_loss(made, high),
        "content": F.mse_loss(features(made), features(high)),
        "adversarial": -F.logsigmoid(judge(made)).mean(),
    }
    losses["total"] = pixel * losses["pixel"] + content * losses["content"] + adversarial * losses["adversarial"]
    found = torch.autograd.grad(losses["total"], list(generator.parameters()))
    values = {name: value.detach() for name, value in losses.items()}
    return values, list(found), [buffer.clone() for buffer in generator.buffers()], [], [], []


def check_enlarged(learner, draw, n=3, height=3, width=2, old=None, **options):
    low, high = draw.normal(n, C, height, width), draw.normal(n, C, 2 * height, 2 * width)
    states = conv_norm(draw, C, 4 * C), judge_weights(draw, 2 * height, 2 * width), conv_norm(draw, C, 3)
    names = (
        "the losses",
        "the gradients of the generator",
        "the generator's running statistics",
        "the list of what changed in `judge`",
        "the list of what changed in `features`",
        "the list of what is wrong with the graph",
    )
    got = learner.run(enlarged, states, low, high, options, old)
    assert_matches(got, right_enlarged(states, low, high, **options), names, terms=1000)


@pytest.mark.builds_on("test_content_is_compared_in_the_features")
@pytest.mark.parametrize(("n", "height", "width"), [(3, 3, 2), (2, 2, 5)])
def test_the_loss_of_a_generator_that_enlarges(learner, draw, n, height, width):
    check_enlarged(learner, draw, n, height, width, pixel=1.3, content=0.7, adversarial=1.9)


@pytest.mark.builds_on("test_the_loss_of_a_generator_that_enlarges")
@pytest.mark.parametrize(
    "options", [{}, {"pixel": 0.0}, {"content": 0.2}, {"adversarial": 4.0}, {"content": 0.0, "adversarial": 3.0}]
)
def test_the_weights_of_its_terms(learner, draw, options):
    check_enlarged(learner, draw, **options)


@pytest.mark.builds_on("test_the_loss_of_a_generator_that_enlarges")
def test_the_judge_keeps_the_gradients_of_its_own_step(learner, draw):
    check_enlarged(learner, draw, old=0.3, adversarial=2.0)


# --- the relativistic judge ---


def relative(solution, real, fake, upstream):
    real, fake = real.clone().requires_grad_(), fake.clone().requires_grad_()
    result = solution.relativistic_losses(real, fake)
    found = []
    for number, loss in enumerate(result if isinstance(result, tuple | list) else []):
        real.grad = fake.grad = None
        if isinstance(loss, torch.Tensor) and loss.requires_grad:
            (loss * upstream[number % 2]).sum().backward(retain_graph=True)
        found.append([gradient_of(real), gradient_of(fake)])
    values = [number_of(loss) for loss in result] if isinstance(result, tuple | list) else result
    return values, found


def check_relative(learner, draw, real, fake):
    dtype = real.dtype
    upstream = draw.uniform(2, low=0.5, high=2.0, dtype=dtype)
    a, b = real.double().requires_grad_(), fake.double().requires_grad_()
    r, f = a - b.mean(), b - a.mean()
    pair = -F.logsigmoid(r).mean() - F.logsigmoid(-f).mean(), -F.logsigmoid(-r).mean() - F.logsigmoid(f).mean()
    found = [
        [gradient.to(dtype) for gradient in torch.autograd.grad(loss * factor, [a, b], retain_graph=True)]
        for loss, factor in zip(pair, upstream.double(), strict=True)
    ]
    expected = [loss.detach().to(dtype) for loss in pair], found
    names = ("the losses (discriminator, generator)", "the gradients for real and fake, of each loss")
    assert_matches(learner.run(relative, real, fake, upstream), expected, names, terms=100)


@pytest.mark.parametrize(("n", "m"), [(6, 6), (4, 7), (5, 2), (1, 1)])
def test_the_relativistic_losses_and_their_gradients(learner, draw, n, m):
    check_relative(learner, draw, draw.normal(n) + 0.5, draw.normal(m))


@pytest.mark.builds_on("test_the_relativistic_losses_and_their_gradients")
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_scores_far_from_zero_do_not_overflow(learner, draw, dtype):
    # Every other one is below 0, so that each loss has terms that are large, and gradients that aren't 0.
    real, fake = (draw.uniform(n, low=600, high=1000, dtype=dtype) for n in (6, 4))
    check_relative(learner, draw, real * (-1) ** torch.arange(6), fake * (-1) ** torch.arange(4))


# --- holes ---


def filled(solution, weights, output, image, mask, options, old):
    judge = judge_of(weights)
    leave_gradients(judge, old)
    before = all_of(judge)
    leaf = output.clone().requires_grad_()
    losses = solution.inpainting_generator_loss(leaf, image, mask, judge, **options)
    total = losses.get("total") if isinstance(losses, dict) else None
    early = untimely(total, [leaf])
    backward(total)
    values = {name: number_of(value) for name, value in losses.items()} if isinstance(losses, dict) else losses
    return values, gradient_of(leaf), as_it_was(judge, before), early


def check_filled(learner, draw, mask, old=None, layout=torch.clone, **options):
    n, _, height, width = mask.shape
    weights = judge_weights(draw, height, width)
    output, image = draw.normal(n, C, height, width), draw.normal(n, C, height, width)
    leaf = output.clone().requires_grad_()
    hole = (1 - mask).expand_as(output)
    fooled = F.softplus(-judge_of(weights)(mask * image + (1 - mask) * leaf)).mean()
    pixel = (hole * (leaf - image).abs()).sum() / hole.sum().clamp(min=1)
    total = pixel + options.get("adversarial", 1e-3) * fooled
    (gradient,) = torch.autograd.grad(total, leaf)
    losses = {"pixel": pixel, "adversarial": fooled, "total": total}
    expected = {name: value.detach() for name, value in losses.items()}, gradient, [], []
    inputs = layout(output), layout(image), layout(mask)
    got = learner.run(filled, weights, *inputs, options, old)
    names = (
        "the losses",
        "the gradient for the output",
        "the list of what changed in `judge`",
        "the list of what is wrong with the graph",
    )
    assert_matches(got, expected, names, terms=500)
    outside = got[1] * mask
    assert not outside.any(), "The output gets a gradient at known pixels, where nobody will ever see it."


def mask_of(draw, n, height, width):
    mask = (draw.uniform(n, 1, height, width) < 0.6).double()
    mask[:, :, 0, 0], mask[:, :, -1, -1] = 0, 1
    return mask


@pytest.mark.parametrize(("n", "height", "width"), [(3, 4, 5), (2, 5, 3)])
def test_the_loss_of_a_generator_that_fills_holes(learner, draw, n, height, width):
    check_filled(learner, draw, mask_of(draw, n, height, width), adversarial=1.7)


@pytest.mark.builds_on("test_the_loss_of_a_generator_that_fills_holes")
@pytest.mark.parametrize("options", [{}, {"adversarial": 0.0}, {"adversarial": 0.4}])
def test_the_weight_of_the_judge(learner, draw, options):
    check_filled(learner, draw, mask_of(draw, 3, 4, 3), **options)


@pytest.mark.builds_on("test_the_loss_of_a_generator_that_fills_holes")
def test_a_picture_that_is_all_hole_beside_one_without_any(learner, draw):
    mask = torch.ones(2, 1, 4, 3, dtype=torch.float64)
    mask[0] = 0
    check_filled(learner, draw, mask, adversarial=2.0)


@pytest.mark.builds_on("test_the_loss_of_a_generator_that_fills_holes")
def test_without_a_hole_there_is_nothing_to_learn(learner, draw):
    check_filled(learner, draw, torch.ones(2, 1, 4, 3, dtype=torch.float64), adversarial=2.0)


@pytest.mark.builds_on("test_the_loss_of_a_generator_that_fills_holes")
def test_tensors_that_are_not_contiguous_and_gradients_of_the_judges_own_step(learner, draw):
    check_filled(learner, draw, mask_of(draw, 3, 4, 5), old=0.4, layout=strided, adversarial=1.2)
