"""What happens inside the teacher: the states between its layers, and whom each token attends to.

The teacher is a BERT (Devlin et al., 2019): a norm after each block, x = LN(x + block(x)). A "point" is
what comes out of such a norm, and what a block of the student shall read: point 0 after the embeddings,
then one after each chosen attention and one after each chosen feed-forward block.
"""
from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Iterator, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .batches import Ids, by_length, padded


@dataclass(frozen=True)
class CalibrationBatch:
    """ids [b, l] and valid [b, l], True where there is a token."""

    ids: Tensor
    valid: Tensor


def calibration_batches(ids: Ids, tokens: int = 4096) -> list[CalibrationBatch]:
    """Texts of similar length together, at most `tokens` of them with padding."""
    return [CalibrationBatch(x, torch.arange(x.shape[1])[None] < lengths[:, None])
            for x, lengths in (padded([ids[i] for i in group]) for group in by_length(ids, tokens))]


@dataclass
class Trace:
    """What was recorded, batch by batch.

    states: per point, [b, l, d] each. spread: per point, the standard deviation [b, l] of what the norm
    was given, multiplied up over the norms that were passed since the point before. logits: per
    chosen layer, attention before the softmax, [b, heads, l, l] each.
    """

    norms: list[nn.LayerNorm]
    states: list[list[Tensor]] = field(default_factory=list)
    spread: list[list[Tensor]] = field(default_factory=list)
    logits: list[list[Tensor]] = field(default_factory=list)


def trace(teacher: nn.Module, chosen: Sequence[int], batches: Sequence[CalibrationBatch]) -> Trace:
    """Run the whole teacher (transformers' BertModel) and record at the `chosen` layers.

    A chosen layer's second point lies after the last layer before the next chosen one, so that the
    student's layer learns to do the work of those that are left out, too.
    """
    layers, embeddings = list(teacher.encoder.layer), teacher.embeddings
    ends = last_layers(chosen, len(layers))
    norms = [embeddings.LayerNorm]
    for start, end in zip(chosen, ends):
        norms += [layers[start].attention.output.LayerNorm, layers[end].output.LayerNorm]
    found = Trace(norms, [[] for _ in norms], [[] for _ in norms], [[] for _ in chosen])
    with torch.inference_mode():
        for batch in batches:
            for point, value, spread in _points(teacher, chosen, ends, batch, found.logits):
                found.states[point].append(value)
                found.spread[point].append(spread)
    return found


def last_layers(chosen: Sequence[int], count: int) -> list[int]:
    """For each chosen layer the last one whose work it takes over."""
    return [*(layer - 1 for layer in chosen[1:]), count - 1]


def _points(teacher: nn.Module, chosen: Sequence[int], ends: Sequence[int], batch: CalibrationBatch,
            logits: list[list[Tensor]]) -> Iterator[tuple[int, Tensor, Tensor]]:
    embeddings = teacher.embeddings
    raw = (embeddings.word_embeddings(batch.ids) + embeddings.token_type_embeddings.weight[0]
           + embeddings.position_embeddings.weight[: batch.ids.shape[1]])
    x = embeddings.LayerNorm(raw)
    yield 0, x, raw.std(-1)
    skipped = torch.ones(())
    for number, layer in enumerate(teacher.encoder.layer):
        scores, mixed = _attention(layer.attention.self, x, batch.valid)
        for norm, block, point in (
                (layer.attention.output.LayerNorm, lambda _: layer.attention.output.dense(mixed),
                 2 * chosen.index(number) + 1 if number in chosen else None),
                (layer.output.LayerNorm,
                 lambda x: layer.output.dense(F.gelu(layer.intermediate.dense(x))),
                 2 * ends.index(number) + 2 if number in ends else None)):
            raw = x + block(x)
            x, spread = norm(raw), raw.std(-1) * skipped
            skipped = torch.ones(()) if point is not None else spread / norm.weight.median()
            if point is not None:
                yield point, x, spread
        if number in chosen:
            logits[chosen.index(number)].append(scores)


def _attention(attention: nn.Module, x: Tensor, valid: Tensor) -> tuple[Tensor, Tensor]:
    """Scores before the softmax [b, heads, l, l], and the heads' outputs [b, l, d]."""
    b, l, d = x.shape
    heads = attention.num_attention_heads
    q, k, v = (part(x).view(b, l, heads, -1).transpose(1, 2)
               for part in (attention.query, attention.key, attention.value))
    scores = q @ k.transpose(2, 3) / math.sqrt(d // heads)
    return scores, attend(scores, v, valid)


def attend(scores: Tensor, values: Tensor, valid: Tensor) -> Tensor:
    """Softmax over the keys that are there; values [b, heads, l, head_size] -> [b, l, d]."""
    shares = scores.masked_fill(~valid[:, None, None], -torch.inf).softmax(-1)
    return (shares @ values).transpose(1, 2).flatten(2)
