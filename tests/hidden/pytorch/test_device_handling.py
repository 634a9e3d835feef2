"""What is on which device, told by name: "meta" stands in for a GPU. Values are compared on the CPU."""

import io
import pickle

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches, assert_raises

MACHINES = [
    {},
    {"cuda": 0},
    {"cuda": 1},
    {"cuda": 3},
    {"mps": 1},
    {"cuda": 0, "mps": 1},
    {"cuda": 2, "mps": 1},
    {"cpu": 0},
]


# --- choosing -----------------------------------------------------------------------------------------------------


def test_auto_takes_the_best_there_is(learner):
    for found in MACHINES:
        best = "cuda:0" if found.get("cuda") else "mps" if found.get("mps") else "cpu"
        assert_matches(learner.choose_device("auto", found), best, f"auto on a machine with {found}")
    assert_inputs_unchanged(learner)


def test_what_is_there_can_be_had(learner):
    for found in MACHINES:
        wanted = {"cpu": "cpu"} | {f"cuda:{n}": f"cuda:{n}" for n in range(found.get("cuda", 0))}
        wanted |= {"cuda": "cuda:0"} if found.get("cuda") else {}
        wanted |= {"mps": "mps"} if found.get("mps") else {}
        for asked, device in wanted.items():
            assert_matches(learner.choose_device(asked, found), device, f"{asked} on a machine with {found}")


@pytest.mark.parametrize(
    "wanted, found",
    [
        ("cuda", {}),
        ("cuda:0", {"cuda": 0, "mps": 1}),
        ("cuda:1", {"cuda": 1}),
        ("cuda:3", {"cuda": 3}),
        ("mps", {"cuda": 2}),
        ("xpu", {"cuda": 1}),
    ],
    ids=str,
)
def test_what_is_not_there_is_refused(learner, wanted, found):
    assert_raises(ValueError, learner.choose_device, wanted, found)


# --- moving -------------------------------------------------------------------------------------------------------


def told(value):
    """What a structure holds: of tensors the device, the dtype and the shape; of tuples and lists the type as well."""
    if isinstance(value, torch.Tensor):
        return {"device": str(value.device), "dtype": value.dtype, "shape": tuple(value.shape)}
    if isinstance(value, dict):
        return {key: told(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return {type(value).__name__: [told(item) for item in value]}
    return value


def moved(solution, batch, device, dtype):
    return told(solution.move(batch, device, dtype))


def a_batch(draw):
    images, labels = draw.normal(4, 3, 5, dtype=torch.float32), draw.integers(0, 9, 4)
    mask = draw.normal(4, 6) > 0
    return {"x": (images, {"labels": labels, "names": ["a", "b"]}), "mask": [mask, draw.normal(2), None], "epoch": 3}


def on(value, device, dtype):
    """What has to come of it."""
    if isinstance(value, torch.Tensor):
        kept = dtype is None or not value.is_floating_point()
        return {"device": device, "dtype": value.dtype if kept else dtype, "shape": tuple(value.shape)}
    if isinstance(value, dict):
        return {key: on(item, device, dtype) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return {type(value).__name__: [on(item, device, dtype) for item in value]}
    return value


def test_a_tensor_is_moved(learner, draw):
    x = draw.normal(4, 3)
    assert_matches(learner.run(moved, x, "meta", None), on(x, "meta", None), "what was moved")


@pytest.mark.builds_on("test_a_tensor_is_moved")
@pytest.mark.parametrize("device", ["cpu", "meta"])
def test_a_batch_of_any_structure_is_moved(learner, draw, device):
    batch = a_batch(draw)
    assert_matches(learner.run(moved, batch, device, None), on(batch, device, None), "what was moved")
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_a_batch_of_any_structure_is_moved")
@pytest.mark.parametrize("device", ["cpu", "meta"])
@pytest.mark.parametrize("dtype", [torch.float64, torch.float16])
def test_only_floating_point_tensors_take_the_dtype(learner, draw, device, dtype):
    batch = a_batch(draw)
    assert_matches(learner.run(moved, batch, device, dtype), on(batch, device, dtype), "what was moved")


@pytest.mark.builds_on("test_a_tensor_is_moved")
def test_values_are_kept(learner, draw):
    batch = a_batch(draw)
    assert_matches(learner.move(batch, "cpu"), batch, "the batch, moved to where it is")


def identities(solution, x, y):
    inner = [x, y]
    batch = (inner, {"x": x})
    out = solution.move(batch, "cpu", x.dtype)
    return out[0][0] is x, out[0][1] is y, out[1]["x"] is x, out[0] is inner, batch[0] is inner and inner[0] is x


@pytest.mark.builds_on("test_a_batch_of_any_structure_is_moved")
def test_what_is_right_already_is_not_copied(learner, draw):
    names = (
        "the first tensor is the same object",
        "the second, of integers, is",
        "and in a dict",
        "the list is",
        "the batch is as it was",
    )
    assert_matches(
        learner.run(identities, draw.normal(3), draw.integers(0, 5, 3)), (True, True, True, False, True), names
    )


# --- a module -----------------------------------------------------------------------------------------------------


def formula(x, gain, mean, std):
    t = torch.arange(x.shape[1], dtype=x.dtype)[None, :, None]
    return gain * (x - mean) / std + t * 2.0 ** -torch.arange(len(mean), dtype=x.dtype)


def output(solution, x, gain, mean, std):
    net = solution.Positions(mean, std)
    with torch.no_grad():
        net.gain.copy_(gain)
        return net(x)


@pytest.mark.parametrize("shape", [(4, 5, 3), (1, 7, 2), (3, 1, 4)])
def test_the_output(learner, draw, shape):
    x, gain, mean = draw.normal(*shape), draw.normal(shape[-1]) + 2, draw.normal(shape[-1])
    std = draw.uniform(shape[-1], low=0.5, high=2.0)
    assert_matches(learner.run(output, x, gain, mean, std), formula(x, gain, mean, std), "the output", terms=4)


def state(solution, mean, std):
    net = solution.Positions(mean, std)
    saved = {name: value.clone() for name, value in net.state_dict().items()}
    mean.add_(1)
    std.mul_(2)
    names = sorted(name for name, _ in net.named_parameters())
    return names, saved, {"mean": net.mean.clone(), "std": net.std.clone()}


def test_what_is_saved_and_what_learns(learner, draw):
    mean, std = draw.normal(3), draw.uniform(3, low=0.5, high=2.0)
    expected = ["gain"], {"gain": torch.ones(3).double(), "mean": mean, "std": std}, {"mean": mean, "std": std}
    names = "the list of parameters", "the state", "what the module has after the tensors given were changed"
    assert_matches(learner.run(state, mean.clone(), std.clone()), expected, names)


def elsewhere(solution, x, mean, std, device, dtype):
    net = solution.Positions(mean, std).to(device, dtype)
    out = net(x.to(device, dtype))
    return {"the output": told(out), "rates": told(net.rates), "mean": told(net.mean), "gain": told(net.gain)}


@pytest.mark.builds_on("test_the_output")
@pytest.mark.parametrize("device", ["meta", "cpu"])
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.float16])
def test_it_works_wherever_it_is_moved(learner, draw, device, dtype):
    x, mean, std = draw.normal(2, 5, 3), draw.normal(3), draw.uniform(3, low=0.5, high=2.0)
    vector = {"device": device, "dtype": dtype, "shape": (3,)}
    expected = {"the output": vector | {"shape": (2, 5, 3)}, "rates": vector, "mean": vector, "gain": vector}
    assert_matches(learner.run(elsewhere, x, mean, std, device, dtype), expected, f"after .to({device!r}, {dtype})")


# --- loading ------------------------------------------------------------------------------------------------------


def saved(value):
    data = io.BytesIO()
    torch.save(value, data)
    return data.getvalue()


def loaded(solution, state, before, device):
    """Save a state whose tensors are on the device `before`, and load it."""
    put = {key: value.to(before) if isinstance(value, torch.Tensor) else value for key, value in state.items()}
    return told(solution.load_onto(saved(put), device))


@pytest.mark.parametrize("before, device", [("cpu", "meta"), ("cpu", "cpu")])
def test_a_checkpoint_is_loaded_onto_the_device(learner, draw, before, device):
    state = {"weight": draw.normal(3, 4), "steps": draw.integers(0, 9, 1), "epoch": 7, "name": "run"}
    assert_matches(learner.run(loaded, state, before, device), on(state, device, None), "what was loaded")


def loaded_values(solution, state):
    return solution.load_onto(saved(state), "cpu")


def test_loading_keeps_the_values(learner, draw):
    state = {"layers": {"weight": draw.normal(3, 4, dtype=torch.float32), "bias": draw.normal(3)}, "rates": [0.1, 0.2]}
    assert_matches(learner.run(loaded_values, state), state, "what was loaded")


def trapped(solution):
    class Trap:
        def __reduce__(self):
            return print, ("code that was in the file has run",)

    data = saved({"weight": torch.ones(2), "trap": Trap()})
    try:
        solution.load_onto(data, "cpu")
    except pickle.UnpicklingError:
        return "refused"
    except NotImplementedError:
        raise
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return "the code in the file was run"


def test_loading_runs_no_code(learner):
    assert_matches(learner.run(trapped), "refused", "a file with code in it")


# --- strays -------------------------------------------------------------------------------------------------------


def network(learner_or_solution, places):
    """A network whose tensors are on the devices in `places`, by name; all others on the CPU."""
    inner = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.BatchNorm1d(4))
    net = torch.nn.ModuleDict({"encoder": inner, "head": torch.nn.Linear(4, 2)})
    net.scale = torch.ones(2)
    net.encoder[1].offset = torch.zeros(4)
    net.head.names = ["a", "b"]
    for name, device in places.items():
        path, _, last = name.rpartition(".")
        module = net.get_submodule(path)
        value = getattr(module, last).detach().to(device)
        setattr(module, last, torch.nn.Parameter(value) if last in module._parameters else value)
    return net


def strays(solution, places, device):
    return solution.find_strays(network(solution, places), device)


NAMES = ["encoder.0.bias", "encoder.0.weight", "encoder.1.bias", "encoder.1.num_batches_tracked", "encoder.1.offset"]
NAMES += ["encoder.1.running_mean", "encoder.1.running_var", "encoder.1.weight", "head.bias", "head.weight", "scale"]


def test_nothing_is_astray(learner):
    assert_matches(learner.run(strays, {}, "cpu"), [], "the strays of a network that is all on the CPU")
    everywhere = dict.fromkeys(NAMES, "meta")
    assert_matches(learner.run(strays, everywhere, "meta"), [], "the strays of a network that is all on meta")


def test_one_that_stayed_behind_is_found(learner):
    for name in NAMES:
        places = {other: "meta" for other in NAMES if other != name}
        assert_matches(learner.run(strays, places, "meta"), [name], f"the strays, where only {name} is on the CPU")


@pytest.mark.builds_on("test_nothing_is_astray", "test_one_that_stayed_behind_is_found")
def test_several_that_stayed_behind_are_found_in_order(learner, draw):
    for _ in range(6):
        places = {name: "meta" for name in NAMES if draw.integer(0, 2)}
        left = [name for name in NAMES if name not in places]
        assert_matches(learner.run(strays, places, "meta"), left, "the strays")
        assert_matches(learner.run(strays, places, "cpu"), sorted(places), "the strays")
