"""The pieces against counts and loops of the suite's own; then digits and texts that the training hasn't seen."""

import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import assert_inputs_unchanged, assert_matches, glyphs, strided

COMMON = ["the", "a", "we", "it", "was", "and", "then", "today", "very", "they", "had", "some", "of", "in"]
TOPICS = [
    ["rain", "cloud", "storm", "wind", "sunny", "frost", "umbrella", "thunder", "snow", "sky"],
    ["soup", "bread", "salt", "oven", "recipe", "onion", "cheese", "butter", "fry", "taste"],
    ["goal", "match", "team", "coach", "ball", "score", "referee", "league", "kick", "win"],
]


def digits(draw, count):
    """Images of 9 × 8 and what is on them: brighter or darker, moved by up to one pixel, and noisy."""
    y = draw.integers(0, 10, count)
    images = torch.zeros(count, 9, 8, dtype=torch.float64)
    for image, glyph, (down, right) in zip(
        images, glyphs()[y].double(), draw.integers(0, 2, count, 2).tolist(), strict=True
    ):
        image[1 + down : 8 + down, 1 + right : 6 + right] = glyph
    light = draw.uniform(count, 1, 1, low=-0.5, high=0.5)
    return images * draw.uniform(count, 1, 1, low=0.7, high=1.2) + light + 0.2 * draw.normal(count, 9, 8), y


def text(draw, topic):
    """About two words of five are the topic's own, one of twelve is another topic's."""
    words = []
    for _ in range(draw.integer(7, 12)):
        kind = draw.integer(0, 12)
        source = TOPICS[topic] if kind < 5 else TOPICS[(topic + draw.integer(1, 3)) % 3] if kind == 5 else COMMON
        word = draw.choice(source)
        words.append(draw.choice([word, word, word.capitalize(), word.upper(), word + ","]))
    return " ".join(words) + draw.choice([".", "!", " ?", "..."])


def texts(draw, count):
    y = draw.integers(0, 3, count)
    return [text(draw, topic) for topic in y.tolist()], y


def orders(draw, epochs, n):
    return torch.stack([draw.permutation(n) for _ in range(epochs)])


@pytest.mark.parametrize("shape", [(3, 4, 5), (2, 7, 3), (1, 2, 6)])
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32], ids=str)
def test_pixels_less_the_mean_of_their_image(learner, draw, shape, dtype):
    images = (draw.normal(*shape) + 3 * draw.uniform(shape[0], 1, 1)).to(dtype)
    expected = images.reshape(shape[0], -1) - images.mean(dim=(1, 2))[:, None]
    assert_matches(learner.pixels(strided(images)), expected, "the vectors", terms=20)
    assert_inputs_unchanged(learner)


SIMPLE = ["the cat and the dog", "the dog barks", "a cat and a cat", "birds sing and birds fly"]


@pytest.mark.parametrize("least", [1, 2, 3, 4])
def test_the_words_of_a_vocabulary(learner, draw, least):
    shuffled = [SIMPLE[i] for i in draw.permutation(4).tolist()]
    counted = {word: sum(word in line.split() for line in SIMPLE) for line in SIMPLE for word in line.split()}
    expected = sorted(word for word in counted if counted[word] >= least)
    assert_matches(learner.vocabulary(shuffled, least), expected, f"the words in at least {least} texts")


@pytest.mark.builds_on("test_the_words_of_a_vocabulary")
def test_words_in_capitals_are_the_same_words(learner):
    lines = ["Rain and RAIN", "rain And Snow"]
    assert_matches(learner.vocabulary(lines, 2), ["and", "rain"], "the words in both texts")


@pytest.mark.builds_on("test_the_words_of_a_vocabulary")
def test_marks_at_the_ends_of_words_are_no_part_of_them(learner):
    lines = ["!Why, rain?!", "don't - why...", "rain; at 3.5 : km,h"]
    expected = ["-", "3.5", "at", "don't", "km,h", "rain", "why"]
    assert_matches(learner.vocabulary(lines, 1), expected, "the words")


@pytest.mark.builds_on("test_the_words_of_a_vocabulary")
def test_no_words_at_all(learner):
    assert_matches(learner.vocabulary(["", " ... ! "], 1), [], "the words")


def test_words_are_counted(learner, draw):
    words = sorted({word for line in SIMPLE for word in line.split()} - {"dog"})
    expected = torch.tensor([[float(line.split().count(word)) for word in words] for line in SIMPLE]).double()
    assert_matches(learner.bag_of_words(SIMPLE, words), expected, "the counts")


@pytest.mark.builds_on("test_words_are_counted")
def test_words_in_capitals_and_with_marks_are_counted_as_well(learner):
    lines = ["Rain, rain, RAIN! And snow.", "No word of it", "...and Snow;  snow"]
    expected = torch.tensor([[3.0, 1.0], [0.0, 0.0], [0.0, 2.0]], dtype=torch.float64)
    assert_matches(learner.bag_of_words(lines, ["rain", "snow"]), expected, "the counts")


def averaged(x, labels, classes, orders):
    points = F.pad(x, (0, 1), value=1.0)
    state, states = torch.zeros(classes, points.shape[1], dtype=x.dtype), []
    for i in orders.flatten().tolist():
        predicted = torch.einsum("cd,d->c", state, points[i]).argmax()
        state = state + torch.outer(F.one_hot(labels[i], classes) - F.one_hot(predicted, classes), points[i])
        states.append(state)
    mean = torch.stack(states).mean(0)
    return mean[:, :-1], mean[:, -1]


def clouds(draw, n, d, classes):
    labels = draw.integers(0, classes, n)
    return draw.normal(classes, d)[labels] * 1.5 + draw.normal(n, d) + 0.5, labels


FITTED = ("weights", "biases")


@pytest.mark.parametrize("n, d, classes, epochs", [(12, 4, 3, 3), (9, 2, 4, 5), (15, 5, 2, 2)])
def test_the_averaged_perceptron_for_several_classes(learner, draw, n, d, classes, epochs):
    expected = None
    while expected is None or expected[1].abs().max() < 0.01:  # mean biases of 0 would be compared with rounding errors
        (x, labels), order = clouds(draw, n, d, classes), orders(draw, epochs, n)
        expected = averaged(x, labels, classes, order)
    actual = learner.fit(strided(x), labels, classes, order)
    assert_matches(actual, expected, FITTED, terms=100)
    assert_inputs_unchanged(learner)


@pytest.mark.parametrize("n, d, classes", [(9, 4, 3), (12, 2, 5)])
def test_the_class_with_the_largest_score(learner, draw, n, d, classes):
    x, weights, biases = draw.normal(n, d), draw.normal(classes, d), 2 * draw.normal(classes)
    expected = (torch.einsum("nd,cd->nc", x, weights) + biases).argmax(1)
    assert_matches(learner.predict(strided(x), strided(weights), biases), expected, "the classes")
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_the_class_with_the_largest_score")
def test_of_equal_scores_the_first_class(learner, draw):
    zeros = torch.zeros(4, 3, dtype=torch.float64)
    biases = torch.tensor([-1.0, 2.0, 2.0, 0.0], dtype=torch.float64)
    assert_matches(learner.predict(draw.normal(5, 3), zeros, biases), torch.ones(5).long(), "the classes")


def evidence(weights, label):
    return weights[label] - (weights.sum(0) - weights[label]) / (len(weights) - 1)


@pytest.mark.parametrize("classes, label, k", [(2, 1, 3), (4, 2, 2), (3, 0, 9)])
def test_words_that_tell_a_class(learner, draw, classes, label, k):
    weights = draw.normal(classes, 9) + 2 * draw.normal(9)
    words = [TOPICS[0][i] for i in draw.permutation(9).tolist()]
    strength = evidence(weights, label).tolist()
    expected = [words[i] for i in sorted(range(9), key=lambda i: -strength[i])[:k]]
    assert_matches(learner.telling_words(strided(weights), words, label, k), expected, "the words")
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_words_that_tell_a_class")
def test_words_of_equal_weight_stay_in_the_order_of_the_vocabulary(learner):
    weights = torch.tensor([[1.0, 2, 1, 0, 2, 1], [0, 1, 0, 1, 3, 0], [0, 1, 0, 1, -1, 0]], dtype=torch.float64)
    found = learner.telling_words(weights, ["f", "e", "d", "c", "b", "a"], 0, 6)
    assert_matches(found, ["f", "e", "d", "b", "a", "c"], "the words")


@pytest.mark.parametrize("classes, label, shape", [(3, 1, (4, 5)), (2, 0, (3, 2)), (10, 9, (2, 6))])
def test_what_a_class_looks_for(learner, draw, classes, label, shape):
    weights = draw.normal(classes, shape[0] * shape[1]) + 2 * draw.normal(shape[0] * shape[1])
    difference = evidence(weights, label).reshape(shape)
    actual = learner.template(strided(weights), label, shape)
    assert_matches(actual, difference / torch.linalg.vector_norm(difference, float("inf")), "the picture", terms=10)
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_what_a_class_looks_for")
def test_classes_that_look_for_the_same(learner, draw):
    weights = torch.tensor([1.0, -2, 0.5, 3, 0, 1], dtype=torch.float64).repeat(3, 1)
    assert_matches(learner.template(weights, 1, (2, 3)), torch.zeros(2, 3, dtype=torch.float64), "the picture")


def read_digits(solution, images, labels, order, unseen):
    weights, biases = solution.fit(solution.pixels(images), labels, 10, order)
    pictures = torch.stack([solution.template(weights, digit, (9, 8)) for digit in range(10)])
    return solution.predict(solution.pixels(unseen), weights, biases), pictures


@pytest.mark.builds_on(
    "test_pixels_less_the_mean_of_their_image",
    "test_the_averaged_perceptron_for_several_classes",
    "test_the_class_with_the_largest_score",
    "test_what_a_class_looks_for",
)
def test_digits_that_it_has_never_seen(learner, draw, album):
    (images, labels), (unseen, right) = digits(draw, 500), digits(draw, 300)
    found, pictures = learner.run(read_digits, images, labels, orders(draw, 5, 500), unseen)
    accuracy = (found == right).double().mean().item()
    with album.figure(
        "perceptron_digits", f"What each digit looks for; {accuracy:.1%} of new ones right", 7, 3.4
    ) as ax:
        rows = F.pad(pictures, (1, 1, 1, 1)).reshape(2, 5, 11, 10).permute(0, 2, 1, 3).reshape(22, 50)
        ax.imshow(rows, cmap="coolwarm", vmin=-1, vmax=1)
        ax.set_axis_off()
    assert accuracy >= 0.8, f"{accuracy:.1%} of 300 new digits are right; it should be 80 % at least."


def read_texts(solution, lines, labels, order, unseen):
    words = solution.vocabulary(lines, 2)
    weights, biases = solution.fit(solution.bag_of_words(lines, words), labels, 3, order)
    told = [solution.telling_words(weights, words, topic, 3) for topic in range(3)]
    return solution.predict(solution.bag_of_words(unseen, words), weights, biases), told


@pytest.mark.builds_on(
    "test_the_words_of_a_vocabulary",
    "test_words_in_capitals_and_with_marks_are_counted_as_well",
    "test_the_averaged_perceptron_for_several_classes",
    "test_the_class_with_the_largest_score",
    "test_words_that_tell_a_class",
)
def test_topics_of_texts_that_it_has_never_seen(learner, draw):
    (lines, labels), (unseen, right) = texts(draw, 300), texts(draw, 300)
    found, told = learner.run(read_texts, lines, labels, orders(draw, 5, 300), unseen)
    accuracy = (found == right).double().mean().item()
    assert accuracy >= 0.8, f"{accuracy:.1%} of 300 new texts are right; it should be 80 % at least."
    for topic, words in enumerate(told):
        strange = [word for word in words if word not in TOPICS[topic]]
        assert not strange, f"Texts such as {lines[labels.tolist().index(topic)]!r} are told by {strange}?"
