"""The rules as resources: the list, and each by its id."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote, unquote

from mcp_types import Resource, ResourceTemplate

from replyguide.checker.listing import rules_of, summary_of
from replyguide.copilot import Copilot
from replyguide.errors import InputError
from replyguide.topics import TOPICS

ALL_RULES = "replyguide://rules"
JSON = "application/json"

TEMPLATE = ResourceTemplate(
    name="rule",
    title="一条规则",
    description="检查器的一条规则（findings 里的 rule，如 INV-refuse），或语料的一条（hits 里的 id，如 invoice-have）",
    uri_template=f"{ALL_RULES}/{{id}}",
    mime_type=JSON,
)


class RuleResources:
    """The rules that are in force for the shop, as JSON text."""

    def __init__(self, copilot: Copilot) -> None:
        self._copilot = copilot

    def listed(self) -> list[Resource]:
        """Return the list of all rules and each rule of the checker; those of the corpus are read by their ids."""
        whole = Resource(name="rules", title="检查器的全部规则", uri=ALL_RULES, mime_type=JSON)
        # What a shop adds to a built-in rule has the same id: one address for both.
        named = {rule.spec.id: rule.spec for rule in reversed(rules_of(self._copilot.checker))}
        return [whole, *(
            Resource(
                name=name,
                title=f"{TOPICS[named[name].topic]} · {named[name].title}",
                uri=f"{ALL_RULES}/{quote(name)}",
                mime_type=JSON,
            )
            for name in sorted(named)
        )]  # fmt: skip

    def read(self, uri: str) -> str:
        """Return what stands at an address; one that there is not is an `InputError`."""
        if uri == ALL_RULES:
            checker = self._copilot.checker
            return _json({"rules": list(map(summary_of, rules_of(checker))), "digest": checker.packs.digest})
        name = unquote(uri.removeprefix(f"{ALL_RULES}/"))
        told = None if name == uri else self._copilot.rule(name)
        if told is None:
            raise InputError(f"没有 {uri} 这个资源，全部规则在 {ALL_RULES}")
        return _json(told)


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False)
