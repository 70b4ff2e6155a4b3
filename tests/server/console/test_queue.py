"""The queue and what can be done there; who may go where."""

import asyncio
from collections.abc import Callable
from uuid import uuid4

from db import flags
from db.database import Database
from db.states import FlagKind, FlagLabel, Role, Severity, UserRole
from server.console.live import Live
from server.console.rooms import ROOMS
from tests.db.conftest import opened
from tests.practice import Practice
from tests.server.console.people import Person, address
from tests.server.console.scene import SAID, ring, tone
from tests.servers import Addresses


async def test_the_worst_comes_first_and_is_gone_when_it_is_resolved(
    staff: Person, practice: Practice
) -> None:
    first = await ring(
        practice, books=False, flagged=[(FlagKind.RECORDING_LOST, Severity.WARNING, None)]
    )
    second = await ring(
        practice,
        books=False,
        flagged=[
            (FlagKind.WISH_NOT_MET, Severity.CRITICAL, 8000),
            (FlagKind.UNSETTLED, Severity.INFO, None),
        ],
    )
    page = (await staff.see("/console/praxis/queue")).text
    critical = (await staff.see("/console/praxis/queue?severity=critical")).text
    mine = (await staff.see("/console/praxis/queue?who=me")).text

    assert page.index(str(second.id)) < page.index(str(first.id))
    assert "Wish not met" in page
    assert "+1 more" in page
    assert str(first.id) not in critical
    assert str(second.id) in critical
    assert "Nothing is waiting" in mine

    matter = f"/console/praxis/matters/{second.id}"
    nothing = await staff.press(matter, f"{matter}/resolve", {"label": "nonsense"})
    assert "sorry=no_label" in nothing.headers["location"]
    done = await staff.press(
        matter, f"{matter}/resolve", {"label": FlagLabel.MISHEARD, "text": "She said Friday."}
    )
    assert done.headers["location"] == "/console/praxis/queue?said=resolved"
    assert str(second.id) not in (await staff.see("/console/praxis/queue")).text
    after = (await staff.see(matter)).text
    assert "She said Friday." in after
    assert "resolved by Staff Person" in after

    await staff.press(matter, f"{matter}/reopen")
    assert str(second.id) in (await staff.see("/console/praxis/queue")).text


async def test_a_matter_is_taken_given_away_and_put_back(staff: Person, practice: Practice) -> None:
    call = await ring(practice, books=False)
    matter = f"/console/praxis/matters/{call.id}"
    queue = "/console/praxis/queue"
    async with practice.database.registry() as tx:
        me, other = await tx.all(
            "SELECT id::text FROM user_account WHERE email = ANY (%(who)s) ORDER BY email DESC",
            {"who": [address(UserRole.STAFF), address(UserRole.OPS)]},
            into=str,
        )
    taken = await staff.press(queue, f"{matter}/assign", {"to": me, "back": "queue"})
    assert taken.headers["location"] == f"{queue}?said=assigned"
    assert str(call.id) in (await staff.see(f"{queue}?who=me")).text
    await staff.press(matter, f"{matter}/assign", {"to": other})
    assert str(call.id) not in (await staff.see(f"{queue}?who=me")).text
    assert "Ops Person is on it" in (await staff.see(queue)).text
    await staff.press(matter, f"{matter}/assign", {"to": str(uuid4())})
    assert "Ops Person is on it" in (await staff.see(queue)).text
    await staff.press(matter, f"{matter}/assign", {"to": ""})
    assert str(call.id) in (await staff.see(f"{queue}?who=nobody")).text


async def test_what_no_call_belongs_to_is_a_matter_too(staff: Person, practice: Practice) -> None:
    flag = uuid4()
    async with practice.database.single(practice.id) as tx:
        await flags.raise_flag(
            tx,
            id=flag,
            kind=FlagKind.SYNC_FAILURE,
            severity=Severity.WARNING,
            call_id=None,
            booking_id=None,
            note="twin",
            now=practice.clock(),
        )
    assert str(flag) in (await staff.see("/console/praxis/queue")).text
    assert "No call belongs to this" in (await staff.see(f"/console/praxis/matters/{flag}")).text


async def test_open_pages_hear_of_a_change(practice: Practice) -> None:
    live = Live(practice.database, look_seconds=0.05)
    news = live.changes(practice.id)
    assert (await anext(news)).startswith(b"retry")
    assert b"still here" in await anext(news)
    await ring(practice, books=False)
    async with asyncio.timeout(10):
        while b"event: queue" not in await anext(news):
            pass
    live.close()
    assert [piece async for piece in news][1:] == []


async def test_everybody_stays_where_their_role_lets_them(
    strangers: Callable[[], Person],
    staff: Person,
    ops: Person,
    practice: Practice,
    addresses: Addresses,
) -> None:
    """Each address there is, for each role, and for everybody at another business."""
    async with Database.connect(addresses.database_owner_url, role=None) as owner:
        await opened(owner, "rival")
    nobody = strangers()
    ranks = {UserRole.STAFF: staff, UserRole.OPS: ops}
    order = tuple(UserRole)
    for room in ROOMS:
        path = room.path
        for name in ("matter", "booking", "recording", "task", "customer", "failure"):
            path = path.replace(f"{{{name}:uuid}}", str(uuid4()))
        if room.path.endswith("/events") and room.role is UserRole.STAFF:
            continue  # never ends; it has a test of its own
        for business in ("praxis", "rival", "nowhere"):
            url = f"/console/{business}{path}"
            answer = await nobody.http.request(room.method, url)
            assert answer.status_code == 303, url
            assert answer.headers["location"].startswith("/console/login"), url
            for role, person in ranks.items():
                answer = await person.http.request(room.method, url)
                if business != "praxis" or order.index(role) < order.index(room.role):
                    assert answer.status_code == 404, (role, url)
                elif room.method == "POST":
                    assert answer.status_code == 403, (role, url)  # the form has no token
                else:
                    assert answer.status_code in {200, 404}, (role, url)


async def test_markup_in_a_call_is_inert(staff: Person, practice: Practice) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>{{ 7 * 7 }}\x00"
    said = [(Role.CALLER, evil.replace("\x00", ""), 0, 900), *SAID]
    call = await ring(practice, said=said, note=evil.replace("\x00", ""))
    for path in ("queue", f"matters/{call.id}"):
        page = (await staff.see(f"/console/praxis/{path}")).text
        assert "<script>alert" not in page
        assert "<img" not in page
        assert "&lt;script&gt;alert(1)" in page
    assert "{{ 7 * 7 }}" in page


async def test_a_call_of_500_turns_opens(staff: Person, practice: Practice) -> None:
    """How fast, the browser's test says."""
    said = [(tuple(Role)[n % 2], f"Sentence {n}.", 1000 * n, 1000 * n + 800) for n in range(500)]
    call = await ring(practice, said=said)
    page = await staff.see(f"/console/praxis/matters/{call.id}")
    assert page.text.count('class="turn ') == 500


async def test_a_comment_stays(staff: Person, practice: Practice) -> None:
    call = await ring(practice, books=False)
    matter = f"/console/praxis/matters/{call.id}"
    await staff.press(matter, f"{matter}/comment", {"text": "  Ask <her> again.\nTomorrow. "})
    await staff.press(matter, f"{matter}/comment", {"text": "   "})
    page = (await staff.see(matter)).text
    assert "Ask &lt;her&gt; again.\nTomorrow.</p>" in page
    assert page.count('class="part comment"') == 1
    missing = f"/console/praxis/matters/{uuid4()}"
    assert (await staff.press(matter, f"{missing}/comment", {"text": "x"})).status_code == 404


async def test_a_recording_is_heard_in_pieces_and_each_listening_is_written_down(
    staff: Person, practice: Practice
) -> None:
    sound = tone(40)
    call = await ring(practice, books=False, sound=sound)
    page = (await staff.see(f"/console/praxis/matters/{call.id}")).text
    source = page.split('data-source="')[1].partition('"')[0]

    async def ask(asked: str | None) -> tuple[int, bytes, str]:
        answer = await staff.http.get(source, headers={"range": asked} if asked else {})
        return answer.status_code, answer.content, answer.headers.get("content-range", "")

    size = len(sound)
    assert await ask(None) == (200, sound, "")
    assert await ask("bytes=0-") == (206, sound, f"bytes 0-{size - 1}/{size}")
    assert await ask("bytes=44-99") == (206, sound[44:100], f"bytes 44-99/{size}")
    assert await ask("bytes=-10") == (206, sound[-10:], f"bytes {size - 10}-{size - 1}/{size}")
    assert (await ask(f"bytes={size}-"))[0] == 416
    for nonsense in ("bytes=9-4", "bytes=-", "bytes=0-1,4-5", "pages=1-2", "bytes=" + "9" * 70):
        assert (await ask(nonsense))[:2] == (200, sound)

    async def listenings() -> int:
        async with practice.database.single(practice.id) as tx:
            return await tx.only(
                "SELECT count(*) FROM audit_entry WHERE action = 'listened'", into=int
            )

    assert await listenings() == 1
    practice.clock.advance(minutes=11)
    await ask("bytes=100-")
    assert await listenings() == 2
