"""Pooling or skipping: four ways to make a row shorter, how they bear a shift, and what becomes of fine patterns.

Read the lesson first (`tutor lesson subsampling`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor

# Rows are circular: after the last element comes the first one again. `factor` is f, and divides the length L.
# kind is one of
#   "stride":    element p·f
#   "max":       the largest of the elements p·f … p·f + f − 1
#   "average":   their mean
#   "triangle":  Σ_k weight[k] · element p·f + k, for k = −(f − 1) … f − 1, with weight[k] = (f − |k|) / f²


def subsample(x: Tensor, factor: int, kind: str) -> Tensor:
    """Keep one number for every f elements of each row.

    Args:
        x: shape (N, L), float32 or float64; must not be changed.
        factor: f, from 1.
        kind: see above.

    Returns:
        Shape (N, L // f), in the dtype of `x`: number p as defined above, p = 0 … L//f − 1.
    """
    raise NotImplementedError


def shift_error(x: Tensor, factor: int, kind: str, shift: int) -> float:
    """How much the result changes when the input is moved: ‖S(moved x) − S(x)‖ / ‖S(x)‖, S being `subsample`.

    Args:
        x: shape (N, L), float64.
        factor, kind: of `subsample`.
        shift: by how many elements each row is moved to the right, around the end: element l comes to l + shift.

    Returns:
        The ratio of two Euclidean norms, each over all elements of all rows.
    """
    raise NotImplementedError


def alias(frequency: int, length: int, factor: int) -> int:
    """As which frequency a wave appears if only every f-th of its elements is kept.

    Args:
        frequency: k of the wave cos(2π · k · l / L), l = 0 … L − 1: how many times it swings along the row;
            0 to L // 2.
        length: L.
        factor: f, divides L.

    Returns:
        The smallest k' from 0 such that cos(2π · k' · p / (L/f)) are the elements kept, p = 0 … L/f − 1.
    """
    raise NotImplementedError


def gain(frequency: int, length: int, factor: int, kind: str) -> float:
    """What is left of a wave's amplitude when the rows are averaged as `kind` does it, before any are dropped.

    Every kind but "max" puts Σ_k weight[k] · x[l + k] in the place of x[l]; a wave e^(2πi · frequency · l / length)
    becomes the same wave times a complex number. Its magnitude is asked for.

    Args:
        frequency, length, factor: as in `alias`.
        kind: "stride" (weight 1 for k = 0 alone), "average" or "triangle".

    Raises:
        ValueError: for "max", which is no weighted sum.
    """
    raise NotImplementedError
