"""Putting rules and a shop's own passages into one list.

Platform and law outrank a merchant's script: where a rule covers the message, no script of its topic stands above it.
Of a shop's documents, what a newer one replaces comes last.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace

from replyguide.corpus.topics import Topic
from replyguide.index.figures import with_disagreements
from replyguide.index.hit import Hit, ShopAnswer
from replyguide.index.rule_search import COVERED
from replyguide.index.shop.searching import Match

# A list of five has one hit a topic, a list of ten two: whoever asks two things finds both, and what is found besides
# tells other matters apart instead of repeating the first. On the dev questions with two concerns 80 in 100 lists of
# five hold both topics, against 66 with three hits a topic.
_HITS_A_TOPIC = 5
RulesOf = Callable[[Topic], Iterable[Hit]]

# A replaced document is worth half of what it says.
_SUPERSEDED = 0.5
# From this chance on the shop's own answer to a question is offered.
_ANSWERS = 0.95
# So little below the rule that outranks it.
_BELOW = 1e-4


def candidates(rules: Iterable[Hit], matches: Iterable[Match]) -> list[Hit]:
    """Return everything that may be in the list, without a rank."""
    return [*rules, *map(_shop_hit, matches)]


def ranked(found: Sequence[Hit], concerns: Sequence[str], k: int, rules_of: RulesOf = lambda _: ()) -> tuple[Hit, ...]:
    """Return the best `k`, ranked; of the rules, those of `concerns` keep their place in the list.

    `rules_of` gives all rules of a topic: a passage of the shop's may disagree with one that is not in the list.
    """
    main = concerns[0] if concerns else None
    ordered = sorted(_outranked(found, concerns), key=lambda hit: (-hit.score, hit.id != main))
    chosen = _spread(ordered, k)
    best_of_shop = next((hit for hit in ordered if hit.kind != "rule" and hit.score >= COVERED), None)
    if best_of_shop is not None and all(hit.kind == "rule" for hit in chosen):
        chosen = _with_place_for(best_of_shop, chosen, concerns)
    topics = dict.fromkeys(hit.topic for hit in chosen if hit.kind != "rule")
    told = with_disagreements(chosen, (rule for topic in topics for rule in rules_of(topic)))
    return tuple(replace(hit, rank=rank) for rank, hit in enumerate(_newer_first(told), 1))


def shop_answer(matches: Sequence[Match]) -> ShopAnswer | None:
    """Return the shop's own answer to the message, if it is sure to be one and may be said."""
    for match in matches:
        entry = match.entry
        if entry.question and entry.against is None and match.document.superseded_by is None:
            return ShopAnswer(entry.id, entry.text, match.topic, match.chance) if match.chance >= _ANSWERS else None
    return None


def _outranked(found: Sequence[Hit], concerns: Collection[str]) -> list[Hit]:
    """Put what a merchant says of a topic below the best rule of it that covers the message."""
    covering: dict[Topic, float] = {}
    for hit in found:
        if hit.kind == "rule" and (hit.score >= COVERED or hit.id in concerns):
            covering[hit.topic] = max(hit.score, covering.get(hit.topic, 0.0))
    return [
        replace(hit, score=max(min(hit.score, round(covering[hit.topic] - _BELOW, 4)), 0.0))
        if hit.kind != "rule" and hit.authority == "merchant" and hit.topic in covering
        else hit
        for hit in found
    ]


def _newer_first(hits: Sequence[Hit]) -> list[Hit]:
    """Let of two hits that disagree and have the same authority the newer one stand first."""
    ordered = list(hits)
    for place, older in enumerate(hits):
        opposed = {figure.hit for figure in older.disagreement}
        for newer in hits[place + 1 :]:
            if newer.id in opposed and newer.authority == older.authority and _is_newer(newer, older):
                ordered.remove(newer)
                ordered.insert(ordered.index(older), newer)
    return ordered


def _is_newer(one: Hit, other: Hit) -> bool:
    # ISO dates are in order as texts; what tells no date is neither newer nor older.
    dates = (one.effective_from, other.effective_from)
    return None not in dates and str(dates[0]) > str(dates[1])


def _shop_hit(match: Match) -> Hit:
    entry, document = match.entry, match.document
    worth = _SUPERSEDED if document.superseded_by is not None else 1.0
    return Hit(
        id=entry.id,
        topic=match.topic,
        title=entry.question if entry.question else (entry.heading if entry.heading else document.title),
        text=entry.text,
        source=document.name,
        platform=document.platform,
        score=round(match.chance * worth, 4),
        rank=0,
        kind=entry.kind,
        authority=document.authority,
        page=entry.page,
        original=entry.original if entry.original != entry.text else None,
        effective_from=document.effective_from,
        superseded_by=document.superseded_by,
        against=entry.against,
    )


def _spread(ordered: Sequence[Hit], k: int) -> list[Hit]:
    """Take `k` hits, best first, so that one topic does not crowd out the second thing that was asked."""
    most = max(1, k // _HITS_A_TOPIC)
    taken: Counter[tuple[Topic, bool]] = Counter()
    within: list[Hit] = []
    beyond: list[Hit] = []
    for hit in ordered:
        # The rule of a topic does not take the place of what the shop itself says of it.
        matter = (hit.topic, hit.kind == "rule")
        taken[matter] += 1
        (within if taken[matter] <= most else beyond).append(hit)
        if len(within) == k:
            break
    chosen = {hit.id for hit in (within + beyond)[:k]}
    return [hit for hit in ordered if hit.id in chosen]


def _with_place_for(hit: Hit, chosen: Sequence[Hit], concerns: Collection[str]) -> list[Hit]:
    """Put `hit` in the place of the last one that answers nothing."""
    dispensable = [one for one in chosen if one.id not in concerns]
    if not dispensable:
        return list(chosen)
    rest = [one for one in chosen if one is not dispensable[-1]]
    return sorted([*rest, hit], key=lambda one: -one.score)
