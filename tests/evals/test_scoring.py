"""The scores, over a pipeline that does as it is told and the real checker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from replyguide import Checker, CheckResult, Suggestion, load_checker
from replyguide.evals.cases import QuestionCase, ReplyCase
from replyguide.evals.metrics import Metric
from replyguide.evals.scoring import score_checker, score_retrieval, score_suggestions, topic_counts
from replyguide.index import Hit, SearchResult

GOOD = "亲，您好，发票有的哦，感谢您的支持！"
REFUSAL = "亲，您好，特价的宝贝开不了发票哦，谢谢您"


@pytest.fixture(scope="module")
def checker() -> Checker:
    return load_checker()


@dataclass(frozen=True, slots=True)
class Puppet:
    """Stands in for the copilot: finds these topics and suggests this reply (`None`: hands over) to everything."""

    checker: Checker
    topics: Sequence[str] = ()
    reply: str | None = None

    def search(self, *_: object) -> SearchResult:
        topics: Sequence[Any] = self.topics
        hits = [Hit(f"{topic}-x", topic, "", "", "", "", 0.9, rank) for rank, topic in enumerate(topics, 1)]
        return SearchResult(tuple(hits), (), "puppet")

    def suggest(self, question: str, *_: object, **__: object) -> Suggestion:
        return Suggestion(
            question=question,
            asker="buyer",
            status="handover" if self.reply is None else "ready",
            reply=self.reply,
            origin=None if self.reply is None else "script",
            check=CheckResult("pass", ()),
            topics=(),
            rules=(),
            attempts=(),
            handover_reason=None,
            timings_ms={"total": 1.0},
            model=None,
            index="puppet",
        )


def question(*topics: str, number: int = 1, **fields: Any) -> QuestionCase:
    return QuestionCase(id=f"q-{number}", question="有发票吗", topics=list(topics), style="plain", why="", **fields)


def reply(text: str, expect: Any, *topics: str, style: str = "plain", number: int = 1) -> ReplyCase:
    return ReplyCase(id=f"r-{number}", reply=text, expect=expect, topics=list(topics), style=style, why="")


def values(metrics: Sequence[Metric]) -> Mapping[str, float]:
    return {metric.name: metric.value for metric in metrics}


def test_compliance_is_checked_anew_whatever_the_pipeline_says_of_itself(checker: Checker) -> None:
    puppet: Any = Puppet(checker, reply=REFUSAL)
    scores = score_suggestions(puppet, [question("invoice")], offline=True)
    assert values(scores.metrics)["suggest.compliant"] == 0.0


def test_a_reply_that_is_missing_breaks_no_rule_and_helps_nobody(checker: Checker) -> None:
    puppet: Any = Puppet(checker)
    told = values(score_suggestions(puppet, [question("invoice", must_any=["有"])], offline=True).metrics)
    assert (told["suggest.compliant"], told["suggest.helpful"], told["suggest.on_topic_handed_over"]) == (1, 0, 1)


@pytest.mark.parametrize(
    ("fields", "helpful", "wrong"),
    [
        ({"must_any": ["有的"]}, 1.0, 0.0),
        ({"must_any": ["随货"]}, 0.0, 0.0),
        ({"must_any": ["有的"], "must_not": ["感谢"]}, 0.0, 1.0),
    ],
)
def test_a_helpful_reply_says_a_point_and_nothing_wrong(
    checker: Checker, fields: dict[str, Any], helpful: float, wrong: float
) -> None:
    puppet: Any = Puppet(checker, reply=GOOD)
    told = values(score_suggestions(puppet, [question("invoice", **fields)], offline=True).metrics)
    assert (told["suggest.helpful"], told["suggest.wrong_statement"]) == (helpful, wrong)


def test_an_answer_to_what_no_rule_covers_is_a_miss(checker: Checker) -> None:
    puppet: Any = Puppet(checker, reply=GOOD)
    scores = score_suggestions(puppet, [question()], offline=True)
    assert values(scores.metrics)["suggest.off_topic_handed_over"] == 0.0
    assert [miss.case for miss in scores.misses] == ["q-1"]


@pytest.mark.parametrize(
    ("topics", "first", "third", "reciprocal"),
    [
        (["invoice", "cod"], 1.0, 1.0, 1.0),
        (["cod", "stock", "invoice"], 0.0, 1.0, 1 / 3),
        (["cod", "stock", "price", "invoice"], 0.0, 0.0, 1 / 4),
        (["cod"], 0.0, 0.0, 0.0),
        ([], 0.0, 0.0, 0.0),
    ],
)
def test_retrieval_is_scored_by_the_rank_of_the_main_topic(
    checker: Checker, topics: list[str], first: float, third: float, reciprocal: float
) -> None:
    puppet: Any = Puppet(checker, topics=topics)
    told = values(score_retrieval(puppet, [question("invoice")]).metrics)
    assert (told["retrieval.hit@1"], told["retrieval.hit@3"], told["retrieval.mrr"]) == (first, third, reciprocal)


def test_two_concerns_count_only_if_both_are_found(checker: Checker) -> None:
    cases = [question("invoice", "cod"), question("invoice", "stock", number=2), question("invoice", number=3)]
    puppet: Any = Puppet(checker, topics=["invoice", "cod"])
    [metric] = [one for one in score_retrieval(puppet, cases).metrics if one.name == "retrieval.all_topics@5"]
    assert (metric.count, metric.total) == (1, 2)


def test_questions_that_no_rule_covers_are_no_retrieval_cases(checker: Checker) -> None:
    puppet: Any = Puppet(checker, topics=["invoice"])
    assert {metric.total for metric in score_retrieval(puppet, [question()]).metrics} == {0}


def test_violations_in_plain_words_and_disguised_are_counted_apart(checker: Checker) -> None:
    cases = [
        reply(REFUSAL, "block", "invoice"),
        reply("亲，您好，这个挺好看的哦，谢谢您", "block", "invoice", style="disguise", number=2),
    ]
    told = values(score_checker(checker, cases).metrics)
    assert told["checker.natural_violations_found"] == 1.0
    assert told["checker.disguised_violations_found"] == 0.0


def test_a_good_reply_that_is_blocked_is_a_false_alarm(checker: Checker) -> None:
    told = values(score_checker(checker, [reply(REFUSAL, "pass"), reply(GOOD, "pass", number=2)]).metrics)
    assert told["checker.good_replies_blocked"] == 0.5


def test_a_block_where_a_warning_was_due_is_no_miss(checker: Checker) -> None:
    assert score_checker(checker, [reply(REFUSAL, "warn", "invoice")]).misses == ()


def test_the_topic_of_a_finding_has_to_be_the_one_that_was_broken(checker: Checker) -> None:
    cases = [reply(REFUSAL, "block", "invoice"), reply(REFUSAL, "block", "stock", number=2)]
    assert values(score_checker(checker, cases).metrics)["checker.right_topic"] == 0.5


def test_every_reply_that_went_wrong_is_told(checker: Checker) -> None:
    cases = [reply(GOOD, "block", "invoice"), reply(REFUSAL, "pass", number=2), reply(GOOD, "pass", number=3)]
    assert [miss.case for miss in score_checker(checker, cases).misses] == ["r-1", "r-2"]


def test_found_violations_are_counted_by_main_topic(checker: Checker) -> None:
    cases = [
        reply(REFUSAL, "block", "invoice"),
        reply(GOOD, "block", "invoice", "cod", number=2),
        reply(GOOD, "pass", number=3),
    ]
    assert topic_counts(checker, cases) == {"invoice": (1, 2)}
