"""Rules of the house as callers hear them: fee before the yes, human quantities, a way out."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from booking.house_rules import FeeTier, HouseRules, Money, Quota, Share
from server.wire import CallRef, ToolRequest
from tests.practice import ADA, LINE, Caller, Practice
from tests.tools.appointments import has, starts

DAY = timedelta(days=1)
NOTICE = HouseRules(cancel_notice=DAY, move_notice=3 * DAY)
FEES = HouseRules(
    cancel_fees=(FeeTier(2 * DAY, Money(Decimal("12.50"), "EUR")),),
    move_fees=(FeeTier(2 * DAY, Share(Decimal(50))),),
)


async def under(rules: HouseRules, call: Caller, tool: str, **arguments: object) -> Any:
    """Ask a tool of a house that has these rules."""
    parts = call.practice.parts
    access = await parts.directory.access(call.practice.slug)
    assert access
    request = ToolRequest(
        tool, arguments, CallRef("neutral", call.call_id, call.number, LINE, call.language)
    )
    house = replace(access.business, rules=rules)
    return json.loads((await parts.dispatch.run(house, request, now=parts.clock())).line)


async def made_earlier(practice: Practice) -> None:
    """Tomorrow at six, from a call that is over for an hour."""
    await has(practice.call(ADA), "tomorrow", "17:30")
    practice.clock.advance(hours=9, minutes=50)


@pytest.mark.parametrize(
    ("tool", "language", "said"),
    [
        (
            "cancel",
            "de",
            (
                "Ihr Termin ist schon morgen um 17 Uhr 30; telefonisch absagen geht bis 24 Stunden "
                "vorher. Soll Sie jemand zurückrufen?"
            ),
        ),
        (
            "reschedule",
            "en",
            (
                "Your appointment is tomorrow at 5:30 in the afternoon already; by phone, it can "
                "be moved up to 3 days before. Shall someone call you back?"
            ),
        ),
    ],
)
async def test_f_007_too_late_is_said_in_human_quantities(
    practice: Practice, tool: str, language: str, said: str
) -> None:
    await made_earlier(practice)

    refused = await under(NOTICE, practice.call(ADA, language), tool)

    assert (refused["status"], refused["ok"]) == ("not_permitted", True)
    assert refused["say"] == said
    assert not re.search(r"\d{3}|\d[.,]\d", refused["say"])
    assert len(await starts(practice)) == 1


@pytest.mark.parametrize(
    ("tool", "language", "fee"),
    [
        ("cancel", "en", "That costs 12.50 euros. Shall I cancel it?"),
        ("cancel", "de", "Das kostet 12,50 Euro. Soll ich den Termin absagen?"),
        ("reschedule", "en", "That costs 50 percent of the price. Shall I do that?"),
        ("reschedule", "de", "Das kostet 50 Prozent des Preises. Soll ich das so machen?"),
    ],
)
async def test_a_fee_is_said_before_the_yes(
    practice: Practice, tool: str, language: str, fee: str
) -> None:
    await made_earlier(practice)
    call = practice.call(ADA, language)
    to = {"date": "2026-02-13", "time": "10:00"} if tool == "reschedule" else {}

    asked = await under(FEES, call, tool, **to)
    assert asked["status"] == "need_confirmation"
    assert asked["say"].endswith(fee)
    done = await under(FEES, call, tool, confirmed=True)
    assert done["status"] == ("moved" if to else "cancelled")


async def test_a_yes_to_no_fee_is_no_yes_to_a_fee(practice: Practice) -> None:
    """The tier is reached while the caller still thinks about it."""
    await made_earlier(practice)
    call = practice.call(ADA)
    await under(HouseRules(), call, "cancel")
    again = await under(FEES, call, "cancel", confirmed=True)
    assert again["status"] == "need_confirmation"
    assert "12.50" in again["say"]


async def test_f_060_no_rule_stands_in_the_way_of_a_correction(practice: Practice) -> None:
    call = practice.call(ADA)
    await has(call, "today", "17:30")
    moved = await under(NOTICE, call, "reschedule", time="17:00")
    cancelled = await under(FEES, call, "cancel")
    assert "costs" not in moved["say"] + cancelled["say"]
    assert moved["status"] == cancelled["status"] == "need_confirmation"


async def test_a_quota_that_is_used_up_leads_to_a_human(practice: Practice) -> None:
    await made_earlier(practice)
    rules = HouseRules(moves_per_booking=0, cancellations=Quota(0, 30 * DAY))
    for tool in ("cancel", "reschedule"):
        refused = await under(rules, practice.call(ADA), tool)
        assert refused["status"] == "not_permitted"
        assert refused["say"].endswith("Shall someone call you back?")
