"""Three relatives of Adam; what each method does with a gradient that stays the same; and a race to choose by.

Read the lesson first (`tutor lesson adaptive_methods`); `tutor hint` helps when you are stuck.

In the three steps all tensors have the shape of the parameter, any shape, and its dtype; averages are zeros before the
first step; `step` is 1 for the first step. No argument may be changed.
"""

from torch import Tensor


def amsgrad_step(
    param: Tensor,
    grad: Tensor,
    exp_avg: Tensor,
    exp_avg_sq: Tensor,
    max_exp_avg_sq: Tensor,
    step: int,
    *,
    lr: float = 1e-3,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """One step of Adam with a denominator that never shrinks, as `torch.optim.Adam` with amsgrad=True.

    Args:
        param, grad: the parameter before the step, and its gradient.
        exp_avg, exp_avg_sq: Adam's running averages of gradients and of squared gradients.
        max_exp_avg_sq: the largest exp_avg_sq so far, element by element; of the averages themselves, without bias
            correction.
        eps: added to the root of the bias-corrected maximum, outside it.

    Returns:
        param: param − lr · m̂ / (√(maximum / (1 − β₂^step)) + eps), with the new averages and the new maximum.
        exp_avg, exp_avg_sq, max_exp_avg_sq: new.
    """
    raise NotImplementedError


def adamax_step(
    param: Tensor,
    grad: Tensor,
    exp_avg: Tensor,
    exp_inf: Tensor,
    step: int,
    *,
    lr: float = 2e-3,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
) -> tuple[Tensor, Tensor, Tensor]:
    """One step of AdaMax, Adam with a fading maximum in place of the root mean square, as `torch.optim.Adamax`.

    Args:
        param, grad, exp_avg: as above.
        exp_inf: the fading maximum so far. The new one is the larger of β₂ · exp_inf and |grad| + eps.

    Returns:
        param: param − lr · m̂ / exp_inf, with the new ones. exp_inf needs no bias correction.
        exp_avg, exp_inf: new.
    """
    raise NotImplementedError


def nadam_step(
    param: Tensor,
    grad: Tensor,
    exp_avg: Tensor,
    exp_avg_sq: Tensor,
    mu_product: float,
    step: int,
    *,
    lr: float = 2e-3,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
    momentum_decay: float = 4e-3,
) -> tuple[Tensor, Tensor, Tensor, float]:
    """One step of NAdam, Adam with Nesterov's look ahead, as `torch.optim.NAdam`.

    The momentum warms up: μ(t) = β₁ · (1 − ½ · 0.96^(t · momentum_decay)). With the new averages m and v,
        param − lr · [ (1 − μ(t)) / (1 − Π(t)) · grad + μ(t+1) / (1 − Π(t) · μ(t+1)) · m ] / (√v̂ + eps),
    where Π(t) = μ(1) · … · μ(t) and v̂ = v / (1 − β₂^t). The average m itself is Adam's, with β₁.

    Args:
        mu_product: Π(step − 1); 1.0 before the first step.

    Returns:
        The new param, exp_avg, exp_avg_sq, and Π(step).
    """
    raise NotImplementedError


def constant_step(method: str, grad: float, step: int, lr: float) -> float:
    """By how much a single number changes at this step if all gradients up to now, this one included, were the same.

    Args:
        method: "sgd"; "momentum": velocity ← 0.9 · velocity + gradient; "adagrad"; "rmsprop": with share 0.99, not
            centred; or "adam". Every eps is 0, and all averages and velocities were 0 before the first step.
        grad: not 0.
        step: 1 for the first.
        lr: the learning rate.

    Returns:
        The number after this step minus the number before it.

    Raises:
        ValueError: for other methods.
    """
    raise NotImplementedError


def race(runs: list[tuple[str, float]], curvatures: Tensor, start: Tensor, steps: int) -> tuple[Tensor, int]:
    """Minimise L(w) = ½ Σ aᵢ wᵢ² with several methods, and see who comes furthest.

    Args:
        runs: (method, lr): the methods of `constant_step`. eps is 1e-10 for "adagrad" and 1e-8 for "rmsprop" and
            "adam", added to the root; betas (0.9, 0.999).
        curvatures: the aᵢ > 0, shape (D,), float64.
        start: where each run starts, shape (D,), float64; no element is 0.
        steps: how many steps each run makes, at least 1.

    Returns:
        losses: the loss after the last step, shape (runs,), float64.
        best: the number of the run with the lowest loss.
    """
    raise NotImplementedError
