"""`replyguide eval`: scores the pipeline against labelled cases."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from replyguide.cli.options import DataDir, Embedder, Json, Model, Offline, RulesOnly
from replyguide.cli.output import complain, print_json
from replyguide.cli.progress import build_progress
from replyguide.cli.scoreboard import bounds_of, show
from replyguide.cli.session import Session
from replyguide.errors import CaseError
from replyguide.resources import shelf

if TYPE_CHECKING:
    from replyguide.copilot import Copilot
    from replyguide.evals.baseline import Baseline
    from replyguide.evals.cases import Part
    from replyguide.evals.report import Report


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command("eval", help="用带标签的案例给整个流程评分。退出码：0 全部达标，1 有指标低于阈值，或比基线明显变差。")(
        evaluate
    )


def evaluate(
    cases: Annotated[Path | None, typer.Option("--cases", help="案例文件夹。", show_default=False)] = None,
    dev: Annotated[bool, typer.Option("--dev", help="用 dev 案例（调试用，列出没达到的），默认用 test。")] = False,
    report_file: Annotated[Path | None, typer.Option("--report", help="把结果写成网页。", show_default=False)] = None,
    baseline: Annotated[
        Path | None, typer.Option("--baseline", help="与以前的结果（JSON）逐例比较。", show_default=False)
    ] = None,
    save_baseline: Annotated[
        Path | None, typer.Option("--save-baseline", help="认可这次的结果，存成新的基线。", show_default=False)
    ] = None,
    as_json: Json = False,
    offline: Offline = False,
    rules_only: RulesOnly = False,
    model: Model = None,
    embedder: Embedder = None,
    data_dir: DataDir = None,
) -> int:
    """Score retrieval, suggestions and the checker; compare with thresholds and a baseline."""
    from replyguide.evals.baseline import Baseline, read_baseline
    from replyguide.evals.report import html_page

    part: Part = "dev" if dev else "test"
    earlier = read_baseline(baseline) if baseline is not None else Baseline()
    if earlier.part not in (None, part):
        raise CaseError(f"{baseline}：是 {earlier.part} 案例的结果，这次评的是 {part}，不能比较")
    session = Session(model=model, embedder=embedder, second_layer=False if rules_only else None, data_dir=data_dir)
    folder = cases if cases is not None else shelf("evals")
    with build_progress() as progress:
        report = _scored(session.copilot(progress), folder, part, earlier, offline=offline)
    if report_file is not None:
        report_file.write_text(html_page(report, earlier.values), "utf-8")
    if as_json:
        print_json(report.as_json())
    else:
        show(report, earlier.values)
    _complain(report, baseline, earlier)
    if save_baseline is not None:
        _accept(report, save_baseline)
    return 0 if report.holds else 1


def _accept(report: Report, path: Path) -> None:
    """Keep the run as a baseline. A refusal changes no status: what misses a threshold has failed already."""
    from replyguide.evals.baseline import write_baseline

    try:
        write_baseline(report, path)
    except CaseError as refusal:
        complain(str(refusal))


def _scored(copilot: Copilot, folder: Path, part: Part, earlier: Baseline, *, offline: bool) -> Report:
    from replyguide.evals.cases import read_questions, read_replies
    from replyguide.evals.comparison import compare
    from replyguide.evals.judging import by_style, by_topic, judge, score_checker
    from replyguide.evals.metrics import read_thresholds, with_thresholds
    from replyguide.evals.report import Report
    from replyguide.evals.scoring import score_retrieval, score_suggestions

    questions, replies = read_questions(folder, part), read_replies(folder, part)
    thresholds = read_thresholds(folder / "thresholds.toml")
    judged = judge(copilot.checker, replies)
    scores = (
        score_retrieval(copilot, questions),
        score_suggestions(copilot, questions, offline=offline),
        score_checker(judged),
    )
    outcomes = tuple(one for score in scores for one in score.outcomes)
    misses = (miss for score in scores for miss in score.misses)
    return Report(
        part=part,
        date=datetime.date.today().isoformat(),
        packs=copilot.checker.packs.digest,
        index=copilot.index.label,
        model=None if offline else copilot.settings.model,
        metrics=tuple(with_thresholds([metric for score in scores for metric in score.metrics], thresholds)),
        misses=tuple(miss if part == "dev" else miss.without_texts() for miss in misses),
        by_topic=by_topic(judged),
        by_style=by_style(judged),
        outcomes=outcomes,
        differences=compare(outcomes, earlier.outcomes),
    )


def _complain(report: Report, baseline: Path | None, earlier: Baseline) -> None:
    """Name on stderr what fails the run, a line each, and what was not compared."""
    for metric in report.metrics:
        if not metric.holds:
            complain(f"{metric.name} 是 {metric.value:.3f}，没有达到 {bounds_of(metric)}")
    for one in report.differences:
        if one.is_worse:
            complain(
                f"{one.metric} 比基线差：{one.compared} 例中 {one.lost} 例从对变错，{one.gained} 例从错变对，"
                f"p = {one.p:.2g}（McNemar 精确检验）"
            )
    if baseline is not None and not earlier.outcomes:
        complain(f"{baseline}：没有逐例结果，只列出数值，没有检验；用 --save-baseline 可以重新生成")
