"""How much one key, or one address without keys, may ask."""

from __future__ import annotations

from limits import RateLimitItem, RateLimitItemPerMinute, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from replyguide.errors import SettingsError
from replyguide.settings import Settings

_OFF = "off"
# Wrong keys from one address: enough for a typing error in every bot of a shop, too few to guess anything.
_WRONG_KEYS = RateLimitItemPerMinute(60)


class Rates:
    """Counts requests in this process; of several workers each counts its own."""

    def __init__(self, settings: Settings) -> None:
        self._limit = _parsed(settings.rate_limit)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def take(self, who: str) -> bool:
        """Count a request of `who`; `False` if it is one too many."""
        return self._limit is None or self._limiter.hit(self._limit, "asked", who)

    def take_wrong_key(self, address: str) -> bool:
        """Count a request with a wrong key; `False` if the address has sent too many of them."""
        return self._limiter.hit(_WRONG_KEYS, "wrong", address)


def _parsed(said: str) -> RateLimitItem | None:
    if said.strip().lower() == _OFF:
        return None
    try:
        return parse(said)
    except ValueError:
        raise SettingsError(f"设置 rate_limit 应写成 200/second、6000/minute 这样，或 off，现在是 {said!r}") from None
