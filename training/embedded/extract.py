"""Step 2: (query, passage) pairs from the fetched repositories, as JSON lines.

Each line: {"query", "passage", "repository", "language"}. No repository gives more than its share,
no passage comes twice, and nothing that equals a function of the evaluation corpus goes in.
"""
from __future__ import annotations

import hashlib
import io
import json
import multiprocessing
import random
import re
import subprocess
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Iterator

from .candidates import Candidate
from .code_pairs import LANGUAGES, code_candidates
from .folders import Folders, add_not_for_training, arguments
from .prose_pairs import prose_candidates
from .python_pairs import code_fingerprint, python_candidates
from .queries import passage_for, queries_for
from .sources import Source, load_sources
from .test_names import test_names, with_tests

_NOT_WRITTEN_HERE = re.compile(
    r"vendor|third[-_]?party|3rdparty|node_modules|submodules|(?:^|/)(?:deps|extern|externals?|contrib)/"
    r"|\.min\.|changelog|generated|/dist/", re.I)
MAX_FILE_BYTES = 400_000
MAX_PER_TEST_FILE = 2
MAX_DOCUMENTED, MAX_BARE, MAX_PROSE = 900, 250, 150  # of each repository


def main() -> None:
    parser = arguments(__doc__)
    add_not_for_training(parser)
    parser.add_argument("--evaluation", type=Path, help="BEIR folder whose corpus must stay out")
    parser.add_argument("--jobs", type=int, default=2)
    args = parser.parse_args()
    folders = Folders(args.work)
    held_out = _fingerprints(args.evaluation) if args.evaluation else frozenset()
    seen: set[bytes] = set()
    counts: Counter[str] = Counter()
    read = partial(candidates_of, folders.repositories)
    with multiprocessing.Pool(args.jobs) as pool, folders.pairs.open("w") as out:
        for source, candidates in pool.imap(read, load_sources(args.not_for_training)):
            rng = random.Random(source.repo)
            for candidate in candidates:
                key = hashlib.md5(re.sub(r"\s+", "", candidate.body).encode()).digest()
                if key in seen or _held_out(candidate, held_out):
                    continue
                seen.add(key)
                passage = passage_for(candidate, rng)
                for query in queries_for(candidate, rng):
                    counts[candidate.language] += 1
                    out.write(json.dumps({"query": query, "passage": passage, "repository": source.repo,
                                          "language": candidate.language}) + "\n")
            print(f"{sum(counts.values()):8} pairs after {source.repo}", flush=True)
    print(dict(counts.most_common()))


def candidates_of(repositories: Path, source: Source) -> tuple[Source, list[Candidate]]:
    """A source's candidates, shuffled, each kind cut to its share."""
    found: list[Candidate] = []
    tests: set[str] = set()
    rng = random.Random(source.commit)
    for name, text in _files(repositories / source.folder, source.commit):
        extension, is_test = name.rsplit(".", 1)[-1], "test" in name.lower()
        if is_test:
            tests.update(test_names(text))
        if extension == "py":
            found += python_candidates(text, is_test)
        elif extension in LANGUAGES:
            definitions = list(code_candidates(text, LANGUAGES[extension]))
            found += rng.sample(definitions, min(len(definitions), MAX_PER_TEST_FILE)) if is_test else definitions
        elif extension in ("md", "rst"):
            found += prose_candidates(text, extension)
    found = with_tests(found, tests)
    rng.shuffle(found)
    prose = [c for c in found if c.language == "prose"][:MAX_PROSE]
    documented = [c for c in found if c.doc and c.language != "prose"][:MAX_DOCUMENTED]
    bare = [c for c in found if not c.doc][:MAX_BARE]
    return source, documented + bare + prose


def _files(repository: Path, commit: str) -> Iterator[tuple[str, str]]:
    """(path, text) of the commit's UTF-8 files that people wrote; blobs that are not there are skipped."""
    listing = subprocess.run(["git", "-C", str(repository), "ls-tree", "-r", "-l", "-z", commit],
                             capture_output=True, check=True).stdout.decode(errors="replace")
    wanted: list[tuple[str, str]] = []
    for line in filter(None, listing.split("\0")):
        about, path = line.split("\t", 1)
        _, kind, blob, size = about.split()
        extension = path.rsplit(".", 1)[-1]
        if (kind == "blob" and size.isdigit() and int(size) <= MAX_FILE_BYTES
                and (extension in ("py", "md", "rst") or extension in LANGUAGES)
                and not _NOT_WRITTEN_HERE.search(path)):
            wanted.append((path, blob))
    for (path, _), content in zip(wanted, _blobs(repository, [blob for _, blob in wanted])):
        try:
            yield path, content.decode()
        except UnicodeDecodeError:
            continue


def _blobs(repository: Path, names: list[str]) -> Iterator[bytes]:
    """Contents of the blobs, in order; b"" for one that the repository lacks."""
    answer = io.BytesIO(subprocess.run(["git", "-C", str(repository), "cat-file", "--batch"],
                                       input="\n".join(names).encode(), capture_output=True, check=True).stdout)
    for _ in names:
        header = answer.readline().split()
        if header[-1] == b"missing":
            yield b""
        else:
            yield answer.read(int(header[-1]))
            answer.read(1)


def _fingerprints(evaluation: Path) -> frozenset[bytes]:
    documents = (json.loads(line) for line in (evaluation / "corpus.jsonl").open())
    prints = (code_fingerprint(document["text"]) for document in documents)
    return frozenset(p for p in prints if p is not None)


def _held_out(candidate: Candidate, held_out: frozenset[bytes]) -> bool:
    return candidate.language == "python" and code_fingerprint(candidate.whole) in held_out


if __name__ == "__main__":
    main()
