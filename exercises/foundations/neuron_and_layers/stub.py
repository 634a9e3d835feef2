"""What networks are made of: neurons, biases, three kinds of layers, and what they cost.

Read the lesson first (`tutor lesson neuron_and_layers`); `tutor hint` helps when you are stuck. All numbers can be
worked out with pencil and paper; the functions ask for the rule.
"""

from typing import Any

from torch import Tensor


def parameters_of_mlp(sizes: list[int], bias: bool = True) -> int:
    """How many numbers a multilayer perceptron learns.

    Args:
        sizes: units in the input, in each hidden layer, and in the output: at least two numbers. Every unit is
            connected with all units of the layer before.
        bias: whether each unit (but the inputs, which compute nothing) has a bias.
    """
    raise NotImplementedError


def widest(inputs: int, outputs: int, hidden_layers: int, budget: int) -> int:
    """The largest width of the hidden layers for which a multilayer perceptron with biases has at most `budget`
    parameters.

    Args:
        inputs, outputs: units in the input and in the output.
        hidden_layers: how many hidden layers, all of the same width; 1 or more.
        budget: the largest number of parameters.

    Returns:
        The width; 0 if not even a width of 1 fits.
    """
    raise NotImplementedError


def cost_of_layer(layer: dict[str, Any]) -> tuple[int, int]:
    """The learned numbers of a layer, biases included, and its multiplications for one sample.

    Args:
        layer: one of
            {"kind": "dense", "inputs": n, "outputs": m};
            {"kind": "conv", "height": H, "width": W, "channels_in": c, "channels_out": d, "kernel": k}: kernels of k
            × k over an image of (c, H, W), stride 1, no padding, one bias for each output channel;
            {"kind": "recurrent", "steps": T, "inputs": n, "hidden": m}: hₜ = tanh(W xₜ + U hₜ₋₁ + b) for t = 1 … T,
            where the product with h₀ is computed like all others.

    Returns:
        parameters: how many numbers are learned.
        multiplications: a weight times a value, in the whole layer, for one sample: an image, or a sequence of T
            steps. Biases are added, and don't count.

    Raises:
        ValueError: if the kind is none of these.
    """
    raise NotImplementedError


def conv_as_dense(kernel: Tensor, size: int) -> Tensor:
    """The weights of the dense layer that does what a convolution along one axis does.

    The convolution has one channel in and out, stride 1, no padding and no bias: output i is the sum over j of
    kernel[j] · x[i + j].

    Args:
        kernel: shape (k,), float32 or float64.
        size: numbers in x; k or more.

    Returns:
        Shape (size − k + 1, size), in the dtype of `kernel`: times x, it gives the convolution's output.
    """
    raise NotImplementedError


def choose_network(task: dict[str, Any]) -> str:
    """Which type of network a task is for, by what its data share.

    Args:
        task: {"make": bool, "order": bool, "length": int or None, "reach": int or None}.
            "make": whether new samples are to be made (if not, something is to be predicted).
            "order": whether it matters where a value stands among its neighbours (pixels, words). If not, as with the
            columns of a table, all samples could be shuffled by the same permutation and nothing would be lost.
            "length": how many values or places a sample has; None if that varies.
            "reach": within how many neighbouring places that stand together lies what has to be recognised, wherever
            it is; None if what is far apart may belong together.

    Returns:
        The first that fits: "generative" to make samples; "dense" where order doesn't matter; "convolutional" where the
        reach is known, and smaller than the length if that is known; "recurrent" where the length varies; else "dense".
    """
    raise NotImplementedError


def fold_bias(weight: Tensor, bias: Tensor) -> Tensor:
    """One matrix for a layer with biases: for inputs with a 1 appended, it does what weight and bias do.

    Args:
        weight: shape (m, n); the layer computes x weightᵀ + bias.
        bias: shape (m,).

    Returns:
        A new tensor of shape (m, n + 1), such that (x, 1) · its transpose is the layer's output. Inputs must not be
        changed.
    """
    raise NotImplementedError


def boundary_distance(w: list[float], b: float) -> float:
    """How far from the origin a neuron's decision boundary w · x + b = 0 lies, measured in the direction of w.

    Args:
        w: the weights, not all 0.
        b: the bias.

    Returns:
        The signed distance: positive if the boundary is reached from the origin by walking in the direction of w, and
        negative if by walking against it.
    """
    raise NotImplementedError


def integrate_and_fire(
    current: Tensor, *, tau: float = 20.0, threshold: float = 1.0, dt: float = 1.0
) -> tuple[Tensor, Tensor]:
    """A leaky integrate-and-fire neuron, a simple model of a biological one, step by step.

    The membrane's voltage v begins at 0. In each step t it first moves towards the current:
    v ← v + dt/tau · (current[t] − v). If then v ≥ threshold, the neuron fires, and v is reset to 0.

    Args:
        current: shape (T,), float64.
        tau: the time constant of the leak, in ms.
        threshold: where it fires.
        dt: the length of a step, in ms.

    Returns:
        voltages: v at the end of each step, after a reset; shape and dtype of `current`.
        spikes: 1 where it fired, 0 elsewhere; shape (T,), int64.
    """
    raise NotImplementedError


def firing_rate(current: float, *, tau: float = 20.0, threshold: float = 1.0) -> float:
    """How many spikes per ms that neuron fires at a constant current, with steps so short that time is continuous.

    Returns:
        1 divided by the time that v takes from 0 to the threshold; 0.0 if it never gets there (current ≤ threshold).
    """
    raise NotImplementedError
