"""What a receptionist without a model does next. Pure: everything it knows is in the messages.

It sees what a model sees: our prompt, what was said, which tools were asked and what they replied.
It works nothing out: days and times go to the tools as they were said, and what they say is spoken
as it stands.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from evals.policy.hearing import Heard
from prompts import receptionist
from tools.words import WORDS, words_in

Message = Mapping[str, Any]
"""As in Chat Completions."""

_READ_BACK: Final = frozenset({"available", "identified", "new_caller"})
"""With one slot and nothing missing: a yes to these books it."""

_WAY_OUT: Final = frozenset({"none_found", "not_permitted", "service_unavailable"})
"""After these a call back was offered."""

_SHORT_NO: Final = 8
"""Words with which somebody declines; in more of them there is a wish."""

_SETTLED: Final = frozenset({"booked", "requested", "moved", "cancelled", "callback_created"})


@dataclass(frozen=True, slots=True)
class Say:
    """Speak."""

    text: str


@dataclass(frozen=True, slots=True)
class Ask:
    """Call a tool, perhaps with words before it."""

    tool: str
    arguments: Mapping[str, Any]
    text: str = ""


Decision = Say | Ask


@dataclass(frozen=True, slots=True)
class _Exchange:
    """A tool call and its reply."""

    tool: str = ""
    arguments: Mapping[str, Any] = field(default_factory=dict)
    reply: Mapping[str, Any] = field(default_factory=dict)

    @property
    def status(self) -> str:
        return str(self.reply.get("status", ""))

    @property
    def letters(self) -> list[str]:
        """Of the slots that were offered."""
        return [slot["id"] for slot in self.reply.get("slots", [])]

    def misses(self, name: str) -> bool:
        return name in self.reply.get("missing", [])


def decide(messages: Sequence[Message], tools: Sequence[Message] = ()) -> Decision:
    """The next step of a conversation.

    Args:
        messages: As a model gets them, our prompt first.
        tools: Schemas, as a model gets them; what is not among them is not asked.
    """
    language = _language(messages)
    exchanges = list(_exchanges(messages))
    last = exchanges[-1] if exchanges else _Exchange()
    said = [str(m.get("content")) for m in messages if m.get("role") == "user"]
    heard = Heard.of(said[-1] if said else "", language)
    if messages and messages[-1].get("role") == "tool":
        introduced = last.tool == "verify_name" and last.arguments.get("name") in {
            heard.named,
            heard.relative,
        }
        if introduced and not last.letters and (wish := _wish(heard, last)):
            return wish
        return Say(last.reply.get("say") or words_in(language).technical_fault)
    offered = {tool["function"]["name"] for tool in tools}
    is_for_relative = any(Heard.of(each, language).is_for_relative for each in said)
    if introduced_now := _introduction(heard, last, known=_name_in_prompt(messages)):
        return introduced_now
    return _answer(heard, last, language, offered, is_for_relative=is_for_relative)


def _answer(
    heard: Heard, last: _Exchange, language: str, offered: set[str], *, is_for_relative: bool
) -> Decision:
    words = words_in(language)
    if (heard.yes or heard.again) and not heard.no and (agreed := _agreed(heard, last)):
        return agreed
    if errand := _errand(heard, last, offered):
        return errand
    if heard.goodbye or (last.status in _SETTLED and heard.when is None and _is_content(heard)):
        if "end_call" in offered:
            return Ask("end_call", {}, text=words.goodbye)
        return Say(words.goodbye)
    if asked := _answered(heard, last, is_for_relative=is_for_relative):
        return asked
    if heard.no and heard.when is None and _names_no_service(heard):
        return Say(words.ask_what_next)
    return _wish(heard, last) or Say(words.ask_what_next)


def _introduction(heard: Heard, last: _Exchange, *, known: str | None) -> Decision | None:
    """A name that nobody has asked for: the caller's, a relative's, or a correction."""
    if last.misses("name") or heard.find:
        return None
    if heard.is_for_relative and heard.relative:
        return Ask("verify_name", {"name": heard.relative, "for_someone_else": True})
    if heard.named and heard.named.casefold() != (known or "").casefold():
        return Ask("verify_name", _said(name=heard.named, spelled=heard.spelled))
    return None


def _agreed(heard: Heard, last: _Exchange) -> Decision | None:
    """What a yes sets off."""
    if last.reply.get("ok") is False:
        return None if heard.person else Ask(last.tool, last.arguments)
    if not heard.yes:
        return None
    if last.status == "need_confirmation":
        return Ask(last.tool, {**last.arguments, "confirmed": True})
    if last.tool == "reschedule" and last.letters:
        return Ask("reschedule", {**last.arguments, "slot": last.letters[0]})
    if last.letters and not last.reply.get("missing"):
        is_read_back = last.status in _READ_BACK and len(last.letters) == 1
        return Ask("book", _said(slot=last.letters[0], confirmed=is_read_back or None))
    if last.status in _WAY_OUT:
        return Ask("request_callback", {"reason": last.tool})
    return None


def _errand(heard: Heard, last: _Exchange, offered: set[str]) -> Decision | None:
    """What callers say in so many words, whatever was asked before."""
    if heard.person and "transfer_call" in offered:
        return Ask("transfer_call", {})
    if heard.person:
        return Ask("request_callback", _said(reason=heard.text, when=heard.when))
    if heard.cancel:
        return Ask("cancel", _said(booking=heard.when))
    if heard.move or (heard.change and heard.when and last.status in _SETTLED):
        return Ask("reschedule", _said(date=heard.when))
    if heard.find:
        return Ask("find_booking", _said(date=heard.when))
    return None


def _answered(heard: Heard, last: _Exchange, *, is_for_relative: bool) -> Decision | None:
    """The answer to what the last reply has asked."""
    if last.misses("name"):
        name = heard.text.replace(heard.spelled, " ").strip(" ,") if heard.spelled else heard.text
        said = _said(spelled=heard.spelled, for_someone_else=is_for_relative or None)
        return Ask("verify_name", {"name": name, **said})
    if last.misses("number"):
        return Ask("request_callback", {**_reason(last), "number": heard.text})
    if heard.choice is not None and heard.choice < len(last.letters):
        letter = last.letters[heard.choice]
        if last.tool == "reschedule":
            return Ask("reschedule", {**_which_booking(last), "slot": letter})
        return Ask("book", {"slot": letter})
    if last.tool == "reschedule" and heard.when and last.status not in _SETTLED:
        return Ask("reschedule", {**_which_booking(last), "date": heard.when})
    if last.status == "need_choice" and last.tool in {"cancel", "reschedule"}:
        return Ask(last.tool, {**last.arguments, "booking": heard.text})
    return None


def _wish(heard: Heard, last: _Exchange) -> Decision | None:
    """Look for a time. A service is named until the tools know one."""
    knows_service = "service" in last.reply.get("known", {}) and not last.misses("service")
    service = None if knows_service else heard.what
    if service is None and heard.when is None and heard.staff is None:
        return None
    wish = _said(service=service, date=heard.when, staff=heard.staff)
    return Ask("check_availability", wish)


def _names_no_service(heard: Heard) -> bool:
    """A no, and little more."""
    return len((heard.what or "").split()) <= _SHORT_NO


def _reason(last: _Exchange) -> Mapping[str, Any]:
    """What the call back is about that the last reply has asked a number for."""
    return {"reason": last.arguments.get("reason", last.tool)}


def _which_booking(last: _Exchange) -> dict[str, Any]:
    return {name: last.arguments[name] for name in ("booking",) if name in last.arguments}


def _is_content(heard: Heard) -> bool:
    """Nothing more is wanted."""
    return heard.thanks or heard.no


def _said(**arguments: object) -> dict[str, object]:
    return {name: value for name, value in arguments.items() if value is not None}


def _exchanges(messages: Sequence[Message]) -> Iterator[_Exchange]:
    """Every tool call that was answered, oldest first."""
    asked: dict[str, Message] = {}
    for message in messages:
        for call in message.get("tool_calls") or ():
            asked[call["id"]] = call["function"]
        if message.get("role") == "tool" and (call := asked.get(message.get("tool_call_id", ""))):
            yield _Exchange(call["name"], _json(call["arguments"]), _json(message.get("content")))


def _json(text: object) -> Mapping[str, Any]:
    try:
        value = json.loads(str(text))
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _name_in_prompt(messages: Sequence[Message]) -> str | None:
    """Who is calling, if our prompt says so."""
    prompt = next((str(m.get("content")) for m in messages if m.get("role") == "system"), "")
    found = re.search(r"^name: (.+)$", prompt, re.MULTILINE)
    return found[1] if found else None


def _language(messages: Sequence[Message]) -> str:
    """That of our prompt."""
    prompt = next((str(m.get("content")) for m in messages if m.get("role") == "system"), "")
    for language in WORDS:
        if prompt.startswith(receptionist(language).text.partition("{")[0]):
            return language
    return "en"
