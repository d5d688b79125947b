"""Updates of a shop's index: what is embedded, what is taken over, what goes."""

from __future__ import annotations

from contextlib import closing

import pytest
from made_holdings import make_document, make_entry

from replyguide.errors import EmbedderError
from replyguide.index import Index
from replyguide.index.generation import Generations
from replyguide.index.message import read_message
from replyguide.index.shop import updating
from replyguide.index.shop.holding import Holding
from replyguide.index.shop.holdings_file import HoldingsFile
from replyguide.index.shop.opening import live_shop, open_shop
from replyguide.index.shop.updating import Updater, is_up_to_date

PILLOW = make_entry("记忆棉枕芯不能机洗，枕套可以拆下来手洗")
LAMP = make_entry("买护眼台灯可以开发票，色温四档可调")
CHAIR = make_entry("人体工学椅承重一百五十公斤，扶手可以升降")


def holding(*entries: object) -> Holding:
    return Holding(make_document(), entries)  # type: ignore[arg-type]


def update(updater: Updater, generations: Generations, *holdings: Holding) -> int:
    with generations.writing():
        return updater.update(generations.current(), holdings)


def found(generations: Generations, index: Index, question: str) -> list[str]:
    shop = open_shop(generations, index.embedder.name)
    assert shop is not None
    with closing(shop):
        return [match.entry.text for match in shop.find(read_message(question, (), index.embedder), 0.3, 3)]


def test_what_is_held_is_found_and_knows_its_topic(updater: Updater, generations: Generations, packaged: Index) -> None:
    assert update(updater, generations, holding(PILLOW, LAMP)) == 2

    assert found(generations, packaged, "枕头能洗吗")[0] == PILLOW.text
    live = live_shop(generations)
    assert live is not None
    (held,) = HoldingsFile(live[0].path).holdings()
    assert [entry.topic for entry in held.entries] == ["product-info", "invoice"]


def test_only_what_is_new_is_embedded(updater: Updater, generations: Generations, packaged: Index) -> None:
    update(updater, generations, holding(PILLOW, LAMP))

    assert update(updater, generations, holding(PILLOW, LAMP, CHAIR)) == 1
    assert found(generations, packaged, "椅子扶手能升降不")[0] == CHAIR.text
    assert found(generations, packaged, "枕头能洗吗")[0] == PILLOW.text


def test_what_is_gone_is_not_found_though_its_vector_stays(
    updater: Updater, generations: Generations, packaged: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(updating, "_MOST_UNUSED", 1.0)
    update(updater, generations, holding(PILLOW, LAMP, CHAIR))
    update(updater, generations, holding(LAMP))

    live = live_shop(generations)
    assert live is not None
    assert (live[1].passages, live[1].pooled) == (1, 3)
    assert found(generations, packaged, "枕头能洗吗") == [LAMP.text]


def test_what_comes_back_is_not_embedded_again(
    updater: Updater, generations: Generations, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(updating, "_MOST_UNUSED", 1.0)
    update(updater, generations, holding(PILLOW, LAMP))
    update(updater, generations, holding(LAMP))

    assert update(updater, generations, holding(LAMP, PILLOW)) == 0


def test_a_pool_that_is_mostly_of_no_use_is_made_anew_without_embedding(
    updater: Updater, generations: Generations, packaged: Index
) -> None:
    update(updater, generations, holding(PILLOW, LAMP, CHAIR))

    assert update(updater, generations, holding(LAMP)) == 0
    live = live_shop(generations)
    assert live is not None
    assert live[1].pooled == 1
    assert found(generations, packaged, "台灯色温") == [LAMP.text]


def test_equal_texts_share_a_vector(updater: Updater, generations: Generations, packaged: Index) -> None:
    twin = make_entry(LAMP.text, "/shop/另一份.txt")
    other = Holding(make_document("/shop/另一份.txt"), (twin,))

    assert update(updater, generations, holding(LAMP), other) == 1
    assert found(generations, packaged, "台灯色温") == [LAMP.text, LAMP.text]


def test_near_duplicates_are_kept_on_file_and_not_searched(
    updater: Updater, generations: Generations, packaged: Index
) -> None:
    repeated = make_entry("买护眼台灯可以开发票，色温四档", duplicate_of=LAMP.id)

    assert update(updater, generations, holding(LAMP, repeated)) == 1
    assert found(generations, packaged, "台灯色温") == [LAMP.text]


def test_an_update_that_fails_leaves_the_index_as_it_was(
    updater: Updater, generations: Generations, packaged: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    update(updater, generations, holding(PILLOW))
    before = generations.live_name()

    def fail(*_: object) -> None:
        raise EmbedderError("没有电了")

    monkeypatch.setattr(updating, "read_texts", fail)
    with pytest.raises(EmbedderError):
        update(updater, generations, holding(PILLOW, LAMP))

    assert generations.live_name() == before
    assert [path.name for path in generations.folder.iterdir() if path.is_dir()] == [before]
    assert found(generations, packaged, "枕头能洗吗") == [PILLOW.text]


def test_an_index_without_documents_is_none_to_search(
    updater: Updater, generations: Generations, packaged: Index
) -> None:
    update(updater, generations, holding(PILLOW))
    update(updater, generations)

    assert open_shop(generations, packaged.embedder.name) is None


def test_an_index_of_other_code_or_another_embedder_is_out_of_date(
    updater: Updater, generations: Generations, packaged: Index
) -> None:
    update(updater, generations, holding(PILLOW))
    live = live_shop(generations)
    assert live is not None

    assert is_up_to_date(live[1], packaged.embedder.name)
    assert not is_up_to_date(live[1], "another embedder")
