"""The envelope of everything that Vapi sends: which kind of message, of which call."""

from server import reading
from server.wire import CallRef, Unreadable

PLATFORM = "vapi"


def message_of(body: bytes) -> dict[str, object]:
    """What is in the envelope.

    Raises:
        Unreadable: The body is not JSON or not of Vapi's shape.
    """
    message = reading.json_object(body).get("message")
    if not isinstance(message, dict):
        raise Unreadable("the body has no message")
    return message


def kind_of(body: bytes) -> str:
    """Which kind of message it is, such as `tool-calls`. Raises as `message_of` does."""
    kind = reading.text(message_of(body), "type")
    if kind is None:
        raise Unreadable("the message has no type")
    return kind


def call_of(message: dict[str, object]) -> CallRef | None:
    """Which call it is about and who speaks; `None` where no call is named.

    Raises:
        Unreadable: An id or a number is not text.
    """
    call = reading.nested(message, "call")
    call_id = reading.text(call, "id")
    if call_id is None:
        return None
    return CallRef(
        PLATFORM, call_id, caller=_number(message, "customer"), line=_number(message, "phoneNumber")
    )


def _number(message: dict[str, object], whose: str) -> str | None:
    """A number that is told beside the call, or within it."""
    call = reading.nested(message, "call")
    told = reading.nested(message, whose) or reading.nested(call, whose)
    return reading.number(told, "number")
