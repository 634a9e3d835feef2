"""What can be tried out, is tried out."""

from typing import Any

import torch


def choose_build(builds: list[str], driver: str | None) -> str:
    """See the stub."""
    limit = -1 if driver is None else int(driver.replace(".", ""))
    numbers = sorted(int(build[2:]) for build in builds if build.startswith("cu"))
    fitting = [number for number in numbers if number <= limit]
    return f"cu{fitting[-1]}" if fitting else "cpu"


def pick_device(facts: dict[str, Any]) -> str:
    """See the stub."""
    free = facts["cuda_free"]
    if free and max(free) >= facts["needed"]:
        return "cuda:" + str(free.index(max(free)))
    return "mps" if facts["mps"] and not facts["float64"] else "cpu"


def result_dtype(operands: list[tuple[str, str]]) -> str:
    """See the stub."""
    total: Any = None
    groups = []
    for wanted in ("tensor", "zero-dim", "number"):
        chosen = [dtype for kind, dtype in operands if kind == wanted]
        if not chosen:
            continue
        if wanted == "number":
            total = {"bool": True, "int": 1, "float": 1.0}[max(chosen, key=("bool", "int", "float").index)]
        else:
            shape = (1,) if wanted == "tensor" else ()
            total = torch.ones(shape, dtype=getattr(torch, chosen[0]))
            for dtype in chosen[1:]:
                total = total * torch.ones(shape, dtype=getattr(torch, dtype))
        groups.append(total)
    result = groups[0] if isinstance(groups[0], torch.Tensor) else torch.tensor(groups[0])
    for group in groups[1:]:
        result = result * group
    return str(result.dtype).removeprefix("torch.")


def predict_flags(program: list[tuple[Any, ...]]) -> dict[str, tuple[bool, bool, bool]]:
    """See the stub."""
    values: dict[str, torch.Tensor] = {}
    for operation, name, *rest in program:
        if operation == "leaf":
            values[name] = torch.ones(2, requires_grad=rest[0])
        elif operation == "add":
            values[name] = values[rest[0]] + values[rest[1]]
        elif operation == "detach":
            values[name] = values[rest[0]].detach()
        else:
            with torch.no_grad():
                values[name] = values[rest[0]] + values[rest[1]]
    last = values[program[-1][1]]
    if last.requires_grad:
        last.sum().backward()
    return {
        name: (value.requires_grad, value.is_leaf, value.is_leaf and value.grad is not None)
        for name, value in values.items()
    }


def backward_raises(program: list[tuple[str, ...]]) -> bool:
    """See the stub."""
    values = {"a": torch.ones(2, requires_grad=True) * 1.0}
    for operation, name, *rest in program:
        if operation == "add_":
            values[name].add_(1.0)
        else:
            values[name] = getattr(torch, operation)(*(values[one] for one in rest))
    try:
        values[program[-1][1]].sum().backward()
    except RuntimeError:
        return True
    return False
