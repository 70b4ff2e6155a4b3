"""Reading a business file; that it is applied rightly is in `test_business_apply.py`."""

import re
from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import pytest
from pydantic import BaseModel

from booking.business import Service
from booking.services import Found, find_service
from slotline.business_file import BusinessFile, Refused, parse, read
from slotline.business_file.schema import Rules

ROOT = Path(__file__).parents[2]
SECRETS = {
    "SALON_CALCOM_KEY": "cal_test_1234567",
    "SALON_RETELL_KEY": "key_1234567890",
    "SALON_OPENAI_WEBHOOK_SECRET": "whsec_MTIzNDU2Nzg5MA==",
}

SMALL = """\
slug = "praxis"
name = "Praxis am Park"
timezone = "Europe/Berlin"
language = "de"
attendee_email_domain = "anrufer.praxis.example"

[[lines]]
number = "+49 30 23125-020"
name = "Praxis"

[[staff]]
slug = "lee"
name = "Dr. Lee"

[[services]]
slug = "sprechstunde"
name = "Sprechstunde"

[[services.event_types]]
calcom_id = 6
kind = "fixed"
staff = "lee"
length_minutes = 20
"""


def _fee(says: str) -> str:
    return f"policies = {{cancel_fees = [{{within_hours = 24, {says}}}]}}"


def faults_of(text: str, environment: Mapping[str, str] | None = None) -> list[str]:
    with pytest.raises(Refused) as refusal:
        parse(text, file="praxis.toml", environment=environment or {})
    return [str(fault) for fault in refusal.value.faults]


def with_line(number: int, line: str) -> str:
    """The small file with one of its lines, counted from 1, replaced."""
    lines = SMALL.splitlines()
    lines[number - 1] = line
    return "\n".join(lines) + "\n"


@pytest.fixture
def example() -> BusinessFile:
    return read(ROOT / "deploy/business.example.toml", environment=SECRETS)


def test_the_example_shows_every_key_that_there_is(example: BusinessFile) -> None:
    """Whoever adds a key to the schema writes it into the example, with what it is for."""
    known, shown = set(), set()
    for path, table in _tables(example):
        # What several tables may say is shown by one of them.
        shared = set() if type(table) is not Rules else set(Rules.model_fields)
        known |= {f"{path}.{key}" for key in type(table).model_fields.keys() - shared}
        shown |= {f"{path}.{key}" for key in table.model_fields_set}

    # Two days of the week show by their absence what absence means.
    assert known - shown == {".lines.opening_hours.monday", ".lines.opening_hours.sunday"}


def test_what_people_write_is_read_as_meant(example: BusinessFile) -> None:
    line = example.lines[0]
    assert line.number == "+493023125010"
    assert [(each.first, each.last, each.reason) for each in line.closures] == [
        (date(2026, 12, 24), date(2026, 12, 24), None),
        (date(2026, 12, 27), date(2026, 12, 31), "Betriebsferien"),
    ]
    assert line.holidays == "DE-BE"
    fixed, share = example.policies.cancel_fees or ()
    assert (fixed.amount, fixed.currency) == (Decimal("15.00"), "EUR")
    assert (share.within_hours, share.percent) == (48, Decimal(50))
    assert example.policies.move_fees == ()
    assert example.staff[1].policies.moves_per_booking == "unlimited"
    assert line.opening_hours is not None
    assert line.opening_hours.tuesday == ((time(9), time(13)), (time(14), time(19)))
    assert line.opening_hours.monday == ()
    assert example.credentials.calcom_key is not None
    assert example.credentials.calcom_key.get_secret_value() == "cal_test_1234567"


def test_a_span_may_end_at_midnight() -> None:
    hours = '[lines.opening_hours]\nfriday = ["20:00 – 24:00", "9:00-12:00"]\n[[staff]]'
    business = parse(SMALL.replace("[[staff]]", hours), file="", environment={})

    assert business.lines[0].opening_hours is not None
    assert business.lines[0].opening_hours.friday == ((time(9), time(12)), (time(20), time.min))


@pytest.mark.parametrize(
    ("number", "line", "fault"),
    [
        (1, 'slug = "Praxis Park"', "slug: must be small letters, digits and single hyphens"),
        (3, 'timezone = "Europe/Berln"', "timezone: is no time zone; did you mean Europe/Berlin?"),
        (3, 'timezone = "../zone"', "timezone: is no time zone; write it like Europe/Berlin"),
        (4, 'language = "fr"', "language: must be 'de' or 'en'"),
        (5, 'attendee_email_domain = "a@b.de"', "attendee_email_domain: is no domain; write it"),
        (6, "[calcom]\nbase_url = 'ftp://cal.com'", "calcom.base_url: is no address; write it"),
        (6, "[calcom.versions]\nslots = '2'", "calcom.versions.slots: is no version of Cal.com's"),
        (6, "calcom = 'api.cal.com'", "calcom: must be a table"),
        (8, 'number = "030 23125020"', "lines[0].number: is no phone number; write it like +49"),
        (8, 'number = "+49 30 1"', "lines[0].number: is a number that no phone can have"),
        (8, "number = 493023125020", "lines[0].number: must be text in quotes"),
        (9, "name = ''", "lines[0].name: must not be empty"),
        (10, "closures = ['soon']", "lines[0].closures[0].first: must be a date like 2026-12-24"),
        (10, "closures = [{first = 2026-12-24}]", "lines[0].closures[0].last: is missing"),
        (10, "holidays = 'DE-XX'", "lines[0].holidays: is no region whose holidays we know; write"),
        (10, "policies = {move_notice_hours = -1}", "lines[0].policies.move_notice_hours: must be"),
        (14, "policies = {mirror_holds = true}", "staff[0].policies.mirror_holds: is not known; k"),
        (6, "policies = {cancellations = 'all'}", "policies.cancellations: must be a whole number"),
        (6, "policies = {cancellations = 2}", "policies.cancellations_within_days: is missing: in"),
        (
            6,
            "policies = {moves_per_booking = 101}",
            "policies.moves_per_booking: must be a whole n",
        ),
        (6, _fee("percent = 50, amount = 9"), "policies.cancel_fees[0]: needs either a percent or"),
        (
            6,
            _fee("percent = 50.125"),
            "policies.cancel_fees[0].percent: must have at most 2 dec",
        ),
        (6, _fee("percent = 150"), "policies.cancel_fees[0].percent: must be at most 100"),
        (6, _fee("amount = 15.00"), "policies.cancel_fees[0].currency: is missing"),
        (6, _fee("amount = 'much'"), "policies.cancel_fees[0].amount: "),
        (
            6,
            _fee("amount = 9, currency = 'Euro'"),
            "policies.cancel_fees[0].currency: is no cur",
        ),
        (
            6,
            _fee("percent = 5, currency = 'EUR'"),
            "policies.cancel_fees[0].currency: has no meani",
        ),
        (10, "nmae = 'Praxis'", "lines[0].nmae: is not known; did you mean name?"),
        (20, 'calcom_id = "6"', "services[0].event_types[0].calcom_id: must be a whole number"),
        (20, "calcom_id = 0", "services[0].event_types[0].calcom_id: must be greater than 0"),
        (
            21,
            "kind = 'group'",
            "services[0].event_types[0].kind: must be 'fixed', 'round_robin' or",
        ),
        (22, "staff = 'kim'", "services[0].event_types[0].staff: names nobody in [[staff]]: kim"),
        (23, "length_minutes = 0", "services[0].event_types[0].length_minutes: must be at least 1"),
        (23, "length_minutes = true", "services[0].event_types[0].length_minutes: must be a whole"),
        (23, "lenght_minutes = 20", "services[0].event_types[0].lenght_minutes: is not known; did"),
    ],
)
def test_a_fault_is_named_with_file_line_and_key(number: int, line: str, fault: str) -> None:
    faults = faults_of(with_line(number, line))

    expected = f"praxis.toml:{number + line.count(chr(10))}: {fault}"
    assert [each for each in faults if each.startswith(expected)]


@pytest.mark.parametrize(
    ("number", "line", "fault"),
    [
        (8, "", "7: lines[0].number: is missing"),
        (22, "", "19: services[0].event_types[0].staff: is missing: an event type of kind fixed"),
        (21, "kind = 'seated'", "19: services[0].event_types[0].seats: is missing: an event type"),
        (21, "kind = 'round_robin'", "22: services[0].event_types[0].staff: has no meaning for ki"),
        (23, "length_minutes = 9\nseats = 2", "24: services[0].event_types[0].seats: has no meani"),
    ],
)
def test_what_is_missing_or_too_much_is_named_where_it_belongs(
    number: int, line: str, fault: str
) -> None:
    faults = faults_of(with_line(number, line))

    assert [each for each in faults if each.startswith(f"praxis.toml:{fault}")]


@pytest.mark.parametrize(
    ("hours", "what"),
    [
        ('["9-12"]', '[0]: is no span of hours; write it like "09:00-12:30"'),
        ("[9]", '[0]: is no span of hours; write it like "09:00-12:30"'),
        ('["12:00-09:00"]', "[0]: ends before it begins"),
        ('["09:00-09:00"]', "[0]: ends before it begins"),
        ('["09:00-25:00"]', "[0]: names a time that no clock shows"),
        ('["09:00-12:00", "11:30-13:00"]', ": has spans that overlap at 11:30"),
        ('["09:00-24:00", "20:00-21:00"]', ": has spans that overlap at 20:00"),
        ('"09:00-12:00"', ": must be a list in square brackets"),
    ],
)
def test_hours_that_make_no_sense_are_refused(hours: str, what: str) -> None:
    text = SMALL.replace("[[staff]]", f"[lines.opening_hours]\nmonday = {hours}\n[[staff]]")

    assert faults_of(text) == [f"praxis.toml:12: lines[0].opening_hours.monday{what}"]


def test_rules_that_contradict_themselves_are_refused() -> None:
    rules = """
closures = [{first = 2026-12-24, last = 2026-12-20}]
[lines.policies]
cancellations = "unlimited"
cancellations_within_days = 9
move_fees = [{within_hours = 24, percent = 5}, {within_hours = 24, percent = 9}]
[[staff]]"""
    assert [fault[12:75] for fault in faults_of(SMALL.replace("[[staff]]", rules, 1))] == [
        "12: lines[0].closures[0].last: is before the first day",
        "15: lines[0].policies.cancellations_within_days: has no meaning",
        "16: lines[0].policies.move_fees[1].within_hours: stands in anot",
    ]


def test_all_faults_are_named_at_once_in_the_order_of_the_file() -> None:
    text = SMALL.replace("Europe/Berlin", "Mars").replace('"fixed"', "7").replace("de", "fr", 1)

    lines = [int(fault.split(":")[1]) for fault in faults_of(text)]

    assert lines == [3, 4, 21]


def test_what_stands_twice_is_refused() -> None:
    again = SMALL[SMALL.index("[[lines]]") :]

    assert faults_of(SMALL + again) == [
        "praxis.toml:25: lines[1].number: is the same as of lines[0]",
        "praxis.toml:29: staff[1].slug: is the same as of staff[0]",
        "praxis.toml:30: staff[1].name: is the same as of staff[0]",
        "praxis.toml:33: services[1].slug: is the same as of services[0]",
        "praxis.toml:34: services[1].name: is the same as of services[0]",
        "praxis.toml:37: services[1].event_types[0].calcom_id: stands in this file already",
    ]


def test_a_business_without_lines_or_services_is_of_no_use() -> None:
    head = SMALL[: SMALL.index("[[lines]]")]

    assert faults_of(head + "lines = []\nservices = []\n") == [
        "praxis.toml:7: lines: needs at least one",
        "praxis.toml:8: services: needs at least one",
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('slug = "a"\nname = \n', "praxis.toml:2: is no valid TOML: invalid value"),
        ('slug = "a"\nslug = "b"', "praxis.toml:2: is no valid TOML: cannot overwrite a value"),
        ('slug = "a"\n[calcom\n', "praxis.toml:2: is no valid TOML: "),
        ('slug = """a\n\n', "praxis.toml:3: is no valid TOML: unterminated string"),
    ],
)
def test_broken_toml_is_named_with_its_line(text: str, fault: str) -> None:
    (only,) = faults_of(text)
    assert only.startswith(fault)


class TestSecrets:
    KEY = "hunter2-and-more"

    def test_no_message_and_no_repr_repeats_one(self) -> None:
        text = SMALL.replace("Europe/Berlin", "Mars") + f'[credentials]\napi_keey = "{self.KEY}"\n'
        assert self.KEY not in "".join(faults_of(text))

        text = (
            SMALL + f'[credentials]\napi_key = "{self.KEY} {self.KEY}"\nretell_key = "{self.KEY}"\n'
        )
        assert self.KEY not in "".join(faults_of(text))

        text = SMALL + f'[credentials]\napi_key = "{self.KEY}"\n'
        assert self.KEY not in repr(parse(text, file="", environment={}))

    @pytest.mark.parametrize("environment", [{}, {"KEY": ""}, {"KEY": "  "}])
    def test_an_unset_variable_is_named(self, environment: dict[str, str]) -> None:
        text = SMALL + '[credentials]\nretell_key = "env:KEY"\n'

        assert faults_of(text, environment) == [
            "praxis.toml:25: credentials.retell_key: takes its value from KEY, which is not set"
        ]


def test_a_file_that_cannot_be_read_is_one_clear_line(tmp_path: Path) -> None:
    latin = tmp_path / "latin.toml"
    latin.write_bytes('slug = "a"\nname = "Färben"'.encode("latin-1"))
    for path, words in [(tmp_path / "none.toml", "1: No such file"), (latin, "2: is not UTF-8")]:
        with pytest.raises(Refused, match=words):
            read(path, environment={})


def _tables(value: object, path: str = "") -> list[tuple[str, BaseModel]]:
    """Every table in a business file with its path, rows of one array under one path."""
    if isinstance(value, tuple):
        return [found for each in value for found in _tables(each, path)]
    if not isinstance(value, BaseModel):
        return []
    found = [(path, value)]
    for key in type(value).model_fields:
        found += _tables(getattr(value, key), f"{path}.{key}")
    return found


class TestTheDemo:
    @pytest.fixture
    def services(self) -> list[Service]:
        names = ("API_KEY", "RETELL_KEY", "CALCOM_KEY", "CALCOM_WEBHOOK_SECRET")
        file = read(
            ROOT / "deploy/demo.business.toml",
            environment={f"DEMO_{name}": "key-for-tests" for name in names},
        )
        return [
            Service(uuid4(), each.slug, each.name, synonyms=each.synonyms) for each in file.services
        ]

    @pytest.mark.parametrize(
        ("language", "heard", "slug"),
        [
            ("en", "I need a check-up", "check-up"),
            ("en", "teeth cleaning please", "cleaning"),
            ("en", "I have a toothache", "emergency"),
            ("en", "whitening", "whitening"),
            ("de", "eine Kontrolluntersuchung", "check-up"),
            ("de", "zur Kontrolle", "check-up"),
            ("de", "eine professionelle Zahnreinigung", "cleaning"),
            ("de", "ich habe Zahnschmerzen", "emergency"),
            ("de", "nur eine Beratung", "consultation"),
        ],
    )
    def test_is_understood_in_both_languages(
        self, services: list[Service], language: str, heard: str, slug: str
    ) -> None:
        match find_service(heard, services, language=language):
            case Found(service):
                assert service.slug == slug
            case other:
                pytest.fail(f"{heard!r} is {other}")


class TestPhases:
    """Each host needs an event type for each phase, as long as its work."""

    PHASE = "[[services.phases]]\nactive_minutes = 20\nevent_types = [{}]\n"

    @pytest.mark.parametrize(
        ("phases", "fault"),
        [
            (PHASE.format(8), "phases[0].event_types: names none of this service: 8"),
            (PHASE.format(8), "phases[0].event_types: names none that lee performs"),
            (PHASE.format(8), "event_types[0].calcom_id: stands in none of the phases"),
            (
                PHASE.format(7).replace("20", "25"),
                "phases[0].active_minutes: differs from the 20 of event type 7",
            ),
            (PHASE.format(7) + "gap_minutes = 5\n", "phases[0].gap_minutes: has no meaning after"),
            (PHASE.format(7).replace("20", "0"), "phases[0].active_minutes: "),
        ],
    )
    def test_that_do_not_fit_are_named(self, phases: str, fault: str) -> None:
        calcom_id = re.search(r"calcom_id = (\d+)", SMALL)
        assert calcom_id
        small = SMALL.replace(calcom_id[0], "calcom_id = 7")
        at = small.index("[[services.event_types]]")

        faults = faults_of(small[:at] + phases + small[at:])

        assert [each for each in faults if f"services[0].{fault}" in each]

    def test_that_fit_are_read(self) -> None:
        calcom_id = re.search(r"calcom_id = (\d+)", SMALL)
        assert calcom_id
        at = SMALL.index("[[services.event_types]]")
        phase = self.PHASE.format(calcom_id[1])

        file = parse(SMALL[:at] + phase + SMALL[at:], file="praxis.toml", environment={})

        assert [each.active_minutes for each in file.services[0].phases] == [20]
