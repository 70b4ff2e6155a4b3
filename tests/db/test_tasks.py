"""Tasks: once for each event and recipient, and a message at most once."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from db import events, tasks
from db.database import Database
from db.states import DomainEventKind, TaskKind, TaskReason, TaskState, Urgency
from db.tasks import TaskRow
from tests.db.conftest import NOW, Salon, called

SOON = NOW + timedelta(minutes=30)
LATER = NOW + timedelta(hours=2)
NUMBER = "+491701234567"


async def happened(db: Database, salon: Salon, call: UUID) -> int:
    async with db.single(salon.id) as tx:
        return await events.record(tx, kind=DomainEventKind.CALL_ENDED, call_id=call, now=NOW)


async def open_ones(db: Database, salon: Salon) -> list[TaskRow]:
    async with db.single(salon.id) as tx:
        return await tasks.open_ones(tx)


async def told(db: Database, salon: Salon, event: int, recipient: str | None = NUMBER) -> bool:
    async with db.single(salon.id) as tx:
        return await tasks.add(
            tx,
            kind=TaskKind.MESSAGE,
            reason=TaskReason.CONFIRMED,
            recipient=recipient,
            event_id=event,
            due_at=SOON,
            now=NOW,
        )


async def to_call(
    db: Database,
    salon: Salon,
    call: UUID,
    event: int | None = None,
    urgency: Urgency = Urgency.NORMAL,
) -> bool:
    async with db.single(salon.id) as tx:
        return await tasks.add(
            tx,
            kind=TaskKind.CALLBACK,
            reason=TaskReason.WISH_FAILED,
            call_id=call,
            event_id=event,
            urgency=urgency,
            due_at=SOON if urgency is Urgency.URGENT else LATER,
            now=NOW,
        )


@pytest.mark.parametrize("recipient", [NUMBER, None])
async def test_an_event_told_again_makes_no_second_task(
    db: Database, salon: Salon, recipient: str | None
) -> None:
    event = await happened(db, salon, await called(db, salon))
    assert await told(db, salon, event, recipient)
    assert not await told(db, salon, event, recipient)

    [task] = await open_ones(db, salon)
    async with db.single(salon.id) as tx:
        assert await tasks.close(tx, id=task.id, state=TaskState.DONE, now=NOW)
        assert not await tasks.close(tx, id=task.id, state=TaskState.CANCELLED, now=NOW)
    assert not await told(db, salon, event, recipient)  # nor when the first one is done


async def test_everybody_concerned_is_told(db: Database, salon: Salon) -> None:
    event = await happened(db, salon, await called(db, salon))
    assert await told(db, salon, event)
    assert await told(db, salon, event, "+491701234568")
    assert len(await open_ones(db, salon)) == 2


async def test_one_callback_per_call_is_enough_and_the_second_reason_hurries_it(
    db: Database, salon: Salon
) -> None:
    call = await called(db, salon, caller=NUMBER)
    assert await to_call(db, salon, call)
    assert not await to_call(
        db, salon, call, await happened(db, salon, call), urgency=Urgency.URGENT
    )

    [task] = await open_ones(db, salon)
    assert (task.due_at, task.urgency, task.recipient) == (SOON, "urgent", NUMBER)


async def test_a_callback_that_was_made_does_not_stand_for_the_next_one(
    db: Database, salon: Salon
) -> None:
    call = await called(db, salon)
    await to_call(db, salon, call)
    [task] = await open_ones(db, salon)
    async with db.single(salon.id) as tx:
        await tasks.close(tx, id=task.id, state=TaskState.DONE, now=NOW)
    assert await to_call(db, salon, call)


async def test_f_090_a_message_is_sent_at_most_once_also_after_a_crash(
    db: Database, salon: Salon
) -> None:
    """Whoever sends notes it first: after a crash nobody knows, and nobody sends again."""
    await told(db, salon, await happened(db, salon, await called(db, salon)))
    [task] = await open_ones(db, salon)

    async with db.single(salon.id) as tx:
        assert await tasks.begin_sending(tx, id=task.id, key=uuid4())
    # it is sent, and the process dies before it can close the task
    async with db.single(salon.id) as tx:
        assert not await tasks.begin_sending(tx, id=task.id, key=uuid4())

    [left] = await open_ones(db, salon)  # for staff, who see that it was perhaps sent
    assert left.sent_key is not None


async def test_what_is_done_is_not_sent(db: Database, salon: Salon) -> None:
    await told(db, salon, await happened(db, salon, await called(db, salon)))
    [task] = await open_ones(db, salon)
    async with db.single(salon.id) as tx:
        await tasks.close(tx, id=task.id, state=TaskState.DONE, now=NOW)
        assert not await tasks.begin_sending(tx, id=task.id, key=uuid4())


async def test_urgent_tasks_come_first(db: Database, salon: Salon) -> None:
    await told(db, salon, await happened(db, salon, await called(db, salon, "c1")))
    await to_call(db, salon, await called(db, salon, "c2"), urgency=Urgency.URGENT)
    assert [task.urgency for task in await open_ones(db, salon)] == ["urgent", "normal"]


async def test_a_task_tells_no_log_whom_it_is_about(db: Database, salon: Salon) -> None:
    await told(db, salon, await happened(db, salon, await called(db, salon)))
    [task] = await open_ones(db, salon)
    assert NUMBER not in repr(task)
