"""A question on its way through the server: the steps of the copilot, each on the right threads."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from replyguide.access import Identity
from replyguide.context import Context
from replyguide.copilot import Attempt, Listening, Suggestion
from replyguide.drafting.cancelling import Cancellation
from replyguide.server.bodies import SuggestBody
from replyguide.server.service import Service


class Asking:
    """A question of somebody: `first` answers it at once, `final` waits for the model; `end` has that stop."""

    def __init__(
        self,
        service: Service,
        body: SuggestBody,
        identity: Identity,
        *,
        heard: Callable[[str], None] | None = None,
        judged: Callable[[Attempt], None] | None = None,
    ) -> None:
        self._service = service
        self._body = body
        self._identity = identity
        self._cancellation = Cancellation()
        self._listening = Listening(heard, judged, self._cancellation)
        self._context = Context()
        self._coming: Iterator[Suggestion] = iter(())

    async def first(self) -> tuple[Suggestion, bool]:
        """Return the approved wording, final where no model is asked, and whether it was recorded.

        It is recorded before anybody sees it: what is copied from a stream can be told of, whatever the model does.
        """
        suggestion = await self._service.think(self._begin)
        recorded = await self._service.record(suggestion, self._context, self._identity)
        if suggestion.is_final:
            self._service.observer.suggested(suggestion)
        return suggestion, recorded

    async def final(self) -> tuple[Suggestion, bool]:
        """Return the suggestion with the model's draft, and whether that was recorded. Call it after `first`."""
        self._service.stopping.add(self.end)
        try:
            suggestion = await self._service.draft(lambda: next(self._coming))
        finally:
            self._service.stopping.remove(self.end)
        self._service.observer.suggested(suggestion)
        return suggestion, await self._service.record_draft(suggestion)

    def end(self) -> None:
        """Stop the model: nobody waits for it any longer."""
        self._cancellation.cancel()

    def _begin(self) -> Suggestion:
        body, shop = self._body, self._service.shops.shop(self._identity.shop_id)
        self._context = shop.completed(body.context)
        self._coming = shop.copilot.suggestions(
            body.question,
            self._context,
            offline=body.offline or self._service.stopping.has_begun,
            tone=body.tone,
            again=body.again,
            listening=self._listening,
        )
        return next(self._coming)
