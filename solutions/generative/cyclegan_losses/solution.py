import torch
from torch import Tensor, nn


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
    fake_b, fake_a = to_b(a), to_a(b)
    adversarial = ((judge_b(fake_b) - 1) ** 2).mean() + ((judge_a(fake_a) - 1) ** 2).mean()
    there_and_back = (to_a(fake_b) - a).abs().mean() + (to_b(fake_a) - b).abs().mean()
    same = (to_b(b) - b).abs().mean() + (to_a(a) - a).abs().mean()
    total = adversarial + cycle * there_and_back + identity * same
    return {"adversarial": adversarial, "cycle": there_and_back, "identity": same, "total": total}


def discriminator_loss(judge: nn.Module, real: Tensor, fake: Tensor) -> Tensor:
    return 0.5 * (((judge(real) - 1) ** 2).mean() + (judge(fake.detach()) ** 2).mean())


class Pool:
    def __init__(self, size: int) -> None:
        self._size = size
        self._kept: list[Tensor] = []

    def exchange(self, images: Tensor, swaps: list[bool], places: list[int]) -> Tensor:
        out = []
        for image, swap, place in zip(images.detach().clone(), swaps, places, strict=True):
            if len(self._kept) < self._size:
                self._kept.append(image)
            elif self._size and swap:
                image, self._kept[place] = self._kept[place], image
            out.append(image)
        return torch.stack(out)


def patch_field(layers: list[tuple[int, int]]) -> int:
    field = 1
    for kernel, stride in reversed(layers):
        field = (field - 1) * stride + kernel
    return field
