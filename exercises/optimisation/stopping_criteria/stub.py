"""Which number to watch, when it says stop, and what stopping there costs.

Read the lesson first (`tutor lesson stopping_criteria`); `tutor hint` helps when you are stuck. Plain Python is enough.
Curves are lists of finite floats, one for each epoch, from 0; no argument may be changed.
"""

from typing import Any

Rule = dict[str, Any]
"""When to stop, judged after every epoch t by what is known up to then:

    {"kind": "GL", "alpha": float}                  at the first t with GL(t) > alpha
    {"kind": "PQ", "alpha": float, "strip": int}    at the first t with GL(t) / P(t) > alpha, strips of so many epochs.
                                                    Where P(t) is 0, it stops if GL(t) > 0
    {"kind": "UP", "strips": int, "strip": int}     at the end of the `strips`-th strip in a row that ended higher than
                                                    the one before it. Strip j ends with epoch (j + 1) · strip − 1
    {"kind": "patience", "patience": int, "mode": "min" or "max", "smoothing": float}
                                                    at the `patience`-th epoch in a row whose smoothed value isn't
                                                    better than all before it: lower, or higher for "max"

GL and P are those of `generalisation_loss` (of the validation curve) and `progress` (of the training curve). The
smoothed value is the validation curve's first value at epoch 0, and then smoothing · (the one before) + (1 −
smoothing) · val[t].
"""

Run = tuple[list[float], list[float], list[float]]
"""Training, validation and test loss after each epoch of a run that was never stopped; all positive, of one length."""


def generalisation_loss(val: list[float]) -> list[float]:
    """GL: by how many per cent the validation loss lies above the lowest so far.

    Args:
        val: positive.

    Returns:
        100 · (val[t] / lowest of val[0] … val[t] − 1) for every epoch t.
    """
    raise NotImplementedError


def progress(train: list[float], strip: int) -> list[float]:
    """P: how much the training loss still moves, in parts per thousand.

    Args:
        train: positive.
        strip: how many epochs are looked at, at least 2.

    Returns:
        For every epoch t, over the `strip` epochs that end with t: 1000 · (their mean / their minimum − 1). Infinity
        where there are not so many yet.
    """
    raise NotImplementedError


def stop_at(train: list[float], val: list[float], rule: Rule) -> int | None:
    """After which epoch a rule ends a run.

    Args:
        train: the training loss; only "PQ" looks at it.
        val: the validation curve: a positive loss, or for "patience" any metric, of any sign. As long as `train`.
        rule: see `Rule`. alpha ≥ 0, strip ≥ 2, strips ≥ 1, patience ≥ 1, 0 ≤ smoothing < 1.

    Returns:
        The number of the epoch; None if the rule lets the run come to its end.
    """
    raise NotImplementedError


def judge(runs: list[Run], rule: Rule) -> tuple[float, float]:
    """What a rule costs, and what it saves.

    A run that is stopped after epoch t keeps the weights of the epoch, up to t, with the lowest validation loss, the
    first of them if there are several; a run that isn't stopped, those of the lowest in the whole run.

    Args:
        runs: at least one.
        rule: see `Rule`; "patience" with mode "min".

    Returns:
        loss: the mean over the runs of: test loss of the weights kept / test loss of those that the run keeps if it
            isn't stopped.
        time: the mean over the runs of: epochs trained / epochs of the run.
    """
    raise NotImplementedError


def choose_rule(judged: list[tuple[float, float]], allowed: float) -> int:
    """The cheapest rule that is good enough.

    Args:
        judged: for each rule (loss, time), as from `judge`; at least one.
        allowed: the share of test loss that may be lost: a rule is good enough if its loss is at most 1 + allowed.

    Returns:
        The number of the rule with the least time among those that are good enough; of equal times that with the lower
        loss, of equals in both the first. If no rule is good enough, the number of the one with the lowest loss, of
        equals with the least time, of equals in both the first.
    """
    raise NotImplementedError


def metric_to_watch(task: dict[str, Any]) -> tuple[str, str]:
    """Which validation metric decides about stopping, and in which direction it is better.

    Args:
        task: "use": what is done with the network's output:
                "number"       it is a measurement, compared with the true one
                "probability"  probabilities of classes; something is computed with them, a price or a risk
                "ranking"      of two classes the score of one; a person works through the list from the top
                "decision"     the most likely class is what counts
            "shares": the share of each class in the data, a list that sums to 1; for "number" an empty list.
            "validation": how many samples the validation set has.

    Returns:
        (metric, "min" or "max") with a metric of "mse", "cross_entropy", "auc", "accuracy", "f1", by these rules, of
        which the first that applies counts:
        1. "number": the mean squared error.
        2. "probability": the cross-entropy.
        3. Of the rarest class fewer than 30 samples are to be expected in the validation set (share times size): what
           counts right and wrong answers is then too coarse, so the cross-entropy.
        4. "ranking": the area under the ROC curve.
        5. The rarest class has a share below 0.1: the F1 score. Else the accuracy.
    """
    raise NotImplementedError
