"""Networks are built, saved and loaded in the worker; what comes back is their tensors."""

import io

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches, assert_raises


def build(config):
    """A network of the width that the config says, with a buffer (of batch normalisation) in it."""
    layers = [torch.nn.Linear(3, config["width"]), torch.nn.BatchNorm1d(config["width"])]
    layers += [torch.nn.Linear(config["width"], size) for size in config["heads"]]
    return torch.nn.Sequential(*layers).double()


def fill(net, seed):
    """Random numbers for everything in its state."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for value in net.state_dict().values():
            value.copy_(torch.randint(1, 1000, value.shape, generator=generator))
    return net


def filled_state(config, seed):
    return {name: value.clone() for name, value in fill(build(config), seed).state_dict().items()}


def there_and_back(solution, config, seed):
    """The state of the network that was loaded, its mode, its kind, and whether the file is data."""
    data = solution.save(fill(build(config), seed), config)
    built = []

    def build_and_note(config):
        built.append(dict(config))
        return build(config)

    try:
        torch.load(io.BytesIO(data), weights_only=True)
        plain = True
    except Exception:
        plain = False
    net = solution.load(data, build_and_note)
    return dict(net.state_dict()), net.training, built, plain


@pytest.mark.parametrize("heads", [[2], [4, 1]])
def test_a_network_comes_back_as_it_was(learner, draw, heads):
    config, seed = {"width": draw.integer(4, 7), "heads": heads, "name": "a network"}, draw.integer(0, 1000)
    expected = (filled_state(config, seed), False, [config], True)
    names = ("the state", "in training mode", "the configs with which build was called", "the file holds only data")
    assert_matches(learner.run(there_and_back, config, seed), expected, names)


def size_of_a_view(solution, rows):
    """The size of the file, in units of what the numbers themselves take: for a weight that is a slice of much more."""
    net = torch.nn.Linear(4, rows, bias=False)
    net.weight = torch.nn.Parameter(torch.randn(400 * rows, 4)[:rows])
    return len(solution.save(net, {})) < 20 * rows * 4 * 4


@pytest.mark.builds_on("test_a_network_comes_back_as_it_was")
def test_of_a_view_only_its_own_numbers_are_saved(learner):
    small = learner.run(size_of_a_view, 100)
    assert_matches(small, True, "the file is small when a weight is a view of something 400 times as large")


def compared(solution, config, state):
    return solution.compare(build(config), state)


COMPARED = ("missing", "unexpected", "mismatched")


def test_what_is_missing_unexpected_and_mismatched(learner, draw):
    config = {"width": 5, "heads": [2, 3]}
    state = filled_state(config, 0)
    names = sorted(state)
    order = [names[i] for i in draw.permutation(len(names)).tolist()]
    missing, wrong = sorted(order[:3]), sorted(name for name in order[3:6] if state[name].dim())
    for name in missing:
        del state[name]
    for name in wrong:
        state[name] = torch.zeros(*state[name].shape, 2)
    state |= {"head.weight": torch.zeros(2), "2.gain": torch.zeros(3)}
    actual = learner.run(compared, config, state)
    assert_matches(actual, (missing, ["2.gain", "head.weight"], wrong), COMPARED)


@pytest.mark.builds_on("test_what_is_missing_unexpected_and_mismatched")
def test_a_state_that_fits_and_one_that_is_empty(learner):
    config = {"width": 4, "heads": [2]}
    state = filled_state(config, 0)
    assert_matches(learner.run(compared, config, state), ([], [], []), COMPARED)
    assert_matches(learner.run(compared, config, {}), (sorted(state), [], []), COMPARED)


RENAMINGS = [
    (["module.0.weight", "module.0.bias"], [("module.", "")], ["0.weight", "0.bias"]),
    (["a.weight", "b.a.weight", "ba.weight"], [("a.", "c.")], ["c.weight", "b.a.weight", "ba.weight"]),
    (["a.x", "d.x"], [("a.", "b."), ("b.", "c.")], ["b.x", "d.x"]),
    (["a.x", "b.x", "c.x"], [("a.", "b."), ("b.", "c."), ("c.", "a.")], ["b.x", "c.x", "a.x"]),
    (
        ["enc.0.w", "enc.norm.w", "head.w"],
        [("enc.norm.", "norm."), ("enc.", "body.")],
        ["body.0.w", "norm.w", "head.w"],
    ),
    (["0.w", "1.w"], [("", "net.")], ["net.0.w", "net.1.w"]),
    (["m.m.w", "m.v"], [("m.", "")], ["m.w", "v"]),
    (["a.w"], [], ["a.w"]),
]


@pytest.mark.parametrize("old, rules, new", RENAMINGS)
def test_names_are_changed_at_their_beginning(learner, draw, old, rules, new):
    state = {name: draw.normal(2) for name in old}
    expected = {name: state[before] for name, before in zip(new, old, strict=True)}
    assert_matches(learner.rename(state, rules), expected, "the renamed state")
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_names_are_changed_at_their_beginning")
@pytest.mark.parametrize(
    "old, rules", [(["a.w", "b.w"], [("a.", "b.")]), (["b.w", "a.w"], [("a.", "c."), ("b.", "c.")])]
)
def test_two_tensors_of_one_name_are_refused(learner, draw, old, rules):
    assert_raises(ValueError, learner.rename, {name: draw.normal(2) for name in old}, rules)


def partly(solution, config, seed, state):
    """What is left, the new state, its dtypes, and whether the tensors are the old ones and share nothing."""
    net = fill(build(config), seed)
    objects = {name: id(value) for name, value in (*net.named_parameters(), *net.named_buffers())}
    left = solution.load_partial(net, state)
    after = {name: id(value) for name, value in (*net.named_parameters(), *net.named_buffers())}
    found = {name: value.clone() for name, value in net.state_dict().items()}
    with torch.no_grad():
        for value in state.values():
            value.fill_(-1)
    shared = [name for name, value in net.state_dict().items() if not torch.equal(value, found[name])]
    return left, found, objects == after, shared


@pytest.mark.parametrize("heads", [[2, 3], [3]])
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
def test_what_fits_is_loaded_and_the_rest_stays(learner, draw, heads, dtype):
    config, other = {"width": 5, "heads": [2, 4]}, {"width": 5, "heads": heads}
    seed = draw.integer(0, 1000)
    before, given = filled_state(config, seed), filled_state(other, seed + 1)
    given["0.bias"] = torch.ones(1, dtype=torch.float64)  # would be stretched by copy_
    given["0.weight"] = given["0.weight"].T.clone()  # as many numbers in another shape
    given["extra.weight"] = torch.ones(2, 3, dtype=torch.float64)
    given = {name: value.to(dtype) if value.is_floating_point() else value for name, value in given.items()}
    fitting = [name for name in before if name in given and given[name].shape == before[name].shape]
    state = before | {name: given[name].to(before[name].dtype) for name in fitting}
    left = sorted(set(before) - set(fitting))
    names = ("the names that were left", "the network's state", "its tensors are the same objects", "shares memory")
    actual = learner.run(partly, config, seed, {name: value.clone() for name, value in given.items()})
    assert_matches(actual, (left, state, True, []), names)


def files():
    """Files by what is in them: tensors, more data, a whole network, code, and no file at all."""

    class Evil:
        def __reduce__(self):
            return exec, ("import torch; torch.code_was_run = True",)

    contents = {
        "a state": {"0.weight": torch.zeros(2, 3)},
        "a state, a config and a list": {"state": {"w": torch.ones(2)}, "config": {"width": 3, "names": ["a", 1.5]}},
        "a network as an object": torch.nn.Linear(2, 3),
        "code among the tensors": {"0.weight": torch.zeros(2, 3), "note": Evil()},
    }
    written = {}
    for name, content in contents.items():
        file = io.BytesIO()
        torch.save(content, file)
        written[name] = file.getvalue()
    return written | {"something else": b"no file of torch's", "nothing": b""}


def judged(solution, which):
    torch.code_was_run = False
    answer = solution.is_safe(files()[which])
    return answer, torch.code_was_run


@pytest.mark.parametrize(
    "which, safe",
    [
        ("a state", True),
        ("a state, a config and a list", True),
        ("a network as an object", False),
        ("code among the tensors", False),
        ("something else", False),
        ("nothing", False),
    ],
)
def test_a_file_that_would_run_code_is_told_from_data(learner, which, safe):
    assert_matches(learner.run(judged, which), (safe, False), (f"is_safe of a file that holds {which}", "code was run"))
