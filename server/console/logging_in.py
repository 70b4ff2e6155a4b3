"""Logging in and out: passwords become sessions, and guessing becomes slow."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from db import sessions, users
from db.database import Database
from db.sessions import SessionRow
from db.states import UserState
from server.console.passwords import Passwords, is_outdated

IDLE: Final = timedelta(hours=12)
"""A working day: whoever comes back the next morning logs in again."""

LONGEST: Final = timedelta(days=7)

FREE_ATTEMPTS: Final = 5
LOCK: Final = timedelta(minutes=1)
LONGEST_LOCK: Final = timedelta(minutes=15)
"""Long enough to make guessing hopeless, short enough that nobody can be kept out for a day."""
FORGET_FAILURES: Final = timedelta(hours=1)

_NOTE_SEEN: Final = timedelta(minutes=1)


class LoginRefused(Exception):
    """Address and password do not belong together, or the account is disabled."""


class LockedOut(Exception):
    """Somebody has tried too often; nothing was looked at."""


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """A session, and the secret that its browser has."""

    token: str
    session: SessionRow

    @property
    def csrf(self) -> str:
        """What each form of this session carries: nobody can work it out without the token."""
        return hashlib.sha256(b"csrf:" + self.token.encode()).hexdigest()


class LoggingIn:
    """Opens, finds and ends sessions; `now` is an argument."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self._passwords = Passwords()

    async def log_in(self, email: str, password: str, *, now: datetime) -> str:
        """Begin a session.

        Returns:
            Its token, for a cookie.

        Raises:
            LoginRefused: It is not their password.
            LockedOut: After too many failures, for a while, whatever the password.
        """
        subject = _digest(f"email:{email.strip().lower()}")
        async with self._db.registry() as tx:
            may_try = await sessions.attempt(
                tx,
                subject_hash=subject,
                free=FREE_ATTEMPTS,
                lock=LOCK,
                at_most=LONGEST_LOCK,
                since=now - FORGET_FAILURES,
                now=now,
            )
            user = await users.by_email(tx, email=email.strip())
        if not may_try:
            raise LockedOut
        kept = user.password_hash if user and user.state is UserState.ACTIVE else None
        if not await self._passwords.matches(password, kept) or user is None or kept is None:
            raise LoginRefused
        token = secrets.token_urlsafe(32)
        async with self._db.registry() as tx:
            await sessions.succeed(tx, subject_hash=subject)
            await sessions.forget(tx, before=now - LONGEST)
            await sessions.begin(tx, token_hash=_digest(token), user_id=user.id, now=now)
            if is_outdated(kept):
                better = await self._passwords.hashed(password)
                await users.set_password(tx, id=user.id, password_hash=better, now=now)
        return token

    async def who(self, token: str, *, now: datetime) -> LoggedIn | None:
        """Whose session it is; `None` if it has ended."""
        digest = _digest(token)
        async with self._db.registry() as tx:
            session = await sessions.find(
                tx, token_hash=digest, seen_since=now - IDLE, begun_since=now - LONGEST
            )
            if session and session.seen_at < now - _NOTE_SEEN:
                await sessions.seen(tx, token_hash=digest, now=now)
        return LoggedIn(token, session) if session else None

    async def log_out(self, token: str) -> None:
        """End a session."""
        async with self._db.registry() as tx:
            await sessions.end(tx, token_hash=_digest(token))

    async def change_password(
        self, visitor: LoggedIn, *, old: str, new: str, now: datetime
    ) -> None:
        """Replace a password; every other session of theirs ends.

        Raises:
            LoginRefused: The old one is wrong.
            LockedOut: After too many wrong ones.
            BadPassword: The new one is too short or too long.
        """
        fresh = await self._passwords.hashed(new)
        await self.log_out(await self.log_in(visitor.session.email, old, now=now))
        async with self._db.registry() as tx:
            user_id = visitor.session.user_id
            await users.set_password(tx, id=user_id, password_hash=fresh, now=now)
            await sessions.end_all(tx, user_id=user_id, but=_digest(visitor.token))


def _digest(secret: str) -> bytes:
    """What is kept of a token or an address that was tried: whoever reads the table has neither."""
    return hashlib.sha256(secret.encode(errors="surrogatepass")).digest()
