"""Step 4: the token table, trained alone and then put inside NeoBERT.

A mean of token vectors trains in minutes and already ranks well, so the layers start from it. Its
rows begin as the teacher's vectors of single tokens, weighted by a / (a + p(token)) (Arora et al.,
2017, section 3), in the teacher's space rotated to its principal axes.
"""
from __future__ import annotations

import time

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .batches import Ids
from .folders import Folders, arguments
from .losses import losses
from .model import NeoBert, initialise
from .pairs import load_pairs, load_teacher
from .teacher import load_teacher_model, teacher_vectors
from .text import CLS, SEP, load_tokenizer, token_ids

QUERY_WINDOW, PASSAGE_WINDOW = 64, 192
BATCH, LEARNING_RATE = 1024, 3e-3
RARITY = 1e-3
SINKS = 2


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--epochs", type=float, default=6)
    args = parser.parse_args()
    folders = Folders(args.work)
    torch.manual_seed(0)

    pairs = load_pairs(folders)
    tokenizer = load_tokenizer(folders.teacher)
    queries = token_ids(tokenizer, pairs.queries, QUERY_WINDOW)
    passages = token_ids(tokenizer, pairs.passages, PASSAGE_WINDOW)
    rotation = principal_axes(torch.cat(load_teacher(folders)))
    teacher_queries, teacher_passages = load_teacher(folders, rotation)

    model = NeoBert()
    table = nn.Parameter(initial_table(folders, queries + passages, model.config.vocab_size) @ rotation)
    train(table, queries, passages, pairs.links, teacher_queries, teacher_passages, args.epochs)
    install(model, table.detach())
    for layer in model.transformer_encoder:
        initialise(layer, model.config)
    torch.save({"model": model.state_dict(), "rotation": rotation}, folders.table)


def principal_axes(vectors: Tensor) -> Tensor:
    """Orthogonal [d, d], strongest axis first. Nothing is centred, so cosines stay as they are."""
    return torch.linalg.eigh(vectors.T @ vectors).eigenvectors.flip(1)


def initial_table(folders: Folders, ids: Ids, vocabulary: int) -> Tensor:
    """[vocabulary, d]: the teacher's vector of each token alone, centred, rare tokens longer."""
    counts = np.bincount(np.concatenate([np.asarray(row) for row in ids]), minlength=vocabulary)
    weight = torch.from_numpy(RARITY / (RARITY + counts / counts.sum())).float()
    weight[[CLS, SEP]] = 0.02
    alone = teacher_vectors(load_teacher_model(folders), [[CLS, token, SEP] for token in range(vocabulary)])
    return (alone - alone.mean(0)) * weight[:, None]


def train(table: nn.Parameter, queries: Ids, passages: Ids, links: np.ndarray,
          teacher_queries: Tensor, teacher_passages: Tensor, epochs: float) -> None:
    """Fit `table` [v, d] in place, with large batches since a bag of tokens costs little."""
    optimiser = torch.optim.Adam([table], lr=LEARNING_RATE)
    steps = int(len(links) / BATCH * epochs)
    rng, order, started = np.random.default_rng(0), np.empty(0, np.int64), time.time()
    for step in range(steps):
        if len(order) < BATCH:
            order = rng.permutation(len(links))
        batch, order = links[order[:BATCH]], order[BATCH:]
        for group in optimiser.param_groups:
            group["lr"] = LEARNING_RATE * (1 - step / steps)
        result = losses(bags(table, [queries[i] for i in batch[:, 0]]),
                        bags(table, [passages[i] for i in batch[:, 1]]),
                        teacher_queries[batch[:, 0]], teacher_passages[batch[:, 1]])
        optimiser.zero_grad()
        result.total.backward()
        optimiser.step()
        if step % 40 == 0:
            print(f"{step}/{steps} loss {result.total.item():.3f} cosine {result.cosine:.3f} "
                  f"ranking {result.ranking:.3f} contrast {result.contrast:.3f} "
                  f"{time.time() - started:.0f} s", flush=True)


def bags(table: Tensor, ids: Ids) -> Tensor:
    """Unit mean of each text's rows: [n, d]."""
    starts = np.cumsum([0, *[len(row) for row in ids[:-1]]])
    flat = torch.from_numpy(np.concatenate([np.asarray(row) for row in ids]))
    return F.normalize(F.embedding_bag(flat, table, torch.from_numpy(starts), mode="mean"), dim=1)


def install(model: NeoBert, table: Tensor) -> None:
    """Make the model with silent layers equal to the table, RMSNorm and all.

    RMSNorm would give each token the same length. So the weakest dimensions become sinks: they take
    what a row lacks to the common length, and the final norm's gain for them is 0. What is left of a
    row after the norm is then as long as the table made it.
    """
    rows = table.clone()
    rows[:, -SINKS:] = 0
    length = rows.norm(dim=1)
    common = torch.quantile(length, 0.999)
    rows *= (common / length.clamp_min(common))[:, None]
    missing = (common**2 - rows.norm(dim=1) ** 2).clamp_min(0)
    rows[:, -SINKS:] = (missing / SINKS).sqrt()[:, None]
    with torch.no_grad():
        model.encoder.weight.copy_(rows * (rows.shape[1] ** 0.5 / common))
        model.layer_norm.weight.fill_(1)
        model.layer_norm.weight[-SINKS:] = 0


if __name__ == "__main__":
    main()
