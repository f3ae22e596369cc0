"""The losses of a report as a picture: `python -m embedded.plot reports/embedded-v2.json ../docs/model-loss.svg`."""
from __future__ import annotations

import argparse
import json
from pathlib import Path

import matplotlib

matplotlib.use("svg")
from matplotlib import pyplot as plt  # noqa: E402

PARTS = ("cosine", "ranking", "contrast", "tokens' states", "hidden states")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("report", type=Path)
    parser.add_argument("picture", type=Path)
    args = parser.parse_args()
    losses = json.loads(args.report.read_text())["losses"]
    draw(losses["columns"], losses["rows"], args.picture)


def draw(columns: list[str], rows: list[list[float]], picture: Path) -> None:
    """Each part of the loss by the tokens trained on; parts that `columns` lacks are left out."""
    matplotlib.rcParams["svg.hashsalt"] = picture.name
    figure, axes = plt.subplots(figsize=(7, 3.4), layout="constrained")
    millions = [row[1] / 1e6 for row in rows]
    for part in PARTS:
        if part in columns:
            at = columns.index(part)
            axes.plot(millions, [row[at] for row in rows], label=part, linewidth=1.4)
    axes.set(xlabel="million tokens", ylabel="loss (before weights)", ylim=(0, None), xlim=(0, None))
    axes.grid(alpha=0.25)
    axes.legend(frameon=False)
    figure.savefig(picture, metadata={"Date": None})
    plt.close(figure)


if __name__ == "__main__":
    main()
