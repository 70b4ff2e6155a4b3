"""German."""

from datetime import datetime

from babel.dates import format_datetime

from tools.words.messages.language import MessageWords


def _when(local: datetime) -> str:
    return format_datetime(local, "EEEE, d. MMMM y, H:mm 'Uhr'", locale="de")


MESSAGES = MessageWords(
    language="de",
    when=_when,
    subject_confirmed="Ihr Termin ist bestätigt",
    confirmed="{business}: Ihr Termin ist bestätigt. {service}, {when}, für {name}.",
    subject_moved="Ihr Termin wurde verschoben",
    moved="{business}: Ihr Termin wurde verschoben. {service} ist jetzt {when}, für {name}.",
    subject_cancelled="Ihr Termin ist abgesagt",
    cancelled="{business}: Ihr Termin ist abgesagt. Es war {service}, {when}, für {name}.",
    questions=" Fragen? {number}",
    subject_notice="{business}: Jemand wartet",
    callbacks=lambda count: "1 Rückruf" if count == 1 else f"{count} Rückrufe",
    flagged=lambda count: (
        "1 Anruf, der gleich angesehen werden sollte"
        if count == 1
        else f"{count} Anrufe, die gleich angesehen werden sollten"
    ),
    open_console=" {address}",
)
