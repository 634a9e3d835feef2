"""Texts by a regular expression, groups by powers of the neighbour matrix, weights by the sums that define them."""

import re

import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import assert_inputs_unchanged, assert_matches, strided

WORDS = ["Red", "CAT", "näh", "x2", "Öl", "seven", "7", "the", "of"]


def text_of(draw, words):
    """The words with random separators, in random case."""
    pieces = []
    for word in words:
        case = draw.choice([str.upper, str.lower, str.title, str])
        gap = "".join(draw.choice([" ", ",", "\t", "-", "_", "!", "\n", "'"]) for _ in range(draw.integer(1, 4)))
        pieces += [case(word), gap]
    start = draw.choice(["", " ", "(", "…"])
    return start + "".join(pieces[:-1] if draw.integer(0, 2) else pieces)


def plain(text):
    return re.sub(r"[\W_]+", " ", text.lower()).strip()


@pytest.mark.parametrize("number", range(8))
def test_a_text_as_it_is_compared(learner, draw, number):
    words = [draw.choice(WORDS) for _ in range(draw.integer(0, 5))]
    words.insert(draw.integer(0, len(words) + 1), draw.choice(["x2", "7", "3D"]))
    text = text_of(draw, words)
    assert_matches(learner.normalise_text(text), plain(text), f"the text {text!r}")


@pytest.mark.builds_on("test_a_text_as_it_is_compared")
def test_texts_without_letters_are_empty(learner, draw):
    assert_matches(learner.normalise_text(draw.choice([" ", "?!", "\n - _", ""])), "", "the text")


@pytest.mark.builds_on("test_a_text_as_it_is_compared")
@pytest.mark.parametrize("n", [1, 12, 20])
def test_the_first_of_equal_texts_stays(learner, draw, n):
    kinds = [[draw.choice(WORDS) for _ in range(3)] for _ in range(6)]
    texts = [text_of(draw, draw.choice(kinds)) for _ in range(n)]
    known = [plain(text) for text in texts]
    expected = [i for i in range(n) if known.index(known[i]) == i]
    assert_matches(learner.first_of_each(texts), expected, "the indices")


def expected_groups(x, similarity):
    """Who is reached from whom in N steps."""
    near = (F.normalize(x, dim=1) @ F.normalize(x, dim=1).T >= similarity).double()
    reached = near
    for _ in range(len(x)):
        reached = (reached @ near).clamp(max=1)
    groups = {tuple(row.nonzero()[:, 0].tolist()) for row in reached}
    return sorted(list(group) for group in groups if len(group) > 1)


def clusters(draw, sizes, d, noise):
    """Rows of different lengths around some directions, shuffled."""
    rows = [draw.normal(1, d) + noise * draw.normal(size, d) for size in sizes]
    x = torch.cat(rows) * draw.uniform(sum(sizes), 1, low=0.2, high=4.0)
    return x[draw.permutation(len(x))]


@pytest.mark.parametrize("sizes, d", [((3, 1, 4, 2), 6), ((1, 1, 5), 9), ((2, 2, 2, 1, 1), 7)])
def test_groups_of_samples_that_are_nearly_the_same(learner, draw, sizes, d):
    x, similarity = clusters(draw, sizes, d, 0.02), 0.97
    assert_matches(learner.near_duplicates(strided(x), similarity), expected_groups(x, similarity), "the groups")
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_groups_of_samples_that_are_nearly_the_same")
@pytest.mark.parametrize("number", range(3))
def test_chains_of_neighbours_are_one_group(learner, draw, number):
    """Directions in a plane: neighbours are up to 6 degrees apart, a chain spans far more."""
    steps = torch.cat([draw.uniform(5, low=3.0, high=5.5), draw.uniform(1, low=20.0, high=40.0)])
    steps = torch.cat([steps, draw.uniform(4, low=3.0, high=5.5), draw.uniform(2, low=15.0, high=25.0)])
    angles = torch.deg2rad(steps.cumsum(0))[draw.permutation(12)]
    x = torch.stack([angles.cos(), angles.sin()], 1) * draw.uniform(12, 1, low=0.2, high=4.0)
    limit = torch.deg2rad(torch.tensor(6.0, dtype=torch.float64)).cos().item()
    assert_matches(learner.near_duplicates(x, limit), expected_groups(x, limit), "the groups")


def expected_split(groups, order, test_size):
    test = []
    for group in dict.fromkeys(groups[order].tolist()):
        members = (groups == group).nonzero()[:, 0].tolist()
        if len(test) + len(members) <= test_size:
            test += members
    train = sorted(set(range(len(groups))) - set(test))
    return torch.tensor(train, dtype=torch.int64), torch.tensor(sorted(test), dtype=torch.int64)


@pytest.mark.parametrize("n, kinds, test_size", [(20, 7, 6), (31, 5, 12), (15, 12, 4), (24, 6, 9)])
def test_no_group_is_in_both_sets(learner, draw, n, kinds, test_size):
    for _ in range(3):
        groups, order = draw.integers(0, kinds, n) * 10 - 20, draw.permutation(n)
        expected = expected_split(groups, order, test_size)
        assert_matches(learner.split_groups(groups, order, test_size), expected, ("train", "test"))
        assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_no_group_is_in_both_sets")
def test_a_set_may_be_empty(learner, draw):
    groups, order = draw.integers(0, 4, 9), draw.permutation(9)
    for test_size in (0, 9):
        expected = expected_split(groups, order, test_size)
        assert_matches(learner.split_groups(groups, order, test_size), expected, ("train", "test"))


def unequal(draw, counts):
    labels = torch.cat([torch.full((count,), c) for c, count in enumerate(counts)])
    return labels[draw.permutation(len(labels))]


@pytest.mark.parametrize("counts", [(12, 3, 6), (2, 9), (5, 1, 20, 3)])
def test_weights_by_the_inverse_of_the_count(learner, draw, counts):
    labels, total = unequal(draw, counts), sum(counts)
    expected = torch.tensor([total / len(counts) / count for count in counts], dtype=torch.float64)
    assert_matches(learner.class_weights(labels, len(counts)), expected, "the weights", terms=total)
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_weights_by_the_inverse_of_the_count")
def test_a_class_without_samples_has_no_weight(learner, draw):
    labels = unequal(draw, (4, 0, 7, 0))
    expected = torch.tensor([11 / 2 / 4, 0.0, 11 / 2 / 7, 0.0], dtype=torch.float64)
    assert_matches(learner.class_weights(labels, 4), expected, "the weights", terms=20)


@pytest.mark.builds_on("test_weights_by_the_inverse_of_the_count")
@pytest.mark.parametrize("beta", [0.5, 0.75, 0.0])
def test_weights_by_the_effective_number(learner, draw, beta):
    labels = unequal(draw, (6, 2, 0, 11, 1))
    expected = torch.tensor(
        [0.0 if n == 0 else 1 / sum(beta**k for k in range(n)) for n in (6, 2, 0, 11, 1)], dtype=torch.float64
    )
    expected = expected / expected[labels].mean()
    assert_matches(learner.class_weights(labels, 5, beta=beta), expected, "the weights", terms=100)


def model(draw, n, classes, wrong):
    """Probabilities of a model that mostly knows better than the labels, some of which are wrong."""
    truth = draw.integers(0, classes, n)
    logits = 1.5 * draw.normal(n, classes) + 3.0 * F.one_hot(truth, classes)
    labels = truth.clone()
    changed = draw.permutation(n)[:wrong]
    labels[changed] = (truth[changed] + draw.integers(1, classes, wrong)) % classes
    bias = 2.0 * draw.normal(classes)  # the model likes some classes better than others
    return torch.softmax(logits + bias, 1), labels


def expected_suspects(probabilities, labels):
    suspects, present = [], sorted(set(labels.tolist()))
    limits = {c: probabilities[labels == c][:, c].mean() for c in present}
    for i in range(len(labels)):
        sure = {c: probabilities[i, c].item() for c in present if probabilities[i, c] >= limits[c]}
        if sure and max(sure, key=sure.get) != labels[i]:
            suspects.append(i)
    return sorted(suspects, key=lambda i: probabilities[i, labels[i]].item())


@pytest.mark.parametrize("n, classes, wrong", [(30, 3, 6), (40, 5, 9), (25, 2, 5)])
def test_labels_that_are_probably_wrong(learner, draw, n, classes, wrong):
    for _ in range(3):
        probabilities, labels = model(draw, n, classes, wrong)
        expected = expected_suspects(probabilities, labels)
        assert_matches(learner.suspicious_labels(strided(probabilities), labels), expected, "the suspects")
        assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_labels_that_are_probably_wrong")
def test_a_class_that_no_label_names(learner, draw):
    probabilities, labels = model(draw, 30, 4, 6)
    labels = torch.where(labels == 2, 0, labels)
    expected = expected_suspects(probabilities, labels)
    assert_matches(learner.suspicious_labels(probabilities, labels), expected, "the suspects")
