"""What people read: messages to callers and notices to staff, one file a language."""

from tools.words.messages import de, en
from tools.words.messages.language import MessageWords

__all__ = ["MESSAGES", "MessageWords", "messages_in"]

MESSAGES = {words.language: words for words in (en.MESSAGES, de.MESSAGES)}


def messages_in(language: str) -> MessageWords:
    """The messages of a language; English where nobody has written it yet."""
    return MESSAGES.get(language, MESSAGES["en"])
