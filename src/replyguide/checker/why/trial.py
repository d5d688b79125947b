"""One form tried on one reply with every condition looked at, where matching stops at the first that fails.

`matching.py` answers fast whether a form holds; a trial tells why, in words. Both use the same steps, and a test holds
that a trial stands exactly where the form matches.
"""

from __future__ import annotations

import copy
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property

from replyguide.checker.language.reading import Clause, Reading, Token
from replyguide.checker.rules.facts import bound_holds
from replyguide.checker.rules.forms import Term
from replyguide.checker.rules.matching import Attempt, Matcher, Place, Situation, Span, is_all_there
from replyguide.checker.why import excuses
from replyguide.checker.why.class_words import ClassWords
from replyguide.checker.why.explanation import Exemption, NumberShown, ObjectPlace, ObjectShown, WordShown


@dataclass(frozen=True, slots=True)
class Trial:
    """A place where a form may hold. `missing` tells what it lacks; `exemptions` what could excuse the words there."""

    clause: int
    span: Span
    act: WordShown
    object: ObjectShown
    beside: tuple[WordShown, ...]
    numbers: tuple[NumberShown, ...]
    missing: tuple[str, ...]
    exemptions: tuple[Exemption, ...]

    @property
    def excuses(self) -> tuple[Exemption, ...]:
        """Return the exemptions that hold."""
        return tuple(exemption for exemption in self.exemptions if exemption.holds)

    @property
    def holds(self) -> bool:
        """Tell whether the form holds here: nothing is missing and nothing excuses it."""
        return not self.missing and not self.excuses


class Trying(Attempt):
    """A form on trial; `names` tells the classes of the lexicon in words."""

    def __init__(self, matcher: Matcher, reading: Reading, situation: Situation, names: ClassWords) -> None:
        super().__init__(matcher, reading, situation)
        self._names = names
        self._also = [self._words(item) for item in matcher.also]
        self._without = [self._words(item) for item in matcher.without]

    def trials(self, clauses: Collection[int]) -> Iterator[Trial]:
        """Yield a trial for every place in these clauses where the act, the pattern or the object stands."""
        around = tuple(self._situation_lacks())
        for span, clause, token in self._places(clauses):
            quoted = token is not None and token.is_quoted and not self._form.in_quotes
            yield (self._unquoted if quoted else self)._tried(span, clause, token, around, is_quoted=quoted)

    @cached_property
    def _unquoted(self) -> Trying:
        """The same form without regard to quotation marks: what would stand here if they were not there."""
        matcher = copy.copy(self._matcher)
        matcher.form = self._form.model_copy(update={"in_quotes": True})
        return Trying(matcher, self._reading, self._situation, self._names)

    def _places(self, clauses: Collection[int]) -> Iterator[tuple[Span, Clause, Token | None]]:
        """Like the anchors of matching, but whatever the polarity, and in quotation marks too."""
        matcher, reading = self._matcher, self._reading
        item = matcher.act or (() if matcher.regex else tuple(Term(name, None) for name in sorted(matcher.about)))
        if not item:
            yield from ((span, clause, None) for span, clause in self._anchors() if clause.index in clauses)
            return
        classes = {term.word_class for term in item}
        merged: dict[Span, Token] = {}  # one word is often several tokens, each with classes of its own
        for token in (token for name in sorted(classes) for token in reading.by_class.get(name, ())):
            if token.clause in clauses:
                kept = merged.get((token.start, token.end), token)
                both = (kept.classes | token.classes) & classes
                merged[token.start, token.end] = token._replace(classes=both)
        for span, token in merged.items():
            yield span, reading.clauses[token.clause], token

    def _tried(
        self, span: Span, clause: Clause, token: Token | None, around: tuple[str, ...], *, is_quoted: bool
    ) -> Trial:
        lacks, spans = [*around, *self._clause_lacks(clause, span)], [span]
        place, is_object_quoted = self._placed(clause, spans, lacks)
        beside = self._beside(clause, spans, lacks)
        numbers, exemptions = self._numbers(clause, spans, lacks)
        exemptions += self._polarity(clause, token, lacks)
        exemptions += excuses.manners_of_speech(self._form, clause, is_quoted=is_quoted or is_object_quoted)
        exemptions += excuses.actor(self._form, clause, span[0])
        exemptions += self._words_beside(clause)
        return Trial(
            clause=clause.index,
            span=(min(low for low, _ in spans), max(high for _, high in spans)),
            act=self._shown(span, token),
            object=self._object_shown(place, clause, beside),
            beside=tuple(self._shown((found.start, found.end), found) for found in beside),
            numbers=numbers,
            missing=tuple(lacks),
            exemptions=tuple(exemptions),
        )

    def _situation_lacks(self) -> Iterator[str]:
        matcher, question = self._matcher, self._situation.question
        if matcher.asked and not (question and any(is_all_there(question, item) for item in matcher.asked)):
            yield f"买家没有问到{'，或'.join(map(self._names.conjunction, matcher.asked))}"
        if question and any(is_all_there(question, item) for item in matcher.not_asked):
            yield "买家问的是别的事"
        turns = self._situation.promises
        if matcher.promised and not any(is_all_there(turn, item) for turn in turns for item in matcher.promised):
            yield f"之前没有答应过{'，或'.join(map(self._names.conjunction, matcher.promised))}"

    def _clause_lacks(self, clause: Clause, span: Span) -> Iterator[str]:
        if self._form.bare and not self._is_bare(clause):
            yield "这一小句还说了别的"
        if self._matcher.act and self._matcher.regex is not None and not self._matcher.regex.search(clause.text):
            yield "句子的写法不一样"
        if self._form.fact is not None and not self._fact_holds(span):
            yield "和页面、店铺的资料没有出入"

    def _placed(self, clause: Clause, spans: list[Span], lacks: list[str]) -> tuple[Place | None, bool]:
        """Return where the object stands, and whether it counts as quoted there."""
        if not (self._matcher.about and self._matcher.act):
            return None, False
        place = self._object_place(clause, spans[0])
        is_quoted = place is None and not self._form.in_quotes
        if is_quoted:
            place = self._unquoted._object_place(clause, spans[0])
        if place is None:
            lacks.append(f"说的不是{self._names.classes(self._matcher.about)}")
        elif place.span is not None:
            spans.append(place.span)
        return place, is_quoted and place is not None

    def _beside(self, clause: Clause, spans: list[Span], lacks: list[str]) -> list[Token]:
        found: list[Token] = []
        for item, words in zip(self._matcher.also, self._also, strict=True):
            near = [token for token in words.near(clause, self._form.scope) if not _overlap(token, spans[0])]
            if near:
                found.append(min(near, key=lambda token: (token.clause != clause.index, _gap(token, spans[0]))))
            else:
                lacks.append(f"{excuses.SCOPES[self._form.scope]}没有{self._names.item(item)}")
        self._all_beside(clause, spans)
        return found

    def _numbers(
        self, clause: Clause, spans: list[Span], lacks: list[str]
    ) -> tuple[tuple[NumberShown, ...], list[Exemption]]:
        number, context = self._form.number, self._situation.context
        if number is None:
            return (), []
        is_beyond = self._number_found(clause, spans)
        bounds = excuses.limits(number, context)
        amounts = [
            (bound_holds(number, token.quantity.value, context), token, token.quantity.value)
            for token in self._words((Term(number.unit, None),)).near(clause, self._form.scope)
            if token.quantity is not None
        ]
        if not amounts or not bounds:
            lacks += [] if is_beyond else ["没有可以比的数字"]
            return (), []
        _, token, value = next((one for one in amounts if one[0]), amounts[0])
        text = self._text((token.start, token.end))
        shown = tuple(NumberShown(text, value, number.unit, *bound) for bound in bounds)
        return shown, [excuses.amount(shown, is_beyond=is_beyond)]

    def _polarity(self, clause: Clause, token: Token | None, lacks: list[str]) -> list[Exemption]:
        if token is None or not self._matcher.act:
            return []
        terms = tuple(term for term in self._matcher.act if term.word_class in token.classes)
        if any(term.negated is None or term.negated is token.is_negated for term in terms):
            terms = tuple(term for term in terms if term.negated is None or term.negated is token.is_negated)
        text = self._text((token.start, token.end))
        weighed = excuses.polarity(terms, token, text, clause)
        if weighed is None and not any(term.negated in (None, token.is_negated) for term in terms):
            lacks.append(f"“{text}”没有被否定")
        return [weighed] if weighed is not None else []

    def _words_beside(self, clause: Clause) -> Iterator[Exemption]:
        where = excuses.SCOPES[self._form.scope]
        for item, words in zip(self._matcher.without, self._without, strict=True):
            found = next(iter(words.near(clause, self._form.scope)), None)
            because = "没有出现" if found is None else f"出现了“{self._text((found.start, found.end))}”"
            yield Exemption("without", f"{where}有{self._names.item(item)}", found is not None, because)

    def _object_shown(self, place: Place | None, clause: Clause, beside: list[Token]) -> ObjectShown:
        if place is not None and place.where == "question":
            return self._object_asked(self._matcher.about)
        if place is not None and place.clause is not None:
            tokens = [token for token in self._reading.by_clause[place.clause] if token.classes & self._matcher.about]
            span = place.span if place.span is not None else (tokens[-1].start, tokens[-1].end)
            return self._object_told(place.where, span)
        for token in beside:
            if token.classes & self._reading.objects and token.clause <= clause.index:
                where: ObjectPlace = "clause" if token.clause == clause.index else "earlier"
                return self._object_told(where, (token.start, token.end))
        return self._object_asked(frozenset(t.word_class for item in self._matcher.asked for p in item for t in p))

    def _object_told(self, place: ObjectPlace, span: Span) -> ObjectShown:
        start, end = self._reading.folded.original_span(*span)
        return ObjectShown(place, self._reading.folded.original[start:end], start, end)

    def _object_asked(self, classes: frozenset[str]) -> ObjectShown:
        question = self._situation.question
        if question is not None:
            for token in question.tokens:
                if token.classes & classes:
                    start, end = question.folded.original_span(token.start, token.end)
                    return ObjectShown("question", question.folded.original[start:end])
        return ObjectShown("none")

    def _shown(self, span: Span, token: Token | None) -> WordShown:
        start, end = self._reading.folded.original_span(*span)
        classes = tuple(sorted(token.classes)) if token is not None else ()
        text = self._reading.folded.original[start:end]
        return WordShown(text, start, end, classes, token is not None and token.is_negated)

    def _text(self, span: Span) -> str:
        return self._reading.folded.text[span[0] : span[1]]


def _overlap(token: Token, span: Span) -> bool:
    return span[0] < token.end and token.start < span[1]


def _gap(token: Token, span: Span) -> int:
    return max(span[0] - token.end, token.start - span[1], 0)
