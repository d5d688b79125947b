"""The screen of `check --why`: what was seen, what was weighed, what the rule says, what may be sent instead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from replyguide.checker.why.explanation import Evidence, Exemption, Explanation, RuleShown, Trace, WordShown
from replyguide.checker.why.fact_words import name_of_fact, value_in_words
from replyguide.cli.output import VERDICTS, say
from replyguide.topics import TOPICS

_PLACES = {"clause": "在这一小句里", "earlier": "在前面的小句里", "question": "在买家的问题里"}
_BESIDE_SHOWN = 3


def show_explanation(explanation: Explanation, statements: Mapping[str, str]) -> None:
    """Print the verdict with its reasons; `statements` gives the texts of corpus facts by their ids."""
    verdict = explanation.result.verdict
    say(VERDICTS[verdict], verdict=verdict)
    findings = zip(explanation.result.findings, explanation.findings, strict=True)
    for number, (finding, trace) in enumerate(findings, start=1):
        rule = trace.rule
        say()
        say(f"{number}. {VERDICTS[rule.level]} “{finding.matched}”（{_characters(finding.start, finding.end)}）")
        _print(f"规则 {rule.rule} {rule.title} · {TOPICS[rule.topic]}", *_seen(trace.evidence))
        _print(*_weighed(trace.evidence.exemptions))
        _print(*rule_lines(rule, statements))
    if explanation.exempted:
        say()
        say("看着像违规、但放过的：")
    for trace in explanation.exempted:
        for line in _excused(trace):
            say(line)


def _print(*lines: str) -> None:
    for line in lines:
        say(f"   {line}")


def _seen(evidence: Evidence) -> Iterator[str]:
    yield f"原文：{evidence.clause.written}"
    yield f"读作：{evidence.clause.read}"
    if evidence.likeness is not None:
        alike = evidence.likeness
        yield f"没有规则的词对上；整句和已知的违规说法相近：“{alike.nearest}”"
        yield f"最像违规的字：{'、'.join(alike.runs)}（{alike.score} 分，{alike.cut} 分起）"
    elif evidence.act is None:
        yield "动作：不看词，看整条回复的样子"
    else:
        yield f"动作：{_word(evidence.act)}"
        place = evidence.object.place
        yield "对象：不用另外的对象" if place == "none" else f"对象：“{evidence.object.text}”（{_PLACES[place]}）"
    if evidence.beside:
        yield f"旁边：{'、'.join(map(_word, evidence.beside))}"
    for fact in evidence.context:
        yield f"资料：{name_of_fact(fact.path)}：{value_in_words(fact.value)}（规则要求{fact.wanted}）"


def _word(word: WordShown) -> str:
    classes = f"，词类 {'、'.join(word.classes)}" if word.classes else ""
    return (
        f"“{word.text}”（{_characters(word.start, word.end)}，{'被否定' if word.negated else '没有被否定'}{classes}）"
    )


def _characters(start: int, end: int) -> str:
    return f"第 {end} 字" if end - start == 1 else f"第 {start + 1} 到 {end} 字"


def _weighed(exemptions: tuple[Exemption, ...]) -> Iterator[str]:
    """Tell what was tried; words that might stand beside and do not are told in one line, for there are many."""
    absent = [exemption for exemption in exemptions if exemption.kind == "without" and not exemption.holds]
    others = [exemption for exemption in exemptions if exemption not in absent]
    if exemptions:
        yield "试过的放行理由："
    for exemption in others:
        yield f"  {'√' if exemption.holds else '×'} {_reason(exemption)}"
    if absent:
        named = "；".join(exemption.tried for exemption in absent[:_BESIDE_SHOWN])
        more = f"等 {len(absent)} 种" if len(absent) > _BESIDE_SHOWN else ""
        yield f"  × {named}{more}：没有出现"


def _reason(exemption: Exemption) -> str:
    kind = "规则的例外，" if exemption.kind == "unless" else ""
    return f"{kind}{exemption.tried}：{exemption.because}"


def rule_lines(rule: RuleShown, statements: Mapping[str, str]) -> Iterator[str]:
    """Tell what a rule says, on what it rests, and what may be sent instead."""
    yield f"为什么：{rule.why}"
    yield f"怎么改：{rule.fix}"
    points = "/".join(f"{value:g}" for value in rule.points)
    yield f"扣分：{points if points else '没有写明'} · 来源：{'、'.join(rule.sources)}"
    for dispute in rule.disputed:
        yield f"说法不一 · {dispute.about}："
        for one in dispute.says:
            yield f"  {one.figure}（来源 {'、'.join(one.sources)}）"
    for name in rule.facts:
        yield f"依据 {name}：{statements.get(name, '语料里没有这一条')}"
    yield f"可以这样回：{rule.reword}" if rule.reword is not None else "没有适合这个情况的现成改写"


def _excused(trace: Trace) -> Iterator[str]:
    excuse, act = trace.excused_by, trace.evidence.act
    if excuse is None or act is None:
        return
    yield f"· “{trace.evidence.clause.written}”里的“{act.text}”（{trace.rule.rule} {trace.rule.title}）"
    yield f"  放行：{_reason(excuse)}"
