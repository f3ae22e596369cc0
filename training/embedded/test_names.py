"""Which function a test is about, told by the two names alone."""
from __future__ import annotations

import re
from typing import Iterable, Iterator

from .candidates import Candidate

_TEST = re.compile(r"(?:def|func|fn|fun|function|void)\s+([Tt]est_?\w+)")
MAX_TESTS = 4
MIN_NAME_CHARACTERS = 5


def test_names(text: str) -> Iterator[str]:
    """Names of the tests that a source file defines, such as `test_parse_url` or `TestParseUrl`."""
    yield from _TEST.findall(text)


def with_tests(candidates: list[Candidate], tests: Iterable[str]) -> list[Candidate]:
    """The candidates, each with up to MAX_TESTS tests whose name begins with its name and says more."""
    by_name: dict[str, int] = {}
    for at, candidate in enumerate(candidates):
        if candidate.name and len(candidate.name) >= MIN_NAME_CHARACTERS:
            by_name.setdefault(_flat(candidate.name), at)
    found: dict[int, list[str]] = {}
    for test in sorted(set(tests)):
        flat = _flat(test).removeprefix("test")
        lengths = range(len(flat), MIN_NAME_CHARACTERS - 1, -1)
        longest = next((length for length in lengths if flat[:length] in by_name), len(flat))
        if longest < len(flat):
            found.setdefault(by_name[flat[:longest]], []).append(test)
    return [c._replace(tests=tuple(found[at][:MAX_TESTS])) if at in found else c
            for at, c in enumerate(candidates)]


def _flat(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
