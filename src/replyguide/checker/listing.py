"""The rules in force, and what is told of each."""

from __future__ import annotations

from typing import Any

from replyguide.checker.checking import Checker
from replyguide.checker.rules.packs import Rule

_TOLD = {"id", "topic", "level", "title", "why", "fix", "reword", "disputed", "points", "sources", "facts", "when"}


def rules_of(checker: Checker) -> list[Rule]:
    """Return the rules in force: the built-in ones, then those that a shop adds, and what it adds to a built-in one."""
    return [*checker.packs.rules, *(checker.own.packs.rules if checker.own is not None else ())]


def summary_of(rule: Rule) -> dict[str, Any]:
    """Return a rule as JSON data, without its forms and examples."""
    return {**rule.spec.model_dump(mode="json", include=_TOLD), "pack": rule.pack, "file": rule.file}
