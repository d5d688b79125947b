"""The suites of the evaluation: which scores each of them runs.

`offline` answers from approved wording; `model` has the configured model draft; `hostile` has a model on loopback draft
labelled violations, good replies and nonsense. The checker and search are scored where no model is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, Literal

from replyguide.evals.judging import Judged, judge, score_checker
from replyguide.evals.scoring import Scores, score_retrieval, score_suggestions

if TYPE_CHECKING:
    from replyguide.copilot import Copilot
    from replyguide.evals.cases import QuestionCase, ReplyCase

Suite = Literal["offline", "model", "hostile"]
SUITES: Final[tuple[Suite, ...]] = ("offline", "model", "hostile")
#: The metrics that each suite brings, by the first part of their names.
BRINGS: Final[dict[Suite, frozenset[str]]] = {
    "offline": frozenset({"retrieval", "suggest", "checker"}),
    "model": frozenset({"model"}),
    "hostile": frozenset({"hostile"}),
}


def run_suite(
    suite: Suite,
    copilot: Copilot,
    questions: Sequence[QuestionCase],
    replies: Sequence[ReplyCase],
    *,
    limit: int | None = None,
) -> tuple[list[Scores], list[Judged]]:
    """Run a suite over the cases; where a model drafts, `limit` takes so many of them, spread evenly."""
    if suite == "hostile":
        from replyguide.evals.hostile import score_hostile

        return [score_hostile(copilot, questions, replies, limit=limit)], []
    if suite == "model":
        return [score_suggestions(copilot, _spread(questions, limit), offline=False, group="model")], []
    judged = judge(copilot.checker, replies)
    return _offline(copilot, questions, judged), judged


def _offline(copilot: Copilot, questions: Sequence[QuestionCase], judged: Sequence[Judged]) -> list[Scores]:
    scores = []
    if questions:
        scores += [score_retrieval(copilot, questions), score_suggestions(copilot, questions, offline=True)]
    return [*scores, score_checker(judged)] if judged else scores


def _spread(questions: Sequence[QuestionCase], limit: int | None) -> Sequence[QuestionCase]:
    if limit is None or limit >= len(questions):
        return questions
    by_style = sorted(questions, key=lambda case: case.style)
    return [by_style[place * len(by_style) // limit] for place in range(limit)]
