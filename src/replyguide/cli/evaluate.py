"""`replyguide eval`: scores the pipeline against labelled cases."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from replyguide.cli.options import DataDir, Embedder, Json, Model, Offline, RulesOnly
from replyguide.cli.output import complain, print_json
from replyguide.cli.progress import build_progress
from replyguide.cli.scoreboard import bounds_of, show
from replyguide.cli.session import Session
from replyguide.errors import CaseError, UsageError
from replyguide.resources import shelf

if TYPE_CHECKING:
    from replyguide.copilot import Copilot
    from replyguide.evals.baseline import Baseline
    from replyguide.evals.cases import Part, QuestionCase, ReplyCase
    from replyguide.evals.metrics import Metric
    from replyguide.evals.report import Report
    from replyguide.evals.scoring import Scores
    from replyguide.evals.suites import Suite

    Thresholds = Mapping[str, Mapping[str, float]]


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
    suite: Annotated[
        str | None,
        typer.Option("--suite", help="offline 不用模型，model 用配置的模型，hostile 用恶意模型。", show_default=False),
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, help="模型起草的案例最多几例。", show_default=False)
    ] = None,
    junit: Annotated[Path | None, typer.Option("--junit", help="把结果写成 JUnit XML。", show_default=False)] = None,
    as_json: Json = False,
    offline: Offline = False,
    rules_only: RulesOnly = False,
    model: Model = None,
    embedder: Embedder = None,
    data_dir: DataDir = None,
) -> int:
    """Score retrieval, suggestions and the checker; compare with thresholds and a baseline."""
    from replyguide.evals.baseline import Baseline, read_baseline
    from replyguide.evals.junit import write_junit
    from replyguide.evals.report import html_page

    part: Part = "dev" if dev else "test"
    session = Session(model=model, embedder=embedder, second_layer=False if rules_only else None, data_dir=data_dir)
    chosen = _suite(suite, offline=offline, model=session.settings.model)
    earlier = read_baseline(baseline) if baseline is not None else Baseline()
    for what, was, now in (("案例", earlier.part, part), ("套件", earlier.suite, chosen)):
        if was not in (None, now):
            raise CaseError(f"{baseline}：是 {was} {what}的结果，这次评的是 {now}，不能比较")
    with build_progress() as progress:
        report = _scored(session.copilot(progress), chosen, _Cases(cases, part, limit), earlier)
    if report_file is not None:
        report_file.write_text(html_page(report, earlier.values), "utf-8")
    if junit is not None:
        write_junit(report, junit)
    if as_json:
        print_json(report.as_json())
    else:
        show(report, earlier.values)
    _complain(report, baseline, earlier)
    if save_baseline is not None:
        _accept(report, save_baseline)
    return 0 if report.holds else 1


@dataclass(frozen=True, slots=True)
class _Cases:
    """The cases to score: their folder (`None`: those that come with the package), the part, how many of them."""

    own: Path | None
    part: Part
    limit: int | None

    @property
    def folder(self) -> Path:
        return shelf("evals") if self.own is None else self.own


def _suite(said: str | None, *, offline: bool, model: str | None) -> Suite:
    """Choose the suite: what is said, else the model's if there is one to ask."""
    from replyguide.evals.suites import SUITES

    if said is None:
        return "offline" if offline or model is None else "model"
    for suite in SUITES:
        if said == suite:
            break
    else:
        raise UsageError(f"没有 {said} 这个套件，可用的有 {'、'.join(SUITES)}")
    if suite == "model" and (offline or model is None):
        raise UsageError("套件 model 要有模型：请设置 REPLYGUIDE_MODEL 或 --model，并去掉 --offline")
    return suite


def _accept(report: Report, path: Path) -> None:
    """Keep the run as a baseline. A refusal changes no status: what misses a threshold has failed already."""
    from replyguide.evals.baseline import write_baseline

    try:
        write_baseline(report, path)
    except CaseError as refusal:
        complain(str(refusal))


def _scored(copilot: Copilot, suite: Suite, cases: _Cases, earlier: Baseline) -> Report:
    from replyguide.evals.comparison import compare
    from replyguide.evals.judging import by_style, by_topic
    from replyguide.evals.prompt_texts import prompt_diff, read_prompt_texts
    from replyguide.evals.report import Report
    from replyguide.evals.suites import run_suite

    questions, replies, thresholds = _read(cases)
    scores, judged = run_suite(suite, copilot, questions, replies, limit=cases.limit)
    outcomes = tuple(one for score in scores for one in score.outcomes)
    misses = (miss for score in scores for miss in score.misses)
    prompts = read_prompt_texts(shelf("prompts"))
    return Report(
        suite=suite,
        part=cases.part,
        date=datetime.date.today().isoformat(),
        packs=copilot.checker.packs.digest,
        index=copilot.index.label,
        model=copilot.settings.model if suite == "model" else None,
        metrics=tuple(_bounded(scores, suite, thresholds)),
        misses=tuple(miss if cases.part == "dev" else miss.without_texts() for miss in misses),
        by_topic=by_topic(judged),
        by_style=by_style(judged),
        outcomes=outcomes,
        differences=compare(outcomes, earlier.outcomes),
        prompts=prompts,
        prompt_diff=prompt_diff(prompts, earlier.prompts) if earlier.prompts is not None else "",
        has_thresholds=thresholds is not None,
        milliseconds=tuple(spent for score in scores for spent in score.milliseconds),
    )


def _read(cases: _Cases) -> tuple[list[QuestionCase], list[ReplyCase], Thresholds | None]:
    """Read the cases and thresholds; a folder of the user's own may do without replies or questions, and thresholds."""
    from replyguide.evals.cases import read_questions, read_replies
    from replyguide.evals.metrics import read_thresholds

    folder, is_own = cases.folder, cases.own is not None
    questions = read_questions(folder, cases.part, may_lack=is_own)
    replies = read_replies(folder, cases.part, may_lack=is_own)
    if not questions and not replies:
        raise CaseError(_without_cases(folder, cases.part))
    path = folder / "thresholds.toml"
    if is_own and not path.exists():
        complain(f"{folder}：没有 thresholds.toml，所有数字只作参考，不判断是否达标")
        return questions, replies, None
    return questions, replies, read_thresholds(path)


def _without_cases(folder: Path, part: Part) -> str:
    if not folder.is_dir():
        return f"{folder}：没有这个文件夹，请检查 --cases"
    missing = f"{folder}：没有 questions.{part}.jsonl，也没有 replies.{part}.jsonl"
    if part == "test" and any(folder.glob("*.dev.jsonl")):
        return f"{missing}，只有 dev 案例，请加上 --dev"
    return f"{missing}，请检查文件夹"


def _bounded(scores: Sequence[Scores], suite: Suite, thresholds: Thresholds | None) -> list[Metric]:
    from replyguide.evals.metrics import with_thresholds
    from replyguide.evals.suites import BRINGS

    metrics = [metric for score in scores for metric in score.metrics]
    scored = {metric.name.partition(".")[0] for metric in metrics}
    return with_thresholds(metrics, thresholds or {}, brought=BRINGS[suite] & scored)


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
