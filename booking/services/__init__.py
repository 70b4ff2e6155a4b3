"""Services as callers name them: pure rules that find one, ask, or say that it is not offered."""

from booking.services.matching import find_service
from booking.services.verdict import Found, NotOffered, NotSaid, ServiceMatch, SeveralFit

__all__ = ["Found", "NotOffered", "NotSaid", "ServiceMatch", "SeveralFit", "find_service"]
