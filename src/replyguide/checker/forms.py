"""The forms in which a reply can break a rule: an act, its polarity, its object, and what must stand beside it.

A form is data in a pack. Matching works on the words of a reading, never on the raw text, and gives the span of the
words that prove it. The object of an act may stand in the clause itself, in a clause before, or, where the reply leaves
it out, in the buyer's question (`有发票吗` → `这个没有的哦`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from replyguide.checker.courtesy import Manner, manner_span
from replyguide.checker.reading import Clause, Reading, Token
from replyguide.context import Context

Scope = Literal["clause", "sentence", "reply"]
Link = Literal["clause", "sentence", "reply", "question"]
_SCOPES: dict[str, int] = {"clause": 0, "sentence": 1, "reply": 2, "question": 3}
_MOST_RESIDUE = 3  # a clause that says more of its own than this is not an answer to the question's object
_BUYER = re.compile(
    "(?<![给为帮替跟向和把被请让])(?:您|你|亲(?!自|手|测|肤|爱|子)|买家|客户|顾客)|(?:由|让|请|得|需要|需|要)(?:您|你|亲|买家|客户)"
)
_SHOP = re.compile("我们|咱们|我方|我家|本店|店铺|店里|小店|卖家|商家|我来|由我|这边来|我自己|公司")


class Number(BaseModel):
    """A bound on a quantity in the clause. `above`/`below` take a number or a dotted fact path; `default` if unknown."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    unit: Literal["hours", "yuan", "percent", "pieces"]
    above: float | str | None = None
    below: float | str | None = None
    default: float | None = None


class Fact(BaseModel):
    """What a fact of the context must be: `something` (known, not empty), `named` in the reply or the question (two
    characters of it in a row are enough), or `other` than the act says.

    `other` holds if the fact is known and lacks a word that the act asserts, has one that it denies, or is another
    amount. With `asked`, the act only answers, and the words of the question are compared in its stead.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    of: Literal["product.material", "product.category", "product.gifts", "product.price_yuan", "shop.couriers"]
    says: Literal["something", "named", "other"] = "other"


class Form(BaseModel):
    """One form of a violation (or, under `unless`, of what excuses it).

    `act`, `also`, `without` name classes of the lexicon, alternatives joined by `|`; `-have` asks for a negated word,
    `~have` takes either, plain asks for one that is not negated. `about` gives the object classes; `link` how far away the object
    may stand; `scope` where `also` and `without` look.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    act: str | None = None
    about: str | None = None
    link: Link = "question"
    also: list[str] = Field(default_factory=list)
    without: list[str] = Field(default_factory=list)
    scope: Scope = "clause"
    order: bool = False
    near: int | None = Field(default=None, ge=0)
    subject: Literal["buyer", "shop", "not_shop", "not_buyer"] | None = None
    number: Number | None = None
    asked: list[str] = Field(default_factory=list)
    not_asked: list[str] = Field(default_factory=list)
    promised: list[str] = Field(default_factory=list)
    fact: Fact | None = None
    regex: str | None = None
    manner: Manner | None = None
    bare: bool = False
    in_question: bool = False
    in_condition: bool = False
    in_quotes: bool = False


@dataclass(frozen=True, slots=True)
class Term:
    """One alternative of an item: a class and the polarity wanted (`None` takes either)."""

    word_class: str
    negated: bool | None


@dataclass(frozen=True, slots=True)
class Situation:
    """What stands around the reply: the question read, the earlier turns of the agent read, the facts."""

    context: Context
    question: Reading | None
    promises: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """The proof of a form: a span of the folded reply, and the clause in which the act stands."""

    start: int
    end: int
    clause: int


class Matcher:
    """A form, compiled: the item strings are parsed once, when the pack is loaded."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self._act = terms(form.act) if form.act else ()
        self._about = frozenset(form.about.split("|")) if form.about else frozenset[str]()
        self._also = tuple(terms(item) for item in form.also)
        self._beside_classes = frozenset(term.word_class for item in self._also for term in item)
        self._without = tuple(terms(item) for item in form.without)
        self._asked = tuple(_conjunction(item) for item in form.asked)
        self._not_asked = tuple(_conjunction(item) for item in form.not_asked)
        self._promised = tuple(_conjunction(item) for item in form.promised)
        self._regex = re.compile(form.regex) if form.regex else None

    def classes(self) -> frozenset[str]:
        """Return every word class that the form names, for the loader to compare with the lexicon."""
        items = (
            self._act,
            *self._also,
            *self._without,
            *(t for c in (*self._asked, *self._not_asked, *self._promised) for t in c),
        )
        return frozenset(term.word_class for item in items for term in item) | self._about

    def matches(self, reading: Reading, situation: Situation) -> Iterator[Match]:
        """Yield a match for every place in the reply where the form holds."""
        if not self._situation_holds(situation):
            return
        if self.form.manner is not None:
            span = manner_span(self.form.manner, reading)
            if span is not None:
                yield Match(*span, 0)
            return
        for start, end, clause in self._anchors(reading):
            if not self._clause_admits(clause):
                continue
            spans = self._proof(reading, situation, clause, start, end)
            if spans is not None:
                yield Match(min(low for low, _ in spans), max(high for _, high in spans), clause.index)

    def _situation_holds(self, situation: Situation) -> bool:
        question = situation.question
        if self._asked and not (question and any(_all_there(question, item) for item in self._asked)):
            return False
        if self._not_asked and question and any(_all_there(question, item) for item in self._not_asked):
            return False
        return not self._promised or any(
            _all_there(promise, item) for promise in situation.promises for item in self._promised
        )

    def _anchors(self, reading: Reading) -> Iterator[tuple[int, int, Clause]]:
        """Find where the form may hold: at its act, else its pattern, else its object, else in every clause."""
        if self._act:
            for token in self._tokens(reading, self._act):
                yield token.start, token.end, reading.clauses[token.clause]
        elif self._regex is not None:
            for clause in reading.clauses:
                for found in self._regex.finditer(clause.text):
                    if found.end() > found.start():
                        yield clause.start + found.start(), clause.start + found.end(), clause
        elif self._about:
            for token in self._tokens(reading, tuple(Term(name, None) for name in self._about)):
                yield token.start, token.end, reading.clauses[token.clause]
        else:
            for clause in reading.clauses:
                if clause.text:
                    yield clause.start, clause.end, clause

    def _tokens(self, reading: Reading, wanted: tuple[Term, ...]) -> Iterator[Token]:
        for term in wanted:
            for token in reading.by_class.get(term.word_class, ()):
                if (term.negated is None or token.is_negated is term.negated) and self._quote_admits(token):
                    yield token

    def _quote_admits(self, token: Token) -> bool:
        return self.form.in_quotes or not token.is_quoted

    def _clause_admits(self, clause: Clause) -> bool:
        if clause.is_question and not self.form.in_question:
            return False
        return self.form.in_condition or not clause.is_conditional

    def _proof(
        self, reading: Reading, situation: Situation, clause: Clause, start: int, end: int
    ) -> list[tuple[int, int]] | None:
        """Return the spans that prove the form around an anchor, `None` if any part of it fails."""
        spans = [(start, end)]
        if self.form.bare and reading.residue(clause) > _MOST_RESIDUE:
            return None
        if self.form.fact is not None and not self._fact_holds(self.form.fact, reading, situation, start, end):
            return None
        if self._act and self._regex is not None and not self._regex.search(clause.text):
            return None
        if self._about and self._act and not self._object_found(reading, situation, clause, spans):
            return None
        for item in self._also:
            found = self._beside(reading, clause, item, (start, end))
            if found is None:
                return None
            if found.clause == clause.index:
                spans.append((found.start, found.end))
        if any(self._anywhere(reading, clause, item) for item in self._without):
            return None
        if self.form.number is not None and not self._number_found(reading, situation, clause, spans):
            return None
        return spans if self._subject_holds(clause, start) else None

    def _fact_holds(self, fact: Fact, reading: Reading, situation: Situation, start: int, end: int) -> bool:
        value = situation.context.get(fact.of)
        if not value or fact.says == "something":
            return bool(value)
        if fact.says == "named":
            said = reading.folded.text + (situation.question.folded.text if situation.question else "")
            names = value if isinstance(value, list) else [str(value)]
            items = [reading.of_same_lexicon(item).folded.text for item in names]
            return any(item[at : at + 2] in said for item in items for at in range(len(item) - 1))
        told = reading.of_same_lexicon("，".join(value) if isinstance(value, list) else str(value))
        known = {name for token in told.tokens if not token.is_negated for name in token.classes}
        if self._asked and situation.question is not None:
            wanted = {term.word_class for item in self._asked for piece in item for term in piece}
            return bool(wanted & set(situation.question.by_class) - known)
        named = {term.word_class for term in self._act}
        for token in reading.tokens:
            if (token.start, token.end) != (start, end) or not token.classes & named:
                continue
            if token.quantity is not None and isinstance(value, (int, float)):
                return abs(token.quantity.value - value) >= 1
            if (token.classes & named) & known if token.is_negated else (token.classes & named) - known:
                return True
        return False

    def _object_found(
        self, reading: Reading, situation: Situation, clause: Clause, spans: list[tuple[int, int]]
    ) -> bool:
        here = reading.objects_of_clause[clause.index]
        if here & self._about:
            place = self._object_span(reading, clause, spans[0])
            if place is not None:
                spans.append(place)
                return True
        reach = _SCOPES[self.form.link]
        if here - self._about - self._beside_classes or reach == 0:
            return False
        for earlier in reversed(reading.clauses[: clause.index]):
            objects = reading.objects_of_clause[earlier.index]
            if earlier.sentence != clause.sentence and reach < 2:
                return False
            if objects:
                near_enough = earlier.sentence == clause.sentence or reading.residue(clause) <= _MOST_RESIDUE
                return bool(objects & self._about) and near_enough
        if reach < 3 or situation.question is None or reading.residue(clause) > _MOST_RESIDUE:
            return False
        return bool(situation.question.objects & self._about)

    def _object_span(self, reading: Reading, clause: Clause, act: tuple[int, int]) -> tuple[int, int] | None:
        candidates = [
            token
            for token in reading.by_clause[clause.index]
            if token.classes & self._about
            and self._quote_admits(token)
            and not (act[0] < token.end and token.start < act[1])
        ]
        if self.form.order:
            candidates = [token for token in candidates if token.end <= act[0]]
        if self.form.near is not None:
            candidates = [token for token in candidates if _gap((token.start, token.end), act) <= self.form.near]
        if not candidates:
            same = [token for token in reading.by_clause[clause.index] if token.classes & self._about]
            return act if any(token.start == act[0] and token.end == act[1] for token in same) else None
        nearest = min(candidates, key=lambda token: _gap((token.start, token.end), act))
        return nearest.start, nearest.end

    def _beside(
        self, reading: Reading, clause: Clause, item: tuple[Term, ...], anchor: tuple[int, int]
    ) -> Token | None:
        found = [
            token
            for token in self._tokens(reading, item)
            if self._in_scope(reading, token, clause) and not (anchor[0] < token.end and token.start < anchor[1])
        ]
        return min(found, key=lambda token: _gap((token.start, token.end), anchor)) if found else None

    def _anywhere(self, reading: Reading, clause: Clause, item: tuple[Term, ...]) -> bool:
        return any(self._in_scope(reading, token, clause) for token in self._tokens(reading, item))

    def _in_scope(self, reading: Reading, token: Token, clause: Clause) -> bool:
        if self.form.scope == "clause":
            return token.clause == clause.index
        return self.form.scope == "reply" or reading.clauses[token.clause].sentence == clause.sentence

    def _number_found(
        self, reading: Reading, situation: Situation, clause: Clause, spans: list[tuple[int, int]]
    ) -> bool:
        number = self.form.number
        assert number is not None
        for token in reading.by_class.get(number.unit, ()):
            if token.quantity is None or not self._in_scope(reading, token, clause):
                continue
            if _within(number, token.quantity.value, situation.context):
                if token.clause == clause.index:
                    spans.append((token.start, token.end))
                return True
        return False

    def _subject_holds(self, clause: Clause, start: int) -> bool:
        wanted = self.form.subject
        if wanted is None:
            return True
        subject = subject_of(clause, start)
        if wanted in ("buyer", "shop"):
            return subject == wanted
        return subject != wanted.removeprefix("not_")


def subject_of(clause: Clause, start: int) -> Literal["buyer", "shop"] | None:
    """Tell who does the act at folded offset `start`: the last of buyer and shop that is named before it."""
    before = clause.text[: start - clause.start]
    buyer = max((match.end() for match in _BUYER.finditer(before)), default=-1)
    shop = max((match.end() for match in _SHOP.finditer(before)), default=-1)
    if buyer == shop:
        return None
    return "buyer" if buyer > shop else "shop"


def terms(item: str) -> tuple[Term, ...]:
    """Parse `-have|lack|~can` into its alternatives."""
    return tuple(_term(part.strip()) for part in item.split("|"))


def _term(text: str) -> Term:
    if text.startswith("-"):
        return Term(text[1:], True)
    return Term(text[1:], None) if text.startswith("~") else Term(text, False)


def _conjunction(item: str) -> tuple[tuple[Term, ...], ...]:
    """Parse `invoice+other_category|other_amount`: all parts joined by `+` must be there, with any polarity."""
    return tuple(tuple(Term(part.strip().lstrip("~"), None) for part in piece.split("|")) for piece in item.split("+"))


def _all_there(reading: Reading, pieces: Iterable[tuple[Term, ...]]) -> bool:
    return all(any(term.word_class in reading.by_class for term in piece) for piece in pieces)


def _gap(one: tuple[int, int], other: tuple[int, int]) -> int:
    return max(one[0] - other[1], other[0] - one[1], 0)


def _within(number: Number, value: float, context: Context) -> bool:
    above = _bound(number.above, number, context)
    below = _bound(number.below, number, context)
    if above is None and below is None:
        return number.above is None and number.below is None
    return (above is None or value > above) and (below is None or value < below)


def _bound(bound: float | str | None, number: Number, context: Context) -> float | None:
    if not isinstance(bound, str):
        return bound
    fact = context.get(bound)
    return float(fact) if isinstance(fact, (int, float)) and not isinstance(fact, bool) else number.default
