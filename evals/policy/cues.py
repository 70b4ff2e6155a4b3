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
    again: re.Pattern[str]
    """Another attempt at what has failed."""
    person: re.Pattern[str]
    cancel: re.Pattern[str]
    move: re.Pattern[str]
    change: re.Pattern[str]
    """Of what was just made, if a day or a time is said with it."""
    find: re.Pattern[str]
    when: re.Pattern[str]
    ordinals: tuple[re.Pattern[str], ...]
    """The first, the second, the third of what was offered."""
    wish: re.Pattern[str]
    """What they would like: the group, after the last of these words."""
    named: re.Pattern[str]
    """Somebody says their name: the group."""
    relative: re.Pattern[str]
    """It is for somebody else, whose name may follow: the group."""
    staff: re.Pattern[str]
    """To whom they wish to come: one of the groups."""


def _any(*words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(words)})\b", re.IGNORECASE)


_NAME: Final = r"[^\W\d_](?:[^\W\d_]|['’-])*"
_NUMBERS_EN: Final = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_NUMBERS_DE: Final = (
    "ein|eins|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|dreizehn|vierzehn|fünfzehn"
    "|sechzehn|siebzehn|achtzehn"
)
_MONTHS_EN: Final = (
    "january|february|march|april|may|june|july|august|september|october|november|december"
)
_MONTHS_DE: Final = (
    "januar|februar|märz|april|mai|juni|juli|august|september|oktober|november|dezember"
)
_CLOCK: Final = r"\d{1,2}[:.]\d\d|\d{4}-\d\d-\d\d"
_FAMILY_EN: Final = (
    "daughter|son|child|kid|mother|mum|mom|father|dad|wife|husband|partner|sister|brother|friend"
)
_FAMILY_DE: Final = (
    "tochter|sohn|kind|mutter|mama|vater|papa|frau|mann|partnerin|partner|schwester|bruder|freundin"
    "|freund"
)
_NO_NAMES_EN: Final = (
    "a|an|and|at|for|from|has|i|in|is|it|needs?|next|not|on|please|spelled|that|the|this|to|today"
    "|told|tomorrow|wants?|was|we|went|were|with|would"
)
_NO_NAMES_DE: Final = (
    "am|an|auf|bitte|braucht|bräuchte|der|die|ein|eine[nmr]?|für|hätte|ich|im|in|ist|morgen|möchte"
    "|nicht|um|und|wann|wir|zu[mr]?"
)


def _two_words(but: str) -> str:
    """A first name and a family name, unless it is other words."""
    word = rf"(?!(?:{but})\b){_NAME}"
    return rf"{word}(?: {word})?"


CUES: Final = {
    "en": Cues(
        greeting=_any("hello", "hi", "hey", "good (?:morning|day|afternoon|evening)"),
        goodbye=_any("goodbye", "bye", "bye bye"),
        thanks=_any("thanks", "thank you", "that(?:'s| is) (?:all|it)"),
        yes=_any(
            *("yes", "yeah", "yep", "sure", "ok", "okay", "please do", "go ahead", "correct"),
            "that(?:'s| is) right",
        ),
        no=_any("no", "nope", "not that", "rather not", "don't"),
        again=_any("again", "once more"),
        person=_any(
            "(?:human|robot)(?: being)?",
            "real (?:person|somebody|someone)",
            "(?:speak|talk) (?:to|with) (?:someone|somebody|a person|the doctor|a .*)",
            "call (?:me )?back",
        ),
        cancel=_any("cancel", "call off", "can't make it", "delete"),
        move=_any("move", "reschedule", "postpone", "put off", "another time instead"),
        change=_any("make (?:it|that)", "instead", "change (?:it|that)"),
        find=_any(
            "when (?:is|was) .*appointment",
            "when (?:am|was) I",
            "do I have an appointment",
            "what appointments? do I have",
        ),
        when=_any(
            "(?:the )?day after tomorrow",
            "today",
            "tonight",
            "tomorrow",
            rf"(?:next |this |on )*(?:mon|tues|wednes|thurs|fri|satur|sun)days?"
            rf"(?:,? (?:{_NUMBERS_EN})(?: (?:fifteen|thirty|forty-?five))?)?",
            "(?:next|this) (?:week(?:end)?|month)",
            r"\d{1,2}(?::\d\d)? in the (?:morning|afternoon|evening)",
            "in (?:the )?(?:mornings?|afternoons?|evenings?)",
            "(?:morning|afternoon|evening|noon|midday)",
            "as soon as possible",
            "(?:soonest|earliest)",
            rf"in (?:a|{_NUMBERS_EN}|\d+) (?:days?|weeks?)",
            rf"(?:on )?(?:the )?\d+(?:st|nd|rd|th)(?: of (?:{_MONTHS_EN}))?",
            _CLOCK,
            r"\d{1,2} ?(?:am|pm|o'clock)",
            rf"(?:at|around|after|before|from|until|half past|quarter (?:past|to)|past|to) "
            rf"(?:half past |quarter (?:past|to) )?(?:{_NUMBERS_EN}|\d+)"
            rf"(?: (?:fifteen|thirty|forty-?five))?(?: o'clock)?",
            f"(?:{_MONTHS_EN})",
        ),
        ordinals=(_any("first", "former"), _any("second", "latter"), _any("third")),
        wish=re.compile(
            r".*\b(?:i(?:'d| would) (?:also )?(?:like|love)|i need|i want"
            r"|(?:can|could) i (?:get|have))\b(?! +an appointment\W*$)(.*)",
            re.IGNORECASE | re.DOTALL,
        ),
        named=re.compile(
            rf"\b(?:(?:my|the) name is|this is|i(?:'m| am) called) ({_two_words(_NO_NAMES_EN)})",
            re.IGNORECASE,
        ),
        relative=re.compile(
            rf"\bfor my (?:{_FAMILY_EN})\b,?(?: ({_two_words(_NO_NAMES_EN)}))?"
            rf"|\bmy (?:{_FAMILY_EN}) (?-i:(?=[A-Z]))({_two_words(_NO_NAMES_EN)})"
            rf"|\bmy (?:{_FAMILY_EN}) (?=needs|wants|would)",
            re.IGNORECASE,
        ),
        staff=re.compile(
            rf"\b(?i:with (?:dr\.?|doctor|mr\.?|ms\.?|mrs\.?)) ({_NAME})"
            rf"|\b(?i:with) ([A-Z]{_NAME})"
            rf"|\b(?i:i'd like|i would like) ([A-Z]{_NAME}) to\b"
        ),
    ),
    "de": Cues(
        greeting=_any("guten? (?:morgen|tag|abend)", "hallo", "grüß gott", "servus", "moin"),
        goodbye=_any("auf wieder(?:hören|sehen|schauen)", "tschüss?", "ciao", "schönen tag noch"),
        thanks=_any("danke", "vielen dank", "das war(?:'s| es)"),
        yes=_any(
            *(
                "ja",
                "jo",
                "jawohl",
                r"(?<!hätte )(?<!hätte ich )gerne?",
                "genau",
                "passt",
                "in ordnung",
                "richtig",
                "okay",
            ),
            *("ok", "machen sie das(?: so)?"),
        ),
        no=_any("nein", "nee", "lieber nicht", "doch nicht"),
        again=_any("noch ?mal", "noch einmal"),
        person=_any(
            "(?:einen|einem|echten) (?:menschen|mitarbeiter)",
            "mit (?:jemandem|einer person|der ärztin|dem arzt) sprechen",
            "(?:rufen sie mich .*)?zurück ?rufen",
            "rufen sie mich .*zurück",
            "rückruf",
        ),
        cancel=_any("absagen", "stornier(?:en|e)", "streichen", "löschen", "sage?n? .* ab"),
        move=_any("verschieben?", "verlegen", "umbuchen"),
        change=_any("doch lieber", "doch auf", "stattdessen"),
        find=_any(
            "wann (?:ist|war|habe) .*termin",
            "habe ich .*termin",
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
            rf"(?:am |den )?\d{{1,2}}\.? (?:{_MONTHS_DE})",
            _CLOCK,
            rf"(?:um|gegen|ab|nach|vor|bis|halb|viertel (?:vor|nach)|dreiviertel) "
            rf"(?:halb |viertel (?:vor |nach )?|dreiviertel )?(?:{_NUMBERS_DE}|\d+)"
            rf"(?: uhr(?: \d+)?)?",
            rf"(?:{_NUMBERS_DE}|\d+) uhr(?: (?:\d+|dreißig|fünfzehn|fünfundvierzig))?",
            f"(?:{_MONTHS_DE})",
        ),
        ordinals=(_any("erster?", "ersten?"), _any("zweite[rn]?"), _any("dritte[rn]?")),
        wish=re.compile(
            r".*\b(?:hätte (?:ich )?gerne?|(?:bräuchte|brauche|möchte)(?: ich)?)\b"
            r"(?! +einen termin\W*$)(.*)",
            re.IGNORECASE | re.DOTALL,
        ),
        named=re.compile(
            rf"\b(?:(?:mein|der) name ist|ich heiße|hier (?:ist|spricht)"
            rf"|(?-i:[Ii]ch bin (?=[A-ZÄÖÜ][^\W\d_]+ [A-ZÄÖÜ])))\s*({_two_words(_NO_NAMES_DE)})",
            re.IGNORECASE,
        ),
        relative=re.compile(
            rf"\bfür (?:meine?n?|unsere?n?) (?:{_FAMILY_DE})\b,?"
            rf"(?: ({_two_words(_NO_NAMES_DE)}))?",
            re.IGNORECASE,
        ),
        staff=re.compile(
            rf"\b(?i:bei|zu) (?i:frau|herrn?|dr\.?|doktor) (?:(?i:dr\.?|doktor) )?({_NAME})"
            rf"|\b(?i:bei|zu) (?!Ihnen|Euch)([A-ZÄÖÜ]{_NAME})"
        ),
    ),
}
