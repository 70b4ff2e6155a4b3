"""Phrase files of services: each item through the rule that every tool finds services by."""

from collections.abc import Mapping
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from booking.business import Service
from booking.services import Found, NotOffered, NotSaid, ServiceMatch, SeveralFit, find_service
from evals.grading import Grade


def grade(item: Mapping[str, Any]) -> Grade:
    """Grade one item; a service taken that is not accepted is a silent error."""
    services = [
        Service(
            id=uuid5(NAMESPACE_OID, service["slug"]),
            slug=service["slug"],
            name=service["name"],
            synonyms=tuple(service.get("synonyms") or ()),
        )
        for service in item["services"]
    ]
    kind, slugs = _outcome(find_service(item["heard"], services, language=item["lang"]))
    right = _accepts(item["expect"], kind, slugs)
    return Grade(
        right=right,
        silent_wrong=not right and kind == "found",
        got=f"{kind} {', '.join(slugs)}".strip(),
    )


def _outcome(match: ServiceMatch) -> tuple[str, list[str]]:
    match match:
        case Found(service=service):
            return "found", [service.slug]
        case SeveralFit(candidates=services):
            return "need_service", [service.slug for service in services]
        case NotOffered(suggestions=services):
            return "unknown_service", [service.slug for service in services]
        case NotSaid():
            return "need_service", []


def _accepts(expect: Mapping[str, Any], kind: str, slugs: list[str]) -> bool:
    if kind == "found":
        return slugs[0] == expect.get("slug") or slugs[0] in expect.get("also_ok_slugs", ())
    if kind != expect.get("kind") and kind not in expect.get("also_ok_kinds", ()):
        return False
    candidates = expect.get("candidates") or ()
    return not (slugs and candidates) or not set(slugs).isdisjoint(candidates)
