"""What the checker's second layer learns from: every labelled reply of the project but those of the test part."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from replyguide.checker.rules.packs import Packs, Rule, example_context
from replyguide.corpus.reader import read_corpus
from replyguide.evals.cases import AnyPart, ReplyCase, read_replies

TREE = Path(__file__).resolve().parents[1]
PARTS: tuple[AnyPart, ...] = ("train", "dev")
_FILLED_IN, _CHOSEN = re.compile(r"\{\{.*?\}\}"), re.compile(r"\{%.*?%\}")


@dataclass(frozen=True, slots=True)
class Lesson:
    """A labelled reply. `author` groups those of one hand; `rule` is the pack rule whose example it is.

    `context` is the JSON of what else was known. `topics` are those that the reply violates.
    """

    author: str
    question: str
    reply: str
    context: str
    violates: bool
    topics: tuple[str, ...]
    rule: str | None = None


def lessons(packs: Packs) -> list[Lesson]:
    """Return every lesson: the examples of the packs, the labelled replies, the approved wording."""
    labelled = [_of_case(case) for part in PARTS for case in read_replies(TREE / "evals", part)]
    examples = [lesson for rule in packs.rules for lesson in _of_rule(rule)]
    return [*examples, *labelled, *_of_corpus(TREE / "corpus")]


def digest_of(taught: list[Lesson]) -> str:
    """Return a digest that changes with any lesson."""
    text = "\n".join(json.dumps(asdict(lesson), ensure_ascii=False, sort_keys=True) for lesson in taught)
    return hashlib.sha256(text.encode()).hexdigest()


def _of_rule(rule: Rule) -> Iterator[Lesson]:
    examples = rule.spec.examples
    for asked in dict.fromkeys(example.question for example in rule.spec.violations()):
        for rewording in rule.rewordings:
            yield Lesson("packs", asked if asked is not None else "", rewording.say, "{}", False, ())
    for violates, entries in (
        (True, (*examples.block, *examples.known_gaps)),
        (False, (*examples.passing, *examples.warn)),
    ):
        for example in entries:
            context = example_context(example)
            yield Lesson(
                author="packs",
                question=context.question if context.question is not None else "",
                reply=example.unmarked(),
                context=context.model_dump_json(exclude_unset=True),
                violates=violates and rule.spec.level == "block",
                topics=(rule.spec.topic,) if violates else (),
                rule=rule.spec.id,
            )


def _of_case(case: ReplyCase) -> Lesson:
    return Lesson(
        author=re.sub(r"\d+$", "", case.id),
        question=case.question,
        reply=case.reply,
        context=case.full_context().model_dump_json(exclude_unset=True),
        violates=case.expect == "block",
        topics=tuple(case.topics),
    )


def _of_corpus(folder: Path) -> Iterator[Lesson]:
    for rule in read_corpus(folder).rules:
        for wording in rule.wordings:
            if "asker" not in wording.when:
                said = _CHOSEN.sub("", _FILLED_IN.sub("3", wording.say))
                yield Lesson("corpus", rule.asks[0], f"亲，{said}哦", "{}", False, ())
