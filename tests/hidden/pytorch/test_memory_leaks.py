"""What is alive is counted in the worker: each saved tensor is put into a box, and boxes die with their graph."""

import weakref

import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import assert_matches


def watch(run, net):
    """The result, how many saved tensors were alive at most when the network was called, and how many were made."""

    class Box:
        def __init__(self, tensor):
            self.tensor = tensor.detach()

    boxes, counts, made = weakref.WeakSet(), [0], []

    def pack(tensor):
        box = Box(tensor)
        boxes.add(box)
        made.append(1)
        return box

    handle = net.register_forward_pre_hook(lambda *_: counts.append(len(boxes)))
    with torch.autograd.graph.saved_tensors_hooks(pack, lambda box: box.tensor):
        result = run()
    handle.remove()
    return result, max(counts), len(made)


def network(state):
    net = torch.nn.Sequential(torch.nn.Linear(3, 5), torch.nn.Tanh(), torch.nn.Linear(5, 2)).double()
    net.load_state_dict(state)
    return net


def state_of(draw):
    return {
        "0.weight": draw.normal(5, 3),
        "0.bias": draw.normal(5),
        "2.weight": draw.normal(2, 5),
        "2.bias": draw.normal(2),
    }


def batches_of(draw, count):
    return [(draw.normal(4, 3), draw.normal(4, 2)) for _ in range(count)]


ALIVE = "saved tensors still alive when a batch (or a step) was begun"


def evaluated(solution, state, batches):
    net = network(state)
    return watch(lambda: solution.evaluate(net, batches), net)


@pytest.mark.parametrize("count", [2, 5])
def test_evaluate_keeps_nothing(learner, draw, count):
    state, batches = state_of(draw), batches_of(draw, count)
    net = network(state)
    loss = sum(F.mse_loss(net(x), y).item() for x, y in batches) / count
    assert_matches(
        learner.run(evaluated, state, batches), (loss, 0, 0), ("the loss", ALIVE, "saved tensors in all"), terms=50
    )


def trained(solution, state, batches, lr):
    net = network(state)

    class Descent:
        def zero_grad(self):
            net.zero_grad()

        def step(self):
            with torch.no_grad():
                for parameter in net.parameters():
                    parameter -= lr * parameter.grad

    losses, alive, _ = watch(lambda: solution.train(net, Descent(), batches), net)
    return losses, [parameter.detach() for parameter in net.parameters()], alive


@pytest.mark.parametrize("count", [2, 5])
def test_train_keeps_nothing_from_batch_to_batch(learner, draw, count):
    state, batches, lr = state_of(draw), batches_of(draw, count), 0.1
    net, losses = network(state), []
    for x, y in batches:
        loss = F.mse_loss(net(x), y)
        found = torch.autograd.grad(loss, list(net.parameters()))
        losses.append(loss.item())
        with torch.no_grad():
            for parameter, gradient in zip(net.parameters(), found, strict=True):
                parameter -= lr * gradient
    expected = (losses, [parameter.detach() for parameter in net.parameters()], 0)
    names = ("the losses", "the parameters", ALIVE)
    assert_matches(learner.run(trained, state, batches, lr), expected, names, terms=100)


def cell_of(weights):
    cell = torch.nn.RNNCell(3, 4).double()
    cell.load_state_dict(weights)
    return cell


def in_chunks(solution, weights, chunks, hidden, before):
    """The last hidden state, whether it has a graph, the gradients, and what was alive when each chunk began."""
    cell, counts = cell_of(weights), []
    for parameter, gradient in zip(cell.parameters(), before, strict=True):
        parameter.grad = gradient.clone()
    steps = len(chunks[0][0])

    class Counted(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.cell = cell

        def forward(self, x, h):
            counts.append(len(boxes))
            return self.cell(x, h)

    class Box:
        def __init__(self, tensor):
            self.tensor = tensor.detach()

    boxes = weakref.WeakSet()

    def pack(tensor):
        box = Box(tensor)
        boxes.add(box)
        return box

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda box: box.tensor):
        last = solution.truncated(Counted(), chunks, hidden)
    return last.detach(), last.requires_grad, [p.grad for p in cell.parameters()], max(counts[::steps])


@pytest.mark.parametrize("count", [2, 4])
def test_truncated_gradients_stay_inside_of_their_chunk(learner, draw, count):
    weights = {
        "weight_ih": draw.normal(4, 3),
        "weight_hh": draw.normal(4, 4),
        "bias_ih": draw.normal(4),
        "bias_hh": draw.normal(4),
    }
    chunks = [(draw.normal(3, 2, 3), draw.normal(2, 4)) for _ in range(count)]
    first = hidden = draw.normal(2, 4)
    cell = cell_of(weights)
    total = before = [draw.normal(*parameter.shape) for parameter in cell.parameters()]
    for inputs, targets in chunks:
        for x in inputs:
            hidden = cell(x, hidden)
        found = torch.autograd.grad(F.mse_loss(hidden, targets), list(cell.parameters()))
        total = [one + other for one, other in zip(total, found, strict=True)]
        hidden = hidden.detach()
    names = ("the last hidden state", "it has a graph", "the gradients", "saved tensors alive when a chunk was begun")
    actual = learner.run(in_chunks, weights, chunks, first, before)
    assert_matches(actual, (hidden, False, total, 0), names, terms=100)


def kept(solution, tables, n):
    rows = solution.keep_rows(tables, n)
    return rows, sum(row.untyped_storage().nbytes() for row in rows)


@pytest.mark.parametrize("n", [1, 3])
def test_rows_that_are_kept_take_no_more_memory_than_rows(learner, draw, n):
    tables = [draw.normal(50, 4), draw.normal(80, 2)]
    expected = ([table[:n] for table in tables], 8 * n * (4 + 2))
    assert_matches(learner.run(kept, tables, n), expected, ("the rows", "the bytes of their storages"))


def layers(kind):
    """Networks of which it can be said by hand what they save."""

    class Columns(torch.nn.Module):
        """Two layers that look at overlapping columns of the input."""

        def __init__(self, *pieces):
            super().__init__()
            self.pieces = pieces
            self.linears = torch.nn.ModuleList(torch.nn.Linear(piece.stop - piece.start, 4) for piece in pieces)

        def forward(self, x):
            return sum(linear(x[:, piece]) for linear, piece in zip(self.linears, self.pieces, strict=True))

    linear = torch.nn.Linear
    nets = {
        "one linear layer": [linear(3, 5)],
        "two and a tanh": [linear(3, 5), torch.nn.Tanh(), linear(5, 2)],
        "only the last is trained": [linear(3, 5).requires_grad_(False), torch.nn.Tanh(), linear(5, 2)],
        "tanh twice": [torch.nn.Tanh(), linear(3, 4), torch.nn.Tanh(), torch.nn.Tanh()],
        "square": [linear(3, 4), torch.nn.Sigmoid(), linear(4, 4), torch.nn.Tanh()],
        "a view of two columns": [Columns(slice(0, 2))],
        "two views of the input": [Columns(slice(0, 2), slice(1, 3))],
    }
    return torch.nn.Sequential(*nets[kind]).double()


SAVED = {  # numbers for each row: inputs of trained linear layers, outputs of tanh and sigmoid in a graph, once each
    "one linear layer": 3,
    "two and a tanh": 3 + 5,
    "only the last is trained": 5,
    "tanh twice": 3 + 4 + 4,
    "square": 3 + 4 + 4,
    "a view of two columns": 3,  # the storage is that of the whole input
    "two views of the input": 3,
}


def saved(solution, kind, x):
    return solution.saved_bytes(layers(kind), x)


@pytest.mark.parametrize("kind", SAVED)
def test_the_bytes_that_are_saved(learner, draw, kind):
    rows = draw.integer(4, 20)
    expected = 8 * rows * SAVED[kind]
    assert_matches(learner.run(saved, kind, draw.normal(rows, 3)), expected, f"the bytes saved by {kind}, {rows} rows")


def block_of(state, dropout):
    layers = torch.nn.Linear(3, 5), torch.nn.Tanh(), torch.nn.Dropout(dropout), torch.nn.Linear(5, 2)
    block = torch.nn.Sequential(*layers).double()
    block.load_state_dict({name.replace("2.", "3."): value for name, value in state.items()})
    return block


def through_a_block(function, state, dropout, needs, frozen, x, g, seed):
    """Output, gradients of x and of the parameters, and a random number drawn afterwards."""
    torch.manual_seed(seed)
    block, x = block_of(state, dropout), x.clone().requires_grad_(needs)
    for name in frozen:
        block.get_parameter(name).requires_grad_(False)
    out = function(block, x)
    between = torch.rand(3)
    (out * g).sum().backward()
    return out.detach(), x.grad, [p.grad for p in block.parameters()], between, torch.rand(3)


def checkpointed(solution, *arguments):
    return through_a_block(solution.checkpoint, *arguments)


THROUGH = (
    "the output",
    "the gradient of x",
    "the gradients of the parameters",
    "random numbers before backward",
    "random numbers after backward",
)


@pytest.mark.parametrize("dropout", [0.0, 0.5])
@pytest.mark.parametrize(
    "needs, frozen",
    [(True, []), (False, []), (True, ["0.weight", "3.bias"])],
    ids=["all_is_trained", "x_needs_none", "some_are_frozen"],
)
def test_a_checkpoint_gives_the_same_gradients(learner, draw, dropout, needs, frozen):
    arguments = (state_of(draw), dropout, needs, frozen, draw.normal(4, 3), draw.normal(4, 2), draw.integer(0, 1000))
    expected = through_a_block(lambda block, x: block(x), *arguments)
    assert_matches(learner.run(checkpointed, *arguments), expected, THROUGH, terms=50)


def kept_by_a_checkpoint(solution, state, x):
    """The bytes of storages that are saved, without the parameters; and how often the block has come to its end."""
    block, calls = block_of(state, 0.0), []
    block.register_forward_hook(lambda *_: calls.append(1))
    own = {parameter.untyped_storage().data_ptr() for parameter in block.parameters()}
    found = {}

    def pack(tensor):
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in own:
            found[storage.data_ptr()] = storage.nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
        out = solution.checkpoint(block, x.requires_grad_())
    out.sum().backward()
    return sum(found.values()) <= x.numel() * 8, len(calls)


@pytest.mark.builds_on("test_a_checkpoint_gives_the_same_gradients")
def test_a_checkpoint_keeps_nothing_but_its_input(learner, draw):
    actual = learner.run(kept_by_a_checkpoint, state_of(draw), draw.normal(6, 3))
    assert_matches(actual, (True, 2), ("no more is saved than x", "how often the block is computed to its end"))
