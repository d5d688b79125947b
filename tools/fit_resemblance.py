"""Fit the second layer of the checker: `python tools/fit_resemblance.py` writes `src/replyguide/checker/learned/`.

Learns from the packs' own examples, the labelled replies of `evals/` (train and dev, never test) and, as good replies,
the corpus's approved wording. First it holds out one author after the other, prints what the layer adds to the rules
and what it costs in false alarms, and takes its cut-offs from there. Needs the `all` extra (scikit-learn).
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from lessons import Lesson, digest_of, lessons
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.feature_extraction import DictVectorizer
from sklearn.svm import LinearSVC

from replyguide.checker.checking import Checker
from replyguide.checker.language.reading import Reading
from replyguide.checker.likeness.ngrams import Window, question_grams, reply_grams, topic_grams, windows
from replyguide.checker.likeness.resemblance import QUESTION_SHARE, TOPIC_COUNTS, VIOLATIONS, WEIGHTS, length
from replyguide.checker.rules.loading import load_packs
from replyguide.context import Context
from replyguide.resources import learned_folder, packs_folder

SOFTNESS = 2.0  # of the support vector machine; between 1 and 3 nothing changes
RAREST = 2  # examples that must hold a run
# Of good replies that no rule flags, of authors held out. A model's draft is held to more: approved wording stands by.
FALSE_BLOCKS, FALSE_WARNS, FALSE_DRAFTS = 0.01, 0.025, 0.05
LIGHTEST = 20  # thousandths
SMOOTHING = 0.03  # of the topic counts
PAIRED = frozenset({"r-train-l1-", "r-train-l2-"})  # authors of minimal pairs

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class CutOffs:
    """The scores from which on a reply is blocked, warned of, and blocked if a model wrote it."""

    block: float
    warn: float
    draft: float


@dataclass(frozen=True, slots=True)
class Seen:
    """A window of a lesson: the lesson's number, and the question beside it, folded."""

    lesson: int
    window: Window
    question: str


class Fitting:
    """The lessons as a matrix: a row a window, a column a run of characters."""

    def __init__(self, taught: Sequence[Lesson], checker: Checker) -> None:
        self.taught = taught
        self.seen = [seen for number, lesson in enumerate(taught) for seen in _windows(number, lesson, checker)]
        self.owner = np.array([seen.lesson for seen in self.seen])
        self.violates = np.array([lesson.violates for lesson in taught])
        self.vectorizer = DictVectorizer(dtype=np.float32)
        matrix: csr_matrix = self.vectorizer.fit_transform([_features(seen) for seen in self.seen]).tocsr()
        holders = np.asarray((matrix > 0).sum(axis=0)).ravel()
        self.columns = np.flatnonzero(holders >= RAREST)
        self.matrix = matrix[:, self.columns]

    def fit(self, used: Flags) -> LinearSVC:
        """Fit on the lessons `used`; of a violation only the window that looks worst is one."""
        rows = used[self.owner]
        first = self._machine(rows)
        scores = first.decision_function(self.matrix)
        worst: dict[int, int] = {}
        for row in np.flatnonzero(rows & self.violates[self.owner]):
            owner = int(self.owner[row])
            if owner not in worst or scores[row] > scores[worst[owner]]:
                worst[owner] = int(row)
        chosen = rows & ~self.violates[self.owner]
        chosen[list(worst.values())] = True
        return self._machine(chosen)

    def scores(self, machine: LinearSVC) -> Numbers:
        """Return for every lesson the score of its worst window."""
        worst = np.full(len(self.taught), -np.inf)
        np.maximum.at(worst, self.owner, machine.decision_function(self.matrix))
        return worst

    def _machine(self, rows: Flags) -> LinearSVC:
        machine = LinearSVC(C=SOFTNESS, random_state=0)
        return machine.fit(self.matrix[rows], self.violates[self.owner][rows])


def _windows(number: int, lesson: Lesson, checker: Checker) -> list[Seen]:
    reading = Reading(lesson.reply, checker.packs.lexicon)
    question = Reading(lesson.question, checker.packs.lexicon).folded.text
    return [Seen(number, window, question) for window in windows(reading.clauses)]


def _features(seen: Seen) -> dict[str, float]:
    reply, asked = reply_grams(seen.window), question_grams(seen.question)
    scale = length(len(reply), len(asked))
    return {f"r{run}": 1 / scale for run in reply} | {f"q{run}": QUESTION_SHARE / scale for run in asked}


def held_out(fitting: Fitting) -> Numbers:
    """Score every lesson by a machine that has seen nothing of its author; not a number where that was not done.

    Some examples of the packs are replies of train and dev word for word, so what is held out goes by its text as well.
    """
    authors = np.array([lesson.author for lesson in fitting.taught])
    scores = np.full(len(authors), np.nan)
    for author in sorted(set(authors) - {"packs", "corpus"}):
        apart = authors == author
        unseen = {lesson.reply for lesson in fitting.taught if lesson.author == author}
        known = np.array([lesson.reply in unseen for lesson in fitting.taught])
        scores[apart] = fitting.scores(fitting.fit(~known))[apart]
    return scores


def report(fitting: Fitting, scores: Numbers, by_rule: Flags, cuts: CutOffs) -> None:
    """Print what the layer adds to the rules, of the good replies by whether they are halves of minimal pairs."""
    tried, bad, paired = ~np.isnan(scores), fitting.violates, _is_paired(fitting)
    groups = {
        "violations": tried & bad,
        "violations that the rules let through": tried & bad & ~by_rule,
        "good replies": tried & ~bad,
        "good replies of minimal pairs": tried & ~bad & paired,
        "other good replies": tried & ~bad & ~paired,
    }
    alike, draft = scores >= cuts.block, scores >= cuts.draft
    for name, chosen in groups.items():
        blocked = {"rules": by_rule, "the layer": alike, "either": by_rule | alike, "either, a draft": by_rule | draft}
        told = [f"by {judge} {_told(flags[chosen])}" for judge, flags in blocked.items()]
        print(
            f"{name}: blocked {', '.join(told)}, warned or blocked {_told((by_rule | (scores >= cuts.warn))[chosen])}"
        )


def _told(flags: Flags) -> str:
    return f"{flags.mean():.1%} ({flags.sum()}/{len(flags)})"


def _is_paired(fitting: Fitting) -> Flags:
    return np.array([lesson.author in PAIRED for lesson in fitting.taught])


def _is_blocked(checker: Checker, lesson: Lesson) -> bool:
    return checker.check(lesson.reply, Context.model_validate_json(lesson.context)).verdict == "block"


def cut_offs(fitting: Fitting, scores: Numbers, by_rule: Flags) -> CutOffs:
    """Choose the cut-offs by what they cost in good replies.

    The good halves of the minimal pairs do not count: they were written to look like violations word by word.
    """
    calm = ~np.isnan(scores) & ~fitting.violates & ~by_rule & ~_is_paired(fitting)
    good = scores[calm]
    block, warn, draft = (float(np.quantile(good, 1 - cost)) for cost in (FALSE_BLOCKS, FALSE_WARNS, FALSE_DRAFTS))
    return CutOffs(block, warn, draft)


def write(fitting: Fitting, cuts: CutOffs) -> None:
    """Fit on all lessons and write weights and known violations."""
    machine = fitting.fit(np.ones(len(fitting.taught), dtype=bool))
    names = fitting.vectorizer.get_feature_names_out()[fitting.columns]
    weights = {str(name): round(float(weight) * 1000) for name, weight in zip(names, machine.coef_[0], strict=True)}
    _save(
        WEIGHTS,
        {
            "inputs": digest_of(list(fitting.taught)),
            "offset": round(float(machine.intercept_[0]) * 1000),
            "block": round(cuts.block * 1000),
            "warn": round(cuts.warn * 1000),
            "draft": round(cuts.draft * 1000),
            "reply": _grouped({name[1:]: weight for name, weight in weights.items() if name[0] == "r"}),
            "question": _grouped({name[1:]: weight for name, weight in weights.items() if name[0] == "q"}),
        },
    )
    _save(TOPIC_COUNTS, _topic_counts(fitting))
    known: dict[str, list[tuple[str | None, str]]] = {}
    for lesson in fitting.taught:
        if lesson.violates and lesson.topics:
            known.setdefault(lesson.topics[0], []).append((lesson.rule, lesson.reply))
    _save(VIOLATIONS, known)
    print(f"{len(weights)} runs of {len(fitting.taught)} lessons, {sum(map(len, known.values()))} known violations")


def _save(name: str, data: dict[str, Any]) -> None:
    learned_folder().mkdir(exist_ok=True)
    (learned_folder() / name).write_text(json.dumps(data, ensure_ascii=False, indent=0) + "\n", "utf-8")


def _grouped(weights: dict[str, int]) -> dict[str, str]:
    """List the runs of each weight, without those that weigh next to nothing."""
    of_weight: dict[int, list[str]] = {}
    for run, weight in sorted(weights.items()):
        if abs(weight) >= LIGHTEST:
            of_weight.setdefault(weight, []).append(run)
    return {str(weight): "\t".join(runs) for weight, runs in sorted(of_weight.items())}


def _topic_counts(fitting: Fitting) -> dict[str, Any]:
    """Count runs by topic, for naive Bayes with every topic as likely; logarithms in thousandths."""
    counts: dict[str, Counter[str]] = {}
    for seen in fitting.seen:
        lesson = fitting.taught[seen.lesson]
        for topic in lesson.topics[:1] if lesson.violates else ():
            counts.setdefault(topic, Counter()).update(topic_grams(seen.window, seen.question))
    everywhere = sum(counts.values(), Counter[str]())
    kept = {run for run, count in everywhere.items() if count >= RAREST}
    offsets: dict[str, int] = {}
    gains: dict[str, dict[str, str]] = {}
    for topic in sorted(counts):
        found = {run: count for run, count in counts[topic].items() if run in kept}
        offsets[topic] = _thousandths(SMOOTHING / (sum(found.values()) + SMOOTHING * len(kept)))
        gains[topic] = _grouped({run: _thousandths((count + SMOOTHING) / SMOOTHING) for run, count in found.items()})
    return {"offsets": offsets, "gains": gains}


def _thousandths(value: float) -> int:
    return round(1000 * math.log(value))


def main() -> None:
    """Measure on authors held out, then fit on all."""
    packs = load_packs(packs_folder())
    checker = Checker(packs)
    fitting = Fitting(lessons(packs), checker)
    print(f"{len(fitting.taught)} lessons, {fitting.matrix.shape[1]} runs")
    scores = held_out(fitting)
    by_rule = np.array([_is_blocked(checker, lesson) for lesson in fitting.taught])
    cuts = cut_offs(fitting, scores, by_rule)
    print(f"cut-offs {cuts.block:.3f} to block, {cuts.warn:.3f} to warn, {cuts.draft:.3f} to block a draft")
    report(fitting, scores, by_rule, cuts)
    write(fitting, cuts)


if __name__ == "__main__":
    main()
