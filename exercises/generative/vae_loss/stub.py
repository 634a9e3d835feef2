"""The loss of a variational autoencoder, and the gradients that reach the encoder.

Read the lesson first (`tutor lesson vae_loss`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor


def reparameterise(mean: Tensor, log_var: Tensor, noise: Tensor) -> Tensor:
    """A sample of N(mean, σ²), from a sample of N(0, 1).

    Args:
        mean, log_var: shape (N, D), what the encoder says of each input; log_var is log σ².
        noise: shape (N, D), standard normal.

    Returns:
        z, shape (N, D), in the dtype of `mean`. Inputs must not be changed: that holds for all functions here.
    """
    raise NotImplementedError


def kl_to_standard_normal(mean: Tensor, log_var: Tensor) -> Tensor:
    """The divergence KL(N(mean, σ²) ‖ N(0, 1)): summed over the D latent dimensions, averaged over the N samples.

    Args:
        mean, log_var: shape (N, D).

    Returns:
        A 0-dimensional tensor.
    """
    raise NotImplementedError


def negative_elbo(logits: Tensor, x: Tensor, mean: Tensor, log_var: Tensor, beta: float = 1.0) -> Tensor:
    """Reconstruction plus beta times divergence, the loss that is minimised.

    Args:
        logits: shape (N, P), what the decoder says of each pixel, of any magnitude up to 1000.
        x: shape (N, P), the pixels, between 0 and 1.
        mean, log_var: shape (N, D).
        beta: the weight of the divergence.

    Returns:
        A 0-dimensional tensor: binary cross-entropy summed over the P pixels and averaged over the N samples, plus
        beta times `kl_to_standard_normal`. Write the cross-entropy yourself (torch's is not allowed), finite
        for all logits.
    """
    raise NotImplementedError


def latent_backward(
    grad_z: Tensor, mean: Tensor, log_var: Tensor, noise: Tensor, beta: float = 1.0
) -> tuple[Tensor, Tensor]:
    """The gradients of the whole loss for what the encoder said, without autograd.

    Args:
        grad_z: shape (N, D), ∂(reconstruction)/∂z, as it comes back from the decoder; 1/N is in it already.
        mean, log_var, noise: shape (N, D), as in `reparameterise`.
        beta: the weight of the divergence, whose own gradient has to be added.

    Returns:
        grad_mean, grad_log_var: shape (N, D) each.
    """
    raise NotImplementedError
