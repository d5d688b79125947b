"""Everything about one rule, for `rules show` and for the rule documentation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from replyguide.checker.language.lexicon import Lexicon
from replyguide.checker.rules.packs import Example, Rule, example_context
from replyguide.checker.rules.rewording import Dispute
from replyguide.checker.why.class_words import ClassWords
from replyguide.checker.why.fact_words import name_of_fact, value_in_words, when_in_words
from replyguide.cli.output import VERDICTS
from replyguide.conditions import conditions_of
from replyguide.context import FACT_PATHS
from replyguide.topics import TOPICS


def page(rule: Rule, lexicon: Lexicon, statements: Mapping[str, str]) -> Iterator[str]:
    """Yield the lines that tell a rule whole; `statements` gives the texts of corpus facts by their ids."""
    spec, names = rule.spec, ClassWords(lexicon)
    yield f"{spec.id} {spec.title}（{VERDICTS[spec.level]} · {TOPICS[spec.topic]} · 规则包 {rule.pack} · {rule.file}）"
    yield f"为什么：{spec.why}"
    yield f"怎么改：{spec.fix}"
    yield f"扣分：{points_in_words(spec.points)} · 来源：{'、'.join(spec.sources)}"
    for dispute in spec.disputed:
        yield f"说法不一 · {dispute_in_words(dispute)}"
    for name in spec.facts:
        yield f"依据 {name}：{statements.get(name, '语料里没有这一条')}"
    yield f"什么时候查：{'；或者'.join(map(when_in_words, rule.when)) if rule.when else '任何时候'}"
    for matcher in rule.forbids:
        yield f"查的说法：{names.form(matcher)}"
    for matcher in rule.unless:
        yield f"例外：{names.form(matcher)}"
    yield from (f"可以这样回{line}" for line in rewordings_in_words(rule))
    for kind, examples in (
        ("违规示例", spec.violations()),
        ("合规示例", spec.examples.passing),
        ("已知遗漏", spec.examples.known_gaps),
    ):
        for example in examples:
            yield f"{kind}：{example_in_words(example, example.reply)}"


def points_in_words(points: list[float]) -> str:
    """Tell penalty points, the stricter figure first."""
    return "/".join(f"{value:g}" for value in points) if points else "没有写明"


def dispute_in_words(dispute: Dispute) -> str:
    """Tell a disputed point on one line."""
    return f"{dispute.about}：" + "；".join(f"{one.figure}（来源 {'、'.join(one.sources)}）" for one in dispute.says)


def rewordings_in_words(rule: Rule) -> Iterator[str]:
    """Tell each rewording, with the facts that it is for where there are several."""
    for spec in rule.spec.reword:
        fits = f"（{when_in_words(conditions_of(spec.when))}）" if spec.when else ""
        yield f"{fits}：{spec.say}"


def example_in_words(example: Example, reply: str) -> str:
    """Tell an example with what stands around it; `reply` is its text, with or without marks."""
    context = example_context(example)
    around = [f"{'客服' if turn.role == 'agent' else '买家'}之前说“{turn.text}”" for turn in context.history]
    known = [(path, context.get(path)) for path in sorted(FACT_PATHS) if path != "asker"]
    around += [f"{name_of_fact(path)}：{value_in_words(value)}" for path, value in known if value is not None]
    around += ["答的是客服同事"] if context.asker == "agent" else []
    asked = f"买家问“{context.question}”，答：" if context.question else ""
    return f"{asked}{reply}" + (f"（{'，'.join(around)}）" if around else "")
