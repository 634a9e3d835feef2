"""A linear autoencoder: its two halves, its gradients, its losses, and its optimum.

Read the lesson first (`tutor lesson autoencoder`); `tutor hint` helps when you are stuck. No function may change
its inputs.
"""

from torch import Tensor


def autoencoder_forward(x: Tensor, w_enc: Tensor, b_enc: Tensor, w_dec: Tensor, b_dec: Tensor) -> Tensor:
    """Encode and decode: z = x · w_encᵀ + b_enc, then x̂ = z · w_decᵀ + b_dec. No activation function.

    Args:
        x: the inputs, shape (N, D).
        w_enc, b_enc: the encoder, shapes (K, D) and (K,), as in torch.nn.Linear.
        w_dec, b_dec: the decoder, shapes (D, K) and (D,).

    Returns:
        The reconstruction x̂, shape (N, D), in the dtype of `x`.
    """
    raise NotImplementedError


def autoencoder_backward(
    grad_output: Tensor, x: Tensor, w_enc: Tensor, b_enc: Tensor, w_dec: Tensor, b_dec: Tensor
) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
    """The gradients of a loss for everything that went into `autoencoder_forward`.

    Args:
        grad_output: ∂L/∂x̂, shape (N, D).
        x, w_enc, b_enc, w_dec, b_dec: as in `autoencoder_forward`.

    Returns:
        grad_x (N, D), grad_w_enc (K, D), grad_b_enc (K,), grad_w_dec (D, K), grad_b_dec (D,), where grad_x is what
        comes back through the network (that a loss may use x as its target as well is not meant).
    """
    raise NotImplementedError


def reconstruction_loss(output: Tensor, target: Tensor, kind: str) -> Tensor:
    """How far the decoder's output is from what went in: summed over the features, averaged over the samples.

    Args:
        output: what the decoder says, shape (N, D).
        target: what it should have said, shape (N, D).
        kind: "mse", the squared error (output − target)² (no factor ½); or "bce", the binary cross-entropy, where
            `output` are logits of any magnitude up to 1000 and `target` lies between 0 and 1.

    Returns:
        A 0-dimensional tensor: the sum over the D features, averaged over the N samples.
    """
    raise NotImplementedError


def reconstruction_loss_backward(grad_output: Tensor, output: Tensor, target: Tensor, kind: str) -> Tensor:
    """The gradient of `reconstruction_loss` for `output`.

    Args:
        grad_output: 0-dimensional, the gradient of something for the loss; the result is multiplied by it.
        output, target, kind: as in `reconstruction_loss`.

    Returns:
        Shape (N, D).
    """
    raise NotImplementedError


def pca_autoencoder(x: Tensor, k: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Parameters with which no linear autoencoder of k codes has a smaller squared error on x: those of PCA.

    Args:
        x: the data, shape (N, D), N > D; its mean is not zero. No two directions have the same variance.
        k: how many codes, 1 ≤ k ≤ D.

    Returns:
        w_enc (k, D), b_enc (k,), w_dec (D, k), b_dec (D,): the rows of w_enc are the k directions of largest variance
        around the mean, of length 1, largest first (the sign of each is free); w_dec is w_enc transposed; the codes
        of x have mean zero, and a code of zeros is decoded to the mean of x. torch.linalg may be used.
    """
    raise NotImplementedError
