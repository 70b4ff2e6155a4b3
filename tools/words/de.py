"""German."""

from datetime import date, datetime, timedelta

from tools.words.cldr import day_of_month_and_month, weekday
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


GERMAN = Words(
    language="de",
    weekday=lambda day: weekday(day, _LOCALE),
    near_day=_near_day,
    full_day=_full_day,
    times_on=_times_on,
    clock=_clock,
    either=_either,
    all_of=_all_of,
    with_staff="bei {staff}",
    then="dann",
    from_to="von {opens} bis {closes}",
    offer="Ich hätte {slots}. Was passt Ihnen?",
    offer_elsewhen="{when} ist leider nicht frei. Ich hätte {slots}. Würde das passen?",
    offer_in_doubt=(
        "Unser Kalender antwortet gerade langsam, aber ich hätte wohl {slots}. Was passt Ihnen?"
    ),
    free_ask_name="{slot} wäre frei für {service}. Auf welchen Namen darf ich ihn eintragen?",
    read_back="Das wäre {service} am {slot}, für {name}. Soll ich das so buchen?",
    booked="Ihr Termin ist gebucht: {service} am {slot}, für {name}.",
    requested=(
        "Ich habe Ihren Wunsch notiert: {service} am {slot}. Der Kalender hat ihn noch nicht "
        "bestätigt; wir geben Ihnen Bescheid."
    ),
    slot_taken="Der Termin wurde leider gerade vergeben. Ich hätte {slots}. Würde das passen?",
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
    too_soon="Das ist für uns zu kurzfristig. Als Nächstes hätte ich {slots}.",
    too_far="So weit im Voraus buchen wir noch nicht; der letzte Tag ist {day}. Wann passt es?",
    closed="Am {day} haben wir geschlossen.",
    outside_hours="Um diese Zeit haben wir nicht geöffnet; am {day} sind wir {hours} da.",
    ask_name="Auf welchen Namen darf ich den Termin eintragen?",
    ask_name_again="Den Namen habe ich leider nicht verstanden. Wie ist Ihr Vor- und Nachname?",
    name_noted="Danke, {address}.",
    name_noted_plainly="Danke.",
    ask_which_person="Ist der Termin für {names}?",
    ask_which_staff="Möchten Sie zu {staff}?",
    callback_created="Ich lasse Sie zurückrufen.",
    not_permitted="Das kann ich auf dieser Leitung leider nicht tun.",
    limited="Einen Moment bitte. Gehen wir das Schritt für Schritt durch.",
    calendar_unavailable=(
        "Ich erreiche den Kalender gerade nicht. Soll Sie jemand zurückrufen, "
        "oder soll ich es noch einmal versuchen?"
    ),
    technical_fault="Das hat gerade leider nicht geklappt. Soll ich es noch einmal versuchen?",
)
