"""The receptive field is measured: torch's gradient of one output, through convolutions with positive weights."""

import functools

import torch
import torch.nn.functional as F

from tutor.testkit import assert_inputs_unchanged, assert_matches, assert_raises, strided

NAMES = ("the size", "the jump", "the start")


def run(layers, x):
    """The layers as convolutions with kernels of ones, which can't cancel: what is connected gets a gradient."""
    for kernel, stride, padding, dilation in layers:
        x = F.conv1d(x, torch.ones(1, 1, kernel, dtype=x.dtype), None, stride, padding, dilation)
    return x


def footprints(layers, size, indices=None):
    """First and last input element with a gradient, for each output asked for (None: the middle one and the next).

    None stands for an output that there isn't, or that sees nothing. Returns the indices too.
    """
    x = torch.zeros(1, 1, size, dtype=torch.float64, requires_grad=True)
    out = run(layers, x)[0, 0]
    indices = indices or (len(out) // 2, len(out) // 2 + 1)
    found = []
    for index in indices:
        if index < len(out):
            (grad,) = torch.autograd.grad(out[index], x, retain_graph=True)
            touched = grad[0, 0].nonzero()[:, 0].tolist()
        else:
            touched = []
        found.append((touched[0], touched[-1]) if touched else None)
    return indices, found


def random_layers(draw, count, *, stride=3, padding=1, dilation=2):
    """Layers (kernel, stride, padding, dilation); the arguments are one more than the largest allowed."""
    return [
        (draw.integer(2, 6), draw.integer(1, stride), draw.integer(0, padding), draw.integer(1, dilation))
        for _ in range(count)
    ]


@functools.cache
def field_of(layers):
    """Measured in the middle of an input so large that no border is near."""
    size = 600
    while True:
        try:
            (middle, _), (here, there) = footprints(layers, size)
        except RuntimeError:  # a kernel larger than what it is to slide over
            here = there = None
        if here and there and here[0] > size // 8 and there[1] < size - size // 8:
            jump = there[0] - here[0]
            return here[1] - here[0] + 1, jump, here[0] - middle * jump
        size *= 2


def expected_field(layers):
    return field_of(tuple(layers))


def check(learner, stacks):
    """All are asked, so that mistakes can be told apart; the first wrong answer is shown."""
    answers = [learner.receptive_field(layers) for layers in stacks]
    for layers, answer in zip(stacks, answers, strict=True):
        names = tuple(f"{name} of the stack {layers}" for name in NAMES)
        assert_matches(tuple(answer) if isinstance(answer, list) else answer, expected_field(layers), names)


def test_one_layer(learner, draw):
    check(learner, [random_layers(draw, 1, stride=4, padding=3, dilation=4) for _ in range(8)])


def test_layers_of_stride_1(learner, draw):
    check(learner, [random_layers(draw, draw.integer(2, 6), stride=2, dilation=4) for _ in range(8)])


def test_layers_with_strides(learner, draw):
    check(learner, [random_layers(draw, draw.integer(2, 5), stride=4) for _ in range(8)])


def test_layers_with_padding(learner, draw):
    check(learner, [random_layers(draw, draw.integer(2, 5), stride=3, padding=3) for _ in range(8)])


def test_layers_with_everything(learner, draw):
    check(learner, [random_layers(draw, draw.integer(3, 5), stride=4, padding=3, dilation=4) for _ in range(12)])


def test_no_layers_see_one_element(learner):
    assert_matches(learner.receptive_field([]), (1, 1, 0), NAMES)


def test_the_first_kernel_and_the_last_stride_matter_differently(learner, draw):
    kernel, stride = draw.integer(3, 6), draw.integer(2, 4)
    one, other = [(kernel, 1, 0, 1), (2, stride, 0, 1)], [(2, stride, 0, 1), (kernel, 1, 0, 1)]
    check(learner, [one, other])


def ask_seen(draw):
    """A question, and what torch's gradient says; None where padding inside the stack hides a part of what is seen."""
    layers = random_layers(draw, draw.integer(1, 4), stride=3, padding=3, dilation=3)
    size, index = draw.integer(30, 90), draw.integer(0, 25)
    field, jump, start = expected_field(layers)
    first = start + index * jump
    geometric = max(first, 0), min(first + field - 1, size - 1)
    try:
        _, (seen,) = footprints(layers, size, (index,))
    except RuntimeError:
        return None
    return ((layers, index, size), seen, first < 0, first + field > size) if seen == geometric else None


def test_what_an_output_sees_is_cut_at_the_border(learner, draw):
    questions, wanted = [], [(True, False)] * 8 + [(False, True)] * 8 + [(False, False)] * 6
    while wanted:
        asked = ask_seen(draw)
        if asked is not None and asked[2:] in wanted:
            wanted.remove(asked[2:])
            questions.append(asked[:2])
    answers = [learner.seen_by(*question) for question, _ in questions]
    for (question, seen), answer in zip(questions, answers, strict=True):
        layers, index, size = question
        what = f"of {size} elements seen by output {index} of {layers}"
        names = (f"the first {what}", f"the last {what}")
        assert_matches(tuple(answer) if isinstance(answer, list) else answer, seen, names)


def test_how_many_layers_it_takes(learner, draw):
    questions = []
    while len(questions) < 24:
        kernel = draw.integer(2, 8)
        stride = draw.integer(1, min(kernel, 3) + 1)
        count = draw.integer(1, 5)
        field = expected_field([(kernel, stride, 0, 1)] * count)[0]
        question = (field + draw.integer(-1, 2), kernel, stride)
        smaller = expected_field([(kernel, stride, 0, 1)] * (count - 1))[0] if count > 1 else 1
        questions.append((question, count - (question[0] <= smaller) + (question[0] > field)))
    answers = [learner.layers_needed(*question) for question, _ in questions]
    for ((size, kernel, stride), right), answer in zip(questions, answers, strict=True):
        assert_matches(answer, right, f"layers_needed({size}, kernel={kernel}, stride={stride})")


def test_one_element_needs_no_layer(learner, draw):
    assert_matches(learner.layers_needed(1, draw.integer(2, 6), 1), 0, "layers_needed(1, …)")


def gradient_of_a_patch(draw, dtype=torch.float64):
    """Gradients that are zero but in a rectangle, in which there are zeros as well; each channel sees another part."""
    height, width = draw.integer(14, 18), draw.integer(20, 25)
    grad = torch.zeros(2, 3, height, width, dtype=dtype)
    top, left = draw.integer(1, 5), draw.integer(1, 6)
    bottom, right = draw.integer(top + 4, height - 1), draw.integer(left + 5, width - 1)
    ends = [(0, 0, top, left + 2), (1, 2, bottom, left + 1), (1, 0, top + 2, left), (0, 1, bottom - 1, right)]
    for sample, channel, row, column in ends:
        grad[sample, channel, row, column] = draw.choice([-1.0, 1.0]) * float(draw.uniform(low=0.1, high=2.0))
    return grad, (top, bottom, left, right)


BOX = ("the top row", "the bottom row", "the left column", "the right column")


def test_the_field_is_measured_over_all_images_and_channels(learner, draw):
    for _ in range(4):
        grad, box = gradient_of_a_patch(draw)
        assert_matches(learner.measured(grad), box, BOX)
        assert_inputs_unchanged(learner)


def test_gradients_that_cancel_count(learner, draw):
    grad, box = gradient_of_a_patch(draw)
    top, _, left, _ = box
    grad = torch.cat([grad, -grad])
    grad[0, 1, top + 1, left + 1], grad[0, 1, top + 1, left + 3] = 5.0, -5.0
    assert_matches(learner.measured(grad), box, BOX)


def test_the_field_of_a_real_network(learner, draw):
    for dtype in (torch.float32, torch.float64):
        x = draw.normal(1, 2, 30, 40, dtype=dtype).requires_grad_()
        kernels = draw.uniform(4, 2, 5, 3, low=0.1, dtype=dtype), draw.uniform(3, 4, 2, 4, low=0.1, dtype=dtype)
        out = F.conv2d(F.conv2d(x, kernels[0], stride=(2, 1)), kernels[1], stride=(1, 2))
        row, column = draw.integer(2, 9), draw.integer(2, 12)
        (grad,) = torch.autograd.grad(out[0, 1, row, column], x)
        box = (2 * row, 2 * row + 6, 2 * column, 2 * column + 5)
        assert_matches(learner.measured(grad), box, BOX)
        assert_matches(learner.measured(strided(grad)), box, BOX)


def test_a_gradient_of_zeros_has_no_field(learner):
    grad = torch.zeros(1, 2, 6, 5)
    grad[0, 1, 3, 2] = 1e-30
    assert_matches(learner.measured(grad), (3, 3, 2, 2), BOX)
    assert_raises(ValueError, learner.measured, torch.zeros(1, 2, 6, 5))
