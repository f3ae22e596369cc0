"""Step 3: the teacher's vector of every query and passage, computed once and kept.

The teacher is all-MiniLM-L6-v2 (Apache-2.0), a sentence encoder with mean pooling. It reads the same
preprocessed text as the student will.
"""
from __future__ import annotations

import os

import numpy as np
import torch
import torch.nn.functional as F
from tokenizers import Tokenizer
from torch import Tensor, nn

from .batches import Ids, by_length, padded
from .folders import Folders, arguments
from .pairs import load_pairs
from .text import load_tokenizer, token_ids

QUERY_WINDOW, PASSAGE_WINDOW = 64, 128
SHARD = 4096


def main() -> None:
    folders = Folders(arguments(__doc__).parse_args().work)
    teacher, tokenizer = load_teacher_model(folders), load_tokenizer(folders.teacher)
    pairs = load_pairs(folders)
    for side, texts, window in (("queries", pairs.queries, QUERY_WINDOW),
                                ("passages", pairs.passages, PASSAGE_WINDOW)):
        write_vectors(folders, side, texts, window, teacher, tokenizer)


def load_teacher_model(folders: Folders) -> nn.Module:
    from transformers import AutoModel

    return AutoModel.from_pretrained(folders.teacher, attn_implementation="sdpa").eval()


def write_vectors(folders: Folders, side: str, texts: list[str], window: int,
                  teacher: nn.Module, tokenizer: Tokenizer) -> None:
    """Encode shard by shard, so that a stopped run goes on where it was; then join the shards."""
    shards = []
    for start in range(0, len(texts), SHARD):
        shard = folders.vectors(f"{side}-{start}")
        shards.append(shard)
        if shard.exists():
            continue
        ids = token_ids(tokenizer, texts[start : start + SHARD], window)
        partial = shard.with_name(f"partial-{shard.name}")
        np.save(partial, teacher_vectors(teacher, ids).numpy().astype(np.float16))
        os.replace(partial, shard)
        print(f"{side}: {start + len(ids)} of {len(texts)}", flush=True)
    np.save(folders.vectors(side), np.concatenate([np.load(shard) for shard in shards]))
    for shard in shards:
        shard.unlink()


@torch.inference_mode()
def teacher_vectors(teacher: nn.Module, ids: Ids, tokens: int = 8192) -> Tensor:
    """Mean of the last hidden states, normalised: [n, 384]."""
    out = torch.zeros(len(ids), 384)
    with torch.autocast("cpu", torch.bfloat16):
        for group in by_length(ids, tokens):
            x, lengths = padded([ids[i] for i in group])
            valid = (torch.arange(x.shape[1])[None] < lengths[:, None]).long()
            states = teacher(input_ids=x, attention_mask=valid).last_hidden_state.float()
            out[group] = F.normalize((states * valid[:, :, None]).sum(1), dim=1)
    return out


if __name__ == "__main__":
    main()
