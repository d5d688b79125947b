"""The tables of sounds and of usual pairs are the ones that their tools write, and fit each other."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from replyguide.checker.disguise.collocations import collocations
from replyguide.checker.rules.loading import load_packs
from replyguide.resources import packs_folder
from replyguide.sounds import sounds, syllables_of

TOOLS = Path(__file__).resolve().parents[3] / "tools"


def test_the_table_of_sounds_is_what_its_tool_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pypinyin")
    monkeypatch.setattr(sys, "path", [str(TOOLS), *sys.path])
    import make_sound_table

    assert make_sound_table.TABLE.read_text("utf-8") == make_sound_table.table()


@pytest.mark.parametrize(("one", "other"), [("威", "微"), ("唰", "刷"), ("蕞", "最"), ("丈", "账"), ("饰", "四")])
def test_characters_that_sound_alike_have_one_sound(one: str, other: str) -> None:
    assert one.translate(sounds().of) == other.translate(sounds().of)


def test_a_character_of_two_readings_has_both() -> None:
    assert syllables_of()["行"] == ["xing", "hang"]


def test_every_key_term_is_known_to_the_pairs_that_agents_write() -> None:
    """A new key term needs a run of `tools/fit_collocations.py`, else its pinyin is not read."""
    terms = load_packs(packs_folder()).lexicon.unmasking.key_terms
    unknown = [
        term for term in terms if any(term[at : at + 2] not in collocations().weights for at in range(len(term) - 1))
    ]
    assert unknown == []
