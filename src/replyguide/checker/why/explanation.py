"""Why a reply was judged as it was: for each finding, and for each hit that was excused, what was seen and weighed.

Plain data for people and programs. Offsets are into the reply as it was given, as in a finding; texts that tell a
reason are Chinese and complete.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from replyguide.checker.finding import CheckResult, Level

#: What can excuse words that look like a violation.
ExemptionKind = Literal[
    "asker", "when", "unless", "without", "polarity", "quotation", "question", "condition", "subject", "number"
]
#: Where the object of an act was found; `none`: the rule needs none beside the act.
ObjectPlace = Literal["clause", "earlier", "question", "none"]
#: The side of a bound on which a quantity breaks a rule.
Relation = Literal["above", "below"]


@dataclass(frozen=True, slots=True)
class ClauseShown:
    """A clause as it was written, and as the checker reads it once width, script and disguise are folded away."""

    written: str
    read: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class WordShown:
    """A word of the reply with the classes of the lexicon for which it counted."""

    text: str
    start: int
    end: int
    classes: tuple[str, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class ObjectShown:
    """What the act is about. `text` is empty where `place` is `none`; the span is set where the reply names it."""

    place: ObjectPlace
    text: str = ""
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class NumberShown:
    """A quantity of the reply beside the bound it was held against; `basis` tells where the bound comes from."""

    text: str
    value: float
    unit: str
    relation: Relation
    limit: float
    basis: str


@dataclass(frozen=True, slots=True)
class FactShown:
    """A fact that lets the rule speak; `value` is `None` if it is not known, `wanted` the condition in words."""

    path: str
    value: Any
    wanted: str


@dataclass(frozen=True, slots=True)
class Exemption:
    """An exemption that was tried: what would excuse the words, whether it does, and why (not)."""

    kind: ExemptionKind
    tried: str
    holds: bool
    because: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was seen in the reply. All but the clause may be missing, where a finding does not rest on words."""

    clause: ClauseShown
    act: WordShown | None = None
    object: ObjectShown = field(default_factory=lambda: ObjectShown("none"))
    beside: tuple[WordShown, ...] = ()
    numbers: tuple[NumberShown, ...] = ()
    context: tuple[FactShown, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    likeness: LikenessShown | None = None


@dataclass(frozen=True, slots=True)
class LikenessShown:
    """Why the second layer spoke: the nearest violation it knows, the runs of characters that count most, the score.

    `score` and `cut`, from which on the layer speaks, are in thousandths.
    """

    nearest: str
    runs: tuple[str, ...]
    score: int
    cut: int


@dataclass(frozen=True, slots=True)
class FigureShown:
    """What some of the rule documents say about a disputed point."""

    figure: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DisputeShown:
    """A point on which the documents disagree, the stricter figure first."""

    about: str
    says: tuple[FigureShown, ...]


@dataclass(frozen=True, slots=True)
class RuleShown:
    """The text of a rule; `reword` passes the check in this very context, `None` if no rewording does."""

    rule: str
    topic: str
    level: Level
    title: str
    why: str
    fix: str
    points: tuple[float, ...]
    sources: tuple[str, ...]
    facts: tuple[str, ...]
    disputed: tuple[DisputeShown, ...]
    reword: str | None


@dataclass(frozen=True, slots=True)
class Trace:
    """One rule and what it saw. A finding has no `excused_by`; where there is one, the rule let the words pass."""

    rule: RuleShown
    evidence: Evidence
    excused_by: Exemption | None = None

    def as_json(self, statements: Mapping[str, str]) -> dict[str, Any]:
        """Return the trace as one flat object; `statements` gives the texts of corpus facts by their ids."""
        rule = asdict(self.rule)
        facts = [{"id": name, "text": statements.get(name)} for name in self.rule.facts]
        excuse = {} if self.excused_by is None else {"excused_by": asdict(self.excused_by)}
        return {**rule, "facts": facts, **asdict(self.evidence), **excuse}


@dataclass(frozen=True, slots=True)
class Explanation:
    """The verdict with its reasons.

    `findings` stand in the order of the verdict's findings; `exempted` holds a few hits that an exemption excused.
    """

    result: CheckResult
    read: str
    findings: tuple[Trace, ...]
    exempted: tuple[Trace, ...]

    def fact_ids(self) -> frozenset[str]:
        """Return the ids of every corpus fact that is cited."""
        return frozenset(name for trace in (*self.findings, *self.exempted) for name in trace.rule.facts)

    def as_json(self, statements: Mapping[str, str]) -> dict[str, Any]:
        """Return the `explanation` object; `statements` gives the texts of corpus facts by their ids."""
        return {
            "read": self.read,
            "findings": [trace.as_json(statements) for trace in self.findings],
            "exempted": [trace.as_json(statements) for trace in self.exempted],
        }
