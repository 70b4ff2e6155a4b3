from collections.abc import Callable, Sequence
from uuid import uuid4

import pytest

from booking.names import Known, Verdict, verify

Ask = Callable[..., Verdict]


def customer(name: str, *, is_owner: bool = True, salutation: str | None = None) -> Known:
    return Known(uuid4(), name, is_owner=is_owner, salutation=salutation)


@pytest.fixture
def ask() -> Ask:
    """`verify` for a German call, with nothing spelled and nobody else meant."""

    def asked(
        heard: str | Sequence[str],
        *on_number: Known,
        spelled: str | None = None,
        for_someone_else: bool = False,
        language: str = "de",
    ) -> Verdict:
        return verify(
            heard,
            spelled=spelled,
            for_someone_else=for_someone_else,
            on_number=on_number,
            language=language,
        )

    return asked
