"""The envelope of every good answer, and how instants are read."""

from datetime import UTC, datetime
from typing import Annotated, Generic, Literal, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

Payload = TypeVar("Payload")


class Shape(BaseModel):
    """Base of all: camel case outside, and no guessing (`"12"` is no number)."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        validate_by_name=True,
        extra="ignore",
        frozen=True,
        strict=True,
    )


class Answer(Shape):
    """A whole body with a good status."""

    status: Literal["success"]


class Data(Answer, Generic[Payload]):
    """`{"status": "success", "data": ...}`."""

    data: Payload


def _to_utc(instant: datetime) -> datetime:
    try:
        return instant.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("an instant outside of the calendar") from error


Instant = Annotated[AwareDatetime, AfterValidator(_to_utc)]
"""Sent with any offset, read as an aware instant in UTC."""
