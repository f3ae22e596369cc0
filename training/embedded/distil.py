"""Step 5: train the layers and the table together on the teacher and the pairs.

Stop it at any time: it saves every few minutes and goes on from its checkpoint, with the same batches
as if it had not stopped. The learning rate falls along a cosine over `--steps`.
"""
from __future__ import annotations

import copy
import math
import os
import time
from pathlib import Path
from typing import TypedDict

import numpy as np
import torch
from torch import Tensor, nn

from .batches import encode_with_gradient
from .cosqa import load_beir, score
from .folders import Folders, arguments
from .losses import losses
from .model import NeoBert
from .muon import Muon
from .pairs import load_pairs, load_teacher
from .text import load_tokenizer, token_ids

QUERY_WINDOW, PASSAGE_WINDOW = 64, 128
BATCH = 96
WARM_UP_STEPS = 80
SAVE_SECONDS = 240
MEAN_DECAY = 0.98


class Checkpoint(TypedDict):
    """What is saved. history: rows of [step, tokens, total, cosine, ranking, contrast].

    mean: running mean of the weights, less noisy than `model` while the learning rate is high.
    """

    model: dict[str, Tensor]
    mean: dict[str, Tensor]
    optimisers: list[dict[str, object]]
    step: int
    tokens: int
    history: list[list[float]]


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--steps", type=int, default=6000)
    parser.add_argument("--learning-rate", type=float, default=1e-3)
    parser.add_argument("--muon", type=float, default=0.0, metavar="RATE",
                        help="Muon instead of AdamW for the layers' matrices")
    parser.add_argument("--start", type=Path, help="checkpoint whose weights to begin with, instead of the table's")
    parser.add_argument("--evaluation", type=Path, help="BEIR folder, scored every 10 minutes")
    args = parser.parse_args()
    folders = Folders(args.work)
    torch.manual_seed(0)

    table = torch.load(folders.table, weights_only=True)
    model = NeoBert()
    model.load_state_dict(torch.load(args.start, weights_only=True)["model"] if args.start else table["model"])
    mean = copy.deepcopy(model)
    optimisers = optimisers_for(model, args.learning_rate, args.muon)
    step, tokens, history = 0, 0, []
    if folders.student.exists():
        saved: Checkpoint = torch.load(folders.student, weights_only=True)
        model.load_state_dict(saved["model"])
        mean.load_state_dict(saved["mean"])
        for optimiser, state in zip(optimisers, saved["optimisers"]):
            optimiser.load_state_dict(state)
        step, tokens, history = saved["step"], saved["tokens"], saved["history"]

    pairs, tokenizer = load_pairs(folders), load_tokenizer(folders.teacher)
    queries = token_ids(tokenizer, pairs.queries, QUERY_WINDOW)
    passages = token_ids(tokenizer, pairs.passages, PASSAGE_WINDOW)
    teacher_queries, teacher_passages = load_teacher(folders, table["rotation"])
    dataset = load_beir(args.evaluation, "dev") if args.evaluation else None
    saved_at = scored_at = started = time.time()
    tokens_before = tokens

    for step in range(step, args.steps):
        batch = batch_at(step, pairs.links)
        rate = learning_rate_share(step, args.steps)
        for group in (group for optimiser in optimisers for group in optimiser.param_groups):
            group["lr"] = group["base_lr"] * rate
        ids = [queries[i] for i in batch[:, 0]] + [passages[i] for i in batch[:, 1]]
        with torch.autocast("cpu", torch.bfloat16):
            vectors = encode_with_gradient(model, ids)
        result = losses(vectors[: len(batch)], vectors[len(batch) :],
                        teacher_queries[batch[:, 0]], teacher_passages[batch[:, 1]])
        model.zero_grad(set_to_none=True)
        result.total.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for optimiser in optimisers:
            optimiser.step()
        follow(mean, model, min(MEAN_DECAY, (step + 1) / (step + 10)))
        tokens += sum(map(len, ids))
        last = step + 1 == args.steps
        if step % 20 == 19 or last:
            row = [step + 1, tokens, result.total.item(), result.cosine, result.ranking, result.contrast]
            history.append([round(value, 4) for value in row])
            speed = (tokens - tokens_before) / (time.time() - started)
            print(*history[-1], f"{speed:.0f} tokens/s", flush=True)
        if time.time() - saved_at > SAVE_SECONDS or last:
            save(folders.student, model, mean, optimisers, step + 1, tokens, history)
            saved_at = time.time()
        if dataset and (time.time() - scored_at > 600 or last):
            print("score", score(mean, tokenizer, dataset, bfloat16=True), flush=True)
            scored_at = time.time()


def optimisers_for(model: NeoBert, rate: float, muon: float = 0.0) -> list[torch.optim.Optimizer]:
    """The table at a quarter of the rate, for it is trained already; norms at half, without decay.

    With `muon`, the layers' matrices take its steps of that size, and the table the full rate.
    """
    named = list(model.named_parameters())
    table = [p for n, p in named if n.startswith("encoder.")]
    matrices = [p for n, p in named if p.ndim == 2 and not n.startswith("encoder.")]
    gains = [p for _, p in named if p.ndim == 1]
    groups = [dict(params=table, base_lr=rate if muon else rate / 4, weight_decay=0.0),
              dict(params=gains, base_lr=rate / 2, weight_decay=0.0)]
    if not muon:
        groups.append(dict(params=matrices, base_lr=rate, weight_decay=0.01))
    adam = torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.98))
    return [adam, Muon(matrices, muon)] if muon else [adam]


@torch.no_grad()
def follow(mean: NeoBert, model: NeoBert, decay: float) -> None:
    """mean <- decay * mean + (1 - decay) * model, parameter by parameter."""
    for average, value in zip(mean.parameters(), model.parameters()):
        average.lerp_(value, 1 - decay)


def batch_at(step: int, links: np.ndarray) -> np.ndarray:
    """The pairs [BATCH, 2] of a step: each epoch is a permutation that its number alone decides."""
    per_epoch = max(1, len(links) // BATCH)
    epoch, at = divmod(step, per_epoch)
    order = np.random.default_rng(epoch).permutation(len(links))
    return links[order[at * BATCH : (at + 1) * BATCH]]


def learning_rate_share(step: int, steps: int) -> float:
    """Linear warm-up, then a cosine down to a fiftieth."""
    decay = 0.5 * (1 + math.cos(math.pi * step / steps))
    return min(1.0, (step + 1) / WARM_UP_STEPS) * max(0.02, decay)


def save(path: Path, model: NeoBert, mean: NeoBert, optimisers: list[torch.optim.Optimizer], step: int,
         tokens: int, history: list[list[float]]) -> None:
    """Write aside, then rename, so that a stop while saving loses nothing."""
    checkpoint: Checkpoint = {"model": model.state_dict(), "mean": mean.state_dict(),
                              "optimisers": [optimiser.state_dict() for optimiser in optimisers],
                              "step": step, "tokens": tokens, "history": history}
    partial = path.with_suffix(".partial")
    torch.save(checkpoint, partial)
    os.replace(partial, path)


if __name__ == "__main__":
    main()
