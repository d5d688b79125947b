"""Reading rule files: what is taken, and how each fault is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from rule_files import BODY, front, put, put_three, text

from replyguide.conditions import Condition
from replyguide.context import Context
from replyguide.corpus.reader import read_corpus, read_rule
from replyguide.corpus.rule import MustSay
from replyguide.errors import CorpusError

NAME = "invoice/have.md"


def refusal(content: str | bytes, name: str = NAME) -> str:
    with pytest.raises(CorpusError) as caught:
        read_rule(content if isinstance(content, bytes) else content.encode(), name)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_sound_file_gives_all_its_fields() -> None:
    rule = read_rule(text().encode(), NAME)

    assert rule.id == "invoice-have"
    assert rule.sources == ("000", "002")
    assert rule.points == (6,)
    assert rule.must_say == (MustSay("明确说有", ("有", "可以开")),)
    assert rule.wordings[-1].when == {}
    assert rule.body == BODY.strip()
    assert rule.path == NAME


def test_windows_line_ends_and_a_byte_order_mark_are_read_like_any_other_file() -> None:
    content = b"\xef\xbb\xbf" + text().replace("\n", "\r\n").encode()

    assert read_rule(content, NAME) == read_rule(text().encode(), NAME)


def test_the_corpus_is_sorted_by_id_and_its_digest_changes_with_any_byte(tmp_path: Path) -> None:
    put_three(tmp_path)
    before = read_corpus(tmp_path)
    put(tmp_path, body=BODY + "\n")
    after = read_corpus(tmp_path)

    assert [rule.id for rule in before.rules] == ["invoice-have", "logistics-which-courier", "stock-in-stock"]
    assert before.digest != after.digest


def test_a_readme_in_the_corpus_is_no_rule(tmp_path: Path) -> None:
    put(tmp_path)
    (tmp_path / "README.md").write_text("how to write a rule", encoding="utf-8")

    assert len(read_corpus(tmp_path).rules) == 1


def test_a_folder_without_rules_is_an_empty_corpus(tmp_path: Path) -> None:
    assert read_corpus(tmp_path).rules == ()


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="没有这个规则文件夹"):
        read_corpus(tmp_path / "nowhere")


def test_an_id_cannot_be_used_twice_since_it_names_the_place_of_its_file(tmp_path: Path) -> None:
    put(tmp_path)
    (tmp_path / "invoice" / "again.md").write_text(text(), encoding="utf-8")

    with pytest.raises(CorpusError, match=r"invoice/again.md：id invoice-have 的文件应放在 invoice/have.md"):
        read_corpus(tmp_path)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"colour": "red"}, "不认识的键 colour"),
        ({"title": None}, "缺少键 title"),
        ({"title": "  "}, "键 title"),
        ({"topic": "invoices"}, "键 topic"),
        ({"id": "Invoice_have"}, "键 id"),
        ({"sources": ["009"]}, "键 sources.0"),
        ({"sources": [0]}, "键 sources.0"),
        ({"platform": []}, "键 platform"),
        ({"points": [-1]}, "键 points.0"),
        ({"facts": ["inv-1"]}, "键 facts.0"),
        ({"asks": []}, "键 asks"),
        ({"asks": ["有发票吗", "有发票吗"]}, "“有发票吗”写了两次"),
        ({"asks": ["有发票吗", True]}, "请加引号|加引号"),
        ({"must_say": []}, "键 must_say"),
        ({"must_say": [{"point": "有", "any": ["("]}]}, "不是正确的正则表达式"),
        ({"wordings": []}, "键 wordings"),
        ({"wordings": [{"say": "有", "en": "yes", "when": {"shop.cod": True}}]}, "最后一条话术不能带 when"),
        ({"wordings": [{"say": "有", "en": "yes"}, {"say": "好", "en": "ok"}]}, "请把它移到最后"),
        ({"wordings": [{"say": "有", "en": "a", "when": {}}, {"say": "好", "en": "b"}]}, "键 wordings.0.when"),
    ],
)
def test_each_fault_of_the_front_matter_names_file_key_and_mend(changes: dict[str, object], told: str) -> None:
    message = refusal(text(**changes))

    assert message.startswith(f"{NAME}：")
    assert any(one in message for one in told.split("|"))
    assert "请" in message


@pytest.mark.parametrize(
    ("when", "told"),
    [
        ({"shop.codd": True}, "没有 shop.codd 这个条件"),
        ({"shop.free_shipping": "everywhere"}, "shop.free_shipping 不会是 'everywhere'"),
        ({"shop.cod": "yes"}, "shop.cod 不会是 'yes'"),
        ({"product.price_yuan": {"at_least": 600}}, "at_least"),
        ({"product.price_yuan": {}}, "条件是空的"),
        ({"product.material": {"min": 3}}, "product.material 不会是 3"),
    ],
)
def test_a_condition_that_could_never_hold_is_refused(when: dict[str, object], told: str) -> None:
    wordings = [{"say": "有", "en": "yes", "when": when}, {"say": "好", "en": "ok"}]

    assert told in refusal(text(wordings=wordings))


def test_conditions_of_every_form_are_taken() -> None:
    when = {
        "shop.free_shipping": ["all", "mainland"],
        "shop.cod": True,
        "shop.couriers": {"known": True},
        "shop.free_shipping_min_qty": {"min": 2},
        "product.price_yuan": {"min": 600, "max": 2000.5},
    }
    rule = read_rule(
        text(wordings=[{"say": "有", "en": "yes", "when": when}, {"say": "好", "en": "ok"}]).encode(), NAME
    )

    assert rule.wordings[0].when["shop.free_shipping"] == Condition(allowed=("all", "mainland"))
    assert rule.wordings[0].when["product.price_yuan"] == Condition(minimum=600, maximum=2000.5)


def test_a_key_written_twice_is_refused_instead_of_the_later_one_winning() -> None:
    assert "键 title 写了两次" in refusal(text().replace("authority:", "title: 又一个\nauthority:"))


def test_broken_yaml_is_told_with_its_line() -> None:
    assert "第 5 行" in refusal(text().replace("title: ", "title: [", 1))


def test_bytes_that_are_no_utf8_are_refused() -> None:
    assert "不是 UTF-8" in refusal(text().encode("gb18030"))


@pytest.mark.parametrize("content", ["没有说明区", "---\nid: a\n没有结尾", ""])
def test_a_file_without_front_matter_is_refused(content: str) -> None:
    assert "说明区" in refusal(content)


def test_a_rule_without_a_body_is_refused() -> None:
    assert "没有正文" in refusal(text(body="\n \n"))


def test_a_file_lies_where_its_id_says() -> None:
    assert "应放在 invoice/have.md" in refusal(text(), "invoice/else.md")
    assert "应以“stock-”开头" in refusal(text(topic="stock"), "stock/have.md")


@pytest.mark.parametrize(
    ("condition", "value", "holds"),
    [
        (Condition(allowed=("all",)), "all", True),
        (Condition(allowed=("all",)), "none", False),
        (Condition(allowed=("all",)), None, False),
        (Condition(allowed=(True,)), 1, False),
        (Condition(allowed=("顺丰",)), ["圆通", "顺丰"], True),
        (Condition(allowed=("顺丰",)), [], False),
        (Condition(known=True), 0, True),
        (Condition(known=True), None, False),
        (Condition(known=False), None, True),
        (Condition(known=False), False, False),
        (Condition(minimum=600), 600, True),
        (Condition(minimum=600), 599.9, False),
        (Condition(minimum=600), None, False),
        (Condition(maximum=48), 72, False),
        (Condition(minimum=0), True, False),
    ],
)
def test_an_unknown_fact_meets_nothing_but_known_false(condition: Condition, value: object, holds: bool) -> None:
    assert condition.holds(value) is holds


def test_every_context_path_may_stand_in_a_condition() -> None:
    from replyguide.context import FACT_PATHS

    for path in FACT_PATHS:
        wordings = [{"say": "有", "en": "y", "when": {path: {"known": True}}}, {"say": "好", "en": "k"}]
        rule = read_rule(text(wordings=wordings).encode(), NAME)
        assert Context().get(next(iter(rule.wordings[0].when))) in (None, "buyer")


def test_the_fixture_is_a_rule_file_of_the_documented_form() -> None:
    assert set(front()) == {
        "id",
        "topic",
        "title",
        "platform",
        "authority",
        "sources",
        "facts",
        "points",
        "brief",
        "asks",
        "must_say",
        "wordings",
    }
