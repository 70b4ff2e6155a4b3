"""What a tool is: arguments in, a reply out, and a schema short enough to read every turn."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar, get_args
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, model_validator

from booking.business import Business, Line
from booking.desk import Desk
from tools.arguments import fitted
from tools.conversation import Conversation
from tools.reply import Reply
from tools.words.language import Words


class Args(BaseModel):
    """Arguments as models really send them: strings, or missing; anything else is made to fit."""

    model_config = ConfigDict(extra="ignore", frozen=True, use_attribute_docstrings=True)

    required: ClassVar[tuple[str, ...]] = ()
    """What the schema marks as required. Its absence is still answered with a question."""

    @model_validator(mode="before")
    @classmethod
    def _tolerate(cls, given: Mapping[str, object]) -> dict[str, str | bool]:
        fields = cls.model_fields.items()
        return fitted(given, {name: _is_boolean(field.annotation) for name, field in fields})


def _is_boolean(annotation: object) -> bool:
    return annotation is bool or bool in get_args(annotation)


@dataclass(slots=True)
class ToolContext:
    """What a tool may use. Built by `server.dispatch` for one tool call."""

    business: Business
    line: Line
    words: Words
    call_id: UUID
    caller: str | None
    """E.164, `None` for a hidden number."""
    conversation: Conversation
    desk: Desk
    now: datetime
    """Aware UTC; read once, when the request arrived."""
    answer_by: float
    """When the reply must be on its way, on the event loop's clock in seconds."""

    @property
    def zone(self) -> ZoneInfo:
        return self.line.timezone

    def local(self, instant: datetime) -> datetime:
        """An instant as wall time of the line."""
        return instant.astimezone(self.zone)


A = TypeVar("A", bound=Args)


@dataclass(frozen=True, slots=True)
class Tool(Generic[A]):
    """A tool: its name, what it takes, what it does and how long a caller may wait for it."""

    READS_WITHIN_SECONDS: ClassVar[float] = 2.0
    WRITES_WITHIN_SECONDS: ClassVar[float] = 4.0
    """Some clients hang up on a tool after 5.0 s (LiveKit, OpenAI Agents)."""

    name: str
    takes: type[A]
    run: Callable[[A, ToolContext], Awaitable[Reply]]
    writes: bool = False

    @property
    def seconds(self) -> float:
        """The deadline: every call is answered within it, whatever is slow or down."""
        return self.WRITES_WITHIN_SECONDS if self.writes else self.READS_WITHIN_SECONDS

    async def answer(self, arguments: Mapping[str, object], context: ToolContext) -> Reply:
        """Validate what the model sent and run the tool."""
        return await self.run(self.takes.model_validate(arguments), context)

    @property
    def description(self) -> str:
        return " ".join((self.takes.__doc__ or "").split())

    @property
    def parameters(self) -> dict[str, Any]:
        """JSON Schema of the arguments, without what a model does not need to read."""
        properties: dict[str, Any] = {}
        for name, field in self.takes.model_fields.items():
            properties[name] = {"type": "boolean" if _is_boolean(field.annotation) else "string"}
            if field.description:
                properties[name]["description"] = " ".join(field.description.split())
        schema: dict[str, Any] = {"type": "object", "properties": properties}
        required = list(self.takes.required)
        return schema | ({"required": required} if required else {})
