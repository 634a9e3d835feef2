"""Values against torch.einsum, equations of gradients by what they compute, against autograd."""

import math

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches, assert_raises, reference, strided

SIZES = {"a": 2, "b": 3, "c": 4, "d": 5, "e": 6}


def operands_of(draw, equation, dtype=torch.float64):
    left = equation.replace(" ", "").split("->")[0]
    return [draw.normal(*(SIZES[letter] for letter in letters), dtype=dtype) for letters in left.split(",")]


def terms(equation):
    return math.prod(size for letter, size in SIZES.items() if letter in equation)


def check(learner, draw, equation):
    operands = operands_of(draw, equation)
    expected = torch.einsum(equation, *operands)
    assert_matches(learner.einsum(equation, *operands), expected, f"einsum({equation!r})", terms=terms(equation))


@pytest.mark.parametrize("equation", ["bc->cb", "bcd->dbc", "dcb->bcd"])
def test_axes_in_another_order(learner, draw, equation):
    check(learner, draw, equation)


@pytest.mark.parametrize("equation", ["bc->b", "bc->c", "bc->", "abcd->ca"])
def test_a_letter_that_is_missing_on_the_right_is_summed_over(learner, draw, equation):
    check(learner, draw, equation)


@pytest.mark.parametrize("equation", ["b,c->bc", "b,c->cb", "bc,bc->bc", "bc,b->bc", "ab,bc,cd->dabc"])
def test_products_without_a_sum(learner, draw, equation):
    check(learner, draw, equation)


@pytest.mark.builds_on("test_products_without_a_sum", "test_a_letter_that_is_missing_on_the_right_is_summed_over")
@pytest.mark.parametrize(
    "equation", ["bc,cd->bd", "bc,cd->db", "bc,bc->", "abc,acd->abd", "ab,bc,cd,de->ae", "bc,c,bd->dc"]
)
def test_sums_of_products(learner, draw, equation):
    check(learner, draw, equation)


@pytest.mark.builds_on("test_a_letter_that_is_missing_on_the_right_is_summed_over")
@pytest.mark.parametrize("equation", ["bb->b", "bb->", "bcb->c", "bcb->cb", "bbb->b", "ccbb->bc", "cbb,bd->dc"])
def test_a_letter_that_occurs_twice_in_one_operand(learner, draw, equation):
    check(learner, draw, equation)


@pytest.mark.builds_on("test_sums_of_products")
@pytest.mark.parametrize("number", [1, 2, 3])
def test_equations_drawn_at_random(learner, draw, number):
    letters = [list(SIZES)[i] for i in draw.permutation(5).tolist()]
    parts = [letters[:3], letters[1:4], [letters[4], letters[0]]]
    everything = [letters[i] for i in draw.permutation(5).tolist()]
    equation = ",".join("".join(part) for part in parts) + "->" + "".join(everything[: number + 1])
    check(learner, draw, equation)


def test_operands_without_axes(learner, draw):
    operands = draw.normal(3, 4), draw.normal(), draw.normal()
    assert_matches(learner.einsum("bc,,->cb", *operands), torch.einsum("bc,,->cb", *operands), "einsum('bc,,->cb')")


@pytest.mark.builds_on("test_sums_of_products")
def test_spaces_mean_nothing(learner, draw):
    check(learner, draw, "b c, cd -> d b")


@pytest.mark.builds_on("test_sums_of_products")
def test_axes_of_length_one_and_zero(learner, draw):
    for inner in (1, 0):
        operands = draw.normal(3, inner), draw.normal(inner, 2)
        assert_matches(learner.einsum("ij,jk->ik", *operands), operands[0] @ operands[1], f"with {inner} to sum over")


@pytest.mark.builds_on("test_sums_of_products")
def test_float32_of_any_layout_and_operands_left_alone(learner, draw):
    operands = operands_of(draw, "abc,cd->dab", dtype=torch.float32)
    expected = torch.einsum("abc,cd->dab", *operands)
    assert_matches(learner.einsum("abc,cd->dab", *map(strided, operands)), expected, "the result", terms=4)
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_sums_of_products")
@pytest.mark.parametrize(
    "equation, shapes",
    [
        ("ij,jk", [(2, 3), (3, 4)]),
        ("ij,jk->ik", [(2, 3)]),
        ("ij->i", [(2, 3), (3, 4)]),
        ("ij,jk->ik", [(2, 3), (4, 5)]),
        ("ij,jk->ik", [(2, 1), (4, 5)]),
        ("ii->i", [(2, 3)]),
        ("ijk->i", [(2, 3)]),
        ("ij->ik", [(2, 3)]),
        ("ij->ii", [(3, 3)]),
    ],
)
def test_impossible_equations_are_refused(learner, draw, equation, shapes):
    assert_raises(ValueError, learner.einsum, equation, *(draw.normal(*shape) for shape in shapes))


def evaluate(found, operands):
    """What the learner's equation computes, or why it computes nothing."""
    letters = set("abcdefghijklmnopqrstuvwxyz,->")
    assert isinstance(found, str), f"The equation has to be a string; yours is {type(found).__name__}."
    assert set(found) <= letters and found.count("->") == 1, f"{found!r} is no equation such as 'ij,jk->ik'."
    try:
        return torch.einsum(found, *operands)
    except (RuntimeError, ValueError) as error:
        shapes = ", ".join(str(tuple(operand.shape)) for operand in operands)
        raise AssertionError(f"{found!r} does not fit operands of shapes {shapes}: {error}") from None


@pytest.mark.parametrize(
    "equation", ["bc,cd->bd", "bc,cd->db", "abcd,aecd->abe", "ab,cbd,ad->ac", "b,c->cb", "bcd->dbc"]
)
def test_the_equation_of_a_gradient(learner, draw, equation):
    operands = operands_of(draw, equation)
    forward = reference(lambda *given: torch.einsum(equation, *given), *operands)
    grad_output = draw.like(forward.output)
    for number, expected in enumerate(forward.gradients(grad_output)):
        found = learner.gradient_equation(equation, number)
        actual = evaluate(found, [*operands[:number], grad_output, *operands[number + 1 :]])
        what = f"the gradient of operand {number} in {equation}, by your {found!r}"
        assert_matches(actual, expected, what, terms=terms(equation))


@pytest.mark.builds_on("test_the_equation_of_a_gradient")
@pytest.mark.parametrize("equation, number", [("bc->b", 0), ("bb,b->b", 0), ("bc,cd,de->bc", 2), ("ab,bcb->ac", 1)])
def test_a_gradient_that_is_no_einsum_is_refused(learner, equation, number):
    assert_raises(ValueError, learner.gradient_equation, equation, number)


def test_attention_scores(learner, draw):
    q, k = draw.normal(2, 5, 3, 4), draw.normal(2, 6, 3, 4)
    expected = q.transpose(1, 2) @ k.permute(0, 2, 3, 1)
    assert_matches(learner.attention_scores(q, k), expected, "the scores", terms=4)


def test_attention_scores_of_as_many_queries_as_keys(learner, draw):
    q, k = draw.normal(2, 5, 3, 4), draw.normal(2, 5, 3, 4)
    expected = q.transpose(1, 2) @ k.permute(0, 2, 3, 1)
    assert_matches(learner.attention_scores(q, k), expected, "the scores", terms=4)


def test_bilinear_forms(learner, draw):
    x, weight, y = draw.normal(4, 3), draw.normal(2, 3, 5), draw.normal(4, 5)
    assert_matches(learner.bilinear(x, weight, y), torch.nn.functional.bilinear(x, y, weight), "the forms", terms=15)


def test_products_of_channels(learner, draw):
    images = draw.normal(2, 4, 3, 5)
    flat = images.reshape(2, 4, 15)
    assert_matches(learner.gram(images), flat @ flat.transpose(1, 2), "the products", terms=15)


def test_traces_of_products(learner, draw):
    left, right = draw.normal(3, 4, 5), draw.normal(3, 5, 4)
    expected = (left @ right).diagonal(dim1=1, dim2=2).sum(-1)
    assert_matches(learner.traces(left, right), expected, "the traces", terms=20)
