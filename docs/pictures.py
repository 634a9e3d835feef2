"""Draws the pictures in the README: real checks of wrong answers, and of the right one.

python docs/pictures.py
"""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import MONOKAI

from tutor import cli, render

HERE = Path(__file__).resolve().parent
SOLUTION = HERE.parent / "solutions/convnets/conv2d_backward/solution.py"


def main() -> None:
    source = SOLUTION.read_text()
    wrong = source.replace("grad_padded[..., rows, columns] += ", "grad_padded[..., rows, columns] = ")
    turned = source.replace("return grad_x, ", "return -grad_x, ")
    assert source not in {wrong, turned}
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        cli.run(["next", "--topic", "convolution"])
        file = Path("convnets/conv2d_backward.py")
        file.parent.mkdir(exist_ok=True)
        for name, text, options in (
            ("failing", wrong, []),
            ("explained", turned, ["--explain"]),
            ("passing", source, []),
        ):
            file.write_text(text)
            render.console = Console(record=True, width=96, highlight=False, force_terminal=True)
            cli.run(["check", "conv2d_backward", "--seed", "7", *options])
            svg = render.console.export_svg(title="tutor check", theme=MONOKAI)
            svg = re.sub(r"@font-face \{.*?\}", "", svg, flags=re.DOTALL)  # the fonts would come from the network
            (HERE / f"{name}.svg").write_text(svg)


if __name__ == "__main__":
    main()
