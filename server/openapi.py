"""The tool routes in the OpenAPI document: they bypass FastAPI for speed, so they are told here."""

from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel, ConfigDict, Field

from tools.reply import Status


class Slot(BaseModel):
    """A bookable time; its id is a letter that is stable within the call."""

    id: str
    start: str
    spoken: str
    staff: str | None = None


class Was(BaseModel):
    """Where a booking stood before it was moved."""

    start: str
    spoken: str


class Booking(BaseModel):
    """A booking; its id is a number that is stable within the call."""

    id: str
    service: str
    start: str
    end: str
    spoken: str
    name: str
    staff: str | None = None
    was: Was | None = None


class Envelope(BaseModel):
    """The answer of every tool on every platform, as one line of JSON."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    ok: bool
    """False for technical faults only."""
    status: Status
    booked: bool
    """True only when the calendar holds the booking."""
    say: str
    """One sentence to speak, in the language of the call."""
    slots: list[Slot] = []
    booking: Booking | None = None
    bookings: list[Booking] = []
    known: dict[str, str] = {}
    """What the call knows already, out of service, date, time, staff, name, number."""
    missing: list[str] = []
    """What is still to be asked, in the same words."""
    now: str | None = None
    """Local time of the line. Missing where no credential was shown."""


class NeutralBody(BaseModel):
    """A tool call in our own words. Unknown fields are ignored."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    call_id: str
    """Of the telephone call; state, offers and consent go by it."""
    caller: str | None = None
    """E.164, from a trusted channel and never from the model; null for a hidden number."""
    line: str | None = None
    """The dialled number; null means the business's only line."""
    language: str | None = Field(default=None, examples=["de", "en"])
    tool_call_id: str | None = None
    """A repeated id gets the stored reply."""
    arguments: dict[str, Any] | str = {}
    """As the tool's schema says; JSON text is read as well."""


class ElevenLabsBody(BaseModel):
    """A tool's arguments, and beside them what ElevenLabs fills in from its system variables."""

    model_config = ConfigDict(extra="allow", use_attribute_docstrings=True)

    conversation_id: str
    """From `system__conversation_id`."""
    caller_number: str | None = None
    """From `system__caller_id`."""
    called_number: str | None = None
    """From `system__called_number`."""


class RetellBody(BaseModel):
    """Retell's custom function with the payload `args` and `call`."""

    name: str
    args: dict[str, Any] | str = {}
    call: dict[str, Any]


_MODELS: Final = (Envelope, Slot, Booking, NeutralBody, RetellBody, ElevenLabsBody)

_REFERENCE: Final = "#/components/schemas/{model}"

_STORED: Final = "it is stored before it is acknowledged, and applied after"

_OF_PLATFORMS: Final = {
    "chat/completions": ("The agent, as OpenAI's Chat Completions; it streams", "api_key"),
    "chat/events": (f"Tell that a call over Chat Completions has ended; {_STORED}", "api_key"),
    "mcp": ("Our tools over MCP, streamable HTTP: stateless, old and new revisions", "api_key"),
    "retell/inbound": ("Ask of Retell's what is known of a caller", "retell_signature"),
    "retell/events": (f"Tell of a call at Retell; {_STORED}", "retell_signature"),
    "vapi": (
        f"Every message of Vapi's: tool calls, calls that ring, and what it tells; {_STORED}",
        "vapi_secret",
    ),
    "openai/webhook": (
        f"Tell of a call that rings at OpenAI, and have it taken; {_STORED}",
        "openai_signature",
    ),
    "elevenlabs/init": ("Ask of ElevenLabs' what is known of a caller", "elevenlabs_token"),
    "elevenlabs/events": (f"Tell of a call at ElevenLabs; {_STORED}", "elevenlabs_signature"),
}

_REFUSALS: Final = {
    "400": "The body is not JSON, or a field has the wrong type.",
    "401": "Wrong or missing credential, or unknown business: always the same body.",
    "404": "There is no tool of this name.",
    "413": "The body is too large.",
    "422": "There is no call id.",
}


def describe(app: FastAPI) -> None:
    """Let `app.openapi()` tell the tool routes as well."""
    document: dict[str, Any] = {}

    def openapi() -> dict[str, Any]:
        if not document:
            document.update(_document(app))
        return document

    app.openapi = openapi  # type: ignore[method-assign] # FastAPI's own way to extend it


def _document(app: FastAPI) -> dict[str, Any]:
    document = get_openapi(
        title=app.title,
        version=app.version,
        description=app.description,
        routes=app.routes,
    )
    document["paths"]["/v1/{business}/tools/{tool}"] = {
        "post": _operation(
            "Run a tool",
            body=NeutralBody,
            security="api_key",
            parameters=["business", "tool"],
            refusals=_REFUSALS,
        )
    }
    document["paths"]["/v1/{business}/retell/tools"] = {
        "post": _operation(
            "Run a tool for Retell; whoever signs correctly is always answered with 200",
            body=RetellBody,
            security="retell_signature",
            parameters=["business"],
            refusals={code: _REFUSALS[code] for code in ("401", "413")},
        )
    }
    document["paths"]["/v1/{business}/calcom/webhook"] = {
        "post": _told(
            f"Tell of a change at Cal.com; {_STORED}", "calendar", security="calcom_signature"
        )
    }
    document["paths"]["/v1/{business}/elevenlabs/tools/{tool}"] = {
        "post": _operation(
            "Run a tool for ElevenLabs; whoever has the token is always answered with 200",
            body=ElevenLabsBody,
            security="elevenlabs_token",
            parameters=["business", "tool"],
            refusals={code: _REFUSALS[code] for code in ("401", "413")},
        )
    }
    for path, (summary, security) in _OF_PLATFORMS.items():
        document["paths"][f"/v1/{{business}}/{path}"] = {
            "post": _told(summary, "calls", security=security)
        }
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for model in _MODELS:
        schema = model.model_json_schema(ref_template=_REFERENCE)
        schemas.update(schema.pop("$defs", {}))
        schemas[model.__name__] = schema
    components["securitySchemes"] = {
        "api_key": {"type": "http", "scheme": "bearer"},
        "retell_signature": {"type": "apiKey", "in": "header", "name": "X-Retell-Signature"},
        "vapi_secret": {"type": "apiKey", "in": "header", "name": "X-Vapi-Secret"},
        "elevenlabs_token": {"type": "http", "scheme": "bearer"},
        "elevenlabs_signature": {
            "type": "apiKey",
            "in": "header",
            "name": "ElevenLabs-Signature",
        },
        "openai_signature": {"type": "apiKey", "in": "header", "name": "webhook-signature"},
        "calcom_signature": {"type": "apiKey", "in": "header", "name": "X-Cal-Signature-256"},
    }
    return document


def _operation(
    summary: str,
    *,
    body: type[BaseModel],
    security: str,
    parameters: list[str],
    refusals: dict[str, str],
) -> dict[str, Any]:
    answers = {"200": "The reply of the tool."} | refusals
    return {
        "summary": summary,
        "tags": ["tools"],
        "security": [{security: []}],
        "parameters": [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
            for name in parameters
        ],
        "requestBody": {"required": True, "content": _json(body)},
        "responses": {
            code: {"description": words, "content": _json(Envelope)}
            for code, words in answers.items()
        },
    }


def _told(summary: str, tag: str, *, security: str) -> dict[str, Any]:
    return {
        "summary": summary,
        "tags": [tag],
        "security": [{security: []}],
        "parameters": [
            {"name": "business", "in": "path", "required": True, "schema": {"type": "string"}}
        ],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"type": "object"}}},
        },
        "responses": {
            "200": {"description": "It is answered, or stored, now or before."},
            "400": {"description": "The body is not a JSON object, or not of this sender's shape."},
            "401": {"description": _REFUSALS["401"]},
            "413": {"description": _REFUSALS["413"]},
            "422": {"description": "It is about a call, and names none."},
            "503": {"description": "It could not be stored, or the business not be looked up."},
        },
    }


def _json(model: type[BaseModel]) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": _REFERENCE.format(model=model.__name__)}}}
