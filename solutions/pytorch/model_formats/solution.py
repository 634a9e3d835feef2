"""One table of dtypes, one table of layers, and every check before the thing that it guards."""

import json
import math
from typing import Any

import torch
from torch import Tensor, nn

DTYPES = {
    "F64": torch.float64,
    "F32": torch.float32,
    "F16": torch.float16,
    "BF16": torch.bfloat16,
    "I64": torch.int64,
    "I32": torch.int32,
    "I16": torch.int16,
    "I8": torch.int8,
    "U8": torch.uint8,
    "BOOL": torch.bool,
}
NAMES = {dtype: name for name, dtype in DTYPES.items()}

PAIRS = ("kernel_size", "stride", "padding", "dilation")
LAYERS: dict[type[nn.Module], tuple[str, ...]] = {
    nn.Linear: ("in_features", "out_features", "bias"),
    nn.Conv2d: ("in_channels", "out_channels", *PAIRS, "groups", "bias"),
    nn.BatchNorm1d: ("num_features", "eps", "momentum"),
    nn.BatchNorm2d: ("num_features", "eps", "momentum"),
    nn.Dropout: ("p",),
    nn.ReLU: (),
    nn.Flatten: (),
}
KINDS = {kind.__name__: kind for kind in LAYERS}


def to_safetensors(state: dict[str, Tensor], metadata: dict[str, str]) -> bytes:
    """See the stub."""
    header: dict[str, Any] = {"__metadata__": metadata} if metadata else {}
    pieces, begin = [], 0
    for name, value in state.items():
        if name == "__metadata__" or value.dtype not in NAMES:
            raise ValueError(f"{name} can't be written")
        piece = value.detach().contiguous().reshape(-1).view(torch.uint8).numpy().tobytes()
        offsets = [begin, begin + len(piece)]
        header[name] = {"dtype": NAMES[value.dtype], "shape": list(value.shape), "data_offsets": offsets}
        pieces.append(piece)
        begin += len(piece)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text + b"".join(pieces)


def _entry(name: str, entry: Any) -> tuple[torch.dtype, list[int], int, int]:
    try:
        dtype, shape, (begin, end) = DTYPES[entry["dtype"]], entry["shape"], entry["data_offsets"]
        size = math.prod(shape) * dtype.itemsize
        if min([begin, *shape]) < 0 or end - begin != size:
            raise ValueError(f"{name} has other bytes than its shape needs")
    except (KeyError, TypeError) as error:
        raise ValueError(f"the entry of {name} isn't understood") from error
    return dtype, shape, begin, end


def from_safetensors(data: bytes) -> tuple[dict[str, Tensor], dict[str, str]]:
    """See the stub."""
    length = int.from_bytes(data[:8], "little")
    if len(data) < 8 + length:
        raise ValueError("the file is too short")
    header = json.loads(data[8 : 8 + length].decode())
    if not isinstance(header, dict):
        raise ValueError("the header is no object")
    metadata = header.pop("__metadata__", {})
    body = data[8 + length :]
    entries = {name: _entry(name, entry) for name, entry in header.items()}
    reached = 0
    for begin, end in sorted(entry[2:] for entry in entries.values()):
        if begin != reached:
            raise ValueError("tensors overlap, or there is a hole between them")
        reached = end
    if reached != len(body):
        raise ValueError("the tensors don't cover the data")
    state = {}
    for name, (dtype, shape, begin, end) in entries.items():
        flat = torch.frombuffer(bytearray(body[begin:end]), dtype=dtype) if end > begin else torch.empty(0, dtype=dtype)
        state[name] = flat.reshape(shape)
    return state, metadata


def _option(layer: nn.Module, name: str) -> Any:
    value = getattr(layer, name)
    if name == "bias":
        return value is not None
    return list(value) if name in PAIRS else value


def describe(net: nn.Module) -> dict[str, Any]:
    """See the stub."""
    kind = type(net)
    if kind is nn.Sequential:
        return {"kind": "Sequential", "layers": [[name, describe(layer)] for name, layer in net._modules.items()]}
    if kind not in LAYERS:
        raise ValueError(f"a {kind.__name__} can't be described")
    return {"kind": kind.__name__, "options": {name: _option(net, name) for name in LAYERS[kind]}}


def rebuild(description: dict[str, Any]) -> nn.Module:
    """See the stub."""
    try:
        if description["kind"] == "Sequential":
            net = nn.Sequential()
            for name, inner in description["layers"]:
                net.add_module(name, rebuild(inner))
            return net
        kind, options = KINDS[description["kind"]], description["options"]
        if sorted(options) != sorted(LAYERS[kind]):
            raise ValueError(f"these are not the options of {kind.__name__}")
    except (KeyError, TypeError) as error:
        raise ValueError("a description isn't understood") from error
    return kind(**options)


def pack(net: nn.Module) -> bytes:
    """See the stub."""
    return to_safetensors(net.state_dict(), {"architecture": json.dumps(describe(net))})


def unpack(data: bytes) -> nn.Module:
    """See the stub."""
    state, metadata = from_safetensors(data)
    if "architecture" not in metadata:
        raise ValueError("the file doesn't say what the network is")
    net = rebuild(json.loads(metadata["architecture"]))
    net.load_state_dict(state, assign=True)
    return net.eval()
