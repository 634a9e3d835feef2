"""A whole convolutional network by hand: forward, backward, and the loop that trains it.

Read the lesson first (`tutor lesson cnn_backward`); `tutor hint` helps when you are stuck. Autograd, torch's
convolutions, its max pooling and its optimizers are off limits; unfold, fold, einsum and slices are not. You may add
any helpers.
"""

from typing import Any

from torch import Tensor

Params = dict[str, Tensor]
"""The network's parameters, by these names, all of one dtype:

    conv1.weight (C₁, C, K₁, L₁)      conv1.bias (C₁,)
    conv2.weight (C₂, C₁, K₂, L₂)     conv2.bias (C₂,)
    fc.weight (classes, features)     fc.bias (classes,)

All kernel sizes are odd.
"""


def cnn_forward(params: Params, x: Tensor) -> tuple[Tensor, Any]:
    """Convolution, ReLU, pool; convolution, ReLU, pool; linear.

    Both convolutions are cross-correlations of stride 1, padded with zeros, K // 2 rows above and below and L // 2
    columns left and right, so that height and width stay as they are. Both pools take the maximum of windows of 2 ×
    2, side by side; a last odd row or column is left out. What comes out, (N, C₂, P, Q), is flattened in the order of
    its axes.

    Args:
        params: see `Params`; features = C₂ · P · Q.
        x: images, shape (N, C, H, W), with H and W at least 4.

    Returns:
        logits: shape (N, classes), in the dtype of `x`.
        cache: whatever your `cnn_backward` needs of this pass; nobody else looks at it.
        Nothing that was passed in may be changed.
    """
    raise NotImplementedError


def cnn_backward(grad_output: Tensor, params: Params, cache: Any) -> tuple[Tensor, Params]:
    """The gradients for the images and for every parameter, without autograd.

    Args:
        grad_output: ∂L/∂logits, shape (N, classes).
        params: as in the forward pass.
        cache: what `cnn_forward` returned.

    Returns:
        grad_x: shape of `x`.
        grads: the names, shapes and dtype of `params`.
        The slope of ReLU at exactly 0 is 0. Of several equal maxima in a window the first gets everything, row by row
        from the top and from left to right within a row. Nothing that was passed in may be changed.
    """
    raise NotImplementedError


def loss_and_gradients(params: Params, x: Tensor, y: Tensor) -> tuple[Tensor, Params]:
    """The cross-entropy of the network's softmax, and its gradients by your backward pass.

    Args:
        params: see `Params`.
        x: images, shape (N, C, H, W).
        y: their classes, shape (N,), int64.

    Returns:
        loss: 0-dimensional: the mean over the samples of −log softmax(logits)[y], correct for logits up to ±10⁴.
        grads: as from `cnn_backward`.
    """
    raise NotImplementedError


def train(x: Tensor, y: Tensor, *, seed: int) -> tuple[Params, list[float]]:
    """Train the network on small images of digits. Start, rate, batches and number of steps are yours to choose.

    Args:
        x: shape (N, 1, 12, 12), float32, mean near 0.2; in the test there are 700.
        y: the digit on each, 0 to 9, shape (N,), int64.
        seed: all that is random must come from it: the same seed gives the same parameters.

    Returns:
        The trained parameters, float32, with 6 maps in the first and 12 in the second layer and kernels of 3 × 3:
        shapes (6, 1, 3, 3), (6,), (12, 6, 3, 3), (12,), (10, 108), (10,). And the loss after every step, or every
        few: at least 10 floats. At least 85 % of new digits have to be right. It may take 60 seconds; a good one
        takes two.
    """
    raise NotImplementedError
