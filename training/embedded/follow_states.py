"""Step 5: train what was inherited until each token's state agrees with the teacher's again.

The teacher reads every batch along with the student, so no vectors need be stored and every token, not
only every text, says what was wrong (as in TinyBERT, Jiao et al., 2020, section 3). Stop it at any
time: it saves every few minutes and goes on from its checkpoint with the same batches.
"""
from __future__ import annotations

import copy
import math
import os
import time

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils import parametrize

from .batches import by_length, padded
from .distil import follow
from .folders import Folders, arguments
from .losses import losses
from .model import NeoBert, NeoBertConfig, rotary_angles
from .pairs import load_pairs
from .shipped import LAYER_TOP
from .teacher import load_teacher_model
from .text import SEP, load_tokenizer, token_ids

QUERY_WINDOW = 64
PASSAGE_WINDOWS, WINDOW_SHARES = (128, 256, 512), (0.86, 0.11, 0.03)
BATCH, GROUP_TOKENS = 96, 3072
WARM_UP_STEPS, SAVE_SECONDS, MEAN_DECAY = 40, 180, 0.985
STATE_WEIGHT, LAYER_WEIGHT = 1.5, 0.6
LAYERS_UNTIL, ROUNDED_FROM = 0.7, 0.15
"""Shares of the steps: until when the inner layers are compared, and from when weights are rounded."""


class Rounded(nn.Module):
    """A weight as the product will multiply with it, 7 bits a row; the gradient passes (Bengio et al., 2013)."""

    on = False

    def forward(self, weight: Tensor) -> Tensor:
        if not Rounded.on:
            return weight
        with torch.no_grad():
            unit = weight.abs().amax(1, keepdim=True).clamp_min(1e-12) / LAYER_TOP
            error = torch.round(weight / unit) * unit - weight
        return weight + error


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--steps", type=int, default=1400)
    parser.add_argument("--learning-rate", type=float, default=8e-4)
    args = parser.parse_args()
    folders = Folders(args.work)
    torch.manual_seed(0)
    heir = torch.load(folders.heir, weights_only=True)
    model = NeoBert(NeoBertConfig(**heir["config"]))
    model.load_state_dict(heir["model"])
    mean, weights = copy.deepcopy(model), dict(model.named_parameters())
    for linear in [module for module in model.modules() if isinstance(module, nn.Linear)]:
        parametrize.register_parametrization(linear, "weight", Rounded())
    optimiser = optimiser_for(weights, args.learning_rate)
    first, tokens, history = 0, 0, []
    if folders.student.exists():
        saved = torch.load(folders.student, weights_only=True)
        with torch.no_grad():
            for name, weight in weights.items():
                weight.copy_(saved["model"][name])
        mean.load_state_dict(saved["mean"])
        optimiser.load_state_dict(saved["optimisers"][0])
        first, tokens, history = saved["step"], saved["tokens"], saved["history"]

    teacher = load_teacher_model(folders).requires_grad_(False)
    pairs, tokenizer = load_pairs(folders), load_tokenizer(folders.teacher)
    queries = token_ids(tokenizer, pairs.queries, QUERY_WINDOW)
    passages = token_ids(tokenizer, pairs.passages, PASSAGE_WINDOWS[-1])
    saved_at = time.time()
    for step in range(first, args.steps):
        done = step / args.steps
        for group in optimiser.param_groups:
            group["lr"] = group["base_lr"] * learning_rate_share(step, args.steps)
        Rounded.on = done > ROUNDED_FROM
        batch, window = batch_at(step, pairs.links)
        ids = [queries[i] for i in batch[:, 0]] + [cut(passages[i], window) for i in batch[:, 1]]
        optimiser.zero_grad(set_to_none=True)
        with parametrize.cached():
            pooled, state_error, layer_error = compare(model, teacher, ids, heir["ends"], heir["offsets"])
            count = len(batch)
            result = losses(pooled[0][:count], pooled[0][count:], pooled[1][:count], pooled[1][count:])
            layers = LAYER_WEIGHT * max(0.0, 1 - done / LAYERS_UNTIL)
            (result.total + STATE_WEIGHT * state_error + layers * layer_error).backward()
        nn.utils.clip_grad_norm_(weights.values(), 1.0)
        optimiser.step()
        follow(mean, model, min(MEAN_DECAY, (step + 1) / (step + 10)))
        tokens += sum(map(len, ids))
        if step % 20 == 19 or step + 1 == args.steps:
            row = [step + 1, tokens, result.total.item(), result.cosine, result.ranking, result.contrast,
                   state_error.item()]
            history.append([round(value, 4) for value in row])
            print(*history[-1], flush=True)
        if time.time() - saved_at > SAVE_SECONDS or step + 1 == args.steps:
            partial = folders.student.with_suffix(".partial")
            torch.save({"model": {name: weight.detach() for name, weight in weights.items()},
                        "mean": mean.state_dict(), "optimisers": [optimiser.state_dict()], "step": step + 1,
                        "tokens": tokens, "history": history, "config": heir["config"]}, partial)
            os.replace(partial, folders.student)
            saved_at = time.time()


def compare(model: NeoBert, teacher: nn.Module, ids: list[list[int]], ends: list[int],
            offsets: Tensor) -> tuple[tuple[Tensor, Tensor], Tensor, Tensor]:
    """Unit vectors [n, d] of student and teacher, in the order of `ids`; the mean of 1 - cosine over all
    tokens for the last states; and the sum of that over the inner layers, divided by their number."""
    groups = by_length(ids, GROUP_TOKENS)
    inputs = [padded([ids[i] for i in group]) for group in groups]
    parts = model.encoder(torch.cat([x.flatten() for x, _ in inputs])).split([x.numel() for x, _ in inputs])
    total = sum(map(len, ids))
    ours, theirs = [], []
    state_error, layer_error = torch.zeros(()), torch.zeros(())
    for (x, lengths), embedded in zip(inputs, parts):
        valid = torch.arange(x.shape[1])[None] < lengths[:, None]
        with torch.autocast("cpu", torch.bfloat16):
            with torch.no_grad():
                hidden = teacher(input_ids=x, attention_mask=valid.long(), output_hidden_states=True).hidden_states
            expected = [hidden[end + 1].float() for end in ends]
            states = states_of(model, embedded.view(*x.shape, -1), valid)
        errors = [((1 - F.cosine_similarity(state, wanted + offset, dim=-1)) * valid).sum() / total
                  for state, wanted, offset in zip(states, expected, offsets)]
        state_error = state_error + errors[-1]
        layer_error = layer_error + torch.stack(errors[:-1]).sum() / len(ends)
        for side, last in ((ours, states[-1]), (theirs, expected[-1])):
            side.append(F.normalize((last * valid[:, :, None]).sum(1), dim=-1))
    order = torch.tensor([i for group in groups for i in group]).argsort()
    return (torch.cat(ours)[order], torch.cat(theirs)[order]), state_error, layer_error


def states_of(model: NeoBert, x: Tensor, valid: Tensor) -> list[Tensor]:
    """After each layer, what the next norm makes of the stream: [b, l, d] each, the last the final states."""
    mask = None if bool(valid.all()) else valid[:, None, None, :]
    cos, sin = rotary_angles(x.shape[1], model.config.head_size)
    norms = [*(layer.attention_norm for layer in list(model.transformer_encoder)[1:]), model.layer_norm]
    states = []
    for layer, norm in zip(model.transformer_encoder, norms):
        x = layer(x, mask, cos.to(x.dtype), sin.to(x.dtype))
        states.append(norm(x).float())
    return states


def optimiser_for(weights: dict[str, nn.Parameter], rate: float) -> torch.optim.Optimizer:
    """AdamW: matrices at the full rate, the table at 0.6 and norms at half of it, these two without decay."""
    table = [weight for name, weight in weights.items() if name.startswith("encoder.")]
    gains = [weight for weight in weights.values() if weight.ndim == 1]
    matrices = [weight for name, weight in weights.items() if weight.ndim == 2 and not name.startswith("encoder.")]
    return torch.optim.AdamW([dict(params=table, base_lr=rate * 0.6, weight_decay=0.0),
                              dict(params=gains, base_lr=rate / 2, weight_decay=0.0),
                              dict(params=matrices, base_lr=rate, weight_decay=0.01)], lr=rate, betas=(0.9, 0.98))


def batch_at(step: int, links: np.ndarray) -> tuple[np.ndarray, int]:
    """The pairs of a step, and to how many tokens their passages are cut; longer ones, fewer pairs."""
    window = int(np.random.default_rng(step).choice(PASSAGE_WINDOWS, p=WINDOW_SHARES))
    per_epoch = max(1, len(links) // BATCH)
    epoch, at = divmod(step, per_epoch)
    order = np.random.default_rng(epoch).permutation(len(links))[at * BATCH : (at + 1) * BATCH]
    return links[order[: max(1, BATCH * PASSAGE_WINDOWS[0] // window)]], window


def cut(ids: list[int], window: int) -> list[int]:
    return ids if len(ids) <= window else [*ids[: window - 1], SEP]


def learning_rate_share(step: int, steps: int) -> float:
    """Linear warm-up, then a cosine down to a fiftieth."""
    return min(1.0, (step + 1) / WARM_UP_STEPS) * max(0.02, 0.5 * (1 + math.cos(math.pi * step / steps)))


if __name__ == "__main__":
    main()
