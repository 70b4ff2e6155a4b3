"""/v2/webhooks."""

import uuid
from http import HTTPStatus
from typing import Any

from calcom.sandbox import checks
from calcom.sandbox.calls import Answer, Call, Operation, success
from calcom.sandbox.checks import Property
from calcom.sandbox.credentials import Door
from calcom.sandbox.errors import Nest, not_found
from calcom.sandbox.instants import millis
from calcom.sandbox.records import Webhook

_TRIGGERS = (
    "BOOKING_CREATED, BOOKING_PAYMENT_INITIATED, BOOKING_PAID, BOOKING_RESCHEDULED, "
    "BOOKING_REQUESTED, BOOKING_CANCELLED, BOOKING_REJECTED, BOOKING_NO_SHOW_UPDATED, "
    "FORM_SUBMITTED, MEETING_ENDED, MEETING_STARTED, RECORDING_READY, INSTANT_MEETING, "
    "RECORDING_TRANSCRIPTION_GENERATED, OOO_CREATED, AFTER_HOSTS_CAL_VIDEO_NO_SHOW, "
    "AFTER_GUESTS_CAL_VIDEO_NO_SHOW, FORM_SUBMITTED_NO_EVENT, DELEGATION_CREDENTIAL_ERROR"
)
_PAYLOAD_VERSION = "2021-10-20"


async def find(call: Call) -> Answer:
    """All subscriptions of the key's user."""
    own = [w for w in call.sandbox.world.webhooks.values() if w.user_id == call.owner.id]
    return success([_brief_json(w) for w in own])


async def get(call: Call) -> Answer:
    """One subscription, in a wider shape than elsewhere."""
    webhook = _known(call)
    return success(
        {
            **_brief_json(webhook),
            "teamId": None,
            "eventTypeId": None,
            "createdAt": millis(webhook.created_at),
            "appId": None,
            "platform": False,
            "time": None,
            "timeUnit": None,
            "version": _PAYLOAD_VERSION,
            "oAuthClientId": None,
        }
    )


async def create(call: Call) -> Answer:
    """A subscription; the URL is not looked at, except that it must be new."""
    body, world = call.fields, call.sandbox.world
    checks.refuse_as_list(body, _BODY)
    if any(w.url == body["subscriberUrl"] for w in world.webhooks.values()):
        raise Nest(
            HTTPStatus.CONFLICT,
            "Webhook with this subscriber url already exists for this user",
        )
    webhook = Webhook(
        id=str(uuid.uuid4()),
        user_id=call.owner.id,
        url=body["subscriberUrl"],
        triggers=body["triggers"],
        active=body["active"],
        secret=body.get("secret"),
        payload_template=body.get("payloadTemplate"),
        created_at=call.sandbox.now(),
    )
    world.put(webhook)
    world.commit()
    return success(_brief_json(webhook), status=HTTPStatus.CREATED)


async def update(call: Call) -> Answer:
    """Changes what is sent; an inactive subscription is silent at once."""
    body, world, webhook = call.fields, call.sandbox.world, _known(call)
    checks.refuse_as_list(body, tuple(Property(p.name, p.check, optional=True) for p in _BODY))
    webhook.url = body.get("subscriberUrl", webhook.url)
    webhook.triggers = body.get("triggers", webhook.triggers)
    webhook.active = body.get("active", webhook.active)
    webhook.secret = body.get("secret", webhook.secret)
    world.put(webhook)
    world.commit()
    return success(_brief_json(webhook))


async def delete(call: Call) -> Answer:
    """The subscription that was."""
    webhook = _known(call)
    call.sandbox.world.remove(webhook)
    call.sandbox.world.commit()
    return success(_brief_json(webhook))


def _known(call: Call) -> Webhook:
    wanted = call.params["id"]
    webhook = call.sandbox.world.webhooks.get(wanted)
    if webhook is None:
        raise not_found(f"Webhook ({wanted}) not found")
    return webhook


def _brief_json(webhook: Webhook) -> dict[str, Any]:
    return {
        "id": webhook.id,
        "payloadTemplate": webhook.payload_template,
        "triggers": webhook.triggers,
        "subscriberUrl": webhook.url,
        "active": webhook.active,
        "secret": webhook.secret,
        "userId": webhook.user_id,
    }


def _triggers(name: str, value: Any) -> dict[str, str]:
    broken: dict[str, str] = {}
    allowed = _TRIGGERS.split(", ")
    if not isinstance(value, list) or not all(trigger in allowed for trigger in value):
        broken["isEnum"] = f"each value in {name} must be one of the following values: {_TRIGGERS}"
    if not isinstance(value, list):
        broken["isArray"] = f"{name} must be an array"
    return broken


_BODY = (
    Property("payloadTemplate", checks.string, optional=True),
    Property("active", checks.boolean),
    Property("subscriberUrl", checks.string),
    Property("triggers", _triggers),
    Property("secret", checks.string, optional=True),
)
_ONE = "/v2/webhooks/{id}"

OPERATIONS = (
    Operation("GET", "/v2/webhooks", "list_webhooks", find, Door.GUARDED),
    Operation("POST", "/v2/webhooks", "create_webhook", create, Door.GUARDED),
    Operation("GET", _ONE, "get_webhook", get, Door.GUARDED),
    Operation("PATCH", _ONE, "update_webhook", update, Door.GUARDED),
    Operation("DELETE", _ONE, "delete_webhook", delete, Door.GUARDED),
)
