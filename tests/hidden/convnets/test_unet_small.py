"""The layers' shapes, then the whole network beside functions of torch that use the same weights, then a training
run."""

import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import assert_matches

COLOURS = ("white", "tab:blue", "tab:orange")


def shapes_of(channels, classes, width, depth):
    """The shape of every parameter, by its name."""
    sizes = [width * 2**level for level in range(depth + 1)]
    shapes = {}

    def block(name, c_in, c_out):
        for place, c in (("0", c_in), ("2", c_out)):
            shapes[f"{name}.{place}.weight"], shapes[f"{name}.{place}.bias"] = [c_out, c, 3, 3], [c_out]

    for level, size in enumerate(sizes):
        block(f"down.{level}", sizes[level - 1] if level else channels, size)
    for number, level in enumerate(reversed(range(depth))):
        shapes[f"up.{number}.weight"] = [sizes[level + 1], sizes[level], 2, 2]
        shapes[f"up.{number}.bias"] = [sizes[level]]
        block(f"merge.{number}", 2 * sizes[level], sizes[level])
    shapes["head.weight"], shapes["head.bias"] = [classes, width, 1, 1], [classes]
    return shapes


def weights_for(draw, *sizes):
    """Weights that keep the size of signals, so that no level is lost in another's rounding."""
    return {
        name: draw.normal(*shape, std=0.3 if len(shape) == 1 else (2.5 / (shape[1] * shape[2] * shape[3])) ** 0.5)
        for name, shape in shapes_of(*sizes).items()
    }


def block_of(weights, name, x):
    for place in ("0", "2"):
        x = F.conv2d(x, weights[f"{name}.{place}.weight"], weights[f"{name}.{place}.bias"], padding=1).relu()
    return x


def unet(weights, x, depth):
    height, width = x.shape[2:]
    step = 2**depth
    padded = x.new_zeros(*x.shape[:2], (height + step - 1) // step * step, (width + step - 1) // step * step)
    padded[..., :height, :width] = x
    levels = [block_of(weights, "down.0", padded)]
    for level in range(1, depth + 1):
        levels.append(block_of(weights, f"down.{level}", F.max_pool2d(levels[-1], 2)))
    y = levels[-1]
    for number in range(depth):
        y = F.conv_transpose2d(y, weights[f"up.{number}.weight"], weights[f"up.{number}.bias"], stride=2)
        y = block_of(weights, f"merge.{number}", torch.cat([levels[depth - 1 - number], y], 1))
    return F.conv2d(y, weights["head.weight"], weights["head.bias"])[..., :height, :width]


def of_a_block(solution, weights, x):
    block = solution.double_conv(weights["0.weight"].shape[1], len(weights["0.bias"])).double()
    block.load_state_dict(weights)
    return block(x).detach()


@pytest.mark.parametrize("c_in, c_out", [(3, 5), (4, 2)])
def test_two_convolutions_with_their_relus(learner, draw, c_in, c_out):
    shapes = {"0.weight": (c_out, c_in, 3, 3), "0.bias": (c_out,), "2.weight": (c_out, c_out, 3, 3), "2.bias": (c_out,)}
    weights = {name: draw.normal(*shape) for name, shape in shapes.items()}
    x = draw.normal(2, c_in, 6, 5)
    expected = block_of({f"b.{name}": value for name, value in weights.items()}, "b", x)
    assert_matches(learner.run(of_a_block, weights, x), expected, "the output", terms=500)


def of_the_layers(solution, channels, classes, width, depth):
    net = solution.UNet(channels, classes, width=width, depth=depth)
    return {name: list(value.shape) for name, value in net.named_parameters()}


@pytest.mark.parametrize("sizes", [(1, 3, 4, 1), (3, 2, 5, 2), (2, 4, 3, 3)])
def test_the_names_and_shapes_of_the_parameters(learner, sizes):
    result = learner.run(of_the_layers, *sizes)
    expected = shapes_of(*sizes)
    if isinstance(result, dict) and set(result) == set(expected):
        result = {name: result[name] for name in expected}
    assert_matches(result, expected, "the parameters")


def of_the_network(solution, weights, x, grad_output, channels, classes, width, depth):
    """The logits, and the gradient for every parameter."""
    net = solution.UNet(channels, classes, width=width, depth=depth).double()
    net.load_state_dict(weights)
    out = net(x)
    (out * grad_output).sum().backward()
    return out.detach(), {name: p.grad for name, p in sorted(net.named_parameters())}


def check_network(learner, draw, sizes, n, height, width):
    weights, x = weights_for(draw, *sizes), draw.normal(n, sizes[0], height, width)
    grad_output = draw.normal(n, sizes[1], height, width)
    leaves = {name: value.clone().requires_grad_() for name, value in weights.items()}
    out = unet(leaves, x, sizes[3])
    names = sorted(leaves)
    grads = torch.autograd.grad((out * grad_output).sum(), [leaves[name] for name in names])
    expected = (out.detach(), dict(zip(names, grads, strict=True)))
    result = learner.run(of_the_network, weights, x, grad_output, *sizes)
    assert_matches(result, expected, ("the logits", "the gradients"), terms=5000)


@pytest.mark.builds_on("test_two_convolutions_with_their_relus", "test_the_names_and_shapes_of_the_parameters")
def test_logits_of_a_network_of_two_levels(learner, draw):
    check_network(learner, draw, (3, 4, 3, 1), 2, 6, 8)


@pytest.mark.builds_on("test_logits_of_a_network_of_two_levels")
@pytest.mark.parametrize("sizes, height, width", [((1, 3, 3, 2), 8, 12), ((2, 5, 2, 3), 16, 8)])
def test_logits_of_deeper_networks(learner, draw, sizes, height, width):
    check_network(learner, draw, sizes, 2, height, width)


@pytest.mark.builds_on("test_logits_of_a_network_of_two_levels")
@pytest.mark.parametrize("depth, height, width", [(1, 5, 8), (1, 6, 7), (2, 9, 7), (2, 3, 8), (3, 1, 10)])
def test_sizes_that_are_no_multiple(learner, draw, depth, height, width):
    check_network(learner, draw, (2, 3, 2, depth), 2, height, width)


def scenes(draw, n, size=24):
    """Discs and square frames on a grey ground, with noise; later shapes cover earlier ones."""
    line = torch.arange(size, dtype=torch.float64) + 0.5
    y, x = line[None, :, None], line[None, None, :]
    masks, images = torch.zeros(n, size, size, dtype=torch.int64), torch.zeros(n, size, size, dtype=torch.float64)
    images += draw.uniform(n, 1, 1, low=-0.2, high=0.2)
    for shape in draw.permutation(2).tolist():
        middle, half = draw.uniform(2, n, 1, 1, low=4, high=size - 4), draw.uniform(n, 1, 1, low=3, high=6)
        off_y, off_x = (y - middle[0]).abs(), (x - middle[1]).abs()
        far = torch.maximum(off_y, off_x) if shape else (off_y**2 + off_x**2).sqrt()
        bright = draw.uniform(n, 1, 1, low=0.8, high=1.2)
        drawn = torch.where(far > half - 1.5, bright, 0.0) if shape else bright  # a frame is dark inside
        masks, images = torch.where(far <= half, shape + 1, masks), torch.where(far <= half, drawn, images)
    return (images + draw.normal(n, size, size, std=0.1))[:, None].float(), masks


def train_and_segment(solution, images, masks, held_out, seed):
    """The losses on the way, and the classes of images that the training has not seen."""
    import torch

    net, losses = solution.train(images, masks, seed=seed)
    net.eval()
    with torch.no_grad():
        return [float(loss) for loss in losses], net(held_out).argmax(1)


@pytest.mark.builds_on("test_logits_of_deeper_networks")
def test_drawn_shapes_are_found(learner, draw, album):
    images, masks = scenes(draw, 256)
    held_out, right = scenes(draw, 64)
    result = learner.run(train_and_segment, images, masks, held_out, draw.integer(0, 1000))
    losses, classes = result if isinstance(result, tuple) and len(result) == 2 else (None, result)
    assert isinstance(losses, list) and len(losses) > 10, "train has to return the network and the losses of its steps."
    assert_matches(blank(classes), blank(right), "the classes of the held-out images")
    shares = [
        ((classes == c) & (right == c)).sum().item() / ((classes == c) | (right == c)).sum().item() for c in range(3)
    ]
    mean = sum(shares) / 3
    first, last = sum(losses[:5]) / 5, sum(losses[-5:]) / 5
    assert 0 < last < 0.7 * first, (
        f"The loss of the last steps, {last:.3f}, isn't below that of the first, {first:.3f}."
    )
    show(album, held_out, right, classes, mean)
    assert mean >= 0.8, (
        f"The mean intersection over union is {mean:.2f}; it takes 0.8. Background {shares[0]:.2f}, discs "
        f"{shares[1]:.2f}, squares {shares[2]:.2f}. The loss went from {losses[0]:.3f} to {losses[-1]:.3f} in "
        f"{len(losses)} steps."
    )


def blank(value):
    return torch.zeros_like(value) if isinstance(value, torch.Tensor) else value


def show(album, images, right, classes, mean):
    """Six images, what is true, and what the network says."""
    with album.figure("unet_small", f"image, truth, answer: mean IoU {mean:.2f}", 8, 4.4) as axes:
        rows = [images[:6, 0].clamp(-0.5, 1.5) * 0.5 + 0.25, right[:6] / 2, classes[:6].clamp(0, 2) / 2]
        sheet = torch.cat([torch.cat(list(F.pad(row.double(), (1, 1, 1, 1), value=1.0)), 1) for row in rows])
        axes.imshow(sheet, cmap="magma", vmin=0, vmax=1, interpolation="nearest")
        axes.set_axis_off()
