"""Times as the database keeps them: UTC without a zone, and days of the marketplaces' own calendar."""

from __future__ import annotations

import datetime

_CHINA = datetime.timezone(datetime.timedelta(hours=8))


def now() -> datetime.datetime:
    """Return this moment in UTC, without a zone."""
    return datetime.datetime.now(datetime.UTC).replace(tzinfo=None)


def today() -> datetime.date:
    """Return the day that it is in China: Tmall and Taobao count their days there."""
    return datetime.datetime.now(_CHINA).date()
