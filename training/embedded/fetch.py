"""Step 1: fetch each source at its commit into a bare repository of the work folder."""
from __future__ import annotations

import subprocess
from pathlib import Path

from .folders import Folders, add_not_for_training, arguments
from .sources import Source, load_sources


def main() -> None:
    parser = arguments(__doc__)
    add_not_for_training(parser)
    args = parser.parse_args()
    folders = Folders(args.work)
    folders.repositories.mkdir(parents=True, exist_ok=True)
    sources = load_sources(args.not_for_training)
    failed = [s.repo for s in sources if not fetch(s, folders.repositories / s.folder)]
    if failed:
        raise SystemExit(f"not fetched (run again to retry): {', '.join(failed)}")


def fetch(source: Source, folder: Path) -> bool:
    """Make sure that `folder` has the source's commit. One commit deep, so it stays small."""
    if folder.exists() and _git(folder, "cat-file", "-e", f"{source.commit}^{{tree}}"):
        return True
    folder.mkdir(exist_ok=True)
    print(source.repo, flush=True)
    return _git(folder, "init", "--quiet", "--bare") and _git(
        folder, "fetch", "--quiet", "--depth", "1", source.url, source.commit)


def _git(folder: Path, *args: str) -> bool:
    return subprocess.run(["git", "-C", str(folder), *args], check=False).returncode == 0


if __name__ == "__main__":
    main()
