"""The module and its captions against layers with the same weights; then shapes that have to be described."""

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches

PAD, START, END = 0, 1, 2
SIZES = (2, 9, 4, 5)  # channels, words, size, hidden
SHAPES = ("disc", "plus", "frame", "bar")
WORDS = ("", "", "", "large", *SHAPES)


def some_captions(draw, n, longest, words=SIZES[1]):
    lengths = [draw.integer(0, longest + 1) for _ in range(n)]
    lengths[draw.integer(0, n)] = longest
    return [draw.integers(3, words, length).tolist() for length in lengths]


def padded(captions):
    width = max(map(len, captions)) + 1
    return torch.tensor([caption + [END] + [PAD] * (width - 1 - len(caption)) for caption in captions])


@pytest.mark.parametrize(("n", "longest"), [(3, 5), (5, 2), (2, 7)])
def test_captions_as_tokens(learner, draw, n, longest):
    captions = some_captions(draw, n, longest)
    assert_matches(learner.as_tokens(captions), padded(captions), "the tokens")


def test_empty_captions_as_tokens(learner):
    assert_matches(learner.as_tokens([[], []]), padded([[], []]), "the tokens of two empty captions")


def layers(channels, words, size, hidden):
    nn = torch.nn
    first, second = nn.Conv2d(channels, 8, 3, padding=1), nn.Conv2d(8, 16, 3, padding=1)
    body = [first, nn.ReLU(), nn.MaxPool2d(2), second, nn.ReLU(), nn.AdaptiveMaxPool2d(2), nn.Flatten()]
    parts = {"encoder": nn.Sequential(*body), "bridge": nn.Linear(64, hidden)}
    parts["embedding"] = nn.Embedding(words, size, padding_idx=0)
    return nn.ModuleDict(
        {**parts, "gru": nn.GRU(size, hidden, batch_first=True), "head": nn.Linear(hidden, words)}
    ).double()


def first_state(net, images):
    return torch.tanh(net["bridge"](net["encoder"](images)))[None]


def right_logits(net, images, tokens):
    word, state, logits = torch.full((len(images),), START), first_state(net, images), []
    for t in range(tokens.shape[1]):
        _, state = net["gru"](net["embedding"](word)[:, None], state)
        logits.append(net["head"](state[0]))
        word = tokens[:, t]
    return torch.stack(logits, dim=1).detach()


def right_captions(net, images, longest, stop=True):
    captions = []
    for image in images:
        word, state, caption = START, first_state(net, image[None]), []
        while len(caption) < longest:
            _, state = net["gru"](net["embedding"](torch.tensor([[word]])), state)
            scores = net["head"](state[0, 0]).detach()
            word = int(scores[END:].argmax()) + END
            if word == END and stop:
                break
            caption.append(word)
        captions.append(caption)
    return captions


def forward(solution, sizes, images, tokens, seed):
    torch.manual_seed(seed)
    net = solution.Captioner(*sizes).double()
    return net(images, tokens).detach(), {key: value.clone() for key, value in net.state_dict().items()}


def check_state(state, sizes):
    net = layers(*sizes)
    wanted = {key: torch.zeros_like(value) for key, value in net.state_dict().items()}
    blank = {key: torch.zeros_like(value) for key, value in state.items()} if isinstance(state, dict) else state
    assert_matches(blank, wanted, "the parameters, their names and shapes")
    net.load_state_dict(state)
    return net


@pytest.mark.parametrize(("n", "longest", "h", "w"), [(3, 5, 8, 6), (4, 2, 5, 9), (2, 6, 7, 12)])
def test_the_logits_match_torch(learner, draw, n, longest, h, w):
    images, tokens = draw.normal(n, SIZES[0], h, w), padded(some_captions(draw, n, longest))
    result = learner.run(forward, SIZES, images, tokens, draw.integer(0, 1000))
    assert isinstance(result, tuple), f"The logits are missing; what came back is {result!r}."
    net = check_state(result[1], SIZES)
    assert_matches(result[0], right_logits(net, images, tokens), "the logits", terms=100)


@pytest.mark.builds_on("test_the_logits_match_torch")
def test_the_embedding_of_padding_is_zero(learner, draw):
    tokens = padded([[3, 4], [5]])
    result = learner.run(forward, SIZES, draw.normal(2, SIZES[0], 6, 5), tokens, draw.integer(0, 1000))
    row = result[1]["embedding.weight"][0]
    assert_matches(1 + row, torch.ones_like(row), "1 + the embedding of token 0, which pads (padding_idx=0)")


def loss_and_gradient(solution, logits, tokens):
    logits = logits.clone().requires_grad_()
    loss = solution.caption_loss(logits, tokens)
    (3 * loss).backward()
    return loss.detach(), logits.grad


@pytest.mark.parametrize(("n", "longest"), [(3, 5), (5, 4), (4, 7)])
def test_the_loss_and_its_gradient(learner, draw, n, longest):
    tokens = padded(some_captions(draw, n, longest))
    logits = draw.normal(*tokens.shape, SIZES[1], std=2.0).requires_grad_()
    picked = torch.log_softmax(logits, dim=2).gather(2, tokens[:, :, None])[:, :, 0]
    loss = -picked[tokens != PAD].mean()
    (3 * loss).backward()
    result = learner.run(loss_and_gradient, logits.detach(), tokens)
    assert_matches(result, (loss.detach(), logits.grad), ("the loss", "the gradient of 3 · loss"), terms=40)
    assert_inputs_unchanged(learner)


def a_net(draw, images, favour):
    """Weights of a net that says something else of each image: the first states are spread, the head favours tokens."""
    net = layers(*SIZES)
    with torch.no_grad():
        for parameter in net.parameters():
            fan_in = parameter[0].numel()
            parameter.copy_(draw.like(parameter) * (1.5 * fan_in**-0.5 if parameter.dim() > 1 else 0.2))
        net["embedding"].weight[PAD] = 0.0
        sums = net["bridge"](net["encoder"](images))
        net["bridge"].weight /= sums.std(dim=0)[:, None]
        net["bridge"].bias.copy_(-(sums.mean(dim=0) - net["bridge"].bias) / sums.std(dim=0))
        net["head"].weight *= 1.5
        net["head"].bias += torch.tensor(favour, dtype=torch.float64)
    return net


def spoken(solution, sizes, state, images, longest):
    net = solution.Captioner(*sizes).double()
    net.load_state_dict(state)
    return solution.greedy(net, images, longest)


def check_spoken(learner, draw, longest, favour, n=7, lengths=1):
    """Nets are drawn until their captions are of several lengths, and one would go on after END."""
    for _ in range(200):
        images = draw.normal(n, SIZES[0], 6, 9, std=2.0)
        net = a_net(draw, images, favour)
        right = right_captions(net, images, longest)
        unstopped = right_captions(net, images, longest, stop=False)
        goes_on = any(set(words[len(caption) :]) - {END} for words, caption in zip(unstopped, right, strict=True))
        if len(set(map(len, right))) >= lengths and (goes_on or lengths == 1):
            break
    state = {key: value.clone() for key, value in net.state_dict().items()}
    got = learner.run(spoken, SIZES, state, images, longest)
    assert_matches(got, right, f"the captions of at most {longest} words")
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_the_logits_match_torch")
@pytest.mark.parametrize("longest", [1, 4, 9])
def test_the_most_probable_word_each_time(learner, draw, longest):
    check_spoken(learner, draw, longest, [-50.0, -50.0, -50.0] + [0.0] * 6)


@pytest.mark.builds_on("test_the_most_probable_word_each_time")
@pytest.mark.parametrize("end", [0.0, 0.7])
def test_each_caption_ends_for_itself(learner, draw, end):
    check_spoken(learner, draw, 7, [-50.0, -50.0, end] + [0.0] * 6, lengths=3)


@pytest.mark.builds_on("test_the_most_probable_word_each_time")
def test_padding_and_start_are_never_said(learner, draw):
    check_spoken(learner, draw, 5, [9.0, 0.0, -50.0] + [0.0] * 6)
    check_spoken(learner, draw, 5, [0.0, 9.0, -50.0] + [0.0] * 6)


@pytest.mark.builds_on("test_the_most_probable_word_each_time")
def test_end_at_once_is_an_empty_caption(learner, draw):
    check_spoken(learner, draw, 5, [0.0, 0.0, 60.0] + [0.0] * 6)


def pictures(draw, n, size=16):
    """Bright shapes, large or small, somewhere on a dark ground, and what there is to say of them."""
    kinds, large = draw.integers(0, len(SHAPES), n), draw.integers(0, 2, n)
    half = torch.where(large > 0, draw.uniform(n, low=5.0, high=6.0), draw.uniform(n, low=2.6, high=3.4))[:, None, None]
    middle = draw.uniform(2, n, 1, 1, low=6.0, high=size - 6.0)
    line = torch.arange(size, dtype=torch.float64) + 0.5
    u, v = ((line - middle[0]) / half).abs(), ((line[:, None] - middle[1]) / half).abs()
    far, near = torch.maximum(u, v), torch.minimum(u, v)
    shapes = torch.stack(
        [u * u + v * v <= 1, (far <= 1) & (near <= 0.33), (far <= 1) & (far > 0.5), v <= 0.4 * (u <= 1)]
    )
    images = shapes[kinds, torch.arange(n)].double() + draw.normal(n, size, size, std=0.1)
    captions = [[3] * big + [4 + kind] for kind, big in zip(kinds.tolist(), large.tolist(), strict=True)]
    return images[:, None].float(), captions


def trained(solution, images, tokens, words, held_out, seed):
    net = solution.train(images, tokens, words, seed=seed)
    return solution.greedy(net, held_out, 4)


@pytest.mark.builds_on("test_each_caption_ends_for_itself", "test_the_loss_and_its_gradient")
def test_it_learns_to_describe_shapes(learner, draw, album):
    images, captions = pictures(draw, 600)
    held_out, right = pictures(draw, 200)
    said = learner.run(trained, images, padded(captions), len(WORDS), held_out, draw.integer(0, 1000))
    assert isinstance(said, list) and len(said) == 200, f"200 captions were expected; what came back is {said!r:.100}"
    share = sum(mine == theirs for mine, theirs in zip(said, right, strict=True)) / 200
    with album.figure("captioner", f"Unseen images; {share:.0%} of the captions are right", 8, 5) as axes:
        rows = [torch.cat(list(torch.nn.functional.pad(row[:, 0], (1, 1, 1, 7))), 1) for row in held_out[:24].split(6)]
        axes.imshow(torch.cat(rows), cmap="gray", vmin=-0.3, vmax=1.3, interpolation="nearest")
        for k, (mine, theirs) in enumerate(zip(said[:24], right, strict=False)):
            text = " ".join(WORDS[word] if 3 <= word < len(WORDS) else "?" for word in mine)
            colour = "lime" if mine == theirs else "tomato"
            axes.text(k % 6 * 18 + 9, k // 6 * 24 + 21, text, color=colour, ha="center", va="center", fontsize=9)
        axes.set_axis_off()
    assert share >= 0.6, (
        f"{share:.1%} of the captions of unseen images are right; it takes 60 %."
    )  # without sizes: 50 %
