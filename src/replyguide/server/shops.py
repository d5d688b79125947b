"""A copilot for each shop: its facts, its documents, its rules. What one shop has is never seen by another."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, replace

from replyguide.context import Context, Shop
from replyguide.copilot import Copilot
from replyguide.fact_files import facts_in
from replyguide.settings import Settings

# Copilots kept open. The packaged rules are shared, so each costs what its own documents do, 5 MB a thousand passages;
# the least recently used is let go, opening it again takes 40 ms.
_MOST_OPEN = 64
_FACTS = ("shop.yaml", "shop.yml", "shop.json")


@dataclass(frozen=True, slots=True)
class OpenShop:
    """A shop that may be asked: its copilot, and the facts that its requests need not repeat."""

    copilot: Copilot
    facts: Shop

    def buyers(self) -> Context:
        """Return the context of a buyer of whom nothing is known."""
        return self.completed(Context())

    def completed(self, context: Context) -> Context:
        """Return a context with the shop's facts under those that it tells itself.

        Who asks is then set, a buyer where nothing is said: over HTTP a program shows a buyer's message, and nothing
        is guessed.
        """
        told = context.shop.model_dump(exclude_none=True)
        facts = Shop.model_validate({**self.facts.model_dump(exclude_none=True), **told})
        return context.model_copy(update={"shop": facts, "asker": context.asker})


class Shops:
    """The shops of the settings, opened when they are first asked for; threads may share it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._open: OrderedDict[str, OpenShop] = OrderedDict()

    def shop(self, shop_id: str) -> OpenShop:
        """Return a shop; one without a folder has the packaged rules, and no facts of its own."""
        with self._lock:
            if shop_id not in self._open:
                self._open[shop_id] = self._opened(shop_id)
            self._open.move_to_end(shop_id)
            if len(self._open) > _MOST_OPEN:
                self._open.popitem(last=False)  # not closed: whoever still searches it keeps it open
            return self._open[shop_id]

    def close(self) -> None:
        """Close every copilot."""
        with self._lock:
            for shop in self._open.values():
                shop.copilot.close()
            self._open.clear()

    def _opened(self, shop_id: str) -> OpenShop:
        settings = self._settings_of(shop_id)
        facts = Shop.model_validate(facts_in(settings.shop, "shop")) if settings.shop is not None else Shop()
        return OpenShop(Copilot(settings), facts)

    def _settings_of(self, shop_id: str) -> Settings:
        own = self._settings
        is_own = shop_id == own.shop_id
        folder = own.shops / shop_id if own.shops is not None else None
        facts = next((path for name in _FACTS if folder is not None and (path := folder / name).is_file()), None)
        pack = folder / "pack" if folder is not None and (folder / "pack").is_dir() else None
        return replace(
            own,
            shop_id=shop_id,
            shop=facts if facts is not None else own.shop if is_own else None,
            shop_pack=pack if pack is not None else own.shop_pack if is_own else None,
        )
