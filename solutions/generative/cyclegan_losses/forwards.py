"""The losses of torch, a pool in one tensor, the field from the image on."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F


def _real(scores: Tensor) -> Tensor:
    return F.mse_loss(scores, torch.ones_like(scores))


def generator_loss(
    to_b: nn.Module,
    to_a: nn.Module,
    judge_a: nn.Module,
    judge_b: nn.Module,
    a: Tensor,
    b: Tensor,
    *,
    cycle: float = 10.0,
    identity: float = 5.0,
) -> dict[str, Tensor]:
    losses = {
        "adversarial": _real(judge_b(to_b(a))) + _real(judge_a(to_a(b))),
        "cycle": F.l1_loss(to_a(to_b(a)), a) + F.l1_loss(to_b(to_a(b)), b),
        "identity": F.l1_loss(to_b(b), b) + F.l1_loss(to_a(a), a),
    }
    losses["total"] = losses["adversarial"] + cycle * losses["cycle"] + identity * losses["identity"]
    return losses


def discriminator_loss(judge: nn.Module, real: Tensor, fake: Tensor) -> Tensor:
    scores = judge(fake.detach())
    return (_real(judge(real)) + F.mse_loss(scores, torch.zeros_like(scores))) / 2


class Pool:
    def __init__(self, size: int) -> None:
        self.size, self.count = size, 0
        self.kept: Tensor | None = None

    def exchange(self, images: Tensor, swaps: list[bool], places: list[int]) -> Tensor:
        out = images.detach().clone()
        if self.kept is None:
            self.kept = out.new_zeros(self.size, *out.shape[1:])
        for i in range(len(out)):
            if self.count < self.size:
                self.kept[self.count] = out[i]
                self.count += 1
            elif swaps[i] and self.size > 0:
                old = self.kept[places[i]].clone()
                self.kept[places[i]] = out[i]
                out[i] = old
        return out


def patch_field(layers: list[tuple[int, int]]) -> int:
    field, jump = 1, 1
    for kernel, stride in layers:
        field += (kernel - 1) * jump
        jump *= stride
    return field
