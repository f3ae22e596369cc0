"""What extraction yields, before it becomes (query, passage) pairs."""
from __future__ import annotations

import re
from typing import NamedTuple

MAX_CHARACTERS = 2500
MAX_DOC_CHARACTERS = 300


class Candidate(NamedTuple):
    """A definition or a section with what describes it.

    doc: first sentences of its doc comment, or its headings; "" where there is none.
    body: the text without the doc comment. whole: the text with it.
    name: the symbol's name, "" for prose. language: as in `LANGUAGES`, or "prose".
    tests: names of tests that name it.
    """

    doc: str
    body: str
    whole: str
    name: str
    language: str
    tests: tuple[str, ...] = ()


def first_sentences(text: str) -> str:
    """The first sentence, with the second where the first is short, on one line."""
    sentences = re.split(r"(?<=[.!?]) (?=[A-Z])", re.sub(r"\s+", " ", text).strip())
    first = sentences[0]
    if len(first) < 60 and len(sentences) > 1:
        first += " " + sentences[1]
    return first[:MAX_DOC_CHARACTERS]
