"""One reply under explanation: what its traces share, worked out once."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from replyguide.checker.language.reading import Reading
from replyguide.checker.rules.matching import Matcher
from replyguide.checker.rules.packs import Rule
from replyguide.checker.why.class_words import ClassWords
from replyguide.checker.why.explanation import (
    ClauseShown,
    DisputeShown,
    Evidence,
    Exemption,
    FactShown,
    FigureShown,
    RuleShown,
    WordShown,
)
from replyguide.checker.why.fact_words import condition_in_words, name_of_fact, value_in_words, when_in_words
from replyguide.checker.why.trial import Trial, Trying
from replyguide.conditions import all_hold
from replyguide.context import Context

if TYPE_CHECKING:
    from replyguide.checker.checking import Checker

_MOST_CLAUSES = 60


class Case:
    """A reply, its context and the checker that judges it; what is asked twice is worked out once."""

    def __init__(self, reply: str, context: Context, checker: Checker) -> None:
        self.context = context
        self.packs = checker.packs
        self.rules = {rule.spec.id: rule for rule in checker.packs.rules}
        self.reading, self._situation = checker.read(reply, context)
        self._check = checker.check
        self._names = ClassWords(checker.packs.lexicon)
        self._excuses: dict[str, tuple[Exemption, ...]] = {}
        self._shown: dict[str, RuleShown] = {}

    @property
    def question(self) -> Reading | None:
        """The buyer's question, read."""
        return self._situation.question

    @property
    def clauses_read(self) -> range:
        """The clauses in which excuses are looked for one by one: nobody reads those of a longer reply."""
        return range(min(len(self.reading.clauses), _MOST_CLAUSES))

    def clause_at(self, offset: int) -> int:
        """Return the index of the clause in which the character at `offset` of the reply stands."""
        folded = self.reading.folded.place_of(offset)
        return max(bisect_right(self.reading.clauses, folded, key=lambda clause: clause.start) - 1, 0)

    def topics_of(self, word: WordShown) -> list[set[str]]:
        """Return, for each class that a word may be of, the topics whose rules ask for it as an act."""
        tokens = self.reading.by_clause[self.clause_at(word.start)]
        here = [token for token in tokens if self.reading.folded.starts[token.start] == word.start]
        return [self._topics_of_act.get(name, set()) for token in here for name in token.classes]

    @cached_property
    def _topics_of_act(self) -> dict[str, set[str]]:
        topics: dict[str, set[str]] = {}
        for rule in self.packs.rules:
            for matcher in rule.forbids:
                for term in matcher.act:
                    topics.setdefault(term.word_class, set()).add(rule.spec.topic)
        return topics

    def trials(self, matcher: Matcher, clauses: Collection[int]) -> Iterator[Trial]:
        """Try a form in these clauses. A form about the manner of the whole reply has no place to try."""
        if matcher.form.manner is None:
            yield from Trying(matcher, self.reading, self._situation, self._names).trials(clauses)

    def excuses(self, rule: Rule) -> tuple[Exemption, ...]:
        """Weigh what the rule itself lets pass (`unless`), wherever in the reply it stands."""
        if rule.spec.id not in self._excuses:
            self._excuses[rule.spec.id] = tuple(map(self._excuse, rule.unless))
        return self._excuses[rule.spec.id]

    def _excuse(self, matcher: Matcher) -> Exemption:
        tried = self._names.form(matcher)
        match = next(matcher.matches(self.reading, self._situation), None)
        if match is not None:
            said = self.reading.folded.text[match.start : match.end]
            return Exemption("unless", tried, True, f"回复里有“{said}”")
        trials = list(self.trials(matcher, self.clauses_read))
        if not trials:
            return Exemption("unless", tried, False, "回复里没有这样的话")
        nearest = min(trials, key=lambda trial: len(trial.missing) + len(trial.excuses))
        reasons = [*nearest.missing, *(exemption.because for exemption in nearest.excuses)]
        names_words = matcher.act or matcher.about or matcher.form.regex
        said = f"有“{nearest.act.text}”，但" if names_words else ""
        return Exemption("unless", tried, False, said + "、".join(reasons))

    def excused_by_facts(self, rule: Rule) -> Exemption:
        """Tell which facts keep a rule silent that does not apply here."""
        tried = "；或者".join(map(when_in_words, rule.when))
        paths = dict.fromkeys(path for when in rule.when for path in when)
        known = "，".join(f"{name_of_fact(path)}：{value_in_words(self.context.get(path))}" for path in paths)
        return Exemption("when", f"这条规则只在这时适用：{tried}", True, f"现在{known}")

    def evidence(self, rule: Rule, clause: int, trial: Trial | None) -> Evidence:
        """Put together what a rule saw in a clause; without a trial only where it looked."""
        shown, facts = self._clause(clause), tuple(self._facts(rule))
        if trial is None:
            return Evidence(shown, context=facts, exemptions=self.excuses(rule))
        return Evidence(
            clause=shown,
            act=trial.act,
            object=trial.object,
            beside=trial.beside,
            numbers=trial.numbers,
            context=facts,
            exemptions=(*trial.exemptions, *self.excuses(rule)),
        )

    def _clause(self, index: int) -> ClauseShown:
        clause, folded = self.reading.clauses[index], self.reading.folded
        if not clause.text:
            return ClauseShown("", "", 0, 0)
        start, end = folded.original_span(clause.start, clause.end)
        return ClauseShown(folded.original[start:end], clause.text, start, end)

    def _facts(self, rule: Rule) -> Iterator[FactShown]:
        holding = next((when for when in rule.when if all_hold(when, self.context)), {})
        for path, condition in holding.items():
            yield FactShown(path, self.context.get(path), condition_in_words(path, condition))

    def rule(self, rule: Rule) -> RuleShown:
        """Return the text of a rule, with a rewording that passes in this context."""
        if rule.spec.id not in self._shown:
            self._shown[rule.spec.id] = self._rule(rule)
        return self._shown[rule.spec.id]

    def _rule(self, rule: Rule) -> RuleShown:
        spec = rule.spec
        return RuleShown(
            rule=spec.id,
            topic=spec.topic,
            level=spec.level,
            title=spec.title,
            why=spec.why,
            fix=spec.fix,
            points=tuple(spec.points),
            sources=tuple(spec.sources),
            facts=tuple(spec.facts),
            disputed=tuple(
                DisputeShown(dispute.about, tuple(FigureShown(one.figure, tuple(one.sources)) for one in dispute.says))
                for dispute in spec.disputed
            ),
            reword=self._reword(rule),
        )

    def _reword(self, rule: Rule) -> str | None:
        """Return the rewording of a rule, unless these very facts and this question make the checker object to it."""
        situation = self.context.model_copy(update={"asker": "buyer"})
        reword = rule.reword(situation)
        return reword if self._check(reword, situation).verdict == "pass" else None
