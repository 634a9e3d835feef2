"""Denoising: corrupt the input, ask for the clean one, and see what the best answer is.

Read the lesson first (`tutor lesson denoising_autoencoder`); `tutor hint` helps when you are stuck. No function may
change its inputs.
"""

from torch import Tensor


def corrupt(x: Tensor, noise: Tensor, kind: str, level: float) -> Tensor:
    """The input as the encoder gets to see it. The random numbers are given, so that there is one right answer.

    Args:
        x: any shape.
        noise: the shape of `x`: standard normal for "gaussian", uniform in [0, 1) for the other kinds.
        kind: "gaussian": x + level · noise.
            "masking": an element becomes 0 where noise < level; the others stay as they are, unscaled.
            "salt_and_pepper": 0 where noise < level / 2, 1 where level / 2 ≤ noise < level; the others stay.
        level: the standard deviation, or the share of elements that are hit, between 0 and 1.

    Returns:
        The shape and dtype of `x`.
    """
    raise NotImplementedError


def denoising_loss(output: Tensor, clean: Tensor, noisy: Tensor, alpha: float = 1.0, beta: float = 1.0) -> Tensor:
    """The squared error against the clean input, with a weight for what was corrupted and one for what was not.

    Args:
        output: the reconstruction, shape (N, D).
        clean: the input before the corruption, shape (N, D).
        noisy: the input after it, shape (N, D). An element counts as corrupted where it differs from `clean`.
        alpha: the weight of corrupted elements.
        beta: the weight of the others.

    Returns:
        A 0-dimensional tensor: weight · (difference)², summed over the D features, averaged over the N samples
        (not divided by the weights).
    """
    raise NotImplementedError


def denoising_loss_backward(
    grad_output: Tensor, output: Tensor, clean: Tensor, noisy: Tensor, alpha: float = 1.0, beta: float = 1.0
) -> Tensor:
    """The gradient of `denoising_loss` for `output`.

    Args:
        grad_output: 0-dimensional; the result is multiplied by it.
        output, clean, noisy, alpha, beta: as in `denoising_loss`.

    Returns:
        Shape (N, D).
    """
    raise NotImplementedError


def best_linear_denoiser(x: Tensor, kind: str, level: float) -> Tensor:
    """The matrix W for which (1/N) Σₙ E‖W · x̃ₙ − xₙ‖² is smallest, where x̃ is x corrupted, E the mean over all noise.

    There is no bias, and x is not centred: it is taken as it is.

    Args:
        x: the data, shape (N, D), N > D, float64, of full rank.
        kind: "gaussian" or "masking", as in `corrupt`; the elements of a sample are hit independently.
        level: as in `corrupt`; below 1 for masking.

    Returns:
        W, shape (D, D): exact, without drawing any noise. torch.linalg may be used.
    """
    raise NotImplementedError
