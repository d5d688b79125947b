"""One list out of rules and a shop's own passages."""

from __future__ import annotations

from dataclasses import replace

from made_holdings import make_document, make_entry

from replyguide.corpus.topics import Topic
from replyguide.index.hit import Hit
from replyguide.index.merging import candidates, ranked, shop_answer
from replyguide.index.shop.holding import Entry, HeldDocument
from replyguide.index.shop.searching import Match


def rule(name: str, topic: Topic, score: float) -> Hit:
    return Hit(name, topic, name, "正文", "000", "tmall", score, 0)


def match(
    text: str, chance: float, *, topic: Topic = "invoice", document: HeldDocument | None = None, question: str = ""
) -> Match:
    entry = make_entry(text, topic=topic, question=question, kind="answer" if question else "item")
    return Match(entry, topic, document if document is not None else make_document(), chance)


def merged(rules: list[Hit], concerns: list[str], matches: list[Match], k: int) -> tuple[Hit, ...]:
    return ranked(candidates(rules, matches), concerns, k)


def order(hits: tuple[Hit, ...]) -> list[str]:
    return [hit.id if hit.kind == "rule" else hit.text for hit in hits]


def test_a_merchants_script_stands_below_the_rule_of_its_topic_that_covers_the_message() -> None:
    hits = merged([rule("invoice-have", "invoice", 0.9)], ["invoice-have"], [match("本店月底统一开票", 0.99)], 5)

    assert order(hits) == ["invoice-have", "本店月底统一开票"]


def test_a_script_about_what_no_rule_covers_comes_first() -> None:
    hits = merged([rule("invoice-have", "invoice", 0.2)], [], [match("枕头可以水洗", 0.9, topic="product-info")], 5)

    assert order(hits) == ["枕头可以水洗", "invoice-have"]


def test_a_document_of_the_platform_may_stand_above_a_rule() -> None:
    official = make_document(authority="platform")
    hits = merged([rule("a", "invoice", 0.8)], ["a"], [match("平台新规", 0.95, document=official)], 5)

    assert order(hits) == ["平台新规", "a"]


def test_what_a_newer_document_replaces_is_worth_half() -> None:
    old = make_document(superseded_by="新版.docx")
    hits = merged([], [], [match("旧说法", 0.9, document=old), match("新说法", 0.6)], 5)

    assert order(hits) == ["新说法", "旧说法"]
    assert hits[1].superseded_by == "新版.docx"


def test_a_passage_of_the_shop_that_fits_has_a_place_in_a_list_full_of_rules() -> None:
    rules = [rule(f"r{n}", topic, 0.9 - n / 100) for n, topic in enumerate(("cod", "stock", "price", "review", "scam"))]
    hits = merged(rules, ["r0"], [match("本店的说法", 0.7)], 5)

    assert order(hits) == ["r0", "r1", "r2", "r3", "本店的说法"]
    assert [hit.rank for hit in hits] == [1, 2, 3, 4, 5]


def test_one_topic_leaves_room_for_others() -> None:
    rules = [rule(f"i{n}", "invoice", 0.9 - n / 100) for n in range(6)]
    rules += [rule(f"{topic}-x", topic, 0.3) for topic in ("cod", "stock", "price")]
    topics = [hit.topic for hit in merged(rules, ["i0"], [], 5)]

    assert topics == ["invoice", "invoice", "cod", "stock", "price"]


def test_places_that_no_other_topic_wants_are_filled_with_the_same() -> None:
    rules = [rule(f"i{n}", "invoice", 0.9 - n / 100) for n in range(6)]

    assert order(merged(rules, [], [], 5)) == ["i0", "i1", "i2", "i3", "i4"]


def test_the_original_is_shown_only_where_cleaning_changed_it() -> None:
    changed = Match(make_entry("干净的", original="干 净 的"), "invoice", make_document(), 0.9)
    (shown, same) = merged([], [], [changed, match("没有动过", 0.8)], 5)

    assert (shown.original, same.original) == ("干 净 的", None)


def test_the_shops_own_answer_is_offered_if_it_is_sure_and_may_be_said() -> None:
    good = match("枕头可以机洗", 0.97, topic="product-info", question="枕头能洗吗")
    answer = shop_answer([match("一条规定", 0.95), good])

    assert answer is not None
    assert (answer.say, answer.topic, answer.chance) == ("枕头可以机洗", "product-info", 0.97)


def test_an_answer_that_is_unsure_blocked_or_replaced_is_not_offered() -> None:
    good = match("枕头可以机洗", 0.97, topic="product-info", question="枕头能洗吗")
    blocked = replace(good, entry=against(good.entry))
    replaced = replace(good, document=make_document(superseded_by="新版.docx"))

    assert [shop_answer([one]) for one in (replace(good, chance=0.5), blocked, replaced)] == [None, None, None]


def against(entry: Entry) -> Entry:
    return replace(entry, against="说没有发票，扣 6 分")


def test_of_documents_that_disagree_the_newer_stands_first() -> None:
    old = make_document("/shop/旧.docx", effective_from="2023-01-01")
    new = make_document("/shop/新.docx", effective_from="2025-01-01")
    older = match("漏寄的发票在30天内补寄给买家", 0.9, document=old)
    newer = match("漏寄的发票在7天内补寄给买家", 0.89, document=new)

    assert order(merged([], [], [older, newer], 5))[0] == newer.entry.text
