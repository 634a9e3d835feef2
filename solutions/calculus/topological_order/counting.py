"""Kahn's way: whoever waits for nobody is next."""


def topological_order(inputs: list[list[int]], output: int) -> list[int]:
    """See the stub."""
    needed, queue = {output}, [output]
    for node in queue:
        for source in inputs[node]:
            if source not in needed:
                needed.add(source)
                queue.append(source)
    missing = {node: len(set(inputs[node])) for node in needed}
    users: dict[int, list[int]] = {node: [] for node in needed}
    for node in needed:
        for source in set(inputs[node]):
            users[source].append(node)
    order = [node for node in needed if missing[node] == 0]
    for node in order:
        for user in users[node]:
            missing[user] -= 1
            if missing[user] == 0:
                order.append(user)
    if len(order) < len(needed):
        raise ValueError("a cycle")
    return order
