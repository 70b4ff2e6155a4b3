"""The policy without a model: whole calls through our agent against the real server."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest
from openai import AsyncOpenAI

from evals.policy import Ask, Say, decide, serving
from prompts import receptionist
from server.agent.model import Model
from server.settings import OpenAI
from tests.practice import ADA, LINE, Practice
from tests.server.platforms.switchboard import SECRETS, Switchboard, connected
from tests.servers import Addresses
from tests.tools.appointments import has

_STRANGER = "+493023125099"
_END_CALL: Any = {"type": "function", "function": {"name": "end_call", "parameters": {}}}


@pytest.fixture
async def switchboard(practice: Practice, addresses: Addresses) -> AsyncIterator[Switchboard]:
    async with connected(practice, addresses) as switchboard:
        yield switchboard


@dataclass(slots=True)
class Phone:
    """A caller on OpenAI's wire."""

    client: AsyncOpenAI
    said: list[Any] = field(default_factory=list)
    hung_up: bool = False

    async def says(self, words: str) -> str:
        """Say something, and hear the whole answer."""
        self.said.append({"role": "user", "content": words})
        heard = ""
        chunks = await self.client.chat.completions.create(
            model="x", messages=self.said, tools=[_END_CALL], stream=True
        )
        async for chunk in chunks:
            for choice in chunk.choices:
                heard += choice.delta.content or ""
                self.hung_up |= bool(choice.delta.tool_calls)
        self.said.append({"role": "assistant", "content": heard})
        return heard.strip()


@asynccontextmanager
async def ringing(switchboard: Switchboard, caller: str, language: str) -> AsyncIterator[Phone]:
    """A call in which the policy is the model behind our agent."""
    async with (
        serving() as url,
        httpx2.AsyncClient(transport=httpx2.ASGITransport(switchboard.app)) as http,
    ):
        model = Model(OpenAI(base_url=url), name="scripted")
        await model.warm()
        switchboard.practice.parts.agent.model = model
        headers = {"x-call-id": "c-1", "x-caller": caller, "x-line": LINE, "x-language": language}
        async with AsyncOpenAI(
            api_key=SECRETS["api_key"],
            base_url="http://slotline.test/v1/praxis",
            http_client=http,
            default_headers=headers,
            max_retries=0,
        ) as client:
            yield Phone(client)
        await model.aclose()


_STRANGERS = {
    "en": [
        ("Hello, I'd like a check-up tomorrow at ten, please.", "What name is"),
        ("My name is Mary Birkett.", "for Mary Birkett. Shall I book it?"),
        ("Yes, please.", "Booked: tomorrow at 10 in the morning"),
        ("No, that is all, thank you.", "Goodbye"),
    ],
    "de": [
        ("Guten Tag, ich hätte gern eine Kontrolluntersuchung morgen um zehn.", "Namen"),
        ("Mein Name ist Henrik Brinkmann.", "Henrik Brinkmann"),
        ("Ja, bitte.", "Gebucht: "),
        ("Nein danke, auf Wiederhören.", "Auf Wiederhören"),
    ],
}


@pytest.mark.parametrize("language", _STRANGERS)
async def test_a_stranger_books(switchboard: Switchboard, language: str) -> None:
    async with ringing(switchboard, _STRANGER, language) as phone:
        for words, answer in _STRANGERS[language]:
            assert not phone.hung_up
            assert answer in await phone.says(words)
    assert phone.hung_up
    (booking,) = await switchboard.practice.bookings_at_calcom()
    assert booking["start"] == "2026-02-11T09:00:00.000Z"


_KNOWN = {
    "en": ("A check-up tomorrow at ten, please.", "Yes.", "Booked"),
    "de": ("Eine Kontrolle morgen um zehn, bitte.", "Ja.", "Gebucht"),
}


@pytest.mark.parametrize("language", _KNOWN)
async def test_a_known_caller_is_asked_no_name(switchboard: Switchboard, language: str) -> None:
    wish, yes, booked = _KNOWN[language]
    async with ringing(switchboard, ADA, language) as phone:
        assert "Ada Lindqvist" in await phone.says(wish)
        assert booked in await phone.says(yes)
    assert len(await switchboard.practice.bookings_at_calcom()) == 1


_STEP_BY_STEP = {
    "en": [
        "Good morning.",
        "A cleaning.",
        "On Thursday in the afternoon.",
        "The second one.",
        "Yes.",
    ],
    "de": [
        "Guten Morgen.",
        "Eine Zahnreinigung.",
        "Am Donnerstag nachmittags.",
        "Den zweiten.",
        "Ja.",
    ],
}


@pytest.mark.parametrize("language", _STEP_BY_STEP)
async def test_a_caller_says_one_thing_at_a_time(switchboard: Switchboard, language: str) -> None:
    async with ringing(switchboard, ADA, language) as phone:
        answers = [await phone.says(words) for words in _STEP_BY_STEP[language]]
    assert answers
    (booking,) = await switchboard.practice.bookings_at_calcom()
    assert booking["start"].startswith("2026-02-12T1"), answers


_TAKEN = {
    "en": ["A check-up tomorrow at ten, please.", "The first one.", "Yes."],
    "de": ["Eine Kontrolle morgen um zehn, bitte.", "Den ersten.", "Ja."],
}


@pytest.mark.parametrize("language", _TAKEN)
async def test_where_a_time_is_taken_another_is_chosen(
    switchboard: Switchboard, language: str
) -> None:
    practice = switchboard.practice
    for name in ("Mary Birkett", "Hugh Denholm"):  # one with each of the two dentists
        assert await has(practice.call(_STRANGER), "2026-02-11", "10:00", name=name)
    async with ringing(switchboard, ADA, language) as phone:
        answers = [await phone.says(words) for words in _TAKEN[language]]
    starts = [booking["start"] for booking in await practice.bookings_at_calcom()]
    assert len(starts) == 3, answers
    assert starts.count("2026-02-11T09:00:00.000Z") == 2


_CLOSED = {
    "en": ("A check-up on Saturday, please.", "On Monday at nine then.", "training"),
    "de": ("Eine Kontrolle am Samstag, bitte.", "Dann am Mittwoch um neun.", "Ada"),
}


@pytest.mark.parametrize("language", _CLOSED)
async def test_another_day_is_wished_for_where_one_is_closed(
    switchboard: Switchboard, language: str
) -> None:
    first, second, answer = _CLOSED[language]
    async with ringing(switchboard, ADA, language) as phone:
        assert await phone.says(first)
        assert answer in await phone.says(second)


_CHANGES = {
    ("cancel", "en"): ["I need to cancel my appointment.", "Yes, cancel it."],
    ("cancel", "de"): ["Ich muss meinen Termin absagen.", "Ja, bitte absagen."],
    ("move", "en"): ["Can you move my appointment to Friday at eleven?", "Yes."],
    ("move", "de"): ["Können Sie meinen Termin auf Freitag um elf verschieben?", "Ja, genau."],
    ("find", "en"): ["When is my appointment?", "Thank you, goodbye."],
    ("find", "de"): ["Wann ist mein Termin?", "Danke, auf Wiederhören."],
}


@pytest.mark.parametrize(("change", "language"), _CHANGES)
async def test_an_appointment_is_changed(
    switchboard: Switchboard, change: str, language: str
) -> None:
    practice = switchboard.practice
    assert await has(practice.call(ADA), "2026-02-12", "9:00")
    async with ringing(switchboard, ADA, language) as phone:
        answers = [await phone.says(words) for words in _CHANGES[change, language]]
    starts = [booking["start"] for booking in await practice.bookings_at_calcom()]
    expected = {
        "cancel": [],
        "move": ["2026-02-13T10:00:00.000Z"],
        "find": ["2026-02-12T08:00:00.000Z"],
    }
    assert starts == expected[change], answers


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "I want to speak to a human."), ("de", "Ich möchte mit jemandem sprechen.")],
)
async def test_whoever_wants_a_person_is_called_back(
    switchboard: Switchboard, language: str, words: str
) -> None:
    async with ringing(switchboard, ADA, language) as phone:
        assert await phone.says(words)
    assert len(await switchboard.practice.tasks()) == 1


@pytest.mark.parametrize(("language", "words"), [("en", "Goodbye."), ("de", "Tschüss.")])
async def test_whoever_says_goodbye_has_hung_up(
    switchboard: Switchboard, language: str, words: str
) -> None:
    async with ringing(switchboard, ADA, language) as phone:
        assert await phone.says(words)
    assert phone.hung_up


def test_the_policy_asks_only_for_what_it_is_offered() -> None:
    messages = [{"role": "user", "content": "A human, please."}]
    transfer: Any = {"type": "function", "function": {"name": "transfer_call"}}
    assert decide(messages, [transfer]) == Ask("transfer_call", {})
    assert decide(messages) == Ask("request_callback", {"reason": "A human, please"})


@pytest.mark.parametrize("content", ["", "no JSON", "[]", "{}", None])
def test_a_tool_that_says_nothing_is_apologised_for(content: str | None) -> None:
    prompt = {
        "role": "system",
        "content": receptionist("de").text.format(business="X", today="", tomorrow=""),
    }
    function = {"name": "book", "arguments": "{}"}
    asked = {
        "role": "assistant",
        "content": None,
        "tool_calls": [{"id": "1", "function": function}],
    }
    told = {"role": "tool", "tool_call_id": "1", "content": content}
    assert decide([prompt, asked, told]) == Say(
        "Das hat gerade leider nicht geklappt. Soll ich es noch einmal versuchen?"
    )


async def test_it_answers_whole_messages_too() -> None:
    async with serving() as url, AsyncOpenAI(api_key="x", base_url=url) as client:
        answer = await client.chat.completions.create(
            model="x", messages=[{"role": "user", "content": "A check-up tomorrow"}]
        )
    (choice,) = answer.choices
    assert choice.finish_reason == "tool_calls"
    assert choice.message.tool_calls
    function = choice.message.tool_calls[0].function  # type: ignore[union-attr]
    assert json.loads(function.arguments) == {"service": "A check-up", "date": "tomorrow"}
