"""Who is asking: an API key, something that poses as an access token, or nobody."""

from dataclasses import dataclass
from enum import Enum

from calcom.sandbox.errors import Nest, unauthorized
from calcom.sandbox.records import User
from calcom.sandbox.world import World

_KEY_PREFIX = "cal_"
_BEARER = "Bearer "
_TOKEN_LIMIT = 500


class Door(Enum):
    """What an endpoint asks of the caller."""

    PUBLIC = "anybody may; a wrong credential still fails"
    GUARDED = "401 without a credential"
    PERMISSION = "403 without a credential"


@dataclass(frozen=True, slots=True)
class Credential:
    """What came in the `Authorization` header, and how its requests are counted."""

    bucket: str
    limit: int | None
    """Requests a minute if other than the account's."""
    user: User | None = None
    is_bearer_token: bool = False
    is_other: bool = False


def identify(world: World, authorization: str | None, *, address: str) -> Credential:
    """Read the header. Keys also count without `Bearer`.

    Args:
        world: Holds the valid keys.
        authorization: The header as sent.
        address: The caller's, by which requests without a credential are counted.

    Raises:
        Nest: 401, a key that does not exist; this fails public endpoints too.
    """
    if not authorization:
        return Credential(f"ip:{address}", None)
    secret = authorization.removeprefix(_BEARER)
    if not secret.startswith(_KEY_PREFIX):
        is_bearer = authorization.startswith(_BEARER)
        return Credential(
            f"token:{secret}", _TOKEN_LIMIT, is_bearer_token=is_bearer, is_other=not is_bearer
        )
    key = world.api_keys.get(secret)
    if key is None:
        raise unauthorized("CustomThrottlerGuard - Invalid API Key")
    return Credential(f"key:{secret}", None, user=world.users[key.user_id])


def admit(credential: Credential, door: Door) -> User | None:
    """The user whom the credential stands for, None for nobody.

    Raises:
        Nest: 401 or 403, the door does not open for this credential.
    """
    if credential.is_bearer_token or (credential.is_other and door is not Door.PUBLIC):
        raise unauthorized("Invalid Access Token.")
    if credential.user is None and door is Door.GUARDED:
        raise unauthorized(
            "ApiAuthStrategy - No authentication method provided. Either pass an API key as "
            "'Bearer' header or OAuth client credentials as 'x-cal-secret-key' and "
            "'x-cal-client-id' headers"
        )
    if credential.user is None and door is Door.PERMISSION:
        raise Nest(
            403,
            "PermissionsGuard - no authentication provided. Provide either authorization bearer "
            "token containing managed user access token or oAuth client id in 'x-cal-client-id' "
            "header.",
        )
    return credential.user
