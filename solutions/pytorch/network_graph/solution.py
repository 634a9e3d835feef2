from torch import Tensor, nn


def summary(net: nn.Module, x: Tensor) -> list[tuple[str, str, tuple[int, ...], int]]:
    rows: list[tuple[str, str, tuple[int, ...], int]] = []
    counted = set()

    def watch(name):
        def hook(module, inputs, output):
            new = [parameter for parameter in module.parameters() if parameter not in counted]
            counted.update(new)
            size = sum(parameter.numel() for parameter in new)
            rows.append((name, type(module).__name__, tuple(output.shape), size))

        return hook

    handles = []
    for name, module in net.named_modules():
        if not list(module.children()):
            handles.append(module.register_forward_hook(watch(name)))
    try:
        net(x)
    finally:
        for handle in handles:
            handle.remove()
    return rows


def _walk(output):
    """The nodes in their order, and the edges."""
    if output.grad_fn is None:
        return [], []
    numbers = {output.grad_fn: 0}
    nodes, edges = [output.grad_fn], []
    for node in nodes:
        for following, _ in node.next_functions:
            if following is None:
                continue
            if following not in numbers:
                numbers[following] = len(nodes)
                nodes.append(following)
            edges.append((numbers[node], numbers[following]))
    return nodes, edges


def autograd_graph(output: Tensor, names: dict[str, Tensor]) -> tuple[list[str], list[tuple[int, int]]]:
    def label(leaf):
        return next((name for name, tensor in names.items() if tensor is leaf), "leaf")

    if output.grad_fn is None:
        return [label(output)] if output.requires_grad else [], []
    nodes, edges = _walk(output)
    return [label(node.variable) if hasattr(node, "variable") else node.name() for node in nodes], edges


def unused(net: nn.Module, output: Tensor) -> list[str]:
    reached = {node.variable for node in _walk(output)[0] if hasattr(node, "variable")} | {output}
    return [name for name, parameter in net.named_parameters() if parameter.requires_grad and parameter not in reached]


def depths(count: int, edges: list[tuple[int, int]]) -> list[int]:
    targets = [[] for _ in range(count)]
    waiting_for = [0] * count
    for source, target in edges:
        targets[source].append(target)
        waiting_for[target] += 1
    found = [0] * count
    ready = [0]
    while ready:
        node = ready.pop()
        for target in targets[node]:
            found[target] = max(found[target], found[node] + 1)
            waiting_for[target] -= 1
            if waiting_for[target] == 0:
                ready.append(target)
    return found


def to_dot(labels: list[str], edges: list[tuple[int, int]]) -> str:
    lines = ["digraph {"]
    for number, label in enumerate(labels):
        quoted = label.replace("\\", "\\\\").replace('"', '\\"')
        lines.append(f'    n{number} [label="{quoted}"]')
    lines += [f"    n{target} -> n{source}" for source, target in edges]
    return "\n".join([*lines, "}"])
