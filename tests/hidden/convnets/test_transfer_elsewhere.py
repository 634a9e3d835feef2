"""A detector on somebody's body, beside the body itself; vectors by a look-up; then thirty sentences, two ways."""

import copy
import math

import pytest
import torch
import torch.nn as nn
import torch.nn.functional as F

from tutor.testkit import assert_matches


def classifier_for(kind, seed):
    """A small trained network for images of two channels, by the way in which its map becomes a vector."""
    torch.manual_seed(seed)
    layers = [nn.Conv2d(2, 3, 3, stride=2, padding=1), nn.BatchNorm2d(3), nn.ReLU()]
    if kind == "pooled":
        layers += [nn.Sequential(nn.Conv2d(3, 5, 3, padding=1), nn.BatchNorm2d(5), nn.Dropout(0.4)), nn.MaxPool2d(2)]
        layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.5), nn.Linear(5, 4)]
    elif kind == "flattened":
        layers += [nn.Conv2d(3, 4, 2), nn.ReLU(), nn.Flatten(), nn.Linear(4 * 3 * 4, 6), nn.ReLU(), nn.Linear(6, 3)]
    else:
        layers += [nn.AvgPool2d(2), nn.AdaptiveAvgPool2d((2, 1)), nn.Flatten(), nn.Linear(6, 4)]
    net = nn.Sequential(*layers).double()
    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.running_mean.normal_()
            module.running_var.uniform_(0.5, 2.0)
    return net


KINDS = {"pooled": (5, 5), "flattened": (5, 4), "averaged": (4, 3)}  # children before the vector, channels of the map


def heads_for(draw, channels, classes):
    return {
        "what.weight": draw.normal(classes, channels, 1, 1),
        "what.bias": draw.normal(classes),
        "where.weight": draw.normal(4, channels, 1, 1),
        "where.bias": draw.normal(4),
    }


def detector_answers(solution, kind, seed, heads, images, training):
    net = solution.Detector(classifier_for(kind, seed), heads["what.weight"].shape[1], len(heads["what.bias"])).double()
    net.load_state_dict({**net.state_dict(), **heads})
    net.train(training)
    return tuple(part.detach() for part in net(images))


@pytest.mark.parametrize("kind, classes", [("pooled", 3), ("flattened", 2), ("averaged", 5)])
def test_answers_at_every_cell_of_the_last_map(learner, draw, kind, classes):
    count, channels = KINDS[kind]
    seed, images, heads = draw.integer(0, 1000), draw.normal(2, 2, 8, 10), heads_for(draw, channels, classes)
    with torch.no_grad():
        features = classifier_for(kind, seed).eval()[:count](images)
    expected = tuple(F.conv2d(features, heads[f"{name}.weight"], heads[f"{name}.bias"]) for name in ("what", "where"))
    actual = learner.run(detector_answers, kind, seed, heads, images, False)
    assert_matches(actual, expected, ("the logits", "the offsets"), terms=100)


@pytest.mark.builds_on("test_answers_at_every_cell_of_the_last_map")
def test_training_mode_leaves_the_body_as_it_is(learner, draw):
    seed, images, heads = draw.integer(0, 1000), draw.normal(3, 2, 8, 10), heads_for(draw, 5, 3)
    with torch.no_grad():
        features = classifier_for("pooled", seed).eval()[:5](images)
    expected = tuple(F.conv2d(features, heads[f"{name}.weight"], heads[f"{name}.bias"]) for name in ("what", "where"))
    actual = learner.run(detector_answers, "pooled", seed, heads, images, True)
    assert_matches(actual, expected, ("the logits", "the offsets"), terms=100)


def modes_of(solution, seed, mode):
    net = solution.Detector(classifier_for("pooled", seed), 5, 3)
    returned = net.train(mode)
    modes = {"net": net.training, "what": net.what.training, "where": net.where.training}
    modes["body"] = any(module.training for module in net.body.modules())
    return modes, returned is net


@pytest.mark.builds_on("test_training_mode_leaves_the_body_as_it_is")
@pytest.mark.parametrize("mode", [True, False])
def test_the_modes_after_train(learner, draw, mode):
    expected = {"net": mode, "what": mode, "where": mode, "body": False}
    names = (f"what is in training mode after train({mode})", "train returns the module itself")
    assert_matches(learner.run(modes_of, draw.integer(0, 1000), mode), (expected, True), names)


def what_is_trained(solution, seed):
    net = solution.Detector(classifier_for("pooled", seed), 5, 3)
    return sorted(name for name, parameter in net.named_parameters() if parameter.requires_grad)


def test_only_the_two_heads_are_trained(learner, draw):
    expected = ["what.bias", "what.weight", "where.bias", "where.weight"]
    assert_matches(learner.run(what_is_trained, draw.integer(0, 1000)), expected, "the trained parameters")


def first_bias(solution, seed):
    return solution.Detector(classifier_for("averaged", seed), 3, 4).what.bias.detach()


def test_everything_begins_as_background(learner, draw):
    expected = torch.full((4,), math.log(0.01 / 0.99))
    assert_matches(learner.run(first_bias, draw.integer(0, 1000)), expected, "the bias of `what`")


def left_alone(solution, seed, modes):
    net = classifier_for("pooled", seed)
    for child, mode in zip(net, modes, strict=True):
        child.train(mode)
    before = copy.deepcopy(net.state_dict())
    detector = solution.Detector(net, 5, 3)
    detector.train()
    with torch.no_grad():
        for value in [*detector.body.parameters(), *detector.body.buffers()]:
            value.add_(1)  # nothing of this may reach the classifier
    same = all(bool(torch.equal(value, before[name])) for name, value in net.state_dict().items())
    trained = all(parameter.requires_grad for parameter in net.parameters())
    return same, trained, [child.training for child in net]


def test_the_classifier_is_left_as_it_is(learner, draw):
    modes = [draw.integer(0, 2) == 1 for _ in range(9)]
    modes[:2] = [True, False]
    names = ("the classifier keeps its values", "its parameters still require gradients", "modes of its children")
    assert_matches(learner.run(left_alone, draw.integer(0, 1000), modes), (True, True, modes), names)


SYLLABLES = ("ba", "de", "ki", "lo", "mu", "na", "pe", "ri", "so", "tu")


def words_for(draw, n):
    """Different words, in lower case."""
    order = draw.permutation(1000)[:n].tolist()
    return ["".join(SYLLABLES[int(digit)] for digit in f"{number:03}") for number in order]


def by_lookup(texts, words):
    longest = max(len(text) for text in texts)
    return torch.tensor(
        [
            [1 if word not in words else 2 + words.index(word) for word in text] + [0] * (longest - len(text))
            for text in texts
        ]
    )


@pytest.mark.parametrize("lengths", [(3, 5, 2), (4, 0, 1, 6), (2,)])
def test_texts_as_numbers(learner, draw, lengths):
    words = words_for(draw, 12)
    texts = [[draw.choice(words) for _ in range(length)] for length in lengths]
    texts[0][0], texts[-1][0] = words[2], words[5]  # the first 9 are the vocabulary
    assert_matches(learner.encode_texts(texts, words[:9]), by_lookup(texts, words[:9]), "the numbers")


@pytest.mark.builds_on("test_texts_as_numbers")
def test_words_that_are_not_in_the_vocabulary(learner, draw):
    words = words_for(draw, 12)
    texts = [[words[k] for k in draw.permutation(12)[:n].tolist()] for n in (6, 9, 4)]
    texts[0][:2] = [words[10], words[3].upper()]
    assert_matches(learner.encode_texts(texts, words[:7]), by_lookup(texts, words[:7]), "the numbers")


def test_no_texts_and_empty_texts(learner):
    assert_matches(learner.encode_texts([], ["ba", "de"]), torch.zeros(0, 0, dtype=torch.int64), "the numbers")
    assert_matches(learner.encode_texts([[], []], ["ba"]), torch.zeros(2, 0, dtype=torch.int64), "the numbers")


def adopted(solution, words, table, fallback):
    before = {word: vector.clone() for word, vector in table.items()}
    embedding = solution.adopt_embeddings(words, table, fallback)
    weight = embedding.weight.detach().clone()
    (embedding(torch.tensor([[0, 2, 0], [1, 2, 3]])) * torch.arange(1.0, 4.0)[:, None]).sum().backward()
    grad = None if embedding.weight.grad is None else embedding.weight.grad[:4, 0].double()
    with torch.no_grad():
        embedding.weight.add_(1.0)  # nothing of this may reach the table
    same = all(bool(torch.equal(table[word], vector)) for word, vector in before.items())
    return weight, grad, same


# One gradient of the sum above: none for padding, and a number's places for the others.
NAMES = ("the vectors", "their gradient", "the table is left as it is")
GRADIENT = torch.tensor([0.0, 1.0, 4.0, 3.0], dtype=torch.float64)


def check_adopted(learner, words, table, fallback, rows):
    expected = torch.stack([torch.zeros_like(fallback), fallback, *rows]), GRADIENT, True
    assert_matches(learner.run(adopted, words, table, fallback), expected, NAMES)


@pytest.mark.parametrize("n, width, dtype", [(6, 3, torch.float32), (4, 7, torch.float64)])
def test_every_word_gets_its_vector(learner, draw, n, width, dtype):
    words = words_for(draw, n + 5)
    table = {word: draw.normal(width, dtype=dtype) for word in words}
    chosen = [words[k] for k in draw.permutation(n + 5)[:n].tolist()]
    fallback = draw.normal(width, dtype=dtype)
    check_adopted(learner, chosen, table, fallback, [table[word] for word in chosen])


@pytest.mark.builds_on("test_every_word_gets_its_vector")
def test_a_word_without_a_vector_gets_the_fallback(learner, draw):
    words = words_for(draw, 7)
    table, fallback = {word: draw.normal(4) for word in words[:4]}, draw.normal(4)
    order = [words[k] for k in draw.permutation(7).tolist()]
    check_adopted(learner, order, table, fallback, [table.get(word, fallback) for word in order])


@pytest.mark.builds_on("test_a_word_without_a_vector_gets_the_fallback")
def test_a_capital_letter_is_tried_in_lower_case_only_if_it_has_to_be(learner, draw):
    a, b, c = words_for(draw, 3)
    own, both = b.upper(), c.title()
    table, fallback = {word: draw.normal(5) for word in (a, own, c, both)}, draw.normal(5)
    words = [a.title(), own, both, c, b, a.upper()]
    rows = [table[a], table[own], table[both], table[c], fallback, table[a]]
    check_adopted(learner, words, table, fallback, rows)


def texts_for(draw, n, length, vocabulary):
    """Numbers with padding at the end, of which one text has all and another nothing else."""
    tokens = draw.integers(1, vocabulary, n, length)
    lengths = draw.integers(1, length, n)
    lengths[0] = length
    tokens[torch.arange(length) >= lengths[:, None]] = 0
    return tokens


def classified(solution, tokens, vectors, weight, bias, frozen, g):
    embedding = nn.Embedding.from_pretrained(vectors.clone(), freeze=False, padding_idx=0)
    net = solution.TextClassifier(embedding, len(bias), frozen=frozen).double()
    with torch.no_grad():
        net.head.weight.copy_(weight)
        net.head.bias.copy_(bias)
    features, logits = net.features(tokens), net(tokens)
    (logits * g).sum().backward()
    grad = net.embedding.weight.grad
    trained = net.embedding.weight.requires_grad
    untouched = embedding.weight.requires_grad and embedding.weight.grad is None
    return features.detach(), logits.detach(), trained, None if grad is None else grad[1:], untouched


CLASSIFIED = (
    "features",
    "logits",
    "the vectors are trained",
    "the vectors' gradient",
    "the embedding handed in is free",
)


def check_classifier(learner, draw, tokens, vocabulary, frozen):
    vectors, weight = draw.normal(vocabulary, 4), draw.normal(3, 4)
    bias, g = draw.normal(3), draw.normal(len(tokens), 3)
    leaf = vectors.clone().requires_grad_()
    real = F.one_hot(tokens, vocabulary)[..., 1:].sum(1).double()
    shares = real / real.sum(1, keepdim=True).clamp(min=1)
    features = shares @ leaf[1:]
    logits = features @ weight.T + bias
    (logits * g).sum().backward()
    expected = features.detach(), logits.detach(), not frozen, None if frozen else leaf.grad[1:], True
    actual = learner.run(classified, tokens, vectors, weight, bias, frozen, g)
    assert_matches(actual, expected, CLASSIFIED, terms=50)


@pytest.mark.parametrize("n, length, vocabulary", [(4, 6, 9), (3, 5, 30)])
def test_the_mean_of_a_texts_own_words(learner, draw, n, length, vocabulary):
    check_classifier(learner, draw, texts_for(draw, n, length, vocabulary), vocabulary, False)


@pytest.mark.builds_on("test_the_mean_of_a_texts_own_words")
def test_frozen_vectors_are_not_trained(learner, draw):
    check_classifier(learner, draw, texts_for(draw, 4, 5, 8), 8, True)


@pytest.mark.builds_on("test_the_mean_of_a_texts_own_words")
def test_a_text_of_padding_alone_and_padding_in_front(learner, draw):
    tokens = texts_for(draw, 4, 5, 8)
    tokens[1], tokens[2] = 0, tokens[2].flip(0)
    check_classifier(learner, draw, tokens, 8, False)


def library(draw, topics=3, width=20, per_topic=90, neutral=60):
    """Vectors as somebody might have trained them: words of one topic lie in one direction, more or less."""
    directions = torch.linalg.qr(draw.normal(width, topics))[0].T
    noise = 0.22 * draw.normal(topics * per_topic + neutral, width)
    noise[: topics * per_topic] += 0.9 * directions.repeat_interleave(per_topic, 0)
    return torch.cat([torch.zeros(1, width), noise.mean(0, keepdim=True), noise + 0.3 * draw.normal(width)]).float()


def sentences(draw, n, topics=3, per_topic=90, neutral=60, length=10):
    """Of a sentence's words, one in three is of its topic; the rest say nothing. The numbers begin at 2."""
    labels = torch.arange(n) % topics
    own = labels[:, None] * per_topic + draw.integers(0, per_topic, n, length)
    other = topics * per_topic + draw.integers(0, neutral, n, length)
    telling = draw.uniform(n, length) < 0.33
    telling[torch.arange(n), draw.integers(0, 4, n)] = True
    tokens = torch.where(telling, own, other) + 2
    tokens[torch.arange(length) >= draw.integers(5, length + 1, n)[:, None]] = 0
    return tokens, labels


def learn_and_answer(solution, vectors, tokens, labels, held_out, seed):
    embedding = nn.Embedding.from_pretrained(vectors.clone(), freeze=False, padding_idx=0)
    net = solution.few_shot(embedding, tokens, labels, 3, seed=seed)
    net.eval()
    same = bool(torch.equal(embedding.weight.detach(), vectors)) and embedding.weight.requires_grad
    with torch.no_grad():
        return net(held_out), same


@pytest.mark.builds_on(
    "test_the_mean_of_a_texts_own_words",
    "test_frozen_vectors_are_not_trained",
    "test_a_text_of_padding_alone_and_padding_in_front",
    "test_words_that_are_not_in_the_vocabulary",
    "test_a_capital_letter_is_tried_in_lower_case_only_if_it_has_to_be",
)
def test_thirty_sentences_are_enough_with_vectors_that_know(learner, draw, album):
    vectors, seed = library(draw), draw.integer(0, 1000)
    (tokens, labels), (held_out, right) = sentences(draw, 30), sentences(draw, 300)
    blind = vectors.clone()
    blind[1:] = vectors.std() * draw.normal(*vectors[1:].shape).float()
    shares = []
    for table in (vectors, blind):
        result = learner.run(learn_and_answer, table, tokens, labels, held_out, seed)
        logits, same = result if isinstance(result, tuple) and len(result) == 2 else (result, True)
        shape = torch.zeros(300, 3)
        assert_matches(0 * logits if isinstance(logits, torch.Tensor) else logits, shape, "the logits")
        assert same is True, "few_shot changed the embedding it was given; train a copy, others still need it."
        shares.append(float((logits.argmax(1) == right).double().mean()))
    show(album, vectors, blind, held_out, right, shares)
    assert shares[0] >= 0.8, f"{shares[0]:.0%} of unseen sentences are right; with these vectors it takes 80 %."
    assert shares[0] > shares[1] + 0.1, (
        f"With the vectors that know something, {shares[0]:.0%} are right; with random ones {shares[1]:.0%}. Then the "
        "vectors weren't what your answer was built on."
    )


def show(album, vectors, blind, tokens, labels, shares):
    """The means of unseen sentences, in the plane in which their classes differ most; both kinds of vectors."""
    with album.figure("transfer_elsewhere", "Unseen sentences: vectors that know, and random ones", 8, 4) as axes:
        for number, (table, share) in enumerate(zip((vectors, blind), shares, strict=True)):
            real = (tokens != 0)[..., None]
            means = (table[tokens] * real).sum(1) / real.sum(1)
            means = means - means.mean(0)
            middles = torch.stack([means[labels == k].mean(0) for k in range(3)])
            flat = means @ torch.linalg.svd(middles)[2][:2].T
            flat = flat / flat.abs().max()
            for k, colour in enumerate(("tab:blue", "tab:orange", "tab:green")):
                at = flat[labels == k]
                axes.plot(at[:, 0] + 2.2 * number, at[:, 1], ".", color=colour, markersize=4)
            axes.text(2.2 * number, 1.05, f"{share:.0%} right", ha="center")
        axes.set_axis_off()
