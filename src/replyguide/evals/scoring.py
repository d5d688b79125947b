"""Runs the pipeline over labelled cases and counts what came out."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass

from replyguide.checker import Checker, CheckResult
from replyguide.context import Asker
from replyguide.copilot import Copilot, Suggestion
from replyguide.evals.cases import QuestionCase, ReplyCase
from replyguide.evals.metrics import Metric, mean, percentile, share

_SEARCHED = 5
_DISGUISED = frozenset({"disguise"})


@dataclass(frozen=True, slots=True)
class Miss:
    """A case that went wrong: which one, what was wanted, what came out."""

    case: str
    text: str
    wanted: str
    got: str
    why: str


@dataclass(frozen=True, slots=True)
class Scores:
    """Metrics and the cases behind what they lack."""

    metrics: tuple[Metric, ...]
    misses: tuple[Miss, ...]


def score_retrieval(copilot: Copilot, cases: Sequence[QuestionCase]) -> Scores:
    """Score `search` by topic on the cases that have one: the main topic's rank, and both topics of two concerns."""
    ranks: list[int | None] = []
    complete: list[bool] = []
    misses: list[Miss] = []
    milliseconds: list[float] = []
    for case in (case for case in cases if case.topics):
        started = time.perf_counter()
        hits = copilot.search(case.question, _SEARCHED, case.context).hits
        milliseconds.append((time.perf_counter() - started) * 1000)
        topics = [hit.topic for hit in hits]
        rank = topics.index(case.topics[0]) + 1 if case.topics[0] in topics else None
        ranks.append(rank)
        if len(case.topics) > 1:
            complete.append(set(case.topics) <= set(topics))
        if rank != 1:
            got = "、".join(f"{hit.topic}/{hit.id}" for hit in hits[:3])
            misses.append(Miss(case.id, case.question, "、".join(case.topics), got, "检索"))
    metrics = (
        share("retrieval.hit@1", [rank == 1 for rank in ranks]),
        share("retrieval.hit@3", [rank is not None and rank <= 3 for rank in ranks]),
        mean("retrieval.mrr", [1 / rank if rank is not None else 0.0 for rank in ranks]),
        share("retrieval.all_topics@5", complete),
        percentile("retrieval.p95_ms", milliseconds, 95),
    )
    return Scores(metrics, tuple(misses))


def score_suggestions(copilot: Copilot, cases: Sequence[QuestionCase], *, offline: bool) -> Scores:
    """Score what an agent would see: compliance, the points a good answer needs, wrong statements, hand-overs."""
    compliant: list[bool] = []
    helpful: list[bool] = []
    wrong: list[bool] = []
    handed_over_off: list[bool] = []
    handed_over_on: list[bool] = []
    recognised: list[bool] = []
    mistaken: list[bool] = []
    milliseconds: list[float] = []
    misses: list[Miss] = []
    for case in cases:
        suggestion = copilot.suggest(case.question, case.context, offline=offline)
        milliseconds.append(suggestion.timings_ms["total"])
        compliant.append(_is_compliant(copilot.checker, case, suggestion))
        (recognised if _from_agent(case) else mistaken).append(suggestion.asker == "agent")
        over = suggestion.status == "handover"
        (handed_over_on if case.topics else handed_over_off).append(over)
        reply = suggestion.reply if suggestion.reply is not None else ""
        says_wrong = any(re.search(pattern, reply) for pattern in case.must_not)
        says_point = not case.must_any or any(re.search(pattern, reply) for pattern in case.must_any)
        wrong.append(says_wrong)
        if case.topics and case.must_any:
            helpful.append(not over and says_point and not says_wrong)
        problem = _problem(case, over=over, says_wrong=says_wrong, says_point=says_point)
        if problem is not None:
            misses.append(Miss(case.id, case.question, problem, reply, "回复"))
    metrics = (
        share("suggest.compliant", compliant),
        share("suggest.helpful", helpful),
        share("suggest.wrong_statement", wrong),
        share("suggest.off_topic_handed_over", handed_over_off),
        share("suggest.on_topic_handed_over", handed_over_on),
        share("suggest.colleagues_recognised", recognised),
        share("suggest.buyers_taken_for_colleagues", mistaken),
        percentile("suggest.p95_ms", milliseconds, 95),
    )
    return Scores(metrics, tuple(misses))


def _is_compliant(checker: Checker, case: QuestionCase, suggestion: Suggestion) -> bool:
    """Check the reply anew: the score must not rest on what the pipeline says of itself, nor of who asked."""
    if suggestion.reply is None:
        return True
    asker: Asker = "agent" if _from_agent(case) else "buyer"
    context = case.context.model_copy(update={"question": case.question, "asker": asker})
    return checker.check(suggestion.reply, context).verdict != "block"


def _from_agent(case: QuestionCase) -> bool:
    return case.style == "agent" or case.context.asker == "agent"


def _problem(case: QuestionCase, *, over: bool, says_wrong: bool, says_point: bool) -> str | None:
    if not case.topics:
        return None if over else "应转人工"
    if over:
        return "不应转人工"
    if says_wrong:
        return "说了不该说的"
    return None if says_point else "缺少要点"


def score_checker(checker: Checker, cases: Sequence[ReplyCase]) -> Scores:
    """Score `check`: violations found (natural, disguised), the right topic among the found, false alarms."""
    found: dict[bool, list[bool]] = {False: [], True: []}
    warned: list[bool] = []
    right_topic: list[bool] = []
    false_blocks: list[bool] = []
    false_warns: list[bool] = []
    milliseconds: list[float] = []
    misses: list[Miss] = []
    for case in cases:
        started = time.perf_counter()
        result = checker.check(case.reply, case.full_context())
        milliseconds.append((time.perf_counter() - started) * 1000)
        if case.expect == "pass":
            false_blocks.append(result.verdict == "block")
            false_warns.append(result.verdict == "warn")
        elif case.expect == "block":
            found[case.style in _DISGUISED].append(result.verdict == "block")
        else:
            warned.append(result.verdict != "pass")
        if case.expect != "pass" and result.verdict != "pass":
            right_topic.append(bool({finding.topic for finding in result.findings} & set(case.topics)))
        if _went_wrong(case, result):
            got = "、".join(f"{finding.rule}“{finding.matched}”" for finding in result.findings)
            wanted = f"{case.expect} {'、'.join(case.topics)}"
            misses.append(Miss(case.id, f"{case.question} ／ {case.reply}", wanted, got if got else "pass", "检查"))
    metrics = (
        share("checker.natural_violations_found", found[False]),
        share("checker.disguised_violations_found", found[True]),
        share("checker.warnings_found", warned),
        share("checker.right_topic", right_topic),
        share("checker.good_replies_blocked", false_blocks),
        share("checker.good_replies_warned", false_warns),
        percentile("checker.p95_ms", milliseconds, 95),
    )
    return Scores(metrics, tuple(misses))


def _went_wrong(case: ReplyCase, result: CheckResult) -> bool:
    if case.expect == "warn":
        return result.verdict == "pass"
    return result.verdict != case.expect


def topic_counts(checker: Checker, cases: Sequence[ReplyCase]) -> dict[str, tuple[int, int]]:
    """For each topic, how many of its violating replies were found, of how many."""
    counts: dict[str, tuple[int, int]] = {}
    for case in cases:
        if case.expect == "pass" or not case.topics:
            continue
        hit = checker.check(case.reply, case.full_context()).verdict != "pass"
        found, total = counts.get(case.topics[0], (0, 0))
        counts[case.topics[0]] = (found + hit, total + 1)
    return counts
