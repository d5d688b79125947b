"""Replies a second: a batch of many through the command line and in one process, beside a bare word list.

    python benchmarks/batch.py [REPLIES]

The replies, with their questions and contexts, are those of the dev part of `evals/`, over and over. The command line
is the real one, a process of its own with a file as its batch, and has to answer every line in order. All runs on two
cores and takes turns, so that whatever else the machine does hits all of it.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from itertools import cycle, islice
from pathlib import Path

from machine import conditions, table
from warm import REPLY_LENGTH, replies, timed, word_list

from replyguide import Checker, Context, load_checker
from replyguide.evals.cases import ReplyCase, read_replies
from replyguide.evals.metrics import percentile
from replyguide.resources import shelf

SOURCE = Path(__file__).resolve().parent.parent / "src"
PACKAGES = ("replyguide", "ahocorasick-rs", "pyahocorasick")
ROUNDS = 3
LENGTHS = (100, 1_000, 10_000, 100_000)
SINGLE_CHECKS = 1_000


def batch_line(number: int, case: ReplyCase) -> str:
    """Return a case as a line of a batch."""
    context = case.context.model_dump(exclude_defaults=True)
    request = {"id": f"{number}-{case.id}", "reply": case.reply, "question": case.question, "context": context}
    return json.dumps(request, ensure_ascii=False)


def through_the_command_line(batch: Path, data_dir: Path) -> Callable[[], object]:
    """Return a run of `replyguide check --batch FILE` that answers every line of the batch, in order."""
    command = [sys.executable, "-m", "replyguide", "check", "--batch", str(batch), "--data-dir", str(data_dir)]
    asked = [json.loads(line)["id"] for line in batch.read_text("utf-8").splitlines()]

    def run() -> None:
        surroundings = {**os.environ, "PYTHONPATH": str(SOURCE)}
        done = subprocess.run(command, env=surroundings, capture_output=True, check=True)
        assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == asked

    return run


def seconds(call: Callable[[], object]) -> float:
    """Return what one call takes."""
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def throughput(checker: Checker, cases: Sequence[ReplyCase]) -> list[list[str]]:
    """Return a row a way of going through all replies: the median of the rounds, which take turns."""
    judged = [(case.reply, case.full_context()) for case in cases]
    texts, listed = [case.reply for case in cases], word_list(checker)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        batch = Path(folder) / "batch.jsonl"
        batch.write_text("".join(f"{batch_line(*one)}\n" for one in enumerate(cases)), "utf-8")
        ways: dict[str, Callable[[], object]] = {
            "`replyguide check --batch`, whole process": through_the_command_line(batch, Path(folder) / "data"),
            "`Checker.check`": lambda: [checker.check(reply, context) for reply, context in judged],
            "word list (pyahocorasick)": lambda: [listed(text) for text in texts],
        }
        spent: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(ROUNDS + 1):
            for name, way in ways.items():
                spent[name].append(seconds(way))
    # The first round does not count: patterns compile, the packs' parsed form is put into its cache.
    middle = {name: statistics.median(rounds[1:]) for name, rounds in spent.items()}
    return [
        [name, f"{took:.2f}", f"{len(cases) / took:,.0f}", f"{took / len(cases) * 1000:.3f}"]
        for name, took in middle.items()
    ]


def single(checker: Checker) -> list[list[str]]:
    """Return the row of one reply of `REPLY_LENGTH` characters after another, and of the word list."""
    context, said = Context(question="有发票吗"), replies()
    ways = {
        f"check of {REPLY_LENGTH} characters": timed(lambda text: checker.check(text, context), said, SINGLE_CHECKS),
        "word list (pyahocorasick)": timed(word_list(checker), said, SINGLE_CHECKS),
    }
    return [
        [name, f"{percentile('', spent, 50).value:.3f}", f"{percentile('', spent, 95).value:.3f}"]
        for name, spent in ways.items()
    ]


def growth(checker: Checker) -> list[list[str]]:
    """Return a row a length of reply: the median of `ROUNDS` texts, of each the fastest of several checks."""
    text = "，".join(islice(cycle(replies()), max(LENGTHS) * (ROUNDS + 1) // REPLY_LENGTH))
    rows = []
    for length in LENGTHS:
        texts = [text[start : start + length] for start in range(0, length * ROUNDS, length)]
        took = statistics.median(
            min(seconds(lambda one=one: checker.check(one)) for _ in range(max(ROUNDS, 10_000 // length)))
            for one in texts
        )
        rows.append([f"{length:,}", f"{took * 1000:.2f}", f"{took / length * 1e6:.1f}"])
    return rows


def main(count: int) -> None:
    """Measure and print the tables."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:2])
    before = conditions(PACKAGES)
    checker = load_checker()
    cases = list(islice(cycle(read_replies(shelf("evals"), "dev")), count))
    length = statistics.mean(len(case.reply) for case in cases)
    print(f"{count:,} replies of {length:.0f} characters on average, {ROUNDS} rounds in turn. {before}\n")
    print(table(["way", "median s", "replies a second", "ms a reply"], throughput(checker, cases)))
    print(f"\nOne after another, {SINGLE_CHECKS:,} calls.\n")
    print(table(["step", "p50 ms", "p95 ms"], single(checker)))
    print("\nOne reply without context, by its length.\n")
    print(table(["characters", "ms", "µs a character"], growth(checker)))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
