"""Packs load strictly: what cannot be proven or understood is refused, with file, rule and mend."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from replyguide.checker.checking import Checker
from replyguide.checker.proof.proving import prove
from replyguide.checker.rules.loading import load_packs
from replyguide.checker.rules.packs import packs_of
from replyguide.context import Context, Shop
from replyguide.errors import PackError


def pack(**changes: Any) -> dict[str, Any]:
    rule = {
        "id": "INV-refuse",
        "topic": "invoice",
        "level": "block",
        "title": "拒开发票",
        "why": "必须开",
        "fix": "开",
        "reword": "亲，发票有的哦，谢谢您",
        "points": [6],
        "sources": ["000"],
        "forbids": [{"act": "lack", "about": "invoice"}],
        "examples": {"block": ["亲，发票[[没有]]哦"], "pass": ["亲，发票有的哦"]},
        **changes,
    }
    return {"tmall/invoice.yaml": {"objects": {"invoice": ["发票"]}, "words": {"lack": ["没有"]}, "rules": [rule]}}


def test_a_sound_pack_loads_and_proves_itself() -> None:
    proof = prove(Checker(packs_of(pack(), "digest")))
    assert proof.holds
    assert (proof.rules, proof.found, proof.passing) == (1, 1, 1)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"colour": "red"}, "不认识的字段 colour"),
        ({"id": "refuse"}, "id 应像"),
        ({"topic": "weather"}, "不认识的主题 weather"),
        ({"forbids": [{"act": "refuse", "about": "invoice"}]}, "没有词类 refuse"),
        ({"forbids": [{"regex": "("}]}, "正则表达式"),
        ({"examples": {"block": ["亲，发票[[没有]]哦"]}}, "没有 pass 示例"),
        ({"examples": {"pass": ["亲，发票有的哦"]}}, "没有 block 示例"),
        ({"examples": {"block": ["亲，发票没有哦"], "pass": ["亲，发票有的哦"]}}, "没有用 [[…]] 标出"),
        ({"when": [{"shop.colour": "red"}]}, "没有 shop.colour 这个条件"),
        ({"sources": []}, "sources"),
        ({"reword": None}, "reword"),
        ({"reword": [{"say": "亲，发票有的哦", "when": {"shop.cod": True}}]}, "reword 的最后一项不能有 when"),
        ({"reword": [{"say": "亲，发票有的哦", "when": {"shop.colour": 1}}, {"say": "亲，有的哦"}]}, "shop.colour"),
        ({"disputed": [{"about": "几分", "says": [{"figure": "6 分", "sources": ["000"]}]}]}, "disputed.0.says"),
    ],
)
def test_a_broken_rule_is_refused_with_its_file_and_reason(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(PackError) as caught:
        packs_of(pack(**changes), "digest")
    assert "tmall/invoice.yaml" in str(caught.value)
    assert said in str(caught.value)


def test_a_rule_without_a_rewording_is_refused() -> None:
    document = pack()
    del document["tmall/invoice.yaml"]["rules"][0]["reword"]
    with pytest.raises(PackError, match=r"tmall/invoice.yaml: INV-refuse: 缺少字段 reword，请补上"):
        packs_of(document, "digest")


def test_two_rules_of_one_id_are_refused() -> None:
    documents = {**pack(), "law/other.yaml": pack()["tmall/invoice.yaml"]}
    with pytest.raises(PackError, match="重复"):
        packs_of(documents, "digest")


def test_packs_without_a_rule_are_refused_since_nothing_would_be_checked() -> None:
    with pytest.raises(PackError, match="一条规则也没有"):
        packs_of({"tmall/empty.yaml": {"words": {"lack": ["没有"]}}}, "digest")


def test_a_failing_example_breaks_the_proof_and_says_which() -> None:
    broken = pack(examples={"block": ["亲，发票[[不行]]哦"], "pass": ["亲，发票没有哦"]})
    proof = prove(Checker(packs_of(broken, "digest")))
    assert not proof.holds
    assert any("没有查出" in failure.message for failure in proof.failures)
    assert any("误报" in failure.message for failure in proof.failures)


def test_a_rewording_that_breaks_a_rule_itself_breaks_the_proof() -> None:
    proof = prove(Checker(packs_of(pack(reword="亲，发票没有哦，谢谢您"), "digest")))
    said = "reword “亲，发票没有哦，谢谢您”单独检查时被 INV-refuse 查出。请改写成合规的回复"
    assert [failure.message for failure in proof.failures] == [f"tmall/invoice.yaml: INV-refuse: {said}"]


def test_a_rewording_must_also_pass_as_the_answer_to_the_questions_of_the_violations() -> None:
    examples = {
        "block": [{"question": "有发票吗", "reply": "亲，发票[[没有]]哦"}],
        "pass": ["亲，发票有的哦"],
    }
    proof = prove(Checker(packs_of(pack(examples=examples, reword="亲，这个没有的哦"), "digest")))
    assert ["在“有发票吗”的示例里被 INV-refuse 查出" in failure.message for failure in proof.failures] == [True]


def test_a_rewording_that_no_example_needs_breaks_the_proof() -> None:
    reword = [{"say": "亲，有的，到付也行哦", "when": {"shop.cod": True}}, {"say": "亲，发票有的哦，谢谢您"}]
    proof = prove(Checker(packs_of(pack(reword=reword), "digest")))
    assert ["没有一个示例用得上" in failure.message for failure in proof.failures] == [True]


def test_the_first_rewording_whose_facts_hold_is_offered() -> None:
    reword = [{"say": "亲，有的，到付也行哦", "when": {"shop.cod": True}}, {"say": "亲，发票有的哦，谢谢您"}]
    checker = Checker(packs_of(pack(reword=reword), "digest"))
    cod = Context(shop=Shop(cod=True))
    offered = [checker.check("亲，发票没有哦", context).findings[0].reword for context in (cod, Context())]
    assert offered == ["亲，有的，到付也行哦", "亲，发票有的哦，谢谢您"]


def test_a_known_gap_that_is_found_meanwhile_must_move() -> None:
    examples = {"block": ["亲，发票[[没有]]哦"], "pass": ["亲，发票有的哦"], "known_gaps": ["亲，发票没有"]}
    proof = prove(Checker(packs_of(pack(examples=examples), "digest")))
    assert ["亲，发票没有" in failure.message for failure in proof.failures] == [True]


def test_broken_yaml_is_refused_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "tmall").mkdir()
    (tmp_path / "tmall" / "bad.yaml").write_text("rules:\n  - id: [\n", "utf-8")
    with pytest.raises(PackError, match=r"tmall/bad.yaml: 第 \d 行"):
        load_packs(tmp_path)


def test_a_damaged_snapshot_of_the_packs_is_ignored(tmp_path: Path) -> None:
    folder, cache = tmp_path / "packs", tmp_path / "cache"
    (folder / "tmall").mkdir(parents=True)
    import json

    (folder / "tmall" / "invoice.yaml").write_text(json.dumps(pack()["tmall/invoice.yaml"]), "utf-8")
    first = load_packs(folder, cache)
    for snapshot in cache.iterdir():
        snapshot.write_text("{ half", "utf-8")
    load_packs.cache_clear()
    assert first.digest == load_packs(folder, cache).digest
