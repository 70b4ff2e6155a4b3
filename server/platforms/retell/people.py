"""Who speaks with whom in a Retell call."""

from server import reading


def people(call: dict[str, object]) -> tuple[str | None, str | None]:
    """The person's number and the business's: on an outbound call the person was dialled.

    Raises:
        Unreadable: A number is not text.
    """
    origin, dialled = reading.number(call, "from_number"), reading.number(call, "to_number")
    return (dialled, origin) if call.get("direction") == "outbound" else (origin, dialled)
