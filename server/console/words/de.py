"""German."""

from collections.abc import Mapping
from typing import Final

WORDS: Final[Mapping[str, str]] = {
    "login.title": "Anmelden",
    "login.email": "E-Mail",
    "login.password": "Passwort",
    "login.enter": "Anmelden",
    "login.hint": "Noch kein Konto? Wer Slotline hier betreibt, legt eins an: slotline user add.",
    "login.refused": "E-Mail und Passwort gehören nicht zusammen.",
    "login.locked": "Zu viele Versuche. Bitte in ein paar Minuten noch einmal.",
    "account.title": "Ihr Konto",
    "account.name": "Name",
    "account.place": "Arbeitet bei",
    "account.nowhere": "Noch keinem Betrieb. Wer Slotline hier betreibt, kann Sie hinzufügen.",
    "account.change": "Passwort ändern",
    "account.old": "Bisheriges Passwort",
    "account.new": "Neues Passwort",
    "account.changed": "Das Passwort ist geändert. Überall sonst sind Sie abgemeldet.",
    "account.bad_password": "Das neue Passwort braucht mindestens {shortest} Zeichen.",
    "account.wrong_password": "Das bisherige Passwort stimmt nicht.",
    "role.staff": "Team",
    "role.ops": "Betrieb",
    "role.admin": "Verwaltung",
    "sorry.403": "Das kam nicht von hier",
    "sorry.403.why": "Das Formular war zu alt oder kam von einer anderen Seite. Nichts wurde geändert; bitte noch einmal.",
    "sorry.404": "Hier ist nichts",
    "sorry.404.why": "Die Adresse führt nirgendwohin oder zu etwas, das Sie nicht sehen dürfen.",
    "sorry.503": "Gerade nicht",
    "sorry.503.why": "Die Datenbank ist nicht erreichbar. Das Telefon wird weiter beantwortet; bitte bald noch einmal.",
    "sorry.other": "Das ging schief",
    "sorry.other.why": "Es ist notiert. Vielleicht wurde nichts geändert; sehen Sie nach, bevor Sie es wiederholen.",
    "sorry.home": "Zur Konsole",
    "nav.log_out": "Abmelden",
    "number.hidden": "Nummer unterdrückt",
}
