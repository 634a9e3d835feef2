"""Numbers and shapes against torch's layers themselves; the models against layers with the same weights."""

import itertools

import pytest
import torch
import torch.nn as nn

from tutor.testkit import assert_matches

LAYERS = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}


def layers(draw, count):
    """Random layers of each kind, with one direction and with both, in the order of `recurrent_parameters`."""
    kinds = itertools.cycle(itertools.product(LAYERS, [False, True]))
    return [
        (kind, draw.integer(1, 9), draw.integer(1, 9), draw.integer(1, 4), both)
        for kind, both in itertools.islice(kinds, count)
    ]


def parameters(solution, asked):
    return [solution.recurrent_parameters(*layer) for layer in asked]


def test_the_number_of_parameters(learner, draw):
    asked = layers(draw, 24)
    right = []
    for kind, size, hidden, depth, both in asked:
        layer = LAYERS[kind](size, hidden, depth, bidirectional=both)
        right.append(sum(parameter.numel() for parameter in layer.parameters()))
    got = learner.run(parameters, asked)
    for layer, mine, expected in zip(asked, got if isinstance(got, list) else [], right, strict=False):
        assert type(mine) is int, f"recurrent_parameters{layer} is {mine!r}; a whole number was expected."
        assert mine == expected, (
            f"recurrent_parameters{layer} is {mine}, and it has {expected}: for every layer and direction "
            "gates · hidden · (width of its input + hidden + 2 biases)."
        )
    assert_matches(got, right, "the numbers")


def shapes(solution, asked):
    return [solution.recurrent_shapes(kind, 5, 7, hidden, depth, both) for kind, _, hidden, depth, both in asked]


def test_the_shapes_of_what_comes_out(learner, draw):
    asked = layers(draw, 24)
    right = []
    for kind, size, hidden, depth, both in asked:
        layer = LAYERS[kind](size, hidden, depth, bidirectional=both, batch_first=True)
        output, last = layer(torch.zeros(5, 7, size))
        states = last if isinstance(last, tuple) else (last,)
        right.append([tuple(tensor.shape) for tensor in (output, *states)])
    got = learner.run(shapes, asked)
    for (kind, _, hidden, depth, both), mine, expected in zip(
        asked, got if isinstance(got, list) else [], right, strict=False
    ):
        about = f"{kind}, hidden_size {hidden}, num_layers {depth}, bidirectional {both}, input (5, 7, …)"
        assert mine == expected, f"For {about} you say {mine!r}; it returns {expected}."
    assert_matches(got, right, "the shapes")


def rows(draw, n, t, tokens):
    """Tokens padded with 0, lengths of which one is the longest, and t at most."""
    lengths = draw.integers(1, t, n)
    lengths[draw.integer(0, n)] = t
    inside = torch.arange(t) < lengths[:, None]
    return draw.integers(1, tokens, n, t) * inside, lengths


def run_model(solution, name, sizes, tokens, lengths, seed):
    torch.manual_seed(seed)
    model = getattr(solution, name)(*sizes)
    logits = model(tokens, lengths).detach()
    return logits, {key: value.clone() for key, value in model.state_dict().items()}


def weights_of(name, sizes):
    tokens, size, hidden, labels = sizes
    if name == "Tagger":
        inner = {"lstm": nn.LSTM(size, hidden, batch_first=True, bidirectional=True)}
    else:
        inner = {"gru": nn.GRU(size, hidden, batch_first=True)}
    head = nn.Linear(hidden * (2 if name == "Tagger" else 1), labels)
    return nn.ModuleDict({"embedding": nn.Embedding(tokens, size, padding_idx=0), **inner, "head": head})


def right_logits(name, model, tokens, lengths):
    """Row by row, each cut to its length; zeros where it is padded."""
    out = []
    for row, length in zip(tokens, lengths.tolist(), strict=True):
        embedded = model["embedding"](row[None, :length])
        if name == "Tagger":
            logits = model["head"](model["lstm"](embedded)[0])[0]
            out.append(torch.cat([logits, logits.new_zeros(len(row) - length, logits.shape[1])]))
        else:
            out.append(model["head"](model["gru"](embedded)[0])[0, -1])
    return torch.stack(out).detach()


def check_model(learner, draw, name, n, t, extra=0):
    sizes = (11, 4, 5, 3)
    tokens, lengths = rows(draw, n, t, sizes[0])
    tokens = torch.cat([tokens, tokens.new_zeros(n, extra)], dim=1)
    result = learner.run(run_model, name, sizes, tokens, lengths, draw.integer(0, 1000))
    plain = weights_of(name, sizes)
    state = result[1] if isinstance(result, tuple) and isinstance(result[1], dict) else {}
    wanted = {key: torch.zeros_like(value) for key, value in plain.state_dict().items()}
    blank = {key: torch.zeros_like(value) for key, value in state.items()}
    assert_matches(blank, wanted, "the parameters, their names and shapes")
    padding = state["embedding.weight"][0]
    assert_matches(1 + padding, torch.ones_like(padding), "1 + the embedding of token 0, which pads (padding_idx=0)")
    plain.load_state_dict(state)
    logits = result[0]
    expected = right_logits(name, plain, tokens, lengths)
    if name == "Tagger" and isinstance(logits, torch.Tensor) and logits.shape == expected.shape:
        inside = torch.arange(tokens.shape[1]) < lengths[:, None]
        logits = torch.where(inside[:, :, None], logits, torch.zeros_like(logits))
    assert_matches(logits, expected, "the logits (at padded steps anything goes)", terms=100)


@pytest.mark.parametrize(("n", "t"), [(3, 5), (5, 4), (2, 8)])
def test_the_tagger(learner, draw, n, t):
    check_model(learner, draw, "Tagger", n, t)


@pytest.mark.parametrize(("n", "t"), [(3, 5), (5, 4), (2, 8)])
def test_the_classifier(learner, draw, n, t):
    check_model(learner, draw, "Classifier", n, t)


@pytest.mark.parametrize("name", ["Tagger", "Classifier"])
def test_rows_that_are_all_shorter_than_the_tensor(learner, draw, name):
    check_model(learner, draw, name, 4, 5, extra=3)
