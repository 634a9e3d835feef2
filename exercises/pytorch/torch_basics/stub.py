"""The rules of PyTorch: which build, which device, which dtype, which flags; and when backward fails.

Read the lesson first (`tutor lesson torch_basics`); `tutor hint` helps when you are stuck. All five predict something
from data. Work it out by the lesson's rules: you will want to know them when there is no prompt to try things at.
"""

from typing import Any


def choose_build(builds: list[str], driver: str | None) -> str:
    """Which build of PyTorch to install.

    Args:
        builds: "cpu", and for CUDA versions "cu118", "cu126", "cu130": major version and one digit of minor version.
        driver: the newest CUDA version that the machine's driver supports, such as "12.4"; None without a GPU.

    Returns:
        The newest CUDA build that is not newer than what the driver supports; "cpu" if there is none.
    """
    raise NotImplementedError


def pick_device(facts: dict[str, Any]) -> str:
    """On which device to compute.

    Args:
        facts: "cuda_free": list of the free bytes of each CUDA device (empty if there is none);
            "needed": the bytes that the program needs; "mps": whether there is an Apple GPU, which knows no
            float64; "float64": whether the program needs that.

    Returns:
        "cuda:0", "cuda:1", … with the most free bytes (of equal ones the first), if these are enough; else "mps" if
        that can be used; else "cpu".
    """
    raise NotImplementedError


def result_dtype(operands: list[tuple[str, str]]) -> str:
    """The dtype of a product of tensors and Python numbers, computed in one operation with type promotion.

    Args:
        operands: at least one pair (kind, dtype). The kind "tensor" has at least one axis, "zero-dim" none; their
            dtypes are bool, uint8, int8, int16, int32, int64, float16, bfloat16, float32, float64. The kind "number"
            is a Python number, "bool", "int" or "float"; the default dtype is float32.

    Returns:
        The dtype's name, as "float32".
    """
    raise NotImplementedError


def predict_flags(program: list[tuple[Any, ...]]) -> dict[str, tuple[bool, bool, bool]]:
    """What autograd notes of each tensor of a program.

    Args:
        program: operations in order, each making a new tensor of a new name:
            ("leaf", name, requires_grad)    made by the user
            ("add", name, a, b)              a + b
            ("no_grad", name, a, b)          a + b, under torch.no_grad()
            ("detach", name, a)              a.detach()
            After the last one, .sum().backward() is called on its tensor, if that requires a gradient.

    Returns:
        For each name (requires_grad, is_leaf, whether its .grad is filled in afterwards).
    """
    raise NotImplementedError


def backward_raises(program: list[tuple[str, ...]]) -> bool:
    """Whether backward fails because a tensor that it needs has been changed in place.

    Args:
        program: operations in order, on variables that hold tensors of one shape. At the beginning there is one, "a",
            no leaf, requiring a gradient. In all but add_, `name` is a new variable.
            ("mul", name, a, b)     name = a * b: backward needs both factors
            ("sin", name, a)        name = a.sin(): backward needs the argument
            ("exp", name, a)        name = a.exp(): backward needs the result
            ("add", name, a, b)     name = a + b: backward needs nothing
            ("add_", name)          name += 1, in place: backward needs nothing
            After the last operation, .sum().backward() is called on what its variable holds.

    Returns:
        True if it raises a RuntimeError.
    """
    raise NotImplementedError
