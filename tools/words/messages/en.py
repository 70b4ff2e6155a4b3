"""English."""

from datetime import datetime

from babel.dates import format_datetime

from tools.words.messages.language import MessageWords


def _when(local: datetime) -> str:
    written = format_datetime(local, "EEEE, MMMM d, y, h:mm a", locale="en_US")
    return written.replace("\N{NARROW NO-BREAK SPACE}", " ")


MESSAGES = MessageWords(
    language="en",
    when=_when,
    subject_confirmed="Your appointment is confirmed",
    confirmed="{business}: your appointment is confirmed. {service}, {when}, for {name}.",
    subject_moved="Your appointment has been moved",
    moved="{business}: your appointment has been moved. {service} is now {when}, for {name}.",
    subject_cancelled="Your appointment is cancelled",
    cancelled="{business}: your appointment is cancelled. It was {service}, {when}, for {name}.",
    questions=" Questions? {number}",
    subject_notice="{business}: somebody is waiting",
    callbacks=lambda count: (
        "1 caller to call back" if count == 1 else f"{count} callers to call back"
    ),
    flagged=lambda count: (
        "1 call to look at now" if count == 1 else f"{count} calls to look at now"
    ),
    open_console=" {address}",
)
