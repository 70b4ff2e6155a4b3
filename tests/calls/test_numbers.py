"""One number in all its spellings is one caller; another number never is."""

import pytest

from calls.numbers import canonical

_LINE = "+493023125010"


@pytest.mark.parametrize(
    "number", ["0152 28817386", "+49 152/28817386", "004915228817386", "+49 (0) 152 28817386"]
)
def test_f_020_spellings_of_one_number_are_one_caller(number: str) -> None:
    assert canonical(number, dialled=_LINE) == "+4915228817386"


@pytest.mark.parametrize("number", ["+43 152 28817386", "+49 162 28817386", "+1 522 8817386"])
def test_f_020_an_equal_ending_is_somebody_else(number: str) -> None:
    assert canonical(number, dialled=_LINE) not in {None, "+4915228817386"}


@pytest.mark.parametrize(
    "number", [None, "", "withheld", "anonymous", "Unknown", "+", "unterdrückt"]
)
def test_f_017_a_hidden_number_is_none(number: str | None) -> None:
    assert canonical(number, dialled=_LINE) is None
