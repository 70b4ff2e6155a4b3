"""Names as they are heard on the phone: pure rules, no database, nothing that waits."""

from booking.names.address import address, surname
from booking.names.merging import corrected
from booking.names.parts import normalised
from booking.names.placeholder import is_placeholder
from booking.names.spelling import spelled
from booking.names.verdict import (
    Identified,
    Known,
    NeedChoice,
    NeedName,
    NewPerson,
    Reason,
    Verdict,
)
from booking.names.verify import clean, verify

__all__ = [
    "Identified",
    "Known",
    "NeedChoice",
    "NeedName",
    "NewPerson",
    "Reason",
    "Verdict",
    "address",
    "clean",
    "corrected",
    "is_placeholder",
    "normalised",
    "spelled",
    "surname",
    "verify",
]
