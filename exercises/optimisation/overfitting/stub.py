"""Capacity: polynomials that know too little or too much, bias and variance, curves to diagnose, depth and width.

Read the lesson first (`tutor lesson overfitting`); `tutor hint` helps when you are stuck.

All tensors are float64; no argument may be changed.
"""

from torch import Tensor


def features(x: Tensor, degree: int) -> Tensor:
    """The powers 1, x, x², …, x^degree.

    Args:
        x: shape (N,).
        degree: 0 or more.

    Returns:
        Shape (N, degree + 1), one power a column, ascending.
    """
    raise NotImplementedError


def fit_polynomial(x: Tensor, y: Tensor, degree: int, *, ridge: float = 0.0) -> Tensor:
    """The polynomial p(x) = w₀ + w₁ x + … that minimises Σₙ (p(xₙ) − yₙ)² + ridge · (w₁² + … + w_degree²).

    Args:
        x, y: shape (N,), with more different x than `degree`.
        degree: 0 or more.
        ridge: λ, 0 or more. The constant w₀ is not penalised.

    Returns:
        w: shape (degree + 1,), the constant first.
    """
    raise NotImplementedError


def errors_by_degree(
    x: Tensor, y: Tensor, x_val: Tensor, y_val: Tensor, degrees: list[int], *, ridge: float = 0.0
) -> tuple[Tensor, Tensor, int]:
    """Fit a polynomial of each degree to the training samples, and measure it on both sets.

    Args:
        x, y: training samples, shape (N,).
        x_val, y_val: validation samples, shape (M,); nothing is fitted to them.
        degrees: K of them.
        ridge: for all of them.

    Returns:
        training: the mean squared error on the training samples, shape (K,); without the penalty.
        validation: the same on the validation samples, shape (K,).
        best: the degree with the lowest validation error.
    """
    raise NotImplementedError


def bias_and_variance(predictions: Tensor, truth: Tensor) -> tuple[Tensor, Tensor]:
    """Of R models, fitted to R training sets, how far they are off on average, and how far they scatter.

    Args:
        predictions: of each model at each of M places, shape (R, M).
        truth: the right values, without noise, shape (M,).

    Returns:
        bias_squared: (mean over the models − truth)², averaged over the places; 0-dimensional.
        variance: of the predictions around their mean over the models, divided by R, averaged over the places. Together
            they are exactly the mean of (prediction − truth)² over all models and places.
    """
    raise NotImplementedError


def diagnose(train: list[float], val: list[float], target: float) -> str:
    """What a training run shows.

    Args:
        train, val: training and validation loss after each epoch, at least 5 of them each, all positive.
        target: a training loss that would be good enough.

    Returns:
        Let `late` be the mean of a curve's last three values. In this order:
        "underfit" if late train is above the target;
        "overfit" if late val is above 1.1 times the lowest value of val, or above 1.5 times late train;
        "fine" in all other cases.
    """
    raise NotImplementedError


def mlp_parameters(inputs: int, width: int, depth: int, outputs: int) -> int:
    """How many numbers a multi-layer perceptron has to learn.

    Args:
        inputs: features that come in.
        width: units in every hidden layer.
        depth: hidden layers, at least 1.
        outputs: units of the last layer, which comes on top of the hidden ones.

    Returns:
        All weights and biases; every layer has biases.
    """
    raise NotImplementedError


def widest(inputs: int, depth: int, outputs: int, budget: int) -> int:
    """The largest width with which `mlp_parameters` is within the budget; 0 if not even width 1 is."""
    raise NotImplementedError
