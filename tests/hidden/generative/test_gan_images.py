"""The pieces against torch, then the whole: samples held against all discs that there can be."""

import random

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import assert_inputs_unchanged, assert_matches, strided

SIDE = 16
CENTRES, RADII = (5.0, 10.0), (3.0, 5.0)
# A limit for the root of the mean squared difference to the nearest disc: new discs are below 0.08, one picture for
# all is at 0.25.
NEAR = 0.2


def discs(rows, columns, radii):
    """White on black, with soft edges: (N, 1, 16, 16)."""
    line = torch.arange(SIDE, dtype=torch.float64)
    rows, columns, radii = (value.double().view(-1, 1, 1) for value in (rows, columns, radii))
    distance = ((line[:, None] - rows) ** 2 + (line - columns) ** 2).sqrt()
    return (2 * torch.sigmoid(3 * (radii - distance)) - 1).float()[:, None]


def training_set(draw, n=1024):
    rows, columns = draw.uniform(2, n, low=CENTRES[0], high=CENTRES[1])
    return discs(rows, columns, draw.uniform(n, low=RADII[0], high=RADII[1]))


# --- the pieces ---


def average_state(draw):
    """Of a transposed convolution and a batch normalisation."""
    return {
        "0.weight": draw.normal(3, 4, 2, 2),
        "0.bias": draw.normal(4),
        "1.weight": draw.normal(4),
        "1.bias": draw.normal(4),
        "1.running_mean": draw.normal(4),
        "1.running_var": draw.uniform(4, low=0.5, high=2.0),
        "1.num_batches_tracked": torch.tensor(draw.integer(100, 1000)),
    }


def network(state):
    net = torch.nn.Sequential(torch.nn.ConvTranspose2d(3, 4, 2), torch.nn.BatchNorm2d(4)).double()
    net.load_state_dict(state)
    return net


def averaged(solution, mine, theirs, decay, times):
    average, generator = network(mine), network(theirs)
    for _ in range(times):
        solution.update_average(average, generator, decay)
    states = [{k: v.detach().clone() for k, v in net.state_dict().items()} for net in (average, generator)]
    for value in generator.state_dict().values():
        value.zero_()
    shared = [name for name, value in average.state_dict().items() if not torch.equal(value, states[0][name])]
    return *states, [p.requires_grad and p.is_leaf and p.grad is None for p in average.parameters()], shared


@pytest.mark.parametrize(("decay", "times"), [(0.8, 1), (0.7, 3), (0.0, 1), (1.0, 1)])
def test_parameters_are_averaged_and_statistics_taken_over(learner, draw, decay, times):
    mine, theirs = average_state(draw), average_state(draw)
    share = decay**times
    expected = {
        name: theirs[name] if name.startswith(("1.r", "1.n")) else share * mine[name] + (1 - share) * theirs[name]
        for name in mine
    }
    names = (
        "the average's state",
        "the generator's state",
        "whether the average's parameters are leaves without a gradient",
        "the list of tensors that average and generator share",
    )
    assert_matches(learner.run(averaged, mine, theirs, decay, times), (expected, theirs, [True] * 4, []), names)


def nearest(samples, real):
    """By hand, in the order of the stub's sentence."""
    errors = torch.stack([torch.stack([F.mse_loss(one, other) for other in real]) for one in samples])
    least = errors.min(dim=1)
    return least.values.sqrt(), least.indices


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
@pytest.mark.parametrize(("m", "n", "shape"), [(5, 7, (2, 3, 4)), (8, 3, (1, 5, 2)), (1, 4, (3, 2, 6))])
def test_which_training_picture_is_nearest(learner, draw, m, n, shape, dtype):
    samples, real = draw.normal(m, *shape, dtype=dtype), draw.normal(n, *shape, dtype=dtype)
    names = ("the distances", "the indices")
    assert_matches(learner.nearest_real(samples, real), nearest(samples, real), names, terms=50)
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_which_training_picture_is_nearest")
def test_a_picture_learned_by_heart_is_found_out(learner, draw):
    real = draw.normal(6, 2, 3, 5)
    order = draw.permutation(6)[:4]
    samples = real[order] + draw.normal(4, 2, 3, 5, std=1e-3)
    result = learner.nearest_real(samples, real)
    assert_matches(result, nearest(samples, real), ("the distances", "the indices"), terms=50)


@pytest.mark.builds_on("test_which_training_picture_is_nearest")
def test_pictures_that_are_not_contiguous(learner, draw):
    samples, real = draw.normal(4, 2, 3, 5), draw.normal(6, 2, 3, 5)
    result = learner.nearest_real(strided(samples), strided(real))
    assert_matches(result, nearest(samples, real), ("the distances", "the indices"), terms=50)


def laid_out(images, columns, padding, value):
    """Pixel by pixel."""
    n, channels, height, width = images.shape
    rows = -(-n // columns)
    sides = rows * (height + padding) + padding, columns * (width + padding) + padding
    out = torch.full((channels, *sides), value, dtype=images.dtype)
    for y in range(out.shape[1]):
        for x in range(out.shape[2]):
            (row, i), (column, j) = divmod(y - padding, height + padding), divmod(x - padding, width + padding)
            number = row * columns + column
            if row >= 0 and column >= 0 and i < height and j < width and column < columns and number < n:
                out[:, y, x] = images[number, :, i, j]
    return out


@pytest.mark.parametrize(
    ("n", "columns", "padding"), [(6, 3, 1), (7, 3, 2), (5, 2, 0), (2, 4, 1), (3, 1, 3), (1, 1, 1), (8, 5, 1)]
)
@pytest.mark.parametrize("shape", [(1, 3, 4), (2, 4, 2)])
def test_pictures_on_a_sheet(learner, draw, n, columns, padding, shape):
    images, value = draw.normal(n, *shape), float(draw.uniform())
    assert_matches(
        learner.sheet(images, columns, padding, value), laid_out(images, columns, padding, value), "the sheet"
    )
    assert_inputs_unchanged(learner)


def test_a_sheet_keeps_the_dtype(learner, draw):
    images = draw.normal(4, 1, 3, 2, dtype=torch.float32)
    assert_matches(learner.sheet(images, 3, 1, -1.0), laid_out(images, 3, 1, -1.0), "the sheet")


# --- the whole ---

SAMPLES = 500


def train_and_sample(solution, images, n, seed):
    """Three draws of samples, the losses, how many transposed convolutions worked, and what sampling has changed."""
    generator, losses = solution.train(images, seed=seed)
    before = {name: value.clone() for name, value in generator.state_dict().items()}
    busy, handles = set(), []
    for number, module in enumerate(generator.modules()):
        if isinstance(module, torch.nn.ConvTranspose2d):
            handles.append(module.register_forward_hook(lambda *_, number=number: busy.add(number)))
    drawn = [solution.sample(generator, n, seed=k) for k in (seed + 1, seed + 1, seed + 2)]
    changed = [name for name, value in generator.state_dict().items() if not torch.equal(value, before[name])]
    graph = [bool(images.requires_grad) for images in drawn]
    return drawn, graph, [(float(d), float(g)) for d, g in losses], len(busy), changed


def train_again(solution, images, n, seed):
    """After other draws, so that what doesn't come from the seed comes out differently."""
    random.seed(1)
    np.random.seed(1)
    torch.manual_seed(1)
    return solution.sample(solution.train(images, seed=seed)[0], n, seed=seed + 1)


def all_discs():
    """Every disc, in steps of a quarter of a pixel: rows, columns, radii (K, 3), and the pictures."""
    places, radii = torch.linspace(*CENTRES, 21), torch.linspace(*RADII, 9)
    which = torch.cartesian_prod(places, places, radii)
    return which, discs(*which.T)


def blank(value):
    return torch.zeros_like(value) if isinstance(value, torch.Tensor) else value


@pytest.mark.builds_on(
    "test_parameters_are_averaged_and_statistics_taken_over",
    "test_which_training_picture_is_nearest",
    "test_pictures_on_a_sheet",
)
def test_the_generator_draws_all_kinds_of_discs(learner, draw, album):
    images, seed = training_set(draw), draw.integer(0, 1000)
    result = learner.run(train_and_sample, images, SAMPLES, seed)
    drawn = result[0] if isinstance(result, tuple) and result and isinstance(result[0], list) else []
    shapes = ([torch.zeros(SAMPLES, 1, SIDE, SIDE)] * 3, [False] * 3)
    names = ("the samples", "requires_grad of the samples")
    assert_matches(([blank(part) for part in drawn], *result[1:2]), shapes, names)
    (made, again, other), _, losses, busy, changed = result
    assert losses, "`train` has to return the losses on the way; your list is empty."
    assert busy >= 2, (
        f"{busy} layers nn.ConvTranspose2d worked for these samples; it takes at least two, in which the picture grows."
    )
    assert not changed, (
        f"Sampling has changed the generator: {', '.join(changed)}. Batch normalisation learns statistics from "
        "whatever it sees in training mode; put the generator in evaluation mode before you sample."
    )
    assert_matches(again, made, "the samples of the same seed")
    assert not torch.equal(other, made), "Two seeds gave the same samples: draw the noise with `seed`."
    assert made.isfinite().all() and made.abs().max() <= 1, "Pictures go from −1 to 1; yours go beyond, or are NaN."

    which, family = all_discs()
    distance, nearest_disc = torch.cdist(made.flatten(1), family.flatten(1)).min(dim=1)
    good = distance / SIDE < NEAR
    show(album, images, made, int(good.sum()))
    show_losses(album, losses)
    last = f"The losses of the last step are {losses[-1][0]:.3f} (D) and {losses[-1][1]:.3f} (G)."
    learned = torch.cdist(made.flatten(1), images.flatten(1)).min(dim=1).values / SIDE
    copied = int((learned < 1e-4).sum())
    assert copied < SAMPLES // 50, f"{copied} of {SAMPLES} samples are pictures of the training set, to the last digit."
    share = good.double().mean().item()
    assert share >= 0.7, (
        f"{share:.1%} of your samples are discs (within {NEAR} of one, by the root of the mean squared difference); it "
        f"takes 70 %. {last} Look at the picture."
    )
    seen = which[nearest_disc[good]]
    check_coverage(seen, last)
    assert_matches(
        learner.run(train_again, images, SAMPLES, seed), made, "the samples of a second run with the same seed"
    )


def check_coverage(seen, last):
    """That all places and sizes occur."""
    place = ((seen[:, :2] - CENTRES[0]) / (CENTRES[1] - CENTRES[0]) * 3).long().clamp(max=2)
    places = torch.bincount(place[:, 0] * 3 + place[:, 1], minlength=9) / len(seen)
    assert places.min() >= 0.025, (
        "The discs aren't everywhere. Of the nine parts of the picture in which a centre may lie, row by row, these "
        f"shares are there: {', '.join(f'{value:.1%}' for value in places.tolist())}; each has to have 2.5 % (an even "
        f"share is 11 %). {last}"
    )
    size = ((seen[:, 2] - RADII[0]) / (RADII[1] - RADII[0]) * 3).long().clamp(max=2)
    sizes = torch.bincount(size, minlength=3) / len(seen)
    assert sizes.min() >= 0.08, (
        "The discs don't have all sizes. Small, medium and large ones have the shares "
        f"{', '.join(f'{value:.1%}' for value in sizes.tolist())}; each has to have 8 % (an even share is 33 %). {last}"
    )


def show(album, images, made, good):
    with album.figure("gan_images", f"{good} of {len(made)} samples are discs", 6.4, 6.6) as axes:
        axes.imshow(laid_out(made[:64], 8, 1, 0.0)[0], cmap="gray", vmin=-1, vmax=1)
        axes.set_axis_off()
    index = torch.cdist(made[:8].flatten(1), images.flatten(1)).argmin(dim=1)
    pairs = laid_out(torch.cat([made[:8], images[index]]), 8, 1, 0.0)[0]
    with album.figure("gan_images_nearest", "Above: samples. Below: the nearest training pictures", 6.4, 1.9) as axes:
        axes.imshow(pairs, cmap="gray", vmin=-1, vmax=1)
        axes.set_axis_off()


def show_losses(album, losses):
    finite = [[value if abs(value) < 1e6 else float("nan") for value in pair] for pair in losses]
    with album.figure("gan_images_loss", "The losses while they played", 6, 3.2) as axes:
        axes.plot([d for d, _ in finite], linewidth=1, label="discriminator")
        axes.plot([g for _, g in finite], linewidth=1, label="generator")
        axes.set_xlabel("step")
        axes.grid(alpha=0.3)
        axes.legend()
