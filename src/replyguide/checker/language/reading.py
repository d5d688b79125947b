"""A reply, read: its clauses, and in them the words of the lexicon with their polarity.

Polarity is decided before anything else looks at a word, because `不支持` contains `支持`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from replyguide.checker.language.folding import COMMA, EDGES, QUESTION, Folded, fold
from replyguide.checker.language.lexicon import COMPOUND, SHIELD, Lexicon, stretches
from replyguide.checker.language.polarity import Negation
from replyguide.checker.language.quantities import Quantity, quantities
from replyguide.checker.language.reported import open_spans, reported_spans

_CONDITIONAL = re.compile("如果|若是|若|要是|万一|假如|倘若|一旦|(?:的话)$")
_ASKS = re.compile("(?:吗|么|不呢|没有呢)$|能不能|可不可以|有没有|要不要|是不是|方不方便|好不好|行不行")
_FUNCTION_WORDS = re.compile(
    "这个|这款|这件|这种|那个|那种|那款|的话|暂时|目前|现在|真的|实在|确实|可能|一般|肯定|当然|大家|我们|咱们"
    "|你们|本店|小店|店里|这边|那边|亲爱的|亲亲|您好|你好|不好意思|抱歉|谢谢|感谢|理解"
    "|[这那的了哦呢呀啊哈啦喔哒吧嘛噢哟亲您你我咱就都也还是会要能可以很太真嗯好唉哎对在给帮为有没不]"
)
_CLAIMS = re.compile("[不没拒收加扣要才先限缺断假仿换多返刷]")
_SHIELDED = frozenset({SHIELD, COMPOUND})
# A clause without any edge is cut here, so that the cost stays linear in the length of the reply.
LONGEST_CLAUSE = 160


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of folded text between two edges; `sentence` counts the sentences from 0."""

    index: int
    sentence: int
    start: int
    end: int
    text: str
    is_question: bool
    is_conditional: bool


class Token(NamedTuple):
    """A word or quantity in the reply. Offsets are into the folded text; `clause` is the index of its clause.

    `is_quoted`: in quotation marks, or reported of the buyer in order to reject it.
    """

    start: int
    end: int
    classes: frozenset[str]
    clause: int
    is_negated: bool
    is_quoted: bool
    quantity: Quantity | None = None


class Reading:
    """What the checker understood of one text. Computed once, asked many times."""

    def __init__(self, text: str, lexicon: Lexicon) -> None:
        self.folded: Folded = lexicon.unmasking.of(fold(text))
        self.clauses: tuple[Clause, ...] = tuple(_clauses(self.folded.text))
        self._lexicon = lexicon
        self._others: dict[str, Reading] = {}
        self.tokens: tuple[Token, ...] = tuple(self._tokens())
        by_class: dict[str, list[Token]] = {}
        by_clause: list[list[Token]] = [[] for _ in self.clauses]
        for token in self.tokens:
            by_clause[token.clause].append(token)
            for name in token.classes:
                by_class.setdefault(name, []).append(token)
        self.by_class = by_class
        self.classes = frozenset(by_class)
        self.by_clause = by_clause

    def of_same_lexicon(self, text: str) -> Reading:
        """Read another text, such as a fact, with the words of this one."""
        if text not in self._others:
            self._others[text] = Reading(text, self._lexicon)
        return self._others[text]

    def _tokens(self) -> list[Token]:
        text = self.folded.text
        clause_starts = [clause.start for clause in self.clauses]
        negations = [Negation(clause) for clause in self.clauses]
        rejected = list(reported_spans(self.clauses))
        self._claims = _apart([*rejected, *(span for span in self.folded.quoted if _CLAIMS.search(text, *span))])
        reported = _apart([*rejected, *open_spans(self.clauses)])
        tokens: list[Token] = []
        told: dict[tuple[int, int], tuple[int, bool, bool]] = {}  # one word is often of several classes
        for hit in self._lexicon.find(text):
            start, end = span = (hit.start, hit.end)
            if span not in told:
                index = bisect_right(clause_starts, start) - 1
                quoted = self.folded.is_quoted(start, end) or _inside(reported, start, end)
                told[span] = index, negations[index].reaches(start, end), quoted
            tokens.append(Token(start, end, hit.classes, *told[span]))
        for found in (found for start, end in stretches(text) for found in quantities(text, start, end)):
            index = bisect_right(clause_starts, found.end - 1) - 1
            negated = negations[index].stands_before(found.start)  # `3天不发货`: the days stand, the act is denied
            quoted = self.folded.is_quoted(found.start, found.end) or _inside(reported, found.start, found.end)
            tokens.append(Token(found.start, found.end, frozenset({found.unit}), index, negated, quoted, found))
        return sorted(tokens, key=lambda token: (token.start, token.end))

    def quotes(self, clause: Clause) -> bool:
        """Tell whether a clause holds or follows a claim in quotation marks or reported: this is what it answers.

        A thing that stands in quotation marks is no claim (`“七天无理由”我们不支持` refuses it).
        """
        return _inside(self._claims, clause.end + 1, clause.start - 1)  # it touches one

    @cached_property
    def objects_of_clause(self) -> tuple[frozenset[str], ...]:
        """For each clause, the object classes that it names."""
        return tuple(
            frozenset(name for token in tokens for name in token.classes) & self._lexicon.objects
            for tokens in self.by_clause
        )

    @cached_property
    def objects(self) -> frozenset[str]:
        """All object classes of the text."""
        return frozenset[str]().union(*self.objects_of_clause)

    def sentence_around(self, clause: Clause, reach: int) -> range:
        """Return the indices of the clauses of a clause's sentence, at most `reach` to either side."""
        low = high = clause.index
        while low > 0 and clause.index - low < reach and self.clauses[low - 1].sentence == clause.sentence:
            low -= 1
        last = len(self.clauses) - 1
        while high < last and high - clause.index < reach and self.clauses[high + 1].sentence == clause.sentence:
            high += 1
        return range(low, high + 1)

    def residue(self, clause: Clause) -> int:
        """Count the characters of a clause that neither the lexicon nor the function words account for.

        A count of pieces is said of a thing, so it is no word of an answer that leaves the thing out; nor is a word
        that only protects against look-alikes.
        """
        covered = bytearray(clause.end - clause.start)
        for token in self.by_clause[clause.index]:
            if token.classes <= _SHIELDED or (token.quantity is not None and token.quantity.unit == "pieces"):
                continue
            for offset in range(max(token.start, clause.start), min(token.end, clause.end)):
                covered[offset - clause.start] = 1
        rest = "".join(character for character, taken in zip(clause.text, covered, strict=True) if not taken)
        return len(_FUNCTION_WORDS.sub("", rest))


def _apart(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Sort spans and join those that overlap."""
    apart: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if apart and start < apart[-1][1]:
            apart[-1] = apart[-1][0], max(end, apart[-1][1])
        else:
            apart.append((start, end))
    return apart


def _inside(spans: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    """Tell whether `start:end` lies in one of `spans`, which are sorted and apart."""
    last = bisect_right(spans, start, key=lambda span: span[0]) - 1
    return last >= 0 and end <= spans[last][1]


def _clauses(text: str) -> list[Clause]:
    clauses: list[Clause] = []
    start, sentence = 0, 0
    for position in range(len(text) + 1):
        at_end = position == len(text)
        too_long = position - start >= LONGEST_CLAUSE
        if not at_end and text[position] not in EDGES and not too_long:
            continue
        body = text[start:position]
        clauses.append(
            Clause(
                index=len(clauses),
                sentence=sentence,
                start=start,
                end=position,
                text=body,
                is_question=(not at_end and text[position] == QUESTION) or bool(_ASKS.search(body)),
                is_conditional=bool(_CONDITIONAL.search(body)),
            )
        )
        if at_end or text[position] not in EDGES:
            start = position  # cut without an edge: nothing to skip
            continue
        if text[position] != COMMA:
            sentence += 1
        start = position + 1
    return clauses
