"""Each prediction beside what torch does: results of real products, flags of real tensors, backward passes."""

import pytest
import torch

from tutor.testkit import assert_matches

BUILDS = ["cu92", "cu102", "cu113", "cu118", "cu121", "cu124", "cu126", "cu128", "cu130"]
DTYPES = ["bool", "uint8", "int8", "int16", "int32", "int64", "float16", "bfloat16", "float32", "float64"]
NUMBERS = {"bool": True, "int": 1, "float": 1.0}


def shuffled(draw, items):
    return [items[i] for i in draw.permutation(len(items)).tolist()]


def test_the_build_that_the_driver_supports(learner, draw):
    numbers = {build: (int(build[2:-1]), int(build[-1])) for build in BUILDS}
    for driver in ["10.2", "11.7", "12.4", "12.5", "13.0", "9.2", "11.0", "14.1", "12.0"]:
        builds = shuffled(draw, [*shuffled(draw, BUILDS)[:6], "cu92", "cpu"])
        limit = tuple(int(part) for part in driver.split("."))
        fitting = [build for build in builds if build != "cpu" and numbers[build] <= limit]
        expected = max(fitting, key=numbers.get) if fitting else "cpu"
        assert_matches(
            learner.choose_build(builds, driver), expected, f"the build of {builds} for a driver of {driver}"
        )


@pytest.mark.parametrize("driver", [None, "8.0"])
def test_no_build_for_cuda_fits(learner, draw, driver):
    builds = shuffled(draw, [*BUILDS, "cpu"])
    assert_matches(learner.choose_build(builds, driver), "cpu", f"the build for a driver of {driver}")
    assert_matches(learner.choose_build(["cpu"], "12.4"), "cpu", "the only build")


def device(facts):
    free = facts["cuda_free"]
    if free and max(free) >= facts["needed"]:
        return f"cuda:{free.index(max(free))}"
    return "mps" if facts["mps"] and not facts["float64"] else "cpu"


def test_the_device(learner, draw):
    for count in (0, 1, 2, 4, 3, 0, 2, 3):
        for mps, float64 in ((False, False), (True, False), (True, True)):
            free = [draw.integer(1, 9) * 1000 for _ in range(count)]
            needed = draw.choice([500, 4000, 5000, max(free, default=4000), max(free, default=4000) + 1])
            facts = {"cuda_free": free, "needed": needed, "mps": mps, "float64": float64}
            assert_matches(learner.pick_device(facts), device(facts), f"the device for {facts}")


def product_dtype(operands):
    """What torch makes of it: the kinds among themselves first, since a product of three is two products."""
    groups = []
    for wanted, shape in (("tensor", (1,)), ("zero-dim", ())):
        values = [torch.ones(shape, dtype=getattr(torch, dtype)) for kind, dtype in operands if kind == wanted]
        while len(values) > 1:
            values.append(values.pop() * values.pop())
        groups += values
    numbers = [NUMBERS[dtype] for kind, dtype in operands if kind == "number"]
    if numbers:
        product = numbers[0]
        for number in numbers[1:]:
            product = product * number if not isinstance(product, bool) or not isinstance(number, bool) else product
        groups.append(product)
    result = groups[0] if isinstance(groups[0], torch.Tensor) else torch.tensor(groups[0])
    for group in groups[1:]:
        result = result * group
    return str(result.dtype).removeprefix("torch.")


def check_dtype(learner, operands):
    actual = learner.result_dtype(operands)
    assert_matches(actual, product_dtype(operands), f"the dtype of a product of {operands}")


def test_the_dtype_of_a_product_of_two_tensors(learner):
    for first in DTYPES:
        for second in DTYPES:
            check_dtype(learner, [("tensor", first), ("tensor", second)])


@pytest.mark.builds_on("test_the_dtype_of_a_product_of_two_tensors")
def test_the_dtype_of_tensors_with_numbers_and_tensors_without_axes(learner, draw):
    for dtype in DTYPES:
        for number in NUMBERS:
            check_dtype(learner, [("number", number), ("tensor", dtype)])
            check_dtype(learner, [("zero-dim", dtype), ("number", number)])
        check_dtype(learner, [("tensor", dtype), ("zero-dim", draw.choice(DTYPES))])
        check_dtype(learner, [("zero-dim", draw.choice(DTYPES)), ("tensor", dtype)])


@pytest.mark.builds_on("test_the_dtype_of_tensors_with_numbers_and_tensors_without_axes")
def test_the_dtype_of_many_operands(learner, draw):
    for count in (1, 2, 3, 3, 4, 4):
        kinds = [draw.choice(["tensor", "zero-dim", "number"]) for _ in range(count)]
        operands = [(kind, draw.choice(list(NUMBERS) if kind == "number" else DTYPES)) for kind in kinds]
        check_dtype(learner, operands)


def flags(program):
    """The program, run by torch."""
    values = {}
    for operation, name, *arguments in program:
        if operation == "leaf":
            values[name] = torch.ones(2, requires_grad=arguments[0])
        elif operation == "detach":
            values[name] = values[arguments[0]].detach()
        else:
            with torch.set_grad_enabled(operation == "add"):
                values[name] = values[arguments[0]] + values[arguments[1]]
    last = values[program[-1][1]]
    if last.requires_grad:
        last.sum().backward()
    return {name: (v.requires_grad, v.is_leaf, v.is_leaf and v.grad is not None) for name, v in values.items()}


def random_flags(draw, length):
    """Two leaves that require gradients, one that doesn't, and operations on whatever there is."""
    program = [("leaf", "a", True), ("leaf", "b", False), ("leaf", "c", True)]
    for name in "defghijkl"[:length]:
        known = [step[1] for step in program]
        operation = draw.choice(["add", "add", "add", "detach", "no_grad"])
        arguments = [draw.choice(known[-4:]) for _ in range(1 if operation == "detach" else 2)]
        program.append((operation, name, *arguments))
    return program


@pytest.mark.parametrize("length", [1, 3, 6, 9])
def test_which_tensors_are_leaves_and_get_gradients(learner, draw, length):
    for _ in range(12):
        program = random_flags(draw, length)
        actual = learner.predict_flags(program)
        assert_matches(actual, flags(program), f"(requires_grad, is_leaf, has .grad) in {program}")


def raises(program):
    values = {"a": torch.ones(2, requires_grad=True) * 1.0}
    for operation, name, *arguments in program:
        if operation == "add_":
            values[name].add_(1.0)
        else:
            values[name] = getattr(torch, operation)(*(values[argument] for argument in arguments))
    try:
        values[program[-1][1]].sum().backward()
    except RuntimeError:
        return True
    return False


def random_program(draw, length):
    program, known = [], ["a"]
    for number in range(length):
        operation = draw.choice(["mul", "sin", "exp", "add", "add_", "add_"])
        if operation == "add_" and number < length - 1:
            program.append(("add_", draw.choice(known)))
            continue
        operation = "add" if operation == "add_" else operation
        arguments = [draw.choice(known[-3:]) for _ in range(2 if operation in ("mul", "add") else 1)]
        known.append("bcdefghijklm"[len(known) - 1])
        program.append((operation, known[-1], *arguments))
    return program


FIXED = [
    [("sin", "b", "a"), ("add_", "a"), ("add", "c", "b", "b")],
    [("sin", "b", "a"), ("add_", "b"), ("add", "c", "b", "b")],
    [("exp", "b", "a"), ("add_", "a"), ("add", "c", "b", "b")],
    [("exp", "b", "a"), ("add_", "b"), ("add", "c", "b", "b")],
    [("mul", "b", "a", "a"), ("sin", "c", "a"), ("add_", "a"), ("add", "d", "a", "a")],
    [("add_", "a"), ("sin", "b", "a")],
    [("sin", "b", "a"), ("add_", "a")],
]


@pytest.mark.parametrize("program", FIXED)
def test_what_an_operation_has_saved(learner, program):
    assert_matches(learner.backward_raises(program), raises(program), f"whether backward fails in {program}")


@pytest.mark.builds_on("test_what_an_operation_has_saved")
@pytest.mark.parametrize("length", [4, 7, 10])
def test_when_backward_fails(learner, draw, length):
    for _ in range(20):
        program = random_program(draw, length)
        assert_matches(learner.backward_raises(program), raises(program), f"whether backward fails in {program}")
