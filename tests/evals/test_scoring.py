"""The scores of search and suggestions, over a pipeline that does as it is told and the real checker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from replyguide import Checker, CheckResult, Suggestion, load_checker
from replyguide.evals.cases import QuestionCase
from replyguide.evals.metrics import Metric
from replyguide.evals.scoring import Miss, score_retrieval, score_suggestions
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
    points: int = 0
    missing: tuple[str, ...] = ()

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
            timings_ms={"total": 1.0, "search": 0.25},
            model=None,
            index="puppet",
            points=self.points,
            missing=self.missing,
        )


def question(*topics: str, number: int = 1, **fields: Any) -> QuestionCase:
    return QuestionCase(id=f"q-{number}", question="有发票吗", topics=list(topics), style="plain", why="", **fields)


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


def test_every_share_keeps_the_outcome_of_each_case_it_asks(checker: Checker) -> None:
    cases = [
        question("invoice", must_any=["有的"]),
        question("invoice", must_any=["随货"], number=2),
        question(number=3),
    ]
    puppet: Any = Puppet(checker, topics=["invoice"], reply=GOOD)
    suggested = {one.name: one for one in score_suggestions(puppet, cases, offline=True).outcomes}
    assert suggested["suggest.helpful"].held == {"q-1": True, "q-2": False}
    assert suggested["suggest.off_topic_handed_over"].held == {"q-3": False}
    searched = {one.name: one for one in score_retrieval(puppet, cases).outcomes}
    assert searched["retrieval.hit@1"].held == {"q-1": True, "q-2": True}


def test_what_must_not_happen_is_right_where_it_did_not(checker: Checker) -> None:
    cases = [question("invoice", must_not=["有的"]), question("invoice", must_not=["没有"], number=2)]
    puppet: Any = Puppet(checker, reply=GOOD)
    outcomes = {one.name: one for one in score_suggestions(puppet, cases, offline=True).outcomes}
    assert outcomes["suggest.wrong_statement"].right() == {"q-1": False, "q-2": True}


def test_without_its_texts_a_miss_tells_which_case_and_where() -> None:
    assert Miss("q-1", "有发票吗", "invoice", "stock", "检索").without_texts() == Miss("q-1", "", "", "", "检索")


@pytest.mark.parametrize(
    ("wanted", "found", "gain"),
    [
        (["invoice"], ["invoice"], 1.0),
        (["invoice"], ["cod", "invoice"], 0.6309),
        (["invoice", "cod"], ["invoice", "cod"], 1.0),
        (["invoice", "cod"], ["cod", "invoice"], 0.8597),
        (["invoice", "cod"], ["invoice", "invoice", "cod"], 0.9502),
        (["invoice"], ["cod"], 0.0),
    ],
)
def test_ndcg_gains_more_for_the_main_topic_and_nothing_for_the_same_one_again(
    checker: Checker, wanted: list[str], found: list[str], gain: float
) -> None:
    puppet: Any = Puppet(checker, topics=found)
    told = values(score_retrieval(puppet, [question(*wanted)]).metrics)
    assert told["retrieval.ndcg@5"] == pytest.approx(gain, abs=1e-4)


def test_points_are_counted_over_all_replies_together(checker: Checker) -> None:
    puppet: Any = Puppet(checker, reply=GOOD, points=3, missing=("金额",))
    found = score_suggestions(puppet, [question("invoice"), question("invoice", number=2)], offline=True)
    [metric] = [one for one in found.metrics if one.name == "suggest.points_said"]
    assert (metric.count, metric.total) == (4, 6)


def test_length_and_time_are_told_by_median_and_95th_percentile(checker: Checker) -> None:
    puppet: Any = Puppet(checker, reply=GOOD)
    found = score_suggestions(puppet, [question("invoice")], offline=True)
    told = values(found.metrics)
    assert (told["suggest.median_characters"], told["suggest.p95_characters"]) == (len(GOOD), len(GOOD))
    assert (told["suggest.p50_ms"], told["suggest.search_p95_ms"]) == (1.0, 0.25)
    assert found.milliseconds == (1.0,)


def test_what_is_handed_over_has_no_length(checker: Checker) -> None:
    puppet: Any = Puppet(checker)
    [metric] = [
        one
        for one in score_suggestions(puppet, [question("invoice")], offline=True).metrics
        if one.name == "suggest.median_characters"
    ]
    assert metric.total == 0


def test_a_fact_that_nothing_backs_is_counted_and_one_that_the_context_backs_is_not(checker: Checker) -> None:
    stated = "亲，您好，这款是纯棉的哦，感谢您的支持！"
    puppet: Any = Puppet(checker, reply=stated)
    cases = [question("product-info"), question("product-info", number=2, context={"product": {"material": "纯棉"}})]
    outcomes = {one.name: one for one in score_suggestions(puppet, cases, offline=True).outcomes}
    assert outcomes["suggest.unsupported_facts"].held == {"q-1": True, "q-2": False}


def test_a_miss_tells_what_came_out_and_what_was_held_against_the_drafts(checker: Checker) -> None:
    puppet: Any = Puppet(checker, reply=GOOD)
    [miss] = score_suggestions(puppet, [question("invoice", must_any=["随货"])], offline=True).misses
    assert (miss.got, miss.wanted) == (f"ready：{GOOD}", "缺少要点")
