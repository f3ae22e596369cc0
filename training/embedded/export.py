"""Step 7: the trained checkpoint as the folder that the product ships, with vectors to test against."""
from __future__ import annotations

import json
from pathlib import Path

import torch

from . import shipped
from .batches import encode
from .folders import TRAINING, Folders, arguments
from .model import NeoBert, NeoBertConfig
from .reference_texts import REFERENCE_TEXTS
from .text import load_tokenizer, token_ids

ROOT = TRAINING.parent


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--checkpoint", type=Path, help="default: student.pt of the work folder")
    parser.add_argument("--name", default="neosearch-embedded-v2")
    parser.add_argument("--out", type=Path, default=ROOT / "media" / "model")
    parser.add_argument("--reference", type=Path,
                        default=ROOT / "test" / "fixtures" / "embedded-reference.json")
    args = parser.parse_args()
    folders = Folders(args.work)
    saved = torch.load(args.checkpoint or folders.student, weights_only=True)
    model = NeoBert(NeoBertConfig(**saved.get("config", {})))
    model.load_state_dict(saved.get("mean") or saved["model"])
    shipped.write(args.out, model, args.name, folders.teacher / "tokenizer.json")
    write_reference(args.out, args.reference)
    print({file.name: file.stat().st_size for file in sorted(args.out.iterdir())})


def write_reference(folder: Path, path: Path) -> None:
    """Vectors of the shipped (quantised) model in float32 arithmetic, for other implementations."""
    ids = token_ids(load_tokenizer(folder), REFERENCE_TEXTS, 4096)
    vectors = encode(shipped.read(folder), ids, tokens=1)
    rows = [[round(value, 6) for value in row] for row in vectors.tolist()]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"texts": REFERENCE_TEXTS, "vectors": rows}, ensure_ascii=False) + "\n",
                    encoding="utf-8")


if __name__ == "__main__":
    main()
