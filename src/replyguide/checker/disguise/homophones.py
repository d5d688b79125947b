"""Key terms written by characters that sound alike (`围信`, `不腿不焕`) or by initial letters (`好p`, `hdfk`).

Speech is full of syllables that sound like a key term by chance, so a stretch is read as one only if it is no word of
its own, does not cut its neighbours in two (`轻微|新款`), and changes no character of everyday grammar.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from replyguide.checker.disguise.collocations import START, collocations
from replyguide.checker.disguise.pinyin import Spelled
from replyguide.checker.disguise.rewriting import Edit, rewritten
from replyguide.checker.language.folding import COMMA, HARD_EDGES, Folded
from replyguide.sounds import initials, sounds

if TYPE_CHECKING:
    from ahocorasick_rs import AhoCorasick

# Too common to be a stand-in: with them, chance makes a key term of any sentence.
_GRAMMAR = frozenset(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事"
    "成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日者意无力它与长把机十民第公此已"
    "工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内"
    "信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安"
    "少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光"
    "放强即像难且权思王象完设式色路记品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运笔亲您呢"
    "哦呀吧哈啦吗嘛款件元块码快买卖拍收送宝贝店货单价钱"
)
_CLEAR = 3  # log2 of how often a pair was met
_LETTER = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_@-")


class KeyTerms:
    """The key terms of the packs with their abbreviations; finds where a text writes one otherwise."""

    def __init__(self, abbreviations: Mapping[str, Sequence[str]], latin_words: frozenset[str]) -> None:
        from ahocorasick_rs import AhoCorasick

        by_sound: dict[str, list[str]] = {}
        by_letters: dict[str, list[str]] = {}
        self._of = sounds().of
        first_letters = initials()
        for term, letters in abbreviations.items():
            sound = term.translate(self._of)
            by_sound.setdefault(sound, []).append(term)
            for spelling in (*letters, *_with_one_initial(term, sound, first_letters)):
                if spelling not in latin_words:
                    by_letters.setdefault(spelling, []).append(term)
        self._spoken = frozenset(by_sound)
        self._by_sound = list(by_sound.values())
        self._by_letters = list(by_letters.values())
        self._sounds: AhoCorasick = AhoCorasick(list(by_sound), store_patterns=False)
        self._letters: AhoCorasick = AhoCorasick(list(by_letters), store_patterns=False)

    def restored(self, spelled: Spelled) -> Folded:
        """Return the text with its key terms as they are written; what is only a sound goes if it makes none."""
        folded, doubtful = spelled
        if COMMA in folded.text:
            folded, doubtful = self._closed_up(folded, doubtful)
        edits = self._longest(self._misheard(folded))
        used = {place for edit in edits for place in range(edit.start, edit.end)}
        edits += [Edit(place, place + 1, letters) for place, letters in doubtful.items() if place not in used]
        folded = rewritten(folded, edits)
        return rewritten(folded, self._longest(self._abbreviated(folded)))

    def _closed_up(self, folded: Folded, doubtful: dict[int, str]) -> Spelled:
        """Drop a separator in the midst of a key term (`无・货`) where its halves belong to no other word."""
        text = folded.text
        edits = [
            Edit(place, place + 1, "")
            for place in _places(text, COMMA)
            if place - 1 not in doubtful and place + 1 not in doubtful and self._is_parted(folded, place)
        ]
        dropped = [edit.start for edit in edits]
        moved = {place - bisect_left(dropped, place): letters for place, letters in doubtful.items()}
        return Spelled(rewritten(folded, edits), moved)

    def _is_parted(self, folded: Folded, place: int) -> bool:
        text = folded.text
        if folded.original[folded.starts[place]] in HARD_EDGES:
            return False
        left, right = text[max(place - 4, 0) : place], text[place + 1 : place + 5]
        around, joint = left + right, len(left)
        if not any(
            around[low:high].translate(self._of) in self._spoken
            for low in range(max(joint - 3, 0), joint)
            for high in range(joint + 1, min(low + 5, len(around)) + 1)
        ):
            return False
        usual = collocations()
        return not (usual.is_usual(left[-2:]) and usual.is_usual(right[:2]))

    def _abbreviated(self, folded: Folded) -> Iterator[Edit]:
        text = folded.text
        unsure: dict[Edit, bool] = {}
        for index, start, end in self._letters.find_matches_as_indexes(text, overlapping=True):
            before, after = text[start - 1 : start], text[end : end + 1]
            if (_is_letter(text[start]) and before in _LETTER) or (_is_letter(text[end - 1]) and after in _LETTER):
                continue
            terms = self._by_letters[index]
            if end - start > 2 or not text[start:end].isascii():
                yield Edit(start, end, terms[0])
            elif not _is_written_as_a_model(folded, start, end):
                term, fits = _best_fitting(terms, text, start, end)
                unsure[Edit(start, end, term)] = fits or folded.ends[end - 1] - folded.starts[start] > end - start
        # Two letters may be anything. They count if they fit their neighbours, are set apart (`W H`) or not alone.
        many = len({edit.text for edit in unsure}) > 1
        yield from (edit for edit, fits in unsure.items() if fits or many)

    def _misheard(self, folded: Folded) -> Iterator[Edit]:
        text = folded.text
        for index, start, end in self._sounds.find_matches_as_indexes(text.translate(self._of), overlapping=True):
            stretch = text[start:end]
            terms = self._by_sound[index]
            if stretch not in terms:
                term = max(terms, key=lambda term: sum(one == other for one, other in zip(term, stretch, strict=True)))
                if _is_stand_in(folded, start, end, term):
                    yield Edit(start, end, term)

    @staticmethod
    def _longest(edits: Iterator[Edit]) -> list[Edit]:
        return sorted(edits, key=lambda edit: (edit.start, -edit.end))


def _places(text: str, mark: str) -> Iterator[int]:
    place = text.find(mark)
    while place >= 0:
        yield place
        place = text.find(mark, place + 1)


def _with_one_initial(term: str, sound: str, letters: Mapping[int, str]) -> Iterator[str]:
    """Yield the term with each of its characters in turn as a letter: `好p`, `h评`."""
    for place, character in enumerate(sound):
        letter = letters.get(ord(character))
        if letter is not None:
            yield term[:place] + letter + term[place + 1 :]


def _is_letter(character: str) -> bool:
    return character.isascii() and character.isalpha()


def _best_fitting(terms: list[str], text: str, start: int, end: int) -> tuple[str, bool]:
    """Return the term that is met most often between these neighbours, and whether it is with both of them."""
    weights = collocations().weights
    before, after = _neighbour(text, start - 1), _neighbour(text, end)
    best = max(terms, key=lambda term: weights.get(before + term[0], 0) + weights.get(term[-1] + after, 0))
    left, right = weights.get(before + best[0], 0), weights.get(best[-1] + after, 0)
    if START in (before, after):  # one neighbour alone must speak clearly
        return best, before != after and min(left, right) > 0 and (left if after == START else right) >= _CLEAR
    return best, min(left, right) > 0


def _is_written_as_a_model(folded: Folded, start: int, end: int) -> bool:
    """Tell whether letters stand in capitals and side by side (`GB`, `SD`), as the names of things do."""
    original = folded.original[folded.starts[start] : folded.ends[end - 1]]
    return original.isupper() and len(original) == end - start


def _neighbour(text: str, place: int) -> str:
    return text[place] if 0 <= place < len(text) and "一" <= text[place] <= "龥" else START


def _is_stand_in(folded: Folded, start: int, end: int, term: str) -> bool:
    text = folded.text
    stretch = text[start:end]
    # A character that stands for pinyin is only a guess, any other of its sound is as good.
    changed = [
        place for place in range(len(term)) if stretch[place] != term[place] and not _is_spelled(folded, start + place)
    ]
    if not changed:
        return True
    half_spelled = len(changed) < sum(one != other for one, other in zip(stretch, term, strict=True))
    if not half_spelled and any(stretch[place] in _GRAMMAR for place in changed) and len(changed) * 2 >= len(term):
        return False
    usual = collocations()
    if any(usual.is_usual(stretch[place : place + 2]) for place in range(len(term) - 1) if _touches(changed, place)):
        return False
    before, after = _neighbour(text, start - 1) + stretch[0], stretch[-1] + _neighbour(text, end)
    # A neighbour may take a character away only if what is left has a place too: `轻微|新款`, not `个号|坪呗`.
    taken = before in usual.words or after in usual.words or (0 in changed and _is_met(before))
    taken = taken or (len(term) - 1 in changed and _is_met(after))
    left_over = len(changed) == len(term) == 2 and not (usual.is_usual(before) and usual.is_usual(after))
    return not taken or (left_over and before not in usual.words and after not in usual.words)


def _is_met(pair: str) -> bool:
    return START not in pair and pair in collocations().weights


def _is_spelled(folded: Folded, place: int) -> bool:
    """Tell whether a character stands for letters of an alphabet, none of which lies as far up as the ideographs."""
    original = folded.original[folded.starts[place] : folded.ends[place]]
    return any(character.isalpha() and character < "\u2e80" for character in original)


def _touches(changed: list[int], place: int) -> bool:
    return place in changed or place + 1 in changed
