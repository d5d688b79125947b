"""Hits that were excused: what a sloppy checker would have flagged, and what spoke for the reply.

Most words that could be part of a violation are not worth a word. Shown are places where a form lacks nothing (its act
and its object stand there) and one thing excuses it; and places that only name, in order to decline, a word that a
word list would flag.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from replyguide.checker.rules.packs import Rule
from replyguide.checker.why.case import Case
from replyguide.checker.why.explanation import Exemption, ExemptionKind, Trace
from replyguide.checker.why.trial import Trial

MOST_SHOWN = 5
# The most telling first, where several rules have something to say about the same words.
_TELLING: tuple[ExemptionKind, ...] = (
    "asker", "quotation", "polarity", "unless", "number", "when", "subject", "without", "question", "condition",
)  # fmt: skip
_STRONG = frozenset(_TELLING[:4])
_SHORTEST_TELLING = 2  # characters
_MOST_TOPICS = 2  # a word that more of them ask for is an everyday word
_MOST_OTHERS = 2  # what is denied or quoted is often also marked as a decline by a word beside it


@dataclass(frozen=True, slots=True)
class _Hit:
    rule: Rule
    trial: Trial
    excuse: Exemption

    def rank(self, votes: int) -> tuple[int, int, bool, int, int, str]:
        """Order hits by how much they tell; `votes` forms of the topic look at the same word."""
        span = self.trial.span
        lacks, mild = len(self.trial.missing), self.rule.spec.level == "warn"
        return lacks, _TELLING.index(self.excuse.kind), mild, -votes, span[0] - span[1], self.rule.spec.id


def exempted_traces(case: Case, taken: Collection[tuple[str, int]]) -> tuple[Trace, ...]:
    """Return the most telling excused hits in the order of the reply, one for a topic in a clause.

    `taken` are topics with the index of a clause where the reply was found to break a rule: no excuse helps there.
    """
    told, words = set(taken), set[int]()
    kept: list[_Hit] = []
    hits = list(_hits(case))
    votes = Counter((hit.trial.act.start, hit.rule.spec.topic) for hit in hits)
    for hit in sorted(hits, key=lambda hit: hit.rank(votes[hit.trial.act.start, hit.rule.spec.topic])):
        place = (hit.rule.spec.topic, hit.trial.clause)
        if len(kept) < MOST_SHOWN and place not in told and hit.trial.act.start not in words:
            told.add(place)
            words.add(hit.trial.act.start)
            kept.append(hit)
    shown = sorted(kept, key=lambda hit: hit.trial.span)
    return tuple(
        Trace(case.rule(hit.rule), case.evidence(hit.rule, hit.trial.clause, hit.trial), hit.excuse) for hit in shown
    )


def _hits(case: Case) -> Iterator[_Hit]:
    for rule in case.packs.rules:
        for matcher in rule.forbids:
            if matcher.is_possible(case.reading):
                for trial in case.trials(matcher, case.clauses_read):
                    excuse = _excuse(case, rule, trial)
                    if excuse is not None:
                        yield _Hit(rule, trial, excuse)


def _excuse(case: Case, rule: Rule, trial: Trial) -> Exemption | None:
    """Return what alone excuses a hit: words at its place, words elsewhere in the reply, or the facts."""
    if not _is_grounded(trial) or len(trial.missing) > _is_named(case, trial):
        return None
    excuses = [*trial.excuses, *(excuse for excuse in case.excuses(rule) if excuse.holds)]
    if not rule.applies(case.context):
        excuses.append(case.excused_by_facts(rule))
    if not excuses and case.context.asker == "agent":
        return Exemption("asker", "提问的是客服同事", True, "这是说给同事听的，不发给买家")
    first = min(excuses, key=lambda excuse: _TELLING.index(excuse.kind), default=None)
    spoken = [excuse for excuse in excuses if excuse.kind not in ("polarity", "quotation")]
    is_telling = first is not None and first.kind in _STRONG
    return first if len(spoken) <= _MOST_OTHERS and (is_telling or len(excuses) == 1) else None


def _is_named(case: Case, trial: Trial) -> bool:
    """Tell whether a telling word is denied or quoted: a word list flags whoever names it, whatever else is missing."""
    kinds = {excuse.kind for excuse in trial.excuses}
    is_denied = trial.act.negated and "polarity" in kinds
    if not (is_denied or "quotation" in kinds) or len(trial.act.text) < _SHORTEST_TELLING:
        return False
    return all(len(topics) <= _MOST_TOPICS for topics in case.topics_of(trial.act))


def _is_grounded(trial: Trial) -> bool:
    """Tell whether the reply itself names what it would be about; a bare `没有` is no hit worth excusing."""
    return trial.object.place in ("clause", "none")
