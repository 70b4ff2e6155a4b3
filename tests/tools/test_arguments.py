"""Arguments as models and platforms send them, and whatever else may come."""

import pytest

from tools.catalogue import TOOLS


@pytest.mark.parametrize(
    ("sent", "understood"),
    [
        ({"datum": "4.5.", "uhrzeit": "9:15"}, {"date": "4.5.", "time": "9:15"}),
        ({"datetime": "2026-05-04T09:15"}, {"date": "2026-05-04T09:15"}),
        ({"date": "4 May", "datum": "5 May"}, {"date": "4 May"}),
        ({"Dienstleistung": " Kontrolle\n"}, {"service": "Kontrolle"}),
        ({"time": 14}, {"time": "14"}),
        ({"date": "None", "time": "null", "staff": ""}, {}),
        ({"date": {"day": 4}, "time": ["9"], "service": None}, {}),
        ({"args": {"date": "4 May"}, "call": {"caller": "+491"}}, {"date": "4 May"}),
        ({"arguments": '{"datum": "4.5.", "uhrzeit": 9}'}, {"date": "4.5.", "time": "9"}),
        ({"parameters": {"input": {"Leistung": "Kontrolle"}}}, {"service": "Kontrolle"}),
        ({"date": "4 May", "args": {"date": "5 May", "time": "9"}}, {"date": "4 May", "time": "9"}),
        ({"DATE": "4 May", "Mitarbeiter": "Anna"}, {"date": "4 May", "staff": "Anna"}),
        ({"service": "{not json", "time": True, "staff": 1e300}, {"service": "{not json"}),
        ({"time": 14.0, "date": 10**5000}, {"time": "14"}),
        ({"service": "a\x00b\u202ec\ud800d\u200be"}, {"service": "abcde"}),
        ({"call_id": "1", "caller": "+491"}, {}),
    ],
)
def test_f_071_arguments_are_taken_as_models_send_them(
    sent: dict[str, object], understood: dict[str, str]
) -> None:
    args = TOOLS["check_availability"].takes.model_validate(sent)
    assert args.model_dump(exclude_none=True) == understood


@pytest.mark.parametrize(
    ("tool", "sent", "understood"),
    [
        ("verify_name", {"forSomeoneElse": "ja", "Name": "Lea"}, {"for_someone_else": True}),
        ("verify_name", {"für_jemand_anderen": "nein"}, {"for_someone_else": False}),
        ("cancel", {"Termin": 2, "Grund": "krank", "bestätigt": "Ja, bitte."}, {"confirmed": True}),
        ("cancel", {"booking_id": "2"}, {"booking": "2"}),
        ("reschedule", {"neues_Datum": "Freitag", "newTime": "9"}, {"date": "Freitag"}),
        ("request_callback", {"Telefonnummer": "0176", "wann": "morgen"}, {"number": "0176"}),
        ("book", {"slot_id": "A", "Notiz": "Rollstuhl"}, {"slot": "A", "note": "Rollstuhl"}),
    ],
)
def test_german_and_english_names_in_any_spelling(
    tool: str, sent: dict[str, object], understood: dict[str, object]
) -> None:
    args = TOOLS[tool].takes.model_validate(sent).model_dump(exclude_none=True)
    assert args.items() >= understood.items()
    assert len(args) == len(sent)


@pytest.mark.parametrize(
    ("sent", "means"),
    [
        (True, True),
        ("true", True),
        ("Yes", True),
        ("yes, please", True),
        ("ja", True),
        (False, False),
        ("false", False),
        ("no", False),
        ("not yes", False),
        ("", None),
        (None, None),
        ("null", None),
        ([], None),
    ],
)
def test_a_yes_is_a_yes_in_any_spelling_and_silence_is_not_a_no(
    sent: object, means: bool | None
) -> None:
    """F-039: unset, no and yes are three things."""
    args = TOOLS["book"].takes.model_validate({"slot": "A", "confirmed": sent})
    assert args.model_dump()["confirmed"] is means


def test_endless_arguments_are_cut() -> None:
    args = TOOLS["check_availability"].takes.model_validate({"service": "x" * 10_000})
    assert len(args.model_dump()["service"]) == 500
