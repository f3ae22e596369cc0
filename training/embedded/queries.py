"""Queries as people type them, made from what a candidate says about itself."""
from __future__ import annotations

import random
import re

from .candidates import Candidate
from .text import split_identifiers

_QUOTES = re.compile(r"[`'\"]")
_LEADING_VERB = re.compile(r"^(?:returns?|gets?|sets?) ")
_STOP_WORDS = frozenset(
    "a an the of to in on for and or is are be this that with by from it its as at if not".split())
MIN_NAME_CHARACTERS = 4


def queries_for(candidate: Candidate, rng: random.Random) -> list[str]:
    """One or two queries: the doc comment in some wording, the symbol's name, or both."""
    queries = [_reworded(candidate, rng)] if candidate.doc else []
    words = split_identifiers(candidate.name).replace(".", " ").strip().lower()
    if len(words) > MIN_NAME_CHARACTERS and (not candidate.doc or rng.random() < 0.3):
        queries.append(rng.choice([words, words, candidate.name, f"{words} {candidate.language}"]))
    return queries


def passage_for(candidate: Candidate, rng: random.Random) -> str:
    """The text to be found: mostly with its doc comment, as an index has it, else without."""
    return candidate.whole if rng.random() < 0.6 else candidate.body


def _reworded(candidate: Candidate, rng: random.Random) -> str:
    doc = candidate.doc
    if candidate.language == "prose" or rng.random() < 0.5:
        return doc
    plain = _QUOTES.sub("", doc.lower().rstrip("."))
    if rng.random() < 0.3:
        plain = _LEADING_VERB.sub("", plain)
    style = rng.random()
    if style < 0.15:
        return " ".join(word for word in plain.split() if word not in _STOP_WORDS)
    if style < 0.55:
        return plain
    language = candidate.language
    prefix = rng.choice([f"{language} ", "how to ", f"{language} how to ", f"in {language} ", "where "])
    return prefix + plain
