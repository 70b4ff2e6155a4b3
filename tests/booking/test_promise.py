"""The promise, against whatever can happen in whatever order: Hypothesis chooses, we must hold.

`PROMISE_EXAMPLES=500 pytest tests/booking/test_promise.py` searches long, and anew each time;
without it the same few stories are told in each run.
"""

import asyncio
import os
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from tests.booking.town import HANG, PEOPLE, PLACES, populated
from tests.servers import Addresses, Broom

_LONG = int(os.environ.get("PROMISE_EXAMPLES", "0"))
_STEPS = 24 if _LONG else 16

places = st.integers(0, len(PLACES) - 1)
people = st.integers(0, len(PEOPLE) - 1)
which = st.integers(0, 7)
walls = st.sampled_from(["09:00", "10:00", "10:15", "14:30", "15:00"])


class Promise(RuleBasedStateMachine):
    """A day at the practice. What is drawn never depends on what came of it, so it replays."""

    addresses: ClassVar[Addresses]
    broom: ClassVar[Broom]

    def __init__(self) -> None:
        super().__init__()
        self.broom.sweep_tables()
        self.broom.sweep_redis()
        self._runner = asyncio.Runner(loop_factory=asyncio.new_event_loop)
        self._stack = AsyncExitStack()
        self.town = self.run(self._stack.enter_async_context(populated(self.addresses)))

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self._runner.run(work)

    @initialize(wishes=st.lists(st.tuples(places, people), min_size=3, max_size=5))
    def open_the_doors(self, wishes: list[tuple[int, int]]) -> None:
        for place, person in wishes:
            self.run(self.town.book(place, person))

    @rule(place=places, person=people)
    def book(self, place: int, person: int) -> None:
        self.run(self.town.book(place, person))

    @rule(place=places, person=people)
    def say_yes_twice(self, place: int, person: int) -> None:
        self.run(self.town.say_yes_twice(place, person))

    @rule(wishes=st.lists(st.tuples(places, people), min_size=2, max_size=4))
    def ring_at_once(self, wishes: list[tuple[int, int]]) -> None:
        async def all_of_them() -> None:
            await asyncio.gather(*(self.town.book(place, person) for place, person in wishes))

        self.run(all_of_them())

    @rule(place=places, person=people, seconds=st.sampled_from([0.0, 0.003, 0.01, 0.03]))
    def ask_and_die(self, place: int, person: int, seconds: float) -> None:
        self.run(self.town.ask_and_die(place, person, seconds))

    @rule(wall=walls)
    def phone(self, wall: str) -> None:
        self.run(self.town.phone(wall))

    @rule(which=which, place=places)
    def move(self, which: int, place: int) -> None:
        self.run(self.town.move(which, place))

    @rule(which=which, places=st.lists(places, min_size=3, max_size=3))
    def move_thrice(self, which: int, places: list[int]) -> None:
        self.run(self.town.move_thrice(which, places))

    @rule(which=which)
    def cancel(self, which: int) -> None:
        self.run(self.town.cancel(which))

    @rule(place=places)
    def hold(self, place: int) -> None:
        self.run(self.town.hold(place))

    @rule(which=which, place=places, person=people)
    def say_yes(self, which: int, place: int, person: int) -> None:
        self.run(self.town.say_yes(which, place, person))

    @rule(which=which)
    def hang_up(self, which: int) -> None:
        self.run(self.town.hang_up(which))

    @rule(which=which, accepts=st.booleans())
    def decide(self, which: int, accepts: bool) -> None:
        self.run(self.town.decide(which, accepts=accepts))

    @rule(wall=walls)
    def visit(self, wall: str) -> None:
        self.run(self.town.visit(wall))

    @rule(which=which, wall=st.none() | walls)
    def change_on_the_web(self, which: int, wall: str | None) -> None:
        self.run(self.town.change_on_the_web(which, wall))

    @rule(
        on=st.sampled_from(["create_booking", "create_booking", "reschedule", "cancel", "list"]),
        do=st.sampled_from(["error_before", "error_after", "drop_answer", "hang", "late", "429"]),
        times=st.integers(1, 2),
    )
    def misbehave(self, on: str, do: str, times: int) -> None:
        late = do == "late"
        fault = {"on": on, "do": "hang" if late else do, "times": times, "late": late}
        if fault["do"] == "hang":
            fault["seconds"] = HANG
        http = self.town.scene.practice.calendar_http
        self.run(http.post("/_sandbox/faults", json=fault))

    @rule(keeps=st.booleans())
    def let_the_post_wait(self, keeps: bool) -> None:
        self.town.bag.keeps = keeps

    @rule(number=which, keep=st.booleans())
    def deliver(self, number: int, keep: bool) -> None:
        self.run(self.town.bag.deliver(number, keep=keep))

    @rule()
    def lose_a_letter(self) -> None:
        del self.town.bag.letters[-1:]

    @rule(number=st.integers(0, 1))
    def work(self, number: int) -> None:
        self.run(self.town.work(number))

    @rule()
    def work_together(self) -> None:
        self.run(self.town.work_together())

    @rule(in_full=st.booleans())
    def reconcile(self, in_full: bool) -> None:
        self.run(self.town.reconcile(in_full=in_full))

    @rule(seconds=st.sampled_from([1.0, 6.0, 10.0, 35.0, 90.0, 300.0]))
    def wait(self, seconds: float) -> None:
        self.run(self.town.wait(seconds))

    @invariant()
    def hosts(self) -> None:
        self.town.no_host_is_in_two_places()
        self.town.courses_have_room_for_all()

    def teardown(self) -> None:
        try:
            self.run(self.town.come_to_rest())
            self.town.no_host_is_in_two_places()
            self.town.no_wish_stands_twice()
            self.town.courses_have_room_for_all()
            self.run(self.town.we_agree())
            self.run(self.town.what_was_told_is_so())
        finally:
            self.run(self._stack.aclose())
            self._runner.close()


@pytest.mark.slow
@pytest.mark.timeout(0 if _LONG else None)
def test_what_was_told_stands(addresses: Addresses, broom: Broom) -> None:
    Promise.addresses, Promise.broom = addresses, broom
    run_state_machine_as_test(
        Promise,
        settings=settings(
            deadline=None,
            max_examples=_LONG or 16,
            stateful_step_count=_STEPS,
            derandomize=not _LONG,
            database=None,
            phases=[Phase.generate, Phase.shrink] if _LONG else [Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
