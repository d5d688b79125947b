"""What holds for any reply, drawn at random: no crash, spans inside it, one verdict, no talking a block away.

The draws are the same in every run: a failure here is a failure everywhere.
"""

from __future__ import annotations

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from replyguide.checker import CheckResult, load_checker
from replyguide.checker.proof.disguising import DISGUISES
from replyguide.checker.proof.proving import MUST_BE_UNDONE
from replyguide.checker.rules.packs import Example, example_context
from replyguide.context import Context

CHECKER = load_checker()
BLOCKED: list[Example] = [example for rule in CHECKER.packs.rules for example in rule.spec.examples.block]
WORDS: list[str] = sorted(itertools.chain.from_iterable(CHECKER.packs.lexicon.entries.values()))

# What an agent may say beside anything: it commits to nothing and takes nothing back.
BEFORE = (
    "您好，欢迎光临本店。",
    "亲，感谢您的耐心等待。",
    "亲，不好意思让您久等了。",
    "您好，很高兴为您服务哦！",
    "亲，客服小美在的哦。",
)
AFTER = (
    "，祝您购物愉快哦。",
    "，有其他问题随时联系我们哦",
    "，感谢您的支持与理解，谢谢您~",
    "。这款有红色和蓝色两种颜色呢。",
    "。我们的上班时间是早上九点到晚上十点哦。",
    "。尺码表在详情页第二屏哦",
    "。今天杭州天气不错呢。",
)

# Deterministic, without a clock: what the machine does beside must not decide a test.
properties = settings(max_examples=200, deadline=None, derandomize=True, database=None)

any_text = st.text(st.characters(codec=None, exclude_categories=()), max_size=200)  # lone surrogates too
spoken = st.lists(
    st.one_of(
        st.sampled_from(WORDS),
        st.sampled_from(
            ["亲", "，", "。", "？", "！", "的", "不", "没有", "您", "我们", "哦", "如果", "“", "”", "\n", " ", "3天"]
        ),
        any_text.map(lambda text: text[:3]),
    ),
    max_size=40,
).map("".join)
replies = st.one_of(any_text, spoken)
turns = st.builds(
    lambda role, text: {"role": role, "text": text}, st.sampled_from(["buyer", "agent"]), st.one_of(spoken, any_text)
)
contexts = st.fixed_dictionaries(
    {},
    optional={
        "question": replies,
        "history": st.lists(turns, max_size=4),
        "asker": st.sampled_from(["buyer", "agent"]),
        "buyer_verified": st.booleans(),
        "shop": st.fixed_dictionaries(
            {},
            optional={
                "free_shipping": st.sampled_from(["all", "mainland", "except_remote", "none"]),
                "free_shipping_min_qty": st.integers(0, 5),
                "couriers": st.lists(st.sampled_from(["顺丰", "中通", "", "🚚"]), max_size=3),
                "cod": st.booleans(),
                "ships_within_hours": st.floats(0.5, 1e6),
                "return_7d": st.booleans(),
                "promotion": st.sampled_from(["juhuasuan", "seckill", "limited_discount", "none"]),
            },
        ),
        "product": st.fixed_dictionaries(
            {},
            optional={
                "price_yuan": st.floats(0, 1e7),
                "material": any_text,
                "gifts": st.lists(any_text, max_size=3),
                "category": any_text,
            },
        ),
    },
).map(Context.model_validate)


def assert_sound(result: CheckResult, reply: str) -> None:
    levels = {finding.level for finding in result.findings}
    assert result.verdict == ("block" if "block" in levels else "warn" if levels else "pass")
    for finding in result.findings:
        assert 0 <= finding.start < finding.end <= len(reply)
        assert finding.matched == reply[finding.start : finding.end]


@properties
@given(replies, contexts)
def test_any_reply_in_any_context_gets_one_verdict_and_spans_inside_it(reply: str, context: Context) -> None:
    result = CHECKER.check(reply, context)
    assert_sound(result, reply)
    assert CHECKER.check(reply, context) == result


@properties
@given(st.sampled_from(BLOCKED), st.sampled_from(BEFORE), st.sampled_from(AFTER), st.booleans(), st.booleans())
def test_harmless_words_beside_a_violation_do_not_make_it_pass(
    example: Example, before: str, after: str, is_before: bool, is_after: bool
) -> None:
    violation = example.unmarked().rstrip("，。~！!") if is_after else example.unmarked()
    reply = (before if is_before else "") + violation + (after if is_after else "")
    result = CHECKER.check(reply, example_context(example))
    assert_sound(result, reply)
    assert result.verdict == "block", reply


@properties
@given(st.sampled_from(BLOCKED), st.sampled_from(MUST_BE_UNDONE))
def test_a_disguise_does_not_make_a_violation_pass(example: Example, technique: str) -> None:
    reply = DISGUISES[technique](example.unmarked())
    result = CHECKER.check(reply, example_context(example))
    assert_sound(result, reply)
    assert result.verdict == "block", reply


@properties
@given(st.sampled_from(BLOCKED), st.sampled_from(sorted(DISGUISES)), any_text, any_text)
def test_a_disguised_violation_among_any_characters_has_its_spans_inside(
    example: Example, technique: str, before: str, after: str
) -> None:
    reply = before + DISGUISES[technique](example.unmarked()) + after
    assert_sound(CHECKER.check(reply, example_context(example)), reply)


@properties
@given(
    st.sampled_from(BLOCKED), st.lists(st.sampled_from(["\u200b", "\u200d", "\u2060", "\ufeff", "\u00ad"]), min_size=1)
)
def test_characters_without_width_anywhere_change_no_verdict(example: Example, invisible: list[str]) -> None:
    reply = "".join(
        character + mark for character, mark in zip(example.unmarked(), itertools.cycle(invisible), strict=False)
    )
    assert CHECKER.check(reply, example_context(example)).verdict == "block"


def test_every_violation_stands_every_harmless_sentence_alone() -> None:
    """Not drawn but all of them: this is what a shop relies on."""
    passed = [
        reply
        for example in BLOCKED
        for reply in (
            *(before + example.unmarked() for before in BEFORE),
            *(example.unmarked().rstrip("，。~！!") + after for after in AFTER),
        )
        if CHECKER.check(reply, example_context(example)).verdict != "block"
    ]
    assert passed == []
