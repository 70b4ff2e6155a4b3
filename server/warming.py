"""What a process does once, done before the first caller waits for it."""

from datetime import datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

from booking.business import Service
from booking.names import verify
from booking.services import find_service
from calls.numbers import canonical
from tools.catalogue import TOOLS
from tools.when.resolve import resolve
from tools.words import WORDS

_A_NUMBER = "+12025550123"


def warm(now: datetime) -> None:
    """Build grammars, tables of names and formats: some tenths of a second, once a process."""
    canonical(_A_NUMBER, dialled=_A_NUMBER)
    zone = ZoneInfo("UTC")
    services = [Service(uuid4(), slug, slug) for slug in ("one", "another")]
    for tool in TOOLS.values():
        tool.takes.model_validate({})
    for language, words in WORDS.items():
        words.times_on(words.full_day(now.date()), [now])
        resolve("tomorrow", "14:30", now=now, zone=zone, language=language)
        find_service("another", services, language=language)
        verify(
            "Ada Lovelace", spelled=None, for_someone_else=False, on_number=[], language=language
        )
