"""Finds where a reply takes a form, and the span of the words that prove it.

Matching works on the words of a reading, never on the raw text. The object of an act may stand in the clause itself, in
a clause before, or, where the reply leaves it out, in the buyer's question (`有发票吗` → `这个没有的哦`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, takewhile
from typing import Literal, NamedTuple

from replyguide.checker.language.prefilter import Requirements
from replyguide.checker.language.reading import Clause, Reading, Token
from replyguide.checker.language.subjects import subject_of
from replyguide.checker.rules.courtesy import manner_span
from replyguide.checker.rules.facts import bound_holds, fact_holds
from replyguide.checker.rules.forms import Conjunction, Form, Number, Scope, Term, conjunction, terms
from replyguide.context import Context

_LINKS = {"clause": 0, "sentence": 1, "reply": 2, "question": 3}
_MOST_RESIDUE = 3  # a clause that says more of its own than this is not an answer to the question's object
_REACH = 40  # clauses: what stands further away belongs to another thought, and cost stays linear in the reply

Span = tuple[int, int]


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


class Place(NamedTuple):
    """Where the object of an act was found: in its clause at `span`, in an earlier `clause`, in the question."""

    where: Literal["clause", "earlier", "question"]
    clause: int | None = None
    span: Span | None = None


class _Words:
    """The words of a reply that an item of a form accepts, found once for all places where the form may hold."""

    def __init__(
        self,
        reading: Reading,
        item: tuple[Term, ...],
        *,
        in_quotes: bool,
        fits: Callable[[Token], bool] | None = None,
    ) -> None:
        self.tokens = [
            token
            for term in item
            for token in reading.by_class.get(term.word_class, ())
            if (term.negated is None or token.is_negated is term.negated)
            and (in_quotes or not token.is_quoted)
            and (fits is None or fits(token))
        ]
        self._reading = reading
        self._by_clause: dict[int, list[Token]] = {}
        for token in self.tokens:
            self._by_clause.setdefault(token.clause, []).append(token)

    def near(self, clause: Clause, scope: Scope) -> Iterator[Token]:
        """Yield the words in the clause, then those of its sentence or of the whole reply."""
        yield from self._by_clause.get(clause.index, ())
        if scope == "reply":
            yield from (token for token in self.tokens if token.clause != clause.index)
        elif scope == "sentence":
            for index in self._reading.sentence_around(clause, _REACH):
                if index != clause.index:
                    yield from self._by_clause.get(index, ())


class Matcher:
    """A form, compiled: the item strings are parsed once, when the pack is loaded."""

    def __init__(self, form: Form, requirements: Requirements) -> None:
        self.form = form
        self.act = terms(form.act) if form.act else ()
        self.about = frozenset(form.about.split("|")) if form.about else frozenset[str]()
        self.also = tuple(terms(item) for item in form.also)
        self.beside = frozenset(term.word_class for item in self.also for term in item)
        self.without = tuple(terms(item) for item in form.without)
        # Of each group of classes a word must stand somewhere in the reply.
        self.needs = tuple(frozenset(term.word_class for term in item) for item in (self.act, *self.also) if item)
        self.asked = tuple(conjunction(item) for item in form.asked)
        self.not_asked = tuple(conjunction(item) for item in form.not_asked)
        self.promised = tuple(conjunction(item) for item in form.promised)
        self._required = requirements.of(form.regex) if form.regex else None

    @cached_property
    def regex(self) -> re.Pattern[str] | None:
        """The pattern of the form, compiled when it is first needed."""
        return re.compile(self.form.regex) if self.form.regex else None

    def classes(self) -> frozenset[str]:
        """Return every word class that the form names, for the loader to compare with the lexicon."""
        pieces = [piece for item in (*self.asked, *self.not_asked, *self.promised) for piece in item]
        items = (self.act, *self.also, *self.without, *pieces)
        return frozenset(term.word_class for item in items for term in item) | self.about

    def is_possible(self, reading: Reading) -> bool:
        """Tell at little cost whether the reply holds the words that the form needs; most forms end here."""
        for group in self.needs:  # noqa: SIM110  # a plain loop: it runs for every form that a word points to
            if group.isdisjoint(reading.classes):
                return False
        return True

    def matches(self, reading: Reading, situation: Situation) -> Iterator[Match]:
        """Yield a match for every place in the reply where the form holds."""
        if not self._situation_holds(situation):
            return
        if self.form.manner is not None:
            span = manner_span(self.form.manner, reading)
            if span is not None:
                yield Match(*span, 0)
            return
        if self._required is None or any(string in reading.folded.text for string in self._required):
            yield from Attempt(self, reading, situation).matches()

    def _situation_holds(self, situation: Situation) -> bool:
        question = situation.question
        if self.asked and not (question and any(is_all_there(question, item) for item in self.asked)):
            return False
        if self.not_asked and question and any(is_all_there(question, item) for item in self.not_asked):
            return False
        return not self.promised or any(
            is_all_there(promise, item) for promise in situation.promises for item in self.promised
        )


class Attempt:
    """One form tried on one reply."""

    def __init__(self, matcher: Matcher, reading: Reading, situation: Situation) -> None:
        self._matcher = matcher
        self._form = matcher.form
        self._reading = reading
        self._situation = situation
        self._also: list[_Words] = []
        self._without: list[_Words] = []
        self._amounts: _Words | None = None

    def matches(self) -> Iterator[Match]:
        anchors = self._anchors()
        first = next(anchors, None)
        if first is None:
            return
        self._also = [self._words(item) for item in self._matcher.also]
        if any(not words.tokens for words in self._also):
            return
        self._without = [self._words(item) for item in self._matcher.without]
        for span, clause in chain([first], anchors):
            spans = self._proof(clause, span) if self._admits(clause) else None
            if spans is not None:
                yield Match(min(low for low, _ in spans), max(high for _, high in spans), clause.index)

    def _words(self, item: tuple[Term, ...]) -> _Words:
        return _Words(self._reading, item, in_quotes=self._form.in_quotes)

    def _anchors(self) -> Iterator[tuple[Span, Clause]]:
        """Find where the form may hold: at its act, else its pattern, else its object, else in every clause."""
        clauses, matcher = self._reading.clauses, self._matcher
        if matcher.act or (matcher.about and matcher.regex is None):
            item = matcher.act or tuple(Term(name, None) for name in sorted(matcher.about))
            for token in self._words(item).tokens:
                yield (token.start, token.end), clauses[token.clause]
        elif matcher.regex is not None:
            for clause in clauses:
                for found in matcher.regex.finditer(clause.text):
                    if found.end() > found.start():
                        yield (clause.start + found.start(), clause.start + found.end()), clause
        else:
            for clause in clauses:
                if clause.text:
                    yield (clause.start, clause.end), clause

    def _admits(self, clause: Clause) -> bool:
        if clause.is_question and not self._form.in_question:
            return False
        return self._form.in_condition or not clause.is_conditional

    def _proof(self, clause: Clause, anchor: Span) -> list[Span] | None:
        """Return the spans that prove the form around an anchor, `None` if any part of it fails."""
        form, matcher = self._form, self._matcher
        if form.bare and not self._is_bare(clause):
            return None
        if matcher.act and matcher.regex is not None and not matcher.regex.search(clause.text):
            return None
        if not subject_holds(form.subject, clause, anchor[0]):
            return None
        if form.fact is not None and not self._fact_holds(anchor):
            return None
        spans = [anchor]
        if matcher.about and matcher.act:
            place = self._object_place(clause, anchor)
            if place is None:
                return None
            if place.span is not None:
                spans.append(place.span)
        if not self._all_beside(clause, spans):
            return None
        if any(True for words in self._without for _ in words.near(clause, form.scope)):
            return None
        return spans if form.number is None or self._number_found(clause, spans) else None

    def _is_bare(self, clause: Clause) -> bool:
        """Tell whether a clause only answers: it says little of its own and names no other object."""
        others = self._reading.objects_of_clause[clause.index] - self._matcher.about - self._matcher.beside
        return not others and self._reading.residue(clause) <= _MOST_RESIDUE and not self._reading.quotes(clause)

    def _fact_holds(self, anchor: Span) -> bool:
        fact = self._form.fact
        assert fact is not None
        return self._compared_with_fact(anchor) if fact.says == "other" else self._fact_is_there

    @cached_property
    def _fact_is_there(self) -> bool:
        """Whether the fact is known or named, which does not hang on the place."""
        return self._compared_with_fact((0, 0))

    def _compared_with_fact(self, anchor: Span) -> bool:
        fact = self._form.fact
        assert fact is not None
        classes = {term.word_class for term in self._matcher.act}
        asked = {term.word_class for item in self._matcher.asked for piece in item for term in piece}
        value = self._situation.context.get(fact.of)
        return fact_holds(fact, value, self._reading, self._situation.question, anchor, classes, asked)

    def _all_beside(self, clause: Clause, spans: list[Span]) -> bool:
        anchor = spans[0]
        for words in self._also:
            tokens = (token for token in words.near(clause, self._form.scope) if not _overlap(token, anchor))
            found = next(tokens, None)
            if found is None:
                return False
            if found.clause == clause.index:
                in_clause = [found, *takewhile(lambda token: token.clause == clause.index, tokens)]
                nearest = min(in_clause[:_REACH], key=lambda token: _gap((token.start, token.end), anchor))
                spans.append((nearest.start, nearest.end))
        return True

    def _object_place(self, clause: Clause, act: Span) -> Place | None:
        matcher, reading = self._matcher, self._reading
        here = reading.objects_of_clause[clause.index]
        if here & matcher.about:
            span = self._object_span(clause, act)
            if span is not None:
                return Place("clause", clause.index, span)
        reach = _LINKS[self._form.link]
        if here - matcher.about - matcher.beside or reach == 0 or reading.quotes(clause):
            return None  # `“不要票便宜十块”我们没有的` answers what it quotes
        for earlier in reversed(reading.clauses[max(clause.index - _REACH, 0) : clause.index]):
            objects = reading.objects_of_clause[earlier.index]
            if earlier.sentence != clause.sentence and reach < 2:
                return None
            if objects:
                near_enough = earlier.sentence == clause.sentence or reading.residue(clause) <= _MOST_RESIDUE
                return Place("earlier", earlier.index) if objects & matcher.about and near_enough else None
        question = self._situation.question
        if reach < 3 or question is None or reading.residue(clause) > _MOST_RESIDUE:
            return None
        return Place("question") if question.objects & matcher.about else None

    def _object_span(self, clause: Clause, act: Span) -> Span | None:
        about, form = self._matcher.about, self._form
        named = [token for token in self._reading.by_clause[clause.index] if token.classes & about]
        candidates = [
            token
            for token in named
            if (form.in_quotes or not token.is_quoted)
            and not _overlap(token, act)
            and (not form.order or token.end <= act[0])
            and (form.near is None or _gap((token.start, token.end), act) <= form.near)
        ]
        if not candidates:
            return act if any((token.start, token.end) == act for token in named) else None
        nearest = min(candidates, key=lambda token: _gap((token.start, token.end), act))
        return nearest.start, nearest.end

    def _number_found(self, clause: Clause, spans: list[Span]) -> bool:
        token = next(self._amounts_beyond.near(clause, self._form.scope), None)
        if token is not None and token.clause == clause.index:
            spans.append((token.start, token.end))
        return token is not None

    @cached_property
    def _amounts_beyond(self) -> _Words:
        """The quantities beyond the bounds of the form, looked for once: a reply may state a thousand."""
        number, context = self._form.number, self._situation.context
        assert number is not None
        item = (Term(number.unit, None),)
        return _Words(self._reading, item, in_quotes=True, fits=lambda token: _is_beyond(token, number, context))


def subject_holds(wanted: str | None, clause: Clause, start: int) -> bool:
    """Tell whether the act at folded offset `start` is done by whom the form wants."""
    if wanted is None:
        return True
    subject = subject_of(clause, start)
    return subject == wanted if wanted in ("buyer", "shop") else subject != wanted.removeprefix("not_")


def is_all_there(reading: Reading, pieces: Conjunction) -> bool:
    """Tell whether the text has a word for every piece, whatever its polarity."""
    for piece in pieces:  # plain loops: this runs for every form that a word of the reply points to
        for term in piece:
            if term.word_class in reading.by_class:
                break
        else:
            return False
    return True


def _is_beyond(token: Token, number: Number, context: Context) -> bool:
    return token.quantity is not None and bound_holds(number, token.quantity.value, context)


def _overlap(token: Token, span: Span) -> bool:
    return span[0] < token.end and token.start < span[1]


def _gap(one: Span, other: Span) -> int:
    return max(one[0] - other[1], other[0] - one[1], 0)
