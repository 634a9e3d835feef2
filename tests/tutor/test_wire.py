"""The wire carries data and nothing else, and believes no length."""

import json
import math
import struct

import numpy as np
import pytest
import torch

from tutor.grading import wire
from tutor.testkit import strided


def travel(value):
    blob = {}
    message = {"value": wire.encode(value, blob)}
    frame = wire.Unpacker()
    data = wire.pack(message, blob)
    while frame.missing:
        step, data = data[: frame.missing], data[frame.missing :]
        frame.feed(step)
    received, tensors = frame.take()
    return wire.decode(received["value"], tensors)


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        3,
        -(2**70),
        0.1,
        -math.inf,
        "naïve",
        [],
        (1, [2, (3,)]),
        {"a": 1, 2: (None,)},
        torch.float64,
    ],
)
def test_plain_values_arrive_as_they_were(value):
    arrived = travel(value)
    assert arrived == value and type(arrived) is type(value)


def test_numbers_of_numpys_arrive_as_plain_ones():
    arrived = travel([np.float64(0.5), np.float32(0.25), np.int64(3), np.bool_(True), {np.int64(1): np.str_("a")}])
    assert arrived == [0.5, 0.25, 3, True, {1: "a"}]
    assert [type(value) for value in arrived[:4]] == [float, float, int, bool]


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.bfloat16, torch.int64, torch.bool, torch.uint8])
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 0, 3), (4, 1, 2)])
def test_tensors_arrive_bit_for_bit(dtype, shape):
    value = (torch.randn(shape) * 3).to(dtype)
    arrived = travel(value)
    assert arrived.dtype == dtype and arrived.shape == shape and torch.equal(arrived, value)


def test_strides_arrive_too():
    x = torch.randn(4, 5, 6)
    for view in (x.transpose(0, 2), x[:, ::2], strided(x), torch.randn(1, 3).expand(4, 3)):
        arrived = travel(view)
        assert torch.equal(arrived, view) and arrived.stride() == view.stride()


def test_arrays_arrive_as_arrays():
    for value in (
        np.arange(6.0).reshape(2, 3),
        np.array(1.5, dtype=np.float32),
        np.zeros((0, 2), dtype=np.int64),
    ):
        arrived = travel(value)
        assert isinstance(arrived, np.ndarray) and arrived.dtype == value.dtype
        assert np.array_equal(arrived, value) and arrived.shape == value.shape


@pytest.mark.parametrize(
    "value, where",
    [
        (lambda: 1, "result"),
        ([1, (2, {"cache": object()})], "result[1][1]['cache']"),
        ({1, 2}, "result"),
        (torch.eye(2).to_sparse(), "result"),
        (np.array(["a"]), "result"),
    ],
)
def test_what_is_not_data_is_named_with_its_place(value, where):
    with pytest.raises(wire.NotData) as error:
        wire.encode(value, {})
    assert error.value.where == where


def test_endless_nesting_is_refused():
    value: list = []
    value.append(value)
    with pytest.raises(wire.NotData, match="nested"):
        wire.encode(value, {})


def frame_of(data: bytes) -> wire.Unpacker:
    frame = wire.Unpacker()
    frame.feed(data)
    return frame


@pytest.mark.parametrize("lengths", [(wire.MAX_JSON + 1, 0), (2, wire.MAX_BLOB + 1), (0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF)])
def test_announced_lengths_are_bounded_before_anything_is_read(lengths):
    with pytest.raises(wire.ProtocolError):
        _ = frame_of(struct.pack("<IQ", *lengths)).missing


def huge_header() -> bytes:
    """A safetensors blob whose header promises more elements than it has bytes."""
    header = json.dumps({"0": {"dtype": "F64", "shape": [1 << 40], "data_offsets": [0, 8]}}).encode()
    return struct.pack("<Q", len(header)) + header + b"\0" * 8


@pytest.mark.parametrize("text, blob", [(b"not json", b""), (b"[1]", b""), (b"{}", b"junk"), (b"{}", huge_header())])
def test_frames_that_hold_no_message_are_refused(text, blob):
    frame = frame_of(struct.pack("<IQ", len(text), len(blob)) + text + blob)
    with pytest.raises(wire.ProtocolError):
        frame.take()


@pytest.mark.parametrize(
    "structure",
    [{"tensor": "9"}, {"dtype": "nn"}, {"tuple": 3}, {"dict": [[1]]}, {}, {"dict": [[[], 1]]}, {"dtype": 3}],
)
def test_structures_that_encode_never_makes_are_refused(structure):
    with pytest.raises(wire.ProtocolError):
        wire.decode(structure, {})


def test_strides_that_do_not_fit_are_refused():
    with pytest.raises(wire.ProtocolError):
        wire.decode({"tensor": "0", "stride": [1]}, {"0": torch.zeros(2, 3)})
    far = wire.decode({"tensor": "0", "stride": [1 << 40, 1]}, {"0": torch.zeros(2, 3)})
    assert far.is_contiguous()


def test_what_lies_between_the_elements_of_a_view_is_always_the_same():
    spaced = wire.restride(torch.arange(3.0), [2])
    assert spaced.tolist() == [0, 1, 2] and spaced.as_strided((5,), (1,)).isnan().tolist() == [False, True] * 2 + [
        False
    ]
    assert wire.restride(torch.arange(3), [2]).as_strided((5,), (1,)).tolist() == [0, 0, 1, 0, 2]
