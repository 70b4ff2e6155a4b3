import pytest

from calcom.versions import PINNED, UnknownVersion


def test_a_business_can_have_another_version_of_one_family() -> None:
    versions = PINNED.with_overrides({"bookings": "2026-02-25"})
    assert versions.bookings == "2026-02-25"
    assert versions.booking_list == PINNED.booking_list
    assert PINNED.bookings == "2024-08-13"


@pytest.mark.parametrize("overrides", [{"booking": "2026-02-25"}, {"me": "2024-08-13"}])
def test_an_unknown_family_is_refused_by_name(overrides: dict[str, str]) -> None:
    with pytest.raises(UnknownVersion, match=rf"'{next(iter(overrides))}'.*slots, bookings"):
        PINNED.with_overrides(overrides)


@pytest.mark.parametrize("version", ["", "latest", "2026-2-25", "2026-02-25\n"])
def test_a_version_is_a_date(version: str) -> None:
    with pytest.raises(UnknownVersion, match="the version of slots is a date"):
        PINNED.with_overrides({"slots": version})


@pytest.mark.parametrize(
    ("version", "by_cursor"),
    [("2024-08-13", False), ("2026-02-25", False), ("2026-05-01", True), ("2027-01-01", True)],
)
def test_the_version_of_the_list_decides_how_it_is_paged(version: str, by_cursor: bool) -> None:
    assert PINNED.with_overrides({"booking_list": version}).lists_by_cursor is by_cursor
