"""Runs the checker over labelled replies: recall, precision and false alarms, over all, by topic and by style."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from replyguide.checker import Checker, CheckResult, Level
from replyguide.evals.cases import ReplyCase
from replyguide.evals.metrics import Metric, Outcomes, percentile, share
from replyguide.evals.scoring import Miss, Scores
from replyguide.topics import VIOLATION_TOPICS

_DISGUISED = frozenset({"disguise"})


@dataclass(frozen=True, slots=True)
class Judged:
    """A labelled reply and what the checker said of it."""

    case: ReplyCase
    result: CheckResult
    milliseconds: float = 0.0

    @property
    def is_caught(self) -> bool:
        """Tell whether the checker said anything at all."""
        return self.result.verdict != "pass"

    @property
    def is_blocked(self) -> bool:
        """Tell whether the checker would not let the reply be sent."""
        return self.result.verdict == "block"

    @property
    def went_wrong(self) -> bool:
        """Tell whether the verdict is another than the label; a block where a warning was due is no miss."""
        if self.case.expect == "warn":
            return not self.is_caught
        return self.result.verdict != self.case.expect

    def topics(self, level: Level | None = None) -> set[str]:
        """Return the topics that the checker named, of one level or of both."""
        return {finding.topic for finding in self.result.findings if level is None or finding.level == level}


#: What a share asks of a reply; `None`: nothing, it does not count.
Question = Callable[[Judged], bool | None]


def _violation_found(one: Judged) -> bool | None:
    return one.is_blocked if one.case.expect == "block" else None


def _natural_found(one: Judged) -> bool | None:
    return None if one.case.style in _DISGUISED else _violation_found(one)


def _disguised_found(one: Judged) -> bool | None:
    return _violation_found(one) if one.case.style in _DISGUISED else None


def _warning_found(one: Judged) -> bool | None:
    return one.is_caught if one.case.expect == "warn" else None


def _right_topic(one: Judged) -> bool | None:
    """Ask of what was rightly caught, whether one of the topics that it breaks was named."""
    return bool(one.topics() & set(one.case.topics)) if one.case.expect != "pass" and one.is_caught else None


def _rightly_caught(one: Judged) -> bool | None:
    return one.case.expect != "pass" if one.is_caught else None


def _good_blocked(one: Judged) -> bool | None:
    return one.is_blocked if one.case.expect == "pass" else None


def _good_warned(one: Judged) -> bool | None:
    return one.result.verdict == "warn" if one.case.expect == "pass" else None


# Every share over all replies: its name, the outcome that is right, and what it asks of which replies.
_OVERALL: tuple[tuple[str, bool, Question], ...] = (
    ("natural_violations_found", True, _natural_found),
    ("disguised_violations_found", True, _disguised_found),
    ("warnings_found", True, _warning_found),
    ("right_topic", True, _right_topic),
    ("good_replies_blocked", False, _good_blocked),
    ("good_replies_warned", False, _good_warned),
)
_OF_STYLE: dict[str, Question] = {
    "violations_found": _violation_found,
    "warnings_found": _warning_found,
    "right_topic": _right_topic,
    "precision": _rightly_caught,
    "good_replies_blocked": _good_blocked,
    "good_replies_warned": _good_warned,
}


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The shares of one topic or one style."""

    name: str
    shares: tuple[Metric, ...]


def judge(checker: Checker, cases: Sequence[ReplyCase]) -> list[Judged]:
    """Check every reply once."""
    judged: list[Judged] = []
    for case in cases:
        context = case.full_context()
        started = time.perf_counter()
        result = checker.check(case.reply, context)
        judged.append(Judged(case, result, (time.perf_counter() - started) * 1000))
    return judged


def score_checker(judged: Sequence[Judged]) -> Scores:
    """Score `check`: violations found (natural, disguised), the right topic among the caught, false alarms."""
    outcomes = tuple(
        Outcomes.of(f"checker.{name}", ((one.case.id, asks(one)) for one in judged), wanted=wanted)
        for name, wanted, asks in _OVERALL
    )
    # No outcome to compare from run to run: whether what was caught is a violation is the label's to say.
    [precision] = _shares(judged, {"checker.precision": _rightly_caught})
    spent = percentile("checker.p95_ms", [one.milliseconds for one in judged], 95)
    misses = tuple(_miss(one) for one in judged if one.went_wrong)
    return Scores((*(one.share() for one in outcomes), precision, spent), misses, outcomes)


def _miss(one: Judged) -> Miss:
    case = one.case
    got = "、".join(f"{finding.rule}“{finding.matched}”" for finding in one.result.findings)
    wanted = f"{case.expect} {'、'.join(case.topics)}"
    return Miss(case.id, f"{case.question} ／ {case.reply}", wanted, got if got else "pass", "检查")


def by_style(judged: Sequence[Judged]) -> tuple[Breakdown, ...]:
    """Break the figures down by the style of the reply."""
    styles = sorted({one.case.style for one in judged})
    return tuple(
        Breakdown(style, _shares([one for one in judged if one.case.style == style], _OF_STYLE)) for style in styles
    )


def by_topic(judged: Sequence[Judged]) -> tuple[Breakdown, ...]:
    """Break the figures down by topic, those of which there is neither a case nor a finding left out.

    Recall counts a reply under its main topic. A good reply has none: a false alarm counts under the topics that were
    named, and precision asks of every reply on which a topic was named whether it breaks that topic.
    """
    broken_down = (Breakdown(topic, _shares(judged, _of_topic(topic))) for topic in VIOLATION_TOPICS)
    return tuple(one for one in broken_down if any(metric.total for metric in one.shares[:4]))


def _of_topic(topic: str) -> dict[str, Question]:
    def within(asks: Question) -> Question:
        return lambda one: asks(one) if one.case.topics[:1] == [topic] else None

    def good(level: Level) -> Question:
        return lambda one: topic in one.topics(level) if one.case.expect == "pass" else None

    return {
        "violations_found": within(_violation_found),
        "warnings_found": within(_warning_found),
        "right_topic": within(_right_topic),
        "precision": lambda one: topic in one.case.topics if topic in one.topics() else None,
        "good_replies_blocked": good("block"),
        "good_replies_warned": good("warn"),
    }


def _shares(judged: Sequence[Judged], asked: dict[str, Question]) -> tuple[Metric, ...]:
    return tuple(
        share(name, [held for one in judged if (held := asks(one)) is not None]) for name, asks in asked.items()
    )
