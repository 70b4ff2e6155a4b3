from datetime import time

import pytest

from booking.opening_hours import restored, stored

HOURS = {
    0: ((time(9), time(12, 30)), (time(14), time(18))),
    5: ((time(20), time.min),),
}


def test_hours_come_back_as_they_were() -> None:
    assert restored(stored(HOURS)) == HOURS


def test_what_is_stored_can_be_read_by_people() -> None:
    assert stored({5: HOURS[5], 0: HOURS[0], 2: ()}) == {
        "monday": [["09:00", "12:30"], ["14:00", "18:00"]],
        "saturday": [["20:00", "00:00"]],
    }


@pytest.mark.parametrize("hours", [{"someday": []}, {"monday": [["9 o'clock", "12:00"]]}])
def test_what_makes_no_sense_is_an_error_and_not_an_empty_day(
    hours: dict[str, list[list[str]]],
) -> None:
    with pytest.raises(ValueError, match=r"not in tuple|isoformat"):
        restored(hours)
