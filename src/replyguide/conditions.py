"""Conditions on the context, as corpus wordings and checker rules write them under `when`.

A `when` maps dotted fact paths to what they must be: a scalar, a list of allowed scalars, or a mapping with `known`,
`min`, `max`. A fact that is not known satisfies only `known: false`: a rule never guesses.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from replyguide.context import FACT_PATHS, Context

Scalar = str | bool | int | float


class Bounds(BaseModel):
    """The long form of a condition; at least one key must be there."""

    model_config = ConfigDict(extra="forbid", strict=True)

    known: bool | None = None
    min: int | float | None = None
    max: int | float | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Bounds:
        if self.known is None and self.min is None and self.max is None:
            raise ValueError("条件是空的，请写 known、min 或 max")
        return self


Written = Bounds | Scalar | list[Scalar]


@dataclass(frozen=True, slots=True)
class Condition:
    """What one fact of the context must be; every part that is not `None` must hold.

    `allowed` are the values that fit (for a list of names such as the couriers: one of them is on the list);
    `minimum` and `maximum` are inclusive.
    """

    allowed: tuple[Scalar, ...] | None = None
    known: bool | None = None
    minimum: float | None = None
    maximum: float | None = None

    def holds(self, value: object) -> bool:
        """Tell whether `value` (as `Context.get` gives it, `None` for unknown) meets the condition.

        An unknown fact meets nothing but `known: false`.
        """
        if value is None:
            return self.known is False
        if self.known is False:
            return False
        return self._allows(value) and self._in_range(value)

    def _allows(self, value: object) -> bool:
        if self.allowed is None:
            return True
        values = value if isinstance(value, list | tuple) else [value]
        return any(_same(one, allowed) for one in values for allowed in self.allowed)

    def _in_range(self, value: object) -> bool:
        if self.minimum is None and self.maximum is None:
            return True
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        above = self.minimum is None or value >= self.minimum
        return above and (self.maximum is None or value <= self.maximum)


When = Mapping[str, Condition]


def all_hold(when: When, context: Context) -> bool:
    """Tell whether `context` meets every condition; an empty mapping always holds."""
    return all(condition.holds(context.get(path)) for path, condition in when.items())


def conditions_of(written: Mapping[str, Written]) -> dict[str, Condition]:
    """Turn a `when` as it is written into conditions; `ValueError` if a path or a value can never occur."""
    return {path: _condition(path, value) for path, value in written.items()}


def _condition(path: str, written: Written) -> Condition:
    if path not in FACT_PATHS:
        raise ValueError(f"没有 {path} 这个条件，可用的有 {'、'.join(sorted(FACT_PATHS))}")
    for value in _values(written):
        _check_value(path, value)
    if isinstance(written, Bounds):
        return Condition(known=written.known, minimum=written.min, maximum=written.max)
    return Condition(allowed=tuple(written) if isinstance(written, list) else (written,))


def _values(written: Written) -> list[Scalar]:
    if isinstance(written, Bounds):
        return [bound for bound in (written.min, written.max) if bound is not None]
    return list(written) if isinstance(written, list) else [written]


def _check_value(path: str, value: Scalar) -> None:
    """Refuse a value that the fact can never have, so that a typing error does not hide a rule for good."""
    room, _, field = path.rpartition(".")
    listed = [value] if field in ("couriers", "gifts") else value
    try:
        Context.model_validate({room: {field: listed}} if room else {field: listed})
    except ValidationError:
        raise ValueError(f"{path} 不会是 {value!r}，请改正") from None


def _same(value: object, allowed: Scalar) -> bool:
    """Compare without Python's `True == 1`: a switch is no number."""
    return isinstance(value, bool) == isinstance(allowed, bool) and value == allowed
