"""What a unit of a convolutional network responds to: its maps, its strongest places, and the image it likes best.

Read the lesson first (`tutor lesson feature_maps`); `tutor hint` helps when you are stuck.

`net` is any network for images (N, C, H, W), each image by itself; `name` is that of a module in it
(`net.named_modules()`) which is called exactly once and returns maps (N, channels, H', W'). The network is always run
in evaluation mode. Afterwards, also if it raises an exception (which is passed on), everything is as it was before:
each module's own mode, the modules' hooks, all parameters and buffers, and the parameters' .grad and requires_grad.
"""

from torch import Tensor, nn

Layer = tuple[tuple[int, int], tuple[int, int], tuple[int, int]]  # (kernel, stride, padding), each (rows, columns)


def feature_maps(net: nn.Module, name: str, images: Tensor) -> Tensor:
    """What a layer makes of images.

    Args:
        net, name: see above.
        images: shape (N, C, H, W).

    Returns:
        The module's output in net(images), shape (N, channels, H', W'), as it was when the module returned it, even if
        a later one works in place; without a graph.
    """
    raise NotImplementedError


def strongest(maps: Tensor, k: int) -> tuple[Tensor, Tensor]:
    """For each channel, where in a batch of maps the largest numbers are.

    Args:
        maps: shape (N, channels, H', W').
        k: how many, from 1 to N · H' · W'.

    Returns:
        The k largest numbers of each channel over all images and positions, the largest first, shape (channels, k); and
        where they are, shape (channels, k, 3), int64: number of the image, row, column. Among equal numbers the one in
        the earlier image comes first, in one image that in the upper row, in one row the left one.
    """
    raise NotImplementedError


def input_box(layers: list[Layer], row: int, column: int, height: int, width: int) -> tuple[int, int, int, int]:
    """The part of the image that a position of a feature map looks at.

    Args:
        layers: the convolutions and pools from the image to the map, in this order, each as ((kernel rows, kernel
            columns), (stride down, stride across), (padding above and below, padding left and right)), all without
            dilation. Empty: the map is the image.
        row, column: of the position in the map, from 0.
        height, width: of the image.

    Returns:
        (top, bottom, left, right), so that image[:, top:bottom, left:right] is that part: top and left included, bottom
        and right not. What lies in the padding of any layer is followed down like any other position, and only what
        has arrived at the image is cut, to 0 … height and 0 … width. Every position asked for sees at least one pixel.
    """
    raise NotImplementedError


def activation_gradient(
    net: nn.Module, name: str, channel: int, images: Tensor, penalty: float
) -> tuple[Tensor, Tensor]:
    """How strongly a channel responds to each image, and in which direction of the image more strongly.

    The objective of an image x is J(x) = (mean of the channel over all H' · W' positions) − ½ · penalty · Σ x², with
    the sum over all C · H · W numbers of the image.

    Args:
        net, name: see above.
        channel: which map of the module's output, from 0.
        images: shape (N, C, H, W).
        penalty: 0 or more.

    Returns:
        J of each image, shape (N,), and ∂J/∂x of each, shape (N, C, H, W), both without a graph.
    """
    raise NotImplementedError


def maximise(
    net: nn.Module, name: str, channel: int, start: Tensor, *, steps: int, rate: float, penalty: float
) -> tuple[Tensor, Tensor]:
    """Gradient ascent on images, each by itself: what the channel would like to see.

    In each step, x ← x + rate · g / ‖g‖ with g = ∂J/∂x at the present x. ‖g‖ is the square root of the sum of the
    squares of all C · H · W numbers of this one image's gradient. Where it is 0, the image stays as it is.

    Args:
        net, name, channel, penalty: as above.
        start: the images to begin with, shape (N, C, H, W); must not be changed.
        steps: how many, 0 or more.
        rate: the length of a step.

    Returns:
        The images after the last step, shape (N, C, H, W); and J of each image before the first step and after each,
        shape (steps + 1, N). Both without a graph.
    """
    raise NotImplementedError
