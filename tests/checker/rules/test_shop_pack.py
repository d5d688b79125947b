"""A shop's own pack adds and tightens, relaxes only what is marked, and never weakens a built-in rule."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from pack_files import document, folder_of, rule

from replyguide.checker import Checker, load_checker
from replyguide.checker.proof import proving
from replyguide.checker.proof.proving import prove
from replyguide.checker.rules.packs import example_context
from replyguide.errors import PackError

EXAMPLE = Path(__file__).parents[3] / "docs" / "shop-pack"
BUILT_IN = load_checker()
RELAXABLE = [rule.spec.id for rule in BUILT_IN.packs.rules if rule.spec.relaxable]


def loaded(place: Path, *, cache: Path | None = None, **sections: Any) -> Checker:
    return load_checker(cache, folder_of(place, ours=document(**sections)), second_layer=False)


def refusal(place: Path, **files: Any) -> str:
    folder = folder_of(place, **files)
    with pytest.raises(PackError) as caught:
        load_checker(None, folder)
    assert str(folder) in str(caught.value), "the refusal names the file"
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_shops_rule_is_found_beside_the_built_in_ones(tmp_path: Path) -> None:
    checker = loaded(tmp_path)
    reply = "亲，别家都是次品，我们没有发票哦"
    assert {finding.rule for finding in checker.check(reply).findings} == {"OUR-rivals", "INV-refuse"}
    assert [reply[finding.start : finding.end] for finding in checker.check("亲，别家都是次品哦").findings] == [
        "别家都是次品"
    ]


def test_without_the_pack_the_built_in_rules_stand_as_they_were(tmp_path: Path) -> None:
    loaded(tmp_path)
    assert load_checker().check("亲，别家都是次品哦").verdict == "pass"


def test_a_rule_is_tightened_to_block(tmp_path: Path) -> None:
    reply = "亲，绝对不褪色的哦"
    assert BUILT_IN.check(reply).verdict == "warn"
    assert loaded(tmp_path, tightens={"MIS-guarantee": {"level": "block"}}).check(reply).verdict == "block"


def test_a_form_added_to_a_rule_speaks_under_its_id(tmp_path: Path) -> None:
    words = {"our_belittling": ["次品"], "our_oath": ["发誓"]}
    entry = {
        "forbids": [{"act": "our_oath"}],
        "examples": {"warn": ["亲，我[[发誓]]给您办好哦"], "pass": ["亲，不用我发誓哦"]},
    }
    checker = loaded(tmp_path, words=words, tightens={"OVP-outcome": entry})
    finding = checker.check("亲，我发誓给您寄到哦").findings[0]
    assert (finding.rule, finding.topic, finding.level, finding.matched) == (
        "OVP-outcome",
        "overpromise",
        "warn",
        "发誓",
    )
    assert [each.rule for each in checker.check("亲，一定给您争取到哦").findings] == ["OVP-outcome"]


@pytest.mark.parametrize("off", [False, "off"])
def test_a_relaxable_rule_is_switched_off(tmp_path: Path, off: object) -> None:
    checker = loaded(tmp_path, relaxes={"CTY-short": off})
    assert BUILT_IN.check("有货的").verdict == "warn"
    assert "CTY-short" not in {finding.rule for finding in checker.check("有货的").findings}


def test_only_warnings_on_manner_and_promises_are_marked_relaxable() -> None:
    rules = [BUILT_IN.packs.rule(rule_id) for rule_id in RELAXABLE]
    assert {(each.pack, each.spec.topic, each.spec.level) for each in rules if each is not None} == {
        ("conduct", "courtesy", "warn"),
        ("conduct", "overpromise", "warn"),
    }


@pytest.mark.parametrize(
    "each", [each for each in BUILT_IN.packs.rules if not each.spec.relaxable], ids=lambda each: each.spec.id
)
def test_no_other_rule_can_be_relaxed(tmp_path: Path, each: Any) -> None:
    said = refusal(tmp_path, ours={"relaxes": {each.spec.id: False}})
    assert each.spec.id in said
    assert "不能放宽" in said


def test_a_shops_words_hide_nothing_from_the_built_in_rules(tmp_path: Path) -> None:
    """The longer word swallows the act, and the object class would make the clause speak of something else."""
    sections = {
        "objects": {"our_rival": ["别家"], "our_thing": ["没有发票", "这个"]},
        "words": {"our_belittling": ["次品"], "our_long": ["没有发票的哦", "开不了发票"]},
    }
    checker = loaded(tmp_path, **sections)
    for each in BUILT_IN.packs.rules:
        for example in (*each.spec.examples.block, *each.spec.examples.warn):
            expected = BUILT_IN.check(example.unmarked(), example_context(example))
            found = checker.check(example.unmarked(), example_context(example))
            assert set(expected.findings) <= set(found.findings)


@pytest.mark.parametrize(
    ("sections", "said"),
    [
        ({"rules": [rule(colour="red")]}, "OUR-rivals: 不认识的字段 colour，请删掉"),
        ({"rules": [rule(forbids=[{"act": "our_belittling", "colour": 1}])]}, "不认识的字段 forbids.0.colour"),
        ({"rules": [rule(), rule()]}, "规则 OUR-rivals 与"),
        ({"rules": [rule(id="INV-refuse")]}, "规则 INV-refuse 与 tmall/invoice.yaml 里的重复，请换一个 id"),
        ({"rules": [rule(id="ours")]}, "id 应像"),
        ({"rules": [rule(topic="weather")]}, "不认识的主题 weather"),
        ({"rules": [rule(forbids=[{"regex": "("}])]}, "正则表达式 '(' 不对"),
        ({"rules": [rule(forbids=[{"regex": "(" * 5000 + "a" + ")" * 5000}])]}, "正则表达式"),
        ({"rules": [rule(forbids=[{"regex": "(?:次+)+品"}])]}, "OUR-rivals: 正则表达式 (?:次+)+品：循环里"),
        ({"rules": [rule(forbids=[{"act": "our_nothing"}])]}, "没有词类 our_nothing，请加到"),
        ({"rules": [rule(forbids=[])]}, "forbids"),
        ({"rules": [rule(examples=None)]}, "没有 block 示例"),
        ({"rules": [rule(examples={"block": ["亲，[[别家都是次品]]哦"]})]}, "没有 pass 示例"),
        (
            {"rules": [rule(examples={"block": ["亲，别家都是次品哦"], "pass": ["亲，您放心拍哦"]})]},
            "没有用 [[…]] 标出",
        ),
        ({"rules": ["贬低同行"]}, "第 1 条"),
        ({"rules": {"OUR-rivals": {}}}, "rules 应是一个列表"),
        ({"rules": None, "words": {"our_a": ["甲"]}, "objects": None}, "一条规则也没有"),
        ({"words": {"our_belittling": "次品"}}, "words 的 our_belittling 应是词的列表"),
        ({"words": {"our_belittling": []}}, "words 的 our_belittling 应是词的列表"),
        ({"words": {"our_belittling": ["次品", None]}}, "有一项不是词"),
        ({"words": {"our_belittling": ["次品", False]}}, "要加引号"),
        ({"words": {"our_belittling": ["次品", "！"]}}, "没有可读的字"),
        ({"words": {"our_belittling": ["次品", ""]}}, "没有可读的字"),
        ({"words": {"our_belittling": ["次品", "/(/"]}}, "our_belittling 里的正则表达式"),
        ({"words": {"our_belittling": ["次品", "/(?:a|a)*b/"]}}, "our_belittling 里的 /(?:a|a)*b/：循环里"),
        ({"words": {"our_belittling": ["次品"], "Our-Class": ["甲"]}}, "类名 Our-Class 不对"),
        ({"words": {"our_belittling": ["次品"], "shield": ["没有"]}}, "shield 是内置的词类"),
        ({"words": ["次品"]}, "类名: [词, 词]"),
        ({"colours": {}}, "不认识的部分 colours"),
        ({"tightens": {"XXX-none": {"level": "block"}}}, "XXX-none: tightens 里的规则不是内置的"),
        ({"tightens": {"INV-refuse": {"level": "warn"}}}, "INV-refuse: 字段 level 的值 'warn' 不对"),
        ({"tightens": {"INV-refuse": {"level": "block"}}}, "本来就是 block"),
        ({"tightens": {"MIS-guarantee": {}}}, "tightens 要写"),
        ({"tightens": {"MIS-guarantee": None}}, "MIS-guarantee"),
        ({"tightens": {"MIS-guarantee": {"unless": []}}}, "不认识的字段 unless"),
        ({"tightens": {"MIS-guarantee": {"forbids": [{"act": "our_belittling"}]}}}, "MIS-guarantee: 没有 warn 示例"),
        (
            {"tightens": {"MIS-guarantee": {"level": "block", "examples": {"pass": ["亲"]}}}},
            "examples 是给 forbids 作证的",
        ),
        ({"tightens": ["MIS-guarantee"]}, "tightens 里每一项应是"),
        ({"relaxes": {"XXX-none": False}}, "XXX-none: relaxes 里的规则不是内置的"),
        ({"relaxes": {"CTY-short": True}}, "relaxes 的值只能是 off"),
        ({"relaxes": {"CTY-short": "warn"}}, "relaxes 的值只能是 off"),
        ({"relaxes": {"CTY-short": False}, "tightens": {"CTY-short": {"level": "block"}}}, "只能写一次"),
    ],
)
def test_anything_else_is_refused_with_its_rule_and_mend(tmp_path: Path, sections: dict[str, Any], said: str) -> None:
    assert said in refusal(tmp_path, ours=document(**sections))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "文件是空的"),
        ("{}", "文件是空的"),
        ("# nothing\n", "文件是空的"),
        ("- 甲\n", "文件应是“键: 值”的形式"),
        ("甲", "文件应是“键: 值”的形式"),
        ("rules:\n  - id: [\n", "第 3 行 YAML 格式不对"),
        ("words:\n  our_a: [甲]\n  our_a: [乙]\n", "第 3 行 YAML 格式不对（键 our_a 写了两次）"),
        ("rules: []\nrules: []\n", "键 rules 写了两次"),
        ("words: &a\n  our_a: [*a]\n", "有一项不是词"),
        ("words: {our_a: [\0]}", "YAML 格式不对"),
        ("words: {our_a: [甲]}".encode("utf-16"), "不是 UTF-8 编码，请另存为 UTF-8"),
        ("words: {our_a: [甲]}".encode("gb18030"), "不是 UTF-8 编码"),
        (b"words: {our_a: [\xed\xa0\x80]}", "不是 UTF-8 编码"),
    ],
)
def test_a_file_that_is_no_pack_is_refused(tmp_path: Path, content: str | bytes, said: str) -> None:
    assert said in refusal(tmp_path, ours=content)


def test_one_empty_file_beside_a_sound_one_is_refused(tmp_path: Path) -> None:
    assert "empty.yaml: 文件是空的" in refusal(tmp_path, ours=document(), empty="")


def test_two_files_may_not_bring_one_rule(tmp_path: Path) -> None:
    assert "规则 OUR-rivals 与" in refusal(tmp_path, ours=document(), others=document(objects=None, words=None))


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    import yaml

    folder = folder_of(tmp_path, ours=b"\xef\xbb\xbf" + yaml.safe_dump(document(), allow_unicode=True).encode())
    assert load_checker(None, folder).check("亲，别家都是次品哦").verdict == "block"


def test_a_file_with_the_short_ending_counts_too(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, ours=document())
    (folder / "ours.yaml").rename(folder / "ours.YML")
    assert load_checker(None, folder).check("亲，别家都是次品哦").verdict == "block"


@pytest.mark.parametrize("name", ["missing", "empty", "file.yaml"])
def test_a_folder_without_rules_is_refused_and_checks_nothing(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file.yaml").write_text("rules: []", "utf-8")
    with pytest.raises(PackError, match="请检查 --pack 或 REPLYGUIDE_SHOP_PACK"):
        load_checker(None, tmp_path / name)


@pytest.mark.parametrize(
    ("examples", "said"),
    [
        ({"block": ["亲，[[别家不行]]哦"], "pass": ["亲，您放心拍哦"]}, "block 示例没有查出"),
        ({"block": ["亲，[[别家都是次品]]哦"], "pass": ["亲，别家都是次品吧哦"]}, "pass 示例被 OUR-rivals 误报"),
        ({"block": ["亲，[[别家都是次品]]哦"], "pass": ["亲，我们没有发票哦"]}, "pass 示例被 INV-refuse 误报"),
        ({"block": ["[[亲]]，别家都是次品哦"], "pass": ["亲，您放心拍哦"]}, "查出的字不在 [[…]] 里"),
        (
            {"block": ["亲，[[别家都是次品]]哦"], "pass": ["亲，您放心拍哦"], "known_gaps": ["亲，别家是次品哦"]},
            "现在能查出了",
        ),
        (
            {"block": ["亲，[[别家都是次品]]哦"], "pass": [{"reply": "亲，您放心拍哦", "context": {"shop": {"x": 1}}}]},
            "context",
        ),
    ],
)
def test_a_pack_with_an_example_that_fails_does_not_load(tmp_path: Path, examples: dict[str, Any], said: str) -> None:
    refused = refusal(tmp_path, ours=document(rules=[rule(examples=examples)]))
    assert "OUR-rivals" in refused
    assert said in refused


def test_the_second_start_does_not_prove_the_pack_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, cache = folder_of(tmp_path, ours=document()), tmp_path / "cache"
    first = load_checker(cache, folder)
    monkeypatch.setattr(proving, "refuse_unproven", pytest.fail)
    second = load_checker(cache, folder)
    for reply in ("亲，别家都是次品哦", "亲，没有发票哦", "亲，您放心拍哦"):
        assert first.check(reply) == second.check(reply)


def test_a_pack_that_failed_is_not_remembered(tmp_path: Path) -> None:
    examples = {"block": ["亲，[[别家不行]]哦"], "pass": ["亲，您放心拍哦"]}
    folder, cache = folder_of(tmp_path, ours=document(rules=[rule(examples=examples)])), tmp_path / "cache"
    for _ in range(2):
        with pytest.raises(PackError, match="没有查出"):
            load_checker(cache, folder)


def test_a_changed_pack_never_meets_its_old_snapshot(tmp_path: Path) -> None:
    folder, cache = folder_of(tmp_path, ours=document()), tmp_path / "cache"
    load_checker(cache, folder)
    path = folder / "ours.yaml"
    path.write_text(path.read_text("utf-8").replace("次品", "杂牌"), "utf-8")
    checker = load_checker(cache, folder)
    assert checker.check("亲，别家都是杂牌哦").verdict == "block"
    assert checker.check("亲，别家都是次品哦").verdict == "pass"


def test_a_damaged_snapshot_is_ignored(tmp_path: Path) -> None:
    folder, cache = folder_of(tmp_path, ours=document()), tmp_path / "cache"
    load_checker(cache, folder)
    for snapshot in cache.glob("shop-*"):
        snapshot.write_text("{ half", "utf-8")
    assert load_checker(cache, folder).check("亲，别家都是次品哦").verdict == "block"


def test_the_pack_in_the_documentation_proves_itself() -> None:
    checker = load_checker(None, EXAMPLE)
    assert checker.own is not None
    proof = prove(checker, checker.own)
    assert [failure.message for failure in proof.failures] == []
    assert min(proof.rules, proof.found, proof.passing, proof.deletions) > 0


def test_reading_twice_costs_no_more_than_twice(tmp_path: Path) -> None:
    """The built-in rules and the shop's each read the reply once."""
    checker = loaded(tmp_path)
    reply = "亲，别家的情况我们不了解哦，" * 200

    def cost(one: Checker) -> float:
        times = []
        for _ in range(3):
            started = time.process_time()
            one.check(reply)
            times.append(time.process_time() - started)
        return min(times)

    assert cost(checker) < 4 * cost(BUILT_IN)
