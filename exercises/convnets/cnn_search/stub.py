"""Tuning a convolutional network: what fits, what it costs, and which of the rest learns best.

Read the lesson first (`tutor lesson cnn_search`); `tutor hint` helps when you are stuck. No argument may be changed.
"""

from typing import Any

from torch import Tensor, nn

Trial = dict[str, Any]
"""One choice of hyperparameters:

    "depth"    how many stages, at least 1
    "width"    maps of the first stage; each further stage has twice as many as the one before
    "kernel"   rows and columns of every convolution's kernel, odd
    "down"     how a stage halves the map: "pool" (max pool 2 × 2) or "stride" (the convolution has stride 2)
    "norm"     True: batch norm between convolution and ReLU, and convolutions without bias
    "head"     "flatten" or "mean": what the linear layer gets
    "lr"       learning rate           "batch"    images in a batch        (these two only matter to `tune`)
"""


def build(trial: Trial, shape: tuple[int, int, int], classes: int) -> nn.Sequential:
    """The network of a trial.

    Args:
        trial: see `Trial`; one that fits.
        shape: (C, H, W) of an image.
        classes: how many outputs.

    Returns:
        A flat nn.Sequential of these modules, in this order, initialised by torch. For each stage: Conv2d with padding
        kernel // 2, which has a bias only without norm; BatchNorm2d, with norm; ReLU; MaxPool2d(2), if "down" is
        "pool". Then for head "flatten": Flatten, Linear; for "mean": AdaptiveAvgPool2d(1), Flatten, Linear.
    """
    raise NotImplementedError


def cost(trial: Trial, shape: tuple[int, int, int], classes: int) -> tuple[int, int]:
    """What that network costs, by arithmetic alone: some of those asked about are too large to be built.

    Args:
        trial, shape, classes: as for `build`.

    Returns:
        parameters: numbers that are learned, biases and both of batch norm's included.
        multiply_adds: of all convolutions and the linear layer for one image, zeros of the padding included; nothing
            else counts, biases neither.
    """
    raise NotImplementedError


def fits(trial: Trial, shape: tuple[int, int, int], sees: int) -> bool:
    """Whether a trial makes sense for images of this size.

    Args:
        trial: see `Trial`; "width", "norm", "head", "lr" and "batch" don't matter, and may be missing.
        shape: (C, H, W) of an image.
        sees: rows (and columns) of the image that an element of the last map before the head has to see.

    Returns:
        True if all three hold: no kernel is larger than the map that it is put on (without padding), in neither
        direction; every pool gets at least 2 rows and 2 columns; and the receptive field of the last stage's output
        is at least `sees`. It counts as in `receptive_field`: pools belong to it, and so does what lies in the padding.
    """
    raise NotImplementedError


def widest(
    trial: Trial, shape: tuple[int, int, int], classes: int, *, parameters: int, multiply_adds: int
) -> int | None:
    """The largest width with which the trial's network stays within both budgets (what is exactly the budget is
    within).

    Args:
        trial: one that fits; its "width" doesn't matter, and may be missing.
        shape, classes: as for `build`.
        parameters, multiply_adds: the most that the network may have, counted as in `cost`.

    Returns:
        The width; None if a width of 1 is too much already.
    """
    raise NotImplementedError


def candidates(
    space: dict[str, list],
    shape: tuple[int, int, int],
    classes: int,
    *,
    sees: int,
    parameters: int,
    multiply_adds: int,
) -> list[Trial]:
    """Every combination that fits, each as wide as the budget allows: so that they can be compared.

    Args:
        space: for every name of `Trial` but "width" the values to try, at least one.
        shape, classes, sees, parameters, multiply_adds: as above.

    Returns:
        The trials, each with a "width". Their order is that of the full grid, in which the last name of `space` changes
        fastest; combinations that don't fit, or for which there is no width, are left out.
    """
    raise NotImplementedError


def tune(
    trials: list[Trial], x: Tensor, y: Tensor, x_val: Tensor, y_val: Tensor, *, epochs: int, seed: int
) -> tuple[int, dict[str, Tensor], list[list[tuple[int, float]]]]:
    """Successive halving with networks that are really trained, and that go on where the round before has left them.

    In the first round every trial is built and trained for `epochs` epochs; in each further round those that are left
    are trained for twice as many *more* epochs as in the round before. An epoch takes all images once, in random
    order, in batches of trial["batch"], the last of which may be smaller. After a round every network's accuracy on
    the validation images is measured, in evaluation mode; of n networks the n // 2 most accurate stay, but at least
    one, and of equals those with the lower numbers. When one is left, it is the result, and no further round is held.

    How a batch becomes a step is yours: plain SGD with momentum 0.9 on the cross-entropy, at the rate trial["lr"],
    will do.

    Args:
        trials: at least two, all of which fit; known by their numbers, from 0.
        x, x_val: images, shapes (N, C, H, W) and (M, C, H, W), float32.
        y, y_val: classes, from 0; every class occurs in `y`. int64.
        epochs: of the first round.
        seed: all that is random must come from it: the same seed gives the same result.

    Returns:
        best: number of the trial that is left.
        state: its network's state_dict, as trained.
        rounds: for each round held, (number, accuracy between 0 and 1) of all that took part, by ascending number.
    """
    raise NotImplementedError
