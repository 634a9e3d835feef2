"""A forbidden function is refused whatever it is called through, and named with the learner's line."""

import contextlib
import threading

import pytest
import torch
import torch.nn.functional as F

from tutor.grading.rules import OPERATORS, RuleBroken, Rules, known

X = torch.randn(2, 3, 6, 5, dtype=torch.float64)
W = torch.randn(4, 3, 2, 2, dtype=torch.float64)
M = torch.randn(4, 4, dtype=torch.float64)


def gradient_of_squares():
    leaf = torch.ones(3, requires_grad=True)
    (leaf * leaf).sum().backward()


@pytest.mark.parametrize(
    "forbidden, use",
    [
        ("torch.nn.functional.conv2d", lambda: F.conv2d(X, W)),
        ("torch.nn.functional.conv2d", lambda: torch.nn.Conv2d(3, 4, 2, dtype=torch.float64)(X)),
        (
            "torch.nn.functional.conv2d",
            lambda: torch.ops.aten.convolution(X, W, None, [1, 1], [0, 0], [1, 1], False, [0, 0], 1),
        ),
        ("torch.nn.functional.conv2d", lambda: F.conv_transpose2d(X, W.transpose(0, 1))),
        ("torch.nn.functional.conv2d", lambda: torch.nn.grad.conv2d_input(X.shape, W, torch.ones(2, 4, 5, 4).double())),
        ("torch.nn.functional.conv2d", lambda: torch.inference_mode()(F.conv2d)(X, W)),
        ("torch.matmul", lambda: M @ M),
        ("torch.matmul", lambda: torch.einsum("ij,jk->ik", M, M)),
        ("torch.matmul", lambda: torch.tensordot(M, M, 1)),
        ("torch.matmul", lambda: torch.inner(M, M)),
        ("torch.matmul", lambda: torch.linalg.multi_dot([M, M, M])),
        ("torch.matmul", lambda: M[0] @ M[1]),
        ("torch.matmul", lambda: F.linear(M, M)),
        ("torch.matmul", lambda: F.conv1d(M[:, None], M[:, None])),
        ("torch.matmul", lambda: F.bilinear(M, M, M[None])),
        ("torch.matmul", lambda: torch.sparse.mm(M.to_sparse(), M)),
        ("torch.softmax", lambda: torch.sparse.softmax(M.to_sparse(), 1)),
        ("torch.nn.functional.max_pool2d", lambda: F.max_pool2d(X, 2)),
        ("torch.nn.functional.max_pool2d", lambda: torch.nn.AdaptiveMaxPool2d(2)(X)),
        ("torch.nn.functional.batch_norm", lambda: torch.nn.BatchNorm2d(3, dtype=torch.float64)(X)),
        ("torch.softmax", lambda: M.softmax(1)),
        ("torch.softmax", lambda: torch.nn.Softmax(1)(M)),
        ("torch.logsumexp", lambda: M.logsumexp(1)),
        ("torch.nn.functional.cross_entropy", lambda: torch.nn.CrossEntropyLoss()(M, torch.tensor([0, 1, 2, 3]))),
        ("torch.sigmoid", lambda: M.clone().sigmoid_()),
        ("torch.sigmoid", lambda: torch.special.expit(M)),
        ("torch.sigmoid", lambda: F.logsigmoid(M)),
        ("torch.mul", lambda: M * 2),
        ("torch.Tensor.numpy", lambda: M.numpy()),
        ("torch.Tensor.__array__", lambda: __import__("numpy").asarray(M)),
        ("torch.einsum", lambda: torch.ops.aten.einsum("ij,jk->ik", [M, M])),
        ("torch.einsum", lambda: torch.functional.einsum("ij,jk->ik", M, M)),
        ("torch.pinverse", lambda: M.pinverse()),
        ("torch.Tensor.matrix_power", lambda: torch.matrix_power(M, 2)),
        ("torch.nn.functional.mish", lambda: torch.ops.aten.mish_backward(M, M)),
        ("torch.linalg.svd", lambda: torch.ops.aten.linalg_svd(M)),
        ("torch.linalg.svd", lambda: torch.ops.aten._linalg_svd.default(M)),
        ("torch.linalg.pinv", lambda: torch.ops.aten.linalg_pinv(M)),
        ("torch.linalg.lstsq", lambda: torch._C._linalg.linalg_lstsq(M, M)),
        ("torch.linalg", lambda: torch.linalg.solve(M, M)),
        ("torch.linalg", lambda: torch.linalg.inv(M)),
        ("torch.linalg", lambda: torch.inverse(M)),
        ("torch.linalg", lambda: torch.linalg.qr(M)),
        ("torch.linalg", lambda: torch.svd(M)),
        ("torch.linalg", lambda: M.det()),
        ("torch.linalg", lambda: torch.linalg.lu(M)),
        ("torch.linalg", lambda: torch.geqrf(M)),
        ("torch.linalg", lambda: torch.linalg.eigvals(M)),
        ("torch.linalg", lambda: torch.linalg.pinv(M)),
        ("torch.linalg", lambda: torch.linalg.lstsq(M, M)),
        ("torch.linalg", lambda: torch.pca_lowrank(M, 2)),
        ("torch.linalg", lambda: torch.linalg.matrix_power(M, -1)),
        ("torch.nn.functional.leaky_relu", lambda: torch.ops.aten.leaky_relu_backward(M, M, 0.1, False)),
        ("torch.nn.functional.elu", lambda: F.elu_(M.clone())),
        ("torch.nn.functional.elu", lambda: F.celu(M)),
        ("torch.nn.functional.prelu", lambda: torch.nn.PReLU(dtype=torch.float64)(M)),
        ("torch.nn.functional.silu", lambda: torch.nn.SiLU()(M)),
        ("torch.nn.functional.softplus", lambda: torch.nn.Softplus()(M)),
        ("torch.nn.functional.mse_loss", lambda: torch.nn.MSELoss()(M, M)),
        ("torch.nn.functional.huber_loss", lambda: torch.nn.HuberLoss()(M, M)),
        ("torch.autograd", gradient_of_squares),
        ("torch.autograd", lambda: torch.func.grad(lambda z: (z * z).sum())(M)),
        ("torch.autograd", lambda: torch.func.jvp(lambda z: z * z, (M,), (M,))),
        ("torch.autograd", lambda: torch.func.jacrev(lambda z: z * z)(M[0])),
    ],
)
def test_every_way_to_the_forbidden_is_refused(forbidden, use):
    use()
    rules = Rules([forbidden], __file__)
    with rules, pytest.raises(RuleBroken, match=forbidden.replace(".", r"\.")):
        use()
    assert [name for name, line, _ in rules.broken if line] == [forbidden]


def test_what_is_not_forbidden_works():
    with Rules(["torch.nn.functional.conv2d", "torch.autograd", "torch.softmax"]) as rules:
        F.unfold(X, (2, 2))
        torch.einsum("ij,jk->ik", M, M)
        (M - M.max(1, keepdim=True).values).exp()
    assert rules.broken == []


def test_a_thread_is_no_way_out():
    class Own(threading.Thread):
        def run(self):
            with contextlib.suppress(RuleBroken):
                M @ M

    rules = Rules(["torch.matmul"], __file__)
    with rules:
        for thread in (Own(), threading.Thread(target=Own.run, args=[None])):
            thread.start()
            thread.join()
    assert len(rules.broken) == 2
    thread = Own()
    thread.start()
    thread.join()
    assert len(rules.broken) == 2


def test_what_is_named_alike_works():
    with Rules(["torch.einsum", "torch.linalg.svd", "torch.Tensor.add", "torch.scatter"]) as rules:
        M @ M * M
        torch.linalg.qr(M)
        torch.zeros(3).scatter_add(0, torch.tensor([1]), torch.ones(1))
    assert rules.broken == []


def test_norms_are_no_decompositions():
    with Rules(["torch.linalg"]) as rules:
        M.norm() + torch.linalg.vector_norm(M[0]) + torch.linalg.norm(M[0])
    assert rules.broken == []


def test_catching_the_exception_hides_nothing():
    rules = Rules(["torch.matmul"], __file__)
    with rules, contextlib.suppress(Exception):
        M @ M
    assert len(rules.broken) == 1


@pytest.mark.parametrize("name", sorted(OPERATORS))
def test_every_name_in_the_table_is_torchs(name):
    assert known(name)


def test_names_that_torch_does_not_have():
    assert not known("torch.nn.functional.convolve") and not known("numpy.convolve2d") and not known("scipy.linalg")
    assert not known("torch.nn.functional") and not known("torch.autograd.functional")
    assert known("torch.optim") and known("numpy.linalg") and known("numpy.einsum")
