"""Pictures against all ranks tried out and rebuilt; topics against torch.linalg.svd up to signs; planted ratings."""

import itertools

import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import assert_inputs_unchanged, assert_matches, strided

PAIR = ("the picture", "the ranks")
TOPICS = ("documents", "words")


def matrix(draw, m, n, low=0.6, high=0.9):
    """Random; each singular value is smaller than the one before it by a random factor."""
    r = min(m, n)
    values = 3 * draw.uniform(r, low=low, high=high).cumprod(0)
    left, right = torch.linalg.qr(draw.normal(m, r)).Q, torch.linalg.qr(draw.normal(n, r)).Q
    return left * values @ right.T


def nearest(a, k):
    u, s, vh = torch.linalg.svd(a, full_matrices=False)
    return torch.einsum("...ik,...k,...kj->...ij", u[..., :k], s[..., :k], vh[..., :k, :])


def picture(draw, channels, h, w, dtype=torch.float64):
    """Channels of different brightness, so that they deserve different ranks."""
    scale = torch.tensor([1.0, 0.45, 1.9, 0.25])[draw.permutation(4)[:channels]]
    return torch.stack([size * matrix(draw, h, w) for size in scale]).to(dtype)


def best(image, numbers):
    """All ranks that fit, tried out."""
    channels, h, w = image.shape
    options = [[nearest(channel, k) for k in range(min(h, w) + 1)] for channel in image]
    errors = [
        [(left - channel).square().sum().item() for left in row] for row, channel in zip(options, image, strict=True)
    ]
    fitting = [
        ks for ks in itertools.product(range(min(h, w) + 1), repeat=channels) if sum(ks) * (h + w + 1) <= numbers
    ]
    ranks = min(fitting, key=lambda ks: sum(row[k] for row, k in zip(errors, ks, strict=True)))
    return torch.stack([row[k] for row, k in zip(options, ranks, strict=True)]), list(ranks)


@pytest.mark.parametrize("shape, terms", [((3, 5, 4), 5), ((2, 4, 6), 4), ((4, 3, 5), 6), ((3, 4, 5), 2)])
def test_the_nearest_picture_that_fits(learner, draw, shape, terms):
    image = picture(draw, *shape)
    numbers = terms * (shape[1] + shape[2] + 1) + draw.integer(0, 5)
    assert_matches(learner.compress_image(image, numbers), best(image, numbers), PAIR, terms=20)


@pytest.mark.builds_on("test_the_nearest_picture_that_fits")
@pytest.mark.parametrize("spare, terms", [(0, 4), (-1, 3)], ids=["just enough", "one number short"])
def test_each_term_takes_height_and_width_and_one(learner, draw, spare, terms):
    image = picture(draw, 2, 4, 5)
    expected = best(image, terms * 10)
    assert_matches(learner.compress_image(image, 40 + spare), expected, PAIR, terms=20)


@pytest.mark.builds_on("test_the_nearest_picture_that_fits")
def test_a_store_too_small_for_one_term_and_one_that_holds_everything(learner, draw):
    image = picture(draw, 3, 4, 5)
    assert_matches(learner.compress_image(image, 9), (torch.zeros_like(image), [0, 0, 0]), PAIR)
    assert_matches(learner.compress_image(image, 10_000), (image, [4, 4, 4]), PAIR, terms=20)


@pytest.mark.builds_on("test_the_nearest_picture_that_fits")
def test_a_picture_of_float32_is_left_as_it_was(learner, draw):
    image = strided(picture(draw, 3, 5, 4, torch.float32))
    assert_matches(learner.compress_image(image, 47), best(image, 47), PAIR, terms=20)
    assert_inputs_unchanged(learner)


def decibels(image, k):
    return -10 * (nearest(image, k) - image).square().mean().log10().item()


@pytest.mark.parametrize("h, w", [(5, 7), (9, 4), (6, 8)])
def test_the_smallest_rank_that_looks_good_enough(learner, draw, h, w):
    image = matrix(draw, h, w) / 5
    s = torch.linalg.svdvals(image)
    for k in range(1, min(h, w)):
        below, there = decibels(image, k - 1), decibels(image, k)
        for share in (0.1, 0.9):
            wanted = below + share * (there - below)
            assert_matches(learner.rank_for_psnr(s, (h, w), wanted), k, f"the rank for {wanted:.2f} dB")
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_the_smallest_rank_that_looks_good_enough")
def test_a_black_picture_may_be_good_enough_and_all_terms_may_be_needed(learner, draw):
    image = matrix(draw, 5, 7) / 5
    s = torch.linalg.svdvals(image)
    assert_matches(learner.rank_for_psnr(s, (5, 7), decibels(image, 0) - 1), 0, "the rank for what black reaches")
    assert_matches(learner.rank_for_psnr(s, (5, 7), decibels(image, 4) + 1), 5, "the rank where only all terms do")


def turned(actual, expected):
    """The learner's topics with the expected signs."""
    if not isinstance(actual, tuple | list) or len(actual) != 2:
        return actual
    if any(
        not isinstance(a, torch.Tensor) or a.shape != e.shape or a.dtype != e.dtype
        for a, e in zip(actual, expected, strict=True)
    ):
        return actual
    signs = torch.where((actual[1] * expected[1]).sum(0) < 0, -1.0, 1.0).to(expected[1].dtype)
    return actual[0] * signs, actual[1] * signs


def topics(counts, k):
    u, s, vh = torch.linalg.svd(counts, full_matrices=False)
    return u[:, :k] @ torch.diag(s[:k]), vh[:k].T.contiguous()


@pytest.mark.parametrize("m, n, k", [(6, 4, 2), (4, 7, 3), (5, 8, 1), (3, 5, 3), (7, 3, 3)])
def test_documents_and_words_by_topic(learner, draw, m, n, k):
    counts = matrix(draw, m, n, high=0.8)
    expected = topics(counts, k)
    assert_matches(turned(learner.topic_vectors(strided(counts), k), expected), expected, TOPICS, terms=100)
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_documents_and_words_by_topic")
def test_topics_of_counted_words(learner, draw):
    counts = (draw.integers(0, 4, 5, 9) + 3 * torch.eye(5, 9).long() * torch.arange(1, 6)[:, None]).double()
    expected = topics(counts, 3)
    assert_matches(turned(learner.topic_vectors(counts, 3), expected), expected, TOPICS, terms=1000)


@pytest.mark.parametrize("shape", [(6,), (4, 6), (2, 3, 6)])
def test_texts_that_were_not_there_before(learner, draw, shape):
    words = torch.linalg.qr(draw.normal(6, 4)).Q[:, :3]
    counts = draw.integers(0, 5, *shape).double() + 0.5
    assert_matches(learner.fold_in(strided(counts), strided(words)), torch.matmul(counts, words), "the topics", terms=6)
    assert_inputs_unchanged(learner)


def folded(solution, counts, k):
    documents, words = solution.topic_vectors(counts, k)
    return documents, solution.fold_in(counts, words)


@pytest.mark.builds_on("test_documents_and_words_by_topic", "test_texts_that_were_not_there_before")
def test_documents_folded_in_come_out_as_they_were(learner, draw):
    counts = matrix(draw, 6, 5)
    documents, again = learner.run(folded, counts, 2)
    assert_matches(again, documents, "the documents, folded in", terms=50)


def ranking(query, documents):
    cosine = F.cosine_similarity(documents, query[None], dim=1)
    return sorted(range(len(documents)), key=lambda i: (-cosine[i].item(), i))


@pytest.mark.parametrize("n, k", [(9, 3), (12, 4), (7, 2)])
def test_documents_by_their_angle_to_the_query(learner, draw, n, k):
    documents = draw.normal(n, k) * draw.uniform(n, 1, low=0.1, high=9)
    query = draw.normal(k)
    assert_matches(learner.most_similar(strided(query), strided(documents)), ranking(query, documents), "the order")
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_documents_by_their_angle_to_the_query")
def test_empty_documents_stand_between_the_like_and_the_unlike(learner, draw):
    documents, query = draw.normal(8, 3), draw.normal(3)
    documents[0], documents[1] = -query, query
    documents[[2, 5]] = 0.0
    assert_matches(learner.most_similar(query, documents), ranking(query, documents), "the order")


@pytest.mark.builds_on("test_documents_by_their_angle_to_the_query")
def test_an_empty_query_leaves_the_order_as_it_is(learner, draw):
    assert_matches(learner.most_similar(torch.zeros(3).double(), draw.normal(6, 3)), [0, 1, 2, 3, 4, 5], "the order")


SENTENCES = """
car wheel road
car wheel
auto road wheel engine
auto road engine
cat purr milk
milk cat cream
kitten purr cream
kitten milk purr
"""


def search(solution, counts, query, k):
    documents, words = solution.topic_vectors(counts, k)
    return solution.most_similar(solution.fold_in(query, words), documents)


@pytest.mark.builds_on("test_documents_and_words_by_topic", "test_documents_by_their_angle_to_the_query")
def test_a_search_finds_documents_without_a_common_word(learner, draw):
    """Documents 2 and 3 speak of an auto, never of a car."""
    lines = [line.split() for line in SENTENCES.strip().split("\n")]
    vocabulary = sorted({word for line in lines for word in line})
    order = draw.permutation(len(lines)).tolist()
    counts = torch.tensor([[float(lines[i].count(word)) for word in vocabulary] for i in order], dtype=torch.float64)
    query = torch.tensor([float(word == "car") for word in vocabulary], dtype=torch.float64)
    found = learner.run(search, counts, query, 2)
    first = sorted(order[i] for i in found[:4])
    assert first == [0, 1, 2, 3], f"A search for `car` has to find the four texts on cars first; yours finds {first}."


def imputed(ratings, known, k, steps):
    filled = ratings.clone()
    filled[~known] = ratings[known].sum() / known.sum()
    for _ in range(steps):
        filled[~known] = nearest(filled, k)[~known]
    return filled


def survey(draw, m, n, share):
    known = draw.uniform(m, n) < share
    known[0, 0], known[1, 1] = True, False
    return matrix(draw, m, n) + 1.5, known


@pytest.mark.parametrize("m, n", [(4, 6), (7, 3)])
def test_before_the_first_step_gaps_hold_the_mean_of_what_is_known(learner, draw, m, n):
    ratings, known = survey(draw, m, n, 0.7)
    assert_matches(learner.complete(ratings, known, 2, 0), imputed(ratings, known, 2, 0), "the ratings", terms=30)


@pytest.mark.parametrize("m, n, k, steps", [(5, 7, 2, 1), (8, 4, 1, 3), (6, 5, 3, 6)])
def test_gaps_are_filled_step_by_step(learner, draw, m, n, k, steps):
    ratings, known = survey(draw, m, n, 0.6)
    expected = imputed(ratings, known, k, steps)
    assert_matches(learner.complete(strided(ratings), strided(known), k, steps), expected, "the ratings", terms=100)
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_gaps_are_filled_step_by_step")
def test_what_stands_in_the_gaps_means_nothing(learner, draw):
    ratings, known = survey(draw, 6, 5, 0.6)
    empty = torch.where(known, ratings, float("nan"))
    assert_matches(learner.complete(empty, known, 2, 3), imputed(ratings, known, 2, 3), "the ratings", terms=100)


@pytest.mark.builds_on("test_gaps_are_filled_step_by_step")
def test_hidden_ratings_are_found_again(learner, draw):
    """Of a matrix of rank 2, two entries in each column."""
    users, items = (
        torch.cat([torch.ones(20, 1), draw.normal(20, 1)], 1),
        torch.cat([torch.ones(8, 1) * 3, draw.normal(8, 1)], 1),
    )
    true = users.double() @ items.double().T
    missing = [(5 * item + 7 * j + draw.integer(0, 2)) % 20 for item in range(8) for j in range(2)]
    known = torch.ones(20, 8, dtype=torch.bool)
    known[missing, [item for item in range(8) for _ in range(2)]] = False
    found = learner.complete(torch.where(known, true, 0.0), known, 2, 150)
    assert_matches(found, true, "the ratings", rtol=0.02)
