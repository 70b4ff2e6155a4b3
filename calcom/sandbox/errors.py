"""Refusals, in the three shapes in which Cal.com sends them.

Refusal
    Nest            {"status": "error", ..., "error": {"code", "message", "details"}}
        Invalid     ... with details.errors, one per property
    Zod             {"status": "error", ..., "error": {"code", "message"}}
    Bare            {"statusCode", "message"}
"""

from datetime import datetime
from http import HTTPStatus
from typing import Any

from calcom.sandbox.instants import millis

_REASONS = {
    400: ("BadRequestException", "Bad Request"),
    401: ("UnauthorizedException", "Unauthorized"),
    403: ("ForbiddenException", "Forbidden"),
    404: ("NotFoundException", "Not Found"),
    409: ("ConflictException", "Conflict"),
    422: ("UnprocessableEntityException", "Unprocessable Entity"),
    429: ("ThrottlerException", "Too Many Requests"),
}


class Refusal(Exception):
    """An answer other than success."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message

    def body(self, *, path: str, now: datetime) -> dict[str, Any]:
        """The JSON of the answer.

        Args:
            path: The request's path with its query string.
            now: Goes into the answer's `timestamp`.
        """
        return {
            "status": "error",
            "timestamp": millis(now),
            "path": path,
            "error": self._error(),
        }

    def _error(self) -> dict[str, Any]:
        raise NotImplementedError


class Nest(Refusal):
    """Refused by the API's own code."""

    def _error(self) -> dict[str, Any]:
        code, reason = _REASONS[self.status]
        return {"code": code, "message": self.message, "details": self._details(reason)}

    def _details(self, reason: str) -> Any:
        return {"message": self.message, "error": reason, "statusCode": self.status}


class Invalid(Nest):
    """The request does not fit its schema, and the reasons are a list."""

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        super().__init__(HTTPStatus.BAD_REQUEST, "Bad Request Exception")
        self.errors = errors

    def _details(self, reason: str) -> Any:  # noqa: ARG002 - the list takes its place
        return {"errors": self.errors}


class Throttled(Nest):
    """Too many requests."""

    def __init__(self) -> None:
        super().__init__(
            HTTPStatus.TOO_MANY_REQUESTS,
            "CustomThrottlerGuard - Too many requests. Please try again later.",
        )

    def _details(self, reason: str) -> Any:  # noqa: ARG002 - a bare text here
        return self.message


class Zod(Refusal):
    """Refused by a schema deeper inside, or by tRPC."""

    def __init__(self, message: str, *, code: str = "BAD_REQUEST") -> None:
        super().__init__(HTTPStatus.BAD_REQUEST, message)
        self.code = code

    def _error(self) -> dict[str, Any]:
        return {"code": self.code, "message": self.message}


class Bare(Refusal):
    """Refused by the booking core, past the filters that shape errors."""

    def body(self, *, path: str, now: datetime) -> dict[str, Any]:  # noqa: ARG002 - it is bare
        return {"statusCode": self.status, "message": self.message}


def not_found(message: str) -> Nest:
    """A 404."""
    return Nest(HTTPStatus.NOT_FOUND, message)


def bad_request(message: str) -> Nest:
    """A 400."""
    return Nest(HTTPStatus.BAD_REQUEST, message)


def unauthorized(message: str) -> Nest:
    """A 401."""
    return Nest(HTTPStatus.UNAUTHORIZED, message)


def crash() -> Bare:
    """What Cal.com says when it does not know what happened."""
    return Bare(HTTPStatus.INTERNAL_SERVER_ERROR, "Internal server error")
