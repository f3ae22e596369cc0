"""Step 7: the shipped model's scores, and the report on how it was made."""
from __future__ import annotations

import hashlib
import json
from collections import Counter
from pathlib import Path

import torch

from . import shipped
from .cosqa import load_beir, score
from .export import ROOT
from .folders import TRAINING, Folders, arguments
from .text import load_tokenizer

COLUMNS = ["step", "tokens", "total", "cosine", "ranking", "contrast", "tokens' states"]
"""What a row of a student's history says; only `follow_states` compares states."""


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--model", type=Path, default=ROOT / "media" / "model")
    parser.add_argument("--evaluation", type=Path, required=True, help="BEIR folder")
    parser.add_argument("--report", type=Path, default=TRAINING / "reports" / "embedded-v2.json")
    args = parser.parse_args()
    weights = (args.model / "model.safetensors").read_bytes()
    report: dict[str, object] = {
        "sha256": hashlib.sha256(weights).hexdigest(),
        "bytes": {file.name: file.stat().st_size for file in sorted(args.model.iterdir())},
        "scores": {"cosqa-dev, quantised, dense": score(
            shipped.read(args.model), load_tokenizer(args.model), load_beir(args.evaluation, "dev"))},
    }
    report |= training_facts(Folders(args.work))
    args.report.write_text(json.dumps(report, indent=1) + "\n")
    print(report["scores"])


def training_facts(folders: Folders) -> dict[str, object]:
    """Steps, tokens and losses of the student, and pairs by language, as far as they are there."""
    facts: dict[str, object] = {}
    if folders.student.exists():
        saved = torch.load(folders.student, weights_only=True)
        facts |= {"steps": saved["step"], "tokens": saved["tokens"],
                  "losses": {"columns": COLUMNS[:len(saved["history"][0])], "rows": saved["history"]}}
    if folders.pairs.exists():
        languages = Counter(json.loads(line)["language"] for line in folders.pairs.open())
        facts["pairs"] = dict(languages.most_common())
    return facts


if __name__ == "__main__":
    main()
