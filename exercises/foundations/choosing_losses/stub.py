"""Which loss fits which noise, what each of them makes a model predict, and a loss of your own: the quantile loss.

Read the lesson first (`tutor lesson choosing_losses`); `tutor hint` helps when you are stuck.
"""

from typing import Any

from torch import Tensor


def negative_log_likelihood(noise: str, input: Tensor, target: Tensor, scale: Tensor | None = None) -> Tensor:
    """−log p(target | input), with all its constants: of a density, or, for bernoulli and poisson, of a probability.

    Args:
        noise: "normal": target is normally distributed with mean `input` and standard deviation `scale`;
            "laplace": its density is e^(−|target − input| / scale) / (2 · scale);
            "bernoulli": target is 1 with probability `input`, else 0;
            "poisson": target is a count with mean `input`: e^(−input) · input^target / target!.
        input: what the model predicts, any shape, float64; a probability, or positive, where it has to be.
        target: the same shape and dtype.
        scale: the same shape, positive; None for bernoulli and poisson.

    Returns:
        One number for each element, the shape of `input`. Inputs must not be changed; that holds for all functions
        here.

    Raises:
        ValueError: if `noise` is none of these.
    """
    raise NotImplementedError


def best_constant(loss: str, targets: Tensor, *, tau: float = 0.5, delta: float = 1.0) -> float:
    """The constant prediction c for which the mean loss over all targets is least.

    Args:
        loss: "mse", squared errors; "mae", absolute errors; "max", the largest absolute error (not a mean);
            "quantile", the quantile loss with `tau`; "huber", with `delta`; "bce", binary cross-entropy, where c is a
            probability and the targets are 0 and 1; "poisson", −log p of counts, where c is the mean.
        targets: shape (n,), float64. They are such that there is only one best constant: for "mae" n is odd, for
            "quantile" tau · n isn't whole.
        tau: between 0 and 1.
        delta: positive. "huber" has to be right to a relative 1e-8.

    Raises:
        ValueError: if `loss` is none of these.
    """
    raise NotImplementedError


def quantile_loss(input: Tensor, target: Tensor, tau: float, reduction: str = "mean") -> Tensor:
    """tau · r where r = target − input is positive, (1 − tau) · |r| where it is negative.

    Args:
        input: predictions, any shape, float32 or float64.
        target: the shape and dtype of `input`.
        tau: between 0 and 1.
        reduction: "mean" over all elements, "sum" over them, or "none".

    Returns:
        A 0-dimensional tensor, or one in the shape of `input` for "none"; in its dtype.
    """
    raise NotImplementedError


def quantile_loss_backward(
    grad_output: Tensor, input: Tensor, target: Tensor, tau: float, reduction: str = "mean"
) -> Tensor:
    """The gradient for the predictions; 0 where prediction and target are equal.

    Args:
        grad_output: ∂L/∂loss: 0-dimensional, or in the shape of `input` for "none".
        input, target, tau, reduction: as in the forward pass.

    Returns:
        ∂L/∂input, the shape and dtype of `input`.
    """
    raise NotImplementedError


def tau_for_costs(under: float, over: float) -> float:
    """The tau whose quantile is the cheapest prediction.

    Args:
        under: what each unit costs by which the prediction is too low; positive.
        over: what each unit costs by which it is too high; positive.
    """
    raise NotImplementedError


def choose_loss(task: dict[str, Any]) -> str:
    """The loss that fits a task.

    Args:
        task: one of
            {"target": "number", "wanted": "mean", "median" or "quantile", "outliers": bool}: what of the target's
            distribution the model has to predict, and whether a few targets are wildly off;
            {"target": "count"}: how often something happens, the expected number is wanted;
            {"target": "class", "classes": C, "several at once": bool, "wanted": "probabilities" or "decision"}:
            whether more than one class may be right for a sample, and whether the model has to say how probable they
            are, or only to decide, with a margin.

    Returns:
        "mse", "huber" (the mean, with outliers), "mae", "quantile", "poisson", "cross_entropy" (softmax over all
        classes), "bce" (a sigmoid for each class), or "hinge".
    """
    raise NotImplementedError
