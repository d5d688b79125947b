"""A deliberately bad part fails the gate: real cases of the dev part, the packaged thresholds, the whole command.

Each figure that is named misses its threshold, and is clearly worse than that of the honest pipeline on the same cases:
what the sample misses anyway proves nothing.
"""

from __future__ import annotations

import contextlib
import io
import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from replyguide import Checker, CheckResult, Context
from replyguide.cli import main
from replyguide.copilot.drafts import Drafts
from replyguide.corpus.rule import Rule
from replyguide.drafting import composer
from replyguide.index import Index
from replyguide.resources import shelf

EVERY = {"questions": 12, "replies": 40}
PASSED = CheckResult("pass", ())
CLEARLY = 0.2


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A run of the command: its status, its figures, and which of them miss their thresholds."""

    status: int
    values: Mapping[str, float]
    missed: frozenset[str]


Evaluate = Callable[[str], Evaluated]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every twelfth question and every fortieth reply of the dev part, and the packaged thresholds."""
    folder = tmp_path_factory.mktemp("sample")
    for name, step in EVERY.items():
        lines = (shelf("evals") / f"{name}.dev.jsonl").read_text("utf-8").splitlines(keepends=True)
        (folder / f"{name}.dev.jsonl").write_text("".join(lines[::step]), "utf-8")
    shutil.copy(shelf("evals") / "thresholds.toml", folder)
    return folder


@pytest.fixture(scope="module")
def evaluate(sample: Path, packaged: Index, shared_data_dir: Path) -> Evaluate:  # the index has to be there
    """Return a function that runs a suite over the sample."""

    def run(suite: str) -> Evaluated:
        arguments = ["eval", "--dev", "--suite", suite, "--cases", str(sample), "--json"]
        with contextlib.redirect_stdout(io.StringIO()) as said, contextlib.redirect_stderr(io.StringIO()):
            status = main([*arguments, "--data-dir", str(shared_data_dir)])
        metrics = json.loads(said.getvalue())["metrics"]
        return Evaluated(
            status,
            {metric["name"]: metric["value"] for metric in metrics},
            frozenset(metric["name"] for metric in metrics if not metric["holds"]),
        )

    return run


@pytest.fixture(scope="module")
def honest(evaluate: Evaluate) -> Mapping[str, float]:
    """The figures of the pipeline as it is, of both suites."""
    return {**evaluate("offline").values, **evaluate("hostile").values}


def spoilt(bad: Evaluated, honest: Mapping[str, float]) -> set[str]:
    """Return the figures that miss their thresholds and moved clearly; the status has to be 1."""
    assert bad.status == 1
    return {name for name in bad.missed if abs(bad.values[name] - honest[name]) >= CLEARLY}


def says(text: str | None) -> Callable[..., str | None]:
    """Return a composer that says the same to everything."""
    return lambda *_, **__: text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "亲，您好，一切以页面显示的为准哦，感谢您的支持！",
            {"suggest.helpful", "suggest.points_said"},
            id="a fixed sentence",
        ),
        pytest.param(
            "亲，您好，特价的宝贝开不了发票哦，谢谢您",
            {"suggest.helpful", "suggest.on_topic_handed_over"},
            id="refuses everything",
        ),
        pytest.param(None, {"suggest.helpful", "suggest.on_topic_handed_over"}, id="hands everything over"),
        pytest.param(
            "亲，您好，净重是523克，包装盒长37厘米哦，感谢您的支持！",
            {"suggest.helpful", "suggest.unsupported_facts"},
            id="makes facts up",
        ),
    ],
)
def test_a_composer_that_says_the_same_to_everything_fails(
    evaluate: Evaluate,
    honest: Mapping[str, float],
    monkeypatch: pytest.MonkeyPatch,
    text: str | None,
    expected: set[str],
) -> None:
    monkeypatch.setattr(composer, "compose", says(text))
    assert expected <= spoilt(evaluate("offline"), honest)


def test_a_composer_with_the_wording_of_another_topic_fails(
    evaluate: Evaluate, honest: Mapping[str, float], packaged: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    invoice, card = (packaged.rule(packaged.search(asked).concerns[0]) for asked in ("有发票吗", "可以刷信用卡吗"))
    right = composer.compose

    def mistaken(rules: Sequence[Rule], question: str, context: Context, *, attempt: int = 0) -> str | None:
        other = card if rules[0].topic == invoice.topic else invoice
        return right([other], question, context, attempt=attempt)

    monkeypatch.setattr(composer, "compose", mistaken)
    assert {"suggest.helpful", "suggest.points_said"} <= spoilt(evaluate("offline"), honest)


def test_a_checker_that_passes_everything_fails_offline(
    evaluate: Evaluate, honest: Mapping[str, float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Checker, "check", lambda *_: PASSED)
    found = spoilt(evaluate("offline"), honest)
    assert {"checker.natural_violations_found", "checker.disguised_violations_found"} <= found


def test_a_checker_that_passes_every_draft_lets_a_hostile_model_through_and_fails(
    evaluate: Evaluate, honest: Mapping[str, float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Checker, "check_draft", lambda *_: PASSED)
    names = ("violations_ready", "natural_violations_ready", "disguised_violations_ready")
    assert {f"hostile.{name}" for name in names} <= spoilt(evaluate("hostile"), honest)


def test_a_pipeline_that_takes_no_draft_is_no_safe_one_but_fails(
    evaluate: Evaluate, honest: Mapping[str, float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Drafts, "best", lambda *_: None)
    bad = evaluate("hostile")
    assert (bad.values["hostile.violations_ready"], spoilt(bad, honest)) == (0.0, {"hostile.good_drafts_unchanged"})
