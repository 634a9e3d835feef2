"""Against a small simulation of engines and queues, event by event."""

import pytest

from tutor.testkit import assert_matches


def simulate(batches, buffers=10**9):
    """Three engines in a row, each in order; a batch holds a buffer from its copy in to the end of its copy out."""
    ends = []
    for number, stages in enumerate(batches):
        before = ends[-1] if ends else [0.0] * 3
        ready = ends[number - buffers][2] if number >= buffers else 0.0
        mine = []
        for engine, duration in enumerate(stages):
            ready = max(ready, before[engine])
            ready += duration
            mine.append(ready)
        ends.append(mine)
    return ends[-1][2] if ends else 0.0


def queue(kernels, launch):
    queued = free = 0.0
    for duration in kernels:
        queued += launch
        free = max(free, queued) + duration
    return free


def batches_of(draw, count):
    return [tuple(float(t) for t in draw.integers(1, 12, 3)) for _ in range(count)]


@pytest.mark.parametrize("count", [1, 2, 5])
def test_one_stream_does_everything_in_turn(learner, draw, count):
    batches = batches_of(draw, count)
    assert_matches(learner.serial_time(batches), float(sum(map(sum, batches))), "the time")


@pytest.mark.parametrize("count", [1, 2, 3, 6])
def test_three_engines_overlap(learner, draw, count):
    for _ in range(6):
        batches = batches_of(draw, count)
        assert_matches(learner.overlapped_time(batches), simulate(batches), f"the time of {batches}")


@pytest.mark.builds_on("test_three_engines_overlap")
@pytest.mark.parametrize("slow", [0, 1, 2])
def test_the_slowest_engine_sets_the_pace(learner, slow):
    batches = [tuple(10.0 if engine == slow else 1.0 for engine in range(3))] * 7
    assert_matches(learner.overlapped_time(batches), 72.0, "the time")


@pytest.mark.builds_on("test_three_engines_overlap")
@pytest.mark.parametrize("buffers", [1, 2, 3, 20])
def test_with_few_buffers(learner, draw, buffers):
    for _ in range(6):
        batches = batches_of(draw, 6)
        got = learner.buffered_time(batches, buffers)
        assert_matches(got, simulate(batches, buffers), f"the time of {batches}")


@pytest.mark.parametrize("launch", [1.0, 5.0, 20.0])
def test_kernels_wait_for_their_launch(learner, draw, launch):
    for count in (1, 3, 8):
        kernels = [float(t) for t in draw.integers(1, 12, count)]
        assert_matches(learner.queued_time(kernels, launch), queue(kernels, launch), f"the time of {kernels}")


@pytest.mark.builds_on("test_kernels_wait_for_their_launch")
@pytest.mark.parametrize("gap", [0.0, 0.5])
def test_a_graph_is_launched_once(learner, draw, gap):
    for count in (1, 4, 9):
        kernels = [float(t) for t in draw.integers(1, 6, count)]
        expected = 8.0 + sum(kernels) + gap * (count - 1)
        assert_matches(learner.graph_time(kernels, 8.0, gap), expected, f"the time of {kernels}")


@pytest.mark.builds_on("test_a_graph_is_launched_once")
def test_how_many_steps_pay_for_the_capture(learner, draw):
    for _ in range(12):
        kernels = [float(t) for t in draw.integers(1, 6, draw.integer(2, 9))]
        launch, graph_launch, capture = 4.0, 6.0, float(draw.integer(50, 500))
        saved = queue(kernels, launch) - (graph_launch + sum(kernels))
        expected = next((n for n in range(1, 10**4) if n * saved >= capture), None) if saved > 0 else None
        got = learner.steps_to_pay(kernels, launch, graph_launch, capture)
        assert_matches(got, expected, f"the steps for {kernels}, a capture of {capture}")


@pytest.mark.builds_on("test_a_graph_is_launched_once")
def test_a_graph_of_one_kernel_never_pays(learner, draw):
    for _ in range(3):
        kernel, capture = float(draw.integer(1, 9)), float(draw.integer(50, 500))
        assert_matches(learner.steps_to_pay([kernel], 4.0, 6.0, capture), None, "the steps")


@pytest.mark.builds_on("test_one_stream_does_everything_in_turn", "test_with_few_buffers")
def test_nothing_takes_no_time(learner):
    assert_matches(learner.serial_time([]), 0.0, "the time")
    assert_matches(learner.overlapped_time([]), 0.0, "the time")
    assert_matches(learner.buffered_time([], 2), 0.0, "the time")
    assert_matches(learner.queued_time([], 3.0), 0.0, "the time")
