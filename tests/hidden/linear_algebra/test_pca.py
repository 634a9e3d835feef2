"""Data made from known directions; the reference is torch's SVD of the centred data, and torch.var along them."""

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches, strided

FITTED = ("mean", "components", "variances")


def data(draw, n, d):
    """Samples with orthonormal directions, standard deviations well apart, and a mean far from 0."""
    r = min(n - 1, d)
    left = torch.linalg.qr(torch.cat([torch.ones(n, 1).double(), draw.normal(n, r)], dim=1)).Q[:, 1:]
    right = torch.linalg.qr(draw.normal(d, r)).Q
    spread = 6 * 0.6 ** torch.arange(r, dtype=torch.float64) * draw.uniform(1, low=0.8, high=1.2)
    return left * spread @ right.T + draw.uniform(d, low=1, high=5)


def fit(x, k):
    mean = x.mean(dim=0)
    components = torch.linalg.svd(x - mean, full_matrices=False).Vh[:k]
    return mean, components, torch.einsum("nd,kd->nk", x, components).var(dim=0)


def turned(actual, expected):
    """With the rows of the components turned so as to agree with the expected ones, for their signs are free."""
    if not isinstance(actual, tuple | list) or len(actual) != 3 or not isinstance(actual[1], torch.Tensor):
        return actual
    mine, right = actual[1], expected[1]
    if mine.shape != right.shape or mine.dtype != right.dtype:
        return actual
    signs = torch.where((mine * right).sum(dim=1, keepdim=True) < 0, -1.0, 1.0).to(right.dtype)
    return actual[0], signs * mine, actual[2]


def check_pca(learner, x, k, **options):
    expected = fit(x, k)
    assert_matches(turned(learner.pca(x, k), expected), expected, FITTED, **options)


@pytest.mark.parametrize("n, d, k", [(7, 3, 1), (9, 4, 2), (8, 5, 3), (6, 3, 3)])
def test_the_directions_of_the_largest_variance(learner, draw, n, d, k):
    check_pca(learner, data(draw, n, d), k, terms=200)


@pytest.mark.builds_on("test_the_directions_of_the_largest_variance")
@pytest.mark.parametrize("n, d, k", [(4, 7, 2), (3, 5, 1), (2, 3, 1)])
def test_fewer_samples_than_features(learner, draw, n, d, k):
    check_pca(learner, data(draw, n, d), k, terms=200)


@pytest.mark.builds_on("test_the_directions_of_the_largest_variance")
def test_a_feature_that_never_varies(learner, draw):
    x = data(draw, 7, 4)
    x[:, 2] = 3.0
    check_pca(learner, x, 3, terms=200)


@pytest.mark.parametrize("n, d", [(6, 3), (9, 4), (3, 5), (2, 4)])
def test_the_covariance_matrix(learner, draw, n, d):
    x = data(draw, n, d)
    assert_matches(learner.covariance(x), x.T.cov(), "the covariance", terms=100)


def check_of_covariance(learner, c, k):
    values, vectors = torch.linalg.eigh(c)
    expected = vectors.flip(1)[:, :k].T, values.flip(0)[:k]
    actual = learner.pca_of_covariance(c, k)
    if isinstance(actual, tuple | list) and len(actual) == 2:
        actual = turned((None, *actual), (None, *expected))[1:]
    assert_matches(actual, expected, FITTED[1:], terms=200)


@pytest.mark.parametrize("n, d, k", [(7, 3, 1), (9, 4, 2), (8, 5, 3), (6, 3, 3), (5, 6, 2)])
def test_the_directions_from_the_covariance_matrix(learner, draw, n, d, k):
    check_of_covariance(learner, data(draw, n, d).T.cov(), k)


@pytest.mark.builds_on("test_the_covariance_matrix", "test_the_directions_from_the_covariance_matrix")
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_covariance_matrices_of_any_dtype_and_layout(learner, draw, dtype):
    x = strided(data(draw, 8, 4).to(dtype))
    assert_matches(learner.covariance(x), x.T.cov(), "the covariance", terms=100)
    assert_inputs_unchanged(learner)
    check_of_covariance(learner, strided(x.T.cov()), 2)
    assert_inputs_unchanged(learner)


@pytest.mark.parametrize("n, d, k", [(7, 4, 2), (5, 3, 1), (6, 4, 3)])
def test_coordinates_along_the_components(learner, draw, n, d, k):
    mean, components, _ = fit(data(draw, 9, d), k)
    new = data(draw, n, d)
    expected = torch.einsum("nd,kd->nk", new - mean, components)
    assert_matches(learner.transform(new, mean, components), expected, "the coordinates", terms=20)


@pytest.mark.parametrize("n, d, k", [(7, 4, 2), (5, 3, 1), (6, 4, 3)])
def test_points_from_their_coordinates(learner, draw, n, d, k):
    mean, components, _ = fit(data(draw, 9, d), k)
    z = draw.normal(n, k)
    expected = torch.einsum("nk,kd->nd", z, components) + mean
    assert_matches(learner.inverse_transform(z, mean, components), expected, "the points", terms=20)


def there_and_back(solution, x, k):
    """What is left of the data after a round trip through k coordinates."""
    mean, components, _ = solution.pca(x, k)
    return solution.inverse_transform(solution.transform(x, mean, components), mean, components)


@pytest.mark.builds_on(
    "test_the_directions_of_the_largest_variance",
    "test_coordinates_along_the_components",
    "test_points_from_their_coordinates",
)
@pytest.mark.parametrize("n, d, k", [(8, 4, 2), (4, 6, 3), (7, 3, 3)])
def test_there_and_back_is_the_nearest_point_of_rank_k(learner, draw, n, d, k):
    x = data(draw, n, d)
    u, s, vh = torch.linalg.svd(x - x.mean(dim=0), full_matrices=False)
    expected = u[:, :k] * s[:k] @ vh[:k] + x.mean(dim=0)
    assert_matches(learner.run(there_and_back, x, k), expected, "the reconstruction", terms=200)


@pytest.mark.parametrize("m, k", [(6, 2), (5, 3)])
def test_whitened_coordinates(learner, draw, m, k):
    z, variances = draw.normal(m, k), draw.uniform(k, low=2, high=9)
    expected = z / variances.sqrt()
    assert_matches(learner.whiten(z, variances), expected, "the whitened coordinates")


def whitened(solution, x, k):
    """Whitened data, whose covariance is to be the identity."""
    mean, components, variances = solution.pca(x, k)
    return solution.whiten(solution.transform(x, mean, components), variances)


@pytest.mark.builds_on("test_the_directions_of_the_largest_variance", "test_whitened_coordinates")
def test_whitened_data_have_the_identity_as_covariance(learner, draw):
    x = data(draw, 9, 4)
    z = learner.run(whitened, x, 3)
    fine = isinstance(z, torch.Tensor) and z.shape == (9, 3)
    assert fine, "The whitened data of 9 samples along 3 components have to be a tensor of shape (9, 3)."
    assert_matches(z.T.cov(), torch.eye(3, dtype=torch.float64), "the covariance", terms=100)


def test_how_many_components_explain_a_share(learner, draw):
    for _ in range(20):
        variances = draw.uniform(draw.integer(3, 9), low=0.2, high=5).sort(descending=True).values
        shares = variances.cumsum(0) / variances.sum()
        k = draw.integer(0, len(variances))
        below = shares[k - 1].item() if k else 0.0
        share = below + (shares[k].item() - below) * draw.uniform(low=0.1, high=0.9).item()
        assert_matches(learner.components_needed(variances, share), k + 1, "the number of components")


@pytest.mark.builds_on("test_how_many_components_explain_a_share")
def test_exactly_the_share_is_enough(learner):
    variances = torch.tensor([4.0, 2.0, 1.0, 1.0], dtype=torch.float64)
    for share, k in ((0.25, 1), (0.5, 1), (0.625, 2), (0.75, 2), (0.875, 3)):
        assert_matches(learner.components_needed(variances, share), k, f"the number of components for {share}")


@pytest.mark.builds_on("test_the_directions_of_the_largest_variance", "test_coordinates_along_the_components")
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_the_dtype_is_kept_and_inputs_are_left_as_they_were(learner, draw, dtype):
    x = strided(data(draw, 8, 4).to(dtype))
    check_pca(learner, x, 2, terms=200)
    assert_inputs_unchanged(learner)
    mean, components, variances = (strided(part) for part in fit(x, 2))
    z = strided((x - mean) @ components.T)
    assert_matches(learner.transform(x, mean, components), z, "the coordinates", terms=20)
    assert_inputs_unchanged(learner)
    assert_matches(learner.inverse_transform(z, mean, components), z @ components + mean, "the points", terms=20)
    assert_inputs_unchanged(learner)
    assert_matches(learner.whiten(z, variances), z / variances.sqrt(), "the whitened coordinates")
    assert_inputs_unchanged(learner)
