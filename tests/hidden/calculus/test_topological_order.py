"""Any right order will do, so orders are checked for what makes them right, not compared with one."""

import pytest

from tutor.testkit import assert_raises


def ancestors(inputs, output):
    found, waiting = {output}, [output]
    while waiting:
        new = [source for source in inputs[waiting.pop()] if source not in found]
        found.update(new)
        waiting.extend(set(new))
    return found


def check(order, inputs, output):
    numbers = isinstance(order, list) and all(type(name) is int for name in order)
    assert numbers, f"The order has to be a list of whole numbers; yours is {str(order)[:60]}."
    place = {name: i for i, name in enumerate(order)}
    twice = [name for i, name in enumerate(order) if place[name] != i]
    assert not twice, f"{twice[0]!r} occurs more than once in your order."
    needed = ancestors(inputs, output)
    missing, extra = sorted(needed - place.keys()), sorted(place.keys() - needed)
    assert not missing, f"{missing[0]!r} is missing from your order; {output!r} is computed from it, or is it."
    assert not extra, f"{extra[0]!r} is in your order, but {output!r} does not depend on it."
    for node in order:
        late = [source for source in inputs[node] if place[source] > place[node]]
        assert not late, f"{node!r} comes before its own input {late[0] if late else ''!r}.{told(order, inputs)}"


def told(order, inputs):
    """What the learner sees of a small graph, whole."""
    return f" Your order is {order}, for inputs = {inputs}." if len(inputs) < 9 else ""


def numbered(inputs, output):
    """Nodes by their number: their place in the dict."""
    number = {name: i for i, name in enumerate(inputs)}
    return [[number[source] for source in sources] for sources in inputs.values()], number[output]


def check_order(learner, inputs, output):
    graph, node = numbered(inputs, output)
    check(learner.topological_order(graph, node), graph, node)


def random_graph(draw, size):
    """Names say nothing about the order, nor does the dict's; at least one node is of no use to the output."""
    names = [f"n{int(i)}" for i in draw.permutation(size)]
    inputs = {names[0]: [], names[1]: []}
    for i in range(2, size):
        picks = [names[draw.integer(max(0, i - 7), i)] for _ in range(draw.integer(1, 4))]
        inputs[names[i]] = [*picks, names[i - 2]] if i % 2 else picks
    inputs["unused"] = [names[-1], names[0]]
    keys = list(inputs)
    return {keys[int(i)]: inputs[keys[int(i)]] for i in draw.permutation(len(keys))}, names[-1]


def test_an_expression_with_a_shared_node(learner):
    inputs = {"e": ["d", "b"], "a": [], "d": ["c", "a"], "c": ["a", "b"], "b": [], "f": ["e", "a"]}
    check_order(learner, inputs, "e")


@pytest.mark.builds_on("test_an_expression_with_a_shared_node")
@pytest.mark.parametrize("size", [4, 9, 30, 200])
def test_random_graphs(learner, draw, size):
    for _ in range(5):
        inputs, output = random_graph(draw, size)
        check_order(learner, inputs, output)


@pytest.mark.builds_on("test_an_expression_with_a_shared_node")
@pytest.mark.parametrize("turned", [False, True])
def test_a_short_way_and_a_long_way_to_the_same_node(learner, turned):
    """Whichever input is visited first, the near node must wait until the far ones are done."""
    ends = ["a", "d"] if turned else ["d", "a"]
    inputs = {"out": ends, "d": ["c"], "c": ["b"], "b": ["a"], "a": ["x"], "x": []}
    check_order(learner, inputs, "out")


@pytest.mark.builds_on("test_an_expression_with_a_shared_node")
def test_a_node_that_is_used_twice_by_the_same_node(learner):
    inputs = {"square": ["a", "a"], "a": ["x"], "x": []}
    check_order(learner, inputs, "square")


@pytest.mark.builds_on("test_an_expression_with_a_shared_node")
def test_a_single_leaf(learner):
    inputs = {"a": [], "b": ["a"]}
    check_order(learner, inputs, "a")


@pytest.mark.builds_on("test_an_expression_with_a_shared_node")
def test_fifty_thousand_nodes_in_a_row(learner):
    inputs = {f"n{i}": [f"n{i - 1}"] if i else [] for i in range(50_000)}
    check_order(learner, inputs, "n49999")


@pytest.mark.builds_on("test_an_expression_with_a_shared_node")
@pytest.mark.parametrize("length", [1, 2, 5])
def test_a_cycle_raises(learner, length):
    ring = {f"n{i}": ["leaf", f"n{(i + 1) % length}"] for i in range(length)}
    graph = numbered({"leaf": [], "out": ["leaf", "n0"], **ring}, "out")
    assert_raises(ValueError, learner.topological_order, *graph)


@pytest.mark.builds_on("test_a_cycle_raises")
def test_a_cycle_elsewhere_does_not_matter(learner):
    inputs = {"p": ["q", "out"], "q": ["p"], "out": ["a", "b"], "a": ["b"], "b": []}
    check_order(learner, inputs, "out")


@pytest.mark.builds_on("test_an_expression_with_a_shared_node")
def test_the_graph_is_left_as_it_was(learner, draw):
    inputs, output = random_graph(draw, 12)
    graph, node = numbered(inputs, output)
    first, after, second = learner.run(order_twice, graph, node)
    check(first, graph, node)
    assert after == graph, (
        "The lists in `inputs` are others after your call than before it. Copy what you want to empty."
    )
    check(second, graph, node)


def order_twice(solution, inputs, output):
    """The order, the graph after it, and the order again."""
    first = solution.topological_order(inputs, output)
    return first, inputs, solution.topological_order(inputs, output)
