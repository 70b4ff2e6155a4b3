"""One module a language; a further language is a further module and a line here."""

from collections.abc import Mapping

from booking.services.languages.de import GERMAN
from booking.services.languages.en import ENGLISH
from booking.services.wording import Wording

WORDINGS: Mapping[str, Wording] = {"de": GERMAN, "en": ENGLISH}
