"""Why networks need activations, and which: a check of concepts, with numbers.

Read the lesson first (`tutor lesson choosing_activations`); `tutor hint` helps when you are stuck.

The activations, in this order, are "relu"; "leaky_relu", with slope 0.01; "elu", with alpha 1; "softplus"; "gelu", the
exact one; "tanh"; and "sigmoid".
"""

from typing import Any

from torch import Tensor


def collapse(weights: list[Tensor], biases: list[Tensor]) -> tuple[Tensor, Tensor]:
    """The single linear layer that does what several linear layers do, one after the other, without activations.

    Args:
        weights: shapes (n₁, n₀), (n₂, n₁), …, (n_L, n_L−₁); layer l computes x Wₗᵀ + bₗ from the output of the one
            before.
        biases: shapes (n₁,), …, (n_L,).

    Returns:
        weight, shape (n_L, n₀), and bias, shape (n_L,). Inputs must not be changed; that holds for all functions here.
    """
    raise NotImplementedError


def collapse_kernels(first: Tensor, second: Tensor) -> Tensor:
    """The single kernel that does what two convolutions do, one after the other.

    One channel, stride 1, no padding, no bias; like torch's, they correlate: out[p, q] = Σᵢⱼ w[i, j] · x[p + i, q +
    j].

    Args:
        first: the kernel that the image meets first, shape (h₁, w₁).
        second: the one after it, shape (h₂, w₂).

    Returns:
        Shape (h₁ + h₂ − 1, w₁ + w₂ − 1).
    """
    raise NotImplementedError


def dead_units(weight: Tensor, bias: Tensor, x: Tensor) -> Tensor:
    """Which units of a layer relu(x weightᵀ + bias) are 0 for every sample, and so learn nothing any more.

    Args:
        weight: shape (m, n). bias: shape (m,). x: shape (N, n).

    Returns:
        Shape (m,), bool.
    """
    raise NotImplementedError


def passes_most(z: Tensor, activations: list[str]) -> str:
    """Which of these activations lets most of a gradient pass at these pre-activations.

    Args:
        z: pre-activations, any shape.
        activations: names, in any order. There are no ties.

    Returns:
        The name of that whose slopes at z have the largest root mean square.
    """
    raise NotImplementedError


def suits(activation: str, demand: str) -> bool:
    """Whether an activation meets a demand.

    Args:
        activation: its name.
        demand: one of
            "negative outputs": it takes values below 0;
            "bounded": all its values lie between two numbers;
            "positive slope": its slope is more than 0 at every z, however little;
            "smooth": its slope has no jump;
            "monotonic": it never falls (staying level is no fall);
            "unit slope": its slope tends to 1 for z → ∞;
            "zero at zero": f(0) = 0;
            "exact zeros": it is exactly 0 for a whole range of z.
        All of it is meant mathematically, not after rounding.

    Raises:
        ValueError: if there is no such activation or no such demand.
    """
    raise NotImplementedError


def choose(demands: list[str]) -> str | None:
    """The first activation, in the order above, that meets all demands; None if there is none.

    Args:
        demands: as for `suits`; there may be none of them.
    """
    raise NotImplementedError


def output_layer(task: dict[str, Any]) -> str:
    """What comes after the last linear layer.

    Args:
        task: one of
            {"target": "class", "outputs": C, "loss takes logits": bool}: exactly one of C classes is right, and the
            network has to say how probable each is;
            {"target": "yes or no", "outputs": L, "loss takes logits": bool}: L questions, each answered by yes or no
            for itself, and the network has to say how probable each yes is;
            {"target": "number", "low": a, "high": b, "outputs": n}: n numbers between a and b, which are −inf and
            inf, 0 and inf, 0 and 1, or −1 and 1.
            "loss takes logits" tells whether the loss function applies the last activation itself.

    Returns:
        "identity", "softplus", "sigmoid", "tanh" or "softmax".
    """
    raise NotImplementedError
