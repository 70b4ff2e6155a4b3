"""The closed sets that columns may hold; the database enforces each of them with a CHECK.

A state has one spelling: whoever reads another spelling from outside translates it first.
"""

from enum import StrEnum


class BusinessStatus(StrEnum):
    """Whether a business is served at all."""

    ACTIVE = "active"
    DISABLED = "disabled"


class EventKind(StrEnum):
    """How Cal.com fills a booking of an event type, and so what a claim must guard."""

    FIXED = "fixed"
    ROUND_ROBIN = "round_robin"
    SEATED = "seated"


class Unlinked(StrEnum):
    """Why nothing can be booked through an event type, whoever asks."""

    GONE = "gone"
    """Cal.com shows no such event type to our key."""
    KEY_REFUSED = "key_refused"
    """Cal.com refuses our key, or we have none."""
    UNBOOKABLE = "unbookable"
    """It asks for what nobody can answer on the phone, or one booking makes several."""


class CustomerOrigin(StrEnum):
    """Who told us about a customer first."""

    CALLER = "caller"
    IMPORT = "import"
    CALCOM = "calcom"
    STAFF = "staff"


class Direction(StrEnum):
    """Who rang whom."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"


class CallState(StrEnum):
    """Whether somebody may still be on the phone."""

    ONGOING = "ongoing"
    ENDED = "ended"


class Ending(StrEnum):
    """How a call ended."""

    CALLER_HUNG_UP = "caller_hung_up"
    AGENT_HUNG_UP = "agent_hung_up"
    TRANSFERRED = "transferred"
    """To a human, or to another agent."""
    VOICEMAIL = "voicemail"
    """A machine answered."""
    SILENCE = "silence"
    """Nobody said anything any more, or the platform told us nothing of the end."""
    TOO_LONG = "too_long"
    NOT_CONNECTED = "not_connected"
    FAULT = "fault"
    """Of the platform."""
    OTHER = "other"


class Channel(StrEnum):
    """Who is heard in a recording."""

    MIXED = "mixed"
    SEPARATE = "separate"
    """Both, one on each channel."""
    CALLER = "caller"
    AGENT = "agent"


class RecordingState(StrEnum):
    """Whether we have a recording."""

    DUE = "due"
    """Somebody else's link to it, which will expire."""
    STORED = "stored"
    FAILED = "failed"
    """It could not be fetched, and never will be."""


class Role(StrEnum):
    """Who says a turn."""

    AGENT = "agent"
    CALLER = "caller"


class BookingState(StrEnum):
    """What became of a wish to book."""

    PENDING = "pending"
    """Written down; Cal.com has not answered yet."""
    CONFIRMED = "confirmed"
    """Stands in the calendar."""
    FAILED = "failed"
    """Will never stand in the calendar."""
    QUEUED = "queued"
    """Cal.com was down; told to the caller as a request."""
    AWAITING_HOST = "awaiting_host"
    """At Cal.com, where the host must accept it first."""
    MOVING = "moving"
    """Stands at its old time; a move was asked for."""
    CANCELLING = "cancelling"
    """Still stands; a cancellation was asked for."""
    CANCELLED = "cancelled"
    """Stood in the calendar once."""


DEAD = frozenset({BookingState.FAILED, BookingState.CANCELLED})
"""States that nothing leads out of: neither the wish nor the host's time is held any more."""


class BookingOrigin(StrEnum):
    """Where a booking was made."""

    PHONE = "phone"
    CALCOM = "calcom"
    STAFF = "staff"


class Severity(StrEnum):
    """How soon a human should look at a flag."""

    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"


class FlagKind(StrEnum):
    """Why a human should look. What staff read of each: `calls.flags.words_for`.

    Held by no CHECK: a release that knows more of them may run beside one that knows fewer.
    """

    TOLD_WITHOUT_BOOKING = "told_without_booking"
    """The agent said that something was done, and it was not, or not yet."""
    BOOKED_UNHEARD = "booked_unheard"
    """The calendar was changed, and the caller was not told."""
    NAME_ASKED_TWICE = "name_asked_twice"
    QUESTION_REPEATED = "question_repeated"
    LONG_SILENCE = "long_silence"
    STALLED = "stalled"
    """The agent said that it was looking, and nothing was asked."""
    TOOL_TOO_SLOW = "tool_too_slow"
    TOOL_REPEATED = "tool_repeated"
    """The model went round in circles."""
    TECHNICAL_FAULT = "technical_fault"
    WANTS_A_HUMAN = "wants_a_human"
    NEGATIVE_END = "negative_end"
    HUNG_UP_MIDWAY = "hung_up_midway"
    """The caller was about to book."""
    HIDDEN_CHANGE = "hidden_change"
    """Somebody with a hidden number wanted to change an appointment."""
    REFUSED_BY_RULES = "refused_by_rules"
    """The rules of the house did not allow what the caller wanted."""
    MODEL_REVIEW = "model_review"
    """A model that read the call found something odd."""
    RECORDING_LOST = "recording_lost"
    SYNC_FAILURE = "sync_failure"
    """Ours and Cal.com's differ, and mending failed."""
    WISH_NOT_MET = "wish_not_met"
    """The caller does not know yet that it came to nothing."""
    UNSETTLED = "unsettled"
    """Cal.com has not said for long what became of it."""
    TORN = "torn"
    """Some phases were moved, and the others could neither follow nor go back."""
    FOREIGN_ANSWER = "foreign_answer"
    """Cal.com answered a wish with somebody else's booking."""
    DOUBLE_BOOKED = "double_booked"
    """Cal.com accepted ours where it holds another one of the same host."""
    DOUBLE_BOOKING = "double_booking"
    """A booking from outside lies over another one of the same host."""
    PHASE_CHANGED = "phase_changed"
    """Somebody changed one of several phases at Cal.com."""
    UNKNOWN_HOST = "unknown_host"
    """Nobody of ours performs it."""
    NEEDS_ATTENTION = "needs_attention"
    BROKEN_LINK = "broken_link"
    """Nothing can be booked through some event type."""
    CALENDAR_SILENT = "calendar_silent"
    """Cal.com does not tell us any more what happens there."""
    LISTENER_FAILED = "listener_failed"
    """Something that follows from an event could not be done."""


class FlagState(StrEnum):
    """Whether a human has looked at a flag."""

    OPEN = "open"
    RESOLVED = "resolved"


class FlagLabel(StrEnum):
    """What a flag turned out to be, as whoever resolved it says; evals learn from it."""

    AGENT = "agent"
    """The agent said or did something wrong."""
    MISHEARD = "misheard"
    """Something was understood wrongly."""
    BOOKING = "booking"
    """The calendar was wrong, and was put right."""
    TECHNICAL = "technical"
    CALLER = "caller"
    """The caller wanted something that the agent cannot do."""
    FALSE_ALARM = "false_alarm"


class UserRole(StrEnum):
    """What somebody may do at a business; each role may also do what those before it may."""

    STAFF = "staff"
    """Listens to flagged calls, changes bookings, calls back."""
    OPS = "ops"
    """Sees every call and how everything works, and mends it."""
    ADMIN = "admin"
    """Erases people, and reads who did what."""


class UserState(StrEnum):
    """Whether somebody may log in."""

    ACTIVE = "active"
    DISABLED = "disabled"


class DomainEventKind(StrEnum):
    """What happened; listeners are told after the commit (`server/listeners`)."""

    BOOKING_REQUESTED = "BookingRequested"
    BOOKED = "Booked"
    BOOKING_FAILED = "BookingFailed"
    MOVED = "Moved"
    CHANGE_FAILED = "ChangeFailed"
    """A move or a cancellation came to nothing: the booking stands as before."""
    CANCELLED = "Cancelled"
    CALENDAR_EVENT_RECEIVED = "CalendarEventReceived"
    INCONSISTENCY_FOUND = "InconsistencyFound"
    CALL_ENDED = "CallEnded"


class TaskKind(StrEnum):
    """What somebody must do."""

    CALLBACK = "callback"
    """Speak with the caller: something is open."""
    MESSAGE = "message"
    """Tell the caller: nothing is open."""


class Means(StrEnum):
    """By what a message reaches somebody."""

    SMS = "sms"
    EMAIL = "email"
    WEBHOOK = "webhook"
    """To a program of the business's, which passes it on."""


class TaskReason(StrEnum):
    """Why; for a message also what it says."""

    ASKED = "asked"
    """The agent promised it in the call; the note says why."""
    WISH_FAILED = "wish_failed"
    """The caller was left without the appointment, and with no other one."""
    DECLINED = "declined"
    """The host declined what had been requested."""
    CONFIRMED = "confirmed"
    """What was told as a request stands in the calendar."""
    MOVED = "moved"
    CANCELLED = "cancelled"
    CHANGE_FAILED = "change_failed"
    """What was told as a requested change could not be made; the appointment stands as before."""


class Urgency(StrEnum):
    """Whether a task goes before others that are due at the same time."""

    NORMAL = "normal"
    URGENT = "urgent"


class TaskState(StrEnum):
    """Whether a task is still to be done."""

    OPEN = "open"
    DONE = "done"
    CANCELLED = "cancelled"


class Quarrel(StrEnum):
    """Differences between us and Cal.com that only a human can settle."""

    STANDS_THOUGH_DEAD = "stands_though_dead"
    """We told somebody that it is gone, and Cal.com holds it."""
    TWIN = "twin"
    """Cal.com holds a second booking for one of ours, as parallel moves make them."""
    OTHER_ATTENDEE = "other_attendee"
    """It carries our id, but is for somebody or something else."""
    OTHER_RECORD = "other_record"
    """It carries the id of another record of ours."""
    UNRECORDED = "unrecorded"
    """It carries an id of ours that we have no record of."""
    UNKNOWN_THERE = "unknown_there"
    """Cal.com has never heard of a booking that stands here."""
