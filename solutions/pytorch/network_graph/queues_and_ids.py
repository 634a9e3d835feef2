"""A queue, numbers by id with the nodes kept alive beside them, and depths by relaxing the edges again and again."""

from collections import deque

from torch import Tensor, nn


def summary(net: nn.Module, x: Tensor) -> list[tuple[str, str, tuple[int, ...], int]]:
    names = {id(module): name for name, module in net.named_modules()}
    rows, seen, handles = [], [], []

    def hook(module, _, output):
        size = 0
        for parameter in module.parameters():
            if not any(parameter is other for other in seen):
                seen.append(parameter)
                size += parameter.numel()
        rows.append((names[id(module)], module.__class__.__name__, tuple(output.size()), size))

    try:
        for module in net.modules():
            if next(module.children(), None) is None:
                handles.append(module.register_forward_hook(hook))
        net(x)
    finally:
        while handles:
            handles.pop().remove()
    return rows


def autograd_graph(output: Tensor, names: dict[str, Tensor]) -> tuple[list[str], list[tuple[int, int]]]:
    called = {id(tensor): name for name, tensor in reversed(names.items())}
    root = output.grad_fn
    if root is None:
        return ([called.get(id(output), "leaf")] if output.requires_grad else []), []
    alive, numbers, labels, edges, queue = [root], {id(root): 0}, [], [], deque([root])
    while queue:
        node = queue.popleft()
        leaf = getattr(node, "variable", None)
        labels.append(node.name() if leaf is None else called.get(id(leaf), "leaf"))
        for following in (pair[0] for pair in node.next_functions if pair[0] is not None):
            if id(following) not in numbers:
                numbers[id(following)] = len(alive)
                alive.append(following)
                queue.append(following)
            edges.append((numbers[id(node)], numbers[id(following)]))
    return labels, edges


def unused(net: nn.Module, output: Tensor) -> list[str]:
    names = dict(net.named_parameters())
    labels, _ = autograd_graph(output, {f"parameter {name}": tensor for name, tensor in names.items()})
    return [name for name, tensor in names.items() if tensor.requires_grad and f"parameter {name}" not in labels]


def depths(count: int, edges: list[tuple[int, int]]) -> list[int]:
    found = [0] * count
    moved = True
    ordered = sorted(edges)
    while moved:
        moved = False
        for source, target in ordered:
            if found[target] <= found[source]:
                found[target], moved = found[source] + 1, True
    return found


def to_dot(labels: list[str], edges: list[tuple[int, int]]) -> str:
    text = "digraph {\n"
    for number in range(len(labels)):
        escaped = "".join("\\" + letter if letter in '\\"' else letter for letter in labels[number])
        text += "    n" + str(number) + ' [label="' + escaped + '"]\n'
    for to, at in edges:
        text += f"    n{at} -> n{to}\n"
    return text + "}"
