"""The business file: what a business is, in TOML, checked with file, line and key in each message.

`read` or `parse` a file, then `apply` it to a database.
"""

from slotline.business_file.applying import Changes, apply
from slotline.business_file.changes import Change, Effect
from slotline.business_file.reading import parse, read
from slotline.business_file.schema import BusinessFile
from toml_files import Fault, Refused

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
