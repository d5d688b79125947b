"""The topics of the reply policy as a closed set; their Chinese names are those of `replyguide.topics`."""

from __future__ import annotations

from typing import Literal, cast, get_args

from replyguide import topics

Topic = Literal[
    "invoice",
    "shipping-fee",
    "credit-card",
    "cod",
    "privacy",
    "close-order",
    "order-change",
    "off-platform-payment",
    "off-platform-contact",
    "stock",
    "ship-time",
    "returns",
    "return-freight",
    "after-sale",
    "promise",
    "fake-trade",
    "review",
    "misdescription",
    "counterfeit",
    "ad-claims",
    "attitude",
    "harassment",
    "courtesy",
    "overpromise",
    "price",
    "logistics",
    "product-info",
    "greeting",
    "complaint",
    "response-time",
    "penalty",
    "scam",
    "workplace",
]

TOPICS: tuple[Topic, ...] = get_args(Topic)
TOPIC_NAMES: dict[Topic, str] = cast("dict[Topic, str]", topics.TOPICS)
