"""The smallest GAN there is: one number against one number, and which settings let it come to rest.

Read the lesson first (`tutor lesson dirac_gan`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor

# All real samples are 0. The generator has one parameter θ, and all its samples are θ. The discriminator has one
# parameter ψ, and gives a sample x the score ψ·x, without a sigmoid. So real samples have the score 0, and made ones
# s = ψ·θ.
#
#     kind                 the discriminator minimises             the generator minimises
#     "minimax"            log(1 + e^s) + log 2 + penalty/2 · ψ²   −log(1 + e^s)
#     "non_saturating"     the same                                log(1 + e^(−s))
#     "wasserstein"        s + penalty/2 · ψ²                      −s
#
# One round: first the discriminator takes `turns` steps, then the generator takes one. With `alternating`, the
# generator's gradient is that at the new ψ; without, that at the ψ from the beginning of the round. Each player has a
# velocity v, 0 at the start, and a step is v ← momentum · v + gradient, parameter ← parameter − lr · v, with lr_g for
# the generator and lr_d for the discriminator.


def gradients(theta: float, psi: float, kind: str = "non_saturating", penalty: float = 0.0) -> tuple[float, float]:
    """The slope of the generator's loss for θ, and that of the discriminator's loss for ψ.

    Args:
        theta, psi: the parameters; |θ·ψ| up to 2000.
        kind: of the losses.
        penalty: the factor γ of the penalty.

    Returns:
        ∂L_G/∂θ and ∂L_D/∂ψ, two floats.

    Raises:
        ValueError: if `kind` is none of the three.
    """
    raise NotImplementedError


def play(
    theta: float,
    psi: float,
    *,
    rounds: int,
    kind: str = "non_saturating",
    lr_g: float = 0.1,
    lr_d: float = 0.1,
    momentum: float = 0.0,
    turns: int = 1,
    alternating: bool = True,
    penalty: float = 0.0,
) -> Tensor:
    """The path of both parameters through a game.

    Args:
        theta, psi: where they start.
        rounds: how many rounds; 0 or more.
        kind, lr_g, lr_d, momentum, turns, alternating, penalty: see above; turns is 1 or more.

    Returns:
        Shape (rounds + 1, 2), float64: row t holds θ and ψ after t rounds, row 0 the start.
    """
    raise NotImplementedError


def jacobian(
    *,
    kind: str = "non_saturating",
    lr_g: float = 0.1,
    lr_d: float = 0.1,
    momentum: float = 0.0,
    turns: int = 1,
    alternating: bool = True,
    penalty: float = 0.0,
) -> Tensor:
    """What one round does near the equilibrium θ = ψ = 0: the derivative of the round there.

    Args:
        kind, lr_g, lr_d, momentum, turns, alternating, penalty: see above.

    Returns:
        Shape (4, 4), float64: the state after the round, differentiated by the state before it. The state is
        (θ, ψ, velocity of θ, velocity of ψ), in this order, in rows and columns.
    """
    raise NotImplementedError


def growth(
    *,
    kind: str = "non_saturating",
    lr_g: float = 0.1,
    lr_d: float = 0.1,
    momentum: float = 0.0,
    turns: int = 1,
    alternating: bool = True,
    penalty: float = 0.0,
) -> float:
    """By what factor a round multiplies the distance from the equilibrium, near it and in the long run.

    Below 1 the game converges, above 1 it is driven away.

    Args:
        kind, lr_g, lr_d, momentum, turns, alternating, penalty: see above.

    Returns:
        The largest magnitude among the eigenvalues of the Jacobian.
    """
    raise NotImplementedError


def largest_rate(penalty: float, kind: str = "non_saturating") -> float:
    """Below which learning rate, the same for both players, the game converges near the equilibrium.

    For one turn each, not alternating, and no momentum.

    Args:
        penalty: γ > 0.
        kind: of the losses.

    Returns:
        The largest h such that every rate between 0 and h (both excluded) converges.
    """
    raise NotImplementedError
