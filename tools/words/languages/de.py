"""German."""

import re
from datetime import date, datetime, timedelta

from tools.words.cldr import day_of_month_and_month, money, number, quantity, weekday
from tools.words.language import Words

_LOCALE = "de_DE"
_NAMED_WITHIN = timedelta(days=7)


def _near_day(day: date, today: date) -> str:
    if day == today:
        return "heute"
    if day == today + timedelta(days=1):
        return "morgen"
    if today < day < today + _NAMED_WITHIN:
        return weekday(day, _LOCALE)
    return _full_day(day)


def _full_day(day: date) -> str:
    return f"{weekday(day, _LOCALE)}, den {day_of_month_and_month(day, _LOCALE)}"


def _clock(time: datetime) -> str:
    return f"{time.hour} Uhr" + (f" {time.minute}" if time.minute else "")


def _times_on(day: str, times: list[datetime]) -> str:
    day = f"{day}," if "," in day else day
    return f"{day} um {_either([_clock(time) for time in times])}"


def _either(parts: list[str]) -> str:
    return " oder ".join(parts)


def _all_of(parts: list[str]) -> str:
    return " und ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


WORDS = Words(
    language="de",
    weekday=lambda day: weekday(day, _LOCALE),
    near_day=_near_day,
    full_day=_full_day,
    times_on=_times_on,
    clock=_clock,
    quantity=lambda stretch: quantity(stretch, _LOCALE),
    money=lambda amount, currency: money(amount, currency, _LOCALE),
    number=lambda value: number(value, _LOCALE),
    either=_either,
    all_of=_all_of,
    digits=("null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun"),
    plus="plus",
    heard_digits={"zwo": "2"},
    anybody=(
        "egal",
        "ist egal",
        "ist mir egal",
        "irgendwer",
        "irgendjemand",
        "irgendeiner",
        "jeder",
        "alle",
        "jemand",
        "wer frei ist",
        "wer zeit hat",
        "wer gerade frei ist",
        "beliebig",
        "keine präferenz",
        "kein wunsch",
        "spielt keine rolle",
        "niemand bestimmtes",
    ),
    later=re.compile(r"\b(später|nach hinten)\b", re.IGNORECASE),
    earlier=re.compile(r"\b(früher|eher|nach vorne?)\b", re.IGNORECASE),
    same_time=re.compile(
        r"\b((zur|um die|um) )?(gleichen?|selben?|dieselbe|derselben) (uhr)?zeit\b", re.IGNORECASE
    ),
    with_staff="bei {staff}",
    without_staff="{when} ist bei {staff} leider nicht frei.",
    staff_does_not="Für {service} kann ich {staff} nicht buchen. Ginge es auch bei {others}?",
    staff_not_chosen=(
        "Bei {service} kommen Sie zu dem, der frei ist; {staff} kann ich nicht zusagen. Ist das "
        "in Ordnung?"
    ),
    greeting="{business}, guten Tag. Wie kann ich helfen?",
    still_there="Sind Sie noch da?",
    goodbye="Vielen Dank für Ihren Anruf. Auf Wiederhören.",
    one_moment="Einen Moment bitte.",
    then="dann",
    from_to="von {opens} bis {closes}",
    which_suits="Was passt Ihnen?",
    would_it_suit="Würde das passen?",
    offer="Ich hätte {slots}.",
    offer_elsewhen="{when} ist nicht frei, aber ich hätte {slots}.",
    offer_in_doubt="Unser Kalender antwortet gerade langsam, aber ich hätte wohl {slots}.",
    free_ask_name="{slot} wäre frei. Auf welchen Namen bitte?",
    read_back="{service} am {slot}, für {name}. Soll ich das buchen?",
    booked="Gebucht: {slot}.",
    requested=(
        "Ich habe {service} am {slot} notiert. Das ist noch nicht bestätigt; wir geben Ihnen "
        "Bescheid."
    ),
    slot_taken="Der Termin wurde leider gerade vergeben. Ich hätte {slots}.",
    slot_taken_no_other=(
        "Der Termin wurde leider gerade vergeben. Welcher andere Tag würde Ihnen passen?"
    ),
    already_booked="Sie haben dann schon einen Termin bei uns: {bookings}. Was möchten Sie tun?",
    none_free="{when} habe ich leider nichts frei. Passt Ihnen ein anderer Tag?",
    ask_service="Wofür möchten Sie kommen?",
    ask_service_among="Meinen Sie {services}?",
    unknown_service="Das bieten wir leider nicht an. Würde Ihnen {services} helfen?",
    service_unavailable=(
        "{service} kann ich gerade nicht telefonisch buchen. Soll Sie jemand zurückrufen?"
    ),
    ask_day="Welcher Tag würde Ihnen passen?",
    ask_which_day="Meinen Sie {days}?",
    ask_time="Um wie viel Uhr würde es Ihnen passen?",
    ask_which_time="Meinen Sie {times}?",
    ask_what_next="Was kann ich für Sie tun?",
    in_the_past="Das ist schon vorbei; heute ist {today}. Welchen Tag meinen Sie?",
    time_passed="{time} ist schon vorbei.",
    too_soon="Das ist für uns zu kurzfristig.",
    too_far="So weit im Voraus buchen wir noch nicht; der letzte Tag ist {day}.",
    closed="Am {day} haben wir geschlossen.",
    closed_then="An diesen Tagen haben wir geschlossen.",
    nothing_until="Bis {day} habe ich nichts gefunden. Welcher Tag danach würde Ihnen passen?",
    closed_on_holiday="Am {day} ist {holiday}, da haben wir geschlossen.",
    closed_because="Am {day} haben wir geschlossen: {reason}.",
    outside_hours="Am {day} haben wir {hours} geöffnet.",
    ask_name="Auf welchen Namen darf ich den Termin eintragen?",
    ask_name_again="Den Namen habe ich leider nicht verstanden. Wie ist Ihr Vor- und Nachname?",
    name_noted="Danke, {address}.",
    name_noted_plainly="Danke.",
    ask_which_person="Ist der Termin für {names}?",
    ask_which_staff="Möchten Sie zu {staff}?",
    appointment="{service} am {slot}",
    an_appointment="ein Termin",
    for_person="für {name}",
    found="Ihr Termin: {booking}.",
    found_next="Ihr nächster Termin: {booking}.",
    found_requested="Angefragt, aber noch nicht bestätigt ist {booking}.",
    hear_the_other="Möchten Sie auch den anderen hören?",
    hear_the_others="Möchten Sie auch die anderen hören?",
    none_found=(
        "Ich finde unter dieser Nummer keinen Termin von Ihnen. Möchten Sie einen vereinbaren, "
        "oder soll Sie jemand zurückrufen?"
    ),
    none_found_hidden=(
        "Ihre Nummer ist unterdrückt, deshalb sehe ich Ihre Termine nicht. "
        "Soll Sie jemand zurückrufen?"
    ),
    none_found_then="Dann sehe ich keinen Termin von Ihnen. Ihr nächster: {booking}.",
    cancel_read_back="Das ist {booking}.{fee} Soll ich den Termin absagen?",
    cancelled="Ihr Termin ist abgesagt: {booking}.",
    cancel_requested=(
        "Ich habe notiert, dass Sie absagen möchten: {booking}. Das ist noch nicht bestätigt; "
        "wir geben Ihnen Bescheid."
    ),
    move_read_back="Das verschiebt {booking} auf {slot}.{fee} Soll ich das so machen?",
    moved="Ihr Termin für {service} ist verschoben auf {slot}; vorher war er am {was}.",
    move_requested=(
        "Ich habe Ihren Wunsch notiert: {booking} auf {slot}. Bis das bestätigt ist, gilt der alte "
        "Termin; wir geben Ihnen Bescheid."
    ),
    unchanged="Dann ist Ihr Termin bereits: {booking}.",
    fee="Das kostet {amount}.",
    share_of_price="{percent} Prozent des Preises",
    too_late_to_cancel=(
        "Ihr Termin ist schon {when}; telefonisch absagen geht bis {notice} vorher. "
        "Soll Sie jemand zurückrufen?"
    ),
    too_late_to_move=(
        "Ihr Termin ist schon {when}; telefonisch verschieben geht bis {notice} vorher. "
        "Soll Sie jemand zurückrufen?"
    ),
    moved_too_often=(
        "Öfter lässt sich dieser Termin telefonisch nicht verschieben. Soll Sie jemand zurückrufen?"
    ),
    cancelled_too_often=(
        "Einen weiteren Termin kann ich telefonisch nicht absagen. Soll Sie jemand zurückrufen?"
    ),
    already_begun="Dieser Termin hat schon begonnen. Soll Sie jemand zurückrufen?",
    being_changed="Dieser Termin wird gerade geändert, und ich sehe noch nicht, was daraus wird.",
    gone_meanwhile="Dieser Termin steht nicht mehr in unserem Kalender. Was kann ich für Sie tun?",
    changed_meanwhile="Dieser Termin wurde geändert, jetzt ist es {booking}.",
    hidden_may_not_change=(
        "Ihre Nummer ist unterdrückt, deshalb kann ich Termine nicht selbst ändern."
    ),
    note_to_cancel="möchte absagen: {booking}",
    note_to_move="möchte verschieben: {booking} auf {when}",
    another_time="einen anderen Termin",
    reason_to_cancel="Telefonisch abgesagt",
    ask_which_booking="Welchen meinen Sie: {bookings}?",
    callback_created="Sie werden {when} zurückgerufen.",
    by_then="bis {time}",
    ask_number="Ich habe Ihren Rückrufwunsch notiert. Unter welcher Nummer erreichen wir Sie?",
    ask_number_again="Die Nummer habe ich nicht verstanden. Sagen Sie sie bitte Ziffer für Ziffer?",
    read_back_number="Ich habe die Nummer {number} notiert.",
    no_number=(
        "Ohne Nummer kann Sie niemand zurückrufen, aber Ihr Anliegen habe ich notiert. "
        "Bitte rufen Sie noch einmal an."
    ),
    callback_note="{who}: {what}.",
    callback_note_when="Erreichbar: {when}.",
    somebody="Jemand",
    no_reason="möchte mit jemandem sprechen",
    not_permitted="Das kann ich auf dieser Leitung leider nicht tun.",
    limited="Einen Moment bitte. Gehen wir das Schritt für Schritt durch.",
    calendar_unavailable=(
        "Ich erreiche den Kalender gerade nicht. Soll Sie jemand zurückrufen, "
        "oder soll ich es noch einmal versuchen?"
    ),
    technical_fault="Das hat gerade leider nicht geklappt. Soll ich es noch einmal versuchen?",
)
