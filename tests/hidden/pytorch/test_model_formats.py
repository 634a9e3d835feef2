"""Files are read and written by the safetensors library; networks are built in the worker."""

import json

import pytest
import safetensors.torch as library
import torch

from tutor.testkit import assert_matches, assert_raises, strided

DTYPES = [torch.float64, torch.float32, torch.float16, torch.bfloat16]
DTYPES += [torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8, torch.bool]
SIZES = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2, "I64": 8, "I32": 4, "I16": 2, "I8": 1, "U8": 1, "BOOL": 1}


def numbers(draw, dtype, *shape):
    if dtype.is_floating_point:
        return draw.normal(*shape, dtype=dtype)
    low, high = {torch.bool: (0, 2), torch.uint8: (0, 256), torch.int8: (-128, 128)}.get(dtype, (-9999, 9999))
    return draw.integers(low, high, *shape).to(dtype)


def order_of(data):
    """The tensors' names as their bytes lie in the file (or what is wrong with it), its metadata, and its alignment."""
    if not isinstance(data, bytes):
        return f"this is no file, but {type(data).__name__}", None, None
    length = int.from_bytes(data[:8], "little")
    if length > len(data) - 8:
        return "the first eight bytes are not the header's length", None, None
    text = data[8 : 8 + length]
    header = json.loads(text)
    metadata = header.pop("__metadata__", None)
    begins = {name: entry["data_offsets"] for name, entry in header.items()}
    spaces = length - len(text.rstrip(b" "))
    return sorted(begins, key=begins.get), metadata, [(8 + length) % 8, spaces < 8]


def written(solution, state, metadata):
    """What the library reads in the learner's file, and what it doesn't show."""
    data = solution.to_safetensors(state, metadata)
    order, kept, beyond = order_of(data)
    return library.load(data) if isinstance(order, list) else order, order, kept, beyond


WRITTEN = (
    "what the library reads",
    "the order of the data",
    "the metadata",
    "where the data begins, modulo 8, and whether less than 8 spaces precede it",
)


def check_written(learner, state, metadata=None):
    plain = {name: value.contiguous() for name, value in state.items()}
    expected = (plain, [name for name, value in state.items() if value.numel()], metadata or None, [0, True])
    state_read, order, kept, beyond = four(learner.run(written, state, metadata or {}))
    if isinstance(order, list):
        order = [name for name in order if name in state and state[name].numel()]
    assert_matches((state_read, order, kept, beyond), expected, WRITTEN, rtol=0)


def four(result):
    return result if isinstance(result, tuple | list) and len(result) == 4 else (result, None, None, None)


def test_a_state_is_written(learner, draw):
    check_written(learner, {"w": draw.normal(3, 5), "a.bias": draw.normal(4), "c": draw.normal(2, 3, 4)})


@pytest.mark.builds_on("test_a_state_is_written")
@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_every_dtype_is_written(learner, draw, dtype):
    check_written(learner, {"b": numbers(draw, dtype, 3, 5), "a": numbers(draw, torch.int8, 3)})


@pytest.mark.builds_on("test_a_state_is_written")
def test_scalars_empty_tensors_and_no_tensors_are_written(learner, draw):
    odd = {
        "z": draw.normal(),
        "n": torch.tensor(7),
        "e": torch.zeros(3, 0, 2, dtype=torch.float32),
        "a": draw.normal(2),
    }
    check_written(learner, odd)
    check_written(learner, {})


@pytest.mark.builds_on("test_a_state_is_written")
def test_tensors_that_are_not_contiguous_are_written_row_by_row(learner, draw):
    check_written(learner, {"t": strided(draw.normal(3, 4)), "s": draw.normal(5, 6)[1:4, ::2]})


@pytest.mark.builds_on("test_a_state_is_written")
@pytest.mark.parametrize("name", ["w", "weight", "größe", "層.0"])
def test_metadata_and_names_of_any_length_and_script(learner, draw, name):
    state = {name: draw.normal(2, 3), "v" * draw.integer(1, 9): draw.normal(3)}
    check_written(learner, state, {"format": "pt", name: "Maß " * draw.integer(1, 5)})


@pytest.mark.builds_on("test_a_state_is_written")
@pytest.mark.parametrize("kind", ["a complex dtype", "a name that is taken"])
def test_what_cannot_be_written_is_refused(learner, kind):
    assert_raises(ValueError, learner.run, write_odd, kind)


def write_odd(solution, kind):
    state = {"w": torch.zeros(2)}
    if kind == "a complex dtype":
        state["c"] = torch.zeros(3, dtype=torch.complex64)
    else:
        state["__metadata__"] = torch.zeros(3)
    return repr(solution.to_safetensors(state, {}))


def as_bytes(tensor):
    return bytes(tensor.tolist())


def as_tensor(data):
    return torch.tensor(list(data), dtype=torch.uint8)


def loaded(solution, data):
    """What the learner reads, after 1 was added to it in place, and whether the file survived that."""
    file = as_bytes(data)
    result = solution.from_safetensors(file)
    if not (isinstance(result, tuple | list) and len(result) == 2 and isinstance(result[0], dict)):
        return result
    for value in result[0].values():
        if isinstance(value, torch.Tensor) and value.dtype != torch.bool:
            value += 1
    return *result, file == as_bytes(data)


LOADED = ("the state (to which the test added 1)", "the metadata", "the file's bytes are as they were")


def check_loaded(learner, data, state, metadata=None):
    more = {name: value if value.dtype == torch.bool else value + 1 for name, value in state.items()}
    assert_matches(learner.run(loaded, as_tensor(data)), (more, metadata or {}, True), LOADED, rtol=0)


def test_a_file_of_the_library_is_read(learner, draw):
    state = {"w": draw.normal(3, 5), "a.bias": draw.normal(4), "c": draw.normal(2, 3, 4)}
    check_loaded(learner, library.save(state), state)
    check_loaded(learner, library.save(state, {"format": "pt", "größe": "3"}), state, {"format": "pt", "größe": "3"})


@pytest.mark.builds_on("test_a_file_of_the_library_is_read")
@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_every_dtype_is_read(learner, draw, dtype):
    state = {"b": numbers(draw, dtype, 3, 5), "a": numbers(draw, torch.int16, 3)}
    check_loaded(learner, library.save(state), state)


@pytest.mark.builds_on("test_a_file_of_the_library_is_read")
def test_scalars_empty_tensors_and_no_tensors_are_read(learner, draw):
    state = {"z": draw.normal(), "e": torch.zeros(3, 0, 2), "n": torch.tensor(7), "a": draw.normal(2)}
    check_loaded(learner, library.save(state), state)
    check_loaded(learner, library.save({}), {})


def a_file(header, body, spaces=0):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    text += b" " * spaces
    return len(text).to_bytes(8, "little") + text + body


def entry(begin, end, shape, dtype="F32"):
    return {"dtype": dtype, "shape": shape, "data_offsets": [begin, end]}


def raw(tensor):
    return as_bytes(tensor.contiguous().reshape(-1).view(torch.uint8))


@pytest.mark.builds_on("test_a_file_of_the_library_is_read")
@pytest.mark.parametrize("spaces", [0, 1, 2, 3])
def test_tensors_in_another_order_that_begin_anywhere(learner, draw, spaces):
    a, b, c = (draw.normal(*shape, dtype=torch.float32) for shape in ((2, 3), (5,), (4, 1)))
    header = {
        "a": entry(16, 40, [2, 3]),
        "__metadata__": {"by": "hand"},
        "b": entry(40, 60, [5]),
        "c": entry(0, 16, [4, 1]),
    }
    data = a_file(header, raw(c) + raw(a) + raw(b), spaces)
    check_loaded(learner, data, {"a": a, "b": b, "c": c}, {"by": "hand"})


def broken(kind):
    good = {"a": entry(0, 8, [2]), "b": entry(8, 20, [3])}
    body = bytes(range(20))
    files = {
        "nothing at all": [b"", b"\0\0\0"],
        "a file that ends too early": [a_file(good, body)[:-1], a_file(good, body)[:60], a_file(good, body)[:9]],
        "a header that is no JSON object": [a_file(b"{'a': 1}", b""), a_file(b"[]", b""), a_file(b"\xff\xfe{}", b"")],
        "a header of an absurd length": [b"\xff" * 8 + b"{}", (10**9).to_bytes(8, "little") + b"{}"],
        "an unknown dtype": [a_file({"a": entry(0, 8, [2], "C64")}, body[:8])],
        "an entry without a field": [
            a_file({"a": {key: value for key, value in entry(0, 8, [2]).items() if key != missing}}, body[:8])
            for missing in ("dtype", "shape", "data_offsets")
        ],
        "bytes that do not fit the shape": [
            a_file({"a": entry(0, 8, [3])}, body[:8]),
            a_file({"a": entry(0, 12, [2])}, body[:12]),
            a_file({"a": entry(0, 8, [2], "F16")}, body[:8]),
            a_file({"a": entry(0, 8, [-1, -2])}, body[:8]),
        ],
        "tensors that overlap": [
            a_file({"a": entry(0, 8, [2]), "b": entry(4, 16, [3])}, body[:16]),
            a_file({"a": entry(0, 8, [2]), "b": entry(0, 8, [2])}, body[:8]),
        ],
        "data that belongs to nobody": [
            a_file(good, body + b"x"),
            a_file({"a": entry(4, 12, [2])}, body[:12]),
            a_file({"a": entry(0, 8, [2]), "b": entry(12, 24, [3])}, body + b"1234"),
        ],
        "a tensor before the beginning": [a_file({"a": entry(-4, 4, [2])}, body[:8])],
    }
    return files[kind]


@pytest.mark.builds_on("test_a_file_of_the_library_is_read")
@pytest.mark.parametrize(
    "kind",
    [
        "nothing at all",
        "a file that ends too early",
        "a header that is no JSON object",
        "a header of an absurd length",
        "an unknown dtype",
        "an entry without a field",
        "bytes that do not fit the shape",
        "tensors that overlap",
        "data that belongs to nobody",
        "a tensor before the beginning",
    ],
)
def test_a_file_that_is_broken_is_refused(learner, kind):
    for data in broken(kind):
        assert_raises(ValueError, learner.run, loaded, as_tensor(data))


def layer(kind, **options):
    return {"kind": kind, "options": options}


def conv(c_in, c_out, kernel, stride, padding, dilation, groups, bias):
    pairs = {"kernel_size": kernel, "stride": stride, "padding": padding, "dilation": dilation}
    return layer("Conv2d", in_channels=c_in, out_channels=c_out, **pairs, groups=groups, bias=bias)


def linear(inside, outside, bias=True):
    return layer("Linear", in_features=inside, out_features=outside, bias=bias)


def in_order(*layers):
    return {"kind": "Sequential", "layers": [[str(number), one] for number, one in enumerate(layers)]}


NORM = layer("BatchNorm2d", num_features=4, eps=0.2, momentum=0.3)
IMAGES = in_order(
    conv(2, 4, [3, 2], [2, 1], [0, 3], [1, 2], 2, True),
    NORM,
    layer("ReLU"),
    conv(4, 3, [2, 3], [1, 2], [1, 0], [2, 1], 1, False),
    layer("Dropout", p=0.3),
    layer("Flatten"),
)
ROWS = in_order(linear(5, 4), layer("BatchNorm1d", num_features=4, eps=0.1, momentum=None), linear(4, 2, False))
NESTED = {
    "kind": "Sequential",
    "layers": [
        ["body", in_order(linear(5, 6), in_order(layer("ReLU"), layer("Dropout", p=0.7)))],
        ["head", {"kind": "Sequential", "layers": [["in", linear(6, 3)], ["out", layer("ReLU")]]}],
        ["empty", in_order()],
    ],
}
DESCRIPTIONS = {
    "a linear layer": linear(3, 2, False),
    "a network for images": IMAGES,
    "a network for rows": ROWS,
    "a nested network": NESTED,
}


def build(description):
    """By torch's own constructors."""
    if description["kind"] == "Sequential":
        net = torch.nn.Sequential()
        for name, inner in description["layers"]:
            net.add_module(name, build(inner))
        return net
    return getattr(torch.nn, description["kind"])(**description["options"])


def described(solution, description):
    result = solution.describe(build(description))
    return result, json.loads(json.dumps(result)) == result


@pytest.mark.parametrize("which", DESCRIPTIONS)
def test_a_network_is_described(learner, which):
    names = ("the description", "that it comes back from JSON as it was")
    assert_matches(learner.run(described, DESCRIPTIONS[which]), (DESCRIPTIONS[which], True), names)


def described_twice(solution):
    relu, line = torch.nn.ReLU(), torch.nn.Linear(4, 4)
    return solution.describe(torch.nn.Sequential(line, relu, line, relu))


@pytest.mark.builds_on("test_a_network_is_described")
def test_a_layer_in_two_places_is_described_twice(learner):
    expected = in_order(linear(4, 4), layer("ReLU"), linear(4, 4), layer("ReLU"))
    assert_matches(learner.run(described_twice), expected, "the description")


def described_odd(solution, kind):
    class Doubled(torch.nn.Linear):
        def forward(self, x):
            return 2 * super().forward(x)

    odd = {"Tanh": torch.nn.Tanh(), "a subclass of Linear": Doubled(3, 3), "LayerNorm": torch.nn.LayerNorm(3)}[kind]
    return solution.describe(torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.Sequential(odd)))


@pytest.mark.builds_on("test_a_network_is_described")
@pytest.mark.parametrize("kind", ["Tanh", "a subclass of Linear", "LayerNorm"])
def test_other_classes_are_refused(learner, kind):
    assert_raises(ValueError, learner.run, described_odd, kind)


def told(net):
    """All about a network: its layers as torch prints them, and the shapes of its state."""
    return [f"{name}: {layer!r}" for name, layer in net.named_modules()] if hasattr(net, "named_modules") else repr(net)


def rebuilt(solution, description):
    return told(solution.rebuild(description))


@pytest.mark.parametrize("which", DESCRIPTIONS)
def test_a_network_is_rebuilt(learner, which):
    description = json.loads(json.dumps(DESCRIPTIONS[which]))
    expected = told(build(description))
    actual = learner.run(rebuilt, description)
    assert_matches(actual, expected, "the layers of the network, as torch prints them,")


ODD = {
    "a class that is not listed": [layer("Tanh"), layer("LayerNorm", normalized_shape=3), in_order(layer("GELU"))],
    "no class at all": [layer("Module"), layer("functional"), layer("__class__"), {"options": {}}, {"kind": None}],
    "options too many": [
        layer("ReLU", inplace=True),
        linear(3, 2) | {"options": linear(3, 2)["options"] | {"device": "cpu"}},
    ],
    "options too few": [layer("Linear", in_features=3, out_features=2), layer("Dropout"), {"kind": "ReLU"}],
    "no description": [None, [], "ReLU", 3],
}


@pytest.mark.builds_on("test_a_network_is_rebuilt")
@pytest.mark.parametrize("kind", ODD)
def test_a_description_that_makes_no_sense_is_refused(learner, kind):
    for description in ODD[kind]:
        assert_raises(ValueError, learner.run, rebuilt, description)


def filled(description, state):
    net = build(description)
    net.load_state_dict(state, assign=True)
    return net


def random_state(draw, description, dtype):
    state = {}
    for name, value in build(description).state_dict().items():
        counted = name.endswith("num_batches_tracked")
        state[name] = torch.tensor(draw.integer(2, 99)) if counted else draw.normal(*value.shape, dtype=dtype).abs()
    return state


def packed(solution, description, state):
    data = solution.pack(filled(description, state))
    order, metadata, _ = order_of(data)
    if not isinstance(order, list):
        return order, None
    architecture = (metadata or {}).get("architecture")
    try:
        architecture = json.loads(architecture)
    except (TypeError, ValueError):
        architecture = f"no JSON: {architecture!r}"
    return library.load(data), architecture


@pytest.mark.parametrize("which", DESCRIPTIONS)
def test_a_network_is_packed(learner, draw, which):
    state = random_state(draw, DESCRIPTIONS[which], torch.float64)
    expected = (state, DESCRIPTIONS[which])
    actual = learner.run(packed, DESCRIPTIONS[which], state)
    assert_matches(actual, expected, ("the tensors in the file", "the architecture in the file"), rtol=0)


def unpacked(solution, data):
    net = solution.unpack(as_bytes(data))
    if not isinstance(net, torch.nn.Module):
        return repr(net), None, None, None, None
    trained = [isinstance(value, torch.nn.Parameter) and value.requires_grad for value in net.parameters()]
    return told(net), dict(net.state_dict()), net.training, len(trained), all(trained)


def a_packed_file(description, state):
    return as_tensor(library.save(state, {"architecture": json.dumps(description)}))


UNPACKED = (
    "the layers of the network",
    "its state",
    "in training mode",
    "the number of parameters",
    "whether they require gradients",
)


@pytest.mark.builds_on("test_a_file_of_the_library_is_read", "test_a_network_is_rebuilt")
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.bfloat16], ids=str)
@pytest.mark.parametrize("which", ["a linear layer", "a network for images", "a nested network"])
def test_a_network_is_unpacked(learner, draw, which, dtype):
    state = random_state(draw, DESCRIPTIONS[which], dtype)
    net = filled(DESCRIPTIONS[which], state)
    actual = learner.run(unpacked, a_packed_file(DESCRIPTIONS[which], state))
    assert_matches(actual, (told(net), state, False, len(list(net.parameters())), True), UNPACKED, rtol=0)


@pytest.mark.builds_on("test_a_network_is_unpacked")
@pytest.mark.parametrize("metadata", [None, {"format": "pt"}, {"architecture": "{'kind': 'ReLU'}"}])
def test_a_file_without_an_architecture_is_refused(learner, draw, metadata):
    data = as_tensor(library.save({"weight": draw.normal(2, 3)}, metadata))
    assert_raises(ValueError, learner.run, unpacked, data)
