"""`slotline reconcile`: compare our records with Cal.com's bookings, now and by hand."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from rich.console import Console
from rich.table import Table

from booking.reconcile import Report
from db import businesses
from server.settings import Settings
from server.wiring import Core, open_core
from slotline.places import Places
from slotline.surroundings import completed


class UnknownBusiness(Exception):
    """There is no active business of that name."""


def reconcile(slug: str | None, *, in_full: bool, dry_run: bool) -> bool:
    """Compare one business or all of them, and print what was found.

    Args:
        slug: Of the business; `None` is every active one.
        in_full: Everything, not only what has changed since the last time.
        dry_run: Change nothing.

    Returns:
        Whether no difference is left.

    Raises:
        UnknownBusiness: There is no such business.
        CalcomError: Cal.com cannot be asked.
        ServiceUnavailable: A business has no key for Cal.com.
    """
    reports = asyncio.run(_reports(slug, in_full=in_full, dry_run=dry_run))
    console = Console()
    print_reports(console, reports)
    return not any(report.failures or report.unread for report in reports)


async def _reports(slug: str | None, *, in_full: bool, dry_run: bool) -> list[Report]:
    async with completed(Settings.read(), Places.here()) as settings, open_core(settings) as core:
        slugs = [slug] if slug else await _active(core)
        return [await _compared(core, each, in_full=in_full, dry_run=dry_run) for each in slugs]


async def _active(core: Core) -> list[str]:
    async with core.database.registry() as registry:
        return [row.slug for row in await businesses.active(registry)]


async def _compared(core: Core, slug: str, *, in_full: bool, dry_run: bool) -> Report:
    access = await core.directory.access(slug)
    if access is None:
        raise UnknownBusiness(f"there is no active business {slug!r}")
    business, reconciler = access.business, core.reconciler
    since = None if in_full else await reconciler.watermark(business)
    return await reconciler.run(business, since=since, now=datetime.now(UTC), dry_run=dry_run)


def print_reports(console: Console, reports: Sequence[Report]) -> None:
    """A line for each business, then what is left to a human."""
    console.print(_overview(reports))
    left = [(report.business, failure) for report in reports for failure in report.failures]
    if not left:
        return
    table = Table(
        title="left to a human", title_justify="left", box=None, pad_edge=False, header_style="dim"
    )
    for column in ("business", "since", "what", "booking", "ours", "theirs"):
        table.add_column(column)
    for business, failure in left:
        table.add_row(
            business,
            f"{failure.first_seen_at:%Y-%m-%d %H:%M}",
            failure.kind.value.replace("_", " "),
            str(failure.booking_id or "-"),
            _stand(failure.ours, "state"),
            _stand(failure.theirs, "status"),
        )
    console.print()
    console.print(table)


def _overview(reports: Sequence[Report]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("business", style="bold")
    table.add_column("what")
    for column in ("compared", "agreed", "followed", "adopted", "undone", "waiting", "unread"):
        table.add_column(column, justify="right")
    table.add_column("orphans", justify="right")
    table.add_column("unsettled for", justify="right")
    table.add_column("left", justify="right")
    for report in reports:
        table.add_row(
            report.business,
            _scope(report),
            f"{report.compared:,}",
            f"{report.consistency:.1%}",
            *(f"{n:,}" for n in (report.followed, report.adopted, report.undone)),
            *(f"{n:,}" for n in (report.waiting, report.unread)),
            f"{report.orphan_rate:.1%}",
            _age(report),
            f"{len(report.failures):,}",
        )
    return table


def _scope(report: Report) -> str:
    scope = "everything" if report.in_full else "changes"
    return f"{scope}, dry run" if report.dry_run else scope


def _age(report: Report) -> str:
    if report.oldest_unsettled is None:
        return "-"
    minutes, seconds = divmod(int(report.oldest_unsettled.total_seconds()), 60)
    return f"{minutes} min" if minutes else f"{seconds} s"


def _stand(facts: Mapping[str, str] | None, state: str) -> str:
    """`confirmed 2026-03-02 09:30`, in UTC."""
    return f"{facts[state]} {facts['start'][:16].replace('T', ' ')}" if facts else "-"
