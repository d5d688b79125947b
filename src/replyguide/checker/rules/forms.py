"""The forms in which a reply can break a rule, as a pack writes them: an act, its polarity, its object, what is beside.

A form names word classes, never words. `matching.py` finds where a reply takes the form.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from replyguide.checker.rules.courtesy import Manner

Scope = Literal["clause", "sentence", "reply"]
Link = Literal["clause", "sentence", "reply", "question"]
Subject = Literal["buyer", "shop", "not_shop", "not_buyer"]


class Number(BaseModel):
    """A bound on a quantity in the clause: `above`/`below` take a number or a fact path; `default` if unknown."""

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
    `~have` takes either, plain asks for one that is not negated. `about` gives the object classes; `link` how far
    away the object may stand; `scope` where `also` and `without` look.
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
    subject: Subject | None = None
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


#: A conjunction: every piece must be there, each by one of its terms.
Conjunction = tuple[tuple[Term, ...], ...]


def terms(item: str) -> tuple[Term, ...]:
    """Parse `-have|lack|~can` into its alternatives."""
    return tuple(_term(part.strip()) for part in item.split("|"))


def conjunction(item: str) -> Conjunction:
    """Parse `invoice+other_category|other_amount`: all parts joined by `+` must be there, with any polarity."""
    return tuple(tuple(Term(part.strip().lstrip("~"), None) for part in piece.split("|")) for piece in item.split("+"))


def _term(text: str) -> Term:
    if text.startswith("-"):
        return Term(text[1:], True)
    return Term(text[1:], None) if text.startswith("~") else Term(text, False)
