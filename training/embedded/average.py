"""Step 6: the mean of two checkpoints of one run's descent, weight by weight (Wortsman et al., 2022).

Each is noisy where the learning rate was high; the mean measures better than either.
"""
from __future__ import annotations

import argparse
from pathlib import Path

import torch
from torch import Tensor


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("first", type=Path)
    parser.add_argument("second", type=Path, help="descends from `first`; its running mean is taken where it has one")
    parser.add_argument("--share", type=float, default=0.4, help="of the second, 0 to 1")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    torch.save({"model": between(_weights(args.first), _weights(args.second), args.share)}, args.out)


def between(first: dict[str, Tensor], second: dict[str, Tensor], share: float) -> dict[str, Tensor]:
    """Each tensor of `first` moved by `share` of the way to `second`'s."""
    return {name: torch.lerp(value, second[name], share) for name, value in first.items()}


def _weights(path: Path) -> dict[str, Tensor]:
    saved = torch.load(path, weights_only=True)
    weights: dict[str, Tensor] = saved.get("mean") or saved["model"]
    return weights


if __name__ == "__main__":
    main()
