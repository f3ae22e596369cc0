"""(docstring, function) pairs from Python sources, through the `ast` module."""
from __future__ import annotations

import ast
import hashlib
import re
import textwrap
from typing import Iterator

from .candidates import MAX_CHARACTERS, Candidate, first_sentences

_END_OF_SUMMARY = re.compile(r"\n\s*\n|\n\s*(?::param|@param|Args:|Parameters|Returns|>>>)")
MIN_DOC_WORDS = 3
MIN_BARE_CHARACTERS = 150

Function = ast.FunctionDef | ast.AsyncFunctionDef


def python_candidates(source: str, is_test: bool) -> Iterator[Candidate]:
    """Every function with a docstring, and those without one (not in tests) that are long enough.

    Sources that do not parse give nothing.
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError):
        return
    lines = source.split("\n")
    for node in ast.walk(tree):
        if not isinstance(node, Function) or node.end_lineno is None:
            continue
        if node.end_lineno - node.lineno < 2:
            continue
        whole = "\n".join(lines[node.lineno - 1 : node.end_lineno])
        doc = ast.get_docstring(node)
        if doc is None:
            if not is_test and not node.name.startswith("__") and len(whole) > MIN_BARE_CHARACTERS:
                yield Candidate("", whole[:MAX_CHARACTERS], whole[:MAX_CHARACTERS], node.name, "python")
            continue
        summary = first_sentences(_END_OF_SUMMARY.split(doc.strip())[0])
        if len(node.body) < 2 or len(summary.split()) < MIN_DOC_WORDS or not summary.isascii():
            continue
        start, end = node.body[0].lineno, node.body[0].end_lineno or node.body[0].lineno
        body = "\n".join(lines[node.lineno - 1 : start - 1] + lines[end : node.end_lineno])
        yield Candidate(summary, body[:MAX_CHARACTERS], whole[:MAX_CHARACTERS], node.name, "python")


def code_fingerprint(source: str) -> bytes | None:
    """Hash of a Python function without docstrings, comments and layout; None if it does not parse.

    Used to keep the functions of the evaluation corpus out of the training data.
    """
    try:
        tree = ast.parse(textwrap.dedent(source))
    except (SyntaxError, ValueError, RecursionError):
        return None
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.Pass()]
    return hashlib.md5(re.sub(r"\s+", "", ast.unparse(tree)).encode()).digest()
