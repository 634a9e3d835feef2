"""A network in one file that any language can read: safetensors for the numbers, JSON for the architecture.

Read the lesson first (`tutor lesson model_formats`); `tutor hint` helps when you are stuck. All of torch and the
standard library is yours to use, but not the safetensors package: you write it.
"""

from typing import Any

from torch import Tensor, nn

# A safetensors file:
#     8 bytes      N, the length of the header, a whole number, little-endian
#     N bytes      the header: a JSON object in UTF-8, which may end with spaces
#     the rest     the data: the tensors' numbers, little-endian, row-major, nothing before, between or behind them
# The header has for each tensor, by name, {"dtype": …, "shape": [2, 3], "data_offsets": [begin, end]}; begin and end
# count bytes from where the data begins. It may have one further key, "__metadata__": an object from texts to texts.
# The dtypes are
#     F64 F32 F16 BF16    torch.float64, float32, float16, bfloat16
#     I64 I32 I16 I8      torch.int64, int32, int16, int8
#     U8 BOOL             torch.uint8, torch.bool


def to_safetensors(state: dict[str, Tensor], metadata: dict[str, str]) -> bytes:
    """Write a file.

    Args:
        state: on the CPU, of any shape, also with no axes or no elements; contiguous or not. Must not be changed.
        metadata: texts for "__metadata__", which is left out if there are none.

    Returns:
        The file. The tensors' numbers follow one another in the order of `state`. The header ends with so many spaces,
        0 to 7, that the data begins at a multiple of 8 bytes from the beginning of the file.

    Raises:
        ValueError: if a tensor has another dtype, or is called "__metadata__".
    """
    raise NotImplementedError


def from_safetensors(data: bytes) -> tuple[dict[str, Tensor], dict[str, str]]:
    """Read a file, whoever wrote it.

    Args:
        data: the file. Its tensors may lie in another order than they are named in, and the data may begin anywhere.

    Returns:
        state: the tensors by name, each with memory of its own: writing to it must not change `data`.
        metadata: empty if the file has none.

    Raises:
        ValueError: if the file is shorter than it says, the header is no JSON object, an entry lacks a field or has a
            dtype that isn't listed, a tensor's bytes aren't as many as its shape needs or reach over an end of the
            data; or if tensors overlap, or some of the data belongs to no tensor.
    """
    raise NotImplementedError


def describe(net: nn.Module) -> dict[str, Any]:
    """A network's architecture as data, for JSON.

    Args:
        net: one of these layers. It's described as {"kind": its class's name, "options": {…}}, with these options,
            named as in the layer's constructor (and, but for bias, as its attributes), and no others:

                Linear                   in_features, out_features, bias
                Conv2d                   in_channels, out_channels, kernel_size, stride, padding, dilation, groups, bias
                BatchNorm1d, BatchNorm2d num_features, eps, momentum
                Dropout                  p
                ReLU, Flatten            none

            bias is True or False; kernel_size, stride, padding and dilation are lists of two numbers (padding is given
            in numbers). All that isn't listed has its default. An nn.Sequential, of layers and further Sequentials, is
            {"kind": "Sequential", "layers": [[name, description], …]}, in order, with the names that they have in it.

    Raises:
        ValueError: if a module is of another class; a subclass of one of these is another class.
    """
    raise NotImplementedError


def rebuild(description: dict[str, Any]) -> nn.Module:
    """The network of a description, with torch's own first weights.

    Args:
        description: as `describe` returns it, after a way through JSON; or anything else that JSON can hold.

    Raises:
        ValueError: if a kind isn't one of those listed in `describe`, or if the options aren't just its options.
            Nothing of that kind may be made.
    """
    raise NotImplementedError


def pack(net: nn.Module) -> bytes:
    """A network in one file: its state_dict as a safetensors file, with the JSON text of its description in the
    metadata, under "architecture".

    Raises:
        ValueError: as `describe` does.
    """
    raise NotImplementedError


def unpack(data: bytes) -> nn.Module:
    """The network of such a file, in evaluation mode. Its tensors have the dtypes of the file; it can be trained on.

    Raises:
        ValueError: as `from_safetensors` and `rebuild` do; or if there is no "architecture", or it isn't JSON.
    """
    raise NotImplementedError
