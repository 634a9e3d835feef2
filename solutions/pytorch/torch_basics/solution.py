"""Rules of PyTorch, followed without asking PyTorch."""

from typing import Any

INTEGERS = ("int8", "int16", "int32", "int64")
FLOATS = ("float16", "float32", "float64")


def choose_build(builds: list[str], driver: str | None) -> str:
    """See the stub."""

    def version(build: str) -> tuple[int, int]:
        digits = build.removeprefix("cu")
        return int(digits[:-1]), int(digits[-1])

    if driver is not None:
        major, minor = driver.split(".")
        usable = [build for build in builds if build != "cpu" and version(build) <= (int(major), int(minor))]
        if usable:
            return max(usable, key=version)
    return "cpu"


def pick_device(facts: dict[str, Any]) -> str:
    """See the stub."""
    if facts["cuda_free"]:
        best = max(range(len(facts["cuda_free"])), key=facts["cuda_free"].__getitem__)
        if facts["cuda_free"][best] >= facts["needed"]:
            return f"cuda:{best}"
    if facts["mps"] and not facts["float64"]:
        return "mps"
    return "cpu"


def _category(dtype: str) -> int:
    if dtype == "bool":
        return 0
    return 2 if "float" in dtype else 1


def _promote(a: str, b: str) -> str:
    if a == b:
        return a
    if _category(a) != _category(b):
        return max(a, b, key=_category)
    if "bfloat16" in (a, b):
        other = b if a == "bfloat16" else a
        return "float32" if other == "float16" else other
    if "uint8" in (a, b):
        other = b if a == "uint8" else a
        return "int16" if other == "int8" else other
    order = FLOATS if _category(a) == 2 else INTEGERS
    return max(a, b, key=order.index)


def result_dtype(operands: list[tuple[str, str]]) -> str:
    """See the stub."""
    numbers = {"bool": "bool", "int": "int64", "float": "float32"}
    best: dict[str, str] = {}
    for kind, dtype in operands:
        dtype = numbers[dtype] if kind == "number" else dtype
        best[kind] = _promote(best[kind], dtype) if kind in best else dtype
    result = ""
    for kind in ("tensor", "zero-dim", "number"):
        if kind in best and (not result or _category(best[kind]) > _category(result)):
            result = best[kind]
    return result


def predict_flags(program: list[tuple[Any, ...]]) -> dict[str, tuple[bool, bool, bool]]:
    """See the stub."""
    requires: dict[str, bool] = {}
    parents: dict[str, list[str]] = {}
    for operation, name, *arguments in program:
        if operation == "leaf":
            requires[name], parents[name] = arguments[0], []
        elif operation == "add":
            requires[name] = any(requires[a] for a in arguments)
            parents[name] = [a for a in arguments if requires[a]]
        else:  # detach, or an addition without a graph
            requires[name], parents[name] = False, []
    last = program[-1][1]
    reached, waiting = set(), [last] if requires[last] else []
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += parents[name]
    return {name: (requires[name], not parents[name], name in reached and not parents[name]) for name in requires}


def backward_raises(program: list[tuple[str, ...]]) -> bool:
    """See the stub."""
    version = {"a": 0}
    node: dict[str, int] = {"a": -1}  # the node that made what is in a variable now
    saved: list[list[tuple[str, int]]] = []
    parents: list[list[int]] = []
    for operation, name, *arguments in program:
        used = [node[argument] for argument in arguments]
        if operation == "add_":
            version[name] += 1
            saved.append([])
            parents.append([node[name]])
        else:
            version[name] = 0
            kept = {"mul": arguments, "sin": arguments, "exp": [name], "add": []}[operation]
            saved.append([(one, version[one]) for one in kept])
            parents.append(used)
        node[name] = len(saved) - 1
    waiting, seen = [node[program[-1][1]]], set()
    while waiting:
        number = waiting.pop()
        if number >= 0 and number not in seen:
            seen.add(number)
            if any(version[name] != then for name, then in saved[number]):
                return True
            waiting += parents[number]
    return False
