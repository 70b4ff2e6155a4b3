"""`slotline key show`: what to enter at the other side of a connection."""

from booking.directory import Directory


class UnknownKey(Exception):
    """There is no such business, or it has no such credential. The words name no secret."""


async def show(directory: Directory, slug: str, name: str) -> str:
    """The newest valid value of a business's credential.

    Args:
        directory: Where businesses are.
        slug: Of the business.
        name: Such as `api_key`.

    Raises:
        UnknownKey: With what there is instead.
        DatabaseUnavailable: It cannot be looked up now.
        SecretKeyWrong: It was sealed with another key.
    """
    access = await directory.access(slug)
    if access is None:
        raise UnknownKey(f"no business {slug!r} is served here")
    values = access.secrets.get(name)
    if not values:
        there = ", ".join(sorted(access.secrets)) or "none at all"
        raise UnknownKey(f"{slug} has no credential {name!r}; it has {there}")
    return values[0]
