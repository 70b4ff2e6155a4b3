"""What may stand in a trace about a person: as in the log (`server.masking`), and nothing more.

What was said is left out as a whole unless the operator wants it: names in free speech match no
pattern. Then what looks like a number or an address is masked, and every name known in the call.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Final

from server.masking import mask_name, mask_text, masked

LEFT_OUT: Final = "[not traced]"

_FREE_TEXT: Final = ("reason", "when", "number")
"""Arguments of tools in which callers may have said anything."""
_SHORTEST_NAME: Final = 3


def fields(told: Mapping[str, object]) -> str:
    """Arguments or a reply, as JSON."""
    plain = {name: LEFT_OUT if name in _FREE_TEXT else value for name, value in told.items()}
    return json.dumps(masked(plain), ensure_ascii=False)


def envelope(reply: str) -> str:
    """The reply of a tool, as JSON."""
    return fields(json.loads(reply))


def speech(text: str, *, names: Sequence[str], is_wanted: bool) -> str:
    """What somebody said."""
    if not is_wanted:
        return LEFT_OUT
    text = mask_text(text)
    for part in {part for name in names for part in name.split() if len(part) >= _SHORTEST_NAME}:
        text = re.sub(rf"\b{re.escape(part)}\b", mask_name(part), text, flags=re.IGNORECASE)
    return text
