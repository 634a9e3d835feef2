"""Two ways to know a class, four ways to make a sample, and which GAN for which task.

Read the lesson first (`tutor lesson generative_models`); `tutor hint` helps when you are stuck. Tensors are float64,
unless something else is said; no argument may be changed.
"""

from torch import Tensor


def fit_bernoulli(x: Tensor, y: Tensor, classes: int) -> tuple[Tensor, Tensor]:
    """The generative classifier for features that are 0 or 1, each independent of the others within a class.

    Args:
        x: zeros and ones, shape (N, D).
        y: classes, shape (N,), int64, 0 … classes − 1; a class may have no sample.
        classes: C.

    Returns:
        priors, shape (C,): the share of each class among the samples.
        probs, shape (C, D): the probability that feature d is 1 in class c, (ones + 1) / (samples of the class + 2).
    """
    raise NotImplementedError


def sample(priors: Tensor, probs: Tensor, u: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
    """New samples from that model: first a class, then the features. The random numbers are given.

    Args:
        priors, probs: as above; all priors are positive.
        u: uniform in [0, 1), shape (N,). The class is the first one whose prior, together with those before it, makes
            more than u.
        v: uniform in [0, 1), shape (N, D). A feature is 1 where v is below its probability.

    Returns:
        x, shape (N, D), zeros and ones; y, shape (N,), int64.
    """
    raise NotImplementedError


def posterior(x: Tensor, priors: Tensor, probs: Tensor) -> Tensor:
    """What the model thinks of the class of each sample, by Bayes' rule.

    Args:
        x: zeros and ones, shape (N, D); D may be 10 000, so that the probability of a whole sample is 0 in float64.
        priors, probs: as above; all priors are positive.

    Returns:
        p(class c | x), shape (N, C); each row adds up to 1.
    """
    raise NotImplementedError


def linear_form(priors: Tensor, probs: Tensor) -> tuple[Tensor, Tensor]:
    """The discriminative classifier that agrees with it: softmax(x · weightᵀ + bias) is the posterior for every x.

    Args:
        priors, probs: as above; all priors are positive.

    Returns:
        weight, shape (C, D), and bias, shape (C,): exactly log p(c) + log p(x | c) = x · weight[c] + bias[c].
    """
    raise NotImplementedError


def passes(model: str, values: int, steps: int) -> tuple[int, int, str]:
    """What it costs to make one sample, and what can be said of how likely a given one is.

    Args:
        model: "autoregressive", "vae", "gan" or "diffusion", as the lesson describes them.
        values: how many numbers (pixels, tokens) a sample has.
        steps: of the noise, in a diffusion model; of no account for the others.

    Returns:
        How often a network has to be run, one run after the other, to make a sample;
        how often in all to say how likely a given sample is (0, if the model can't say);
        what that is: "exact", "bound" or "none".
    """
    raise NotImplementedError


def which_gan(paired: bool, unpaired: bool, labels: bool, side: int, collapses: bool) -> list[str]:
    """The parts that a GAN for this task is put together from, by the rules in the lesson.

    Args:
        paired: each input image has the output image that is wanted.
        unpaired: there are images of two kinds, and none belongs to another.
        labels: the caller wants to say which class is made.
        side: of the images, in pixels.
        collapses: an earlier attempt covered few of the data's modes, or its discriminator saturated.

    Returns:
        In this order, those of them that apply: "pix2pix" or "cyclegan", "conditional", "progressive", "wgan-gp";
        ["dcgan"] if none does.
    """
    raise NotImplementedError
