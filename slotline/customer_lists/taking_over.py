"""`slotline customers import`: take over a list, in batches, and say what became of it.

Each batch is a transaction, and taking over the same list again changes nothing: whoever was
interrupted begins again.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from booking.business import Business
from booking.introducing import Effect, Outcome, Person, Register
from db.states import CustomerOrigin
from server.settings import Settings
from server.wiring import Core, open_core
from slotline.customer_lists import csv_file
from slotline.customer_lists.attendees import attendees
from slotline.places import Places
from slotline.reconciling import UnknownBusiness
from slotline.surroundings import completed

_BATCH: Final = 200
"""People in a transaction: a few statements for all of them, and a lock for each number."""

Advance = Callable[[int], None]


@dataclass(slots=True)
class Report:
    """What became of a list."""

    counts: Counter[Effect] = field(default_factory=Counter[Effect])
    remarkable: list[Outcome] = field(default_factory=list[Outcome])
    """What was refused, and of what something was left out."""

    def add(self, outcomes: list[Outcome]) -> None:
        """Take in what became of a batch."""
        for outcome in outcomes:
            self.counts[outcome.effect] += 1
            if outcome.why:
                self.remarkable.append(outcome)


def from_file(
    slug: str, path: Path, *, delimiter: str | None, encoding: str | None, dry_run: bool
) -> bool:
    """Take over a CSV file and print what became of it.

    Returns:
        Whether nobody was refused.

    Raises:
        UnknownBusiness: There is no such business.
        Unusable: The file is no list of customers.
        DatabaseError: What was taken over until then stays.
    """

    async def take(core: Core, business: Business, progress: Progress) -> Report:
        dialled = business.lines[0].number if business.lines else None
        file = await asyncio.to_thread(
            csv_file.read, path, dialled=dialled, delimiter=delimiter, encoding=encoding
        )
        if file.unused:
            progress.console.print(f"not used: {', '.join(file.unused)}", markup=False)
        task = progress.add_task(path.name, total=len(file.people))

        async def each() -> AsyncIterator[Person]:
            for person in file.people:
                yield person

        return await _take_over(
            core,
            business,
            each(),
            CustomerOrigin.IMPORT,
            advance=lambda n: progress.advance(task, n),
            dry_run=dry_run,
        )

    return _run(slug, take, dry_run=dry_run)


def from_calcom(slug: str, *, dry_run: bool) -> bool:
    """Take over the attendees of all bookings at Cal.com and print what became of them.

    Returns:
        Whether nobody was refused.

    Raises:
        UnknownBusiness: There is no such business.
        ServiceUnavailable: It has no key for Cal.com.
        CalcomError: Cal.com does not answer; what was taken over until then stays.
        DatabaseError: The same of the database.
    """

    async def take(core: Core, business: Business, progress: Progress) -> Report:
        client = await core.calendars.of(business)
        task = progress.add_task("attendees", total=None)
        return await _take_over(
            core,
            business,
            attendees(client, business),
            CustomerOrigin.CALCOM,
            advance=lambda n: progress.advance(task, n),
            dry_run=dry_run,
        )

    return _run(slug, take, dry_run=dry_run)


async def _take_over(
    core: Core,
    business: Business,
    people: AsyncIterator[Person],
    origin: CustomerOrigin,
    *,
    advance: Advance,
    dry_run: bool,
) -> Report:
    report, register = Report(), Register()
    batch: list[Person] = []

    async def flush() -> None:
        outcomes = await core.customers.introduce(
            business.id, batch, register, origin=origin, now=datetime.now(UTC), dry_run=dry_run
        )
        report.add(outcomes)
        advance(len(batch))
        batch.clear()

    async for person in people:
        batch.append(person)
        if len(batch) == _BATCH:
            await flush()
    await flush()
    return report


def _run(
    slug: str, take: Callable[[Core, Business, Progress], Awaitable[Report]], *, dry_run: bool
) -> bool:
    async def run() -> Report:
        async with (
            completed(Settings.read(), Places.here()) as settings,
            open_core(settings) as core,
        ):
            access = await core.directory.access(slug)
            if access is None:
                raise UnknownBusiness(f"there is no active business {slug!r}")
            with _progress() as progress:
                return await take(core, access.business, progress)

    report = asyncio.run(run())
    print_report(Console(), report, dry_run=dry_run)
    return not report.counts[Effect.REFUSED]


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )


def print_report(console: Console, report: Report, *, dry_run: bool) -> None:
    """How many were added, merged and refused; then each that was refused, with its reason."""
    counts = ", ".join(f"{report.counts[effect]:,} {effect.value}" for effect in Effect)
    console.print(f"{counts}{' (dry run: nothing written)' if dry_run else ''}")
    if not report.remarkable:
        return
    table = Table(box=None, pad_edge=False, header_style="dim")
    for column in ("where", "what", "why, or what was left out"):
        table.add_column(column)
    for outcome in report.remarkable:
        table.add_row(outcome.where, outcome.effect.value, Text(outcome.why))
    console.print()
    console.print(table)
