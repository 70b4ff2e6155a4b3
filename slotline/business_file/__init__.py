"""The business file: what a business is, in TOML, checked with file, line and key in each message.

`read` or `parse` a file, then `apply` it to a database.
"""

from slotline.business_file.applying import Changes, apply
from slotline.business_file.changes import Change, Effect
from slotline.business_file.reading import Fault, Refused, parse, read
from slotline.business_file.schema import BusinessFile

__all__ = [
    "BusinessFile",
    "Change",
    "Changes",
    "Effect",
    "Fault",
    "Refused",
    "apply",
    "parse",
    "read",
]
