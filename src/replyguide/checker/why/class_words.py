"""Word classes of the lexicon in words for people: a class is named by a few of the words in it."""

from __future__ import annotations

from collections.abc import Iterable

from replyguide.checker.language.lexicon import Lexicon
from replyguide.checker.rules.forms import Conjunction, Term
from replyguide.checker.rules.matching import Matcher
from replyguide.checker.why.pattern_words import pattern_words

_SHOWN = 3  # words of one class
_CLASSES_SHOWN = 3
_QUANTITIES = {"hours": "时间", "yuan": "金额", "percent": "百分比", "pieces": "件数"}


class ClassWords:
    """Names the classes of one lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._known: dict[str, list[str]] = {}
        self._items: dict[tuple[Term, ...], str] = {}

    def classes(self, names: Iterable[str]) -> str:
        """Name alternative classes: `“发票、开票……”`."""
        return self.item(tuple(Term(name, None) for name in sorted(names)))

    def item(self, item: tuple[Term, ...]) -> str:
        """Name the alternatives of an item, with the polarity that it asks for."""
        if item not in self._items:
            self._items[item] = self._alternatives(item)
        return self._items[item]

    def _alternatives(self, item: tuple[Term, ...]) -> str:
        named = list(dict.fromkeys(self._term(term) for term in item))
        more = "等" if len(named) > _CLASSES_SHOWN else ""
        return "或".join(named[:_CLASSES_SHOWN]) + more

    def conjunction(self, item: Conjunction) -> str:
        """Name what must be there together."""
        return "和".join(self.item(piece) for piece in item)

    def form(self, matcher: Matcher) -> str:
        """Tell a form in words: what it says, about what, and what the buyer asked."""
        parts = [self.item(matcher.act)] if matcher.act else []
        parts += [f"说的是{self.classes(matcher.about)}"] if matcher.about else []
        parts += [f"还有{self.item(item)}" for item in matcher.also]
        parts += [f"没有{self.item(item)}" for item in matcher.without]
        parts += [f"买家问{'，或'.join(map(self.conjunction, matcher.asked))}"] if matcher.asked else []
        parts += ["写法固定的一句话"] if matcher.form.regex and not matcher.act else []
        return "，".join(parts)

    def _term(self, term: Term) -> str:
        words = self._samples(term.word_class)
        shown = f"“{'、'.join(words[:_SHOWN])}{'……' if len(words) > _SHOWN else ''}”" if words else term.word_class
        return f"被否定的{shown}" if term.negated else shown

    def _samples(self, name: str) -> list[str]:
        if name in _QUANTITIES:
            return [_QUANTITIES[name]]
        if name not in self._known:
            self._known[name] = self._listed(name)
        return self._known[name]

    def _listed(self, name: str) -> list[str]:
        entries = self._lexicon.entries.get(name, ())
        words = [entry for entry in entries if not _is_pattern(entry)]
        if len(words) < _SHOWN:
            words += [word for entry in entries if _is_pattern(entry) for word in pattern_words(entry[1:-1])]
        return list(dict.fromkeys(words))


def _is_pattern(entry: str) -> bool:
    return len(entry) > 2 and entry[0] == entry[-1] == "/"
