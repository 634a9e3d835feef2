"""The classifier by counting and by torch's distributions; the questions over all their answers."""

import itertools

import pytest
import torch
from torch.distributions import Bernoulli

from tutor.testkit import assert_inputs_unchanged, assert_matches

BOTH = ("priors", "probs")


def data(draw, n, d, classes):
    y = draw.integers(0, classes, n)
    return (draw.uniform(n, d) < draw.uniform(classes, d)[y]).double(), y


def counted(x, y, classes):
    own = [x[y == c] for c in range(classes)]
    priors = torch.tensor([len(rows) / len(x) for rows in own], dtype=torch.float64)
    return priors, torch.stack([(rows.sum(0) + 1) / (len(rows) + 2) for rows in own])


def model(draw, classes, d):
    priors = draw.uniform(classes, low=0.3, high=1.0)
    return priors / priors.sum(), draw.uniform(classes, d, low=0.1, high=0.9)


@pytest.mark.parametrize(("n", "d", "classes"), [(20, 4, 3), (31, 2, 2), (9, 6, 4)])
def test_the_fit_is_counting(learner, draw, n, d, classes):
    x, y = data(draw, n, d, classes)
    assert_matches(learner.fit_bernoulli(x, y, classes), counted(x, y, classes), BOTH)


def test_a_class_without_samples_knows_nothing(learner, draw):
    x, y = data(draw, 12, 3, 2)
    assert_matches(learner.fit_bernoulli(x, 2 * y, 4), counted(x, 2 * y, 4), BOTH)


@pytest.mark.parametrize(("n", "d", "classes"), [(40, 3, 4), (25, 5, 2)])
def test_samples_from_the_model(learner, draw, n, d, classes):
    priors, probs = model(draw, classes, d)
    u, v = draw.uniform(n), draw.uniform(n, d)
    y = torch.tensor([next(c for c in range(classes) if priors[: c + 1].sum() > one or c == classes - 1) for one in u])
    expected = (v < probs[y]).double(), y
    assert_matches(learner.sample(priors, probs, u, v), expected, ("x", "y"))


def right_posterior(x, priors, probs):
    joint = Bernoulli(probs).log_prob(x[:, None]).sum(-1) + priors.log()
    return torch.softmax(joint, 1)


@pytest.mark.parametrize(("n", "d", "classes"), [(7, 4, 3), (5, 6, 2), (4, 2, 5)])
def test_the_posterior(learner, draw, n, d, classes):
    priors, probs = model(draw, classes, d)
    x = (draw.uniform(n, d) < 0.5).double()
    assert_matches(learner.posterior(x, priors, probs), right_posterior(x, priors, probs), "the posterior", terms=40)


@pytest.mark.builds_on("test_the_posterior")
def test_the_posterior_of_ten_thousand_features(learner, draw):
    priors, probs = model(draw, 3, 10_000)
    probs = 0.5 + 0.01 * (probs - 0.5)  # so alike that no class is certain
    x = (draw.uniform(4, 10_000) < 0.5).double()
    got = learner.posterior(x, priors, probs)
    assert_matches(got, right_posterior(x, priors, probs), "the posterior", terms=10**9)


@pytest.mark.parametrize(("d", "classes"), [(4, 3), (7, 2)])
def test_the_linear_classifier_that_agrees(learner, draw, d, classes):
    priors, probs = model(draw, classes, d)
    expected = (probs / (1 - probs)).log(), priors.log() + (1 - probs).log().sum(1)
    assert_matches(learner.linear_form(priors, probs), expected, ("weight", "bias"), terms=20)


def asked(solution, questions):
    return [solution.passes(*question) for question in questions]


def test_what_a_sample_costs(learner, draw):
    kinds = ["autoregressive", "vae", "gan", "diffusion"]
    questions = [
        (kinds[k % 4], draw.integer(10, 5000), draw.integer(5000, 9999)) for k in draw.permutation(16).tolist()
    ]
    got = learner.run(asked, questions)
    right = []
    for question, answer in zip(questions, got if isinstance(got, list) else [], strict=False):
        expected, why = right_cost(*question)
        right.append(expected)
        assert answer == expected, f"passes{question} is {answer!r}, and it should be {expected}: {why}"
    assert len(right) == len(questions), f"passes was asked {len(questions)} times; {got!r} came back."


def right_cost(kind, values, steps):
    return {
        "autoregressive": (
            (values, 1, "exact"),
            "each value needs the ones before it, so they are made one by one; a given sample has them all at once.",
        ),
        "vae": ((1, 2, "bound"), "a sample is one run of the decoder; the ELBO takes the encoder and the decoder."),
        "gan": ((1, 0, "none"), "the generator runs once; nothing in a GAN says how likely a sample is."),
        "diffusion": (
            (steps, steps, "bound"),
            "the noise is taken off step by step; the bound has a term for each step.",
        ),
    }[kind]


def chosen(solution, tasks):
    return [solution.which_gan(*task) for task in tasks]


def test_which_gan_for_which_task(learner, draw):
    flags = itertools.product([False, True], repeat=4)
    sides = [32, 64, 128, 129, 256, 1024]
    tasks = [
        (paired, unpaired, labels, sides[draw.integer(0, 6)], collapses)
        for paired, unpaired, labels, collapses in flags
    ]
    tasks += [(False, False, False, 128, False), (False, False, False, 129, False)]
    got = learner.run(chosen, tasks)
    answers = got if isinstance(got, list) else []
    assert len(answers) == len(tasks), f"which_gan was asked {len(tasks)} times; {got!r} came back."
    for task, answer in zip(tasks, answers, strict=True):
        expected = right_choice(*task)
        about = "which_gan(paired={}, unpaired={}, labels={}, side={}, collapses={})".format(*task)
        assert answer == expected, f"{about} is {answer!r}, and by the lesson's rules it should be {expected}."


def right_choice(paired, unpaired, labels, side, collapses):
    parts = ["pix2pix"] if paired else ["cyclegan"] if unpaired else []
    parts += ["conditional"] * labels + ["progressive"] * (side > 128) + ["wgan-gp"] * collapses
    return parts or ["dcgan"]


@pytest.mark.builds_on("test_the_fit_is_counting", "test_the_posterior")
def test_inputs_stay_as_they_are(learner, draw):
    x, y = data(draw, 9, 3, 2)
    priors, probs = model(draw, 2, 3)
    learner.fit_bernoulli(x, y, 2)
    learner.posterior(x, priors, probs)
    learner.sample(priors, probs, draw.uniform(4), draw.uniform(4, 3))
    learner.linear_form(priors, probs)
    assert_inputs_unchanged(learner)
