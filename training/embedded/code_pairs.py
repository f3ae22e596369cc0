"""(doc comment, definition) candidates from languages other than Python.

Definitions are found by their first line and end where the indentation returns to theirs. That
errs now and then, which training forgives; it needs no grammar and reads 17 languages.
"""
from __future__ import annotations

import re
from typing import Iterator

from .candidates import MAX_CHARACTERS, Candidate, first_sentences

LANGUAGES: dict[str, str] = {
    "js": "javascript", "ts": "typescript", "tsx": "typescript", "go": "go", "java": "java",
    "rs": "rust", "c": "c", "h": "c", "cc": "c++", "cpp": "c++", "hpp": "c++", "cs": "c#",
    "rb": "ruby", "php": "php", "kt": "kotlin", "swift": "swift", "scala": "scala",
    "ex": "elixir", "exs": "elixir", "lua": "lua", "sh": "bash", "zsh": "bash",
    "hs": "haskell", "zig": "zig",
}

_MODIFIERS = (
    r"(?:(?:export|default|public|private|protected|internal|static|async|final|override|abstract|open"
    r"|inline|pub(?:\([^)]*\))?|unsafe|const|virtual|suspend|fileprivate|sealed|local|extern|data|case"
    r"|implicit|lazy)\s+)*"
)
_KEYWORDS = (
    r"func|function|fn|fun|defp?|class|struct|enum|interface|trait|impl|type|module|object|protocol"
    r"|extension|namespace|defmodule"
)
_DEFINITION = re.compile(
    rf"^\s{{0,8}}{_MODIFIERS}(?:(?:{_KEYWORDS})\b|[\w<>\[\],*&:]+\s+[*]*[\w:~]+\s*\([^;]*$)")
_NAME = re.compile(
    rf"(?:{_KEYWORDS})(?:\s*\([^)]*\))?\s+([A-Za-z_][\w.]*)|([A-Za-z_]\w*)\s*\(")
_COMMENT = re.compile(r"^\s*(?:///?!?|/\*\*?|\*/?|#(?!\[)|--+\|?|@doc|%)\s?")
_ANNOTATION = re.compile(r"^\s*(?:@|\[|#\[)")
_DOC_TAG = re.compile(r"@\w+|:param|```|\\param|<")
_CONTINUES = ("end", "|", "=", "where", "else", "{", "then", "->", ")", "}", "]", ">")

MAX_LINES = 60
MAX_DOC_LINES = 25
MIN_BODY_CHARACTERS = 100
MIN_DOC_WORDS = 4


def code_candidates(text: str, language: str) -> Iterator[Candidate]:
    """Definitions of a source file in order, outer ones of a size that can be learned from."""
    lines = text.split("\n")
    at = 0
    while at < len(lines):
        if not _starts_definition(lines[at]):
            at += 1
            continue
        end = _end_of_block(lines, at)
        start = _start_of_doc(lines, at)
        doc = _doc_text([line for line in lines[start:at] if _COMMENT.match(line)])
        body = "\n".join(lines[at:end]).rstrip()
        whole = "\n".join(lines[start:end]).rstrip()
        if len(body) > MIN_BODY_CHARACTERS and end - at > 2:
            usable = len(doc.split()) >= MIN_DOC_WORDS and doc.isascii()
            yield Candidate(doc if usable else "", body[:MAX_CHARACTERS], whole[:MAX_CHARACTERS],
                            _name(lines[at]), language)
        # Step over a small block; step into a large one, for the definitions inside it.
        at = end if end - at < 40 else at + (end - at) // 2


def _starts_definition(line: str) -> bool:
    return bool(0 < len(line.strip()) and len(line) < 200
                and not _COMMENT.match(line) and _DEFINITION.match(line))


def _end_of_block(lines: list[str], start: int) -> int:
    """The line after the block that starts at `start`, at most MAX_LINES away."""
    indent = _indent(lines[start])
    end = start + 1
    while end < len(lines) and end - start < MAX_LINES:
        line = lines[end]
        if line.strip() and _indent(line) <= indent and not line.strip().startswith(_CONTINUES):
            break
        end += 1
    return end


def _start_of_doc(lines: list[str], definition: int) -> int:
    start = definition
    while start > 0 and definition - start < MAX_DOC_LINES and (
            _COMMENT.match(lines[start - 1]) or _ANNOTATION.match(lines[start - 1])):
        start -= 1
    return start


def _doc_text(comment: list[str]) -> str:
    plain = (_COMMENT.sub("", line).replace("*/", "").strip() for line in comment)
    joined = " ".join(line for line in plain if not _DOC_TAG.match(line))
    return first_sentences(re.sub(r"</?\w+[^>]*>", " ", joined))


def _name(line: str) -> str:
    match = _NAME.search(line)
    return (match.group(1) or match.group(2)) if match else ""


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
