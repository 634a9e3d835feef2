"""Capstone: a variational autoencoder learns a map of pictures that it was never told how to order.

Read the lesson first (`tutor lesson vae_latent`); `tutor hint` helps when you are stuck. You may add any helpers; your
linear layer, vae_loss and adam_step belong into this file. Everything is float64, and no function changes its inputs.
"""

from torch import Tensor

Params = dict[str, Tensor]  # w_in, b_in, w_mean, b_mean, w_log_var, b_log_var, w_up, b_up, w_out, b_out


def init_params(pixels: int, hidden: int, latent: int, *, seed: int) -> Params:
    """Random parameters. Weights are (out, in), normally distributed, standard deviation √(1 / in); biases are zeros.

    Args:
        pixels: P, how many numbers an image has.
        hidden: H, units in the one hidden layer of the encoder, and in the one of the decoder.
        latent: D, dimensions of the code.
        seed: the same seed gives the same parameters, another one others.

    Returns:
        w_in (H, P), b_in (H,); w_mean and w_log_var (D, H), b_mean and b_log_var (D,); w_up (H, D), b_up (H,);
        w_out (P, H), b_out (P,).
    """
    raise NotImplementedError


def encode(params: Params, x: Tensor) -> tuple[Tensor, Tensor]:
    """The cloud of each image: hidden = ReLU(x · w_inᵀ + b_in), then a linear layer for each of the two results.

    Args:
        params: as from `init_params`.
        x: images between 0 and 1, shape (N, P).

    Returns:
        mean and log_var (log σ²), shape (N, D) each.
    """
    raise NotImplementedError


def decode(params: Params, z: Tensor) -> Tensor:
    """The logits of the pixels: ReLU(z · w_upᵀ + b_up) · w_outᵀ + b_out.

    Args:
        params: as from `init_params`.
        z: codes, shape (N, D).

    Returns:
        Shape (N, P); their sigmoid is the image.
    """
    raise NotImplementedError


def loss_and_gradients(params: Params, x: Tensor, noise: Tensor) -> tuple[Tensor, Params]:
    """The negative ELBO for one given draw of noise, and its gradients by backpropagation.

    Args:
        params: as from `init_params`.
        x: images between 0 and 1, shape (N, P).
        noise: standard normal, shape (N, D): the decoder gets z = mean + σ · noise.

    Returns:
        The loss, 0-dimensional: binary cross-entropy summed over the pixels, plus KL(N(mean, σ²) ‖ N(0, 1)) summed over
        the D dimensions, both averaged over the N samples; and a dict of gradients with the keys and shapes of
        `params`. Logits may be as large as 1000.
    """
    raise NotImplementedError


def train(x: Tensor, *, seed: int) -> tuple[Params, list[float]]:
    """Train with a code of two dimensions. Everything else (H, optimizer, batches, steps) is yours to choose.

    Args:
        x: images, shape (N, 144): 12 rows of 12 pixels, one after the other.
        seed: all that is random must come from it: the same seed gives the same parameters.

    Returns:
        The trained parameters, and the losses on the way, floats. It may take 60 seconds; a good one takes three.
    """
    raise NotImplementedError
