from collections.abc import Sequence

from calcom.endpoints.base import Endpoints
from calcom.outgoing import given
from calcom.request import Request
from calcom.shapes import Answer, Data, EventType, Me, Schedule, Webhook


class AccountEndpoints(Endpoints):
    """What belongs to the owner of the key: event types, schedules, webhooks."""

    async def event_types(self, *, timeout_seconds: float | None = None) -> tuple[EventType, ...]:
        """The owner's event types, hidden ones included; not those of teams."""
        request = Request("GET", "/v2/event-types", self._versions.event_types)
        return (await self._wire.read(request, Data[tuple[EventType, ...]], timeout_seconds)).data

    async def event_type(
        self, event_type_id: int, *, timeout_seconds: float | None = None
    ) -> EventType:
        """One event type.

        Raises:
            UnknownEventType: There is none by that id.
        """
        request = Request(
            "GET",
            "/v2/event-types/{id}",
            self._versions.event_types,
            parts={"id": str(event_type_id)},
        )
        return (await self._wire.read(request, Data[EventType], timeout_seconds)).data

    async def schedules(self, *, timeout_seconds: float | None = None) -> tuple[Schedule, ...]:
        """All schedules of the owner."""
        request = Request("GET", "/v2/schedules", self._versions.schedules)
        return (await self._wire.read(request, Data[tuple[Schedule, ...]], timeout_seconds)).data

    async def default_schedule(self, *, timeout_seconds: float | None = None) -> Schedule:
        """The schedule of event types that name none."""
        request = Request("GET", "/v2/schedules/default", self._versions.schedules)
        return (await self._wire.read(request, Data[Schedule], timeout_seconds)).data

    async def me(self, *, timeout_seconds: float | None = None) -> Me:
        """Whose key it is."""
        return (await self._wire.read(Request("GET", "/v2/me"), Data[Me], timeout_seconds)).data

    async def webhooks(self, *, timeout_seconds: float | None = None) -> tuple[Webhook, ...]:
        """The owner's webhooks; event types may have others."""
        request = Request("GET", "/v2/webhooks")
        return (await self._wire.read(request, Data[tuple[Webhook, ...]], timeout_seconds)).data

    async def create_webhook(
        self,
        subscriber_url: str,
        triggers: Sequence[str],
        *,
        secret: str,
        timeout_seconds: float | None = None,
    ) -> Webhook:
        """Have events sent to a URL, signed with the secret.

        Raises:
            AlreadyExists: The owner has a webhook with this URL.
        """
        body = given(
            active=True, subscriberUrl=subscriber_url, triggers=list(triggers), secret=secret
        )
        request = Request("POST", "/v2/webhooks", body=body)
        return (await self._wire.write(request, Data[Webhook], timeout_seconds)).data

    async def update_webhook(
        self,
        webhook_id: str,
        *,
        active: bool | None = None,
        triggers: Sequence[str] | None = None,
        secret: str | None = None,
        timeout_seconds: float | None = None,
    ) -> Webhook:
        """Change what is given, leave the rest."""
        body = given(
            active=active, triggers=None if triggers is None else list(triggers), secret=secret
        )
        request = Request("PATCH", "/v2/webhooks/{id}", parts={"id": webhook_id}, body=body)
        return (await self._wire.write(request, Data[Webhook], timeout_seconds)).data

    async def delete_webhook(
        self, webhook_id: str, *, timeout_seconds: float | None = None
    ) -> None:
        """Stop it.

        Raises:
            NotFound: There is none by that id.
        """
        request = Request("DELETE", "/v2/webhooks/{id}", parts={"id": webhook_id})
        await self._wire.write(request, Answer, timeout_seconds)
