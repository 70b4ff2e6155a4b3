"""Which version of Cal.com's API each family of endpoints is asked for.

A wrong or missing `cal-api-version` is no error at Cal.com: it silently selects another API of the
same paths. So the versions are pinned, and the shapes of the answers are asserted.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Final, Self

_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")

_FIRST_WITH_CURSORS: Final = "2026-05-01"
"""From here on the list of bookings is paged by cursor, no longer by take and skip."""


class UnknownVersion(ValueError):
    """An override names no family of endpoints, or no version."""


@dataclass(frozen=True, slots=True)
class Versions:
    """`cal-api-version` by family. `/v2/me` and `/v2/webhooks` have none.

    Source: the tables in Cal.com's API reference and its public source of December 2025.
    """

    slots: str = "2024-09-04"
    """Also of reservations."""
    bookings: str = "2024-08-13"
    """Everything about one booking. Hosted Cal.com documents `2026-02-25`; older servers answer
    that one with the shape of 2024-04-15."""
    booking_list: str = "2024-08-13"
    """Hosted Cal.com documents `2026-05-01`."""
    event_types: str = "2024-06-14"
    schedules: str = "2024-06-11"

    @property
    def lists_by_cursor(self) -> bool:
        return self.booking_list >= _FIRST_WITH_CURSORS

    def with_overrides(self, overrides: Mapping[str, str]) -> Self:
        """These versions, but for the families named.

        Args:
            overrides: Version by family, such as `{"bookings": "2026-02-25"}`.

        Raises:
            UnknownVersion: A family is unknown, or a version is not a date.
        """
        families = asdict(self)
        for family, version in overrides.items():
            if family not in families:
                known = ", ".join(families)
                raise UnknownVersion(f"{family!r} is no family of Cal.com endpoints ({known})")
            if not _DATE.fullmatch(version):
                raise UnknownVersion(f"the version of {family} is a date, not {version!r}")
        return replace(self, **overrides)


PINNED: Final = Versions()
"""What the client was written and recorded against."""
