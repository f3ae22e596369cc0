"""The list of repositories that the pairs come from, and the rules that each must pass."""
from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from .folders import TRAINING

SOURCES = TRAINING / "data" / "sources.json"

PERMISSIVE = frozenset({
    "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BSL-1.0", "Biopython", "ISC", "MIT", "MPL-2.0",
    "MPL-2.0 AND MIT",
})

_LICENCE_TEXTS: tuple[tuple[str, str], ...] = (
    # The first pattern that matches names the licence, so copyleft comes first.
    (r"gnu (lesser|library|affero)|lgpl|agpl", "LGPL-or-AGPL"),
    (r"gnu general public license", "GPL"),
    (r"apache license,? version 2|apache\.org/licenses/license-2\.0", "Apache-2.0"),
    (r"boost software license", "BSL-1.0"),
    (r"biopython license agreement", "Biopython"),
    (r"permission is hereby granted, free of charge", "MIT"),
    (r"mozilla public license|mpl-2\.0", "MPL-2.0"),
    (r"permission to use, copy, modify, and/?(or)? distribute", "ISC"),
    (r"redistribution and use in source and binary forms.*neither the name", "BSD-3-Clause"),
    (r"redistribution and use in source and binary forms", "BSD-2-Clause"),
    (r"bsd-3-clause|3-clause bsd|bsd 3-clause", "BSD-3-Clause"),
)


@dataclass(frozen=True)
class Source:
    """One repository at one commit. `language` is the one that most of it is written in."""

    repo: str
    url: str
    commit: str
    licence: str
    language: str

    @property
    def folder(self) -> str:
        return self.repo.replace("/", "+")


def identify_licence(text: str) -> str:
    """SPDX identifier of a licence text, or "unknown"."""
    flat = re.sub(r"\s+", " ", text[:20_000]).lower()
    return next((name for pattern, name in _LICENCE_TEXTS if re.search(pattern, flat)), "unknown")


def excluded(repo: str, listed: list[str]) -> bool:
    """Whether `owner/name` is a listed repository, or by its name a fork of one."""
    repo = repo.lower()
    owner_name = re.sub(r"[^a-z0-9]", "", repo)
    name = repo.split("/")[-1]
    for entry in (line.lower() for line in listed):
        if repo == entry or name == entry.split("/")[-1]:
            return True
        if owner_name.endswith(re.sub(r"[^a-z0-9]", "", entry)):
            return True
    return False


def load_sources(not_for_training: Path) -> list[Source]:
    """
    All sources. `not_for_training` lists repositories that results are measured on, `owner/name` a line.
    Raises ValueError that names the first source which breaks a rule.
    """
    listed = not_for_training.read_text().split()
    sources = [Source(**entry) for entry in json.loads(SOURCES.read_text())]
    for source in sources:
        if excluded(source.repo, listed):
            raise ValueError(f"{source.repo}: named in {not_for_training.name}, or a fork of one")
        if source.licence not in PERMISSIVE:
            raise ValueError(f"{source.repo}: licence {source.licence} is not permissive")
    return sources
