"""NeoBERT (Le Breton et al., 2025, "Architecture") in PyTorch: pre-RMSNorm, RoPE, SwiGLU, no biases.

Parameter names are those of a checkpoint without the leading "model.", so that a state dict is a
checkpoint. Shapes: b batch, l length, d hidden size, h heads.
"""
from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn


@dataclass(frozen=True)
class NeoBertConfig:
    """Sizes of the embedded encoder, named as in config.json."""

    hidden_size: int = 384
    num_hidden_layers: int = 3
    num_attention_heads: int = 6
    intermediate_size: int = 1152
    norm_eps: float = 1e-5
    vocab_size: int = 30522
    pad_token_id: int = 0
    max_length: int = 4096

    @property
    def inner_size(self) -> int:
        """Width inside SwiGLU: 2/3 of intermediate_size, rounded up to a multiple of 8."""
        return 8 * ((2 * self.intermediate_size // 3 + 7) // 8)

    @property
    def head_size(self) -> int:
        return self.hidden_size // self.num_attention_heads


class RmsNorm(nn.Module):
    """x / rms(x) * weight over the last axis (Zhang and Sennrich, 2019, equation 4)."""

    def __init__(self, size: int, eps: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(size))
        self.eps = eps

    def forward(self, x: Tensor) -> Tensor:
        return F.rms_norm(x.float(), (x.shape[-1],), self.weight, self.eps)


def rotary_angles(length: int, head_size: int) -> tuple[Tensor, Tensor]:
    """cos and sin, each [l, 1, head_size / 2] (Su et al., 2021, section 3.2.2; theta 10,000)."""
    frequency = 10_000.0 ** (-torch.arange(0, head_size, 2).float() / head_size)
    angle = torch.outer(torch.arange(length).float(), frequency)[:, None, :]
    return angle.cos(), angle.sin()


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Rotate the interleaved pairs (2i, 2i + 1) of x [b, l, h, head_size]."""
    even, odd = x[..., 0::2], x[..., 1::2]
    return torch.stack((even * cos - odd * sin, even * sin + odd * cos), -1).flatten(-2)


class FeedForward(nn.Module):
    """SwiGLU: w3(silu(w1 x) * w2 x), with w12 = [w1; w2] (Shazeer, 2020, section 2)."""

    def __init__(self, config: NeoBertConfig) -> None:
        super().__init__()
        self.w12 = nn.Linear(config.hidden_size, 2 * config.inner_size, bias=False)
        self.w3 = nn.Linear(config.inner_size, config.hidden_size, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        gate, value = self.w12(x).chunk(2, -1)
        return self.w3(F.silu(gate) * value)


class EncoderLayer(nn.Module):
    """x += wo(attention(norm(x))); x += ffn(norm(x))."""

    def __init__(self, config: NeoBertConfig) -> None:
        super().__init__()
        size = config.hidden_size
        self.heads = config.num_attention_heads
        self.qkv = nn.Linear(size, 3 * size, bias=False)
        self.wo = nn.Linear(size, size, bias=False)
        self.ffn = FeedForward(config)
        self.attention_norm = RmsNorm(size, config.norm_eps)
        self.ffn_norm = RmsNorm(size, config.norm_eps)

    def forward(self, x: Tensor, mask: Tensor | None, cos: Tensor, sin: Tensor) -> Tensor:
        """x [b, l, d]; mask, True where a key is read, [b, 1, 1, l] or None for all."""
        b, l, d = x.shape
        q, k, v = self.qkv(self.attention_norm(x)).view(b, l, self.heads, -1).chunk(3, -1)
        q, k = rotate(q, cos, sin), rotate(k, cos, sin)
        mixed = F.scaled_dot_product_attention(
            q.transpose(1, 2), k.transpose(1, 2), v.transpose(1, 2).to(q.dtype), attn_mask=mask)
        x = x + self.wo(mixed.transpose(1, 2).reshape(b, l, d))
        return x + self.ffn(self.ffn_norm(x))


class NeoBert(nn.Module):
    """Token ids to one unit vector a text: the mean over its tokens of the last hidden states."""

    def __init__(self, config: NeoBertConfig = NeoBertConfig()) -> None:
        super().__init__()
        self.config = config
        self.encoder = nn.Embedding(config.vocab_size, config.hidden_size)
        self.transformer_encoder = nn.ModuleList(
            EncoderLayer(config) for _ in range(config.num_hidden_layers))
        self.layer_norm = RmsNorm(config.hidden_size, config.norm_eps)
        for layer in self.transformer_encoder:
            initialise(layer, config)

    def forward(self, ids: Tensor, lengths: Tensor, embedded: Tensor | None = None) -> Tensor:
        """ids [b, l] padded, lengths [b] -> [b, d]. `embedded` [b, l, d], if it was looked up before."""
        length = ids.shape[1]
        valid = torch.arange(length)[None] < lengths[:, None]
        mask = None if bool(valid.all()) else valid[:, None, None, :]
        x = self.encoder(ids) if embedded is None else embedded
        cos, sin = rotary_angles(length, self.config.head_size)
        for layer in self.transformer_encoder:
            x = layer(x, mask, cos.to(x.dtype), sin.to(x.dtype))
        total = (self.layer_norm(x) * valid[:, :, None]).sum(1)
        return F.normalize(total / lengths[:, None], dim=-1)


def initialise(layer: EncoderLayer, config: NeoBertConfig) -> None:
    """Ordinary projections in, very small ones out: the layer starts as almost the identity."""
    for weight in (layer.qkv.weight, layer.ffn.w12.weight):
        nn.init.normal_(weight, std=config.hidden_size**-0.5)
    nn.init.normal_(layer.wo.weight, std=0.02 * config.hidden_size**-0.5)
    nn.init.normal_(layer.ffn.w3.weight, std=0.02 * config.inner_size**-0.5)
