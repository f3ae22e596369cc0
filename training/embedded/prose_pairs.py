"""(headings, section) candidates from Markdown and reStructuredText."""
from __future__ import annotations

import re
from typing import Iterator

from .candidates import MAX_CHARACTERS, Candidate

_MARKDOWN_HEADING = re.compile(r"^(#{1,4}) +(.+)$", re.M)
_RST_HEADING = re.compile(r"^(.+)\n([=\-~^\"'*+#]{4,})\n", re.M)
_NO_QUERY = re.compile(r"\d+\.\d+|changelog|licen[sc]e|release", re.I)
MIN_CHARACTERS = 120


def prose_candidates(text: str, extension: str) -> Iterator[Candidate]:
    """Sections with a heading that could be asked for; release notes and licences are left out."""
    for headings, section in (_markdown(text) if extension == "md" else _rst(text)):
        query = " ".join(headings[-2:])
        if len(section) > MIN_CHARACTERS and len(query) > 5 and query.isascii() \
                and not _NO_QUERY.search(query):
            passage = f"{headings[-1]}\n\n{section}"[:MAX_CHARACTERS]
            yield Candidate(query, passage, passage, "", "prose")


def _markdown(text: str) -> Iterator[tuple[list[str], str]]:
    """(headings from the outermost in, text below) of each section."""
    parts = _MARKDOWN_HEADING.split(text)
    headings: list[str] = []
    for marks, title, below in zip(parts[1::3], parts[2::3], parts[3::3]):
        headings = [*headings[: len(marks) - 1], title.strip(" #`")]
        yield headings, below.strip()


def _rst(text: str) -> Iterator[tuple[list[str], str]]:
    parts = _RST_HEADING.split(text)
    for title, below in zip(parts[1::3], parts[3::3]):
        yield [title.strip()], below.strip()
