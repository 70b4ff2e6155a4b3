"""Phrase files of names: each item through the rule that the desk decides by."""

from collections.abc import Mapping
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from booking.names import Identified, Known, NewPerson, Verdict, verify
from calls.numbers import canonical
from evals.grading import Grade


def grade(item: Mapping[str, Any]) -> Grade:
    """Grade one item; a person taken who is not accepted is a silent error."""
    verdict = verify(
        item["heard"] or "",
        spelled=item.get("spelled"),
        for_someone_else=bool(item.get("for_someone_else")),
        on_number=_on_number(item),
        language=item["lang"],
    )
    outcome, name = _outcome(verdict)
    accepted = [item["expect"], *map(_option, item["expect"].get("also_ok") or ())]
    right = any(_accepts(option, outcome, name) for option in accepted)
    return Grade(
        right=right,
        silent_wrong=not right and name is not None,
        got=f"{outcome} {name}" if name is not None else outcome,
    )


def _on_number(item: Mapping[str, Any]) -> list[Known]:
    """The customers on the caller's number; the first of them is its owner."""
    caller = canonical(item["caller"])
    here = [
        customer
        for customer in item["customers"]
        if caller and canonical(customer["phone"]) == caller
    ]
    return [
        Known(uuid5(NAMESPACE_OID, f"{at} {customer['name']}"), customer["name"], is_owner=at == 0)
        for at, customer in enumerate(here)
    ]


def _outcome(verdict: Verdict) -> tuple[str, str | None]:
    match verdict:
        case Identified(customer=customer):
            return "identified", customer.name
        case NewPerson(name=name):
            return "new", name
        case _:
            return "need_name", None


def _option(option: str | Mapping[str, Any]) -> Mapping[str, Any]:
    return {"outcome": option} if isinstance(option, str) else option


def _accepts(option: Mapping[str, Any], outcome: str, name: str | None) -> bool:
    if option["outcome"] != outcome:
        return False
    names = option.get("name")
    if names is None or name is None:
        return True
    return name in ([names] if isinstance(names, str) else names)
