"""The figures of the evaluation against values that are known elsewhere, and the edges of the thresholds."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replyguide.errors import CaseError
from replyguide.evals.metrics import Metric, mean, percentile, read_thresholds, share, wilson, with_thresholds


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [
        # R. G. Newcombe, Statistics in Medicine 17 (1998), table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_interval_is_that_of_the_textbook(count: int, total: int, low: float, high: float) -> None:
    assert wilson(count, total) == pytest.approx((low, high), abs=5e-5)


def test_nothing_counted_tells_nothing() -> None:
    assert wilson(0, 0) == (0.0, 1.0)


@given(st.integers(1, 500).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total))))
def test_the_interval_holds_the_share_and_stays_a_share(counted: tuple[int, int]) -> None:
    count, total = counted
    low, high = wilson(count, total)
    assert 0.0 <= low <= count / total + 1e-12
    assert count / total - 1e-12 <= high <= 1.0


def test_a_share_carries_its_counts() -> None:
    metric = share("compliant", [True, True, False, True])
    assert (metric.value, metric.count, metric.total) == (0.75, 3, 4)


def test_a_mean_has_no_count_and_no_interval() -> None:
    metric = mean("mrr", [1.0, 0.5, 0.0])
    assert (metric.value, metric.total, metric.count, metric.low, metric.high) == (0.5, 3, None, None, None)


@pytest.mark.parametrize(("percent", "value"), [(0, 1.0), (50, 5.0), (90, 9.0), (95, 10.0), (100, 10.0)])
def test_a_percentile_is_a_value_that_was_measured(percent: float, value: float) -> None:
    assert percentile("ms", [float(number) for number in range(10, 0, -1)], percent).value == value


@pytest.mark.parametrize("metric", [share("a", []), mean("a", []), percentile("a", [], 95)])
def test_over_nothing_every_figure_is_nought(metric: Metric) -> None:
    assert (metric.value, metric.total) == (0.0, 0)


@pytest.mark.parametrize("bounds", [{"least": 0.0}, {"most": 1.0}, {"least": 0.0, "most": 1.0}])
def test_a_figure_over_nothing_keeps_no_threshold(bounds: dict[str, float]) -> None:
    [metric] = with_thresholds([share("a", [])], {"a": bounds})
    assert not metric.holds


def test_a_figure_over_nothing_without_threshold_is_information() -> None:
    assert share("a", []).holds


@pytest.mark.parametrize(
    ("bounds", "holds"),
    [
        ({"least": 0.75}, True),
        ({"least": 0.76}, False),
        ({"most": 0.75}, True),
        ({"most": 0.74}, False),
        ({"least": 0.5, "most": 0.8}, True),
        ({"least": 0.5, "most": 0.7}, False),
    ],
)
def test_a_threshold_is_kept_up_to_and_with_its_value(bounds: dict[str, float], holds: bool) -> None:
    [metric] = with_thresholds([share("a", [True, True, True, False])], {"a": bounds})
    assert metric.holds is holds


def test_nought_is_a_threshold() -> None:
    [metric] = with_thresholds([share("blocked", [True, False])], {"blocked": {"most": 0}})
    assert not metric.holds


def test_a_threshold_leaves_the_figure_as_it_is() -> None:
    plain = share("a", [True, False])
    [metric] = with_thresholds([plain], {"a": {"least": 0.1}})
    assert (metric.value, metric.count, metric.total, metric.low, metric.high) == (
        plain.value,
        plain.count,
        plain.total,
        plain.low,
        plain.high,
    )


def test_a_threshold_for_an_unknown_figure_is_an_error_that_names_it() -> None:
    with pytest.raises(CaseError, match=r"retrieval\.hit@l"):
        with_thresholds([share("retrieval.hit@1", [True])], {"retrieval.hit@l": {"least": 0.5}})


@pytest.mark.parametrize(
    "text",
    [
        "a = 1",
        "[a]",
        "[a]\nleats = 0.5",
        "[a]\nleast = 0.5\nmost = 1\nmean = 3",
        "[a",
    ],
)
def test_a_thresholds_file_that_is_none_is_an_error_that_names_it(tmp_path: Path, text: str) -> None:
    file = tmp_path / "thresholds.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(CaseError, match=r"thresholds\.toml"):
        read_thresholds(file)


@pytest.mark.parametrize("value", ['"0.5"', "true", "[0.5]"])
def test_a_threshold_that_is_no_number_is_an_error(tmp_path: Path, value: str) -> None:
    file = tmp_path / "thresholds.toml"
    file.write_text(f"[a]\nleast = {value}", "utf-8")
    with pytest.raises(CaseError, match=r"thresholds\.toml"):
        read_thresholds(file)


def test_a_thresholds_file_that_is_not_utf8_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "thresholds.toml"
    file.write_bytes("# 阈值\n".encode("gb18030"))
    with pytest.raises(CaseError, match=r"thresholds\.toml"):
        read_thresholds(file)


def test_a_missing_thresholds_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match=r"thresholds\.toml"):
        read_thresholds(tmp_path / "thresholds.toml")
