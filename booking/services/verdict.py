"""What the desk may conclude from the words for a service."""

from dataclasses import dataclass

from booking.business import Service


@dataclass(frozen=True, slots=True)
class Found:
    """One service, named by the caller or the only one there is."""

    service: Service


@dataclass(frozen=True, slots=True)
class SeveralFit:
    """A question decides: several fit, one fits only in part, or more than one was named."""

    candidates: tuple[Service, ...]


@dataclass(frozen=True, slots=True)
class NotOffered:
    """The caller named something that this business does not do."""

    suggestions: tuple[Service, ...]
    """What comes closest, best first; often nothing does."""


@dataclass(frozen=True, slots=True)
class NotSaid:
    """The caller has not said which service."""


ServiceMatch = Found | SeveralFit | NotOffered | NotSaid
