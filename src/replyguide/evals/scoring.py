"""Runs search and suggestions over labelled questions and counts what came out."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from replyguide.checker import Checker
from replyguide.context import Asker
from replyguide.copilot import Copilot, Suggestion
from replyguide.evals.cases import QuestionCase
from replyguide.evals.metrics import Metric, Outcomes, mean, percentile, share
from replyguide.grounding.unbacked import unbacked

_SEARCHED = 5
_TOLD = 120  # characters of a draft that is told with what was held against it


@dataclass(frozen=True, slots=True)
class Miss:
    """A case that went wrong: which one, what was wanted, what came out."""

    case: str
    text: str
    wanted: str
    got: str
    why: str

    def without_texts(self) -> Miss:
        """Return what may be told of a case of the test part: which one, and where it went wrong."""
        return Miss(self.case, "", "", "", self.why)


@dataclass(frozen=True, slots=True)
class Scores:
    """Metrics, the outcome of each case behind every share, and the cases that went wrong.

    `milliseconds` are what the suggestions took, in the order of their cases.
    """

    metrics: tuple[Metric, ...]
    misses: tuple[Miss, ...]
    outcomes: tuple[Outcomes, ...] = ()
    milliseconds: tuple[float, ...] = ()


def account(suggestion: Suggestion) -> str:
    """Return in one line what came out, why, and what was held against the drafts on the way."""
    lines = [f"{suggestion.status}：{suggestion.reply}"]
    lines += [suggestion.handover_reason] if suggestion.handover_reason is not None else []
    for attempt in suggestion.attempts:
        against = [f"{finding.rule}“{finding.matched}”" for finding in attempt.check.findings]
        against += [f"缺：{point}" for point in attempt.missing]
        against += [attempt.error] if attempt.error is not None else []
        if against:
            lines.append(f"[{attempt.origin}] {attempt.text[:_TOLD]} → {'、'.join(against)}")
    return " ｜ ".join(lines)


@dataclass(frozen=True, slots=True)
class _Found:
    """The topics that a search gave, best first, and what it took."""

    case: QuestionCase
    topics: list[str]
    shown: str
    milliseconds: float

    @property
    def rank(self) -> int | None:
        main = self.case.topics[0]
        return self.topics.index(main) + 1 if main in self.topics else None

    @property
    def ndcg(self) -> float:
        """Return nDCG (Järvelin and Kekäläinen 2002) over the hits: the main topic gains 2, another 1, each once."""
        worth = {topic: 1.0 if place else 2.0 for place, topic in enumerate(self.case.topics)}
        new = [topic if topic not in self.topics[:at] else "" for at, topic in enumerate(self.topics)]
        gains = [worth.get(topic, 0.0) for topic in new]
        return _discounted(gains) / _discounted(sorted(worth.values(), reverse=True)[:_SEARCHED])


def _discounted(gains: Sequence[float]) -> float:
    return sum(gain / math.log2(place + 2) for place, gain in enumerate(gains))


def score_retrieval(copilot: Copilot, cases: Sequence[QuestionCase]) -> Scores:
    """Score `search` by topic on the cases that have one: the main topic's rank, and both topics of two concerns."""
    searched = [_found(copilot, case) for case in cases if case.topics]
    ranks = [(found.case.id, found.rank) for found in searched]
    first = Outcomes.of("retrieval.hit@1", ((case, rank == 1) for case, rank in ranks))
    third = Outcomes.of("retrieval.hit@3", ((case, rank is not None and rank <= 3) for case, rank in ranks))
    both = Outcomes.of(
        "retrieval.all_topics@5",
        (
            (found.case.id, set(found.case.topics) <= set(found.topics) if len(found.case.topics) > 1 else None)
            for found in searched
        ),
    )
    metrics = (
        first.share(),
        third.share(),
        mean("retrieval.mrr", [1 / rank if rank is not None else 0.0 for _, rank in ranks]),
        mean("retrieval.ndcg@5", [found.ndcg for found in searched]),
        both.share(),
        percentile("retrieval.p95_ms", [found.milliseconds for found in searched], 95),
    )
    misses = (
        Miss(found.case.id, found.case.question, "、".join(found.case.topics), found.shown, "检索")
        for found in searched
        if found.rank != 1
    )
    return Scores(metrics, tuple(misses), (first, third, both))


def _found(copilot: Copilot, case: QuestionCase) -> _Found:
    started = time.perf_counter()
    hits = copilot.search(case.question, _SEARCHED, case.context).hits
    milliseconds = (time.perf_counter() - started) * 1000
    return _Found(
        case, [hit.topic for hit in hits], "、".join(f"{hit.topic}/{hit.id}" for hit in hits[:3]), milliseconds
    )


@dataclass(frozen=True, slots=True)
class _Answered:
    """A suggestion and how it stands to what the case asks for."""

    case: QuestionCase
    suggestion: Suggestion
    is_compliant: bool
    says_wrong: bool
    says_point: bool
    invents: bool

    @property
    def is_handed_over(self) -> bool:
        return self.suggestion.status == "handover"

    @property
    def is_taken_for_a_colleague(self) -> bool:
        return self.suggestion.asker == "agent"

    @property
    def is_helpful(self) -> bool:
        return not self.is_handed_over and self.says_point and not self.says_wrong

    def problem(self) -> str | None:
        """Tell in Chinese what is amiss, `None` if nothing is."""
        if not self.case.topics:
            return None if self.is_handed_over else "应转人工"
        if self.is_handed_over:
            return "不应转人工"
        if self.says_wrong:
            return "说了不该说的"
        return None if self.says_point else "缺少要点"


# Every share of the suggestions: its name, the outcome that is right, and what it asks of which cases.
_SUGGESTED: tuple[tuple[str, bool, Callable[[_Answered], bool | None]], ...] = (
    ("compliant", True, lambda one: one.is_compliant),
    ("helpful", True, lambda one: one.is_helpful if one.case.topics and one.case.must_any else None),
    ("wrong_statement", False, lambda one: one.says_wrong),
    ("off_topic_handed_over", True, lambda one: None if one.case.topics else one.is_handed_over),
    ("on_topic_handed_over", False, lambda one: one.is_handed_over if one.case.topics else None),
    ("colleagues_recognised", True, lambda one: one.is_taken_for_a_colleague if _from_agent(one.case) else None),
    (
        "buyers_taken_for_colleagues",
        False,
        lambda one: None if _from_agent(one.case) else one.is_taken_for_a_colleague,
    ),
    ("unsupported_facts", False, lambda one: one.invents if one.suggestion.status == "ready" else None),
)


def score_suggestions(
    copilot: Copilot, cases: Sequence[QuestionCase], *, offline: bool, group: str = "suggest"
) -> Scores:
    """Score what an agent would see: compliance, the points a good answer needs, wrong statements, hand-overs.

    `group` is the first part of the names of the figures.
    """
    answered = [_answered(copilot, case, offline=offline) for case in cases]
    outcomes = tuple(
        Outcomes.of(f"{group}.{name}", ((one.case.id, told(one)) for one in answered), wanted=wanted)
        for name, wanted, told in _SUGGESTED
    )
    misses = (
        Miss(one.case.id, one.case.question, problem, account(one.suggestion), "回复")
        for one in answered
        if (problem := one.problem()) is not None
    )
    suggested = [one.suggestion for one in answered]
    metrics = (
        *(one.share() for one in outcomes),
        _points(suggested, group),
        *_lengths(suggested, group),
        *_times(suggested, group),
    )
    return Scores(metrics, tuple(misses), outcomes, tuple(one.timings_ms["total"] for one in suggested))


def _points(suggested: Sequence[Suggestion], group: str) -> Metric:
    """Return the share of the points that the answering rules want said, of all replies together."""
    said = [number >= len(one.missing) for one in suggested for number in range(one.points)]
    return share(f"{group}.points_said", said)


def _lengths(suggested: Sequence[Suggestion], group: str) -> Iterator[Metric]:
    lengths = [float(len(one.reply)) for one in suggested if one.status == "ready" and one.reply is not None]
    yield percentile(f"{group}.median_characters", lengths, 50)
    yield percentile(f"{group}.p95_characters", lengths, 95)


def _times(suggested: Sequence[Suggestion], group: str) -> Iterator[Metric]:
    for stage in ("search", "model", "script", "check"):
        spent = [one.timings_ms[stage] for one in suggested if stage in one.timings_ms]
        if spent:
            yield percentile(f"{group}.{stage}_p95_ms", spent, 95)
    total = [one.timings_ms["total"] for one in suggested]
    yield percentile(f"{group}.p50_ms", total, 50)
    yield percentile(f"{group}.p95_ms", total, 95)


def _answered(copilot: Copilot, case: QuestionCase, *, offline: bool) -> _Answered:
    suggestion = copilot.suggest(case.question, case.context, offline=offline)
    reply = suggestion.reply if suggestion.reply is not None else ""
    return _Answered(
        case=case,
        suggestion=suggestion,
        is_compliant=_is_compliant(copilot.checker, case, suggestion),
        says_wrong=any(re.search(pattern, reply) for pattern in case.must_not),
        says_point=not case.must_any or any(re.search(pattern, reply) for pattern in case.must_any),
        invents=suggestion.asker == "buyer" and _invents(copilot, case, reply, suggestion),
    )


def _invents(copilot: Copilot, case: QuestionCase, reply: str, suggestion: Suggestion) -> bool:
    """Tell whether a reply states what neither facts, rules nor history back; anew, as with compliance."""
    context = case.context.model_copy(update={"question": case.question})
    reading, _ = copilot.checker.read(reply, context)
    rules = [copilot.index.rule(hit.id) for hit in suggestion.rules if hit.kind == "rule"]
    return bool(unbacked(reading, rules, context))


def _is_compliant(checker: Checker, case: QuestionCase, suggestion: Suggestion) -> bool:
    """Check the reply anew: the score must not rest on what the pipeline says of itself, nor of who asked."""
    if suggestion.reply is None:
        return True
    asker: Asker = "agent" if _from_agent(case) else "buyer"
    context = case.context.model_copy(update={"question": case.question, "asker": asker})
    return checker.check(suggestion.reply, context).verdict != "block"


def _from_agent(case: QuestionCase) -> bool:
    return case.style == "agent" or case.context.asker == "agent"
