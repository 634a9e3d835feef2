"""Parameters that are changed in place, and copied when they are the best so far."""

import math

import torch
from torch import Tensor


def loss_and_gradients(weight: Tensor, bias: Tensor, x: Tensor, y: Tensor) -> tuple[float, Tensor, Tensor]:
    """See the stub."""
    logits = x @ weight.T + bias
    log_probabilities = logits - torch.logsumexp(logits, dim=1, keepdim=True)
    rows = torch.arange(len(y))
    upstream = torch.exp(log_probabilities)
    upstream[rows, y] -= 1
    upstream = upstream / len(y)
    loss = -log_probabilities[rows, y].mean().item()
    return loss, upstream.T @ x, upstream.sum(dim=0)


def evaluate(weight: Tensor, bias: Tensor, x: Tensor, y: Tensor) -> tuple[float, float]:
    """See the stub."""
    loss, _, _ = loss_and_gradients(weight, bias, x, y)
    right = (x @ weight.T + bias).argmax(dim=1) == y
    return loss, right.double().mean().item()


def fit(
    x: Tensor, y: Tensor, x_val: Tensor, y_val: Tensor, classes: int, epochs: list[list[Tensor]], lr: float
) -> tuple[dict[str, list[float]], int, Tensor, Tensor]:
    """See the stub."""
    weight, bias = x.new_zeros(classes, x.shape[1]), x.new_zeros(classes)
    history: dict[str, list[float]] = {"train_loss": [], "val_loss": [], "val_accuracy": []}
    best, best_epoch, best_weight, best_bias = math.inf, -1, weight, bias
    for epoch, batches in enumerate(epochs):
        total, seen = 0.0, 0
        for batch in batches:
            loss, grad_weight, grad_bias = loss_and_gradients(weight, bias, x[batch], y[batch])
            weight -= lr * grad_weight
            bias -= lr * grad_bias
            total, seen = total + loss * len(batch), seen + len(batch)
        val_loss, val_accuracy = evaluate(weight, bias, x_val, y_val)
        history["train_loss"].append(total / seen)
        history["val_loss"].append(val_loss)
        history["val_accuracy"].append(val_accuracy)
        if val_loss < best:
            best, best_epoch = val_loss, epoch
            best_weight, best_bias = weight.clone(), bias.clone()
    return history, best_epoch, best_weight, best_bias


def baselines(y: Tensor, classes: int) -> tuple[float, float, float]:
    """See the stub."""
    shares = torch.bincount(y, minlength=classes).double() / len(y)
    entropy = -sum(share * math.log(share) for share in shares.tolist() if share > 0)
    return math.log(classes), entropy, shares.max().item()
