"""Rule packs as data: their schema, their reading, and the strictness with which they load.

A pack is a folder of YAML files. Loading fails closed: an unknown key, an unknown word class, a duplicate id, a rule
without examples of both kinds, a pattern that does not compile or could hang is a `PackError`, never a rule silently
dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from replyguide.checker.finding import Level
from replyguide.checker.language.lexicon import Lexicon, lexicon_of
from replyguide.checker.language.prefilter import Requirements
from replyguide.checker.language.reading import LONGEST_CLAUSE
from replyguide.checker.rules.facts import is_relaxed
from replyguide.checker.rules.forms import Form
from replyguide.checker.rules.matching import Matcher
from replyguide.checker.rules.rewording import Dispute, Rewording, RewordingSpec, first_fitting
from replyguide.checker.rules.sections import SECTIONS, sections_problem, slow_word_problem
from replyguide.checker.rules.slowness import slowness
from replyguide.conditions import When, Written, all_hold, conditions_of
from replyguide.context import Context, Turn
from replyguide.errors import PackError
from replyguide.topics import TOPICS
from replyguide.validation import first_problem

_RULE_ID = re.compile(r"[A-Z]{3}-[a-z0-9-]+")
_UNBENDING = frozenset({"tmall", "law"})  # packs whose `block` rules no shop may relax
_MARK = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)


class Example(BaseModel):
    """A reply with its context; in a violating one, `[[…]]` marks the span that the finding must touch."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reply: str = Field(min_length=1)
    question: str | None = None
    context: dict[str, Any] = Field(default_factory=dict)

    def unmarked(self) -> str:
        """Return the reply without its marks."""
        return _MARK.sub(r"\1", self.reply)

    def marked_span(self) -> tuple[int, int] | None:
        """Return the marked span as offsets into the unmarked reply."""
        found = _MARK.search(self.reply)
        return (found.start(), found.start() + len(found[1])) if found else None


class Examples(BaseModel):
    """The proof of a rule: what it must find, what it must leave alone, what it is known to miss."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    block: list[Example] = Field(default_factory=list)
    warn: list[Example] = Field(default_factory=list)
    passing: list[Example] = Field(default_factory=list, alias="pass")
    known_gaps: list[Example] = Field(default_factory=list)

    @field_validator("block", "warn", "passing", "known_gaps", mode="before")
    @classmethod
    def _texts_are_replies(cls, value: object) -> object:
        if isinstance(value, list):
            return [{"reply": entry} if isinstance(entry, str) else entry for entry in value]
        return value


class RuleSpec(BaseModel):
    """One rule of a pack as written. `when` is a list of alternatives, each a condition on the context.

    `relaxable`: a shop's own pack may switch it off.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    topic: str
    level: Level
    title: str
    why: str
    fix: str
    reword: list[RewordingSpec] = Field(min_length=1)
    disputed: list[Dispute] = Field(default_factory=list)
    points: list[float] = Field(default_factory=list)
    sources: list[str] = Field(min_length=1)
    facts: list[str] = Field(default_factory=list)
    relaxable: bool = False
    when: list[dict[str, Written]] = Field(default_factory=list)
    forbids: list[Form] = Field(min_length=1)
    unless: list[Form] = Field(default_factory=list)
    examples: Examples = Field(default_factory=Examples)

    @field_validator("reword", mode="before")
    @classmethod
    def _text_is_a_rewording(cls, value: object) -> object:
        return [{"say": value}] if isinstance(value, str) else value

    def violations(self) -> list[Example]:
        """Return the examples that the rule must find."""
        return self.examples.block if self.level == "block" else self.examples.warn


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule ready to match; `pack` and `file` say where it is written."""

    spec: RuleSpec
    pack: str
    file: str
    when: tuple[When, ...]
    forbids: tuple[Matcher, ...]
    unless: tuple[Matcher, ...]
    rewordings: tuple[Rewording, ...]

    def reword(self, context: Context) -> str:
        """Return the compliant reply that fits the facts."""
        return first_fitting(self.rewordings, context).say

    def applies(self, context: Context) -> bool:
        """Tell whether the facts let the rule speak at all."""
        return not self.when or any(all_hold(when, context) for when in self.when)

    def is_relaxed(self, context: Context) -> bool:
        """Tell whether a known fact allows more than the rule does by default (presale: more hours than 48)."""
        return any(
            matcher.form.number is not None and is_relaxed(matcher.form.number, context) for matcher in self.forbids
        )


@dataclass(frozen=True, slots=True)
class Packs:
    """The loaded rules in the order of their ids, with the lexicon that they share."""

    rules: tuple[Rule, ...]
    lexicon: Lexicon
    digest: str

    def rule(self, rule_id: str) -> Rule | None:
        """Return the rule with this id, if there is one."""
        return next((rule for rule in self.rules if rule.spec.id == rule_id), None)


def packs_of(
    documents: Mapping[str, Any],
    digest: str,
    *,
    with_examples: bool = True,
    requirements: Requirements | None = None,
) -> Packs:
    """Build the packs from parsed documents, keyed `PACK/FILE`.

    `with_examples=False` is for documents that were loaded with their examples before: it takes rules without any, and
    does not look again at words and patterns.
    """
    needed = requirements if requirements is not None else Requirements()
    for name, document in documents.items() if with_examples else ():
        check_sections(name, document, SECTIONS)
    lexicon = lexicon_of(documents.values(), needed)
    rules: dict[str, Rule] = {}
    for name in sorted(documents):
        pack = name.split("/", 1)[0]
        for rule in rules_of(name, pack, documents[name], lexicon, needed, with_examples=with_examples):
            if rule.spec.id in rules:
                raise PackError(f"{name}: 规则 {rule.spec.id} 与 {rules[rule.spec.id].file} 里的重复，请换一个 id")
            rules[rule.spec.id] = rule
    if not rules:
        raise PackError("规则包里一条规则也没有，无法检查；请重新安装 replyguide")
    return Packs(tuple(rules[key] for key in sorted(rules)), lexicon, digest)


def check_sections(name: str, document: Any, sections: frozenset[str]) -> None:
    """Refuse the file `name` with a `PackError` if anything in it beside its rules is wrong."""
    problem = sections_problem(document, sections) or slow_word_problem(document)
    if problem is not None:
        raise PackError(f"{name}: {problem}")


def rules_of(
    name: str,
    pack: str,
    document: Mapping[str, Any],
    lexicon: Lexicon,
    requirements: Requirements,
    *,
    with_examples: bool,
) -> Iterator[Rule]:
    """Build the rules of the file `name`; a `PackError` names file, rule and mend."""
    for number, entry in enumerate(document.get("rules", []), start=1):
        rule = _rule(name, pack, number, entry, requirements)
        problem = rule_problem(rule, lexicon, with_examples=with_examples)
        if problem is not None:
            raise PackError(f"{name}: {rule.spec.id}: {problem}")
        yield rule


def _rule(name: str, pack: str, number: int, entry: Any, requirements: Requirements) -> Rule:
    label = f"{name}: {entry.get('id', f'第 {number} 条') if isinstance(entry, Mapping) else f'第 {number} 条'}"
    try:
        spec = RuleSpec.model_validate(entry)
        rule = Rule(
            spec=spec,
            pack=pack,
            file=name,
            when=tuple(conditions_of(when) for when in spec.when),
            forbids=tuple(Matcher(form, requirements) for form in spec.forbids),
            unless=tuple(Matcher(form, requirements) for form in spec.unless),
            rewordings=tuple(map(Rewording.of, spec.reword)),
        )
    except ValidationError as error:
        raise PackError(f"{label}: {first_problem(error)}") from None
    except re.error as error:
        raise PackError(f"{label}: 正则表达式 {error.pattern!r} 不对（{error}），请改正") from None
    except (RecursionError, OverflowError):
        raise PackError(f"{label}: 正则表达式套得太深或太长，请改短") from None
    except ValueError as error:
        raise PackError(f"{label}: when：{error}") from None
    return rule


def rule_problem(rule: Rule, lexicon: Lexicon, *, with_examples: bool) -> str | None:
    """Tell what is wrong with a rule; `with_examples` also looks at its examples and for slow patterns."""
    problem = _problem(rule, lexicon)
    if problem is None and with_examples:
        problem = _slow_form_problem(rule) or _examples_problem(rule.spec)
    return problem


def _problem(rule: Rule, lexicon: Lexicon) -> str | None:
    spec = rule.spec
    if not _RULE_ID.fullmatch(spec.id):
        return "id 应像 INV-refuse 这样：三个大写字母、短横、小写英文"
    if spec.topic not in TOPICS:
        return f"不认识的主题 {spec.topic}"
    if spec.reword[-1].when:
        return "reword 的最后一项不能有 when：总要有一句用得上的，请补上"
    if spec.relaxable and spec.level == "block" and rule.pack in _UNBENDING:
        return f"{rule.pack} 的 block 规则不能标 relaxable，请删掉"
    known = lexicon.classes | {"hours", "yuan", "percent", "pieces"}
    for matcher in (*rule.forbids, *rule.unless):
        if missing := sorted(matcher.classes() - known):
            return f"词表里没有词类 {'、'.join(missing)}，请加到 objects 或 words 里，或改正拼写"
    return None


def _slow_form_problem(rule: Rule) -> str | None:
    for matcher in (*rule.forbids, *rule.unless):
        problem = slowness(matcher.form.regex, LONGEST_CLAUSE) if matcher.form.regex else None
        if problem is not None:
            return f"正则表达式 {matcher.form.regex}：{problem}"
    return None


def _examples_problem(spec: RuleSpec) -> str | None:
    found = spec.violations()
    if not found:
        return f"没有 {spec.level} 示例，规则要自带证据，请补上"
    if not spec.examples.passing:
        return "没有 pass 示例（形似而合规的回复），请补上"
    if any(example.marked_span() is None for example in found):
        return f"有 {spec.level} 示例没有用 [[…]] 标出违规的字，请标上"
    for example in (*found, *spec.examples.passing, *spec.examples.known_gaps):
        try:
            example_context(example)
        except ValidationError as error:
            return f"示例“{example.unmarked()[:20]}”的 context：{first_problem(error)}"
    return None


def example_context(example: Example) -> Context:
    """Return the context of an example; its `question` field wins over one in `context`."""
    context = Context.model_validate(example.context)
    return context.model_copy(update={"question": example.question}) if example.question is not None else context


def agent_turns(history: list[Turn]) -> list[str]:
    """Return what the shop's side said before."""
    return [turn.text for turn in history if turn.role == "agent"]


def pack_files(folder: Path) -> list[tuple[str, Path]]:
    """List the YAML files below `folder` as (`PACK/FILE`, path), sorted by name, however their ending is written."""
    found = (path for path in folder.rglob("*") if path.suffix.lower() in (".yaml", ".yml") and path.is_file())
    return sorted((path.relative_to(folder).as_posix(), path) for path in found)
