"""Retrieval measured on a data set in BEIR layout, such as CoSQA's."""
from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from .batches import encode
from .model import NeoBert
from .text import token_ids

WINDOW = 512


@dataclass(frozen=True)
class Dataset:
    """relevant: for each query its documents' row numbers."""

    documents: list[str]
    queries: list[str]
    relevant: list[frozenset[int]]


def load_beir(folder: Path, split: str) -> Dataset:
    """Queries of the split that have a relevant document. A document is its title, a newline, its text."""
    documents = [json.loads(line) for line in (folder / "corpus.jsonl").open()]
    row = {document["_id"]: number for number, document in enumerate(documents)}
    text = {q["_id"]: q["text"] for q in map(json.loads, (folder / "queries.jsonl").open())}
    relevant: dict[str, set[int]] = {}
    for line in (folder / "qrels" / f"{split}.tsv").read_text().splitlines()[1:]:
        query, document, grade = line.split("\t")
        if int(grade) > 0:
            relevant.setdefault(query, set()).add(row[document])
    return Dataset([f"{d['title']}\n{d['text']}" for d in documents],
                   [text[query] for query in relevant], [frozenset(r) for r in relevant.values()])


def score(model: NeoBert, tokenizer: Tokenizer, dataset: Dataset, bfloat16: bool = False) -> dict[str, float]:
    """Means over the queries of NDCG@10, MRR@10 and recall@100, by cosine alone."""
    documents = encode(model, token_ids(tokenizer, dataset.documents, WINDOW), bfloat16).numpy()
    queries = encode(model, token_ids(tokenizer, dataset.queries, WINDOW), bfloat16).numpy()
    order = np.argsort(-(queries @ documents.T), axis=1, kind="stable")[:, :100]
    ndcg, mrr, recall = [], [], []
    for ranked, relevant in zip(order, dataset.relevant):
        found = np.array([document in relevant for document in ranked])
        gain = 1 / np.log2(np.arange(2, 12))
        ndcg.append((found[:10] * gain).sum() / gain[: len(relevant)].sum())
        mrr.append(next((1 / (at + 1) for at in range(10) if found[at]), 0.0))
        recall.append(found.sum() / len(relevant))
    return {"ndcg@10": round(float(np.mean(ndcg)), 4), "mrr@10": round(float(np.mean(mrr)), 4),
            "recall@100": round(float(np.mean(recall)), 4)}
