"""Which forms of which rules a reply can hold at all, told from the word classes in it.

The packs bring hundreds of forms and a reply some thirty classes. Each form is filed under the classes of the smallest
group that it needs a word of, so that only forms which have one are looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from replyguide.checker.language.reading import Reading
from replyguide.checker.rules.matching import Matcher
from replyguide.checker.rules.packs import Rule


class Shortlist:
    """The forms of `rules`, filed. It keeps no state between replies."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = rules
        self._forms: list[tuple[int, Matcher]] = []
        self._always: list[int] = []
        self._by_class: dict[str, list[int]] = {}
        for place, rule in enumerate(rules):
            for matcher in rule.forbids:
                self._file(place, matcher)

    def possible(self, reading: Reading) -> Iterator[tuple[Rule, list[Matcher]]]:
        """Yield the rules that may be broken, in their order, each with the forms that may hold."""
        likely = set(self._always)
        for name in reading.classes:
            likely.update(self._by_class.get(name, ()))
        of_rule: dict[int, list[Matcher]] = {}
        for number in sorted(likely):
            place, matcher = self._forms[number]
            if matcher.is_possible(reading):
                of_rule.setdefault(place, []).append(matcher)
        for place, matchers in of_rule.items():
            yield self._rules[place], matchers

    def _file(self, place: int, matcher: Matcher) -> None:
        number = len(self._forms)
        self._forms.append((place, matcher))
        if not matcher.needs:
            self._always.append(number)
            return
        for name in min(matcher.needs, key=len):
            self._by_class.setdefault(name, []).append(number)
