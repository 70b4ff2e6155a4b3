"""What the command says: documents for a platform, and what differs there."""

import json
from collections.abc import Mapping
from typing import Any, Final

from rich.console import Console

from slotline.connect.account import Account, Change

_LONGEST: Final = 60


def print_document(document: object) -> None:
    """As JSON, to be pasted or piped to where it is wanted."""
    text = json.dumps(document, ensure_ascii=False, indent=2)
    Console().print(text, markup=False, highlight=False, soft_wrap=True)


def print_documents(
    documents: Mapping[str, Mapping[str, Any]], *, base_url: str, as_json: bool
) -> None:
    """Every agent's documents, each under the request that makes it."""
    if as_json:
        print_document(documents)
        return
    console = Console(soft_wrap=True, markup=False, highlight=False)
    for name, requests in documents.items():
        for request, body in requests.items():
            method, _, path = request.partition(" ")
            console.print(f"# {name}: {method} {base_url}{path}")
            print_document(body)


def print_outcome(account: Account, *, as_json: bool) -> None:
    """What differs, or differed until it was written."""
    if as_json:
        text = {
            "written": account.writes,
            "changes": [_as_json(account, change) for change in account.changes],
            "missing": account.missing,
        }
        print_document(text)
        return
    console = Console(soft_wrap=True, markup=False, highlight=False)
    for change in account.changes:
        what = ("changed" if account.writes else "differs") if change.differences else "made"
        if not (account.writes or change.differences):
            what = "not there yet"
        console.print(f"{what}: {change.subject}")
        for one in change.differences:
            there, wanted = _short(account, one.there), _short(account, one.wanted)
            console.print(f"  {one.path}: {there} -> {wanted}")
    for sentence in account.missing:
        console.print(f"missing: {sentence}")
    if not account.changes:
        console.print("nothing differs")


def _as_json(account: Account, change: Change) -> dict[str, Any]:
    differences = [
        {
            "path": one.path,
            "there": _veiled(account, one.there),
            "wanted": _veiled(account, one.wanted),
        }
        for one in change.differences
    ]
    return {
        "subject": change.subject,
        "is_new": not change.differences,
        "differences": differences,
    }


def _veiled(account: Account, value: object) -> object:
    return json.loads(account.veiled(json.dumps(value, ensure_ascii=False)))


def _short(account: Account, value: object) -> str:
    if value is None:
        return "(nothing)"
    text = account.veiled(json.dumps(value, ensure_ascii=False))
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."
