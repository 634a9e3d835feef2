"""Networks made twice from one text, here and in the worker; graphs written out by hand, or walked here."""

import pytest
import torch

from tutor.testkit import assert_matches

NETWORKS = """
nn = torch.nn

def plain(i, h, o):
    body = nn.Sequential(nn.Linear(i, h), nn.Tanh(), nn.Linear(h, h, bias=False))
    return nn.Sequential(body, nn.Sequential(), nn.ReLU(), nn.Linear(h, o))

def images(i, h, o):
    return nn.Sequential(nn.Unflatten(1, (1, i)), nn.Conv1d(1, h, 2), nn.BatchNorm1d(h), nn.Flatten(), nn.LazyLinear(o))

class Skipping(nn.Module):
    '''A block twice, a layer tied to it, one that is never called, a guess that goes nowhere, a branch cut off.'''
    def __init__(self, i, h, o):
        super().__init__()
        self.spare = nn.Linear(h, h)
        self.head, self.first = nn.Linear(h, o), nn.Linear(i, h)
        self.block = nn.Sequential(nn.Linear(h, h), nn.Sigmoid())
        self.again = self.block
        self.tied = nn.Linear(h, h)
        self.tied.weight = self.block[0].weight
        self.guess, self.cut = nn.Linear(h, 3), nn.Linear(h, h)
        self.scale = nn.Parameter(torch.ones(h))
        self.never = nn.Parameter(torch.ones(2))
        self.cold = nn.Parameter(torch.ones(h), requires_grad=False)

    def forward(self, x):
        if len(x) == 0:
            raise ZeroDivisionError('an empty batch')
        h = self.first(x)
        h = h + self.block(h)
        h = h + self.again(h) * self.scale + self.cold
        self.guess(h)
        return self.head(self.tied(h) * self.cut(h).detach())
"""
KINDS = ("plain", "images", "Skipping")


def made(kind, sizes, seed):
    torch.manual_seed(seed)
    names = {"torch": torch}
    exec(NETWORKS, names)
    net = names[kind](*sizes)
    net(torch.ones(2, sizes[0]))  # what is lazy gets its size
    return net


def sizes_of(draw):
    i, h, o = (draw.permutation(5) + 3)[:3].tolist()
    return i, h, o


def hooks_left(net):
    kinds = ("_forward_hooks", "_forward_pre_hooks", "_backward_hooks", "_backward_pre_hooks")
    return sum(len(getattr(module, kind)) for module in net.modules() for kind in kinds)


def summarised(solution, kind, sizes, x):
    net = made(kind, sizes, 0)
    return solution.summary(net, x), hooks_left(net)


def table(kind, i, h, o, n):
    """The rows, worked out by hand."""
    if kind == "plain":
        rows = [("0.0", "Linear", (n, h), i * h + h), ("0.1", "Tanh", (n, h), 0), ("0.2", "Linear", (n, h), h * h)]
        return [*rows, ("1", "Sequential", (n, h), 0), ("2", "ReLU", (n, h), 0), ("3", "Linear", (n, o), h * o + o)]
    if kind == "images":
        rows = [("0", "Unflatten", (n, 1, i), 0), ("1", "Conv1d", (n, h, i - 1), 3 * h)]
        rows += [("2", "BatchNorm1d", (n, h, i - 1), 2 * h), ("3", "Flatten", (n, h * (i - 1)), 0)]
        return [*rows, ("4", "Linear", (n, o), h * (i - 1) * o + o)]
    block = [("block.0", "Linear", (n, h), h * h + h), ("block.1", "Sigmoid", (n, h), 0)]
    rows = [("first", "Linear", (n, h), i * h + h), *block, ("block.0", "Linear", (n, h), 0), block[1]]
    rows += [
        ("guess", "Linear", (n, 3), 3 * h + 3),
        ("tied", "Linear", (n, h), h),
        ("cut", "Linear", (n, h), h * h + h),
    ]
    return [*rows, ("head", "Linear", (n, o), h * o + o)]


@pytest.mark.parametrize("kind", KINDS)
def test_a_row_for_each_call(learner, draw, kind):
    i, h, o = sizes_of(draw)
    x = draw.normal(4, i, dtype=torch.float32)
    got = learner.run(summarised, kind, (i, h, o), x)
    rows = got[0] if isinstance(got, tuple) and isinstance(got[0], list) else []
    for mine, right in zip(rows, table(kind, i, h, o, 4), strict=False):
        assert_matches(mine, right, f"the row of {right[0]} ({right[1]}): name, class, shape, parameters")
    assert_matches(got, (table(kind, i, h, o, 4), 0), ("the rows", "the number of hooks afterwards"))


def on_an_empty_batch(solution, sizes):
    net = made("Skipping", sizes, 0)
    try:
        solution.summary(net, torch.ones(0, sizes[0]))
    except ZeroDivisionError:
        return "ZeroDivisionError", hooks_left(net)
    return "no exception", hooks_left(net)


@pytest.mark.builds_on("test_a_row_for_each_call")
def test_hooks_are_removed_when_the_network_fails(learner, draw):
    expected = ("ZeroDivisionError", 0)
    assert_matches(learner.run(on_an_empty_batch, sizes_of(draw)), expected, ("what came out", "hooks left behind"))


# Names, an expression of them, and its graph.
BY_HAND = {
    "a product and a sum": (
        "a * b + a",
        (["AddBackward0", "MulBackward0", "a", "b"], [(0, 1), (0, 2), (1, 2), (1, 3)]),
    ),
    "a square by itself": ("a * a", (["MulBackward0", "a"], [(0, 1), (0, 1)])),
    "a branch cut off": ("a.exp() * b.sin().detach()", (["MulBackward0", "ExpBackward0", "a"], [(0, 1), (1, 2)])),
    "a constant": (
        "(b * 2 - constant).tanh()",
        (["TanhBackward0", "SubBackward0", "MulBackward0", "b"], [(0, 1), (1, 2), (2, 3)]),
    ),
    "a diamond": (
        "(lambda e: e.sin() - e.cos())(b.exp())",
        (
            ["SubBackward0", "SinBackward0", "CosBackward0", "ExpBackward0", "b"],
            [(0, 1), (0, 2), (1, 3), (2, 3), (3, 4)],
        ),
    ),
    "a leaf without a name": (
        "other * a / other",
        (["DivBackward0", "MulBackward0", "leaf", "a"], [(0, 1), (0, 2), (1, 2), (1, 3)]),
    ),
    "two parts of one result": (
        "(lambda p: p[1] * p[0])(a.unbind())",
        (["MulBackward0", "UnbindBackward0", "a"], [(0, 1), (0, 1), (1, 2)]),
    ),
    "a leaf": ("b", (["b"], [])),
    "nothing that learns": ("constant * 2", ([], [])),
}


def graph_of(solution, expression, values):
    a, b, other, constant = values
    leaves = {"a": a.requires_grad_(), "b": b.requires_grad_()}
    known = {**leaves, "other": other.requires_grad_(), "constant": constant}
    return solution.autograd_graph(eval(expression, known), leaves)


@pytest.mark.parametrize("case", BY_HAND, ids=lambda case: case.replace(" ", "_"))
def test_a_small_graph(learner, draw, case):
    expression, right = BY_HAND[case]
    values = tuple(draw.uniform(2, low=0.5, high=1.5) for _ in range(4))
    got = learner.run(graph_of, expression, values)
    assert_matches(got, right, ("the labels", "the edges (twice what is there twice)"))


def graph_of_network(solution, kind, sizes, x, power):
    net = made(kind, sizes, 0)
    return solution.autograd_graph(net(x).pow(power).sum(), dict(net.named_parameters()))


def walked(output, names):
    queue, edges = [output.grad_fn], []
    for node in queue:
        for following, _ in node.next_functions:
            if following is not None:
                if following not in queue:
                    queue.append(following)
                edges.append((queue.index(node), queue.index(following)))
    called = {tensor: name for name, tensor in names}
    return [called[node.variable] if hasattr(node, "variable") else node.name() for node in queue], edges


@pytest.mark.builds_on("test_a_small_graph")
@pytest.mark.parametrize("kind", KINDS)
def test_the_graph_of_a_network(learner, draw, album, kind):
    sizes = sizes_of(draw)
    x, power = draw.normal(3, sizes[0], dtype=torch.float32), draw.integer(2, 5)
    net = made(kind, sizes, 0)
    labels, edges = walked(net(x).pow(power).sum(), net.named_parameters())
    got = learner.run(graph_of_network, kind, sizes, x, power)
    assert_matches(got, (labels, edges), ("the labels", "the edges"))
    show(album, kind, labels, edges)


def show(album, kind, labels, edges):
    """Each node on the line of its depth."""
    line = longest(len(labels), edges)
    place = [line[:k].count(line[k]) - (line.count(line[k]) - 1) / 2 for k in range(len(labels))]
    with album.figure(f"graph_{kind}", f"What autograd walks back through: {kind}", 7, 1 + 0.5 * max(line)) as axes:
        for a, b in edges:
            axes.plot([place[a], place[b]], [-line[a], -line[b]], color="0.7", zorder=1)
        for k, label in enumerate(labels):
            colour = "moccasin" if "Backward" not in label else "lightblue"
            box = {"boxstyle": "round", "facecolor": colour, "edgecolor": "none"}
            axes.text(place[k], -line[k], label, ha="center", va="center", fontsize=7, bbox=box, zorder=2)
        axes.margins(0.2, 0.08)
        axes.set_axis_off()


def never_reached(solution, kind, sizes, x, part):
    net = made(kind, sizes, 0)
    output = {"all": net, "a leaf": lambda _: net[0][0].weight, "nothing": torch.sin}[part](x)
    names = solution.unused(net, output)
    return names, [parameter.grad is None for parameter in net.parameters()]


def check_unused(learner, draw, kind, part):
    sizes = sizes_of(draw)
    x = draw.normal(3, sizes[0], dtype=torch.float32)
    net = made(kind, sizes, 0)
    if part == "all":
        net(x).sum().backward()
    elif part == "a leaf":
        net[0][0].weight.sum().backward()
    right = [name for name, parameter in net.named_parameters() if parameter.requires_grad and parameter.grad is None]
    expected = (right, [True] * len(list(net.parameters())))
    what = ("the names of what gets no gradient", "grad is None, for each parameter afterwards")
    assert_matches(learner.run(never_reached, kind, sizes, x, part), expected, what)


@pytest.mark.parametrize("kind", KINDS)
def test_parameters_that_get_no_gradient(learner, draw, kind):
    check_unused(learner, draw, kind, "all")


@pytest.mark.builds_on("test_parameters_that_get_no_gradient")
@pytest.mark.parametrize("part", ["a leaf", "nothing"])
def test_an_output_that_is_a_leaf_or_has_no_graph(learner, draw, part):
    check_unused(learner, draw, "plain", part)


def longest(count, edges):
    found = [0] * count
    for _ in range(count):
        for a, b in edges:
            found[b] = max(found[b], found[a] + 1)
    return found


def random_graph(draw, count, more):
    """Edges from lower to higher numbers, which then are changed about; all can be reached from 0."""
    edges = [(draw.integer(0, b), b) for b in range(1, count)]
    for _ in range(more):
        b = draw.integer(1, count)
        edges.append((draw.integer(0, b), b))
    renamed = [0, *(draw.permutation(count - 1) + 1).tolist()]
    edges = [(renamed[a], renamed[b]) for a, b in edges]
    return [edges[k] for k in draw.permutation(len(edges)).tolist()]


@pytest.mark.parametrize(("count", "more"), [(6, 4), (9, 9), (14, 20)])
def test_the_longest_way_to_each_node(learner, draw, count, more):
    edges = random_graph(draw, count, more)
    assert_matches(learner.depths(count, edges), longest(count, edges), "the depths")


@pytest.mark.parametrize("backwards", [False, True])
def test_a_longer_way_moves_all_that_lies_behind(learner, draw, backwards):
    renamed = [0, *(draw.permutation(5) + 1).tolist()]
    edges = [(renamed[a], renamed[b]) for a, b in [(0, 1), (0, 2), (2, 3), (3, 1), (1, 4), (4, 5)]]
    edges = edges[::-1] if backwards else edges
    assert_matches(learner.depths(6, edges), longest(6, edges), "the depths")


@pytest.mark.builds_on("test_the_longest_way_to_each_node")
def test_a_single_node_is_at_the_top(learner):
    assert_matches(learner.depths(1, []), [0], "the depths")


@pytest.mark.builds_on("test_the_longest_way_to_each_node")
def test_many_diamonds_in_a_row(learner, draw):
    edges, count = [], 40 + draw.integer(0, 9)
    for k in range(count):
        edges += [(3 * k, 3 * k + 1), (3 * k, 3 * k + 2), (3 * k + 1, 3 * k + 3), (3 * k + 2, 3 * k + 3)]
    right = [0] + [depth for k in range(count) for depth in (2 * k + 1, 2 * k + 1, 2 * k + 2)]
    assert_matches(learner.depths(3 * count + 1, edges), right, "the depths")


@pytest.mark.builds_on("test_the_longest_way_to_each_node")
def test_thousands_of_nodes_in_a_row(learner, draw):
    count = 3000 + draw.integer(0, 99)
    edges = [(k, k + 1) for k in range(count - 1)]
    assert_matches(learner.depths(count, edges), list(range(count)), "the depths")


def dot(labels, edges):
    quoted = [label.replace("\\", "\\\\").replace('"', '\\"') for label in labels]
    nodes = [f'    n{k} [label="{label}"]' for k, label in enumerate(quoted)]
    return "\n".join(["digraph {", *nodes, *(f"    n{b} -> n{a}" for a, b in edges), "}"])


def check_dot(learner, labels, edges):
    got, right = learner.to_dot(labels, edges), dot(labels, edges)
    lines = got.split("\n") if isinstance(got, str) else []
    for k, (mine, theirs) in enumerate(zip(lines, right.split("\n"), strict=False)):
        assert_matches(mine, theirs, f"line {k + 1}")
    assert_matches(got, right, "the text")


@pytest.mark.parametrize("count", [4, 12])
def test_the_text_for_graphviz(learner, draw, count):
    labels = [draw.choice(["MulBackward0", "head.weight", "leaf", "x", "Add"]) for _ in range(count)]
    check_dot(learner, labels, random_graph(draw, count, 3))


@pytest.mark.builds_on("test_the_text_for_graphviz")
def test_quotation_marks_and_backslashes(learner, draw):
    labels = ['a "name"', "back\\slash", 'both \\"', "plain"]
    check_dot(learner, [labels[k] for k in draw.permutation(4).tolist()], [(0, 1), (0, 2), (2, 3)])


@pytest.mark.builds_on("test_the_text_for_graphviz")
def test_no_graph_at_all(learner):
    check_dot(learner, [], [])
