"""Programs beside the networks in evaluation mode, requests by a table, choices by listing what is possible."""

import copy
import hashlib
import itertools
import json
import math

import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import assert_inputs_unchanged, assert_matches, assert_raises

BOTH = ("the program", "the constants")

# What a network is made of: a nested list of layers, each with a name, a kind and its arguments.
PLAIN = [["0", "Linear", [5, 4]], ["1", "ReLU", []], ["2", "Linear", [4, 3]]]
DROPPED = [["0", "Dropout", [0.4]], ["1", "Linear", [5, 7]], ["2", "ReLU", []], ["3", "Dropout", [0.7]]]
NORMED = [["0", "Linear", [5, 4]], ["1", "BatchNorm1d", [4, 0.3]], ["2", "ReLU", []], ["3", "Linear", [4, 2]]]
IMAGES = [
    ["0", "Conv2d", [2, 4, [3, 2], [2, 1], [0, 3], [1, 2], 2]],
    ["1", "BatchNorm2d", [4, 0.2]],
    ["2", "ReLU", []],
    ["3", "Conv2d", [4, 3, [2, 3], [1, 2], [1, 0], [2, 1], 1]],
    ["4", "Flatten", []],
]
NESTED = [
    ["body", "Sequential", [["0", "Linear", [5, 6]], ["norm", "BatchNorm1d", [6, 0.1]], ["2", "ReLU", []]]],
    ["drop", "Dropout", [0.5]],
    ["head", "Sequential", [["in", "Sequential", [["0", "Linear", [6, 3]]]], ["out", "ReLU", []]]],
]
UNBIASED = [
    ["0", "Conv2d", [2, 3, [2, 2], [1, 1], [0, 0], [1, 1], 1, False]],
    ["1", "Flatten", []],
    ["2", "Linear", [105, 4, False]],
]
NETS = {
    "plain": PLAIN,
    "with dropout": DROPPED,
    "with batch norm": NORMED,
    "of convolutions": IMAGES,
    "nested": NESTED,
    "without biases": UNBIASED,
}


def build(description):
    """The network of a description, in float64 and in training mode."""
    net = torch.nn.Sequential()
    for name, kind, arguments in description:
        if kind == "Sequential":
            layer = build(arguments)
        elif kind == "Conv2d":
            c_in, c_out, kernel, stride, padding, dilation, groups, *bias = arguments
            layer = torch.nn.Conv2d(c_in, c_out, kernel, stride, padding, dilation, groups, bias=bias != [False])
        elif kind == "Linear":
            layer = torch.nn.Linear(*arguments[:2], bias=len(arguments) == 2)
        else:
            layer = getattr(torch.nn, kind)(*arguments)
        net.add_module(name, layer)
    return net.double()


def filled(description, state):
    net = build(description)
    net.load_state_dict(state)
    return net


def random_state(draw, description):
    state = {}
    for name, value in build(description).state_dict().items():
        if name.endswith("num_batches_tracked"):
            state[name] = torch.tensor(7)
        elif name.endswith("running_var"):
            state[name] = draw.uniform(*value.shape, low=0.3, high=3.0)
        else:
            state[name] = draw.normal(*value.shape)
    return state


def an_input(draw, description):
    return draw.normal(3, 2, 8, 6) if description in (IMAGES, UNBIASED) else draw.normal(6, 5)


def right_export(net):
    """By the names of the state: what has one of a kind's tensors is a layer of that kind."""
    program, constants = [], {}

    def add(op, names=(), options=None):
        first = program[-1]["output"] if program else "x"
        output = f"t{len(program) + 1}"
        program.append({"op": op, "inputs": [first, *names], "options": options or {}, "output": output})

    for name, layer in net.named_modules(remove_duplicate=False):
        kind = type(layer).__name__
        if kind in ("Linear", "Conv2d"):
            own = {f"{name}.{key}": value.detach() for key, value in layer.named_parameters()}
            constants.update(own)
            sizes = {key: list(getattr(layer, key)) for key in ("stride", "padding", "dilation") if hasattr(layer, key)}
            add(kind.lower(), own, sizes | {"groups": layer.groups} if sizes else {})
        elif kind in ("ReLU", "Flatten"):
            add(kind.lower())
        elif kind.startswith("BatchNorm"):
            unit = torch.eye(2, layer.num_features, dtype=torch.float64)[:1] * 0
            shift = F.batch_norm(unit, layer.running_mean, layer.running_var, layer.weight, layer.bias, eps=layer.eps)
            ones = F.batch_norm(
                unit + 1, layer.running_mean, layer.running_var, layer.weight, layer.bias, eps=layer.eps
            )
            constants |= {f"{name}.scale": (ones - shift)[0].detach(), f"{name}.shift": shift[0].detach()}
            add("scale_shift", [f"{name}.scale", f"{name}.shift"])
    return program, constants


def exported(solution, description, state):
    return solution.export(filled(description, state))


@pytest.mark.parametrize("which", NETS)
def test_a_network_becomes_a_program(learner, draw, which):
    state = random_state(draw, NETS[which])
    expected = right_export(filled(NETS[which], state))
    assert_matches(learner.run(exported, NETS[which], state), expected, BOTH, terms=10)


def repeated(state):
    """One ReLU and one linear layer, each in two places."""
    relu, middle = torch.nn.ReLU(), torch.nn.Linear(4, 4)
    net = torch.nn.Sequential(torch.nn.Linear(5, 4), relu, middle, relu, middle).double()
    net.load_state_dict(state)
    return net


def exported_repeated(solution, state):
    return solution.export(repeated(state))


@pytest.mark.builds_on("test_a_network_becomes_a_program")
def test_a_layer_in_two_places_gives_two_instructions(learner, draw):
    shared = {"weight": draw.normal(4, 4), "bias": draw.normal(4)}
    state = {"0.weight": draw.normal(4, 5), "0.bias": draw.normal(4)}
    state |= {f"{place}.{name}": value for place in (2, 4) for name, value in shared.items()}
    assert_matches(learner.run(exported_repeated, state), right_export(repeated(state)), BOTH)


def exported_odd(solution, kind, nested):
    layer = {"Tanh": torch.nn.Tanh(), "LayerNorm": torch.nn.LayerNorm(4), "Identity": torch.nn.Identity()}[kind]
    net = torch.nn.Sequential(torch.nn.Linear(5, 4), torch.nn.Sequential(layer) if nested else layer)
    return solution.export(net)


@pytest.mark.builds_on("test_a_network_becomes_a_program")
@pytest.mark.parametrize("nested", [False, True])
@pytest.mark.parametrize("kind", ["Tanh", "LayerNorm", "Identity"])
def test_a_layer_without_an_operation_is_refused(learner, kind, nested):
    assert_raises(ValueError, learner.run, exported_odd, kind, nested)


def exported_and_spoilt(solution, description, state):
    """The constants after the network's numbers were overwritten, and what export did to the network."""
    net = filled(description, state)
    program, constants = solution.export(net)
    training = [layer.training for layer in net.modules()]
    same = {name: bool(torch.equal(value, state[name])) for name, value in net.state_dict().items()}
    needs = sorted(name for name, value in constants.items() if value.requires_grad)
    with torch.no_grad():
        for value in net.state_dict().values():
            value.fill_(9)
    return constants, needs, all(training), all(same.values()), json.loads(json.dumps(program)) == program


@pytest.mark.builds_on("test_a_network_becomes_a_program")
@pytest.mark.parametrize("which", ["with batch norm", "of convolutions"])
def test_an_export_is_a_copy_and_leaves_the_network_alone(learner, draw, which):
    state = random_state(draw, NETS[which])
    _, constants = right_export(filled(NETS[which], state))
    names = (
        "the constants, after the network was overwritten",
        "the names of constants that require gradients",
        "the network is still in training mode",
        "the network's tensors are as they were",
        "the program comes back from JSON as it was",
    )
    expected = (constants, [], True, True, True)
    assert_matches(learner.run(exported_and_spoilt, NETS[which], state), expected, names, terms=10)


def by_the_network(net, x):
    with torch.no_grad():
        return net.eval()(x)


@pytest.mark.parametrize("which", NETS)
def test_a_program_computes_what_the_network_does(learner, draw, which):
    net = filled(NETS[which], random_state(draw, NETS[which]))
    x = an_input(draw, NETS[which])
    program, constants = right_export(net)
    assert_matches(learner.run(run_it, program, constants, x), by_the_network(net, x), "the output", terms=200)


def run_it(solution, program, constants, x):
    return solution.run(program, constants, x)


def instruction(op, inputs, output, **options):
    return {"op": op, "inputs": inputs, "options": options, "output": output}


def skipping(draw):
    """Two branches from one tensor, a skip, one weight twice, names in no order; and what comes out."""
    constants = {"w": draw.normal(4, 4), "k": draw.normal(3, 4), "c": draw.normal(3)}
    program = [
        instruction("linear", ["x", "w"], "zebra"),
        instruction("relu", ["zebra"], "b"),
        instruction("linear", ["b", "w"], "a"),
        instruction("add", ["x", "a"], "t9"),
        instruction("add", ["zebra", "t9"], "y"),
        instruction("linear", ["y", "k", "c"], "t1"),
    ]
    x = draw.normal(5, 4)
    zebra = x @ constants["w"].T
    y = zebra.relu() @ constants["w"].T + x + zebra
    return program, constants, x, y @ constants["k"].T + constants["c"]


@pytest.mark.builds_on("test_a_program_computes_what_the_network_does")
def test_a_program_with_branches(learner, draw):
    program, constants, x, expected = skipping(draw)
    assert_matches(learner.run(run_it, program, constants, x), expected, "the output", terms=20)


@pytest.mark.builds_on("test_a_program_computes_what_the_network_does")
def test_scale_and_shift_go_along_axis_1(learner, draw):
    constants = {"s": draw.normal(4), "b": draw.normal(4)}
    program = [instruction("scale_shift", ["x", "s", "b"], "y")]
    for shape in ((3, 4), (2, 4, 5), (2, 4, 3, 4)):
        x = draw.normal(*shape)
        expected = torch.stack([x[:, c] * constants["s"][c] + constants["b"][c] for c in range(4)], dim=1)
        assert_matches(learner.run(run_it, program, constants, x), expected, f"the output for x of shape {shape}")


@pytest.mark.builds_on("test_a_program_computes_what_the_network_does")
def test_a_program_of_no_instructions_gives_x(learner, draw):
    x = draw.normal(3, 4)
    assert_matches(learner.run(run_it, [], {}, x), x, "the output")


@pytest.mark.builds_on("test_a_program_with_branches")
def test_running_leaves_everything_as_it_was(learner, draw):
    program, constants, x, expected = skipping(draw)
    assert_matches(learner.run(kept, program, constants, x), (expected, True, True), KEPT, terms=20)
    assert_inputs_unchanged(learner)


KEPT = ("the output", "the program is as it was", "the names of the constants are as they were")


def kept(solution, program, constants, x):
    before, names = copy.deepcopy(program), list(constants)
    out = solution.run(program, constants, x)
    return out, program == before, list(constants) == names


@pytest.mark.builds_on("test_a_program_computes_what_the_network_does")
@pytest.mark.parametrize("fault", ["an unknown operation", "an input that nobody makes", "an input too early"])
def test_a_program_that_makes_no_sense_is_refused(learner, draw, fault):
    lines = {
        "an unknown operation": [instruction("relu", ["x"], "a"), instruction("gelu", ["a"], "b")],
        "an input that nobody makes": [instruction("relu", ["x"], "a"), instruction("add", ["a", "w"], "b")],
        "an input too early": [instruction("add", ["x", "a"], "b"), instruction("relu", ["x"], "a")],
    }
    assert_raises(ValueError, learner.run, run_it, lines[fault], {"c": draw.normal(4)}, draw.normal(3, 4))


def strictly(text):
    """JSON as the standard has it, without NaN; None if it isn't that."""

    def refuse(word):
        raise ValueError(word)

    try:
        return json.loads(text, parse_constant=refuse)
    except (TypeError, ValueError):
        return None


def handled(solution, body, weight, most, trouble):
    """Status and answer, with what the model was asked: its inputs, their dtypes, and whether gradients were on."""
    asked, dtypes, gradients = [], [], []

    def model(x):
        asked.append(x.detach().clone())
        dtypes.append(x.dtype)
        gradients.append(torch.is_grad_enabled())
        if trouble == "raises":
            raise RuntimeError("secret: /srv/models/7.bin is broken")
        if trouble == "interrupts":
            raise KeyError("secret")
        y = x @ weight.T
        if trouble == "nan":
            y[-1, -1] = float("nan")
        if trouble == "infinite":
            y[0, 0] = float("inf")
        return y

    reply = solution.handle(body, model, weight.shape[1], most)
    if not (isinstance(reply, tuple | list) and len(reply) == 2):
        return reply
    status, text = reply
    answer = strictly(text)
    if answer is None:
        return status, f"no JSON: {text!r}"
    if isinstance(answer, dict) and isinstance(answer.get("error"), str) and answer["error"] and status in (400, 413):
        answer = {"error": "some text"}
    if isinstance(answer, dict) and isinstance(answer.get("outputs"), list):
        outputs = answer["outputs"]
        if outputs and all(isinstance(row, list) and len(row) == len(weight) for row in outputs):
            answer["outputs"] = torch.tensor(outputs, dtype=torch.float32)
    return status, answer, asked, dtypes, gradients


HANDLED = ("what the model was asked", "the dtypes it was asked in", "whether gradients were on")


def check(learner, body, weight, most, status, answer, rows=None, trouble=""):
    """One request; `rows` is what the model has to be asked."""
    asked = [] if rows is None else [rows]
    expected = (status, answer, asked, [torch.float32] * len(asked), [False] * len(asked))
    actual = learner.run(handled, body, weight, most, trouble)
    shown = repr(body if len(body) < 60 else body[:57] + "…")
    assert_matches(actual, expected, (f"the status for {shown}", f"the answer for {shown}", *HANDLED), terms=10)


def a_request(draw, n, width=3):
    rows = draw.normal(n, width, dtype=torch.float32)
    return json.dumps({"rows": rows.tolist()}), draw.normal(2, width, dtype=torch.float32), rows


def test_a_request_is_answered(learner, draw):
    for n in (4, 1, 6):
        body, weight, rows = a_request(draw, n)
        check(learner, body, weight, 6, 200, {"outputs": rows @ weight.T}, rows)


@pytest.mark.builds_on("test_a_request_is_answered")
def test_whole_numbers_and_other_keys_are_fine(learner, draw):
    weight = draw.normal(2, 3, dtype=torch.float32)
    rows = draw.integers(-9, 9, 4, 3)
    body = json.dumps({"user": None, "rows": rows.tolist(), "id": [7]})
    check(learner, body, weight, 6, 200, {"outputs": rows.float() @ weight.T}, rows.float())


@pytest.mark.builds_on("test_a_request_is_answered")
def test_no_rows_need_no_model(learner, draw):
    weight = draw.normal(2, 3, dtype=torch.float32)
    check(learner, '{"rows": []}', weight, 5, 200, {"outputs": []}, trouble="raises")


BAD = {
    "no JSON": ["", "rows", "{'rows': [[1, 2, 3]]}", '{"rows": [[1, 2, 3]}', '{"rows": [[1, 2, 3],]}'],
    "no object with a list of rows": [
        "[[1, 2, 3]]",
        '"rows"',
        "17",
        "null",
        "{}",
        '{"row": [[1, 2, 3]]}',
        '{"rows": null}',
        '{"rows": "[1, 2, 3]"}',
        '{"rows": {"0": [1, 2, 3]}}',
        '{"rows": 3}',
    ],
    "rows of another width": [
        '{"rows": [[1, 2]]}',
        '{"rows": [[1, 2, 3, 4], [1, 2, 3, 4]]}',
        '{"rows": [[1, 2, 3], [4, 5]]}',
        '{"rows": [[]]}',
        '{"rows": [1, 2, 3]}',
        '{"rows": [[1, 2, 3], "123"]}',
        '{"rows": [{"a": 1, "b": 2, "c": 3}]}',
        '{"rows": [null]}',
    ],
    "what is no number": [
        '{"rows": [[1, 2, "3"]]}',
        '{"rows": [[1, null, 3]]}',
        '{"rows": [[1, 2, 3], [true, false, true]]}',
        '{"rows": [[1, 2, [3]]]}',
        '{"rows": [[[1], [2], [3]]]}',
    ],
    "numbers that aren't finite": [
        '{"rows": [[1, NaN, 3]]}',
        '{"rows": [[1, 2, 3], [4, -Infinity, 6]]}',
        '{"rows": [[1, 2, 1e39]]}',
        '{"rows": [[1, 2, -1e999]]}',
        '{"rows": [[1, 2, 1' + "0" * 400 + "]]}",
        '{"rows": [[1, 2, 4' + "0" * 38 + "]]}",
    ],
}


@pytest.mark.builds_on("test_a_request_is_answered")
@pytest.mark.parametrize("kind", BAD)
def test_a_request_that_is_wrong_gets_400(learner, draw, kind):
    weight = draw.normal(2, 3, dtype=torch.float32)
    for body in BAD[kind]:
        check(learner, body, weight, 5, 400, {"error": "some text"})


@pytest.mark.builds_on("test_a_request_is_answered")
def test_too_many_rows_get_413(learner, draw):
    body, weight, rows = a_request(draw, 5)
    check(learner, body, weight, 5, 200, {"outputs": rows @ weight.T}, rows)
    check(learner, body, weight, 4, 413, {"error": "some text"})


@pytest.mark.builds_on("test_too_many_rows_get_413")
def test_the_rows_are_counted_before_they_are_read(learner, draw):
    weight = draw.normal(2, 3, dtype=torch.float32)
    check(learner, '{"rows": [[1, 2, 3], [4], "?"]}', weight, 2, 413, {"error": "some text"})
    check(learner, '{"rows": [[1, 2, 3], [4]]}', weight, 2, 400, {"error": "some text"})


@pytest.mark.builds_on("test_a_request_is_answered")
@pytest.mark.parametrize("trouble", ["raises", "interrupts", "nan", "infinite"])
def test_a_model_in_trouble_gives_500_and_no_secrets(learner, draw, trouble):
    body, weight, rows = a_request(draw, 4)
    check(learner, body, weight, 5, 500, {"error": "internal error"}, rows, trouble)


def sizing(draw):
    return {
        "batch": draw.integer(2, 40),
        "duration": draw.integer(20, 400) / 1000 + 0.00037,
        "utilisation": draw.choice([0.55, 0.7, 0.85]),
        "least": draw.integer(0, 3),
    }


def right_replicas(rate, batch, duration, utilisation, least):
    """Add machines until they have enough time."""
    count = least
    while count * utilisation < rate * duration / batch:
        count += 1
    return count


def test_how_many_machines(learner, draw):
    for _ in range(12):
        parameters, rate = sizing(draw), draw.integer(50, 3000) + 0.123
        name = f"replicas({rate}, {parameters})"
        assert_matches(learner.replicas(rate, **parameters), right_replicas(rate, **parameters), name)


@pytest.mark.builds_on("test_how_many_machines")
@pytest.mark.parametrize(
    ("rate", "batch", "duration", "utilisation", "least", "count"),
    [
        (0.0, 8, 0.25, 0.5, 0, 0),
        (0.0, 8, 0.25, 0.5, 2, 2),
        (64.0, 8, 0.25, 0.5, 1, 4),
        (64.5, 8, 0.25, 0.5, 1, 5),
        (3.0, 8, 0.25, 1.0, 0, 1),
        (64.0, 8, 0.25, 0.5, 9, 9),
    ],
)
def test_no_load_and_loads_that_come_out_even(learner, rate, batch, duration, utilisation, least, count):
    actual = learner.replicas(rate, batch=batch, duration=duration, utilisation=utilisation, least=least)
    assert_matches(actual, count, "the number of machines")


def right_costs(profile, price, **parameters):
    hours = len(profile)
    fixed = sum(price * right_replicas(max(profile), **parameters) for _ in profile)
    needs = [right_replicas(max(profile[h], profile[(h + 1) % hours]), **parameters) for h in range(hours)]
    return fixed, sum(price * count for count in needs)


def test_what_a_day_costs(learner, draw):
    for _ in range(4):
        profile = (draw.integers(0, 3000, 24) + 0.123).tolist()
        parameters, price = sizing(draw), draw.integer(1, 400) / 100
        expected = right_costs(profile, price, **parameters)
        actual = learner.daily_costs(profile, price=price, **parameters)
        assert_matches(actual, expected, ("fixed", "following"), terms=24)


@pytest.mark.builds_on("test_what_a_day_costs")
@pytest.mark.parametrize("peak", [0, 11, 23])
def test_machines_for_one_busy_hour_start_the_hour_before(learner, draw, peak):
    profile = [2.123] * 24
    profile[peak] = 2000.123
    parameters = sizing(draw)
    expected = right_costs(profile, 1.5, **parameters)
    actual = learner.daily_costs(profile, price=1.5, **parameters)
    assert_matches(actual, expected, ("fixed", "following"), terms=24)


def a_task(draw):
    """Facts, drawn so that each demand excludes something now and then; no two costs alike, no tie with a deadline."""
    pick = draw.choice
    task = {
        "deadline": pick([0.051, 0.31, 2.1, 9.3, 100.7, 86400.0, 200000.0]),
        "round_trip": pick([0.012, 0.08, 0.6, None]),
        "may_leave": draw.integer(0, 4) > 0,
        "compute": pick([0.011, 0.2, 1.7]),
        "device_compute": pick([0.02, 0.9, 7.0, None, None, None]),
        "cold_start": pick([0.4, 6.1, 40.3]),
        "requests": pick([173, 2411, 61007, 907001]),
        "hour_price": pick([0.11, 0.57, 3.3]),
        "call_price": pick([0.000021, 0.00017, 0.0019]),
        "own_price": pick([1.9, 19.7, 95.3]),
    }
    return task


def offers(task):
    """For each target its cost, or in words why it is out of the question."""
    found = dict.fromkeys(["device", "own server", "endpoint", "serverless", "batch"], "there is no connection")
    if task["device_compute"] is None:
        found["device"] = "it doesn't fit"
    else:
        found["device"] = 0.0 if task["device_compute"] <= task["deadline"] else "too slow"
    if task["round_trip"] is None:
        return found
    warm = task["round_trip"] + task["compute"]
    found["own server"] = task["own_price"] if warm <= task["deadline"] else "too slow"
    if not task["may_leave"]:
        return found | dict.fromkeys(["endpoint", "serverless", "batch"], "the data may not leave")
    found["endpoint"] = 24 * task["hour_price"] if warm <= task["deadline"] else "too slow"
    cold = warm + task["cold_start"] > task["deadline"]
    found["serverless"] = "too slow after a pause" if cold else task["requests"] * task["call_price"]
    hours = math.ceil(task["requests"] * task["compute"] / 3600)
    found["batch"] = hours * task["hour_price"] if task["deadline"] >= 86400 else "an answer takes a day"
    return found


def chosen(offered):
    possible = {name: cost for name, cost in offered.items() if not isinstance(cost, str)}
    return min(possible, key=possible.get) if possible else None


def told(offered):
    return "; ".join(f"{name}: {cost if isinstance(cost, str) else round(cost, 2)}" for name, cost in offered.items())


def answers(solution, tasks):
    return [solution.choose_target(dict(task)) for task in tasks]


def is_clear(task):
    """Whether no two offers cost nearly the same."""
    costs = sorted(cost for cost in offers(task).values() if not isinstance(cost, str))
    return all(later > 1.01 * cost + 0.01 for cost, later in itertools.pairwise(costs))


def check_targets(learner, tasks):
    expected = [chosen(offers(task)) for task in tasks]
    actual = learner.run(answers, tasks)
    if not isinstance(actual, list) or len(actual) != len(tasks):
        assert_matches(actual, expected, "the answers")
    for task, mine, right in zip(tasks, actual, expected, strict=True):
        assert_matches(mine, right, f"the target for {task} ({told(offers(task))})")


@pytest.mark.parametrize("wanted", ["device", "own server", "endpoint", "serverless", "batch", None])
def test_the_cheapest_target_that_meets_every_demand(learner, draw, wanted):
    tasks = []
    while len(tasks) < 8:
        task = a_task(draw)
        if chosen(offers(task)) == wanted and is_clear(task):
            tasks.append(task)
    check_targets(learner, tasks)


DEMANDS = {  # a fact, from what values on it is a demand, and what makes it none
    "the way there and back": ("round_trip", [0.012, 0.08, 0.6], 0.0),
    "a connection that is not there": ("round_trip", [None], 0.0),
    "data that may not leave": ("may_leave", [False], True),
    "the start after a pause": ("cold_start", [0.4, 6.1, 40.3], 0.0),
    "a device that is too slow": ("device_compute", [0.02, 0.9, 7.0], 0.0),
    "a model that does not fit": ("device_compute", [None], 0.0),
}


@pytest.mark.parametrize("demand", DEMANDS)
def test_a_demand_that_decides(learner, draw, demand):
    """Tasks of which the answer would be another one without the demand."""
    fact, values, none = DEMANDS[demand]
    tasks = []
    while len(tasks) < 8:
        task = a_task(draw) | {fact: draw.choice(values)}
        if chosen(offers(task)) != chosen(offers(task | {fact: none})) and is_clear(task):
            tasks.append(task)
    check_targets(learner, tasks)


def right_route(user, share, rollout):
    number = int(hashlib.sha256(f"{rollout}:{user}".encode()).hexdigest()[:16], 16)
    return "new" if number < share * 2**64 else "old"


def routes(solution, users, share, rollout):
    return [solution.route(user, share, rollout) for user in users]


def users_of(draw, count):
    return [f"user-{draw.integer(0, 10**9)}" for _ in range(count - 2)] + ["Zoë Müller", "王"]


@pytest.mark.parametrize("share", [0.05, 0.3, 0.75])
def test_who_gets_the_new_version(learner, draw, share):
    users, rollout = users_of(draw, 120), f"model-{draw.integer(2, 99)}"
    expected = [right_route(user, share, rollout) for user in users]
    assert_matches(learner.run(routes, users, share, rollout), expected, f"the routes at a share of {share}")


@pytest.mark.builds_on("test_who_gets_the_new_version")
def test_nobody_and_everybody(learner, draw):
    users = users_of(draw, 40)
    assert_matches(learner.run(routes, users, 0.0, "a"), ["old"] * 40, "the routes at a share of 0")
    assert_matches(learner.run(routes, users, 1.0, "a"), ["new"] * 40, "the routes at a share of 1")


def right_decision(old, new, least, limit):
    (a, n), (b, m) = old, new
    z = 0.0
    if n and m and 0 < a + b < n + m:
        p = (a + b) / (n + m)
        z = (b / m - a / n) / math.sqrt(p * (1 - p) * (1 / n + 1 / m))
    return "roll back" if z > limit else "wait" if m < least else "promote"


def decisions(solution, cases, least, limit):
    return [solution.decide(tuple(old), tuple(new), least=least, limit=limit) for old, new in cases]


def check_decisions(learner, cases, least, limit):
    expected = [right_decision(old, new, least, limit) for old, new in cases]
    actual = learner.run(decisions, cases, least, limit)
    if not isinstance(actual, list) or len(actual) != len(cases):
        assert_matches(actual, expected, "the decisions")
    for (old, new), mine, right in zip(cases, actual, expected, strict=True):
        assert_matches(mine, right, f"the decision for old={old}, new={new}, least={least}, limit={limit}")


def test_what_to_do_with_the_new_version(learner, draw):
    for least, limit in ((400, 2.0), (900, 3.1)):
        cases = []
        for _ in range(60):
            n, m = draw.integer(500, 5000), draw.integer(40, 1500)
            rate = draw.choice([0.02, 0.1, 0.5])
            worse = draw.choice([0.3, 1.0, 1.3, 1.6])
            cases.append([[int(n * rate), n], [min(m, int(m * rate * worse) + draw.integer(0, 3)), m]])
        check_decisions(learner, cases, least, limit)


@pytest.mark.builds_on("test_what_to_do_with_the_new_version")
def test_no_requests_no_failures_nothing_but_failures(learner):
    cases = [
        [[0, 0], [0, 0]],
        [[3, 90], [0, 0]],
        [[0, 0], [40, 80]],
        [[0, 900], [0, 800]],
        [[0, 900], [0, 20]],
        [[50, 50], [700, 700]],
        [[0, 4000], [9, 12]],
        [[10, 4000], [400, 400]],
        [[2000, 4000], [0, 399]],
    ]
    check_decisions(learner, cases, 400, 3.0)
