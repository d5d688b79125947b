"""`GET /v1/rules` and `/v1/phrases`: what is checked, what a hit says, and the library of approved wording."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query

from replyguide.checker.listing import rules_of, summary_of
from replyguide.copilot import LONGEST_QUESTION
from replyguide.server.documented import problems
from replyguide.server.identifying import Agent, TheService
from replyguide.server.json_answer import JsonAnswer
from replyguide.server.problems import Problem

router = APIRouter(tags=["rules"])
_MOST_PHRASES = 200


@router.get("/v1/rules", responses=problems(503))
async def list_rules(service: TheService, identity: Agent) -> JsonAnswer:
    """List the rules of the checker that are in force for the shop."""

    def listed() -> dict[str, Any]:
        checker = service.shops.shop(identity.shop_id).copilot.checker
        return {"rules": [summary_of(rule) for rule in rules_of(checker)], "digest": checker.packs.digest}

    return JsonAnswer(await service.check(listed))


@router.get("/v1/rules/{rule_id}", responses=problems(404, 422, 503))
async def show_rule(rule_id: Annotated[str, Path(max_length=80)], service: TheService, identity: Agent) -> JsonAnswer:
    """Tell one rule: of the checker (`INV-refuse`), or of the corpus, as hits name it (`invoice-have`)."""
    copilot = service.shops.shop(identity.shop_id).copilot
    told = await service.think(lambda: copilot.rule(rule_id))
    if told is None:
        raise Problem(404, f"没有编号为 {rule_id} 的规则，请看 /v1/rules")
    return JsonAnswer(told)


@router.get("/v1/phrases", responses=problems(422, 503))
async def phrases(
    service: TheService,
    identity: Agent,
    q: Annotated[str, Query(max_length=LONGEST_QUESTION, description="要找的词；不写就是全部")] = "",
    limit: Annotated[int, Query(ge=1, le=_MOST_PHRASES)] = 20,
) -> JsonAnswer:
    """Look through the approved wording."""

    def found() -> list[dict[str, Any]]:
        shop = service.shops.shop(identity.shop_id)
        words = q if any(character.isprintable() for character in q) else ""
        return [phrase.as_json() for phrase in shop.copilot.phrases(words, limit, shop.buyers())]

    return JsonAnswer({"phrases": await service.think(found)})
