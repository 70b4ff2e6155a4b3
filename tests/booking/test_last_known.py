import asyncio
from dataclasses import replace

import pytest

from booking.last_known import LastKnown, Patience

PATIENCE = Patience(fresh=10, at_once=10, usable=600, absent=5, wait=0.05, retry=2, most_absent=3)


class Away(Exception):
    """The source may answer later."""


class Source:
    """Answers what `holds` says; counts how often it was asked; can be told to be slow or away."""

    def __init__(self) -> None:
        self.holds: dict[str, str] = {"salon": "first"}
        self.asked: list[str] = []
        self.failure: Exception | None = None
        self.open = asyncio.Event()
        self.open.set()

    async def __call__(self, key: str) -> str | None:
        self.asked.append(key)
        answer = self.holds.get(key)
        await self.open.wait()
        if self.failure:
            raise self.failure
        return answer


class Clock:
    seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def known(source: Source, clock: Clock) -> LastKnown[str]:
    return LastKnown(source, away=Away, patience=PATIENCE, clock=clock)


async def test_a_fresh_answer_is_given_without_asking(
    known: LastKnown[str], source: Source, clock: Clock
) -> None:
    assert await known.get("salon") == "first"
    source.holds["salon"] = "second"

    clock.seconds += PATIENCE.fresh - 0.1
    assert await known.get("salon") == "first"
    clock.seconds += 0.2
    assert await known.get("salon") == "second"
    assert source.asked == ["salon", "salon"]


async def test_for_a_while_an_older_answer_is_given_and_renewed_behind_that(
    source: Source, clock: Clock
) -> None:
    """Nobody waits for the source, and nobody hears the old answer after the hard age."""
    known = LastKnown(source, away=Away, patience=replace(PATIENCE, at_once=25), clock=clock)
    await known.get("salon")
    source.holds["salon"] = "second"
    source.open.clear()

    clock.seconds += PATIENCE.fresh
    assert await known.get("salon") == "first"
    source.open.set()
    await asyncio.sleep(0.01)
    assert await known.get("salon") == "second"
    assert len(source.asked) == 2

    del source.holds["salon"]
    clock.seconds += 25
    assert await known.get("salon") is None


async def test_an_answer_that_is_the_same_stays_the_same_object(
    source: Source, clock: Clock
) -> None:
    """What others keep by it need not be worked out again."""
    known = LastKnown(lambda key: _words(source, key), away=Away, patience=PATIENCE, clock=clock)
    before = await known.get("salon")
    clock.seconds += PATIENCE.fresh
    assert await known.get("salon") is before

    source.holds["salon"] = "second"
    clock.seconds += PATIENCE.fresh
    assert await known.get("salon") == ["second"]


async def _words(source: Source, key: str) -> list[str] | None:
    answer = await source(key)
    return answer.split() if answer else None


async def test_many_who_ask_at_once_are_one_question(known: LastKnown[str], source: Source) -> None:
    source.open.clear()
    waiting = [asyncio.create_task(known.get("salon")) for _ in range(50)]
    await asyncio.sleep(0)
    source.open.set()

    assert await asyncio.gather(*waiting) == ["first"] * 50
    assert source.asked == ["salon"]


async def test_one_who_hangs_up_does_not_take_the_answer_from_the_others(
    known: LastKnown[str], source: Source
) -> None:
    source.open.clear()
    gone, stays = (asyncio.create_task(known.get("salon")) for _ in range(2))
    await asyncio.sleep(0)
    gone.cancel()
    source.open.set()

    assert await stays == "first"


class TestWhileTheSourceIsAway:
    async def test_the_last_known_answer_is_given_for_a_while(
        self, known: LastKnown[str], source: Source, clock: Clock
    ) -> None:
        await known.get("salon")
        source.failure = Away()

        clock.seconds += PATIENCE.usable - 1
        assert await known.get("salon") == "first"
        clock.seconds += PATIENCE.retry
        with pytest.raises(Away):
            await known.get("salon")

    async def test_it_is_not_asked_again_with_every_call(
        self, known: LastKnown[str], source: Source, clock: Clock
    ) -> None:
        await known.get("salon")
        source.failure = Away()
        clock.seconds += PATIENCE.fresh

        for _ in range(10):
            assert await known.get("salon") == "first"
        assert len(source.asked) == 2

        source.failure = None
        source.holds["salon"] = "second"
        clock.seconds += PATIENCE.retry
        assert await known.get("salon") == "second"

    async def test_what_was_never_known_is_a_failure(
        self, known: LastKnown[str], source: Source
    ) -> None:
        source.failure = Away()
        with pytest.raises(Away):
            await known.get("salon")

    async def test_another_failure_is_not_covered_up(
        self, known: LastKnown[str], source: Source, clock: Clock
    ) -> None:
        await known.get("salon")
        source.failure = ZeroDivisionError()
        clock.seconds += PATIENCE.fresh

        with pytest.raises(ZeroDivisionError):
            await known.get("salon")


async def test_a_slow_source_is_not_waited_for(
    known: LastKnown[str], source: Source, clock: Clock
) -> None:
    """The old answer is given meanwhile; the new one counts as soon as it is there."""
    await known.get("salon")
    source.open.clear()
    source.holds["salon"] = "second"
    clock.seconds += PATIENCE.fresh

    assert await known.get("salon") == "first"
    source.open.set()
    assert await known.get("salon") == "second"
    assert len(source.asked) == 2


class TestAbsence:
    async def test_it_is_remembered_for_a_shorter_time(
        self, known: LastKnown[str], source: Source, clock: Clock
    ) -> None:
        assert await known.get("new") is None
        source.holds["new"] = "here"

        assert await known.get("new") is None
        clock.seconds += PATIENCE.absent
        assert await known.get("new") == "here"

    async def test_guessing_does_not_fill_the_memory(
        self, known: LastKnown[str], source: Source
    ) -> None:
        guesses = [f"guess-{n}" for n in range(100)]
        for guess in guesses:
            assert await known.get(guess) is None

        asked_before = len(source.asked)
        for guess in guesses[-PATIENCE.most_absent :]:
            await known.get(guess)
        assert len(source.asked) == asked_before, "the latest are remembered"
        await known.get(guesses[0])
        assert len(source.asked) == asked_before + 1, "the others are not"

    async def test_what_has_gone_is_not_given_any_longer(
        self, known: LastKnown[str], source: Source, clock: Clock
    ) -> None:
        await known.get("salon")
        del source.holds["salon"]
        clock.seconds += PATIENCE.fresh

        assert await known.get("salon") is None
        source.failure = Away()
        clock.seconds += PATIENCE.absent
        with pytest.raises(Away):
            await known.get("salon")


class TestForgetting:
    async def test_the_next_answer_is_new(self, known: LastKnown[str], source: Source) -> None:
        await known.get("salon")
        source.holds["salon"] = "second"

        known.forget("salon")

        assert await known.get("salon") == "second"

    async def test_an_answer_on_its_way_is_not_kept(
        self, known: LastKnown[str], source: Source
    ) -> None:
        """It may have been read before the change that made us forget."""
        source.open.clear()
        early = asyncio.create_task(known.get("salon"))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        source.holds["salon"] = "second"
        known.forget("salon")
        source.open.set()

        assert await early == "first"
        assert await known.get("salon") == "second"
