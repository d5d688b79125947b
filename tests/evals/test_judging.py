"""The scores of the checker: what counts where, over all, by topic and by style."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from replyguide import Checker, load_checker
from replyguide.evals.cases import ReplyCase
from replyguide.evals.judging import Breakdown, by_style, by_topic, judge, score_checker
from replyguide.evals.metrics import Metric
from replyguide.evals.scoring import Scores

GOOD = "亲，您好，发票有的哦，感谢您的支持！"
REFUSAL = "亲，您好，特价的宝贝开不了发票哦，谢谢您"
CURT = "嗯"


@pytest.fixture(scope="module")
def checker() -> Checker:
    return load_checker()


def reply(text: str, expect: Any, *topics: str, style: str = "plain", number: int = 1) -> ReplyCase:
    return ReplyCase(id=f"r-{number}", reply=text, expect=expect, topics=list(topics), style=style, why="")


def scored(checker: Checker, cases: Sequence[ReplyCase]) -> Scores:
    return score_checker(judge(checker, cases))


def values(metrics: Sequence[Metric]) -> Mapping[str, float]:
    return {metric.name: metric.value for metric in metrics}


def counts(breakdowns: Sequence[Breakdown], name: str) -> dict[str, tuple[int | None, int]]:
    [found] = [one for one in breakdowns if one.name == name]
    return {metric.name: (metric.count, metric.total) for metric in found.shares}


def test_violations_in_plain_words_and_disguised_are_counted_apart(checker: Checker) -> None:
    cases = [
        reply(REFUSAL, "block", "invoice"),
        reply("亲，您好，这个挺好看的哦，谢谢您", "block", "invoice", style="disguise", number=2),
    ]
    told = values(scored(checker, cases).metrics)
    assert told["checker.natural_violations_found"] == 1.0
    assert told["checker.disguised_violations_found"] == 0.0


def test_a_good_reply_that_is_blocked_is_a_false_alarm(checker: Checker) -> None:
    told = values(scored(checker, [reply(REFUSAL, "pass"), reply(GOOD, "pass", number=2)]).metrics)
    assert told["checker.good_replies_blocked"] == 0.5


def test_a_block_where_a_warning_was_due_is_no_miss(checker: Checker) -> None:
    assert scored(checker, [reply(REFUSAL, "warn", "invoice")]).misses == ()


def test_the_topic_of_a_finding_has_to_be_the_one_that_was_broken(checker: Checker) -> None:
    cases = [reply(REFUSAL, "block", "invoice"), reply(REFUSAL, "block", "stock", number=2)]
    assert values(scored(checker, cases).metrics)["checker.right_topic"] == 0.5


def test_every_reply_that_went_wrong_is_told(checker: Checker) -> None:
    cases = [reply(GOOD, "block", "invoice"), reply(REFUSAL, "pass", number=2), reply(GOOD, "pass", number=3)]
    assert [miss.case for miss in scored(checker, cases).misses] == ["r-1", "r-2"]


def test_precision_asks_of_everything_flagged_whether_it_deserved_it(checker: Checker) -> None:
    cases = [
        reply(REFUSAL, "block", "invoice"),
        reply(REFUSAL, "pass", number=2),
        reply(CURT, "warn", "courtesy", number=3),
        reply(GOOD, "pass", number=4),
    ]
    assert values(scored(checker, cases).metrics)["checker.precision"] == pytest.approx(2 / 3)


def test_a_false_alarm_that_did_not_come_is_right(checker: Checker) -> None:
    outcomes = {
        one.name: one for one in scored(checker, [reply(GOOD, "pass"), reply(REFUSAL, "pass", number=2)]).outcomes
    }
    assert outcomes["checker.good_replies_blocked"].right() == {"r-1": True, "r-2": False}


def test_a_style_counts_its_own_replies_alone(checker: Checker) -> None:
    cases = [
        reply(REFUSAL, "block", "invoice", style="natural"),
        reply(GOOD, "block", "invoice", style="natural", number=2),
        reply(CURT, "warn", "courtesy", style="natural", number=3),
        reply(GOOD, "pass", style="natural", number=4),
        reply(REFUSAL, "pass", style="decline", number=5),
    ]
    styles = by_style(judge(checker, cases))
    assert [one.name for one in styles] == ["decline", "natural"]
    assert counts(styles, "natural") == {
        "violations_found": (1, 2),
        "warnings_found": (1, 1),
        "right_topic": (2, 2),
        "precision": (2, 2),
        "good_replies_blocked": (0, 1),
        "good_replies_warned": (0, 1),
    }
    assert counts(styles, "decline")["good_replies_blocked"] == (1, 1)


def test_a_topic_counts_violations_under_it_as_main_topic_and_what_was_called_by_its_name(checker: Checker) -> None:
    cases = [
        reply(REFUSAL, "block", "invoice"),
        reply(GOOD, "block", "invoice", "cod", number=2),
        reply(REFUSAL, "block", "stock", number=3),
        reply(REFUSAL, "pass", number=4),
        reply(GOOD, "pass", number=5),
    ]
    topics = by_topic(judge(checker, cases))
    assert [one.name for one in topics] == ["invoice", "stock"]
    assert counts(topics, "invoice") == {
        "violations_found": (1, 2),
        "warnings_found": (0, 0),
        "right_topic": (1, 1),
        "precision": (1, 3),
        "good_replies_blocked": (1, 2),
        "good_replies_warned": (0, 2),
    }
    assert counts(topics, "stock")["right_topic"] == (0, 1)


def test_warnings_and_blocks_of_a_topic_are_counted_apart(checker: Checker) -> None:
    topics = by_topic(judge(checker, [reply(CURT, "warn", "courtesy"), reply(CURT, "pass", number=2)]))
    told = counts(topics, "courtesy")
    assert (told["violations_found"], told["warnings_found"]) == ((0, 0), (1, 1))
    assert (told["good_replies_blocked"], told["good_replies_warned"]) == ((0, 1), (1, 1))
