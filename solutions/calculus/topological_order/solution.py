"""Depth first with a stack of its own; a node is finished when it comes up for the second time."""


def topological_order(inputs: list[list[int]], output: int) -> list[int]:
    """See the stub."""
    order: list[int] = []
    finished: dict[int, bool] = {}  # False: its inputs are being visited
    waiting = [(output, False)]
    while waiting:
        node, inputs_done = waiting.pop()
        if inputs_done:
            finished[node] = True
            order.append(node)
        elif node not in finished:
            finished[node] = False
            waiting.append((node, True))
            waiting.extend((source, False) for source in inputs[node])
        elif not finished[node]:
            raise ValueError(f"{node} depends on itself")
    return order
