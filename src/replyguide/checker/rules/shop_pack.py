"""A shop's own pack: rules on top of the built-in ones, rules made stricter, and the few that a shop may switch off.

The built-in rules go on reading with the built-in words only, so that nothing a shop adds can hide a violation from
them. What the shop adds reads with the built-in words and its own. Anything else than adding, tightening and relaxing
what is marked `relaxable` is refused with file, rule and mend.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from replyguide.checker.language.lexicon import extended_lexicon
from replyguide.checker.language.prefilter import Requirements
from replyguide.checker.rules.forms import Form
from replyguide.checker.rules.loading import Kept, Snapshot, digest_of, parsed, read_folder
from replyguide.checker.rules.matching import Matcher
from replyguide.checker.rules.packs import Examples, Packs, Rule, check_sections, rule_problem, rules_of
from replyguide.checker.rules.sections import SECTIONS, WORD_SECTIONS
from replyguide.errors import PackError
from replyguide.validation import first_problem

#: The name under which a shop's rules are listed.
SHOP = "shop"
_SHOP_SECTIONS = SECTIONS | {"tightens", "relaxes"}
_MEND = "请检查 --pack 或 REPLYGUIDE_SHOP_PACK"


class Tightening(BaseModel):
    """How a built-in rule becomes stricter: a graver level, or more forms, which bring examples of their own."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    level: Literal["block"] | None = None
    forbids: list[Form] = Field(default_factory=list)
    examples: Examples = Field(default_factory=Examples)


@dataclass(frozen=True, slots=True)
class ShopPack:
    """A loaded pack of a shop.

    `base` are the built-in packs with what the shop tightens and relaxes; `own` the rules that it adds and the forms
    that it adds to built-in rules (under their ids), with words of its own, `None` if there are none. `is_proven`
    tells whether the examples held when the same files were loaded before.
    """

    base: Packs
    own: Packs | None
    is_proven: bool
    snapshot: Snapshot
    kept: Kept

    def remember(self) -> None:
        """Keep the pack as proven, so that the next start does not prove it again."""
        self.snapshot.keep(self.kept)


def read_shop_pack(folder: Path, base: Packs, cache: Path | None) -> ShopPack:
    """Load the pack in `folder` on top of the built-in packs `base`; `PackError` if anything in it is wrong."""
    if not folder.is_dir():
        raise PackError(f"{folder}：没有这个文件夹（本店规则包），{_MEND}")
    contents = read_folder(folder, mend=_MEND)
    if not contents:
        raise PackError(f"{folder}：本店规则包里没有 .yaml 文件，无法检查，{_MEND}")
    digest = digest_of(contents, upon=base.digest)
    snapshot = Snapshot.of(SHOP, digest, cache)
    kept = snapshot.read()
    is_proven = kept is not None
    if kept is None:
        kept = Kept({name: parsed(str(folder / name), text) for name, text in contents.items()}, Requirements())
    documents = {str(folder / name): document for name, document in kept.documents.items()}
    changed, own = _Reader(documents, base, kept.requirements, digest, with_examples=not is_proven).read()
    return ShopPack(changed, own, is_proven, snapshot, kept)


class _Reader:
    """Builds a shop's pack from its documents, keyed by the path of their file."""

    def __init__(
        self,
        documents: Mapping[str, Any],
        base: Packs,
        requirements: Requirements,
        digest: str,
        *,
        with_examples: bool,
    ) -> None:
        self._documents = documents
        self._base = base
        self._requirements = requirements
        self._digest = digest
        self._with_examples = with_examples

    def read(self) -> tuple[Packs, Packs | None]:
        """Return the built-in packs as the shop changes them, and what it adds."""
        if self._with_examples:
            for name, document in self._documents.items():
                check_sections(name, document, _SHOP_SECTIONS)
            self._refuse_borrowed_classes()
        changed: dict[str, Rule | None] = {}
        added: dict[str, Rule] = {}
        words = self._base.lexicon
        if any(document.get(section) for document in self._documents.values() for section in WORD_SECTIONS):
            words = extended_lexicon(words, self._documents.values(), self._requirements)
        own = Packs((), words, self._digest)
        for name, document in self._documents.items():
            for rule in self._rules(name, document, own):
                self._refuse_repeated(rule, added)
                added[rule.spec.id] = rule
            for rule_id, stands in (*self._tightened(name, document), *self._relaxed(name, document)):
                if rule_id in changed:
                    raise PackError(f"{name}: {rule_id}: tightens、relaxes 里一条规则只能写一次，请合并")
                changed[rule_id] = stands
            for rule in self._added_forms(name, document, own):
                added[rule.spec.id] = rule
        if not added and not changed:
            raise PackError(f"{next(iter(self._documents))}: 本店规则包里一条规则也没有，请补上或不用这个规则包")
        rules = (changed.get(rule.spec.id, rule) for rule in self._base.rules)
        base = replace(self._base, rules=tuple(rule for rule in rules if rule is not None), digest=self._digest)
        return base, replace(own, rules=tuple(added[key] for key in sorted(added))) if added else None

    def _refuse_borrowed_classes(self) -> None:
        for name, document in self._documents.items():
            for section in WORD_SECTIONS:
                for word_class in document.get(section, {}):
                    if word_class in self._base.lexicon.classes:
                        raise PackError(f"{name}: {section} 的 {word_class} 是内置的词类，本店的词请放进另一个类名")

    def _rules(self, name: str, document: Mapping[str, Any], own: Packs) -> Iterator[Rule]:
        return rules_of(name, SHOP, document, own.lexicon, self._requirements, with_examples=self._with_examples)

    def _refuse_repeated(self, rule: Rule, added: Mapping[str, Rule]) -> None:
        other = self._base.rule(rule.spec.id) or added.get(rule.spec.id)
        if other is not None:
            raise PackError(f"{rule.file}: 规则 {rule.spec.id} 与 {other.file} 里的重复，请换一个 id")

    def _tightened(self, name: str, document: Mapping[str, Any]) -> Iterator[tuple[str, Rule]]:
        for rule, entry in self._tightenings(name, document):
            level = entry.level if entry.level is not None else rule.spec.level
            spec = rule.spec.model_copy(update={"level": level})
            yield rule.spec.id, replace(rule, spec=spec)

    def _added_forms(self, name: str, document: Mapping[str, Any], own: Packs) -> Iterator[Rule]:
        """The forms added to a built-in rule become a rule of the same id that reads the shop's words too."""
        for rule, entry in self._tightenings(name, document):
            if not entry.forbids:
                continue
            level = entry.level if entry.level is not None else rule.spec.level
            # What excuses the rule excuses these forms too, but is not written here, so it is not for them to prove.
            changes = {"level": level, "forbids": entry.forbids, "unless": [], "examples": entry.examples}
            forms = tuple(self._matcher(name, rule.spec.id, form) for form in entry.forbids)
            added = replace(rule, spec=rule.spec.model_copy(update=changes), pack=SHOP, file=name, forbids=forms)
            problem = rule_problem(added, own.lexicon, with_examples=self._with_examples)
            if problem is not None:
                raise PackError(f"{name}: {rule.spec.id}: {problem}")
            yield added

    def _matcher(self, name: str, rule_id: str, form: Form) -> Matcher:
        try:
            return Matcher(form, self._requirements)
        except (re.error, RecursionError, OverflowError) as error:
            raise PackError(f"{name}: {rule_id}: 正则表达式 {form.regex!r} 不对（{error}），请改正") from None

    def _tightenings(self, name: str, document: Mapping[str, Any]) -> Iterator[tuple[Rule, Tightening]]:
        for rule_id, written in _entries(name, document, "tightens"):
            rule = self._built_in(name, rule_id, "tightens")
            try:
                entry = Tightening.model_validate(written)
            except ValidationError as error:
                raise PackError(f"{name}: {rule_id}: {first_problem(error)}") from None
            if entry.level is None and not entry.forbids:
                raise PackError(f"{name}: {rule_id}: tightens 要写 level: block 或 forbids，请补上")
            if not entry.forbids and entry.examples != Examples():
                raise PackError(f"{name}: {rule_id}: examples 是给 forbids 作证的，请补上 forbids 或删掉 examples")
            if entry.level == rule.spec.level and not entry.forbids:
                raise PackError(f"{name}: {rule_id}: 这条规则本来就是 {entry.level}，请删掉这一项")
            yield rule, entry

    def _relaxed(self, name: str, document: Mapping[str, Any]) -> Iterator[tuple[str, Rule | None]]:
        for rule_id, written in _entries(name, document, "relaxes"):
            rule = self._built_in(name, rule_id, "relaxes")
            if not rule.spec.relaxable:
                raise PackError(f"{name}: {rule_id}: 这条规则不能放宽（没有标 relaxable），请删掉这一项")
            if written is False or written == "off":  # YAML reads a bare off as a switch
                yield rule_id, None
            elif written == "warn" and rule.spec.level == "block":
                yield rule_id, replace(rule, spec=rule.spec.model_copy(update={"level": "warn"}))
            else:
                allowed = "off" if rule.spec.level == "warn" else "off 或 warn"
                raise PackError(f"{name}: {rule_id}: relaxes 的值只能是 {allowed}，请改正")

    def _built_in(self, name: str, rule_id: str, section: str) -> Rule:
        rule = self._base.rule(rule_id)
        if rule is None:
            raise PackError(f"{name}: {rule_id}: {section} 里的规则不是内置的，运行 replyguide rules list 看全部编号")
        return rule


def _entries(name: str, document: Mapping[str, Any], section: str) -> Iterator[tuple[str, Any]]:
    entries = document.get(section, {})
    if not isinstance(entries, Mapping):
        raise PackError(f"{name}: {section} 里每一项应是“规则编号: 内容”，请改正")
    yield from ((str(rule_id), written) for rule_id, written in entries.items())
