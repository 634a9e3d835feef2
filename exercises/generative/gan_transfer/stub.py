"""From one GAN to the next: weights that are taken over, layers that are frozen, and settings that are compared fairly.

Read the lesson first (`tutor lesson gan_transfer`); `tutor hint` helps when you are stuck.
"""

import torch.nn as nn
from torch import Tensor


def take_over(source: dict[str, Tensor], target: dict[str, Tensor]) -> tuple[dict[str, Tensor], list[str]]:
    """A state dict for the target, with all of the source's values that fit.

    Args:
        source, target: state dicts, a name to a tensor. A value fits if the name is in both and the shapes agree; with
            one exception: if only the first axis differs (more or fewer classes in a conditional layer), the rows that
            both have are taken over, and the target's other rows stay.

    Returns:
        The new state, with the target's names in their order, values of its own (no memory is shared with either) in
        the target's dtypes; and the names of those of which nothing was taken over, in that order.
    """
    raise NotImplementedError


def freeze_discriminator(discriminator: nn.Sequential, layers: int) -> list[str]:
    """Freeze the lower layers of a discriminator that is to be trained on new data (FreezeD).

    Args:
        discriminator: its direct children are in order from the image to the score.
        layers: the first so many children *that have parameters*, and all children before the last of these. None if 0.

    Returns:
        The names of all parameters that are still trained, as named_parameters() has them. Frozen parameters have
        requires_grad False, the others True, whatever they had before. Frozen children are in evaluation mode, so that
        a batch norm's statistics stay; the modes of the others are left alone.
    """
    raise NotImplementedError


def memory(beta: float, share: float) -> int:
    """How long an exponential average remembers: the smallest k ≥ 1 for which beta^k ≤ share.

    Args:
        beta: of Adam's first moment, say, or of an average of weights; 0 < beta < 1.
        share: of its influence that a step has left, 0 < share < 1.
    """
    raise NotImplementedError


def optimiser_groups(generator: nn.Module, discriminator: nn.Module, lr: float, ratio: float) -> list[dict]:
    """Parameter groups for one Adam that trains both networks on two time scales.

    Args:
        generator, discriminator: only parameters with requires_grad True are trained.
        lr: of the generator.
        ratio: the discriminator learns so many times as fast.

    Returns:
        [generator's group, discriminator's group], each with "params" (a list, in the order of parameters()), "lr",
        and "betas": (0.5, 0.999).
    """
    raise NotImplementedError


def best_setting(trials: list[tuple[str, float]], runs: int) -> str | None:
    """Which setting to take, where each was tried with several seeds, and lower scores (FID) are better.

    A run of a GAN is a lottery, so a setting counts by the *median* of its scores (of an even number, the mean of the
    middle two). A score that is NaN is a run that diverged: it counts as infinity.

    Args:
        trials: (name of the setting, score), in any order.
        runs: settings with fewer trials than this aren't compared.

    Returns:
        The setting with the lowest median; of equal ones the one whose worst score is lower, then the one that comes
        first in `trials`. None if no setting has enough trials, or if the best median is infinite.
    """
    raise NotImplementedError
