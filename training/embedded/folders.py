"""Where the pipeline reads and writes; every command takes these as arguments."""
from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

TRAINING = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Folders:
    """The work folder (git-ignored, many gigabytes) and what lies in it."""

    work: Path

    @property
    def repositories(self) -> Path:
        """One bare git repository each, named `owner+name`."""
        return self.work / "repositories"

    @property
    def teacher(self) -> Path:
        """The teacher's checkpoint: config.json, tokenizer.json, model.safetensors."""
        return self.work / "teacher"

    @property
    def pairs(self) -> Path:
        return self.work / "pairs.jsonl"

    @property
    def table(self) -> Path:
        """Checkpoint after the table step."""
        return self.work / "table.pt"

    @property
    def heir(self) -> Path:
        """Checkpoint after the inherit step."""
        return self.work / "heir.pt"

    @property
    def student(self) -> Path:
        """Checkpoint that distillation writes and resumes from."""
        return self.work / "student.pt"

    def vectors(self, side: str) -> Path:
        """Teacher's vectors of `side` ("queries" or "passages"), float16 [n, 384]."""
        return self.work / f"teacher-{side}.npy"


def arguments(description: str | None) -> argparse.ArgumentParser:
    """A parser that knows `--work`; commands add their own arguments to it."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--work", type=Path, default=TRAINING / "work", help="work folder")
    return parser


def add_not_for_training(parser: argparse.ArgumentParser) -> None:
    """The list of repositories that nothing may be learned from: those that results are measured on."""
    parser.add_argument("--not-for-training", type=Path, required=True, metavar="FILE",
                        help="repositories to refuse, owner/name a line")
