"""Judges a reply against the rule packs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from replyguide.checker.finding import CheckResult, Finding, result_of
from replyguide.checker.loading import load_packs
from replyguide.checker.matching import Match, Matcher, Situation
from replyguide.checker.packs import Packs, Rule, agent_turns
from replyguide.checker.reading import Reading
from replyguide.checker.shop_pack import read_shop_pack
from replyguide.checker.shortlist import Shortlist
from replyguide.context import Context
from replyguide.resources import packs_folder

# A reply longer than any chat window takes is judged in full; the turns before it only as far as they can matter.
_TURNS_READ = 20
_LONGEST_TURN = 5000  # characters
_MOST_FINDINGS = 20  # of one rule: nobody reads more, and a wall of violations costs bounded time


class Checker:
    """Checks replies against loaded packs. It keeps no state between checks and may be shared by threads."""

    def __init__(self, packs: Packs, own: Checker | None = None) -> None:
        """Check by `packs`, and by what a shop adds: `own` reads the same replies, with the shop's words as well."""
        self.packs = packs
        self.own = own
        self.shortlist = Shortlist(packs.rules)

    def check(self, reply: str, context: Context | None = None) -> CheckResult:
        """Return the verdict on `reply` as an answer in `context`; never raises, whatever the characters.

        The rules judge what a buyer is told. What a colleague is told (`asker: agent`) names forbidden acts and what
        they cost, and passes.
        """
        situation = context if context is not None else Context()
        if situation.asker == "agent":
            return result_of([])
        return result_of(self._findings(reply, situation))

    def read(self, reply: str, context: Context) -> tuple[Reading, Situation]:
        """Return the reply and what stands around it as the rules see them."""
        lexicon = self.packs.lexicon
        question = Reading(context.question, lexicon) if context.question else None
        promises = (Reading(text[:_LONGEST_TURN], lexicon) for text in agent_turns(context.history[-_TURNS_READ:]))
        return Reading(reply, lexicon), Situation(context, question, tuple(promises))

    def _findings(self, reply: str, context: Context) -> list[Finding]:
        reading, around = self.read(reply, context)
        findings: list[Finding] = []
        for rule, forms in self.shortlist.possible(reading):
            if rule.applies(context):
                findings += _findings(rule, forms, reading, around)
        if self.own is not None:
            added = self.own._findings(reply, context)
            findings += [finding for finding in added if not any(_is_same(finding, other) for other in findings)]
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
    return [_finding(rule, match, reading) for match in by_clause.values()]


def _finding(rule: Rule, match: Match, reading: Reading) -> Finding:
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
        points=tuple(spec.points),
        sources=tuple(spec.sources),
    )


def load_checker(cache: Path | None = None, shop_pack: Path | None = None) -> Checker:
    """Load the built-in packs; `cache` is the folder that may keep their parsed form.

    `shop_pack` is the folder of a shop's own pack. It must prove itself: an example of it that fails is a `PackError`.
    """
    built_in = load_packs(packs_folder(), cache)
    if shop_pack is None:
        return Checker(built_in)
    pack = read_shop_pack(shop_pack, built_in, cache)
    checker = Checker(pack.base, Checker(pack.own) if pack.own is not None else None)
    if not pack.is_proven:
        from replyguide.checker.proving import refuse_unproven

        refuse_unproven(checker)
        pack.remember()
    return checker
