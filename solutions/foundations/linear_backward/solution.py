"""All leading axes become one; then there are three matrix products, one of them with a vector of ones."""

from torch import Tensor


def linear_backward(grad_output: Tensor, x: Tensor, weight: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """See the stub."""
    out_features, in_features = weight.shape
    grad_rows = grad_output.reshape(-1, out_features)
    rows = x.reshape(-1, in_features)
    grad_x = grad_output @ weight
    grad_weight = grad_rows.T @ rows
    grad_bias = grad_rows.sum(dim=0)
    return grad_x, grad_weight, grad_bias
