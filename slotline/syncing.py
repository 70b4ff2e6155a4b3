"""`slotline business sync`: take over from Cal.com what is Cal.com's to say, now and by hand."""

import asyncio
from datetime import UTC, datetime

from rich.console import Console
from rich.table import Table

from booking.sync import Report
from server.settings import Settings
from server.wiring import open_core
from slotline.places import Places
from slotline.reconciling import UnknownBusiness
from slotline.surroundings import completed


def sync(slug: str, *, dry_run: bool) -> bool:
    """Follow a business's event types and print what has changed.

    Args:
        slug: Of the business.
        dry_run: Change nothing.

    Returns:
        Whether every link is whole.

    Raises:
        UnknownBusiness: There is no such business.
        CalcomError: Cal.com cannot be asked.
    """
    report = asyncio.run(_report(slug, dry_run=dry_run))
    print_report(Console(), report, dry_run=dry_run)
    return not report.broken


async def _report(slug: str, *, dry_run: bool) -> Report:
    async with completed(Settings.read(), Places.here()) as settings, open_core(settings) as core:
        access = await core.directory.access(slug)
        if access is None:
            raise UnknownBusiness(f"there is no active business {slug!r}")
        return await core.sync.run(access.business, now=datetime.now(UTC), dry_run=dry_run)


def print_report(console: Console, report: Report, *, dry_run: bool) -> None:
    """What was taken over, then what is the owner's own and stays, then the broken links."""
    taken = [change for change in report.changes if not change.is_ours]
    kept = [change for change in report.changes if change.is_ours]
    for title, changes, columns in (
        ("would be taken over" if dry_run else "taken over from Cal.com", taken, ("old", "new")),
        ("differs, and is yours to decide", kept, ("here", "at Cal.com")),
    ):
        if not changes:
            continue
        table = Table(
            title=title, title_justify="left", box=None, pad_edge=False, header_style="dim"
        )
        for column in ("of", "what", *columns):
            table.add_column(column)
        for change in changes:
            table.add_row(change.subject, change.what, change.old, change.new)
        console.print(table)
        console.print()
    for link in report.broken:
        console.print(f"broken: {link} cannot be booked; callers are offered a call back")
    unchanged = "" if taken else ", nothing to take over"
    console.print(f"{report.business}: {report.event_types} event types looked at{unchanged}")
