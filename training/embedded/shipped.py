"""The folder that the product ships: int8 weights, config, tokenizer. Written and read here alone.

A matrix `name` [out, in] is int8, and `name_scale` [out] float32 holds each row's unit:
W ~= q * scale[:, None]. Layers keep to 7 bits (-63 to 63), since 8-bit kernels of processors without
VNNI saturate; the table uses -127 to 127. Norms are float32.
"""
from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from .model import NeoBert, NeoBertConfig

PREFIX = "model."
TABLE_TOP, LAYER_TOP = 127, 63


def quantise(weight: Tensor, top: int) -> tuple[Tensor, Tensor]:
    """int8 [out, in] within +-top, and float32 scales [out]."""
    scale = weight.float().abs().amax(1).clamp_min(1e-12) / top
    return torch.round(weight / scale[:, None]).clamp(-top, top).to(torch.int8), scale


def write(folder: Path, model: NeoBert, name: str, tokenizer: Path) -> None:
    """Write all four files of the folder; `tokenizer` is the tokenizer.json to ship."""
    folder.mkdir(parents=True, exist_ok=True)
    tensors: dict[str, Tensor] = {}
    for key, value in model.state_dict().items():
        if value.ndim == 2:
            top = TABLE_TOP if key.startswith("encoder.") else LAYER_TOP
            tensors[PREFIX + key], tensors[f"{PREFIX}{key}_scale"] = quantise(value, top)
        else:
            tensors[PREFIX + key] = value.float().contiguous()
    weights = folder / "model.safetensors"
    save_file(tensors, weights, metadata={"format": "pt"})
    weights.chmod(0o644)  # save_file leaves it readable by its owner alone
    _write_json(folder / "config.json",
                {"architectures": ["NeoBERT"], "model_type": "neobert", **asdict(model.config)})
    _write_json(folder / "neosearch.json", {
        "name": name, "version": 1, "pooling": "mean", "normalize": True,
        "dimensions": model.config.hidden_size, "window": model.config.max_length,
        "queryPrefix": "", "passagePrefix": "", "preprocessing": ["split-identifiers"],
        "quantization": "int8-7bit"})
    tokens = json.loads(tokenizer.read_text())
    tokens["truncation"] = tokens["padding"] = None
    compact = json.dumps(tokens, ensure_ascii=False, separators=(",", ":"))
    (folder / "tokenizer.json").write_text(compact, encoding="utf-8")


def read(folder: Path) -> NeoBert:
    """The shipped model with its weights as they are multiplied: quantised, in float32."""
    fields = json.loads((folder / "config.json").read_text())
    known = NeoBertConfig.__dataclass_fields__
    model = NeoBert(NeoBertConfig(**{k: v for k, v in fields.items() if k in known}))
    tensors = load_file(folder / "model.safetensors")
    model.load_state_dict({key.removeprefix(PREFIX): _dequantised(tensors, key)
                           for key in tensors if not key.endswith("_scale")})
    return model.eval()


def _dequantised(tensors: dict[str, Tensor], key: str) -> Tensor:
    value = tensors[key]
    return value.float() * tensors[f"{key}_scale"][:, None] if value.dtype == torch.int8 else value


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=2) + "\n")
