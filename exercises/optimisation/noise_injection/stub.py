"""Noise on inputs, weights and gradients, and what it amounts to on average.

Read the lesson first (`tutor lesson noise_injection`); `tutor hint` helps when you are stuck.

The model is linear without a bias, and the loss is the mean over the samples of (w · x − y)². All tensors are float64:
w (D,), x (N, D), y (N,). No argument may be changed. Noise is given as standard normal numbers, which are multiplied by
std. Other values of `where` than those that are listed are a ValueError.
"""

from torch import Tensor


def noisy_gradient(w: Tensor, x: Tensor, y: Tensor, noise: Tensor, std: float, where: str) -> Tensor:
    """The gradient with which training with noise makes its step.

    Args:
        noise: standard normal; shape (N, D) for "input", (D,) for "weight" and "gradient".
        std: the standard deviation that the noise is to have.
        where: "input": the gradient for w of the loss on the inputs x + std · noise.
            "weight": the gradient of the loss at w + std · noise (which is then used for a step from w itself).
            "gradient": the gradient at w on x, with std · noise added.

    Returns:
        Shape (D,).
    """
    raise NotImplementedError


def annealed_std(step: int, eta: float, gamma: float) -> float:
    """How strong the noise on gradients is at a step: its *variance* is eta / (1 + step)^gamma.

    Args:
        step: counted from 0.
        eta, gamma: positive.

    Returns:
        The standard deviation, a Python float.
    """
    raise NotImplementedError


def expected_loss(w: Tensor, x: Tensor, y: Tensor, std: float, where: str) -> Tensor:
    """The loss on average over the noise, by formula, without drawing any.

    Args:
        std: of the noise on each number, all of them independent with mean 0.
        where: "input": each sample's inputs have noise of their own. "weight": the weights have noise.

    Returns:
        E[loss], 0-dimensional.
    """
    raise NotImplementedError


def expected_loss_dropout(w: Tensor, x: Tensor, y: Tensor, p: float) -> Tensor:
    """The same for dropout on the inputs, which is noise that multiplies.

    Args:
        p: each number of x is replaced by 0 with probability p, independently of all others, and otherwise divided by
            1 − p; 0 ≤ p < 1.

    Returns:
        E[loss], 0-dimensional.
    """
    raise NotImplementedError


def best_weights(x: Tensor, y: Tensor, std: float) -> Tensor:
    """The weights with the lowest expected loss under input noise of this std > 0.

    Returns:
        Shape (D,).
    """
    raise NotImplementedError
