"""Two activations and three losses of torch.nn, with all of their options, as modules of your own.

Read the lesson first (`tutor lesson activations_and_losses_in_pytorch`); `tutor hint` helps when you are stuck. The
gradients are autograd's, but they have to be right where logits are large, too: ±1000 is a legal input everywhere.

`reduction` is "none" (one loss for each sample or element), "sum" (of those), or "mean", as each class defines it.
Tensors that are given to a constructor are buffers of that name; without them there is nothing in the module's state.
"""

from torch import Tensor, nn


class GELU(nn.Module):
    """x · Φ(x), with the standard normal distribution function Φ(x) = ½ (1 + erf(x / √2))."""

    def __init__(self, approximate: str = "none") -> None:
        """`approximate`: "none", or "tanh" for ½ x (1 + tanh(√(2/π) (x + 0.044715 x³)))."""
        raise NotImplementedError

    def forward(self, x: Tensor) -> Tensor:
        """Elementwise, any shape."""
        raise NotImplementedError


class Softplus(nn.Module):
    """log(1 + exp(beta · x)) / beta; and x itself where beta · x > threshold."""

    def __init__(self, beta: float = 1.0, threshold: float = 20.0) -> None:
        raise NotImplementedError

    def forward(self, x: Tensor) -> Tensor:
        """Elementwise, any shape."""
        raise NotImplementedError


class CrossEntropy(nn.Module):
    """With log p = log-softmax of the logits, the target y, the weights w (1 without), ε = label_smoothing, C classes:

        loss = (1 − ε) · w[y] · (−log p[y])  +  ε / C · Σ_c w[c] · (−log p[c])

    A sample whose target is ignore_index has loss 0. "mean" is the sum of the losses divided by the sum of w[y], over
    the samples that aren't ignored.
    """

    def __init__(
        self,
        weight: Tensor | None = None,
        *,
        ignore_index: int = -100,
        reduction: str = "mean",
        label_smoothing: float = 0.0,
    ) -> None:
        """`weight`: shape (C,), positive."""
        raise NotImplementedError

    def forward(self, logits: Tensor, targets: Tensor) -> Tensor:
        """The loss.

        Args:
            logits: shape (N, C), or (N, C, …) with any axes behind; finite.
            targets: classes in [0, C), or ignore_index, which may be any integer; shape (N,), or (N, …). At least one
                isn't ignored.

        Returns:
            With "none" the shape of `targets`, else 0-dimensional.
        """
        raise NotImplementedError


class BCEWithLogits(nn.Module):
    """With σ the sigmoid, x the logits, y the targets, v = weight and p = pos_weight (both 1 without):

        loss = −v · (p · y · log σ(x) + (1 − y) · log(1 − σ(x)))

    "mean" is the sum divided by the number of elements.
    """

    def __init__(
        self, weight: Tensor | None = None, *, pos_weight: Tensor | None = None, reduction: str = "mean"
    ) -> None:
        """`weight` and `pos_weight` broadcast with the logits."""
        raise NotImplementedError

    def forward(self, logits: Tensor, targets: Tensor) -> Tensor:
        """The loss, of logits and targets (in [0, 1]) of one shape; that shape with "none", else 0-dimensional."""
        raise NotImplementedError


class KLDivergence(nn.Module):
    """p · (log p − log q), elementwise; 0 where p = 0.

    "mean" divides the sum by the number of elements, "batchmean" by the number of rows: that is the divergence
    KL(p ‖ q) of a row, on average.
    """

    def __init__(self, reduction: str = "batchmean", *, log_target: bool = False) -> None:
        """`log_target`: the second argument of forward is log p instead of p."""
        raise NotImplementedError

    def forward(self, log_q: Tensor, p: Tensor) -> Tensor:
        """The loss.

        Args:
            log_q: what the network says, as logarithms, shape (N, …).
            p: what it should be: probabilities, or their logarithms; the same shape.
        """
        raise NotImplementedError
