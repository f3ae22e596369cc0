"""Texts of unequal length through the model without much padding."""
from __future__ import annotations

from typing import Sequence

import torch
from torch import Tensor

from .model import NeoBert
from .text import PAD

Ids = Sequence[Sequence[int]]


def by_length(ids: Ids, tokens: int) -> list[list[int]]:
    """Positions in `ids` grouped by similar length, each group at most `tokens` when padded."""
    groups: list[list[int]] = []
    for at in sorted(range(len(ids)), key=lambda i: len(ids[i])):
        if groups and (len(groups[-1]) + 1) * len(ids[at]) <= tokens:
            groups[-1].append(at)
        else:
            groups.append([at])
    return groups


def padded(ids: Ids) -> tuple[Tensor, Tensor]:
    """ids [b, longest] and lengths [b]."""
    lengths = [len(row) for row in ids]
    out = torch.full((len(ids), max(lengths)), PAD)
    for row, values in zip(out, ids):
        row[: len(values)] = torch.tensor(values)
    return out, torch.tensor(lengths)


def encode_with_gradient(model: NeoBert, ids: Ids, tokens: int = 2048) -> Tensor:
    """Vectors [n, d] in the order of `ids`. Small groups keep the work in the processor's caches.

    The embeddings are looked up once for all groups, so that their gradient is summed once.
    """
    groups = by_length(ids, tokens)
    inputs = [padded([ids[i] for i in group]) for group in groups]
    looked_up = model.encoder(torch.cat([x.flatten() for x, _ in inputs]))
    parts = looked_up.split([x.numel() for x, _ in inputs])
    vectors = torch.cat([model(x, lengths, part.view(*x.shape, -1)).float()
                         for (x, lengths), part in zip(inputs, parts)])
    order = torch.tensor([i for group in groups for i in group])
    return vectors[order.argsort()]


@torch.inference_mode()
def encode(model: NeoBert, ids: Ids, bfloat16: bool = False, tokens: int = 8192) -> Tensor:
    """Vectors [n, d] in the order of `ids`, without gradient."""
    out = torch.zeros(len(ids), model.config.hidden_size)
    with torch.autocast("cpu", torch.bfloat16, enabled=bfloat16):
        for group in by_length(ids, tokens):
            out[group] = model(*padded([ids[i] for i in group])).float()
    return out
