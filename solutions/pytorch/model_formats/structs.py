"""With struct and numpy, a mask of the bytes that are taken, and a match over the layers."""

import json
import struct
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

NAMES = ["F64", "F32", "F16", "BF16", "I64", "I32", "I16", "I8", "U8", "BOOL"]
DTYPES = [torch.double, torch.float, torch.half, torch.bfloat16]
DTYPES += [torch.long, torch.int, torch.short, torch.int8, torch.uint8, torch.bool]
SIZES = [8, 4, 2, 2, 8, 4, 2, 1, 1, 1]


def to_safetensors(state: dict[str, Tensor], metadata: dict[str, str]) -> bytes:
    """See the stub."""
    if "__metadata__" in state:
        raise ValueError("a name that is taken")
    body = bytearray()
    header: dict[str, Any] = {}
    for name, value in state.items():
        if value.dtype not in DTYPES:
            raise ValueError(value.dtype)
        begin = len(body)
        flat = value.detach().flatten()
        body += (flat.view(torch.int16) if value.dtype == torch.bfloat16 else flat).numpy().tobytes()
        here = NAMES[DTYPES.index(value.dtype)]
        header[name] = {"dtype": here, "shape": [*value.shape], "data_offsets": [begin, len(body)]}
    if metadata:
        header["__metadata__"] = metadata
    text = json.dumps(header, ensure_ascii=False).encode()
    while len(text) % 8:
        text += b" "
    return struct.pack("<Q", len(text)) + text + bytes(body)


def from_safetensors(data: bytes) -> tuple[dict[str, Tensor], dict[str, str]]:
    """See the stub."""
    try:
        (length,) = struct.unpack_from("<Q", data)
        if length > len(data) - 8:
            raise ValueError("too short")
        header = dict(json.loads(data[8 : 8 + length].decode()).items())
        metadata = header.pop("__metadata__", {})
        body = np.frombuffer(data, dtype=np.uint8, offset=8 + length)
        taken, state = np.zeros(len(body), dtype=int), {}
        for name, entry in header.items():
            number = NAMES.index(entry["dtype"])
            begin, end = entry["data_offsets"]
            if not 0 <= begin <= end <= len(body) or end - begin != np.prod(entry["shape"], dtype=int) * SIZES[number]:
                raise ValueError(name)
            taken[begin:end] += 1
            numbers = torch.empty(entry["shape"], dtype=DTYPES[number])
            numbers.view(-1).view(torch.uint8).copy_(torch.tensor(body[begin:end]))
            state[name] = numbers
    except (struct.error, AttributeError, KeyError, TypeError, RuntimeError) as error:
        raise ValueError("no such file") from error
    if (taken != 1).any():
        raise ValueError("bytes of two tensors, or of none")
    return state, metadata


def describe(net: nn.Module) -> dict[str, Any]:
    """See the stub."""
    name = type(net).__name__
    options: dict[str, Any]
    if type(net) is nn.Sequential:
        names = [name for name, _ in net.named_modules(remove_duplicate=False) if name and "." not in name]
        return {"kind": name, "layers": [[inner, describe(net.get_submodule(inner))] for inner in names]}
    if type(net) is nn.Linear:
        options = {"in_features": net.in_features, "out_features": net.out_features, "bias": net.bias is not None}
    elif type(net) is nn.Conv2d:
        options = {"in_channels": net.in_channels, "out_channels": net.out_channels, "groups": net.groups}
        options |= {"kernel_size": [*net.kernel_size], "stride": [*net.stride], "padding": [*net.padding]}
        options |= {"dilation": [*net.dilation], "bias": net.bias is not None}
    elif type(net) in (nn.BatchNorm1d, nn.BatchNorm2d):
        options = {"num_features": net.num_features, "eps": net.eps, "momentum": net.momentum}
    elif type(net) is nn.Dropout:
        options = {"p": net.p}
    elif type(net) in (nn.ReLU, nn.Flatten):
        options = {}
    else:
        raise ValueError(name)
    return {"kind": name, "options": options}


SAMPLES = {
    "Linear": (1, 1),
    "Conv2d": (1, 1, 1),
    "BatchNorm1d": (1,),
    "BatchNorm2d": (1,),
    "Dropout": (),
    "ReLU": (),
    "Flatten": (),
}


def rebuild(description: dict[str, Any]) -> nn.Module:
    """See the stub."""
    if not isinstance(description, dict) or not isinstance(description.get("kind"), str):
        raise ValueError(description)
    kind = description["kind"]
    if kind == "Sequential" and isinstance(description.get("layers"), list):
        net = nn.Sequential()
        for name, inner in description["layers"]:
            net.add_module(name, rebuild(inner))
        return net
    options = description.get("options")
    if kind not in SAMPLES or not isinstance(options, dict):
        raise ValueError(kind)
    build = getattr(nn, kind)
    if set(options) != set(describe(build(*SAMPLES[kind]))["options"]):
        raise ValueError(list(options))
    return build(**options)


def pack(net: nn.Module) -> bytes:
    """See the stub."""
    return to_safetensors(dict(net.state_dict()), {"architecture": json.dumps(describe(net))})


def unpack(data: bytes) -> nn.Module:
    """See the stub."""
    state, metadata = from_safetensors(data)
    net = rebuild(json.loads(metadata.get("architecture", "")))
    for name, value in state.items():
        holder, _, last = name.rpartition(".")
        module = net.get_submodule(holder)
        old = getattr(module, last)
        setattr(module, last, nn.Parameter(value) if isinstance(old, nn.Parameter) else value)
    return net.train(False)
