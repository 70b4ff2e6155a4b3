"""One module a language; a further language is a further module and a line here."""

from collections.abc import Mapping

from booking.names.languages.de import GERMAN
from booking.names.languages.en import ENGLISH
from booking.names.lexicon import Lexicon

LEXICONS: Mapping[str, Lexicon] = {"de": GERMAN, "en": ENGLISH}
