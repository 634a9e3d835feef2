"""The order in which backpropagation may visit the nodes of a computational graph.

Read the lesson first (`tutor lesson topological_order`); `tutor hint` helps when you are stuck. Plain Python is enough.
"""


def topological_order(inputs: list[list[int]], output: int) -> list[int]:
    """The nodes that `output` is computed from, and itself, each after all of its own inputs.

    Args:
        inputs: the nodes are numbered, in no particular order; inputs[i] has the numbers of the nodes that node i was
            computed from, and is empty for a leaf. A number may occur twice in it, as in a · a.
        output: the node to start from.

    Returns:
        Numbers of nodes, each exactly once, `output` last. Nodes that `output` doesn't depend on are left out. Any
        order in which every node comes after its inputs will do. `inputs` must not be changed. The graph may be 50,000
        nodes deep: a recursive walk would run into Python's recursion limit.

    Raises:
        ValueError: if a node that `output` depends on depends on itself, directly or around a cycle. Cycles elsewhere
            don't matter.
    """
    raise NotImplementedError
