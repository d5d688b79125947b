"""What an explanation tells: of findings what was seen and weighed, of excused hits what excused them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import replyguide
from replyguide.checker import load_checker
from replyguide.checker.rules.packs import Example, Rule, example_context
from replyguide.checker.why.case import Case
from replyguide.checker.why.exempted import MOST_SHOWN
from replyguide.checker.why.explanation import Exemption, Trace
from replyguide.context import Context, Product, Shop

CHECKER = load_checker()
RULES = CHECKER.packs.rules


def examples(rule: Rule) -> Iterator[Example]:
    yield from rule.spec.violations()
    yield from rule.spec.examples.passing


def finding_of(reply: str, context: Context | None = None, *, rule: str) -> Trace:
    found = CHECKER.explain(reply, context).findings
    return next(trace for trace in found if trace.rule.rule == rule)


def exempted(reply: str, context: Context | None = None) -> dict[str, Exemption]:
    """Return what excused each rule that would have spoken."""
    traces = CHECKER.explain(reply, context).exempted
    return {trace.rule.rule: trace.excused_by for trace in traces if trace.excused_by is not None}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.spec.id)
def test_a_trial_stands_exactly_where_the_form_matches(rule: Rule) -> None:
    for example in examples(rule):
        case = Case(example.unmarked(), example_context(example), CHECKER)
        reading, situation = CHECKER.read(example.unmarked(), example_context(example))
        for matcher in (*rule.forbids, *rule.unless):
            if matcher.form.manner is None:
                matched = {(match.start, match.end, match.clause) for match in matcher.matches(reading, situation)}
                trials = case.trials(matcher, range(len(reading.clauses)))
                assert {(*t.span, t.clause) for t in trials if t.holds} == matched, (example.reply, matcher.form)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.spec.id)
def test_every_violation_is_explained_by_words_of_the_reply_and_a_rewording_that_passes(rule: Rule) -> None:
    for example in rule.spec.violations():
        reply, context = example.unmarked(), example_context(example)
        explanation = CHECKER.explain(reply, context)
        assert explanation.result == CHECKER.check(reply, context)
        for finding, trace in zip(explanation.result.findings, explanation.findings, strict=True):
            clause, act = trace.evidence.clause, trace.evidence.act
            assert finding.rule == trace.rule.rule
            if finding.rule == rule.spec.id:
                assert trace.rule.reword is not None
                assert CHECKER.check(trace.rule.reword, context).verdict == "pass"
            assert clause.written == reply[clause.start : clause.end]
            if not any(form.manner for form in CHECKER.packs.rule(finding.rule).spec.forbids):  # type: ignore[union-attr]
                assert act is not None, (finding.rule, reply)
                assert act.text == reply[act.start : act.end]
                assert finding.start <= act.start < act.end <= finding.end


def test_a_clause_is_shown_as_written_and_as_read() -> None:
    evidence = finding_of("親，特價的寶貝開不了發\u200b票喔", rule="INV-refuse").evidence
    assert (evidence.clause.written, evidence.clause.read) == ("特價的寶貝開不了發\u200b票喔", "特价的宝贝开不了发票喔")


def test_an_act_is_shown_with_its_polarity_and_the_object_beside_it() -> None:
    evidence = finding_of("亲，特价的宝贝开不了发票哦", rule="INV-refuse").evidence
    assert evidence.act is not None
    assert (evidence.act.text, evidence.act.start, evidence.act.negated) == ("开", 7, True)
    assert (evidence.object.place, evidence.object.text, evidence.object.start) == ("clause", "发票", 10)


def test_an_object_that_the_reply_leaves_out_is_shown_from_the_question() -> None:
    evidence = finding_of("亲，这个没有的哦", Context(question="有发票吗"), rule="INV-refuse").evidence
    assert (evidence.object.place, evidence.object.text, evidence.object.start) == ("question", "发票", None)


def test_an_object_of_an_earlier_clause_is_shown_from_there() -> None:
    evidence = finding_of("亲，发票的话，这个开不了哦", rule="INV-refuse").evidence
    assert (evidence.object.place, evidence.object.text, evidence.object.start) == ("earlier", "发票", 2)


def test_a_number_is_shown_beside_its_bound_and_where_that_comes_from() -> None:
    reply = "亲，付款后72小时内发出哦"
    (number,) = finding_of(reply, rule="SHT-late").evidence.numbers
    assert (number.value, number.unit, number.relation, number.limit) == (72, "hours", "above", 48)
    assert "默认" in number.basis
    shop = Context(shop=Shop(ships_within_hours=24))
    (number,) = finding_of(reply, shop, rule="SHT-late").evidence.numbers
    assert (number.limit, "承诺" in number.basis) == (24, True)


def test_the_facts_that_let_a_rule_speak_are_shown() -> None:
    context = Context(question="可以货到付款吗", shop=Shop(cod=True))
    facts = finding_of("亲，不支持货到付款哦", context, rule="COD-refuse").evidence.context
    assert [(fact.path, fact.value) for fact in facts] == [("shop.cod", True)]


def test_every_exemption_of_a_finding_was_tried_and_failed() -> None:
    exemptions = finding_of("亲，特价的宝贝开不了发票哦", rule="INV-refuse").evidence.exemptions
    assert {"polarity", "quotation", "question", "condition", "without", "unless"} <= {one.kind for one in exemptions}
    assert [one for one in exemptions if one.holds or not one.because] == []


def test_where_sources_disagree_both_figures_are_shown_the_stricter_first() -> None:
    rule = finding_of("亲，我们这里不能用信用卡付款哦", rule="CRD-refuse").rule
    assert [[one.figure[:3] for one in dispute.says] for dispute in rule.disputed] == [["6 分", "4 分"]]


@pytest.mark.parametrize(
    ("reply", "question", "rule", "kind"),
    [
        ("亲，我们没有QQ哦，请在旺旺上联系，谢谢您", None, "OPC-agree", "polarity"),
        ("亲，不是没有发票哦，交易成功后给您寄出，谢谢您", "没有发票吗", "INV-refuse", "polarity"),
        ("亲，您说的微信转账我们是不支持的哦，谢谢您", None, "OPP-agree", "quotation"),
        ("亲，付款后24小时内发出哦", None, "SHT-late", "number"),
        ("亲，抱歉这款不包邮哦", "包邮吗", "SHF-ask", "when"),
        ("亲，默认圆通包邮，改顺丰要加12元差价哦", "加急要钱吗", "SHF-ask", "unless"),
        ("亲，无理由退货的运费由您承担哦", "退货运费谁出", "RFR-always", "subject"),
    ],
)
def test_a_hit_that_was_excused_is_shown_with_its_excuse(
    reply: str, question: str | None, rule: str, kind: str
) -> None:
    context = Context(question=question, shop=Shop(free_shipping="all") if kind == "unless" else Shop())
    assert CHECKER.check(reply, context).verdict == "pass"
    excuse = exempted(reply, context)[rule]
    assert (excuse.kind, excuse.holds, bool(excuse.because)) == (kind, True, True)


def test_what_a_colleague_is_told_is_excused_by_who_asks() -> None:
    excuse = exempted("亲，特价的宝贝开不了发票哦", Context(asker="agent"))["INV-refuse"]
    assert excuse.kind == "asker"


def test_a_plain_reply_has_nothing_to_excuse() -> None:
    explanation = CHECKER.explain("亲，您好，尺码表在详情页第二屏，您按身高体重选就好哦，谢谢您")
    assert (explanation.findings, explanation.exempted) == ((), ())


def test_words_that_break_a_rule_are_not_shown_as_excused_too() -> None:
    explanation = CHECKER.explain("亲，不支持货到付款哦", Context(shop=Shop(cod=True)))
    assert {trace.rule.topic for trace in explanation.findings} == {"cod"}
    assert "cod" not in {trace.rule.topic for trace in explanation.exempted}


def test_a_rewording_that_the_situation_forbids_is_not_shown() -> None:
    """The page offers no such thing as the rewording promises: then none is better than a wrong one."""
    context = Context(product=Product(price_yuan=99), question="能分期吗")
    for trace in CHECKER.explain("亲，可以分期的哦", context).findings:
        reword = trace.rule.reword
        assert reword is None or CHECKER.check(reword, context).verdict == "pass"


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200), st.one_of(st.none(), st.text(max_size=30)))
def test_any_reply_can_be_explained_twice_alike_with_spans_inside_it(reply: str, question: str | None) -> None:
    context = Context(question=question)
    first, second = CHECKER.explain(reply, context), CHECKER.explain(reply, context)
    assert first == second
    assert len(first.exempted) <= MOST_SHOWN
    for trace in (*first.findings, *first.exempted):
        clause = trace.evidence.clause
        assert reply[clause.start : clause.end] == clause.written


def test_a_wall_of_violations_is_explained_in_part() -> None:
    explanation = CHECKER.explain("亲，没有发票的哦，" * 500)
    assert explanation.result.verdict == "block"
    assert len(explanation.findings) == len(explanation.result.findings)
    assert len(explanation.exempted) <= MOST_SHOWN


def test_a_check_loads_nothing_of_the_explanation() -> None:
    program = (
        "import sys\n"
        "from replyguide.checker import load_checker\n"
        "load_checker().check('亲，特价的宝贝开不了发票哦')\n"
        "print([name for name in sys.modules if 'explain' in name or 'trial' in name])\n"
    )
    surroundings = {**os.environ, "PYTHONPATH": str(Path(replyguide.__file__).parent.parent)}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, env=surroundings, text=True)
    assert done.stdout.strip() == "[]"
