"""What a pack file may hold beside its rules, and the first thing that is wrong with it, told with its mend.

Words come from people's hands: a list left out, a switch that YAML made of `no`, a pattern that would hang the
checker. Each is refused here by name, before anything is built of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from replyguide.checker.language.folding import EDGES, fold
from replyguide.checker.language.lexicon import LONGEST_STRETCH, pattern_of
from replyguide.checker.rules.slowness import slowness

#: The sections of a file of a built-in pack.
SECTIONS = frozenset({"key_terms", "objects", "words", "rules"})
WORD_SECTIONS = ("objects", "words")

_CLASS_NAME = re.compile("[a-z][a-z0-9_]*")
_PLAIN = re.compile("[一-龥a-z0-9]+")


def sections_problem(document: Any, sections: frozenset[str] = SECTIONS) -> str | None:
    """Tell what is wrong with a parsed file, `None` if nothing is; its rules are looked at elsewhere."""
    if document is None or document == {}:
        return "文件是空的，请写上规则或删掉这个文件"
    listed = "、".join(sorted(sections))
    if not isinstance(document, Mapping):
        return f"文件应是“键: 值”的形式，只能有 {listed} 这些部分，请改正"
    unknown = [str(name) for name in document if name not in sections]
    if unknown:
        return f"不认识的部分 {unknown[0]}，文件只能有 {listed}，请删掉它或改正拼写"
    if not isinstance(document.get("rules", []), list):
        return "rules 应是一个列表，请改正"
    if not _are_key_terms(document.get("key_terms", {})):
        return "key_terms 里每一项应是“词: [字母缩写]”，没有缩写就写 []，请改正"
    return next(filter(None, (_words_problem(*listed) for listed in _listed(document))), None)


def _are_key_terms(section: Any) -> bool:
    return isinstance(section, Mapping) and all(
        isinstance(term, str) and isinstance(letters, list) and all(isinstance(entry, str) for entry in letters)
        for term, letters in section.items()
    )


def patterns_of(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield each pattern among the words of a sound file, with the class that lists it."""
    for _, name, entries in _listed(document):
        for entry in entries:
            pattern = pattern_of(str(entry))
            if pattern is not None:
                yield name, pattern


def slow_word_problem(document: Mapping[str, Any]) -> str | None:
    """Tell which pattern among the words could take far longer than a reply is long."""
    for name, pattern in patterns_of(document):
        problem = slowness(pattern, LONGEST_STRETCH)
        if problem is not None:
            return f"{name} 里的 /{pattern}/：{problem}"
    return None


def _listed(document: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    for section in WORD_SECTIONS:
        classes = document.get(section, {})
        if isinstance(classes, Mapping):
            yield from ((section, name, entries) for name, entries in classes.items())
        else:
            yield section, None, classes


def _words_problem(section: str, name: Any, entries: Any) -> str | None:
    if name is None:
        return f"{section} 里每一项应是“类名: [词, 词]”，请改正"
    for entry in (name, *entries) if isinstance(entries, list) else (name,):
        if isinstance(entry, bool):  # YAML reads a bare yes, no, on or off as a switch
            return f"{section} 的 {name}：yes、no、on、off 要加引号"
    if not isinstance(name, str) or not _CLASS_NAME.fullmatch(name):
        return f"{section} 的类名 {name} 不对，应是小写英文、数字和下划线，请改名"
    if not isinstance(entries, list) or not entries:
        return f"{section} 的 {name} 应是词的列表，如 {name}: [词, 词]，请改正"
    return next(filter(None, (_entry_problem(section, name, entry) for entry in entries)), None)


def _entry_problem(section: str, name: str, entry: Any) -> str | None:
    if not isinstance(entry, str | int | float):
        return f"{section} 的 {name} 里有一项不是词（{entry!r}），请改正"
    text = str(entry)
    pattern = pattern_of(text)
    if pattern is None:
        is_readable = _PLAIN.fullmatch(text) or not EDGES.issuperset(fold(text).text)
        return None if is_readable else f"{section} 的 {name} 里的“{text}”没有可读的字，请删掉"
    try:
        re.compile(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        return f"{section} 的 {name} 里的正则表达式 {pattern!r} 不对（{error}），请改正"
    return None
