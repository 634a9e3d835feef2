"""What passes between the processes of a check: framed messages, and data only.

A frame is two lengths, a JSON text and a safetensors blob. The JSON holds the structure, the blob the elements
of its tensors and arrays. Nothing that came from a worker is ever unpickled or evaluated, and no length that it
announces is believed before it was compared with a bound.
"""

from __future__ import annotations

import json
import math
import socket
import struct
from typing import Any

import numpy as np
import safetensors.torch
import torch

MAX_JSON = 16 << 20  # bytes
MAX_BLOB = 256 << 20  # bytes
MAX_DEPTH = 32  # containers inside containers
_LENGTHS = struct.Struct("<IQ")


class NotData(TypeError):
    """A value that can't travel: not made of numbers, strings, lists, tuples, dicts, tensors and arrays.

    Attributes:
        where: the place inside the value, e.g. `result[1]["cache"]`.
        kind: the type found there.
    """

    def __init__(self, where: str, kind: str) -> None:
        super().__init__(f"{where} is {kind}")
        self.where = where
        self.kind = kind


class ProtocolError(Exception):
    """The other side sent something that is not a message."""


# --- values -----------------------------------------------------------------------------------------------------


def encode(value: Any, blob: dict[str, torch.Tensor], where: str = "result", depth: int = 0) -> Any:
    """Turn a value into JSON-able structure, putting tensors and arrays into `blob` under numbers.

    Raises:
        NotData: for anything that is not data.
    """
    if depth > MAX_DEPTH:
        raise NotData(where, f"nested more than {MAX_DEPTH} deep")
    if isinstance(value, np.generic):
        value = value.item()  # numpy's numbers are what a stub means by a number, in lists as well
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, torch.Tensor):
        return _encode_tensor(value, blob, where)
    if isinstance(value, np.ndarray):
        return _encode_array(value, blob, where)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value)
    if isinstance(value, torch.dtype):
        return {"dtype": str(value).removeprefix("torch.")}
    if isinstance(value, list | tuple):
        items = [encode(item, blob, f"{where}[{i}]", depth + 1) for i, item in enumerate(value)]
        return items if isinstance(value, list) else {"tuple": items}
    if isinstance(value, dict):
        return {
            "dict": [
                [
                    encode(key, blob, f"a key of {where}", depth + 1),
                    encode(item, blob, f"{where}[{key!r}]", depth + 1),
                ]
                for key, item in value.items()
            ]
        }
    raise NotData(where, describe_type(value))


def _encode_tensor(value: torch.Tensor, blob: dict[str, torch.Tensor], where: str) -> Any:
    if value.layout is not torch.strided or value.is_meta or value.is_quantized or value.is_complex():
        raise NotData(where, f"a tensor of a kind that can't be compared ({value.layout}, {value.dtype})")
    plain = value.detach().as_subclass(torch.Tensor)
    key = str(len(blob))
    blob[key] = plain.to("cpu", copy=False).resolve_conj().resolve_neg().clone(memory_format=torch.contiguous_format)
    structure: dict[str, Any] = {"tensor": key, "device": str(value.device)}
    if not plain.is_contiguous():
        structure["stride"] = list(plain.stride())
    return structure


def _encode_array(value: Any, blob: dict[str, torch.Tensor], where: str) -> Any:
    try:
        tensor = torch.from_numpy(np.array(value, order="C", copy=True, subok=False))
    except TypeError:
        raise NotData(where, f"a numpy array of dtype {value.dtype}") from None
    key = str(len(blob))
    blob[key] = tensor
    return {"array": key}


def decode(structure: Any, blob: dict[str, torch.Tensor], device: str = "cpu", depth: int = 0) -> Any:
    """The value that `encode` described; tensors get their strides back, and are put on `device`.

    Raises:
        ProtocolError: if `structure` is not of encode's making.
    """
    if depth > 2 * MAX_DEPTH:
        raise ProtocolError("nested too deep")
    if structure is None or isinstance(structure, bool | int | float | str):
        return structure
    if isinstance(structure, list):
        return [decode(item, blob, device, depth + 1) for item in structure]
    try:
        return _decode_tagged(structure, blob, device, depth)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ProtocolError(f"not a value: {error!r}") from None


def _decode_tagged(structure: dict[str, Any], blob: dict[str, torch.Tensor], device: str, depth: int) -> Any:
    if "tensor" in structure:
        tensor = blob[structure["tensor"]]
        stride = structure.get("stride")
        return (restride(tensor, stride) if stride else tensor).to(device)
    if "array" in structure:
        return blob[structure["array"]].numpy()
    if "tuple" in structure:
        return tuple(decode(item, blob, device, depth + 1) for item in structure["tuple"])
    if "dict" in structure:
        pairs = ((decode(k, blob, device, depth + 1), decode(v, blob, device, depth + 1)) for k, v in structure["dict"])
        return dict(pairs)
    dtype = getattr(torch, structure["dtype"])
    if not isinstance(dtype, torch.dtype):
        raise ValueError(structure["dtype"])
    return dtype


def restride(tensor: torch.Tensor, stride: list[int]) -> torch.Tensor:
    """The same elements laid out with `stride` (in elements), in storage of their own; stride 0 means expanded."""
    if len(stride) != tensor.dim() or any(step < 0 for step in stride):
        raise ProtocolError("strides do not fit the tensor")
    if tensor.numel() == 0:
        return tensor
    last = sum(step * (size - 1) for step, size in zip(stride, tensor.shape, strict=True))
    if last > 16 * tensor.numel() + 4096:
        return tensor  # a thin slice of something huge: the layout is not worth the memory
    core = tensor
    for axis, step in enumerate(stride):
        core = core.narrow(axis, 0, 1) if step == 0 else core
    gap = (
        math.nan if tensor.is_floating_point() else 0
    )  # what lies between the elements is nobody's, and always the same
    memory = torch.full((last + 1,), gap, dtype=tensor.dtype)
    return memory.as_strided(core.shape, stride).copy_(core).expand(tensor.shape)


def describe_type(value: Any) -> str:
    """`a function`, `a Value`: what a value is, for a sentence."""
    name = str(getattr(type(value), "__name__", "thing"))[:80]
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"


# --- frames -----------------------------------------------------------------------------------------------------


def pack(message: dict[str, Any], blob: dict[str, torch.Tensor] | None = None) -> bytes:
    """One frame."""
    text = json.dumps(message).encode()
    data = safetensors.torch.save(blob) if blob else b""
    if len(text) > MAX_JSON or len(data) > MAX_BLOB:
        raise NotData("result", f"more than {(MAX_JSON if len(text) > MAX_JSON else MAX_BLOB) >> 20} MiB")
    return _LENGTHS.pack(len(text), len(data)) + text + data


class Unpacker:
    """Collects the bytes of one frame as they arrive, and says when it is whole."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    @property
    def missing(self) -> int:
        """How many bytes the frame still needs, as far as is known.

        Raises:
            ProtocolError: if the frame announces more than the bounds allow.
        """
        if len(self._bytes) < _LENGTHS.size:
            return _LENGTHS.size - len(self._bytes)
        text, data = _LENGTHS.unpack_from(self._bytes)
        if text > MAX_JSON or data > MAX_BLOB:
            raise ProtocolError("a message longer than any may be")
        return int(_LENGTHS.size + text + data - len(self._bytes))

    def feed(self, data: bytes) -> None:
        """Add what arrived, at most `missing` bytes at a time."""
        self._bytes += data

    def take(self) -> tuple[dict[str, Any], dict[str, torch.Tensor]]:
        """The whole frame's message and tensors.

        Raises:
            ProtocolError: if they are not what a frame holds.
        """
        start, (length, size) = _LENGTHS.size, _LENGTHS.unpack_from(self._bytes)
        try:
            message = json.loads(self._bytes[start : start + length])
            blob = safetensors.torch.load(bytes(self._bytes[start + length :])) if size else {}
        except (ValueError, RecursionError, KeyError, safetensors.SafetensorError) as error:
            raise ProtocolError(f"not a message: {str(error)[:200]}") from None
        if not isinstance(message, dict):
            raise ProtocolError("not a message: no object")
        return message, blob


def receive(sock: socket.socket) -> tuple[dict[str, Any], dict[str, torch.Tensor]] | None:
    """Block until a frame is here; None at the end of the stream."""
    frame = Unpacker()
    while frame.missing:
        data = sock.recv(min(frame.missing, 1 << 20))
        if not data:
            return None
        frame.feed(data)
    return frame.take()
