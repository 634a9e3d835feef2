"""Relations between a wrong result and the right one: planted, each in three ways, and where there is none."""

import pytest
import torch

from tutor.grading.relations import Evidence, relate
from tutor.testkit.compare import Mismatch, Part, assert_matches


def evidence(make, seed):
    """What a failed comparison leaves: `make` gets a source of random tensors, and gives yours, right, arguments."""
    generator = torch.Generator().manual_seed(seed)
    mine, right, arguments = make(lambda *shape: torch.randn(shape, generator=generator, dtype=torch.float64))
    with pytest.raises(Mismatch) as caught:
        assert_matches(mine, right, ("grad_x", "grad_w") if isinstance(right, tuple) else "The result")
    return Evidence(caught.value.parts, arguments)


def relation(make):
    return relate(evidence(make, 1), evidence(make, 2))


def with_x(shape, wrong, right=lambda x: x):
    """Yours and the right one, each a function of a random `x`, which is the call's argument."""

    def make(normal):
        x = normal(*shape)
        return wrong(x), right(x), {"x": x}

    return make


def two(shape, wrong, right):
    """As `with_x`, with two arguments."""

    def make(normal):
        x, y = normal(*shape), normal(*shape)
        return wrong(x, y), right(x, y), {"x": x, "y": y}

    return make


def of_linear(wrong):
    """The gradients of a product, (4, 3) by (3, 5), and what `wrong` makes of them."""

    def make(normal):
        x, w, g = normal(4, 3), normal(3, 5), normal(4, 5)
        right = g @ w.T, x.T @ g
        return wrong(*right), right, {"grad_output": g, "x": x, "weight": w}

    return make


def layer_norm(x, axes=(1,), unbiased=False, eps=1e-5, outside=0.0, power=0.5):
    centred = x - x.mean(axes, keepdim=True)
    return centred / ((x.var(axes, unbiased=unbiased, keepdim=True) + eps) ** power + outside)


def softmax_backward(y, g):
    return y * (g - (y * g).sum(1, keepdim=True))


PLANTED = [
    # a constant factor, and what it equals
    (with_x((4, 3), lambda x: x.cos() / 4, torch.cos), "divided by 4; 4 is the length of `x` along axis 0"),
    (
        with_x((4, 3), lambda x: x.cos() * 12, torch.cos),
        "12 times what it should be; 12 is the number of elements of `x`",
    ),
    (with_x((6, 5), lambda x: x.cos().sum(), lambda x: x.cos().mean()), "30 times what it should be"),
    (with_x((4, 3), lambda x: x.cos() * 2.5, torch.cos), "2.5 times what it should be, in every element"),
    (with_x((5,), lambda x: x.exp().sum().item() / 2, lambda x: x.exp().sum().item()), "0.5 times"),
    (with_x((7, 3), lambda x: x.var(0), lambda x: x.var(0, unbiased=False)), "7/6 times what it should be"),
    (with_x((7, 3), lambda x: x.std(0, unbiased=False), lambda x: x.std(0)), "√(6/7) times what it should be"),
    (with_x((4, 7, 7), lambda x: x @ x.mT, lambda x: x @ x.mT / 7**0.5), "√7 times what it should be"),
    (lambda n: ((x := n(5)) * 0.9, x * 0.1, {"grad": x, "momentum": 0.9}), "momentum/(1 − momentum) times"),
    (
        lambda n: (-0.1 * (x := n(5)), x.clone(), {"grad": x * x, "lr": 0.1}),
        "lr times what it should be, and has the wrong sign",
    ),
    (of_linear(lambda a, b: (a / 4, b / 4)), "grad_x and grad_w: each is what it should be divided by 4"),
    # sign
    (with_x((4, 3), lambda x: -x.cos(), torch.cos), "the wrong sign"),
    (with_x((), lambda x: -x.cos(), torch.cos), "the wrong sign"),
    (of_linear(lambda a, b: (a, -b)), "grad_w has the wrong sign"),
    # axes permuted
    (with_x((4, 3), lambda x: x.cos().T, torch.cos), "is transposed"),
    (with_x((4, 4), lambda x: x.cos().T, torch.cos), "is transposed"),
    (of_linear(lambda a, b: (a, b.T)), "grad_w is transposed"),
    (with_x((4, 3, 5), lambda x: x.cos().permute(2, 0, 1), torch.cos), "in the order (2, 0, 1)"),
    (
        with_x((4, 3, 5), lambda x: x.cos().transpose(0, 1).reshape(4, 3, 5), torch.cos),
        "as a reshape for a transpose gives",
    ),
    (with_x((4, 3), lambda x: x.cos().reshape(3, 4), lambda x: x.cos().T), "as a reshape for a transpose gives"),
    (with_x((2, 3, 4), lambda x: x.cos().reshape(2, 4, 3), lambda x: x.cos().mT), "as a reshape for a transpose gives"),
    (of_linear(lambda a, b: (b, a)), "grad_x and grad_w are swapped"),
    # flipped, rotated, shifted
    (with_x((4, 3), lambda x: x.cos().flip(0), torch.cos), "flipped along axis 0"),
    (with_x((2, 3, 3, 2), lambda x: x.cos().flip((2, 3)), torch.cos), "flipped along axes 2 and 3"),
    (with_x((7,), lambda x: x.cos().flip(0), torch.cos), "flipped along axis 0"),
    (with_x((4, 3), lambda x: x.cos().roll(1, 0), torch.cos), "rotated by 1 along axis 0"),
    (with_x((4, 5), lambda x: x.cos().roll(2, 1), torch.cos), "rotated by 2 along axis 1"),
    (with_x((9,), lambda x: x.cos().roll(-1, 0), torch.cos), "rotated by"),
    (
        with_x((6, 3), lambda x: torch.cat([x[:1] * 0, x.cos()[:-1]]), torch.cos),
        "shifted by 1 along axis 0, towards the end",
    ),
    (
        with_x((3, 8), lambda x: torch.cat([x.cos()[:, 2:], x[:, :2]], 1), torch.cos),
        "shifted by 2 along axis 1, towards the b",
    ),
    (with_x((9,), lambda x: torch.cat([x[:1], x.cos()[:-1]]), torch.cos), "shifted by 1 along axis 0"),
    # one step behind
    (with_x((6, 3), lambda x: [x[0], *x.cumsum(0)[:-1]], lambda x: [*x.cumsum(0)]), "one step behind"),
    (with_x((8,), lambda x: [0.0, *x.cumsum(0)[:-1].tolist()], lambda x: x.cumsum(0).tolist()), "one step behind"),
    (with_x((6, 3), lambda x: [*x.cumsum(0)[1:], 5 * x[0]], lambda x: [*x.cumsum(0)]), "one step ahead"),
    # a reduction missing, or one too many
    (with_x((4, 3), torch.cos, lambda x: x.cos().sum(0)), "not reduced: its sum over axis 0"),
    (with_x((4, 3, 5), torch.cos, lambda x: x.cos().mean((0, 2))), "not reduced: its mean over axes 0 and 2"),
    (with_x((4, 3), lambda x: x.cos().sum(0), lambda x: x.cos().sum()), "not reduced: its sum over axis 0"),
    (with_x((4, 3), lambda x: x.cos().sum(1), torch.cos), "the sum over axis 1 of what is expected"),
    (with_x((4, 3), lambda x: x.cos().mean(), torch.cos), "the mean over axes 0 and 1 of what is expected"),
    (
        with_x((4, 3, 5), lambda x: x.cos().sum((0, 2)), lambda x: x.cos().sum(0)),
        "the sum over axis 1 of what is expected",
    ),
    (with_x((4, 3), lambda x: x.cos().sum(1, keepdim=True), lambda x: x.cos().sum(1)), "an axis of length 1 too many"),
    (with_x((4, 1), lambda x: x.cos().squeeze(1), torch.cos), "an axis of length 1 too few"),
    (with_x((4, 3), lambda x: x.cos().sum(1)[None, :, None], lambda x: x.cos().sum(1)), "an axis of length 1 too many"),
    (with_x((4, 6), lambda x: x.cos().flatten(), torch.cos), "in shape (24,) for (4, 6)"),
    # broadcast the wrong way
    (two((5,), lambda x, y: x - y[:, None], lambda x, y: x - y), "as (5,) and (5, 1) broadcast"),
    (two((5,), lambda x, y: x[:, None] * y, lambda x, y: x * y), "as (5,) and (5, 1) broadcast"),
    (two((6, 1), lambda x, y: x + y.T, lambda x, y: x + y), "as (6,) and (6, 1) broadcast"),
    (
        with_x((4, 3), lambda x: x.cos().sum(0).expand(4, 3), lambda x: x.cos().sum(0)),
        "repeated: broadcast from (3,) to (4, 3)",
    ),
    (with_x((5,), lambda x: x.cos().sum().expand(5), lambda x: x.cos().sum()), "repeated: broadcast from () to (5,)"),
    (with_x((4, 1), lambda x: x.cos().expand(4, 3), torch.cos), "repeated: broadcast from (4, 1) to (4, 3)"),
    (
        with_x((4, 3), lambda x: x.cos().mean(0).expand(4, 3), torch.cos),
        "the mean over axis 0 of what is expected, in every place",
    ),
    (
        with_x((4, 3), lambda x: x.cos().sum(1, keepdim=True).expand(4, 3), torch.cos),
        "the sum over axis 1 of what is expected, in every",
    ),
    (
        with_x((4, 3), lambda x: x.cos().sum().expand(4, 3), torch.cos),
        "the sum over axes 0 and 1 of what is expected, in every",
    ),
    # right but for a constant, or for a term
    (with_x((4, 3), lambda x: x.cos() + 1, torch.cos), "off by the same in every element: 1 too much"),
    (with_x((), lambda x: x.cos() - 0.25, torch.cos), "−0.25 too much"),
    (of_linear(lambda a, b: (a + 3, b)), "grad_x is off by the same"),
    (two((4, 5), lambda x, y: x * y, lambda x, y: x * y - x.mean(1, keepdim=True)), "the same along axis 1"),
    (two((4, 5), lambda x, y: x * y, lambda x, y: x * y + y.sum(0)), "the same along axis 0"),
    (two((3, 4, 5), lambda x, y: x * y, lambda x, y: x * y + y.sum(2, keepdim=True)), "the same along axis 2"),
    (
        two((4, 5), lambda x, y: x * y, lambda x, y: softmax_backward(x, y)),
        "off by a multiple of `x` that is the same along axis 1",
    ),
    (two((4, 5), lambda x, y: y, lambda x, y: y - x * (x * y).mean(0)), "is `y` itself"),
    (
        two((4, 5), lambda x, y: 2 * y, lambda x, y: 2 * y - x * (x * y).mean(0)),
        "off by a multiple of `x` that is the same along axis 0",
    ),
    (two((3, 4, 5), lambda x, y: x * y, lambda x, y: x * y + x * y.sum(1, keepdim=True)), "off by a multiple of `x`"),
    (two((4, 5), lambda x, y: x * y + 0.25 * x, lambda x, y: x * y), "off by 0.25 times `x`, in every element"),
    (two((4, 5), lambda x, y: x * y, lambda x, y: x * y + 0.5 * y), "off by −0.5 times `y`, in every element"),
    (two((9,), lambda x, y: x * y - 2 * y, lambda x, y: x * y), "off by −2 times `y`, in every element"),
    # right but for a part
    (with_x((5, 4), lambda x: torch.cat([x.cos()[:-1], x[-1:]]), torch.cos), "right but for the last index of axis 0"),
    (
        with_x((5, 4), lambda x: torch.cat([x.cos()[:, :-1], x[:, -1:]], 1), torch.cos),
        "right but for the last index of axis 1",
    ),
    (
        with_x((3, 5, 4), lambda x: torch.cat([x.cos()[:, :-1], x[:, :1]], 1), torch.cos),
        "right but for the last index of axis 1",
    ),
    (with_x((5, 4), lambda x: torch.cat([x[:1], x.cos()[1:]]), torch.cos), "right but for the first index of axis 0"),
    (with_x((5, 4), lambda x: torch.cat([x.cos()[:1], x[1:]]), torch.cos), "right at the first index of axis 0 only"),
    (
        with_x((3, 5, 4), lambda x: torch.cat([x.cos()[:, :1], x[:, 1:]], 1), torch.cos),
        "right at the first index of axis 1 only",
    ),
    (
        with_x((6, 5), lambda x: torch.where(x < 0, x, x.cos()), torch.cos),
        "wrong where `x` is negative, and only there",
    ),
    (
        with_x((6, 5), lambda x: torch.where(x > 0, 2 * x, x.cos()), torch.cos),
        "wrong where `x` is positive, and only there",
    ),
    (two((6, 5), lambda x, y: x.clamp(min=0) * y, lambda x, y: x * y), "wrong where `x` is negative, and only there"),
    # precision
    (with_x((5, 4), lambda x: x.cos().float().double(), torch.cos), "precision of float32"),
    (with_x((5, 4), lambda x: x.float().exp().double(), torch.exp), "precision of float32"),
    (with_x((5, 40), lambda x: x.float().cos().sum(1).double(), lambda x: x.cos().sum(1)), "precision of float32"),
    (with_x((5, 4), lambda x: x / (x**2 + torch.tensor(0.4)), lambda x: x / (x**2 + 0.4)), "is nearly right"),
    (with_x((5, 4), lambda x: x * torch.tensor(0.1), lambda x: x * 0.1), "is nearly right"),
    (
        with_x((5, 4), lambda x: ((x + 1e-4).sin() - (x - 1e-4).sin()) / 2e-4, torch.cos),
        "is nearly right",
    ),
    # variance, and eps in or out of the root
    (
        with_x((4, 6), lambda x: layer_norm(x, unbiased=True), layer_norm),
        "the sample variance (n − 1) for the population's",
    ),
    (
        with_x((4, 3, 5), lambda x: layer_norm(x, (0, 2), True), lambda x: layer_norm(x, (0, 2))),
        "over axes 0 and 2 of `x`",
    ),
    (
        with_x((4, 6), layer_norm, lambda x: layer_norm(x, unbiased=True)),
        "the population variance (n) for the sample's",
    ),
    (with_x((4, 6), lambda x: layer_norm(x, eps=0, outside=1e-5), layer_norm), "eps added outside the root"),
    (
        with_x((4, 6), lambda x: layer_norm(x, (0,), eps=0, outside=1e-5), lambda x: layer_norm(x, (0,))),
        "eps added outside the root",
    ),
    (
        lambda n: (layer_norm(x := n(4, 6), eps=0, outside=0.1), layer_norm(x, eps=0.1), {"x": x, "eps": 0.1}),
        "eps added outside",
    ),
    (
        with_x((4, 6), layer_norm, lambda x: layer_norm(x, eps=0, outside=1e-5)),
        "eps added inside the root in place of outside",
    ),
    (with_x((4, 6), lambda x: layer_norm(x, eps=0), layer_norm), "leaving eps out"),
    (with_x((4, 6), lambda x: layer_norm(x, power=1), layer_norm), "dividing by the variance, not its root"),
    (
        lambda n: ((b := n(6)) + layer_norm(x := n(4, 6), (0,), True), b + layer_norm(x, (0,)), {"x": x, "beta": b}),
        "the sample variance",
    ),
    # a function of it
    (with_x((5, 4), lambda x: x.cos() ** 2, torch.cos), "the square of what it should be"),
    (with_x((5, 4), lambda x: x.var(0).sqrt(), lambda x: x.var(0)), "the square root of what it should be"),
    (with_x((5, 4), lambda x: x.softmax(1), lambda x: x.log_softmax(1)), "the exponential of what it should be"),
    (with_x((5, 4), lambda x: x.log_softmax(1), lambda x: x.softmax(1)), "the logarithm of what it should be"),
    (with_x((5, 4), lambda x: 1 - x.sigmoid(), torch.sigmoid), "one minus what it should be"),
    (with_x((5, 4), lambda x: 1 / x.exp(), torch.exp), "the reciprocal of what it should be"),
    (with_x((5, 4), torch.abs, lambda x: -x.abs() * x.sign()), "the absolute value of what it should be"),
    (with_x((5, 4), torch.clone, torch.cos), "is `x` itself, unchanged"),
]


@pytest.mark.parametrize("number", range(len(PLANTED)))
def test_what_is_planted_is_found(number):
    make, says = PLANTED[number]
    assert says in (relation(make) or "nothing")


SHAPES = [(), (1,), (3,), (0,), (2, 3), (3, 2), (1, 4), (2, 1, 3), (2, 3, 4, 2), (1, 2, 1, 2, 3), (2, 2, 2, 1, 1, 2)]
DTYPES = [torch.float64, torch.float32, torch.float16, torch.int64, torch.bool, torch.complex64]


@pytest.mark.parametrize("seed", range(30))
def test_no_result_breaks_it(seed):
    """Whatever a learner returns, in whatever shape and dtype: a sentence or none, but no exception."""
    generator = torch.Generator().manual_seed(seed)

    def pick(options):
        return options[int(torch.randint(len(options), (1,), generator=generator))]

    def some():
        return (torch.randn(pick(SHAPES), generator=generator) * 3).to(pick(DTYPES))

    strange = [None, "text", 3, 2.5, True, [], [1.0, 2.0], (1, "a"), {"a": 1.0}, [None], float("nan")]
    for _ in range(40):
        right = some() if pick([True, True, False]) else pick([2.5, 3, [1.0, 2.0], [some(), some()]])
        mine = pick([some(), some(), pick(strange), right * 2 if isinstance(right, torch.Tensor) else right])
        arguments = {"x": some(), "eps": pick([1e-5, 0.0, 3, None]), "other": pick([*strange, some().numpy()])}
        part = Part("x", mine, right, 1e-9, pick([True, False]))
        relate(Evidence([part], arguments), Evidence([part], arguments))
