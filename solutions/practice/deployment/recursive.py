"""Layers by recursion and a match; operations written out; requests checked by one function that raises."""

import hashlib
import json
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import torch
from torch import Tensor, nn


def _leaves(net: nn.Sequential, prefix: str = "") -> list[tuple[str, nn.Module]]:
    found: list[tuple[str, nn.Module]] = []
    for name, layer in net._modules.items():
        if isinstance(layer, nn.Sequential):
            found += _leaves(layer, f"{prefix}{name}.")
        elif layer is not None:
            found.append((prefix + name, layer))
    return found


def export(net: nn.Sequential) -> tuple[list[dict[str, Any]], dict[str, Tensor]]:
    """See the stub."""
    program: list[dict[str, Any]] = []
    constants: dict[str, Tensor] = {}
    state = net.state_dict()
    for name, layer in _leaves(net):
        options: dict[str, Any] = {}
        match layer:
            case nn.Dropout():
                continue
            case nn.Linear():
                op, own = "linear", {key: state[key] for key in (f"{name}.weight", f"{name}.bias") if key in state}
            case nn.Conv2d():
                op, own = "conv2d", {key: state[key] for key in (f"{name}.weight", f"{name}.bias") if key in state}
                options = {"groups": layer.groups}
                for key in ("stride", "padding", "dilation"):
                    options[key] = [int(number) for number in getattr(layer, key)]
            case nn.BatchNorm1d() | nn.BatchNorm2d():
                root = (state[f"{name}.running_var"] + layer.eps) ** -0.5
                scale = state[f"{name}.weight"] * root
                shift = state[f"{name}.bias"] - state[f"{name}.running_mean"] * scale
                op, own = "scale_shift", {f"{name}.scale": scale, f"{name}.shift": shift}
            case nn.ReLU():
                op, own = "relu", {}
            case nn.Flatten():
                op, own = "flatten", {}
            case _:
                raise ValueError(f"no operation for {layer}")
        constants |= {key: value.clone() for key, value in own.items()}
        first = program[-1]["output"] if program else "x"
        output = f"t{len(program) + 1}"
        program.append({"op": op, "inputs": [first, *own], "options": options, "output": output})
    return program, constants


def _execute(op: str, inputs: list[Tensor], options: dict[str, Any]) -> Tensor:
    if op == "linear":
        product = torch.einsum("...i,oi->...o", inputs[0], inputs[1])
        return product + inputs[2] if len(inputs) == 3 else product
    if op == "conv2d":
        return nn.functional.conv2d(*inputs, **options)
    if op == "scale_shift":
        turned = inputs[0].transpose(1, -1)
        return (turned * inputs[1] + inputs[2]).transpose(1, -1)
    if op == "relu":
        return inputs[0].clamp(min=0)
    if op == "flatten":
        return inputs[0].reshape(len(inputs[0]), -1)
    if op == "add":
        return inputs[0] + inputs[1]
    raise ValueError(op)


def run(program: list[dict[str, Any]], constants: dict[str, Tensor], x: Tensor) -> Tensor:
    """See the stub."""
    values = {"x": x, **constants}
    last = "x"
    for line in program:
        try:
            inputs = [values[name] for name in line["inputs"]]
        except KeyError as error:
            raise ValueError("missing") from error
        last = line["output"]
        values[last] = _execute(line["op"], inputs, line["options"])
    return values[last]


class Refused(Exception):
    """What the asker did wrong."""


def _read(body: str, width: int, most: int) -> list[list[float]]:
    try:
        rows = json.loads(body)["rows"]
    except (ValueError, TypeError, KeyError, IndexError):
        raise Refused(400, "not understood") from None
    if type(rows) is not list:
        raise Refused(400, "no list")
    if len(rows) > most:
        raise Refused(413, "too many")
    for row in rows:
        if type(row) is not list or len(row) != width:
            raise Refused(400, "width")
        for value in row:
            if type(value) not in (int, float) or not abs(value) <= torch.finfo(torch.float32).max:
                raise Refused(400, "number")
    return rows


def handle(body: str, model: Callable[[Tensor], Tensor], width: int, most: int) -> tuple[int, str]:
    """See the stub."""
    try:
        rows = _read(body, width, most)
    except Refused as error:
        status, why = error.args
        return status, json.dumps({"error": why})
    try:
        with torch.inference_mode():
            outputs = model(torch.tensor(rows, dtype=torch.float32)).tolist() if rows else []
        return 200, json.dumps({"outputs": outputs}, allow_nan=False)
    except Exception:
        return 500, '{"error": "internal error"}'


def replicas(rate: float, *, batch: int, duration: float, utilisation: float, least: int) -> int:
    """See the stub."""
    count = least
    while rate * duration > count * batch * utilisation:
        count += 1
    return count


def daily_costs(
    profile: list[float], *, price: float, batch: int, duration: float, utilisation: float, least: int
) -> tuple[float, float]:
    """See the stub."""
    sizing = {"batch": batch, "duration": duration, "utilisation": utilisation, "least": least}
    fixed = replicas(max(profile), **sizing) * len(profile) * price
    following = sum(replicas(max(profile[hour], profile[hour - 1]), **sizing) for hour in range(len(profile)))
    return fixed, following * price


def choose_target(task: dict[str, Any]) -> str | None:
    """See the stub."""
    here = task["round_trip"] is not None
    away = here and task["may_leave"]
    answer = (task["round_trip"] or 0.0) + task["compute"]
    hours = -int(-task["requests"] * task["compute"] // 3600)
    offers = [
        (0.0, "device", task["device_compute"] is not None, task["device_compute"]),
        (task["own_price"], "own server", here, answer),
        (task["hour_price"] * 24, "endpoint", away, answer),
        (task["call_price"] * task["requests"], "serverless", away, answer + task["cold_start"]),
        (task["hour_price"] * hours, "batch", away, 86400),
    ]
    good = [(cost, name) for cost, name, possible, seconds in offers if possible and seconds <= task["deadline"]]
    return min(good)[1] if good else None


def route(user: str, share: float, rollout: str) -> str:
    """See the stub."""
    place = Fraction(int(hashlib.sha256(f"{rollout}:{user}".encode()).hexdigest()[:16], 16), 2**64)
    return "new" if place < Fraction(share) else "old"


def decide(old: tuple[int, int], new: tuple[int, int], *, least: int, limit: float) -> str:
    """See the stub."""
    failed, total = old[0] + new[0], old[1] + new[1]
    if old[1] and new[1] and 0 < failed < total:
        more = new[0] * old[1] - old[0] * new[1]  # (b − a) · n_old · n_new
        spread = (failed * (total - failed) * old[1] * new[1] / total) ** 0.5
        if more / spread > limit:
            return "roll back"
    return "promote" if new[1] >= least else "wait"
