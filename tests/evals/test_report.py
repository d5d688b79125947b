"""The report: what it says of the run, and the page drawn from it."""

from __future__ import annotations

import json
import re
from typing import Any

from replyguide.evals.charts import histogram
from replyguide.evals.comparison import Difference
from replyguide.evals.judging import Breakdown
from replyguide.evals.metrics import Metric, Outcomes, mean, share, with_thresholds
from replyguide.evals.prompt_texts import PromptText
from replyguide.evals.report import Report, html_page
from replyguide.evals.scoring import Miss

MISSES = (
    Miss("q-1", "有<script>alert(1)</script>吗", "invoice & more", "shipping-fee/area", "检索"),
    Miss("r-2", "亲，没有“发票”哦", "block invoice", "<b>pass</b>", "检查"),
)


LOST = Difference("suggest.compliant", 40, 2, 14, 3, 1, -0.3, -0.46, -0.13, 0.0042)
SAME = Difference("suggest.compliant", 40, 0, 0, 0, 0, 0.0, -0.05, 0.05, 1.0)


def report(*metrics: Metric, misses: tuple[Miss, ...] = MISSES, **more: Any) -> Report:
    return Report("offline", "dev", "2026-11-20", "0123456789abcdef", "builtin", None, metrics, misses, **more)


def bounded(outcomes: list[bool], **bounds: float) -> Metric:
    [metric] = with_thresholds([share("suggest.compliant", outcomes)], {"suggest.compliant": bounds})
    return metric


def test_a_report_holds_if_every_threshold_is_kept() -> None:
    assert report(bounded([True], least=1.0), mean("mrr", [0.1])).holds
    assert not report(bounded([True, False], least=1.0), mean("mrr", [0.1])).holds


def test_a_report_without_any_threshold_does_not_hold() -> None:
    assert not report(share("a", [True]), mean("mrr", [1.0])).holds


def test_a_report_over_no_cases_does_not_hold() -> None:
    assert not report(bounded([], least=0.0)).holds


def test_a_report_that_is_worse_than_its_baseline_does_not_hold_though_it_keeps_its_thresholds() -> None:
    worse = report(bounded([True], least=1.0), differences=(LOST,))
    assert (worse.keeps_thresholds, worse.holds) == (True, False)
    assert report(bounded([True], least=1.0), differences=(SAME,)).holds


def test_the_json_tells_topics_styles_outcomes_and_differences() -> None:
    shares = (share("violations_found", [True, True, False]),)
    told = report(
        bounded([True]),
        by_topic=(Breakdown("invoice", shares),),
        by_style=(Breakdown("natural", shares),),
        outcomes=(Outcomes("checker.good_replies_blocked", {"r-2": False, "r-1": True}, wanted=False),),
        differences=(LOST,),
    ).as_json()
    assert told["by_topic"]["invoice"] == told["by_style"]["natural"]
    assert told["by_topic"]["invoice"]["violations_found"]["count"] == 2
    assert told["outcomes"] == {"checker.good_replies_blocked": {"wrong": ["r-1"], "right": ["r-2"]}}
    assert [(one["lost"], one["worse"]) for one in told["differences"]] == [(14, True)]


def test_the_json_tells_of_each_figure_whether_it_holds() -> None:
    told = json.loads(json.dumps(report(bounded([True, False], least=1.0), mean("mrr", [0.1])).as_json()))
    assert ([metric["holds"] for metric in told["metrics"]], told["holds"]) == ([False, True], False)


def test_the_page_shows_every_failing_case_as_text() -> None:
    page = html_page(report(bounded([True])), {})
    assert "有&lt;script&gt;alert(1)&lt;/script&gt;吗" in page
    assert "&lt;b&gt;pass&lt;/b&gt;" in page
    assert "invoice &amp; more" in page
    assert [miss.case for miss in MISSES if miss.case not in page] == []


def test_the_page_runs_and_loads_nothing() -> None:
    page = html_page(report(bounded([True])), {})
    assert re.findall(r"<(?:script|link|img|iframe)\b|\son\w+=|https?://", page) == []


def test_the_page_shows_counts_interval_threshold_and_baseline() -> None:
    page = html_page(report(bounded([True, True, True, False], least=0.5)), {"suggest.compliant": 0.625})
    assert [text for text in ("75.0%", "3/4", "30–95%", "≥ 0.5", "0.625") if text not in page] == []


def test_the_page_says_which_packs_and_index_were_run() -> None:
    page = html_page(report(bounded([True])), {})
    assert [text for text in ("dev", "2026-11-20", "0123456789ab", "builtin", "无") if text not in page] == []


def test_a_threshold_that_is_not_reached_is_marked() -> None:
    assert "有阈值未达到" in html_page(report(bounded([False], least=1.0)), {})
    assert "全部阈值达到" in html_page(report(bounded([True], least=1.0)), {})


def test_a_page_without_failing_cases_says_so() -> None:
    assert "未达到的案例（0）" in html_page(report(bounded([True]), misses=()), {})


def test_the_page_shows_topics_and_styles_with_counts_and_intervals() -> None:
    breakdown = Breakdown(
        "off-platform-contact", (share("violations_found", [True] * 3 + [False]), share("precision", []))
    )
    page = html_page(report(bounded([True]), by_topic=(breakdown,), by_style=(breakdown,)), {})
    assert page.count("<td>off-platform-contact</td>") == 2
    assert [text for text in ("按主题", "按样式", "3/4", "30–95%") if text not in page] == []


def test_the_page_shows_what_moved_and_whether_that_fails() -> None:
    page = html_page(report(bounded([True]), differences=(LOST,)), {})
    assert [
        text for text in ("比基线差", "14 例从对变错", "p = 0.0042", "-46.0", "新 3 例、少 1 例") if text not in page
    ] == []
    assert "比基线差" not in html_page(report(bounded([True]), differences=(SAME,)), {})


def test_the_page_draws_how_long_suggestions_took_as_many_as_there_were() -> None:
    page = html_page(report(bounded([True]), milliseconds=(1.0, 2.0, 2.5, 400.0)), {})
    assert "4 次建议各用了多久" in page
    assert "次建议各用了多久" not in html_page(report(bounded([True])), {})


def test_every_suggestion_is_in_one_step_of_the_chart() -> None:
    drawn = str(histogram([float(number) for number in range(500)]))
    counts = [int(count) for count in re.findall(r'x="728"[^>]*>(\d+)<', drawn)]
    assert (len(counts), sum(counts)) == (12, 500)


def test_the_page_names_version_and_digest_of_each_prompt() -> None:
    prompts = (PromptText("draft", 3, "0123456789ab", "…"), PromptText("repair", 2, "ba9876543210", "…"))
    page = html_page(report(bounded([True]), prompts=prompts), {})
    assert "draft v3 0123456789ab、repair v2 ba9876543210" in page
