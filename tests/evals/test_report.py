"""The report: what it says of the run, and the page drawn from it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from replyguide.errors import CaseError
from replyguide.evals.metrics import Metric, mean, share, with_thresholds
from replyguide.evals.report import Report, html_page, read_baseline
from replyguide.evals.scoring import Miss

MISSES = (
    Miss("q-1", "有<script>alert(1)</script>吗", "invoice & more", "shipping-fee/area", "检索"),
    Miss("r-2", "亲，没有“发票”哦", "block invoice", "<b>pass</b>", "检查"),
)


def report(*metrics: Metric, misses: tuple[Miss, ...] = MISSES) -> Report:
    return Report("dev", "2026-11-20", "0123456789abcdef", "builtin", None, metrics, {"invoice": (3, 4)}, misses)


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


def test_a_report_is_a_baseline_for_the_next(tmp_path: Path) -> None:
    file = tmp_path / "baseline.json"
    file.write_text(json.dumps(report(share("a", [True, False]), mean("b", [0.25])).as_json()), "utf-8")
    assert read_baseline(file) == {"a": 0.5, "b": 0.25}


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"metrics": 1}', '{"metrics": [{"name": "a"}]}', '{"metrics": [1]}'])
def test_a_baseline_that_is_none_is_an_error_that_names_it(tmp_path: Path, text: str) -> None:
    file = tmp_path / "baseline.json"
    file.write_text(text, "utf-8")
    with pytest.raises(CaseError, match=r"baseline\.json"):
        read_baseline(file)
