"""The approved wording of a rule, filled in with what the context knows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from replyguide.conditions import all_hold
from replyguide.context import Context
from replyguide.drafting.facts import number
from replyguide.errors import CorpusError

if TYPE_CHECKING:
    from jinja2 import Template
    from jinja2.sandbox import SandboxedEnvironment

    from replyguide.corpus.rule import Rule, Wording

_SPACES = re.compile(r"\s+")


class _UnknownFactError(Exception):
    """A wording prints a fact that the context does not hold."""


def approved(rule: Rule, context: Context, *, english: bool = False) -> str | None:
    """Return the first wording of `rule` whose `when` holds, filled in, on one line.

    A wording that prints an unknown fact is passed over like one whose `when` does not hold: a buyer never
    reads “None天”. With `english` a wording without an English form is passed over too. `None` if no
    wording is left.
    """
    sources = (wording.en if english else wording.say for wording in rule.wordings if _fits(wording, context))
    return _first_filled(sources, context, where=rule.path)


def for_colleague(rule: Rule, context: Context) -> str:
    """Return what `rule` tells a colleague: the wording that names him in its `when`, else the brief."""
    meant = (wording for wording in rule.wordings if "asker" in wording.when and _fits(wording, context))
    said = _first_filled((wording.say for wording in meant), context, where=rule.path)
    return rule.brief if said is None else said


def _fits(wording: Wording, context: Context) -> bool:
    return all_hold(wording.when, context)


def _first_filled(sources: Iterable[str], context: Context, *, where: str) -> str | None:
    facts = _known(context)
    filled = (_filled(source, facts, where=where) for source in sources if source)
    return next((text for text in filled if text is not None), None)


def _filled(source: str, facts: Mapping[str, object], *, where: str) -> str | None:
    from jinja2 import TemplateRuntimeError

    try:
        text = _template(source, where).render(facts)
    except (_UnknownFactError, TypeError):  # TypeError: an unknown fact was joined, compared or calculated with
        return None
    except TemplateRuntimeError as error:
        raise CorpusError(f"{where}：话术填不出来（{error}），请改正：{source}") from None
    return _SPACES.sub(" ", text).strip() or None


@lru_cache(maxsize=4096)
def _template(source: str, where: str) -> Template:
    from jinja2 import TemplateSyntaxError

    try:
        return _environment().from_string(source)
    except TemplateSyntaxError as error:
        raise CorpusError(f"{where}：话术的花括号写法不对（{error.message}），请改正：{source}") from None


@cache
def _environment() -> SandboxedEnvironment:
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    return ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False, finalize=_printed)


def _printed(value: Any) -> Any:
    """Print whole numbers as such (7, not 7.0) and refuse to print what is not known."""
    if value is None:
        raise _UnknownFactError
    return number(value) if isinstance(value, float) else value


def _known(context: Context) -> dict[str, object]:
    """Return the facts under the names that wordings use; an empty list names nothing: unknown."""
    shop = {name: None if value == [] else value for name, value in context.shop}
    product = {name: None if value == [] else value for name, value in context.product}
    return {"shop": shop, "product": product, "buyer_verified": context.buyer_verified}
