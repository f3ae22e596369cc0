"""Queries as people type them, made from what a candidate says about itself."""
from __future__ import annotations

import random
import re

from .candidates import Candidate
from .text import split_identifiers

_QUOTES = re.compile(r"[`'\"]")
_LEADING_VERB = re.compile(r"^(?:returns?|gets?|sets?) ")
_ERROR = re.compile(r"(?:raise|throw|panic|error|fail|abort|die)\w*\b[^\"'\n]{0,60}[\"']([^\"'\n]{15,120})[\"']", re.I)
_PLACEHOLDER = re.compile(r"[#$]?\{[^}]*\}|%[-\w.]*[sdrvqxf]|\\\w|[\\`]")
_STOP_WORDS = frozenset(
    "a an the of to in on for and or is are be this that with by from it its as at if not".split())
MIN_NAME_CHARACTERS = 4


def queries_for(candidate: Candidate, rng: random.Random) -> list[str]:
    """One to four queries: the doc comment in some wording or the symbol's name, and now and then
    the name of a test, the first line of the definition, an error message that it raises."""
    queries = [_reworded(candidate, rng)] if candidate.doc else []
    words = split_identifiers(candidate.name).replace(".", " ").strip().lower()
    if len(words) > MIN_NAME_CHARACTERS and (not candidate.doc or rng.random() < 0.3):
        queries.append(rng.choice([words, words, candidate.name, f"{words} {candidate.language}"]))
    if candidate.tests:
        queries.append(_test_words(rng.choice(candidate.tests)))
    if candidate.language != "prose" and rng.random() < 0.06:
        queries.append(candidate.body.strip().split("\n")[0].strip(" {:=")[:150])
    error = _ERROR.search(candidate.body) if candidate.language != "prose" else None
    if error and rng.random() < 0.5:
        message = " ".join(_PLACEHOLDER.sub(" ", error.group(1)).split())
        if len(message.split()) >= 3 and message.isascii():
            queries.append(message)
    return queries


def passage_for(candidate: Candidate, rng: random.Random) -> str:
    """The text to be found: mostly with its doc comment, as an index has it, else without."""
    return candidate.whole if rng.random() < 0.6 else candidate.body


def _test_words(name: str) -> str:
    """`test_split_keeps_order` -> `split keeps order`."""
    return re.sub(r"^(?:test|should) ", "", split_identifiers(name).strip().lower())


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
