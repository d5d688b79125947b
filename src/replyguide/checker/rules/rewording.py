"""What a rule offers in place of the words it forbids, and where the rule documents disagree about it.

A rewording is a whole reply that an agent may send as it stands. That it passes the checker is proven, not hoped: alone
and in the situation of each violation that stands beside the rule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field

from replyguide.checker.finding import CheckResult
from replyguide.conditions import When, Written, all_hold, conditions_of
from replyguide.context import Context

Check = Callable[[str, Context], CheckResult]


class RewordingSpec(BaseModel):
    """A rewording as a pack writes it; without `when` it fits every context."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    say: str = Field(min_length=5)
    when: dict[str, Written] = Field(default_factory=dict)


class Figure(BaseModel):
    """What some of the rule documents say."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    figure: str = Field(min_length=1)
    sources: list[str] = Field(min_length=1)


class Dispute(BaseModel):
    """A point on which the rule documents disagree; the stricter figure, which binds the agent, comes first."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    about: str = Field(min_length=1)
    says: list[Figure] = Field(min_length=2)


@dataclass(frozen=True, slots=True)
class Rewording:
    """A compliant reply, and the facts under which it is true."""

    say: str
    when: When

    @classmethod
    def of(cls, spec: RewordingSpec) -> Rewording:
        """Compile what a pack wrote; `ValueError` if a condition can never hold."""
        return cls(spec.say, conditions_of(spec.when))


def first_fitting(rewordings: Sequence[Rewording], context: Context) -> Rewording:
    """Return the first whose facts hold; the last needs none."""
    return next(rewording for rewording in rewordings if all_hold(rewording.when, context))


def rewording_problems(rewordings: Sequence[Rewording], contexts: Sequence[Context], check: Check) -> Iterator[str]:
    """Tell every rewording that the checker flags in a context where it would be offered, or that none offers."""
    unused = {rewording.say for rewording in rewordings}
    told: set[str] = set()
    for context in (Context(), *contexts):
        say = first_fitting(rewordings, context).say
        unused.discard(say)
        ids = {finding.rule for finding in check(say, context).findings}
        if ids and say not in told:
            told.add(say)
            yield f"reword “{say}”{_place(context)}被 {'、'.join(sorted(ids))} 查出。请改写成合规的回复"
    for say in sorted(unused):
        yield f"reword “{say}”没有一个示例用得上。请补上 context 符合它的示例，或删掉它"


def _place(context: Context) -> str:
    if context == Context():
        return "单独检查时"
    return f"在“{context.question}”的示例里" if context.question else "在示例的 context 里"
