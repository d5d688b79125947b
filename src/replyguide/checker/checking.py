"""Judges a reply against the rule packs, and what they leave against its resemblance to known violations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from replyguide.checker.finding import CheckResult, Finding, result_of
from replyguide.checker.language.reading import Reading
from replyguide.checker.likeness.resemblance import Resemblance
from replyguide.checker.rules.loading import load_packs
from replyguide.checker.rules.matching import Match, Matcher, Situation
from replyguide.checker.rules.packs import Packs, Rule, agent_turns
from replyguide.checker.rules.shop_pack import read_shop_pack
from replyguide.checker.rules.shortlist import Shortlist
from replyguide.context import Context
from replyguide.resources import learned_folder, packs_folder

if TYPE_CHECKING:
    from replyguide.checker.why.explanation import Explanation

# A reply longer than any chat window takes is judged in full; the turns before it only as far as they can matter.
_TURNS_READ = 20
_LONGEST_TURN = 5000  # characters
_TEXTS_KEPT = 64
_LONGEST_KEPT = 500  # characters, each of which takes some 400 bytes once it is read
_MOST_FINDINGS = 20  # of one rule: nobody reads more, and a wall of violations costs bounded time


class Checker:
    """Checks replies against loaded packs, and may be shared by threads.

    Between checks it keeps the readings of the last short questions and turns, on which no verdict hangs.
    """

    def __init__(self, packs: Packs, own: Checker | None = None, resemblance: Resemblance | None = None) -> None:
        """Check by `packs`, and by what a shop adds: `own` reads the same replies, with the shop's words as well.

        `resemblance` is the second layer, `None` to judge by the rules alone.
        """
        self.packs = packs
        self.own = own
        self.resemblance = resemblance
        self.shortlist = Shortlist(packs.rules)
        # The same question and turns stand around every draft, and every keystroke of a reply that is being written.
        self._read_before = lru_cache(_TEXTS_KEPT)(self._read)

    def check(self, reply: str, context: Context | None = None) -> CheckResult:
        """Return the verdict on `reply` as an answer in `context`; never raises, whatever the characters.

        The rules judge what a buyer is told. What a colleague is told (`asker: agent`) names forbidden acts and what
        they cost, and passes.
        """
        return self._judged(reply, context, is_draft=False)

    def check_draft(self, draft: str, context: Context | None = None) -> CheckResult:
        """Return the verdict on what a model wrote: the rules are the same, the second layer blocks earlier."""
        return self._judged(draft, context, is_draft=True)

    def _judged(self, reply: str, context: Context | None, *, is_draft: bool) -> CheckResult:
        situation = context if context is not None else Context()
        if situation.asker == "agent":
            return result_of([])
        reading, around = self.read(reply, situation)
        findings = self._found_by_rules(reading, around)
        if self.own is not None:
            added = self.own._found_by_rules(*self.own.read(reply, situation))
            findings += [finding for finding in added if not any(_is_same(finding, other) for other in findings)]
        if self.resemblance is not None and not any(finding.level == "block" for finding in findings):
            findings += _resembling(self.resemblance, self.packs, reading, around, is_draft=is_draft)
        return result_of(findings)

    def explain(self, reply: str, context: Context | None = None) -> Explanation:
        """Tell why `check` says what it says of `reply`, and what it excused; nothing of this slows `check` down."""
        from replyguide.checker.why.explaining import explained

        situation = context if context is not None else Context()
        return explained(reply, situation, self)

    def read(self, reply: str, context: Context) -> tuple[Reading, Situation]:
        """Return the reply and what stands around it as the rules see them."""
        question = self._read_around(context.question) if context.question else None
        promises = (self._read_around(text[:_LONGEST_TURN]) for text in agent_turns(context.history[-_TURNS_READ:]))
        return self._read(reply), Situation(context, question, tuple(promises))

    def _read_around(self, text: str) -> Reading:
        return self._read_before(text) if len(text) <= _LONGEST_KEPT else self._read(text)

    def _read(self, text: str) -> Reading:
        return Reading(text, self.packs.lexicon)

    def _found_by_rules(self, reading: Reading, around: Situation) -> list[Finding]:
        findings: list[Finding] = []
        for rule, forms in self.shortlist.possible(reading):
            if rule.applies(around.context):
                findings += _findings(rule, forms, reading, around)
        return findings


def _is_same(one: Finding, other: Finding) -> bool:
    """Tell whether a form that a shop adds to a rule found what the rule found already."""
    return one.rule == other.rule and one.start < other.end and other.start < one.end


def _findings(rule: Rule, forms: Sequence[Matcher], reading: Reading, situation: Situation) -> list[Finding]:
    """One finding per clause at most: several forms of one rule in a clause are one mistake."""
    by_clause: dict[int, Match] = {}
    for matcher in forms:
        for match in matcher.matches(reading, situation):
            kept = by_clause.get(match.clause)
            if kept is None or match.end - match.start > kept.end - kept.start:
                by_clause[match.clause] = match
            if len(by_clause) >= _MOST_FINDINGS:
                break
    if not by_clause:
        return []
    excuses = (matcher for matcher in rule.unless if matcher.is_possible(reading))
    if any(True for matcher in excuses for _ in matcher.matches(reading, situation)):
        return []
    return [_finding(rule, match, reading, situation.context) for match in by_clause.values()]


def _resembling(
    resemblance: Resemblance, packs: Packs, reading: Reading, situation: Situation, *, is_draft: bool
) -> Iterator[Finding]:
    """Yield a finding if the reply resembles violations of a topic that can be violated in its situation.

    It is filed under the rule whose example is nearest, which brings its mend, points and sources.
    """
    likeness = resemblance.of(reading, situation.question, is_draft=is_draft)
    if likeness is None:
        return
    of_topic = [rule for rule in packs.rules if rule.spec.topic == likeness.topic and rule.spec.level == "block"]
    rules = {rule.spec.id: rule for rule in of_topic if rule.applies(situation.context)}
    if any(rule.is_relaxed(situation.context) for rule in of_topic):
        return  # where the facts allow more than usual, only numbers can tell; characters cannot
    example, nearest = resemblance.nearest(likeness, rules), resemblance.nearest(likeness)
    if example is None or example.rule is None or nearest is None:
        return
    found = _finding(rules[example.rule], Match(likeness.start, likeness.end, 0), reading, situation.context)
    yield replace(
        found,
        level=likeness.level,
        why=f"和已知的违规说法相近：“{nearest.reply}”。{found.why}",
        layer="resemblance",
        nearest=nearest.reply,
    )


def _finding(rule: Rule, match: Match, reading: Reading, context: Context) -> Finding:
    start, end = reading.folded.original_span(match.start, match.end)
    spec = rule.spec
    return Finding(
        rule=spec.id,
        topic=spec.topic,
        level=spec.level,
        start=start,
        end=end,
        matched=reading.folded.original[start:end],
        why=spec.why,
        fix=spec.fix,
        reword=rule.reword(context),
        points=tuple(spec.points),
        sources=tuple(spec.sources),
    )


@lru_cache(maxsize=1)
def _resemblance(folder: Path) -> Resemblance:
    """Return the fitted layer, one for all checkers of the process: read once it takes 9 MB."""
    return Resemblance(folder)


def load_checker(cache: Path | None = None, shop_pack: Path | None = None, *, second_layer: bool = True) -> Checker:
    """Load the built-in packs and the fitted second layer; `cache` is the folder that may keep their parsed form.

    `shop_pack` is the folder of a shop's own pack. It must prove itself: an example of it that fails is a `PackError`.
    """
    resemblance = _resemblance(learned_folder()) if second_layer else None
    built_in = load_packs(packs_folder(), cache)
    if shop_pack is None:
        return Checker(built_in, resemblance=resemblance)
    pack = read_shop_pack(shop_pack, built_in, cache)
    checker = Checker(pack.base, Checker(pack.own) if pack.own is not None else None, resemblance)
    if not pack.is_proven:
        from replyguide.checker.proof.proving import refuse_unproven

        refuse_unproven(checker)
        pack.remember()
    return checker
