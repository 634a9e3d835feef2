"""One walk through the layers for the program, one dictionary of values for running it."""

import hashlib
import json
import math
from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn


def _instruction(name: str, layer: nn.Module, constants: dict[str, Tensor]) -> dict[str, Any] | None:
    """All but the first input and the output; the layer's tensors go into `constants`."""
    if isinstance(layer, nn.Linear | nn.Conv2d):
        names = [f"{name}.weight"] + ([f"{name}.bias"] if layer.bias is not None else [])
        for one, value in zip(names, (layer.weight, layer.bias), strict=False):
            constants[one] = value.detach().clone()
        if isinstance(layer, nn.Linear):
            return {"op": "linear", "inputs": names, "options": {}}
        options = {key: list(getattr(layer, key)) for key in ("stride", "padding", "dilation")}
        return {"op": "conv2d", "inputs": names, "options": options | {"groups": layer.groups}}
    if isinstance(layer, nn.BatchNorm1d | nn.BatchNorm2d):
        scale = layer.weight / torch.sqrt(layer.running_var + layer.eps)
        shift = layer.bias - layer.running_mean * scale
        constants |= {f"{name}.scale": scale.detach(), f"{name}.shift": shift.detach()}
        return {"op": "scale_shift", "inputs": [f"{name}.scale", f"{name}.shift"], "options": {}}
    if isinstance(layer, nn.ReLU | nn.Flatten):
        return {"op": "relu" if isinstance(layer, nn.ReLU) else "flatten", "inputs": [], "options": {}}
    if isinstance(layer, nn.Dropout):
        return None
    raise ValueError(f"{name} is {type(layer).__name__}, for which there is no operation")


def export(net: nn.Sequential) -> tuple[list[dict[str, Any]], dict[str, Tensor]]:
    """See the stub."""
    program: list[dict[str, Any]] = []
    constants: dict[str, Tensor] = {}
    current = "x"
    for name, layer in net.named_modules(remove_duplicate=False):
        if isinstance(layer, nn.Sequential):
            continue
        instruction = _instruction(name, layer, constants)
        if instruction is not None:
            instruction["inputs"] = [current, *instruction["inputs"]]
            current = f"t{len(program) + 1}"
            program.append(instruction | {"output": current})
    return program, constants


def _scale_shift(v: Tensor, scale: Tensor, shift: Tensor) -> Tensor:
    shape = (-1,) + (1,) * (v.dim() - 2)
    return v * scale.reshape(shape) + shift.reshape(shape)


OPERATIONS: dict[str, Callable[..., Tensor]] = {
    "linear": F.linear,
    "conv2d": F.conv2d,
    "scale_shift": _scale_shift,
    "relu": torch.relu,
    "flatten": lambda v: v.flatten(1),
    "add": torch.add,
}


def run(program: list[dict[str, Any]], constants: dict[str, Tensor], x: Tensor) -> Tensor:
    """See the stub."""
    values = constants | {"x": x}
    result = x
    for line in program:
        if line["op"] not in OPERATIONS:
            raise ValueError(f"there is no operation {line['op']!r}")
        for name in line["inputs"]:
            if name not in values:
                raise ValueError(f"{name!r} isn't there")
        result = OPERATIONS[line["op"]](*(values[name] for name in line["inputs"]), **line["options"])
        values[line["output"]] = result
    return result


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _refused(status: int, why: str) -> tuple[int, str]:
    return status, json.dumps({"error": why})


def handle(body: str, model: Callable[[Tensor], Tensor], width: int, most: int) -> tuple[int, str]:
    """See the stub."""
    try:
        request = json.loads(body)
    except ValueError:
        return _refused(400, "this is not JSON")
    if not isinstance(request, dict) or not isinstance(request.get("rows"), list):
        return _refused(400, 'an object with a list "rows" is expected')
    rows = request["rows"]
    if len(rows) > most:
        return _refused(413, f"at most {most} rows")
    for row in rows:
        if not isinstance(row, list) or len(row) != width or not all(map(_is_number, row)):
            return _refused(400, f"each row has to be {width} numbers")
    if not rows:
        return 200, json.dumps({"outputs": []})
    try:
        x = torch.tensor(rows, dtype=torch.float64).float()
    except (OverflowError, RuntimeError, ValueError):
        return _refused(400, "a number is too large")
    if not x.isfinite().all():
        return _refused(400, "a number isn't finite")
    try:
        with torch.no_grad():
            outputs = model(x)
    except Exception:
        return _refused(500, "internal error")
    if not outputs.isfinite().all():
        return _refused(500, "internal error")
    return 200, json.dumps({"outputs": outputs.tolist()})


def replicas(rate: float, *, batch: int, duration: float, utilisation: float, least: int) -> int:
    """See the stub."""
    busy = rate * duration / batch
    return max(least, math.ceil(busy / utilisation))


def daily_costs(
    profile: list[float], *, price: float, batch: int, duration: float, utilisation: float, least: int
) -> tuple[float, float]:
    """See the stub."""
    needed = [replicas(rate, batch=batch, duration=duration, utilisation=utilisation, least=least) for rate in profile]
    following = [max(now, then) for now, then in zip(needed, needed[1:] + needed[:1], strict=True)]
    return price * len(profile) * max(needed), price * sum(following)


def choose_target(task: dict[str, Any]) -> str | None:
    """See the stub."""
    costs: dict[str, float] = {}
    deadline = task["deadline"]
    if task["device_compute"] is not None and task["device_compute"] <= deadline:
        costs["device"] = 0.0
    if task["round_trip"] is not None:
        warm = task["round_trip"] + task["compute"]
        if warm <= deadline:
            costs["own server"] = task["own_price"]
        if task["may_leave"]:
            if warm <= deadline:
                costs["endpoint"] = 24 * task["hour_price"]
            if warm + task["cold_start"] <= deadline:
                costs["serverless"] = task["requests"] * task["call_price"]
            if deadline >= 86400:
                costs["batch"] = math.ceil(task["requests"] * task["compute"] / 3600) * task["hour_price"]
    return min(costs, key=costs.__getitem__, default=None)


def route(user: str, share: float, rollout: str) -> str:
    """See the stub."""
    digest = hashlib.sha256(f"{rollout}:{user}".encode()).digest()
    return "new" if int.from_bytes(digest[:8], "big") < share * 2**64 else "old"


def decide(old: tuple[int, int], new: tuple[int, int], *, least: int, limit: float) -> str:
    """See the stub."""
    (failed_old, n_old), (failed_new, n_new) = old, new
    z = 0.0
    if n_old and n_new:
        p = (failed_old + failed_new) / (n_old + n_new)
        variance = p * (1 - p) * (1 / n_old + 1 / n_new)
        if variance > 0:
            z = (failed_new / n_new - failed_old / n_old) / math.sqrt(variance)
    if z > limit:
        return "roll back"
    return "wait" if n_new < least else "promote"
