"""Counts by torch's own shapes, every way to put brackets tried out, and products written out in full."""

from itertools import pairwise

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches, assert_operations, cost_of, strided


def different(draw, count, low=2, high=40):
    """Sizes none of which equals another."""
    return [low + int(i) for i in draw.permutation(high - low)[:count]]


def every_cost(sizes):
    """What each way to put brackets costs."""
    if len(sizes) == 2:
        return [0]
    found = []
    for cut in range(1, len(sizes) - 1):
        last = sizes[0] * sizes[cut] * sizes[-1]
        found += [a + b + last for a in every_cost(sizes[: cut + 1]) for b in every_cost(sizes[cut:])]
    return found


def cheapest(sizes):
    """The least of them, by a table."""
    n = len(sizes)
    table = torch.zeros(n, n, dtype=torch.int64)
    for i in reversed(range(n)):
        for j in range(i + 2, n):
            table[i, j] = min(int(table[i, c] + table[c, j]) + sizes[i] * sizes[c] * sizes[j] for c in range(i + 1, j))
    return int(table[0, -1])


def cost_of_brackets(brackets, sizes):
    """The matrices from … to that these brackets multiply, and at which cost."""
    if type(brackets) is int and 0 <= brackets < len(sizes) - 1:
        return brackets, brackets + 1, 0
    if not isinstance(brackets, tuple | list) or len(brackets) != 2:
        raise AssertionError(f"brackets has to be made of pairs and numbers of matrices; yours has {brackets!r} in it.")
    start, middle, left = cost_of_brackets(brackets[0], sizes)
    begin, stop, right = cost_of_brackets(brackets[1], sizes)
    if middle != begin:
        raise AssertionError(f"Matrices that aren't neighbours can't be multiplied: {brackets!r}.")
    return start, stop, left + right + sizes[start] * sizes[middle] * sizes[stop]


def check_order(learner, sizes, expected):
    actual = learner.cheapest_order(sizes)
    if not isinstance(actual, tuple | list) or len(actual) != 2:
        raise AssertionError("cheapest_order has to return two values, the cost and the brackets.")
    assert_matches(actual[0], expected, f"the cost for {sizes}")
    start, stop, cost = cost_of_brackets(actual[1], sizes)
    if (start, stop) != (0, len(sizes) - 1):
        raise AssertionError(f"The brackets have to contain all {len(sizes) - 1} matrices; yours are {actual[1]!r}.")
    assert_matches(cost, expected, f"the cost of your brackets {actual[1]} for {sizes}")


@pytest.mark.parametrize(
    "first, second", [((), ()), ((5,), (5,)), ((3,), ()), ((), (4, 3)), ((3, 1), (6,)), ((2, 1, 4), (3, 1))]
)
def test_the_multiplications_of_a_product(learner, draw, first, second):
    for _ in range(2):
        m, k, n = different(draw, 3)
        a, b = (*first, m, k), (*second, k, n)
        elements = (torch.zeros(first) + torch.zeros(second)).numel() * m * n
        assert_matches(learner.multiplications(a, b), elements * k, f"the number of multiplications for {a} and {b}")


@pytest.mark.parametrize("n", [2, 3, 4, 6])
def test_from_left_to_right(learner, draw, n):
    sizes = different(draw, n + 1)
    brackets = 0
    for i in range(1, n):
        brackets = (brackets, i)
    expected = cost_of_brackets(brackets, sizes)[2]
    assert_matches(learner.left_to_right(sizes), expected, f"the number of multiplications for {sizes}")


@pytest.mark.parametrize("n", [2, 3, 4, 6])
def test_from_right_to_left(learner, draw, n):
    sizes = different(draw, n + 1)
    brackets = n - 1
    for i in reversed(range(n - 1)):
        brackets = (i, brackets)
    expected = cost_of_brackets(brackets, sizes)[2]
    assert_matches(learner.right_to_left(sizes), expected, f"the number of multiplications for {sizes}")


@pytest.mark.parametrize("n", [2, 3, 4, 5, 6])
def test_the_cheapest_order(learner, draw, n):
    for _ in range(4):
        sizes = different(draw, n + 1)
        check_order(learner, sizes, min(every_cost(sizes)))


@pytest.mark.builds_on("test_the_cheapest_order")
def test_the_cheapest_order_of_two_dozen_matrices(learner, draw):
    """There are 3.4 · 10¹¹ ways to put brackets."""
    sizes = different(draw, 25, high=60)
    check_order(learner, sizes, cheapest(sizes))


@pytest.mark.builds_on("test_the_cheapest_order")
def test_a_network_is_cheapest_from_the_side_of_the_loss(learner):
    check_order(learner, [1, 50, 60, 70, 80], 1 * 50 * 60 + 1 * 60 * 70 + 1 * 70 * 80)


@pytest.mark.parametrize("sizes", [[3, 2], [4, 2, 5], [2, 6, 3, 4]])
def test_a_chain_applied_to_a_vector(learner, draw, sizes):
    matrices = [draw.normal(rows, columns) for rows, columns in pairwise(sizes)]
    x = draw.normal(sizes[-1])
    expected = torch.linalg.multi_dot([*matrices, x[:, None]])[:, 0]
    assert_matches(learner.apply_chain(matrices, x), expected, "the product", terms=100)


@pytest.mark.builds_on("test_a_chain_applied_to_a_vector")
def test_no_two_matrices_are_multiplied(learner, draw):
    matrices, x = [draw.normal(30, 30) for _ in range(3)], draw.normal(30)
    flops, at_most = cost_of(learner, "apply_chain", matrices, x).flops, 2 * 2 * 3 * 30**2
    assert flops <= at_most, f"{flops:,} operations for three matrices 30 × 30 and a vector; {at_most:,} are plenty."


@pytest.mark.parametrize("m, n", [(2, 5), (4, 3), (3, 3), (1, 4)])
def test_the_trace_of_a_product(learner, draw, m, n):
    a, b = draw.normal(m, n), draw.normal(n, m)
    assert_matches(learner.trace_of_product(a, b), torch.trace(a @ b), "the trace", terms=50)


@pytest.mark.builds_on("test_the_trace_of_a_product")
def test_the_product_itself_is_not_needed(learner, draw):
    a, b = draw.normal(40, 30), draw.normal(30, 40)
    flops, at_most = cost_of(learner, "trace_of_product", a, b).flops, 5 * 40 * 30
    assert flops <= at_most, f"{flops:,} operations for (40, 30) by (30, 40); {at_most:,} are plenty for the diagonal."


@pytest.mark.parametrize("rows, n", [(4, 3), (2, 5), (7, 2), (1, 3)])
def test_quadratic_forms(learner, draw, rows, n):
    x, a = draw.normal(rows, n), draw.normal(n, n)
    expected = torch.stack([row @ a @ row for row in x])
    assert_matches(learner.quadratic_forms(x, a), expected, "the forms", terms=50)


@pytest.mark.builds_on("test_quadratic_forms")
def test_quadratic_forms_of_many_rows_without_a_loop(learner, draw):
    x, a = draw.normal(300, 4), draw.normal(4, 4)
    cost = cost_of(learner, "quadratic_forms", x, a)
    assert_operations(cost, 8)
    at_most = 5 * 300 * 4**2
    assert cost.flops <= at_most, f"{cost.flops:,} operations for 300 rows of length 4; {at_most:,} are plenty."


@pytest.mark.parametrize("bound", ["arithmetic", "memory"])
def test_the_least_time(learner, draw, bound):
    for _ in range(8):
        m, k, n = different(draw, 3, low=5, high=3000)
        itemsize, peak = draw.choice([2, 4, 8]), 10 ** draw.uniform(1, low=10, high=15).item()
        moved, factor = itemsize * (m * k + k * n + m * n), draw.uniform(1, low=1.1, high=3).item()
        arithmetic = 2 * m * k * n / peak
        memory = arithmetic / factor if bound == "arithmetic" else arithmetic * factor
        actual = learner.seconds_at_least(m, k, n, itemsize=itemsize, peak=peak, bandwidth=moved / memory)
        told = f"for m={m}, k={k}, n={n}, itemsize={itemsize}, peak={peak:.3g}, bandwidth={moved / memory:.3g},"
        if not isinstance(actual, tuple | list) or len(actual) != 2:
            raise AssertionError("seconds_at_least has to return two values, the seconds and what holds it up.")
        seconds = max(arithmetic, memory)
        assert_matches(actual[0], seconds, f"the number of seconds {told}", relative=True)
        assert_matches(actual[1], bound, f"what holds it up {told}")


@pytest.mark.builds_on(
    "test_a_chain_applied_to_a_vector", "test_the_trace_of_a_product", "test_quadratic_forms", "test_the_cheapest_order"
)
def test_inputs_are_left_as_they_were(learner, draw):
    a, b, x, rows = (strided(draw.normal(*shape)) for shape in [(3, 4), (4, 3), (3,), (5, 3)])
    square = strided(draw.normal(3, 3))
    for call, expected, name in [
        (lambda: learner.apply_chain([a, b], x), a @ b @ x, "the product"),
        (lambda: learner.trace_of_product(a, b), torch.trace(a @ b), "the trace"),
        (lambda: learner.quadratic_forms(rows, square), (rows @ square @ rows.T).diagonal(), "the forms"),
    ]:
        assert_matches(call(), expected, name, terms=50)
        assert_inputs_unchanged(learner)
