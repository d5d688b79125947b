"""The rules as they were when the index was built, in one file that loads without parsing Markdown."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from replyguide.conditions import Condition
from replyguide.corpus.rule import MustSay, Rule, Wording
from replyguide.corpus.topics import Topic
from replyguide.errors import IndexUnavailable

_FILE = "rules.json"
_TUPLES = ("platform", "sources", "facts", "points", "asks")


class Snapshot:
    """The rules of one generation, each put together by its first use, and the ids of its decoys."""

    def __init__(self, raw: dict[str, dict[str, Any]], decoys: tuple[str, ...]) -> None:
        self.decoys = decoys
        self._raw = raw
        self._rules: dict[str, Rule] = {}

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of all rules, in the order in which they were written."""
        return tuple(self._raw)

    def topic(self, rule_id: str) -> Topic:
        """Return the topic of a rule without putting the rule together."""
        topic: Topic = self._raw[rule_id]["topic"]
        return topic

    def rule(self, rule_id: str) -> Rule:
        """Return a rule; an id that the index does not hold is a `KeyError`."""
        rule = self._rules.get(rule_id)
        if rule is None:
            rule = self._rules[rule_id] = _rule(self._raw[rule_id])
        return rule


def write_snapshot(folder: Path, rules: Iterable[Rule], decoys: Sequence[str]) -> None:
    """Write `rules` and the ids of `decoys` into the folder of a generation."""
    content = {"rules": [asdict(rule) for rule in rules], "decoys": list(decoys)}
    (folder / _FILE).write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def read_snapshot(folder: Path) -> Snapshot:
    """Read what `write_snapshot` wrote; a missing or damaged file is `IndexUnavailable`."""
    path = folder / _FILE
    try:
        content = json.loads(path.read_bytes())
        return Snapshot({raw["id"]: raw for raw in content["rules"]}, tuple(content["decoys"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexUnavailable(f"{path}：索引里的规则读不了（{error}），请运行 replyguide index rebuild") from None


def _rule(raw: dict[str, Any]) -> Rule:
    fields = dict(raw)
    fields.update({name: tuple(raw[name]) for name in _TUPLES})
    fields["must_say"] = tuple(MustSay(one["point"], tuple(one["any"])) for one in raw["must_say"])
    fields["wordings"] = tuple(
        Wording(one["say"], one["en"], {path: _condition(when) for path, when in one["when"].items()})
        for one in raw["wordings"]
    )
    return Rule(**fields)


def _condition(raw: dict[str, Any]) -> Condition:
    allowed = raw["allowed"]
    return Condition(**{**raw, "allowed": None if allowed is None else tuple(allowed)})
