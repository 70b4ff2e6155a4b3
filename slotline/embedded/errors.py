"""What can go wrong when the project starts servers of its own.

EmbeddedError
├── NoServer         no wheel and no system package brings the programs
├── NoPlace          no folder that the servers may use
└── DidNotStart      the server refused; its last words are in the message
"""


class EmbeddedError(Exception):
    """A server of our own cannot be had. The message is one line for people, with a remedy."""


class NoServer(EmbeddedError):
    """The server's programs are not on this machine."""


class NoPlace(EmbeddedError):
    """The account that runs the servers can reach no folder that we may use."""


class DidNotStart(EmbeddedError):
    """The server's program gave up or did not become ready in time."""
