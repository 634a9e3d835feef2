"""A network leaves home: as a program without classes, behind an endpoint, at a price, for one user in twenty at first.

Read the lesson first (`tutor lesson deployment`); `tutor hint` helps when you are stuck.
"""

from collections.abc import Callable
from typing import Any

from torch import Tensor, nn

# A program is a list of instructions, each a dict of strings, lists and whole numbers, as JSON has them:
#     {"op": "linear", "inputs": ["t2", "4.weight", "4.bias"], "options": {}, "output": "t3"}
# `inputs` and `output` are names of tensors. The program's own input is called "x"; all that the instructions need
# besides is a constant, or the output of an earlier instruction. The operations, v being the first input:
#     linear        v, weight, and a bias if there is one: v · weightᵀ + bias
#     conv2d        v, weight, and a bias if there is one: torch.nn.functional.conv2d, with the options stride, padding
#                   and dilation (each a list of two numbers: vertical, horizontal) and groups (a number)
#     scale_shift   v, scale, shift: v · scale + shift, where scale and shift, shape (C,), go along axis 1 of v
#     relu          v
#     flatten       v, of which all axes from axis 1 on become one
#     add           v and a second tensor of its shape
# Only conv2d has options; those of all others are {}.


def export(net: nn.Sequential) -> tuple[list[dict[str, Any]], dict[str, Tensor]]:
    """What a network does in evaluation mode, as a program and its constants.

    Linear, Conv2d, ReLU and Flatten each become the instruction of that name; BatchNorm1d and BatchNorm2d become
    scale_shift; Dropout becomes nothing at all. The outputs are called "t1", "t2", … in order, and each instruction
    takes the one before it ("x" in the first).

    Args:
        net: of the layers named above, in which further nn.Sequentials may be nested. Conv2d pads with zeros, padding
            is given in numbers, BatchNorm has weight and bias, Flatten has its defaults. One layer may stand in several
            places: each gives its own instruction, under its own name. net may be in training mode; it must not be
            changed.

    Returns:
        program: see above.
        constants: by name. A layer's weight and bias are called as in `net.state_dict()`; scale and shift of the
            BatchNorm whose name there is "2" are "2.scale" and "2.shift". No others. They don't require gradients, and
            share no memory with the network.

    Raises:
        ValueError: if there is a layer of any other kind.
    """
    raise NotImplementedError


def run(program: list[dict[str, Any]], constants: dict[str, Tensor], x: Tensor) -> Tensor:
    """Execute a program, one instruction after the other. There is no network any more.

    Args:
        program: see above; not necessarily made by `export`: a tensor may be used several times, and called anything.
        constants: by name.
        x: the tensor called "x". Nothing that is given may be changed.

    Returns:
        The output of the last instruction; x, if there is none.

    Raises:
        ValueError: if an instruction's op is none of the above, or one of its inputs isn't there (yet).
    """
    raise NotImplementedError


def handle(body: str, model: Callable[[Tensor], Tensor], width: int, most: int) -> tuple[int, str]:
    """The endpoint: answers the text of a request with a status and a text. Never raises, whatever the text says.

    The request is a JSON object with the key "rows": a list of rows, each a list of `width` numbers. Other keys are
    ignored. What is wrong is told by the first of these that applies:

        400  the text isn't JSON, or no object, or "rows" isn't there, or is no list
        413  there are more than `most` rows
        400  a row is no list of `width` numbers. Numbers are JSON's; true is none, and "1.5" is none either. They have
             to be finite in float32: Python's json reads NaN, Infinity and 1e39 without complaint
        500  the model raised an Exception, or something in its output isn't finite
        200  all is well

    Args:
        body: any text that isn't nested deeper than Python's json can read.
        model: takes a float32 tensor of shape (N, width), returns one of shape (N, K). It is called at most once, for
            all rows together, with gradients switched off, and only if there is a row, and none that is wrong.
        width, most: see above.

    Returns:
        status: see above.
        answer: JSON. For 200 {"outputs": [[…], …]}, a list of K numbers for each row (an empty list if there are no
            rows); for 400 and 413 {"error": "…"} with a text of yours; for 500 exactly {"error": "internal error"}:
            what went wrong inside is nobody's business outside.
    """
    raise NotImplementedError


def replicas(rate: float, *, batch: int, duration: float, utilisation: float, least: int) -> int:
    """How many machines it takes.

    Args:
        rate: requests a second, 0 or more.
        batch: requests that a machine answers together.
        duration: seconds that it takes for one batch.
        utilisation: the share of its time that a machine may be busy, above 0 and at most 1.
        least: machines that run in any case.

    Returns:
        The smallest number, `least` or more, with which none is busy for more than that share of its time.
    """
    raise NotImplementedError


def daily_costs(
    profile: list[float], *, price: float, batch: int, duration: float, utilisation: float, least: int
) -> tuple[float, float]:
    """What a day costs with a fixed number of machines, and with a number that follows the load.

    Args:
        profile: requests a second in each hour of the day, which repeats itself every day.
        price: of one machine for one hour.
        batch, duration, utilisation, least: as in `replicas`.

    Returns:
        fixed: with as many machines all day as the busiest hour needs.
        following: machines take minutes to start, so in each hour there are as many as it needs itself or as the next
            hour needs, whichever is more. The hour after the last is the first.
    """
    raise NotImplementedError


def choose_target(task: dict[str, Any]) -> str | None:
    """Where a model should run: the cheapest place that meets every demand.

    Args:
        task: the facts. Times in seconds.
            deadline: how long an answer may take at most, in every case.
            round_trip: of the network, there and back; None if there may be no connection.
            may_leave: whether the data may leave the premises and what belongs to the user.
            compute: what one answer takes on a machine, own or rented.
            device_compute: what one answer takes on the user's device; None if the model doesn't fit on it.
            cold_start: what it takes to start a machine and load the model.
            requests: answers a day.
            hour_price: of a rented machine, for an hour.
            call_price: of one answer from a serverless function.
            own_price: of a machine of one's own, for a day, power and people included.

    Returns:
        One of these, or None if nothing will do. No two that will do cost the same.
            "device": the user's own. Costs nothing.
            "batch": the questions of a day are sent to a rented machine and answered at night, one after the other. It
                is paid for so many whole hours as that takes. An answer takes up to 86400 seconds in all.
            "serverless": a rented machine that runs only when it's called; costs by the call. After a pause it has to
                be started first.
            "endpoint": one rented machine, day and night, warm. One suffices for all requests of these tasks.
            "own server": one machine on the premises, warm. Users reach it through the same network.
    """
    raise NotImplementedError


def route(user: str, share: float, rollout: str) -> str:
    """Which version of the model a user gets: "new" or "old".

    Take the SHA-256 digest of the UTF-8 text rollout + ":" + user, and of it the first eight bytes as a whole number,
    big-endian. It's "new" if this number is below share · 2⁶⁴.

    Args:
        user: any text.
        share: 0 (nobody) to 1 (everybody).
        rollout: the name of this change, so that not the same users are always the first.
    """
    raise NotImplementedError


def decide(old: tuple[int, int], new: tuple[int, int], *, least: int, limit: float) -> str:
    """What to do with the new version, after some requests went to each.

    With the failure rates a = of old, b = of new, and p = of both together:

        z = (b − a) / √( p · (1 − p) · (1/n_old + 1/n_new) ),     0 where this would be a division by zero

    Args:
        old, new: pairs (requests that failed, requests in all). There may be no requests yet.
        least: requests to the new version before it may replace the old one.
        limit: the z above which the new version is worse beyond doubt.

    Returns:
        "roll back" if z > limit, however few requests there were; otherwise "wait" if the new version has had fewer
        than `least`; otherwise "promote".
    """
    raise NotImplementedError
