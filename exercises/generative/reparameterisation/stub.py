"""Two ways to the gradient of an expectation, how much each of them scatters, and the divergence of two Gaussians.

Read the lesson first (`tutor lesson reparameterisation`); `tutor hint` helps when you are stuck. Throughout, `log_var`
is log σ², results have the dtype of the inputs, and inputs must not be changed.
"""

from torch import Tensor


def pathwise_gradients(slopes: Tensor, log_var: Tensor, noise: Tensor) -> tuple[Tensor, Tensor]:
    """Estimates of the gradient of E[f(z)], z ~ N(μ, σ²), through z = μ + σ · noise: one from every sample.

    Args:
        slopes: ∂f/∂z at the samples, shape (S, D).
        log_var: shape (D,), the same for all samples.
        noise: shape (S, D), standard normal: that with which the samples were made.

    Returns:
        What each sample says of the gradient for μ, and for log_var: shape (S, D) each, not averaged.
    """
    raise NotImplementedError


def score_gradients(values: Tensor, log_var: Tensor, noise: Tensor) -> tuple[Tensor, Tensor]:
    """The same by the score function, f(z) · ∂ log q(z) / ∂(parameter): without any slope of f.

    Args:
        values: f at the samples, shape (S,).
        log_var: shape (D,), the same for all samples.
        noise: shape (S, D): z = μ + σ · noise, so that the noise is (z − μ) / σ.

    Returns:
        What each sample says of the gradient for μ, and for log_var: shape (S, D) each, not averaged.
    """
    raise NotImplementedError


def leave_one_out(values: Tensor) -> Tensor:
    """Each value minus the mean of all the *other* values: a baseline that a sample doesn't depend on.

    Args:
        values: shape (S,), S ≥ 2.

    Returns:
        Shape (S,).
    """
    raise NotImplementedError


def variances_for_a_square(mean: float, log_var: float) -> tuple[float, float]:
    """How much both estimates of ∂E[z²]/∂μ scatter, for one dimension, f(z) = z², z ~ N(mean, σ²).

    Args:
        mean: μ.
        log_var: log σ².

    Returns:
        The exact variance of one sample's estimate: by the pathwise gradient, and by the score function without a
        baseline.
    """
    raise NotImplementedError


def gaussian_kl(mean_q: Tensor, log_var_q: Tensor, mean_p: Tensor, log_var_p: Tensor) -> Tensor:
    """The divergence KL(q ‖ p) of two normal distributions with independent dimensions, in closed form.

    Args:
        mean_q, log_var_q, mean_p, log_var_p: shape (N, D). Variances of e^800 may occur in both (then a quotient of
            two variances overflows, although the result is an ordinary number).

    Returns:
        Shape (N,): summed over the D dimensions, natural logarithms.
    """
    raise NotImplementedError


def gaussian_kl_backward(
    grad_output: Tensor, mean_q: Tensor, log_var_q: Tensor, mean_p: Tensor, log_var_p: Tensor
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """The gradients of a loss for everything that went into `gaussian_kl`.

    Args:
        grad_output: ∂L/∂(divergence), shape (N,).
        mean_q, log_var_q, mean_p, log_var_p: as in `gaussian_kl`.

    Returns:
        grad_mean_q, grad_log_var_q, grad_mean_p, grad_log_var_p, shape (N, D) each.
    """
    raise NotImplementedError
