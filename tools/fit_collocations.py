"""Write checker/disguise/collocations.txt: `python tools/fit_collocations.py` (needs jieba's dictionary).

What stands side by side in what agents write, counted in the packs' words and examples and in the undisguised dev
cases, and the ordinary Chinese words of two characters from jieba's dictionary (MIT). The counts are fitted, not
derived: they need no new run for every new example, only when the packs take up another subject.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from importlib.metadata import distribution
from math import log2
from pathlib import Path

import yaml

from replyguide.sounds import sounds

ROOT = Path(__file__).resolve().parents[1]
PACKS = ROOT / "src" / "replyguide" / "checker" / "packs"
TABLE = ROOT / "src" / "replyguide" / "checker" / "disguise" / "collocations.txt"
START = "^"  # stands for whatever is no character: `^加` begins a clause, `哦^` ends one
_RUN = re.compile("[一-龥]+")
_WORDS = 20_000  # below lie names and chance pairs
_RARER_WORDS = 60_000
_A_WORD_COUNTS = 3  # times: a word of a pack is written once and said often


def texts() -> Iterator[str]:
    """Yield what is counted."""
    for path in sorted(PACKS.rglob("*.yaml")):
        document = yaml.safe_load(path.read_text("utf-8"))
        for section in ("objects", "words"):
            for entries in (document.get(section) or {}).values():
                yield from (
                    str(entry) for entry in entries if not str(entry).startswith("/") for _ in range(_A_WORD_COUNTS)
                )
        yield from (str(term) for term in document.get("key_terms") or () for _ in range(_A_WORD_COUNTS))
        for rule in document.get("rules") or []:
            yield from (text for group in rule.get("examples", {}).values() for entry in group for text in _said(entry))
    for line in (ROOT / "evals" / "replies.dev.jsonl").read_text("utf-8").splitlines():
        case = json.loads(line)
        if case["style"] != "disguise":
            yield from (case["reply"], case["question"])
    for line in (ROOT / "evals" / "questions.dev.jsonl").read_text("utf-8").splitlines():
        yield json.loads(line)["question"]


def _said(example: str | dict[str, str]) -> tuple[str, ...]:
    return (example,) if isinstance(example, str) else (example["reply"], example.get("question", ""))


def ordinary_words() -> list[str]:
    """Return the frequent words of two characters in jieba's dictionary, and rarer ones that sound like key terms."""
    listed = [line.split(" ") for line in _dictionary().read_text("utf-8").splitlines()]
    words = [(int(count), word) for word, count, *_ in listed if len(word) == 2 and _RUN.fullmatch(word)]
    ranked = [word for _, word in sorted(words, reverse=True)]
    of = sounds().of
    key = key_terms()
    terms = {term.translate(of) for term in key}
    firsts, lasts = {term[0] for term in terms}, {term[-1] for term in terms}
    rarer = (
        word
        for word in ranked[_WORDS:_RARER_WORDS]
        if word.translate(of)[-1] in firsts or word.translate(of)[0] in lasts
    )
    alike = (word for word in ranked if word.translate(of) in terms and word not in key)
    return sorted({*ranked[:_WORDS], *rarer, *alike})


def key_terms() -> set[str]:
    """Return the key terms of all packs."""
    documents = [yaml.safe_load(path.read_text("utf-8")) for path in sorted(PACKS.rglob("*.yaml"))]
    return {str(term) for document in documents for term in document.get("key_terms") or ()}


def _dictionary() -> Path:
    return Path(str(distribution("jieba").locate_file("jieba/dict.txt")))


def main() -> None:
    """Write three lines: the ordinary words, the pairs that agents write, and for each pair how often (log2)."""
    pairs: Counter[str] = Counter()
    for text in texts():
        for run in _RUN.findall(text.replace("[[", "").replace("]]", "")):
            bounded = f"{START}{run}{START}"
            pairs.update(bounded[at : at + 2] for at in range(len(bounded) - 1))
    kept = sorted(pair for pair, count in pairs.items() if count > 1)
    weights = "".join(str(min(int(log2(pairs[pair])), 9)) for pair in kept)
    words = ordinary_words()
    TABLE.write_text("\n".join(("".join(words), "".join(kept), weights, "")), encoding="utf-8")
    print(f"{TABLE.name}: {len(kept)} pairs, {len(words)} words")


if __name__ == "__main__":
    main()
