"""Step 5: train the layers and the table together on the teacher and the pairs.

Stop it at any time: it saves every few minutes and goes on from its checkpoint, with the same batches
as if it had not stopped. The learning rate falls along a cosine over `--steps`.
"""
from __future__ import annotations

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
from .pairs import load_pairs, load_teacher
from .text import load_tokenizer, token_ids

QUERY_WINDOW, PASSAGE_WINDOW = 64, 128
BATCH = 96
WARM_UP_STEPS = 80
SAVE_SECONDS = 240


class Checkpoint(TypedDict):
    """What is saved. history: rows of [step, tokens, total, cosine, ranking, contrast]."""

    model: dict[str, Tensor]
    optimiser: dict[str, object]
    step: int
    tokens: int
    history: list[list[float]]


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--steps", type=int, default=6000)
    parser.add_argument("--learning-rate", type=float, default=1e-3)
    parser.add_argument("--evaluation", type=Path, help="BEIR folder, scored every 10 minutes")
    args = parser.parse_args()
    folders = Folders(args.work)
    torch.manual_seed(0)

    start = torch.load(folders.table, weights_only=True)
    model = NeoBert()
    model.load_state_dict(start["model"])
    optimiser = optimiser_for(model, args.learning_rate)
    step, tokens, history = 0, 0, []
    if folders.student.exists():
        saved: Checkpoint = torch.load(folders.student, weights_only=True)
        model.load_state_dict(saved["model"])
        optimiser.load_state_dict(saved["optimiser"])
        step, tokens, history = saved["step"], saved["tokens"], saved["history"]

    pairs, tokenizer = load_pairs(folders), load_tokenizer(folders.teacher)
    queries = token_ids(tokenizer, pairs.queries, QUERY_WINDOW)
    passages = token_ids(tokenizer, pairs.passages, PASSAGE_WINDOW)
    teacher_queries, teacher_passages = load_teacher(folders, start["rotation"])
    dataset = load_beir(args.evaluation, "dev") if args.evaluation else None
    saved_at = scored_at = started = time.time()
    tokens_before = tokens

    for step in range(step, args.steps):
        batch = batch_at(step, pairs.links)
        rate = learning_rate_share(step, args.steps)
        for group in optimiser.param_groups:
            group["lr"] = group["base_lr"] * rate
        ids = [queries[i] for i in batch[:, 0]] + [passages[i] for i in batch[:, 1]]
        with torch.autocast("cpu", torch.bfloat16):
            vectors = encode_with_gradient(model, ids)
        result = losses(vectors[: len(batch)], vectors[len(batch) :],
                        teacher_queries[batch[:, 0]], teacher_passages[batch[:, 1]])
        optimiser.zero_grad(set_to_none=True)
        result.total.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        tokens += sum(map(len, ids))
        last = step + 1 == args.steps
        if step % 20 == 19 or last:
            row = [step + 1, tokens, result.total.item(), result.cosine, result.ranking, result.contrast]
            history.append([round(value, 4) for value in row])
            speed = (tokens - tokens_before) / (time.time() - started)
            print(*history[-1], f"{speed:.0f} tokens/s", flush=True)
        if time.time() - saved_at > SAVE_SECONDS or last:
            save(folders.student, model, optimiser, step + 1, tokens, history)
            saved_at = time.time()
        if dataset and (time.time() - scored_at > 600 or last):
            print("score", score(model, tokenizer, dataset, bfloat16=True), flush=True)
            scored_at = time.time()


def optimiser_for(model: NeoBert, rate: float) -> torch.optim.AdamW:
    """The table at a quarter of the rate, for it is trained already; norms at half, without decay."""
    named = list(model.named_parameters())
    table = [p for n, p in named if n.startswith("encoder.")]
    matrices = [p for n, p in named if p.ndim == 2 and not n.startswith("encoder.")]
    gains = [p for _, p in named if p.ndim == 1]
    groups = [dict(params=table, base_lr=rate / 4, weight_decay=0.0),
              dict(params=matrices, base_lr=rate, weight_decay=0.01),
              dict(params=gains, base_lr=rate / 2, weight_decay=0.0)]
    return torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.98))


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


def save(path: Path, model: NeoBert, optimiser: torch.optim.Optimizer, step: int, tokens: int,
         history: list[list[float]]) -> None:
    """Write aside, then rename, so that a stop while saving loses nothing."""
    checkpoint: Checkpoint = {"model": model.state_dict(), "optimiser": optimiser.state_dict(),
                              "step": step, "tokens": tokens, "history": history}
    partial = path.with_suffix(".partial")
    torch.save(checkpoint, partial)
    os.replace(partial, path)


if __name__ == "__main__":
    main()
