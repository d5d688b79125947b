"""Measure the numbers in `index/ranking.py` and `index/search.py` on the dev questions: `python tools/fit_search.py`.

Prints the weights that rank the right topic first most often without the topic model, then, for the weights in use and
with it, the logistic function that tells what a rule covers from what none does. Needs the `all` extra (scikit-learn).
It changes nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from replyguide.evals.cases import QuestionCase, read_questions
from replyguide.index import open_index
from replyguide.index.ranking import Weights
from replyguide.index.reading import read_texts
from replyguide.settings import read_settings

CASES = Path(__file__).resolve().parents[1] / "evals"
SHOWN = 8

Scores = NDArray[np.float64]


def figures(scores: Scores, topics: NDArray[np.str_], cases: Sequence[QuestionCase]) -> tuple[float, float, float]:
    """Return hit@1, hit@3 and MRR by topic for the rules' scores."""
    ranks = []
    for row, case in zip(scores, cases, strict=True):
        in_order = topics[np.argsort(-row)]
        ranks.append(1 + next(place for place, topic in enumerate(in_order) if topic in case.topics))
    ranked = np.array(ranks)
    return float(np.mean(ranked == 1)), float(np.mean(ranked <= 3)), float(np.mean(1 / ranked))


def main() -> None:
    """Print both tables."""
    index = open_index(read_settings({}))
    if index._rules is None:
        sys.exit("the index holds no rules")
    ranking = index._rules._ranking
    cases = read_questions(CASES, "dev")
    topics = np.array([rule.topic for rule in index.rules])
    asked = read_texts([case.question for case in cases], index.embedder)
    scored = ranking.scored(asked)
    covered = np.array([bool(case.topics) for case in cases])

    lines = []
    for weights in (Weights(), *grid()):
        scores = scored.fused(weights)[covered, : len(topics)]
        lines.append((*figures(scores, topics, [case for case in cases if case.topics]), weights))
    for first, three, reciprocal, weights in (lines[0], *sorted(lines[1:], key=lambda line: -line[2])[:SHOWN]):
        print(f"hit@1 {first:.3f}  hit@3 {three:.3f}  MRR {reciprocal:.3f}  {weights}")

    fused = index._rules.scores(asked)
    best = np.stack([fused[:, : len(topics)].max(axis=1), fused[:, len(topics) :].max(axis=1)], axis=1)
    fit = LogisticRegression(C=1e4, class_weight="balanced", max_iter=10_000).fit(best, covered)
    told = fit.predict(best)
    print(f"slopes {fit.coef_[0]}, offset {fit.intercept_[0]:.2f}")
    print(f"covered: {np.mean(told[covered]):.3f} of {covered.sum()}")
    print(f"not covered: {np.mean(~told[~covered]):.3f} of {(~covered).sum()}")


def grid() -> Iterator[Weights]:
    """Yield weights in steps of 0.05."""
    for rule, passage in product(range(2, 13), range(7)):
        yield Weights(rule / 20, passage / 20, (20 - rule - passage) / 20)


if __name__ == "__main__":
    main()
