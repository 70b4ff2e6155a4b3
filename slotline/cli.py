"""The command. Every failure is one line on standard error and a code that is not 0.

What a command needs is imported when it runs: `slotline --help` must not wait for a web framework.
"""

import logging
import os
import sys
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Final

import typer

_OURS: Final = ("booking", "calcom", "calls", "db", "evals", "server", "slotline", "tools")
_BUG: Final = 70
"""Exit code of a failure that nobody foresaw; EX_SOFTWARE of sysexits.h."""
_INTERRUPTED: Final = 130

app = typer.Typer(
    help="The tool server behind phone agents that book appointments on Cal.com.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
business = typer.Typer(help="Businesses: what can be booked, where, how.")
app.add_typer(business, name="business", no_args_is_help=True)
customers = typer.Typer(help="Customers: who is recognised by their number.")
app.add_typer(customers, name="customers", no_args_is_help=True)
key = typer.Typer(help="Keys: what to enter at the other side of a connection.")
app.add_typer(key, name="key", no_args_is_help=True)
user = typer.Typer(help="People: who may log in to the console.")
app.add_typer(user, name="user", no_args_is_help=True)


class Role(StrEnum):
    """What somebody may do at a business."""

    STAFF = "staff"
    OPS = "ops"
    ADMIN = "admin"


class Account(StrEnum):
    """The accounts that the stand-in can begin with."""

    DEMO = "demo"
    RECORDED = "recorded"


class Platform(StrEnum):
    """The phone platforms that can be connected."""

    RETELL = "retell"
    VAPI = "vapi"
    ELEVENLABS = "elevenlabs"


class Language(StrEnum):
    """The languages that the demo speaks."""

    EN = "en"
    DE = "de"


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port; 0 takes any free one.")] = None,
) -> None:
    """Serve tool calls until Ctrl-C."""
    from slotline import serving, staying

    staying.run(serving.serve_tools(host=host, port=port, say=_say))


@app.command()
def worker() -> None:
    """Do what is due, until Ctrl-C: bookings, webhooks, what follows from them, periodic jobs."""
    from slotline import serving, staying

    staying.run(serving.work(say=_say))


@app.command()
def sandbox(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port; 0 takes any free one.")] = 8100,
    database: Annotated[
        Path | None, typer.Option(help="SQLite file for the state; else it ends with us.")
    ] = None,
    seed: Annotated[Account, typer.Option(help="The account to begin with.")] = Account.DEMO,
    api_key: Annotated[
        str | None, typer.Option("--key", help="API key of the demo account.")
    ] = None,
    rate_limit: Annotated[int, typer.Option(help="Requests a minute and key; 0: any.")] = 120,
    latency: Annotated[str, typer.Option(help="none, calcom, or seconds.")] = "none",
    fault: Annotated[
        list[str] | None,
        typer.Option(metavar="ON:DO[:TIMES[:SECONDS]]", help="Misbehave; may be repeated."),
    ] = None,
) -> None:
    """Stand in for Cal.com until Ctrl-C."""
    from slotline import standing_in, staying

    staying.run(
        standing_in.stand_in(
            host=host,
            port=port,
            database=database,
            account=standing_in.account(seed.value, api_key),
            rate_limit_per_minute=rate_limit,
            latency=standing_in.latency_of(latency),
            faults=[standing_in.fault_of(words) for words in fault or ()],
            say=_say,
        )
    )


@app.command()
def migrate() -> None:
    """Bring the database up to date."""
    from slotline import chores

    chores.migrate(_say)


@app.command()
def doctor() -> None:
    """Find what is set up wrongly, and what to do."""
    from slotline import chores

    if not chores.examine():
        raise typer.Exit(1)


@app.command()
def reconcile(
    slug: Annotated[str | None, typer.Argument(help="Of one business; else all.")] = None,
    full: Annotated[bool, typer.Option("--full", help="Not only what has changed.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be done.")
    ] = False,
) -> None:
    """Compare our records with Cal.com's bookings; 1 if differences are left."""
    from slotline import reconciling

    if not reconciling.reconcile(slug, in_full=full, dry_run=dry_run):
        raise typer.Exit(1)


@business.command()
def apply(
    file: Annotated[Path, typer.Argument(help="TOML; see deploy/business.example.toml.")],
    dry_run: Annotated[bool, typer.Option(help="Only say what would change.")] = False,
) -> None:
    """Make the database say about a business what FILE says; twice is once."""
    from slotline import business_file, chores

    try:
        chores.apply_business(file, dry_run=dry_run, say=_say)
    except business_file.Refused as refused:
        for fault in refused.faults:  # all of them, so that they can be mended in one go
            _say(f"slotline: {fault}")
        raise typer.Exit(1) from None


@business.command()
def sync(
    slug: Annotated[str, typer.Argument(help="Of the business.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
) -> None:
    """Take over lengths, hosts, buffers and notice from Cal.com; 1 if a link is broken."""
    from slotline import syncing

    if not syncing.sync(slug, dry_run=dry_run):
        raise typer.Exit(1)


@customers.command("import")
def import_customers(
    slug: Annotated[str, typer.Argument(help="Of the business.")],
    file: Annotated[
        Path | None, typer.Argument(help="CSV with headers: Name, Telefon, E-Mail, ...")
    ] = None,
    from_calcom: Annotated[
        bool, typer.Option("--from-calcom", help="The attendees of its bookings instead.")
    ] = False,
    delimiter: Annotated[
        str | None, typer.Option(help="Between cells, if it is guessed wrongly; tab is a word.")
    ] = None,
    encoding: Annotated[str | None, typer.Option(help="If it is not UTF-8: cp1252.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
) -> None:
    """Make customers known from a list; again changes nothing; 1 if any were refused."""
    from slotline import customer_lists

    if (file is None) != from_calcom:
        raise typer.BadParameter("give either FILE or --from-calcom", param_hint="FILE")
    delimiter = "\t" if delimiter == "tab" else delimiter
    if delimiter is not None and len(delimiter) != 1:
        raise typer.BadParameter("must be one character, or tab", param_hint="--delimiter")
    if file is None:
        complete = customer_lists.from_calcom(slug, dry_run=dry_run)
    else:
        complete = customer_lists.from_file(
            slug, file, delimiter=delimiter, encoding=encoding, dry_run=dry_run
        )
    if not complete:
        raise typer.Exit(1)


@key.command()
def show(
    slug: Annotated[str, typer.Argument(help="Of the business.")],
    name: Annotated[str, typer.Argument(help="Such as api_key.")],
) -> None:
    """Print the newest valid value of a credential."""
    from slotline import chores

    typer.echo(chores.show_key(slug, name))


_Email = Annotated[str, typer.Argument(help="The address to log in with.")]


@user.command("add")
def add_user(
    email: _Email,
    slug: Annotated[str, typer.Option("--business", help="Slug of the business.")],
    role: Annotated[Role, typer.Option(help="What they may do there.")] = Role.STAFF,
    name: Annotated[str | None, typer.Option(help="As colleagues see it.")] = None,
    language: Annotated[Language | None, typer.Option(help="Else their browser's.")] = None,
    keep_password: Annotated[
        bool, typer.Option("--keep-password", help="Do not ask for one: they have one.")
    ] = False,
) -> None:
    """Let somebody work for a business; asks for a password, or reads a line of it."""
    import asyncio

    from db.states import UserRole
    from slotline import people

    password = None if keep_password else _new_password()
    asyncio.run(
        people.add(
            email,
            name=name,
            slug=slug,
            role=UserRole(role.value),
            password=password,
            language=language.value if language else None,
        )
    )
    _say(f"{email}: {role.value} at {slug}")


@user.command("list")
def list_users() -> None:
    """Print who may log in, and where they work."""
    import asyncio

    from slotline import people

    for person in asyncio.run(people.everybody()):
        places = ", ".join(f"{slug} ({role})" for slug, role in person["places"]) or "nowhere"
        state = "" if person["state"] == "active" else f"  {person['state']}"
        typer.echo(f"{person['email']}  {person['name']}  {places}{state}")


@user.command("disable")
def disable_user(email: _Email) -> None:
    """Log somebody out everywhere and do not let them in again."""
    import asyncio

    from slotline import people

    asyncio.run(people.disable(email))
    _say(f"{email}: disabled")


@user.command("password")
def change_password(email: _Email) -> None:
    """Give somebody another password, and log them out everywhere."""
    import asyncio

    from slotline import people

    asyncio.run(people.set_password(email, _new_password()))
    _say(f"{email}: has another password")


def _new_password() -> str:
    """Asked for twice at a terminal, else a line of standard input; never an argument."""
    if sys.stdin.isatty():
        asked: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
        return asked
    return sys.stdin.readline().rstrip("\r\n")


@app.command()
def connect(
    platform: Annotated[Platform, typer.Argument(help="Where agents take calls.")],
    slug: Annotated[str, typer.Option("--business", help="Slug of the business.")],
    apply: Annotated[bool, typer.Option("--apply", help="Write it there.")] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Only say what differs there.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Print the agents, tools and numbers for a platform, or make them; 1 if something is left."""
    from slotline import connect

    if apply and diff:
        raise typer.BadParameter("give either --apply or --diff", param_hint="--diff")
    if not (apply or diff):
        connect.show(platform.value, slug, as_json=as_json)
    elif not connect.settle(platform.value, slug, writes=apply, as_json=as_json):
        raise typer.Exit(1)


@app.command()
def tools(
    wrapped_for: Annotated[
        str | None,
        typer.Option(
            "--for", help="Print schemas: neutral, openai, mcp, retell, vapi or elevenlabs."
        ),
    ] = None,
    slug: Annotated[
        str | None, typer.Option("--business", help="Whose, for a phone platform.")
    ] = None,
) -> None:
    """Show the tools as a model receives them."""
    from rich.console import Console

    from slotline import catalogue, connect

    if wrapped_for is None:
        catalogue.print_overview(Console())
        return
    if wrapped_for in list(Platform):
        if slug is None:
            raise typer.BadParameter(f"{wrapped_for} needs it", param_hint="--business")
        connect.show_tools(wrapped_for, slug)
        return
    try:
        catalogue.print_schemas(Console(), wrapped_for)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--for") from None


@app.command()
def demo(
    once: Annotated[bool, typer.Option(help="Stop after the call.")] = False,
    language: Annotated[Language, typer.Option(help="What is spoken.")] = Language.EN,
) -> None:
    """Play one phone call, then serve until Ctrl-C."""
    from slotline import chores

    if not chores.play_demo(once=once, language=language.value):
        raise typer.Exit(1)


@app.command()
def call(
    business: Annotated[str | None, typer.Option(help="Its slug; else the demo's.")] = None,
    caller: Annotated[str | None, typer.Option(help="Your number; else it is hidden.")] = None,
    line: Annotated[str | None, typer.Option(help="The number that you dial.")] = None,
    language: Annotated[Language | None, typer.Option(help="Instead of the line's.")] = None,
    url: Annotated[str | None, typer.Option(help="Of the server; else the demo's.")] = None,
    api_key: Annotated[str | None, typer.Option("--key", help="Its api_key.")] = None,
    scripted: Annotated[
        bool, typer.Option("--scripted", help="A server of our own, with a script as its model.")
    ] = False,
    verbose: Annotated[bool, typer.Option("--verbose", help="Show what tools do.")] = False,
) -> None:
    """Talk to the agent; /end or Ctrl-C hangs up."""
    import asyncio

    from slotline import calling

    whom = calling.Options(
        url=url,
        business=business,
        api_key=api_key,
        caller=caller,
        line=line,
        language=language.value if language else None,
    )
    asyncio.run(calling.run(whom, scripted=scripted, verbose=verbose))


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"slotline {version('slotline')}")
        raise typer.Exit


@app.callback()
def _slotline(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Say which.")
    ] = False,
) -> None:
    """Take what is said before the command."""


def _say(words: str) -> None:
    typer.echo(words, err=True)


def main() -> None:
    """Run the command that the arguments name."""
    logging.getLogger().addHandler(logging.NullHandler())  # only commands that stay keep a log
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)
    except BrokenPipeError:  # whoever read our output has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except Exception as error:
        if os.environ.get("SLOTLINE_DEBUG"):
            raise
        _say(f"slotline: {_in_one_line(error)}")
        sys.exit(1 if _is_foreseen(error) else _BUG)


def _is_foreseen(error: Exception) -> bool:
    """Whether the error speaks to people: one of our own, or the system's."""
    ours = type(error).__module__.partition(".")[0] in _OURS
    return ours or isinstance(error, OSError)


def _in_one_line(error: Exception) -> str:
    words = " ".join(str(error).split())
    if isinstance(error, OSError) and error.strerror:
        return error.strerror + (f": {error.filename}" if error.filename else "")
    if _is_foreseen(error):
        return words or type(error).__name__
    return f"unexpected {type(error).__name__}: {words} (SLOTLINE_DEBUG=1 shows where)"
