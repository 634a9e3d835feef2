"""A network is a layer followed by a network; the cache is nested likewise."""

from typing import Any

from torch import Tensor


def mlp_forward(x: Tensor, weights: list[Tensor], biases: list[Tensor]) -> tuple[Tensor, Any]:
    """See the stub."""
    pre = x @ weights[0].T + biases[0]
    if len(weights) == 1:
        return pre, (x, None, None)
    mask = pre > 0
    output, rest = mlp_forward(pre * mask, weights[1:], biases[1:])
    return output, (x, mask, rest)


def mlp_backward(grad_output: Tensor, weights: list[Tensor], cache: Any) -> tuple[Tensor, list[Tensor], list[Tensor]]:
    """See the stub."""
    x, mask, rest = cache
    grad, later_weights, later_biases = grad_output, [], []
    if rest is not None:
        grad, later_weights, later_biases = mlp_backward(grad_output, weights[1:], rest)
        grad = grad * mask
    return grad @ weights[0], [grad.T @ x, *later_weights], [grad.sum(0), *later_biases]


def parameters_of_mlp(sizes: tuple[int, ...]) -> int:
    """See the stub."""
    total = 0
    for k in range(1, len(sizes)):
        total += sizes[k - 1] * sizes[k] + sizes[k]
    return total
