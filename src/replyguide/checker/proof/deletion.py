"""What each form of a rule is there for: deleted in turn, it must turn an example red.

A form under `forbids` is needed if, without it, one of the rule's own examples is no longer found at its mark. A form
under `unless` is needed if, without it, a pass example (of any rule) is flagged. A form that no example needs is dead
weight: nobody would notice if it broke. Nothing is checked anew for it: each example is read once, and each form of the
rules that concern it is asked once where it holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from replyguide.checker.checking import Checker
from replyguide.checker.language.reading import Reading
from replyguide.checker.rules.forms import Form
from replyguide.checker.rules.matching import Matcher, Situation
from replyguide.checker.rules.packs import Example, Rule, example_context

Part = Literal["forbids", "unless"]
_SHOWN = 100  # characters of a form in a message


@dataclass(frozen=True, slots=True)
class WrittenForm:
    """A form where it is written. Rules of one file that share it (by a YAML anchor) share its proof."""

    file: str
    part: Part
    text: str


@dataclass(frozen=True, slots=True)
class Unneeded:
    """A form that no example needs, as the `number`th of its part of `rule`, counting from 1."""

    rule: str
    form: WrittenForm
    number: int

    @property
    def message(self) -> str:
        """Tell in Chinese which form it is and what to do."""
        form = self.form
        missing = "违规示例" if form.part == "forbids" else "pass 示例"
        text = form.text if len(form.text) <= _SHOWN else f"{form.text[:_SHOWN]}…"
        return (
            f"{form.file}: {self.rule}: {form.part} 第 {self.number} 项 {text} 删掉以后没有示例变红。"
            f"请补一个只有它能判对的{missing}，或删掉它"
        )


@dataclass(frozen=True, slots=True)
class Deletions:
    """How many forms were deleted in turn, and which of them nothing missed."""

    forms: int
    unneeded: tuple[Unneeded, ...]


def delete_in_turn(layer: Checker, passing: Iterable[Example]) -> Deletions:
    """Delete every form of the rules of `layer`; `passing` are the replies that none of its rules may flag."""
    needed: set[WrittenForm] = set()
    for rule in layer.packs.rules:
        for example in (*rule.spec.examples.block, *rule.spec.examples.warn):
            needed |= _needed_to_find(rule, example, layer)
    for example in passing:
        needed |= _needed_to_pass(example, layer)
    first: dict[WrittenForm, Unneeded] = {}
    for rule in layer.packs.rules:
        for form, number in _forms_of(rule):
            first.setdefault(form, Unneeded(rule.spec.id, form, number))
    return Deletions(len(first), tuple(unneeded for form, unneeded in first.items() if form not in needed))


def _needed_to_find(rule: Rule, example: Example, layer: Checker) -> set[WrittenForm]:
    marked = example.marked_span()
    if marked is None:
        return set()
    reading, situation = layer.read(example.unmarked(), example_context(example))
    telling = [
        matcher
        for matcher in rule.forbids
        if any(_touches(span, marked) for span in _spans(matcher, reading, situation))
    ]
    return {_written(rule, "forbids", telling[0].form)} if len(telling) == 1 else set()


def _needed_to_pass(example: Example, layer: Checker) -> set[WrittenForm]:
    reading, situation = layer.read(example.unmarked(), example_context(example))
    needed: set[WrittenForm] = set()
    for rule, forms in layer.shortlist.possible(reading):
        if not rule.unless or not rule.applies(situation.context):
            continue
        if not any(True for matcher in forms for _ in matcher.matches(reading, situation)):
            continue
        excuses = [matcher for matcher in rule.unless if _holds(matcher, reading, situation)]
        if len(excuses) == 1:
            needed.add(_written(rule, "unless", excuses[0].form))
    return needed


def _spans(matcher: Matcher, reading: Reading, situation: Situation) -> Iterator[tuple[int, int]]:
    if matcher.is_possible(reading):
        for match in matcher.matches(reading, situation):
            yield reading.folded.original_span(match.start, match.end)


def _holds(matcher: Matcher, reading: Reading, situation: Situation) -> bool:
    return any(True for _ in _spans(matcher, reading, situation))


def _touches(span: tuple[int, int], marked: tuple[int, int]) -> bool:
    return span[0] < marked[1] and marked[0] < span[1]


def _forms_of(rule: Rule) -> Iterator[tuple[WrittenForm, int]]:
    parts: tuple[tuple[Part, Sequence[Form]], ...] = (("forbids", rule.spec.forbids), ("unless", rule.spec.unless))
    for part, forms in parts:
        yield from ((_written(rule, part, form), number) for number, form in enumerate(forms, start=1))


def _written(rule: Rule, part: Part, form: Form) -> WrittenForm:
    fields = form.model_dump(mode="json", exclude_defaults=True)
    return WrittenForm(rule.file, part, "{" + ", ".join(f"{key}: {value}" for key, value in fields.items()) + "}")
