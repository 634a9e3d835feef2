"""What a call costs, counted rather than timed: torch operations, FLOPs, bytes, synchronisations.

Counted where torch dispatches, in the worker. So these numbers are the worker's word: they teach, and they gate
where an exercise asks for few operations; the clock that can't be forged is in timing.py.
"""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack
from typing import Any

import torch
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode

# What makes a CPU wait for a GPU: the value of a tensor is needed before the program can go on.
WAITING_OPERATORS = {
    "_local_scalar_dense",  # item(), float(), int(), bool(), `if tensor`
    "nonzero",
    "masked_select",
    "equal",
    "unique_dim",
    "_unique2",
    "unique_consecutive",
}
_Tensor = torch.Tensor
WAITING_FUNCTIONS = {_Tensor.tolist: "tolist", _Tensor.numpy: "numpy", _Tensor.__array__: "numpy", _Tensor.cpu: "cpu"}
GATHERING = {torch.tensor, torch.as_tensor}  # of tensors in a list: they read each of them
INDEXING = {"index", "index_put", "_index_put_impl"}  # with a mask they have to count it first
NAMED = 8  # operators that are told by name, the most frequent


class Counting:
    """A context that counts what is dispatched in it."""

    def __init__(self) -> None:
        self._operators: Counter[str] = Counter()
        self._waits: Counter[str] = Counter()
        self._flops = self._bytes = self._largest = 0
        self._stack = ExitStack()

    def __enter__(self) -> Counting:
        self._stack.enter_context(_Functions(self._waits))
        self._stack.enter_context(_Operators(self._take))
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def to_json(self) -> dict[str, Any]:
        """The fields of `Cost`."""
        return {
            "operations": self._operators.total(),
            "operators": dict(self._operators.most_common(NAMED)),
            "flops": self._flops,
            "moved": self._bytes,
            "largest": self._largest,
            "waits": dict(self._waits),
        }

    def _take(self, func: Any, args: Any, kwargs: Any, out: Any) -> None:
        name = str(func._schema.name).partition("::")[2].rstrip("_")
        if name in WAITING_OPERATORS or (name in INDEXING and _counts_first(*args)):
            self._waits[name] += 1
        if func.is_view or name in {"detach", "lift_fresh", "_unsafe_view"}:
            return
        made = sum(map(_size, _leaves(out)))
        self._operators[name] += 1
        read = args[1:] if name == "copy" else args  # a copy doesn't read what it writes over
        self._bytes += made + sum(map(_size, _leaves((read, kwargs))))
        self._largest = max([self._largest, *map(_size, _leaves(out))])
        self._flops += _flops(func, args, kwargs, out)


class _Functions(TorchFunctionMode):
    def __init__(self, waits: Counter[str]) -> None:
        super().__init__()
        self._waits = waits

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if (name := WAITING_FUNCTIONS.get(func)) is not None:
            self._waits[name] += 1
        if func in GATHERING and args and isinstance(args[0], list | tuple) and (read := len(_leaves(args[0]))):
            self._waits[func.__name__] += read
        return func(*args, **(kwargs or {}))


class _Operators(TorchDispatchMode):  # type: ignore[no-untyped-call]
    def __init__(self, take: Any) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._take = take

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        return False  # see rules.py

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        out = func(*args, **(kwargs or {}))
        self._take(func, args, kwargs or {}, out)
        return out


def _flops(func: Any, args: Any, kwargs: Any, out: Any) -> int:
    """By torch's own formulas, for products and convolutions; for everything else one for each element made."""
    from torch.utils.flop_counter import flop_registry

    formula = flop_registry.get(func.overloadpacket)
    if formula is not None:
        return int(formula(*args, **kwargs, out_val=out))
    return sum(tensor.numel() for tensor in _leaves(out))


def _leaves(value: Any) -> list[torch.Tensor]:
    if isinstance(value, torch.Tensor):
        return [value]
    if isinstance(value, list | tuple):
        return [leaf for item in value for leaf in _leaves(item)]
    if isinstance(value, dict):
        return _leaves(list(value.values()))
    return []


def _size(tensor: torch.Tensor) -> int:
    return tensor.numel() * tensor.element_size()


def _counts_first(into: torch.Tensor, indices: Any, values: Any = None, accumulate: bool = False) -> bool:
    """Whether an index is a mask whose elements have to be counted: of `x[mask] = 0`, torch makes a masked_fill."""
    fills = values is not None and values.dim() == 0 and not accumulate
    return not fills and any(index.dtype == torch.bool for index in _leaves(indices))
