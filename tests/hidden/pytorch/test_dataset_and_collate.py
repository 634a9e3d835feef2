"""Windows against slices, padding against pad_sequence, orders against the rule as written; then a DataLoader."""

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches, assert_raises


def windows(solution, series, size, horizon):
    """The length, all samples in order, and the last one by a negative index."""
    dataset = solution.WindowDataset(series, size, horizon)
    n = len(dataset)
    samples = [tuple(dataset[k]) for k in range(n)]
    return n, samples, tuple(dataset[-1]) if n else (), tuple(dataset[-n]) if n else ()


def right_windows(series, size, horizon):
    samples = []
    for one in series:
        for start in range(len(one)):
            if start + size + horizon <= len(one):
                samples.append((one[start : start + size], one[start + size + horizon - 1]))
    return samples


def check_windows(learner, series, size, horizon):
    right = right_windows(series, size, horizon)
    expected = (len(right), right, right[-1] if right else (), right[0] if right else ())
    names = ("the length", "the samples", "the sample at −1", "the sample at −length")
    assert_matches(learner.run(windows, series, size, horizon), expected, names)


@pytest.mark.parametrize("size, horizon", [(3, 1), (1, 1), (4, 2), (2, 3)])
def test_the_windows_of_one_series(learner, draw, size, horizon):
    check_windows(learner, [draw.normal(9, 2)], size, horizon)


@pytest.mark.builds_on("test_the_windows_of_one_series")
@pytest.mark.parametrize("lengths", [(6, 9), (3, 7, 1, 5, 8), (8, 4, 2), (2, 3, 10)])
def test_windows_of_several_series_of_which_some_are_too_short(learner, draw, lengths):
    check_windows(learner, [draw.normal(length, 3) for length in lengths], 3, 2)


def test_no_windows_at_all(learner, draw):
    check_windows(learner, [draw.normal(3, 2), draw.normal(2, 2)], 3, 1)
    check_windows(learner, [], 3, 1)


def one_window(solution, series, size, index):
    return tuple(solution.WindowDataset(series, size)[index])


@pytest.mark.builds_on("test_the_windows_of_one_series")
@pytest.mark.parametrize("index", [10, 11, -11, 500])
def test_an_index_beyond_the_windows_is_refused(learner, draw, index):
    assert_raises(IndexError, learner.run, one_window, [draw.normal(9, 2), draw.normal(7, 2)], 3, index)


BATCH = ("the padded sequences", "lengths", "mask", "labels")


def padded(samples, value):
    sequences, labels = [sequence for sequence, _ in samples], [label for _, label in samples]
    lengths = torch.tensor([len(sequence) for sequence in sequences])
    mask = torch.stack([torch.arange(int(lengths.max())) < length for length in lengths])
    full = torch.nn.utils.rnn.pad_sequence(sequences, batch_first=True, padding_value=value)
    return full, lengths, mask, torch.tensor(labels)


@pytest.mark.parametrize("lengths", [(3, 7, 1, 5), (4,), (2, 2, 2), (6, 2)])
@pytest.mark.parametrize("value", [0.0, -7.5])
def test_sequences_are_padded_to_the_longest(learner, draw, lengths, value):
    samples = [(draw.normal(length, 3), draw.integer(1, 50)) for length in lengths]
    actual = learner.collate_padded(samples) if value == 0 else learner.collate_padded(samples, padding_value=value)
    assert_matches(actual, padded(samples, value), BATCH)
    assert_inputs_unchanged(learner)


def test_float32_stays_float32(learner, draw):
    samples = [(draw.normal(length, 2, dtype=torch.float32), 1) for length in (4, 3)]
    assert_matches(learner.collate_padded(samples, padding_value=2.0), padded(samples, 2.0), BATCH)


def epochs(solution, kind, arguments, keywords, numbers):
    """The length, the batches of several epochs, each asked for twice, and whether torch's generator was touched."""
    before = torch.get_rng_state()
    sampler = getattr(solution, kind)(*arguments, **keywords)
    found = {"at first": {"length": len(sampler), "batches": list(sampler), "batches again": list(sampler)}}
    for number in numbers:
        sampler.set_epoch(number)
        batches, again = list(sampler), list(sampler)
        found[f"in epoch {number}"] = {"length": len(sampler), "batches": batches, "batches again": again}
    return found, torch.equal(before, torch.get_rng_state())


def check_epochs(learner, kind, order_of, arguments, keywords, numbers):
    right = {}
    for when, number in [("at first", 0), *((f"in epoch {number}", number) for number in numbers)]:
        batches = order_of(*arguments, **keywords, epoch=number)
        right[when] = {"length": len(batches), "batches": batches, "batches again": batches}
    names = ("the sampler", "torch's global generator is as it was")
    assert_matches(learner.run(epochs, kind, arguments, keywords, numbers), (right, True), names)


def random_batches(n, batch_size, drop_last=False, seed=0, epoch=0):
    order = torch.randperm(n, generator=torch.Generator().manual_seed(seed + epoch))
    batches = [batch.tolist() for batch in order.split(batch_size)]
    return [batch for batch in batches if len(batch) == batch_size or not drop_last]


@pytest.mark.parametrize(
    "n, batch_size, drop_last",
    [(10, 4, False), (10, 4, True), (9, 3, False), (9, 3, True), (3, 5, False), (3, 5, True)],
)
def test_random_batches_of_several_epochs(learner, draw, n, batch_size, drop_last):
    keywords = {"drop_last": drop_last, "seed": draw.integer(0, 1000)}
    check_epochs(learner, "RandomBatches", random_batches, (n, batch_size), keywords, [1, 5, 0])


@pytest.mark.builds_on("test_random_batches_of_several_epochs")
def test_random_batches_with_the_defaults(learner):
    check_epochs(learner, "RandomBatches", random_batches, (8, 3), {}, [2])


def bucket_batches(lengths, batch_size, bucket, seed=0, epoch=0):
    generator = torch.Generator().manual_seed(seed + epoch)
    batches = []
    for chunk in torch.randperm(len(lengths), generator=generator).split(bucket):
        chunk = sorted(chunk.tolist(), key=lambda i: lengths[i])
        batches += [chunk[i : i + batch_size] for i in range(0, len(chunk), batch_size)]
    return [batches[i] for i in torch.randperm(len(batches), generator=generator).tolist()]


@pytest.mark.parametrize("n, batch_size, bucket", [(24, 3, 12), (22, 4, 8), (20, 5, 40), (13, 2, 6)])
def test_batches_of_like_lengths(learner, draw, n, batch_size, bucket):
    lengths = draw.integers(1, 12, n).tolist()
    keywords = {"bucket": bucket, "seed": draw.integer(0, 1000)}
    check_epochs(learner, "BucketBatches", bucket_batches, (lengths, batch_size), keywords, [3, 1])


def test_how_much_is_padding(learner, draw):
    lengths = draw.integers(1, 30, 20).tolist()
    for batch_size, drop_last in [(1, False), (3, False), (7, False), (7, True)]:
        batches = random_batches(20, batch_size, drop_last, seed=draw.integer(0, 1000))
        empty = sum(max(lengths[i] for i in batch) - lengths[k] for batch in batches for k in batch)
        whole = sum(max(lengths[i] for i in batch) for batch in batches for _ in batch)
        assert_matches(learner.padding_share(lengths, batches), empty / whole, "the share of padding")


def load(solution, series, labels, batch_size, bucket):
    """Two epochs through torch's DataLoader."""
    lengths = [len(one) for one in series]
    batches = solution.BucketBatches(lengths, batch_size, bucket=bucket, seed=5)
    samples = list(zip(series, labels, strict=True))
    loader = torch.utils.data.DataLoader(samples, batch_sampler=batches, collate_fn=solution.collate_padded)
    found = [len(loader)]
    for epoch in range(2):
        batches.set_epoch(epoch)
        found.append([tuple(batch) for batch in loader])
    return found


@pytest.mark.builds_on("test_batches_of_like_lengths", "test_sequences_are_padded_to_the_longest")
def test_all_of_it_in_a_data_loader(learner, draw):
    series, labels = [draw.normal(draw.integer(1, 9), 2) for _ in range(11)], draw.integers(0, 5, 11).tolist()
    expected = [len(bucket_batches([len(one) for one in series], 3, 6))]
    for epoch in range(2):
        order = bucket_batches([len(one) for one in series], 3, 6, seed=5, epoch=epoch)
        expected.append([padded([(series[i], labels[i]) for i in batch], 0.0) for batch in order])
    assert_matches(learner.run(load, series, labels, 3, 6), expected, "what the loader gives")
