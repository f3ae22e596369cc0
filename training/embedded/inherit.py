"""Step 4: a NeoBERT that begins as some layers of the teacher.

Not a copy: the teacher (BERT) normalises after each block, has biases, GELU and learned positions;
NeoBERT normalises before each block and has none, SwiGLU and RoPE. Block by block, on the texts' own
activations:

- the residual stream takes the teacher's state, offset and scaled per dimension, so that an RMSNorm
  (whose weight holds the scale) gives it back;
- a bias is a weight on a "one": the direction whose product with every state is closest to 1;
- GELU(z) ~ silu(1.702 z) / 1.702 (Hendrycks and Gimpel, 2016, section 2), a SwiGLU unit whose second
  factor is the one; the units that matter most stay;
- of each head's product of queries and keys the strongest directions stay, and lie in RoPE's slow pairs,
  which hardly turn within a passage; the fast pairs turn a constant, so that they can say how much a
  head likes each distance (a Fourier series fitted to the teacher's mean scores);
- what a block writes back is solved for by least squares, which also mends what the blocks before it
  got wrong.
"""
from __future__ import annotations

import math
from typing import Sequence

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .batches import Ids
from .folders import Folders, arguments
from .model import EncoderLayer, NeoBert, NeoBertConfig, rotary_angles, rotate
from .pairs import load_pairs
from .teacher import load_teacher_model
from .teacher_trace import CalibrationBatch, Trace, attend, calibration_batches, last_layers, trace
from .text import load_tokenizer, token_ids

LAYERS = (0, 2, 4, 5)
INNER = 512
PASSAGES, QUERIES, WINDOW = 500, 600, 128
ONE = 0.5
"""How far the states are offset along the teacher's own scale: this makes the "one"."""
WIDEST = 3.0
"""Scales per dimension stay within [1 / WIDEST, WIDEST]."""
GELU_SLOPE = 1.702
NEAR = 24
"""Distances count exp(-distance / NEAR) when positions are fitted."""


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--layers", type=int, nargs="+", default=LAYERS, help="of the teacher, from 0")
    parser.add_argument("--inner", type=int, default=INNER, help="width inside SwiGLU, a multiple of 8")
    args = parser.parse_args()
    folders = Folders(args.work)
    pairs, tokenizer = load_pairs(folders), load_tokenizer(folders.teacher)
    rng = np.random.default_rng(1)
    chosen = [*(pairs.passages[i] for i in rng.permutation(len(pairs.passages))[:PASSAGES]),
              *(pairs.queries[i] for i in rng.permutation(len(pairs.queries))[:QUERIES])]
    heir = inherit(load_teacher_model(folders), token_ids(tokenizer, chosen, WINDOW), args.layers, args.inner)
    torch.save({"model": heir.model.state_dict(), "offsets": heir.offsets, "ends": heir.ends,
                "config": vars(heir.model.config)}, folders.heir)
    print("cosine of the texts' vectors to the teacher's:", round(heir.agreement, 4))


class Heir:
    """model; ends: the teacher's layer that each of its layers ends with; offsets [layers, d]: what its
    norm after that layer gives beyond the teacher's state; agreement: mean cosine to the teacher."""

    def __init__(self, model: NeoBert, ends: list[int], offsets: Tensor, agreement: float) -> None:
        self.model, self.ends, self.offsets, self.agreement = model, ends, offsets, agreement


@torch.inference_mode()
def inherit(teacher: nn.Module, ids: Ids, layers: Sequence[int], inner: int) -> Heir:
    """ids: texts to calibrate on, a few ten thousand tokens."""
    batches = calibration_batches(ids)
    recorded = trace(teacher, layers, batches)
    bert = teacher.config
    config = NeoBertConfig(hidden_size=bert.hidden_size, num_hidden_layers=len(layers),
                           num_attention_heads=bert.num_attention_heads, intermediate_size=inner * 3 // 2,
                           vocab_size=bert.vocab_size)
    model = NeoBert(config)
    stream = Stream(recorded, [batch.valid for batch in batches])
    model.encoder.weight.copy_(stream.placed(0, rows(teacher)))
    states = [model.encoder.weight[batch.ids] for batch in batches]
    for number, layer in enumerate(layers):
        block, source = model.transformer_encoder[number], teacher.encoder.layer[layer]
        block.attention_norm.weight.copy_(stream.norm_weight(2 * number))
        states = take_attention(block, source.attention.self, recorded.logits[number], states, stream,
                                2 * number, batches)
        block.ffn_norm.weight.copy_(stream.norm_weight(2 * number + 1))
        states = take_feed_forward(block, source.intermediate.dense, source.output.dense, states, stream,
                                   2 * number + 1)
    last = len(recorded.states) - 1
    model.layer_norm.weight.copy_(stream.norm_weight(last))
    ours, theirs = (torch.cat([F.normalize((x * batch.valid[:, :, None]).sum(1), dim=1)
                               for x, batch in zip(side, batches)])
                    for side in ([model.layer_norm(x) for x in states], recorded.states[last]))
    offsets = torch.stack([stream.offsets[2 * number + 2] for number in range(len(layers))])
    return Heir(model, last_layers(layers, len(teacher.encoder.layer)), offsets,
                (ours * theirs).sum(1).mean().item())


def rows(teacher: nn.Module) -> Tensor:
    """[v, d]: each token's state before the first layer, at the mean of the first WINDOW positions."""
    embeddings = teacher.embeddings
    position = embeddings.position_embeddings.weight[:WINDOW].mean(0)
    state: Tensor = embeddings.LayerNorm(embeddings.word_embeddings.weight
                                         + embeddings.token_type_embeddings.weight[0] + position)
    return state


class Stream:
    """How the teacher's state at each point lies in the student's residual stream.

    A norm of the teacher multiplies by its weight g and divides by the spread s of what it was given; the
    student's stream does neither. So the stream at a point is the state, offset, times the product of
    the spreads so far, over the product of the weights so far: then a block only ever adds to it.
    """

    def __init__(self, recorded: Trace, valid: list[Tensor]) -> None:
        weights = [norm.weight.detach() for norm in recorded.norms]
        self.valid, self.states = valid, recorded.states
        self.offsets = [ONE * weight for weight in weights[:-1]] + [torch.zeros_like(weights[-1])]
        self.scales, self.sizes = [torch.ones_like(weights[0])], [1.0]
        for weight, spread in zip(weights[1:], recorded.spread[1:]):
            middle = weight.median()
            self.scales.append((self.scales[-1] * weight / middle).clamp(1 / WIDEST, WIDEST))
            self.sizes.append(self.sizes[-1] * (self.flat(spread).median() / middle).item())

    def flat(self, parts: Sequence[Tensor]) -> Tensor:
        """The tokens of all batches, one after the other, without padding."""
        return torch.cat([part[valid] for part, valid in zip(parts, self.valid)])

    def placed(self, point: int, state: Tensor) -> Tensor:
        return self.sizes[point] * (state + self.offsets[point]) / self.scales[point]

    def target(self, point: int) -> Tensor:
        """Where the stream of every token should be at a point: [tokens, d]."""
        return self.placed(point, self.flat(self.states[point]))

    def norm_weight(self, point: int) -> Tensor:
        """The weight with which an RMSNorm over the stream gives the offset state back: [d]."""
        rms = self.target(point).pow(2).mean(-1).sqrt().mean()
        return self.scales[point] * rms / self.sizes[point]


def take_attention(block: EncoderLayer, source: nn.Module, logits: Sequence[Tensor], states: list[Tensor],
                   stream: Stream, point: int, batches: Sequence[CalibrationBatch]) -> list[Tensor]:
    """Fill `block`'s attention from the teacher's; gives the stream after it."""
    read = [block.attention_norm(x) for x in states]
    tokens = stream.flat(read)
    one = ones(tokens)
    heads, size = block.heads, block.qkv.in_features // block.heads
    query, key, value = (with_bias(part, stream.offsets[point], one).view(heads, size, -1)
                         for part in (source.query, source.key, source.value))
    fast = size // 4
    query, key = slow_pairs(query, key, tokens, fast)
    fill_fast_pairs(query, key, fast, one, mean_scores_missing(query, key, read, logits, batches))
    block.qkv.weight.copy_(torch.cat([query, key, value], 1).flatten(0, 1))
    mixed = []
    for x, batch in zip(read, batches):
        q, k, v = block.qkv(x).unflatten(-1, (heads, -1)).chunk(3, -1)
        mixed.append(attend(rotated_scores(q, k), v.transpose(1, 2), batch.valid))
    written = least_squares(stream.flat(mixed), stream.target(point + 1) - stream.flat(states))
    block.wo.weight.copy_(written.T)
    return [x + y @ written for x, y in zip(states, mixed)]


def take_feed_forward(block: EncoderLayer, rise: nn.Linear, fall: nn.Linear, states: list[Tensor],
                      stream: Stream, point: int) -> list[Tensor]:
    """Fill `block`'s SwiGLU from the teacher's GELU network; gives the stream after it."""
    inner = block.ffn.w3.in_features
    read = [block.ffn_norm(x) for x in states]
    tokens = stream.flat(read)
    one = ones(tokens)
    weight = with_bias(rise, stream.offsets[point], one)
    matters = F.gelu(tokens @ weight.T).std(0) * fall.weight.norm(dim=0)
    kept = weight[matters.argsort(descending=True)[: inner - 1]]
    # The last unit is constant: with it the block can add a bias.
    gate = torch.cat([kept * GELU_SLOPE, 2 * one[None]])
    factor = torch.cat([one.expand(len(kept), -1) / GELU_SLOPE, one[None]])
    block.ffn.w12.weight.copy_(torch.cat([gate, factor]))
    inside = [F.silu(x @ gate.T) * (x @ factor.T) for x in read]
    written = least_squares(stream.flat(inside), stream.target(point + 1) - stream.flat(states))
    block.ffn.w3.weight.copy_(written.T)
    return [x + y @ written for x, y in zip(states, inside)]


def ones(tokens: Tensor) -> Tensor:
    """[d]: the direction whose product with every row of `tokens` [n, d] is closest to 1."""
    gram = tokens.T @ tokens
    ridge = 1e-2 * len(tokens) * tokens.pow(2).mean()
    return torch.linalg.solve(gram + ridge * torch.eye(len(gram)), tokens.sum(0))


def with_bias(layer: nn.Linear, offset: Tensor, one: Tensor) -> Tensor:
    """W' [out, d] with W' (x + offset) = W x + b."""
    return layer.weight + torch.outer(layer.bias - layer.weight @ offset, one)


def least_squares(inputs: Tensor, targets: Tensor, ridge: float = 1e-3) -> Tensor:
    """[in, out], for inputs [n, in] and targets [n, out]."""
    gram = inputs.T @ inputs
    gram += ridge * gram.diagonal().mean() * torch.eye(len(gram))
    return torch.linalg.solve(gram, inputs.T @ targets)


def slow_pairs(query: Tensor, key: Tensor, tokens: Tensor, fast: int) -> tuple[Tensor, Tensor]:
    """Queries and keys [heads, size, d] whose products come closest to the given ones on `tokens`,
    with nothing in the first `fast` pairs, and the strongest direction in the last, slowest one.

    Keys are centred for it: a softmax over keys does not see what all of them share.
    """
    queries_root, queries_inverse = roots(tokens)
    keys_root, keys_inverse = roots(tokens - tokens.mean(0))
    new_query, new_key = torch.zeros_like(query), torch.zeros_like(key)
    rank = query.shape[1] - 2 * fast
    for head in range(len(query)):
        left, strength, right = torch.linalg.svd(queries_root @ query[head].T @ key[head] @ keys_root)
        size = strength[:rank].sqrt()[:, None]
        new_query[head, 2 * fast :] = (size * (left[:, :rank].T @ queries_inverse)).flip(0)
        new_key[head, 2 * fast :] = (size * (right[:rank] @ keys_inverse)).flip(0)
    return new_query, new_key


def roots(tokens: Tensor) -> tuple[Tensor, Tensor]:
    """Symmetric square root of the second moments of `tokens`, and its inverse: [d, d] each."""
    values, vectors = torch.linalg.eigh(tokens.T @ tokens / len(tokens))
    values = values.clamp_min(values[-1] * 1e-6)
    return (vectors * values.sqrt()) @ vectors.T, (vectors * values.rsqrt()) @ vectors.T


def rotated_scores(query: Tensor, key: Tensor) -> Tensor:
    """Attention before the softmax [b, heads, l, l], for [b, l, heads, size] each."""
    cos, sin = rotary_angles(query.shape[1], query.shape[-1])
    query, key = (rotate(part, cos, sin).transpose(1, 2) for part in (query, key))
    return query @ key.transpose(2, 3) / math.sqrt(query.shape[-1])


def mean_scores_missing(query: Tensor, key: Tensor, read: Sequence[Tensor], logits: Sequence[Tensor],
                        batches: Sequence[CalibrationBatch]) -> tuple[Tensor, Tensor]:
    """By distance, from -(WINDOW - 1) to WINDOW - 1: how much the teacher's scores exceed those of
    `query` and `key` on average, [heads, distances], and on how many scores that stands, [distances].

    Each row of scores is centred first, and [CLS] is left out: it is sought for itself, not for its place.
    """
    excess, count = torch.zeros(len(query), 2 * WINDOW - 1), torch.zeros(2 * WINDOW - 1)
    for x, theirs, batch in zip(read, logits, batches):
        ours = rotated_scores(*(torch.einsum("bld,hsd->blhs", x, part) for part in (query, key)))
        seen = (batch.valid[:, :, None] & batch.valid[:, None, :]).float()
        seen[:, 0] = seen[:, :, 0] = 0
        missing = (theirs - ours) * seen[:, None]
        share = missing.sum(-1, keepdim=True) / seen.sum(-1).clamp_min(1)[:, None, :, None]
        missing = (missing - share) * seen[:, None]
        place = torch.arange(x.shape[1])
        distance = (place[:, None] - place[None] + WINDOW - 1).flatten()
        excess.index_add_(1, distance, missing.sum(0).flatten(1))
        count.index_add_(0, distance, seen.sum(0).flatten())
    return excess / count.clamp_min(1), count


def fill_fast_pairs(query: Tensor, key: Tensor, fast: int, one: Tensor, wanted: tuple[Tensor, Tensor]) -> None:
    """Fit the first `fast` pairs, in place, so that they add `wanted` scores by distance.

    With RoPE a constant query (r cos a, r sin a) and a constant key (r, 0) in a pair of frequency f give
    r^2 cos(f distance + a).
    """
    scores, count = wanted
    size = query.shape[1]
    distance = torch.arange(len(count)).float() - (WINDOW - 1)
    frequency = 10_000.0 ** (-torch.arange(0, size, 2).float() / size)[:fast]
    waves = torch.cat([torch.cos(distance[:, None] * frequency), torch.sin(distance[:, None] * frequency),
                       torch.ones(len(distance), 1)], 1)
    trust = (count.clamp(max=2000).sqrt() * torch.exp(-distance.abs() / NEAR))[:, None]
    fitted = least_squares(waves * trust, scores.T * trust, 1e-2)
    for head in range(len(query)):
        for pair in range(fast):
            cosine, sine = fitted[pair, head].item(), fitted[fast + pair, head].item()
            radius = math.sqrt(math.hypot(cosine, sine) * math.sqrt(size))
            angle = math.atan2(-sine, cosine)
            query[head, 2 * pair] = radius * math.cos(angle) * one
            query[head, 2 * pair + 1] = radius * math.sin(angle) * one
            key[head, 2 * pair] = radius * one


if __name__ == "__main__":
    main()
