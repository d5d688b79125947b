"""Cutting rules into passages."""

from __future__ import annotations

import re

from rule_files import BODY, text

from replyguide.corpus.passages import LONGEST_BODY, Passage, passages, plain
from replyguide.corpus.reader import read_rule
from replyguide.corpus.rule import Rule


def rule(body: str = BODY, **changes: object) -> Rule:
    return read_rule(text(body, **changes).encode(), "invoice/have.md")


def own(cut: tuple[Passage, ...]) -> list[str]:
    return [passage.text for passage in cut if passage.kind == "rule"]


def long_body() -> str:
    facts = "\n".join(
        f"- **INV-{number:02d}** 第{number}条{'长' * 120}完{number}。（来源 000；天猫）" for number in range(20)
    )
    return f"## 规则\n{facts}\n\n## 提示\n- 不要这样说。\n"


def test_a_rule_gives_one_passage_of_its_own_and_one_for_each_ask() -> None:
    cut = passages(rule())

    assert [passage.kind for passage in cut] == ["rule", "ask", "ask", "ask"]
    assert [passage.text for passage in cut[1:]] == ["有发票吗", "能开票不", "单位要报销的"]


def test_its_own_passage_holds_title_brief_and_body_without_marks() -> None:
    (passage,) = own(passages(rule()))

    assert passage.startswith("买家问有没有发票：一律答有\n发票是商家的法定义务")
    assert passage.endswith("天猫商家对付款买家要给发票，不另收费。")


def test_plain_strips_marks_fact_ids_and_sources() -> None:
    assert plain("## 规则\n- **INV-01** 给`发票`。（来源 000、002；天猫）\n\n- 再一条") == "规则\n给发票。\n再一条"


def test_a_long_body_is_cut_and_every_piece_begins_with_the_title() -> None:
    pieces = own(passages(rule(long_body())))

    assert len(pieces) > 2
    assert all(piece.startswith("买家问有没有发票") for piece in pieces)


def test_no_numbered_fact_is_torn_apart_or_lost() -> None:
    pieces = own(passages(rule(long_body())))

    for number in range(20):
        assert sum(re.search(rf"第{number}条长{{120}}完{number}。", piece) is not None for piece in pieces) == 1


def test_a_single_fact_longer_than_a_passage_stays_whole() -> None:
    body = f"## 规则\n- **INV-01** {'长' * (LONGEST_BODY + 200)}完。\n- **INV-02** 短。\n"

    assert any("长" * (LONGEST_BODY + 200) + "完。" in piece for piece in own(passages(rule(body))))


def test_a_new_ask_leaves_the_ids_of_the_others_alone() -> None:
    before = {passage.id for passage in passages(rule())}
    after = {passage.id for passage in passages(rule(asks=["有发票吗", "新的问法", "能开票不", "单位要报销的"]))}

    assert before < after
    assert len(after - before) == 1


def test_an_edited_brief_changes_the_digest_and_not_the_id() -> None:
    before, after = passages(rule())[0], passages(rule(brief="改过的说明。"))[0]

    assert before.id == after.id
    assert before.digest != after.digest
