"""What can become of a request to Cal.com, other than an answer.

    CalcomError
    ├── Refused                 Cal.com said no: nothing happened, and asking again changes nothing
    │   ├── SlotUnavailable     the host or the last seat is taken, or the host does not work then
    │   │   └── AlreadySignedUp this attendee has a seat at that time already
    │   ├── BookingLimitReached of the event type per day or week, or of the attendee
    │   ├── TooSoonOrTooFar     inside the minimum notice, or outside the booking window
    │   ├── InThePast
    │   ├── InvalidAttendee     e-mail address, phone number, name, zone or language
    │   ├── MissingField        the event type asks for something that was not sent
    │   ├── AlreadyCancelled
    │   ├── AlreadyRescheduled  carries the uid of the booking that took its place
    │   ├── AlreadyEnded
    │   ├── NotPending          there is nothing (left) to confirm or decline
    │   ├── AlreadyExists       a webhook with this URL
    │   ├── NotFound
    │   │   └── UnknownEventType
    │   ├── Unauthorised        the key is missing, wrong or expired
    │   ├── Forbidden           the key is good, but not for this
    │   └── InvalidRequest      not in the form that Cal.com expects: our bug, or another version
    ├── NotNow                  nothing happened, and asking later may help
    │   ├── RateLimited         carries the seconds to wait
    │   ├── NoTimeLeft          the time was up before anything was sent
    │   └── Unreachable         no connection
    ├── Fault                   a read came to nothing
    │   ├── NoAnswer            too late, or the connection broke
    │   ├── ServerFault         Cal.com failed
    │   └── UnexpectedAnswer    not the answer that this version of the endpoint gives
    └── OutcomeUnknown          one of these faults befell a write: it may have happened or not.
                                Look before asking again.

Messages hold no uid and no e-mail address.
"""

from typing import ClassVar, TypedDict, Unpack

from calcom.veil import veil


class Where(TypedDict, total=False):
    """Where an error comes from: the same for all of them."""

    endpoint: str
    status: int | None
    request_id: str | None


class CalcomError(Exception):
    """Base of all that a call of the client raises on purpose.

    Attributes:
        message: Cal.com's words, or ours where it had none; without uids and addresses.
        endpoint: Such as `POST /v2/bookings/{uid}/cancel`.
        status: HTTP status, if there was an answer.
        request_id: Cal.com's `X-Request-Id`, for their support.
    """

    is_outage: ClassVar[bool] = False
    """Whether it speaks against Cal.com's health: what a circuit breaker counts."""

    def __init__(
        self,
        message: str,
        *,
        endpoint: str = "",
        status: int | None = None,
        request_id: str | None = None,
    ) -> None:
        self.message = veil(message)
        self.endpoint = endpoint
        self.status = status
        self.request_id = request_id
        super().__init__(self.message)

    def __str__(self) -> str:
        answered = "" if self.status is None else f" answered {self.status}"
        where = f"{self.endpoint}{answered}: " if self.endpoint else ""
        tail = f" (request {self.request_id})" if self.request_id else ""
        return f"{where}{self.message}{tail}"


class Refused(CalcomError):
    """Cal.com said no. Nothing happened, and asking the same again changes nothing."""


class SlotUnavailable(Refused):
    """The host or the last seat is taken, or the host does not work then. Not an outage.

    It may be our own earlier attempt that holds the slot: Cal.com does not tell.
    """


class AlreadySignedUp(SlotUnavailable):
    """This e-mail address has a seat at that time already."""


class BookingLimitReached(Refused):
    """The event type takes no more bookings that day or week, or this attendee has too many."""


class TooSoonOrTooFar(Refused):
    """Inside the minimum notice, or outside the booking window: Cal.com does not say which."""


class InThePast(Refused):
    """The start is over."""


class InvalidAttendee(Refused):
    """Something about the attendee is unusable; `field` says what, where Cal.com did."""

    def __init__(self, message: str, *, field: str | None = None, **where: Unpack[Where]) -> None:
        super().__init__(message, **where)
        self.field = field


class MissingField(Refused):
    """A required answer was not sent; `field` is its slug, where Cal.com named it."""

    def __init__(self, message: str, *, field: str | None = None, **where: Unpack[Where]) -> None:
        super().__init__(message, **where)
        self.field = field


class AlreadyCancelled(Refused):
    """The booking was cancelled before: for whoever wanted that, a success."""


class AlreadyRescheduled(Refused):
    """The booking was moved before; `rescheduled_to_uid` (a secret) is the one that stands."""

    def __init__(self, message: str, *, rescheduled_to_uid: str, **where: Unpack[Where]) -> None:
        super().__init__(message, **where)
        self.rescheduled_to_uid = rescheduled_to_uid


class AlreadyEnded(Refused):
    """The booking is over, so it cannot be cancelled."""


class NotPending(Refused):
    """The booking does not wait for its host. Cal.com says no more than "bad request"."""


class AlreadyExists(Refused):
    """There is one of these already."""


class NotFound(Refused):
    """Cal.com knows nothing by that id."""


class UnknownEventType(NotFound):
    """The event type does not exist (any more): the service's link is broken."""


class Unauthorised(Refused):
    """The key is missing, wrong or expired."""


class Forbidden(Refused):
    """The key is good, but not for this; or the attendee is blocked."""


class InvalidRequest(Refused):
    """Not in the form that Cal.com expects: a bug of ours, or a server of another version."""


class NotNow(CalcomError):
    """Nothing happened; asking later may help."""


class RateLimited(NotNow):
    """Too many requests with this key. There is no use in asking for `retry_after_seconds`."""

    def __init__(self, message: str, *, retry_after_seconds: float, **where: Unpack[Where]) -> None:
        super().__init__(message, **where)
        self.retry_after_seconds = retry_after_seconds


class NoTimeLeft(NotNow):
    """The caller's time was up before anything was sent."""


class Unreachable(NotNow):
    """There was no connection, so nothing was sent."""

    is_outage = True


class Fault(CalcomError):
    """A read came to nothing. Of a write it is the `fault` inside an `OutcomeUnknown`."""

    is_outage = True


class NoAnswer(Fault):
    """None came in time, or the connection broke before it was complete."""


class ServerFault(Fault):
    """Cal.com failed while it worked on the request."""


class UnexpectedAnswer(Fault):
    """Not JSON, or not the shape that this version of the endpoint answers with."""


class OutcomeUnknown(CalcomError):
    """A write may or may not have happened. Look before asking again: Cal.com has no idempotency.

    `fault` is what befell it.
    """

    is_outage = True

    def __init__(self, fault: Fault) -> None:
        super().__init__(
            f"the outcome is unknown: {fault.message}",
            endpoint=fault.endpoint,
            status=fault.status,
            request_id=fault.request_id,
        )
        self.fault = fault
