"""What an exercise forbids, enforced in torch's own dispatch, where an alias can't dodge it.

`exercise.yaml` names public torch functions. A call is refused in two places: where torch's functions are entered
(`TorchFunctionMode`, by name, which a method and an operator have as well), and where operators are dispatched
(`TorchDispatchMode`, by operator name, so that `torch.ops.aten.convolution` is caught as well). The gradient engine
is caught by asking, at each operator, whether a node of an autograd graph is being run.

What can't be told from outputs or operators, such as a copy of somebody's answer, is not provable and not tried.
"""

from __future__ import annotations

import sys
import threading
import types
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, ExitStack
from fnmatch import fnmatchcase
from functools import reduce
from typing import Any

import numpy as np
import torch
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode

# The operators to which public functions come down; of one that is not here, the operator of the same name.
OPERATORS: dict[str, tuple[str, ...]] = {
    "torch.matmul": (
        "mm",
        "bmm",
        "addmm",
        "addbmm",
        "baddbmm",
        "mv",
        "addmv",
        "dot",
        "vdot",
        "_addmm*",
        "linear",
        "*conv*",
        "_trilinear",
        "*embedding_bag*",
        "_sparse_mm*",
        "_sparse_addmm*",
    ),
    "torch.nn.functional.linear": ("linear", "mkldnn_linear", "addmm"),
    "torch.nn.functional.conv1d": ("*conv*",),
    "torch.nn.functional.conv2d": ("*conv*",),
    "torch.nn.functional.conv_transpose2d": ("*conv*",),
    "torch.nn.functional.unfold": ("im2col",),
    "torch.nn.functional.fold": ("col2im",),
    "torch.nn.functional.max_pool1d": ("*max_pool*",),
    "torch.nn.functional.max_pool2d": ("*max_pool*",),
    "torch.nn.functional.avg_pool2d": ("*avg_pool*",),
    "torch.nn.functional.batch_norm": ("*batch_norm*",),
    "torch.nn.functional.layer_norm": ("*layer_norm*",),
    "torch.nn.functional.group_norm": ("*group_norm*",),
    "torch.nn.functional.instance_norm": ("*batch_norm*", "*instance_norm*"),
    "torch.nn.functional.rms_norm": ("*rms_norm*",),
    "torch.nn.functional.dropout": ("*dropout*",),
    "torch.nn.functional.embedding": ("*embedding*",),
    "torch.nn.functional.scaled_dot_product_attention": ("*scaled_dot_product*", "*_attention*"),
    "torch.nn.functional.cross_entropy": ("nll_loss*", "cross_entropy*"),
    "torch.nn.functional.binary_cross_entropy_with_logits": ("binary_cross_entropy*",),
    "torch.nn.functional.gelu": ("gelu*",),
    "torch.nn.functional.leaky_relu": ("leaky_relu*",),
    "torch.nn.functional.prelu": ("prelu*", "_prelu*"),
    "torch.nn.functional.elu": ("elu*", "celu*", "selu*"),
    "torch.nn.functional.silu": ("silu*",),
    "torch.nn.functional.softplus": ("softplus*",),
    "torch.nn.functional.mse_loss": ("mse_loss*",),
    "torch.nn.functional.huber_loss": ("huber_loss*",),
    "torch.nn.functional.smooth_l1_loss": ("smooth_l1_loss*",),
    # All but the norms of vectors, which begin with a v.
    "torch.linalg": ("_linalg_*", "linalg_[!v]*", "lu_*", "cholesky*", "geqrf", "or*qr", "triangular_solve", "*svd*"),
    "torch.softmax": ("_softmax*", "softmax*", "_safe_softmax", "_masked_softmax*", "_sparse_softmax*"),
    "torch.log_softmax": ("_log_softmax*", "log_softmax*", "_sparse_log_softmax*"),
    "torch.logsumexp": ("logsumexp",),
    "torch.logaddexp": ("logaddexp", "logaddexp2"),
    "torch.sigmoid": ("sigmoid*", "log_sigmoid*", "special_expit"),
    "torch.tanh": ("tanh*",),
    "torch.relu": ("relu*", "threshold*"),
    "torch.var": ("var*", "std*"),
    "torch.optim": ("_fused_adam*", "_fused_sgd*", "_fused_adagrad*"),
}
AUTOGRAD = "torch.autograd"
FUNC = "torch.func"
DISTRIBUTIONS = "torch.distributions"
OPTIMIZERS = "torch.optim"
NUMPY = "numpy."  # the way around torch: numpy.linalg, or a function of numpy's such as numpy.einsum
# Plain Python functions, which torch's function mode doesn't see.
UTILITIES = (
    "torch.nn.utils.",
    "torch.nn.init.",
    "torch.broadcast_shapes",
    "torch.distributions.",
    "torch.autograd.functional.",
    "torch.utils.checkpoint.",
)
MODULES = (AUTOGRAD, FUNC, OPTIMIZERS, DISTRIBUTIONS, "torch.linalg")
_OPTIMIZERS_FREE = ("optimizer", "lr_scheduler", "swa_utils")  # modules of it that make no step of their own
_FORWARD_MODE = ("_make_dual", "_fw_primal", "is_same_size")  # what a dual number leaves in the dispatcher


_BEGIN = "_bootstrap_inner"  # of threading.Thread, which calls `run` whatever its class


class RuleBroken(RuntimeError):
    """Raised at the learner's line that does what the exercise forbids."""


def resolve(name: str) -> Any:
    """The object of a public name of torch's or numpy's.

    Raises:
        AttributeError: if there is no such thing.
    """
    if name.startswith(NUMPY):
        return getattr(np, name.removeprefix(NUMPY))
    if not name.startswith("torch."):
        raise AttributeError(f"{name!r} is not a torch name")
    return reduce(getattr, name.split(".")[1:], torch)


def operators_of(name: str) -> tuple[str, ...]:
    """Patterns of the operators by which a use of this function is recognised, whatever it was called through."""
    short = name.rpartition(".")[2].lower()
    linalg = (f"linalg_{short}*", f"_linalg_{short}*") if name.startswith("torch.linalg.") else ()
    return OPERATORS.get(name, (short, f"{short}_backward*", *linalg))


def known(name: str) -> bool:
    """Whether torch or numpy has something of this name that can be forbidden: not every module can."""
    try:
        return not isinstance(resolve(name), types.ModuleType) or name in MODULES or name.startswith(NUMPY)
    except AttributeError:
        return False


class Rules:
    """A context in which the forbidden raises; `broken` keeps what was tried, should the exception be caught.

    With `quiet`, nothing is refused: what is timed beside a learner's code carries the same weight.
    """

    def __init__(self, forbid: Iterable[str], filename: str = "", quiet: bool = False) -> None:
        self._quiet = quiet
        self.names = tuple(forbid)
        self.broken: list[tuple[str, int, str]] = []  # which rule, in which line of `filename`, and by what operator
        self._filename = filename
        self._entered: ExitStack | None = None
        torchs = [name for name in self.names if not name.startswith(NUMPY)]
        functions = {resolve(name): name for name in torchs if not isinstance(resolve(name), types.ModuleType)}
        operators = {pattern: name for name in reversed(torchs) for pattern in operators_of(name)}
        self._modes: Callable[[], list[AbstractContextManager[Any]]] = lambda: [
            _Functions(functions, self._refuse),
            _Operators(operators, AUTOGRAD in self.names, self._refuse),
        ]
        if quiet:
            return
        if OPTIMIZERS in self.names:
            _close_optimizers(self._refuse)
        if FUNC in self.names:
            _close_func(self._refuse)
        if DISTRIBUTIONS in self.names:
            _close_distributions(self._refuse)
        for name in self.names:
            if name.startswith(NUMPY):
                _close_numpy(name, self._refuse)
            if name.startswith(UTILITIES):
                _close_utility(name, self._refuse)

    def __enter__(self) -> Rules:
        self._entered = ExitStack()
        self._enter(self._entered)
        if self.names:
            self._entered.callback(setattr, threading.Thread, _BEGIN, getattr(threading.Thread, _BEGIN))
            setattr(threading.Thread, _BEGIN, self._bound(getattr(threading.Thread, _BEGIN)))
        return self

    def __exit__(self, *_: object) -> None:
        assert self._entered is not None
        self._entered.close()

    def _enter(self, stack: ExitStack) -> None:
        for mode in self._modes() if self.names else ():
            stack.enter_context(mode)

    def _bound(self, begin: Callable[[threading.Thread], None]) -> Callable[[threading.Thread], None]:
        """What a thread begins with, but under these rules: torch's modes hold for one thread only."""

        def bound(thread: threading.Thread) -> None:
            with ExitStack() as stack:
                self._enter(stack)
                begin(thread)

        return bound

    def _refuse(self, name: str, operator: str = "") -> None:
        if self._quiet:
            return
        frame: types.FrameType | None = sys._getframe()
        while frame is not None and frame.f_code.co_filename != self._filename:
            frame = frame.f_back
        self.broken.append((name, frame.f_lineno if frame else 0, operator))
        raise RuleBroken(f"{name} may not be used in this exercise")


class _Functions(TorchFunctionMode):
    def __init__(self, forbidden: dict[Any, str], refuse: Callable[[str], None]) -> None:
        super().__init__()
        self._refuse = refuse
        self._forbidden = {plain: name for function, name in forbidden.items() for plain in _names(function, name)}

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        name = self._forbidden.get(_plain(getattr(func, "__name__", "")))
        if name is not None:
            self._refuse(name)
        return func(*args, **(kwargs or {}))


def _names(function: Any, name: str) -> set[str]:
    """What torch calls a function in all its forms: svd, linalg_svd."""
    return {_plain(name.rpartition(".")[2]), _plain(getattr(function, "__name__", name.rpartition(".")[2]))}


def _plain(name: str) -> str:
    """`einsum` of the operator einsum.default, `add` of add_."""
    return name if name.startswith("__") else name.partition(".")[0].rstrip("_")


class _Operators(TorchDispatchMode):  # type: ignore[no-untyped-call]
    def __init__(self, forbidden: dict[str, str], autograd: bool, refuse: Callable[[str, str], None]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._forbidden, self._autograd, self._refuse = forbidden, autograd, refuse
        self._known: dict[Any, str | None] = {}

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        return False  # torch would import its compiler, 0.7 s, only to keep it away from here

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if func not in self._known:
            self._known[func] = self._name(func)
        name = self._known[func]
        if name is None and self._autograd and torch._C._current_autograd_node() is not None:
            name = AUTOGRAD
        if name is not None:
            self._refuse(name, "" if name == AUTOGRAD else str(func._schema.name).partition("::")[2])
        return func(*args, **(kwargs or {}))

    def _name(self, func: Any) -> str | None:
        operator = str(func._schema.name).partition("::")[2].rstrip("_")
        if self._autograd and operator in _FORWARD_MODE:
            return AUTOGRAD
        return next((name for pattern, name in self._forbidden.items() if fnmatchcase(operator, pattern)), None)


def _close_optimizers(refuse: Callable[[str], None]) -> None:
    """In this process for good, before the learner's first line: neither an optimizer nor the function behind it."""

    def refused(*args: Any, **kwargs: Any) -> None:
        refuse(OPTIMIZERS)

    torch.optim.Optimizer.__init__ = refused  # type: ignore[method-assign]
    for name, module in list(sys.modules.items()):
        if name.startswith("torch.optim.") and not name.endswith(_OPTIMIZERS_FREE):
            for attribute, value in list(vars(module).items()):
                if isinstance(value, types.FunctionType) and not _is_free(value):
                    setattr(module, attribute, refused)


def _close_func(refuse: Callable[[str], None]) -> None:
    """In this process for good: torch.func's functions, wherever torch keeps them."""

    def refused(*args: Any, **kwargs: Any) -> None:
        refuse(FUNC)

    public = [value for name, value in vars(torch.func).items() if name[:1] != "_"]
    for key, module in list(sys.modules.items()):
        if key.startswith(("torch.func", "torch._functorch", "torch.autograd.functional")):
            for attribute, value in list(vars(module).items()):
                if isinstance(value, types.FunctionType) and any(value is function for function in public):
                    setattr(module, attribute, refused)


def _close_distributions(refuse: Callable[[str], None]) -> None:
    """In this process for good: no distribution can be made."""

    def refused(*args: Any, **kwargs: Any) -> None:
        refuse(DISTRIBUTIONS)

    torch.distributions.Distribution.__init__ = refused  # type: ignore[method-assign]


def _close_utility(name: str, refuse: Callable[[str], None]) -> None:
    """In this process for good: the function, under whatever name torch's modules have it."""
    function = resolve(name)
    home = next(prefix for prefix in UTILITIES if name.startswith(prefix)).rpartition(".")[0]
    homes = {"torch", "torch.functional"} if home == "torch" else {key for key in sys.modules if key.startswith(home)}

    def refused(*args: Any, **kwargs: Any) -> None:
        refuse(name)

    for module in map(sys.modules.__getitem__, homes):
        for attribute, value in list(vars(module).items()):
            if value is function:
                setattr(module, attribute, refused)


def _close_numpy(name: str, refuse: Callable[[str], None]) -> None:
    """In this process for good: a function of numpy's; of a module of its, all but the norms."""

    def refused(*args: Any, **kwargs: Any) -> None:
        refuse(name)

    closed = resolve(name)
    whole = isinstance(closed, types.ModuleType)
    for key, module in list(sys.modules.items()):
        if key.startswith(name if whole else "numpy"):
            for attribute, value in list(vars(module).items()):
                free = not callable(value) or isinstance(value, type) or "norm" in attribute or attribute[:2] == "__"
                if value is closed or (whole and not free):
                    setattr(module, attribute, refused)


def _is_free(function: types.FunctionType) -> bool:
    home = function.__module__
    return not home.startswith("torch.optim.") or home.endswith(_OPTIMIZERS_FREE)
