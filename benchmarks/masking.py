"""How much of the personal data in labelled texts is masked, and what it takes: `python benchmarks/masking.py [PART]`.

Found: the whole of a labelled piece is masked, under whatever kind. Precise: a masked piece lies on a labelled one.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from pathlib import Path

from replyguide.drafting.masking import Found, personal_data

CASES = Path(__file__).resolve().parents[1] / "evals"


def main() -> None:
    """Print a line a kind."""
    part = sys.argv[1] if len(sys.argv) > 1 else "test"
    cases = [json.loads(line) for line in (CASES / f"personal.{part}.jsonl").read_text("utf-8").splitlines()]
    labelled: Counter[str] = Counter()
    found: Counter[str] = Counter()
    told: Counter[str] = Counter()
    right: Counter[str] = Counter()
    spent = 0.0
    for case in cases:
        started = time.perf_counter()
        masked = personal_data(case["text"])
        spent += time.perf_counter() - started
        wanted = [Found(one["kind"], one["start"], one["end"]) for one in case["personal"]]
        for one in wanted:
            labelled[one.kind] += 1
            hidden = {at for other in masked for at in range(other.start, other.end)}
            is_found = set(range(one.start, one.end)) <= hidden
            found[one.kind] += is_found
            if not is_found:
                print(f"missed {one.kind}: {case['text'][one.start : one.end]} in {case['text']}")
        for one in masked:
            told[one.kind] += 1
            is_right = any(one.start < other.end and other.start < one.end for other in wanted)
            right[one.kind] += is_right
            if not is_right:
                print(f"nothing personal ({one.kind}): {case['text'][one.start : one.end]} in {case['text']}")
    for kind in sorted(labelled | told):
        print(f"{kind:9} found {found[kind]}/{labelled[kind]}  precise {right[kind]}/{told[kind]}")
    print(f"all       found {found.total()}/{labelled.total()}  precise {right.total()}/{told.total()}")
    print(f"{spent / len(cases) * 1000:.3f} ms a text, {len(cases)} texts")


if __name__ == "__main__":
    main()
