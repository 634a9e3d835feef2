"""A failing call as a short standalone script, for a debugger."""

from __future__ import annotations

import base64
import os
import zlib
from typing import Any

import numpy as np
import torch

from tutor.grading.learner import Call

MARK = "# Written by `tutor check --repro`."
SHORT = 400  # elements that are written out as numbers


def write_repro(exercise: str, filename: str, call: Call, expected: Any, error: BaseException) -> str:
    """The script: the learner's file loaded, the inputs, the call, and what was expected."""
    arguments = [_value(value) for value in call.args]
    arguments += [f"{name}={_value(value)}" for name, value in call.kwargs.items()]
    inner = "".join(f"    {argument},\n" for argument in arguments)
    target = f"{call.name}(\n    learner,\n" if call.scenario else f"learner.{call.name}(\n"
    parts = [
        f"{MARK} The first failing call of {exercise}: run it, or step through it in a debugger.",
        "import base64\nimport importlib.util\nimport math\nimport zlib\nfrom pathlib import Path\n",
        "import numpy as np\nimport torch\n",
        "nan, inf = math.nan, math.inf\n",
        _UNPACK,
        f'path = Path(__file__).with_name("{os.path.basename(filename)}")',
        "spec = importlib.util.spec_from_file_location(path.stem, path)",
        "learner = importlib.util.module_from_spec(spec)",
        "spec.loader.exec_module(learner)\n",
        f"{call.scenario.script}\n" if call.scenario else "",
        f"actual = {target}{inner})",
        f"expected = {_value(expected)}\n" if expected is not None else f"# What the check said: {_comment(error)}\n",
        'print("yours:", actual)',
        'print("expected:", expected)' if expected is not None else "",
    ]
    return "\n".join(part for part in parts if part) + "\n"


_UNPACK = '''
def unpack(text, dtype, shape):
    """A tensor from its bytes, compressed and in base64."""
    data = bytearray(zlib.decompress(base64.b64decode(text)))
    return torch.frombuffer(data, dtype=dtype).reshape(shape)

'''


def _value(value: Any) -> str:
    if isinstance(value, torch.Tensor):
        return _tensor(value.detach().cpu())
    if isinstance(value, np.ndarray):
        return f"{_tensor(torch.from_numpy(value.copy()))}.numpy()"
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, tuple):
        return f"({', '.join(map(_value, value))}{',' if len(value) == 1 else ''})"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_value(k)}: {_value(v)}" for k, v in value.items()) + "}"
    return repr(value)


def _tensor(tensor: torch.Tensor) -> str:
    if tensor.numel() <= SHORT:
        return f"torch.tensor({tensor.tolist()}, dtype={tensor.dtype})" + (
            f".reshape({tuple(tensor.shape)})" if not tensor.numel() else ""
        )
    data = base64.b64encode(zlib.compress(tensor.contiguous().view(torch.uint8).numpy().tobytes())).decode()
    return f'unpack("{data}", {tensor.dtype}, {tuple(tensor.shape)})'


def _comment(error: BaseException) -> str:
    return " ".join(str(error).split())[:300]
