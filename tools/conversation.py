"""What was said and offered in one call: the tools' memory, kept between tool calls as JSON."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field


class Person(BaseModel):
    """Whom a booking is for, as far as this call knows."""

    name: str
    customer_id: UUID | None = None
    """A customer of the business, or `None` until the first booking makes this person one."""
    salutation: str | None = None


class KnownCaller(BaseModel):
    """A customer on the caller's number."""

    customer_id: UUID
    name: str
    salutation: str | None = None
    is_owner: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """A slot that this call was offered. `start` is an aware UTC instant."""

    service: str
    """Slug of the service that it was offered for."""
    event_type_id: UUID
    start: datetime


class ReadBack(BaseModel):
    """What the caller heard in full and may say yes to: exactly this and nothing else."""

    letter: str
    name: str


class ChangeReadBack(BaseModel):
    """The change of a booking that the caller heard in full: its end, or another start."""

    booking: UUID
    stands_at: datetime
    moves_to: datetime | None = None
    """`None`: it shall be cancelled."""
    event_type_id: UUID | None = None
    """Through which it shall move."""
    fee: str = ""
    """As it was said; empty if there is none."""


class Callback(BaseModel):
    """What was asked of whoever calls back."""

    reasons: list[str] = Field(default_factory=list[str])
    number: str | None = None
    """E.164, if it is not the one that the call came from."""
    when: str | None = None
    """When the caller can be reached, as said."""
    due_at: datetime | None = None
    spoken: str = ""
    """`due_at` as it was promised."""
    asked_for_number: bool = False


class Conversation(BaseModel):
    """The state of one call. What was said once stays until it is corrected."""

    service: str | None = None
    """Slug."""
    staff: str | None = None
    """Slug of the staff member whom the caller wishes."""
    date_text: str | None = None
    """The day as the caller said it, so that "at three" later in the call means that day."""
    time_text: str | None = None
    waits_for_day: bool = False
    """A time was said without a day, and the day asked for."""
    unclear: str | None = None
    """A day or a time with several readings, about which the last question was."""
    person: Person | None = None
    on_number: list[KnownCaller] = Field(default_factory=list)
    name_question_used: bool = False
    """`need_name` or a choice of persons was answered: there is no second question."""
    offers: dict[str, Offer] = Field(default_factory=dict)
    wished: str | None = None
    """Letter of the slot that the caller is about to confirm; it is held for this call."""
    read_back: ReadBack | ChangeReadBack | None = None
    """The last one: a yes that comes later than another question is no yes to this."""
    moving: UUID | None = None
    """The booking for which another time is being looked for."""
    bookings: dict[str, UUID] = Field(default_factory=dict)
    callback: Callback = Field(default_factory=Callback)

    def letter_for(self, offer: Offer) -> str:
        """The letter of an offer; the same slot keeps its letter for the whole call."""
        for letter, known in self.offers.items():
            if known == offer:
                return letter
        letter = _letter(len(self.offers))
        self.offers[letter] = offer
        return letter

    def number_for(self, booking_id: UUID) -> str:
        """The number by which this call speaks of a booking."""
        for number, known in self.bookings.items():
            if known == booking_id:
                return number
        number = str(len(self.bookings) + 1)
        self.bookings[number] = booking_id
        return number


def _letter(position: int) -> str:
    """A to Z, then AA, AB, ...: callers rarely hear more than three."""
    first, second = divmod(position, 26)
    return (chr(ord("A") + first - 1) if first else "") + chr(ord("A") + second)
