"""What is known beside the reply itself: the conversation, who asks, and the facts of shop and product.

The fields and what their absence means are those of the reply policy. Absent is always `None` (or an empty history),
never a default value: only the rules know what "unknown" means to them.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    ValidationError,
    WithJsonSchema,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from replyguide.errors import InputError
from replyguide.validation import StrictModel, first_problem

Role = Literal["buyer", "agent"]
Asker = Literal["buyer", "agent"]
FreeShipping = Literal["all", "mainland", "except_remote", "none"]
Promotion = Literal["juhuasuan", "seckill", "limited_discount", "none"]


def without_surrogates(text: object) -> object:
    """Replace lone surrogates, which no UTF-8 output can carry, by U+FFFD; the length stays the same."""
    if isinstance(text, str) and not text.isascii():
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def _listed(value: object) -> object:
    """Take a text for a list of what it names (`中通、圆通`): people write both."""
    if not isinstance(value, str):
        return value
    return [name.strip() for name in re.split("[、，,;；]", value) if name.strip()]


_NUMBER = re.compile("[0-9]{1,15}([.][0-9]{1,6})?")
Text = Annotated[str, BeforeValidator(without_surrogates)]


def _numeric(value: object) -> object:
    """Take a text that is a plain number for it: YAML and forms carry numbers as texts."""
    return float(value) if isinstance(value, str) and _NUMBER.fullmatch(value) else value


def _amount(**bounds: float) -> WithJsonSchema:
    return WithJsonSchema(
        {"anyOf": [{"type": "number", **bounds}, {"type": "string", "pattern": f"^{_NUMBER.pattern}$"}]}
    )


_TEXT = {"type": "string"}
Names = Annotated[
    list[Text],
    BeforeValidator(_listed),
    WithJsonSchema({"anyOf": [{"type": "array", "items": _TEXT}, {**_TEXT, "description": "names with 、 between"}]}),
]

Amount = Annotated[float, BeforeValidator(_numeric)]


class _Facts(StrictModel):
    model_config = ConfigDict(allow_inf_nan=False)

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Have the schema say that every field may be null, which is the same as absent."""
        schema = handler.resolve_ref_schema(handler(core_schema))
        for name, told in schema.get("properties", {}).items():
            schema["properties"][name] = {"anyOf": [told, {"type": "null"}]}
        return schema


class Turn(_Facts):
    """One earlier message of the conversation."""

    role: Role
    text: Text


class Shop(_Facts):
    """Facts of the shop as its pages promise them; hours, days, pieces as whole numbers."""

    free_shipping: FreeShipping | None = None
    free_shipping_min_qty: int | None = Field(default=None, ge=0)
    couriers: Names | None = None
    cod: bool | None = None
    ships_within_hours: Annotated[Amount, Field(gt=0), _amount(exclusiveMinimum=0)] | None = None
    return_7d: bool | None = None
    freight_insurance: bool | None = None
    promotion: Promotion | None = None
    invoice_days: Annotated[Amount, Field(ge=0), _amount(minimum=0)] | None = None


class Product(_Facts):
    """Facts on the item's page; `price_yuan` in yuan."""

    price_yuan: Annotated[Amount, Field(ge=0), _amount(minimum=0)] | None = None
    material: Text | None = None
    gifts: Names | None = None
    category: Text | None = None


class Context(_Facts):
    """Everything a check or a draft may know about the situation. `question` is the buyer's latest message."""

    question: Text | None = None
    history: list[Turn] = Field(default_factory=list)
    asker: Asker = "buyer"
    buyer_verified: bool | None = None
    shop: Shop = Field(default_factory=Shop)
    product: Product = Field(default_factory=Product)

    def contradictions(self) -> tuple[str, ...]:
        """Tell in Chinese which facts do not fit together, or cannot be: what rests on them needs a second look."""
        shop, product = self.shop, self.product
        told = (
            (shop.free_shipping == "none" and (shop.free_shipping_min_qty or 0) > 1,
             "店铺资料写着不包邮，又写着满几件包邮，请核对 free_shipping 和 free_shipping_min_qty"),
            (product.price_yuan == 0, "商品价格是 0 元，按价格未知处理，请核对 price_yuan"),
            (self.asker == "agent" and self.buyer_verified is True,
             "提问的是同事，又写着买家身份已核实，请核对 asker 和 buyer_verified"),
        )  # fmt: skip
        return tuple(words for is_odd, words in told if is_odd)

    def get(self, path: str) -> object:
        """Return the fact at a dotted path such as `shop.cod`, `None` if it is unknown."""
        value: object = self
        for name in path.split("."):
            value = getattr(value, name)
        return value


FACT_PATHS: frozenset[str] = frozenset(
    ["asker", "buyer_verified"]
    + [f"shop.{name}" for name in Shop.model_fields]
    + [f"product.{name}" for name in Product.model_fields]
)


def read_context(data: Any, *, where: str) -> Context:
    """Validate `data` (parsed JSON or YAML) into a `Context`; `where` names its origin in the error."""
    if data is None:
        return Context()
    try:
        return Context.model_validate(data)
    except ValidationError as error:
        raise InputError(f"{where}：{first_problem(error)}") from None
