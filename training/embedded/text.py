"""What is done to every text, query and passage alike, before it becomes token ids."""
from __future__ import annotations

from pathlib import Path
from typing import Sequence

import regex
from tokenizers import Tokenizer

CLS, SEP, PAD = 101, 102, 0

_CAMEL = regex.compile(r"(?<=[\p{Ll}\p{Nd}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})")
_UNDERSCORES = regex.compile(r"_+")


def split_identifiers(text: str) -> str:
    """The preprocessing step "split-identifiers": `readHTTPHeader_v2` -> `read HTTP Header v2`.

    One space goes between a lower-case letter or digit and an upper-case letter, and between two
    upper-case letters of which the second is followed by a lower-case letter. Each run of
    underscores becomes one space. Nothing else changes.
    """
    return _UNDERSCORES.sub(" ", _CAMEL.sub(" ", text))


def load_tokenizer(folder: Path) -> Tokenizer:
    """The WordPiece tokenizer of `folder`, without truncation and padding."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def token_ids(tokenizer: Tokenizer, texts: Sequence[str], window: int) -> list[list[int]]:
    """Ids of each text, [CLS] first and [SEP] last, cut to at most `window` of them."""
    encoded = tokenizer.encode_batch([split_identifiers(text) for text in texts])
    return [e.ids if len(e.ids) <= window else [*e.ids[: window - 1], SEP] for e in encoded]
