"""`replyguide eval`: scores the pipeline against labelled cases."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from replyguide.cli.options import DataDir, Embedder, Json, Model, Offline
from replyguide.cli.output import complain, console, print_json
from replyguide.cli.progress import build_progress
from replyguide.cli.session import Session
from replyguide.resources import shelf

if TYPE_CHECKING:
    from replyguide.copilot import Copilot
    from replyguide.evals.cases import Part
    from replyguide.evals.metrics import Metric
    from replyguide.evals.report import Report


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command("eval", help="用带标签的案例给整个流程评分。退出码：0 全部达标，1 有指标低于阈值。")(evaluate)


def evaluate(
    cases: Annotated[Path | None, typer.Option("--cases", help="案例文件夹。", show_default=False)] = None,
    dev: Annotated[bool, typer.Option("--dev", help="用 dev 案例（调试用），默认用 test。")] = False,
    report_file: Annotated[Path | None, typer.Option("--report", help="把结果写成网页。", show_default=False)] = None,
    baseline: Annotated[
        Path | None, typer.Option("--baseline", help="与以前的结果（JSON）比较。", show_default=False)
    ] = None,
    as_json: Json = False,
    offline: Offline = False,
    model: Model = None,
    embedder: Embedder = None,
    data_dir: DataDir = None,
) -> int:
    """Score retrieval, suggestions and the checker; compare with thresholds and a baseline."""
    from replyguide.evals.report import html_page, read_baseline

    earlier = read_baseline(baseline) if baseline is not None else {}
    session = Session(model=model, embedder=embedder, data_dir=data_dir)
    folder = cases if cases is not None else shelf("evals")
    with build_progress() as progress:
        report = _scored(session.copilot(progress), folder, "dev" if dev else "test", offline=offline)
    if report_file is not None:
        report_file.write_text(html_page(report, earlier), "utf-8")
    if as_json:
        print_json(report.as_json())
    else:
        _show(report, earlier)
    for metric in report.metrics:
        if not metric.holds:
            complain(f"{metric.name} 是 {metric.value:.3f}，没有达到 {_bounds(metric)}")
    return 0 if report.holds else 1


def _scored(copilot: Copilot, folder: Path, part: Part, *, offline: bool) -> Report:
    from replyguide.evals.cases import read_questions, read_replies
    from replyguide.evals.metrics import read_thresholds, with_thresholds
    from replyguide.evals.report import Report
    from replyguide.evals.scoring import score_checker, score_retrieval, score_suggestions, topic_counts

    questions, replies = read_questions(folder, part), read_replies(folder, part)
    scores = (
        score_retrieval(copilot, questions),
        score_suggestions(copilot, questions, offline=offline),
        score_checker(copilot.checker, replies),
    )
    metrics = [metric for score in scores for metric in score.metrics]
    return Report(
        part=part,
        date=datetime.date.today().isoformat(),
        packs=copilot.checker.packs.digest,
        index=copilot.index.label,
        model=None if offline else copilot.settings.model,
        metrics=tuple(with_thresholds(metrics, read_thresholds(folder / "thresholds.toml"))),
        topics=topic_counts(copilot.checker, replies),
        misses=tuple(miss for score in scores for miss in score.misses),
    )


def _bounds(metric: Metric) -> str:
    least = f"≥ {metric.least:g}" if metric.least is not None else ""
    most = f"≤ {metric.most:g}" if metric.most is not None else ""
    return " ".join(part for part in (least, most) if part)


def _show(report: Report, baseline: dict[str, float]) -> None:
    from rich.table import Table

    table = Table(
        title=f"{report.part} · {report.date} · 规则包 {report.packs[:8]} · {report.index} · 模型 {report.model}"
    )
    for heading in ("指标", "值", "计数", "95% 区间", "阈值", "基线", ""):
        table.add_column(heading)
    for metric in report.metrics:
        counted = metric.count is not None
        table.add_row(
            metric.name,
            f"{metric.value:.3f}",
            f"{metric.count}/{metric.total}" if counted else str(metric.total),
            f"{metric.low:.2f}–{metric.high:.2f}" if counted else "",
            _bounds(metric) or "信息",
            f"{baseline[metric.name]:.3f}" if metric.name in baseline else "",
            "" if metric.holds else "✗",
        )
    console().print(table)
