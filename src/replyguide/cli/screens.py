"""What an agent reads on a terminal: a suggestion, and a check."""

from __future__ import annotations

from replyguide.checker import CheckResult
from replyguide.cli.output import VERDICTS, say
from replyguide.copilot import Suggestion

# Rules that are less likely to be meant only distract an agent; `--json` and `search` have them all.
_SHOWN_FROM = 0.7


def show_suggestion(suggestion: Suggestion) -> None:
    """Print for the agent's eyes: the reply first, on a line of its own and ready to copy; then what it rests on."""
    if suggestion.reply is not None:
        say(suggestion.reply)
        say()
    origin = {"model": "模型草稿", "script": "话术", None: "无"}[suggestion.origin]
    ready = "内部参考，勿发给买家" if suggestion.asker == "agent" else "可以发送"
    status = ready if suggestion.status == "ready" else "请人工接手"
    say(f"{VERDICTS[suggestion.check.verdict]} · {status} · {origin}", verdict=suggestion.check.verdict)
    if suggestion.handover_reason is not None:
        say(f"原因：{suggestion.handover_reason}")
    for caution in suggestion.cautions:
        say(f"注意：{caution}")
    if suggestion.missing:
        say(f"没有说到：{'、'.join(suggestion.missing)}")
    for finding in suggestion.check.findings:
        say(f"提醒：“{finding.matched}” {finding.why}（{finding.rule}）")
    for attempt in suggestion.attempts:
        if attempt.error is not None:
            say(f"模型没有给出草稿：{attempt.error}")
        elif attempt.check.verdict == "block":
            finding = attempt.check.findings[0]
            say(f"拦下的草稿：{attempt.text}")
            say(f"  “{finding.matched}” {finding.why}（{finding.rule}）")
    for hit in suggestion.rules:
        if hit.rank > 1 and hit.score < _SHOWN_FROM:
            continue
        say(f"规则：{hit.title}（{hit.topic} · {hit.id} · 来源 {hit.source}）")


def show_check(result: CheckResult) -> None:
    """Print a verdict and what it rests on."""
    say(VERDICTS[result.verdict], verdict=result.verdict)
    for finding in result.findings:
        points = f" · 扣 {'/'.join(f'{value:g}' for value in finding.points)} 分" if finding.points else ""
        say(f"{VERDICTS[finding.level]} “{finding.matched}”（{finding.rule}{points}）")
        say(f"  为什么：{finding.why}")
        say(f"  怎么改：{finding.fix}")
        say(f"  可以这样回：{finding.reword}")
