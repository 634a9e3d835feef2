"""The Inception block, what its 1 × 1 convolutions save, and a trained network of any family made one's own.

Read the lesson first (`tutor lesson inception_block`); `tutor hint` helps when you are stuck. All of torch is yours.
"""

from typing import Any

from torch import Tensor, nn


class Inception(nn.Module):
    """Four branches that look at the same input, with their channels one behind the other.

    Every convolution has a bias, stride 1, and a padding that keeps rows and columns; a ReLU follows each.

    Attributes:
        one: nn.Conv2d, 1 × 1, c_in to c1.
        three: nn.Sequential of nn.Conv2d (1 × 1, c_in to reduce3), nn.ReLU, nn.Conv2d (3 × 3, reduce3 to c3).
        five: nn.Sequential of nn.Conv2d (1 × 1, c_in to reduce5), nn.ReLU, nn.Conv2d (5 × 5, reduce5 to c5).
        pool: nn.Sequential of nn.MaxPool2d (3 × 3, stride 1, padding 1), nn.Conv2d (1 × 1, c_in to c_pool).
    """

    def __init__(self, c_in: int, c1: int, reduce3: int, c3: int, reduce5: int, c5: int, c_pool: int) -> None:
        """Make the layers, with torch's own first weights."""
        raise NotImplementedError

    def forward(self, x: Tensor) -> Tensor:
        """Shape (N, c_in, H, W) to (N, c1 + c3 + c5 + c_pool, H, W): relu of one, three, five and pool, in this order.

        `x` must not be changed.
        """
        raise NotImplementedError


def bottleneck_costs(c_in: int, reduce: int, c_out: int, *, kernel: int, height: int, width: int) -> tuple[int, int]:
    """Multiplications of one image's way through a convolution, and through one with a 1 × 1 convolution in front.

    Args:
        c_in, c_out: channels before and after.
        reduce: channels between the 1 × 1 convolution and the other.
        kernel: rows, and columns, of the (other) kernel. Rows and columns of the image are kept; the multiplications
            with the padding's zeros count. Biases don't.
        height, width: of the image.

    Returns:
        direct: c_in to c_out by the one convolution.
        reduced: c_in to reduce to c_out.
    """
    raise NotImplementedError


def replace_classifier(net: nn.Module, classes: int) -> list[str]:
    """Give a trained network new last layers for other classes; all else stays the same objects.

    Where the last layer is, depends on the family. Each of these that there is gets replaced:

        net.fc              ResNet, Inception: an nn.Linear
        net.AuxLogits.fc    Inception: an nn.Linear of the auxiliary head; net.AuxLogits may be None, or not be there
        net.classifier      VGG and others: an nn.Linear, or an nn.Sequential whose last layer is an nn.Linear

    A new layer takes as many features as the old one, gives `classes`, has a bias if the old one had, and the old
    one's dtype.

    Args:
        net: is changed in place.
        classes: how many.

    Returns:
        The names of the new parameters, as in net.named_parameters(), sorted.

    Raises:
        ValueError: if there is none of these layers. A classifier that doesn't end with an nn.Linear is none.
    """
    raise NotImplementedError


def feature_size(body: nn.Module, shape: tuple[int, int, int]) -> int:
    """How many numbers a network's body makes of one image: what its head has to take, flattened.

    Args:
        body: takes (N, C, H, W), float32, and returns a tensor whose axis 0 is N. It may hold batch norm; its mode, its
            running statistics and its gradients must be as they were afterwards.
        shape: (C, H, W).
    """
    raise NotImplementedError


def choose_backbone(table: list[dict[str, Any]], *, parameters: int, multiplications: int, smallest: int) -> str | None:
    """The most accurate trained network that fits.

    Args:
        table: networks, as dicts with "name", "accuracy" (higher is better; no two alike), "parameters" and
            "multiplications" (of one image), and "stride": a unit of its last map stands for stride × stride pixels.
        parameters, multiplications: that there is room and time for, at most.
        smallest: rows of the smallest thing that has to be told from others, in pixels. A network whose stride is
            larger than that is of no use.

    Returns:
        Its name; None if none fits.
    """
    raise NotImplementedError
