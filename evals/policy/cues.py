"""The words by which the policy tells what a caller is after, one set a language."""

import re
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Cues:
    """Patterns over one utterance; the longest stretch between days and times is the when."""

    greeting: re.Pattern[str]
    goodbye: re.Pattern[str]
    thanks: re.Pattern[str]
    yes: re.Pattern[str]
    no: re.Pattern[str]
    person: re.Pattern[str]
    cancel: re.Pattern[str]
    move: re.Pattern[str]
    find: re.Pattern[str]
    when: re.Pattern[str]
    ordinals: tuple[re.Pattern[str], ...]
    """The first, the second, the third of what was offered."""


def _any(*words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(words)})\b", re.IGNORECASE)


_NUMBERS_EN: Final = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_NUMBERS_DE: Final = (
    "ein|eins|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|dreizehn|vierzehn|fünfzehn"
    "|sechzehn|siebzehn|achtzehn"
)
_CLOCK: Final = r"\d{1,2}[:.]\d\d|\d{4}-\d\d-\d\d"

CUES: Final = {
    "en": Cues(
        greeting=_any("hello", "hi", "hey", "good (?:morning|day|afternoon|evening)"),
        goodbye=_any("goodbye", "bye", "bye bye"),
        thanks=_any("thanks", "thank you", "that(?:'s| is) (?:all|it)"),
        yes=_any("yes", "yeah", "yep", "sure", "ok", "okay", "please do", "go ahead", "correct"),
        no=_any("no", "nope", "not that", "rather not", "don't"),
        person=_any(
            "(?:a|some|real) ?(?:human|person|body)",
            "speak (?:to|with) (?:someone|somebody|the doctor|a .*)",
            "call me back",
            "call ?back",
        ),
        cancel=_any("cancel", "call off", "can't make it"),
        move=_any("move", "reschedule", "postpone", "put off", "another time instead"),
        find=_any(
            "when is my (?:next )?appointment",
            "when (?:am|was) I",
            "do I have an appointment",
            "what appointments? do I have",
        ),
        when=_any(
            "(?:the )?day after tomorrow",
            "today",
            "tonight",
            "tomorrow",
            "(?:next |this |on )*(?:mon|tues|wednes|thurs|fri|satur|sun)days?",
            "(?:next|this) (?:week(?:end)?|month)",
            "in (?:the )?(?:mornings?|afternoons?|evenings?)",
            "(?:morning|afternoon|evening|noon|midday)",
            "as soon as possible",
            "(?:soonest|earliest)",
            rf"in (?:a|{_NUMBERS_EN}|\d+) (?:days?|weeks?)",
            r"(?:the )?\d+(?:st|nd|rd|th)",
            _CLOCK,
            r"\d{1,2} ?(?:am|pm|o'clock)",
            rf"(?:at|around|after|before|from|until|half past|quarter (?:past|to)|past|to) "
            rf"(?:half past |quarter (?:past|to) )?(?:{_NUMBERS_EN}|\d+)(?: o'clock)?",
            "(?:january|february|march|april|may|june|july|august|september|october|november"
            "|december)",
        ),
        ordinals=(_any("first", "former"), _any("second", "latter"), _any("third")),
    ),
    "de": Cues(
        greeting=_any("guten? (?:morgen|tag|abend)", "hallo", "grüß gott", "servus", "moin"),
        goodbye=_any("auf wieder(?:hören|sehen|schauen)", "tschüss?", "ciao", "schönen tag noch"),
        thanks=_any("danke", "vielen dank", "das war(?:'s| es)"),
        yes=_any("ja", "jawohl", "gerne?", "genau", "passt", "in ordnung", "richtig", "okay", "ok"),
        no=_any("nein", "nee", "lieber nicht", "doch nicht"),
        person=_any(
            "(?:einen|einem|echten) (?:menschen|mitarbeiter)",
            "mit (?:jemandem|einer person|der ärztin|dem arzt) sprechen",
            "zurück ?rufen",
            "rückruf",
        ),
        cancel=_any("absagen", "stornieren", "streichen", "sage? .* ab"),
        move=_any("verschieben", "verlegen", "umbuchen", "verschiebe"),
        find=_any(
            "wann (?:ist|war|habe ich) (?:mein|meinen|einen|den) (?:nächsten? )?termin",
            "habe ich (?:einen|schon einen) termin",
            "welche termine habe ich",
        ),
        when=_any(
            "heute",
            "übermorgen",
            "morgen(?: früh)?",
            "(?:am |nächsten |kommenden |diesen )*(?:mon|diens|donners|frei|sams|sonn)tags?",
            "(?:am |nächsten |kommenden |diesen )*mittwochs?",
            "(?:nächste|diese|kommende) woche",
            "(?:vor|nach)mittags?",
            "am (?:vormittag|nachmittag|abend)",
            "(?:mittags?|abends?)",
            "so bald wie möglich",
            "möglichst bald",
            rf"in (?:einer|einem|{_NUMBERS_DE}|\d+) (?:tagen?|wochen?)",
            r"(?:am )?\d{1,2}\.",
            _CLOCK,
            rf"(?:um|gegen|ab|nach|vor|bis|halb|viertel (?:vor|nach)|dreiviertel) "
            rf"(?:halb |viertel (?:vor |nach )?|dreiviertel )?(?:{_NUMBERS_DE}|\d+)(?: uhr)?",
            rf"(?:{_NUMBERS_DE}|\d+) uhr(?: \w+)?",
            "(?:januar|februar|märz|april|mai|juni|juli|august|september|oktober|november"
            "|dezember)",
        ),
        ordinals=(_any("erster?", "ersten?"), _any("zweite[rn]?"), _any("dritte[rn]?")),
    ),
}
