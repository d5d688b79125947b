"""`docs/rules.md`: what the packs hold, as a page for people. Generated, so that it cannot say anything else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import groupby

from replyguide.checker.rules.packs import Packs, Rule
from replyguide.checker.why.fact_words import when_in_words
from replyguide.cli.output import VERDICTS
from replyguide.cli.rule_page import dispute_in_words, example_in_words, points_in_words, rewordings_in_words
from replyguide.topics import TOPICS

COMMAND = "replyguide rules docs > docs/rules.md"
_NAMES = {"tmall": "天猫规则", "conduct": "服务规范", "law": "法律"}
_PACKS, _TOPICS = list(_NAMES), list(TOPICS)


def rule_docs(packs: Packs) -> str:
    """Return the page: packs, in them topics, in them rules, each in the order of its ids."""
    return "\n".join(_lines(packs)) + "\n"


def _lines(packs: Packs) -> Iterator[str]:
    levels = Counter(rule.spec.level for rule in packs.rules)
    counted = "、".join(f"{levels[level]} 条“{VERDICTS[level]}”" for level in ("block", "warn"))
    yield "# 检查规则"
    yield f"本页由 `{COMMAND}` 从规则包生成，请不要手改；怎样写规则见 [writing-rules.md](writing-rules.md)。"
    yield f"共 {len(packs.rules)} 条规则：{counted}。示例里 [[ ]] 标出查出的字。"
    ordered = sorted(packs.rules, key=_place)
    for pack, in_pack in groupby(ordered, key=lambda rule: rule.pack):
        yield from ("", f"## {_NAMES.get(pack, pack)}（{pack}）")
        for topic, rules in groupby(in_pack, key=lambda rule: rule.spec.topic):
            yield from ("", f"### {TOPICS[topic]}（{topic}）")
            for rule in rules:
                yield from ("", *_rule(rule))


def _place(rule: Rule) -> tuple[int, str, int, str]:
    known = _PACKS.index(rule.pack) if rule.pack in _PACKS else len(_PACKS)
    return known, rule.pack, _TOPICS.index(rule.spec.topic), rule.spec.id


def _rule(rule: Rule) -> Iterator[str]:
    spec = rule.spec
    yield f"#### {spec.id} {spec.title}"
    yield f"- 级别：{VERDICTS[spec.level]} · 扣分：{points_in_words(spec.points)} · 来源：{'、'.join(spec.sources)}"
    yield f"- 为什么：{spec.why}"
    if rule.when:
        yield f"- 什么时候查：{'；或者'.join(map(when_in_words, rule.when))}"
    for dispute in spec.disputed:
        yield f"- 说法不一：{dispute_in_words(dispute)}"
    yield f"- 查出：{_example(rule, found=True)}"
    yield f"- 放行：{_example(rule, found=False)}"
    yield f"- 怎么改：{spec.fix}"
    yield from (f"- 可以这样回{line}" for line in rewordings_in_words(rule))


def _example(rule: Rule, *, found: bool) -> str:
    example = rule.spec.violations()[0] if found else rule.spec.examples.passing[0]
    return example_in_words(example, example.reply).replace("\n", " ")
