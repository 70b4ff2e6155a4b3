"""What can go wrong between us and PostgreSQL, as far as a caller can do something about it.

Everything else (a syntax error, a missing table) is a bug and stays psycopg's own exception.

    DatabaseError
    +-- DatabaseUnavailable      nothing was done; later it may work
    |   +-- OutcomeUnknown       the connection broke while PostgreSQL may have been committing
    |   +-- StatementTimeout     took longer than allowed, and was rolled back
    +-- Contention               deadlock or serialisation failure, rolled back: try again
    +-- Forbidden                privileges or row-level security refused it
    +-- ConstraintViolated       a rule of the schema refused it
    |   +-- AlreadyExists        ... a unique index
    |   +-- Overlaps             ... an exclusion constraint
    |   +-- MissingParent        ... a foreign key
    |   +-- NotInRange           ... a CHECK or NOT NULL
    +-- TransactionAborted       a statement failed, its error was swallowed, nothing was kept
    +-- ClaimTaken               the host's time belongs to somebody else
    +-- WishStands               this very wish already has a live booking
"""

from uuid import UUID

import psycopg
from psycopg import errors as pg


class DatabaseError(Exception):
    """Base of all errors of this package."""


class DatabaseUnavailable(DatabaseError):
    """No connection could be had, or it was lost before anything could be committed."""


class OutcomeUnknown(DatabaseUnavailable):
    """The connection broke while a commit was on its way: look before doing it again."""


class StatementTimeout(DatabaseUnavailable):
    """A statement, or the lock it waited for, took longer than allowed; it was rolled back."""


class Contention(DatabaseError):
    """Two transactions stood in each other's way, and this one was rolled back: try again."""


class Forbidden(DatabaseError):
    """The role lacks the privilege, or the row belongs to another business."""


class ConstraintViolated(DatabaseError):
    """A rule of the schema refused a row; `constraint` is the rule's name."""

    def __init__(self, constraint: str) -> None:
        super().__init__(constraint)
        self.constraint = constraint


class AlreadyExists(ConstraintViolated):
    """A row with this key is there already."""


class Overlaps(ConstraintViolated):
    """A row for an overlapping range is there already."""


class MissingParent(ConstraintViolated):
    """A row points to one that does not exist in this business, or is still pointed to."""


class NotInRange(ConstraintViolated):
    """A value is none of those that its column may hold; a missing one names the column."""


class TransactionAborted(DatabaseError):
    """The block ended well although a statement in it had failed: nothing of it was kept."""


class ClaimTaken(DatabaseError):
    """Nothing is left to claim: others hold or have booked that time, or all of its seats."""

    def __init__(self, event_type_id: UUID) -> None:
        super().__init__(f"nothing of event type {event_type_id} is left at that time")
        self.event_type_id = event_type_id


class WishStands(DatabaseError):
    """There is a live booking for this very wish; `booking_id` is the one to look at."""

    def __init__(self, booking_id: UUID) -> None:
        super().__init__(f"booking {booking_id} already stands for this wish")
        self.booking_id = booking_id


_CONSTRAINTS: dict[type[psycopg.Error], type[ConstraintViolated]] = {
    pg.UniqueViolation: AlreadyExists,
    pg.ExclusionViolation: Overlaps,
    pg.ForeignKeyViolation: MissingParent,
    pg.CheckViolation: NotInRange,
    pg.NotNullViolation: NotInRange,
}


def translated(error: psycopg.Error, *, committing: bool) -> Exception:
    """Our own error for one of psycopg's, or that error itself where it is a bug.

    Args:
        error: As raised by psycopg.
        committing: Whether PostgreSQL may have committed before the connection broke.
    """
    if violated := _CONSTRAINTS.get(type(error)):
        return violated(error.diag.constraint_name or error.diag.column_name or "unnamed")
    match error:
        case pg.InsufficientPrivilege():
            return Forbidden(error.diag.message_primary)
        case pg.QueryCanceled() | pg.LockNotAvailable():
            return StatementTimeout(error.diag.message_primary)
        case pg.DeadlockDetected() | pg.SerializationFailure():
            return Contention(error.diag.message_primary)
        case psycopg.OperationalError():
            # An ERROR is said after rolling back; silence or a dying word leaves it open.
            rolled_back = error.diag.severity_nonlocalized == "ERROR"
            kind = OutcomeUnknown if committing and not rolled_back else DatabaseUnavailable
            return kind(str(error))
        case _:
            return error
