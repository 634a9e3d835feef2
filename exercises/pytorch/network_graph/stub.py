"""What is connected with what: a network's layers in a table, autograd's graph as a drawing.

Read the lesson first (`tutor lesson network_graph`); `tutor hint` helps when you are stuck.

A graph is a list of labels, one a node, and a list of edges (a, b), numbers of nodes. Edges point the way that the
gradient goes: from what was computed to what it was computed from.
"""

from torch import Tensor, nn


def summary(net: nn.Module, x: Tensor) -> list[tuple[str, str, tuple[int, ...], int]]:
    """A row for each call of a leaf (a module without submodules) in net(x), in the order of the calls.

    No hooks are left behind, also if the network raises an exception.

    Args:
        net: any network whose leaves return tensors. It is called once.
        x: the input.

    Returns:
        (name in net.named_modules(), name of its class, shape of the output, how many numbers it has to learn). A
        parameter counts in the first row in which it turns up, and in no other: a second call of a module, or a
        module that shares its weight with one before, doesn't make the network larger.
    """
    raise NotImplementedError


def autograd_graph(output: Tensor, names: dict[str, Tensor]) -> tuple[list[str], list[tuple[int, int]]]:
    """The graph that autograd would walk back from `output`.

    Args:
        output: any tensor.
        names: leaf tensors by name, for instance dict(net.named_parameters()).

    Returns:
        (labels, edges). Node 0 is output.grad_fn. The nodes are gone through by their numbers, and each node's
        `next_functions` in order: what has no number yet gets the next one; None is passed over. Each entry of
        `next_functions` is an edge, in the order in which they were met, twice if it is there twice.
        The label of a node is its name(), such as "MulBackward0"; that of a leaf's node (which has an attribute
        `variable`) is the leaf's name, "leaf" if it has none.
        If `output` has no grad_fn: one node and no edges if it is itself a leaf that requires a gradient, else no
        node at all.
    """
    raise NotImplementedError


def unused(net: nn.Module, output: Tensor) -> list[str]:
    """Parameters that require a gradient and that output.backward() would nevertheless give none.

    Nothing is computed and no `.grad` changed.

    Args:
        net: the network that made `output`, or a part of what did.
        output: any tensor.

    Returns:
        Their names, in the order of net.named_parameters().
    """
    raise NotImplementedError


def depths(count: int, edges: list[tuple[int, int]]) -> list[int]:
    """On which line of a drawing each node belongs, so that all edges point downwards.

    Args:
        count: how many nodes there are; each can be reached from node 0.
        edges: as above, without circles, in any order. Thousands, also one after the other.

    Returns:
        For each node the number of edges on the longest way from node 0 to it.
    """
    raise NotImplementedError


def to_dot(labels: list[str], edges: list[tuple[int, int]]) -> str:
    """The graph in Graphviz' language, with the arrows as the data went: against the edges.

    Args:
        labels: of the nodes, any text without line breaks.
        edges: as above.

    Returns:
        Lines with a line break between them, none at the end: `digraph {`, for each node `    n0 [label="…"]`, for
        each edge (a, b) in order `    nb -> na` (so n3 -> n0 for (0, 3)), and `}`. Within a label a backslash
        becomes two, and a quotation mark gets one before it.
    """
    raise NotImplementedError
