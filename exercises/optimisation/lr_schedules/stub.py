"""Learning-rate schedules: in steps, along a cosine, and with a warm-up before it.

Read the lesson first (`tutor lesson lr_schedules`); `tutor hint` helps when you are stuck.

Every function takes the number of the step about to be made, counted from 0, and returns the rate for it, a float.
Python's `math` is all you need.
"""


def step_decay(step: int, *, lr: float, every: int, factor: float) -> float:
    """The rate stays the same for `every` steps, then is multiplied by `factor`, and so on, for ever.

    Args:
        step: 0, 1, 2, …
        lr: the rate of the first `every` steps, which are 0 … every − 1.
        every: how many steps a stair is long, at least 1.
        factor: what the rate is multiplied by at each stair.

    Returns:
        The learning rate for this step.
    """
    raise NotImplementedError


def cosine(step: int, *, lr: float, total: int, lr_min: float = 0.0) -> float:
    """From `lr` at step 0 down to `lr_min` at step `total`, along half a period of a cosine.

    Args:
        step: 0, 1, 2, … From step `total` on, the rate is lr_min.
        lr: the rate at step 0.
        total: how many steps the way down takes, at least 1.
        lr_min: the rate at the end, at most lr.

    Returns:
        The learning rate for this step.
    """
    raise NotImplementedError


def warmup_cosine(step: int, *, lr: float, warmup: int, total: int, lr_min: float = 0.0) -> float:
    """A straight line up to `lr`, then the cosine down to `lr_min`.

    Steps 0 … warmup − 1 warm up: their rates grow by lr / (warmup + 1) each, from lr / (warmup + 1) at step 0, so that
    step `warmup` is the first with the full rate lr. From there the cosine takes total − warmup steps.

    Args:
        step: 0, 1, 2, … From step `total` on, the rate is lr_min.
        lr: the highest rate, that of step `warmup`.
        warmup: how many steps the warm-up takes; 0 means none, and step 0 has the rate lr.
        total: the number of the first step with the rate lr_min, at least 1. It may be equal to warmup, and then the
            cosine has no steps at all, and step `warmup` has the rate lr_min.
        lr_min: the rate at the end, at most lr. The warm-up doesn't depend on it.

    Returns:
        The learning rate for this step.
    """
    raise NotImplementedError
