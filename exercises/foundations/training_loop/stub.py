"""The training loop: batches, steps, a history, validation after each epoch, and the best weights kept.

Read the lesson first (`tutor lesson training_loop`); `tutor hint` helps when you are stuck.

The classifier is the smallest there is: logits = x · weightᵀ + bias, with softmax and cross-entropy. All numbers are
float64. No argument may be changed by any of the functions.
"""

from torch import Tensor


def loss_and_gradients(weight: Tensor, bias: Tensor, x: Tensor, y: Tensor) -> tuple[float, Tensor, Tensor]:
    """The mean cross-entropy of some samples, and its gradients.

    Args:
        weight: shape (C, D).
        bias: shape (C,).
        x: shape (N, D).
        y: the right classes, shape (N,), int64, each 0 … C − 1.

    Returns:
        loss: the mean over the samples of −log softmax(logits)[right class], a Python float. Logits may be as large
            as 10⁴.
        grad_weight: shape (C, D).
        grad_bias: shape (C,).
    """
    raise NotImplementedError


def evaluate(weight: Tensor, bias: Tensor, x: Tensor, y: Tensor) -> tuple[float, float]:
    """How good the classifier is on some samples.

    Args:
        weight, bias, x, y: as above.

    Returns:
        loss: the mean cross-entropy.
        accuracy: the share of samples whose largest logit is that of the right class. Python floats.
    """
    raise NotImplementedError


def fit(
    x: Tensor, y: Tensor, x_val: Tensor, y_val: Tensor, classes: int, epochs: list[list[Tensor]], lr: float
) -> tuple[dict[str, list[float]], int, Tensor, Tensor]:
    """Train from zeros, by gradient descent with one step for each batch, and validate after each epoch.

    Args:
        x, y: the training samples, shape (N, D), and their classes, (N,).
        x_val, y_val: the validation samples; nothing is learned from them.
        classes: how many classes there are.
        epochs: for each epoch its batches, in order; a batch is a tensor of indices into x, shape (B,), int64. Batches
            may differ in size. At least one epoch, each with at least one batch.
        lr: the learning rate. A step is parameter − lr · gradient of the mean loss of the batch.

    Returns:
        history: a dict of three lists, with a Python float for each epoch:
            "train_loss": the mean over all samples seen in this epoch, each with the loss that it had in its batch,
                before the step of that batch;
            "val_loss" and "val_accuracy": of all validation samples, after the last step of the epoch.
        best_epoch: the epoch with the lowest val_loss, counted from 0; the first of them if there are several.
        weight: shape (classes, D), as it was at the end of the best epoch.
        bias: shape (classes,), of the same moment.
    """
    raise NotImplementedError


def baselines(y: Tensor, classes: int) -> tuple[float, float, float]:
    """What the history is to be compared with: the numbers of a classifier that doesn't look at x.

    Args:
        y: classes of samples, shape (N,), int64; some classes may have no sample.
        classes: how many classes there are, C.

    Returns:
        start: the loss on these samples before the first step, with weights and biases zero.
        constant: the lowest loss on these samples that is possible with weights zero and any biases; where a class
            has no sample its probability may be 0.
        majority: the best accuracy that is possible with weights zero. Python floats.
    """
    raise NotImplementedError
