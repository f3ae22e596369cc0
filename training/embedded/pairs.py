"""Pairs in memory: distinct queries and passages, who belongs to whom, the teacher's vectors."""
from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from .folders import Folders


@dataclass(frozen=True)
class Pairs:
    """links [n, 2]: row numbers of a query and of its passage."""

    queries: list[str]
    passages: list[str]
    links: np.ndarray


def load_pairs(folders: Folders) -> Pairs:
    """The pairs of extract, each text once, in the order of its first appearance."""
    queries: dict[str, int] = {}
    passages: dict[str, int] = {}
    links: list[tuple[int, int]] = []
    with folders.pairs.open() as lines:
        for line in lines:
            pair = json.loads(line)
            links.append((queries.setdefault(pair["query"], len(queries)),
                          passages.setdefault(pair["passage"], len(passages))))
    return Pairs(list(queries), list(passages), np.array(links))


def load_teacher(folders: Folders, rotation: Tensor | None = None) -> tuple[Tensor, Tensor]:
    """Unit vectors of all queries and all passages, each [n, 384], in the rotated space if asked."""
    sides = [torch.from_numpy(np.load(folders.vectors(side))).float() for side in ("queries", "passages")]
    rotated = [side if rotation is None else side @ rotation for side in sides]
    return F.normalize(rotated[0], dim=1), F.normalize(rotated[1], dim=1)
