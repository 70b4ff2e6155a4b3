"""Recorded answers of a model, found again by what was asked: model, messages and tools.

A folder holds a file for each trial, one answer a line, and no header, so no key. Whoever changes a
prompt, a tool or a reply asks something else: then nothing is found, and that is an error, never a
silent call over the network.
"""

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import httpx2

from evals.wire import NotRecorded, Round

_ABOUT: Final = "about.json"
_ENDING: Final = ".jsonl"
_ASKED: Final = ("model", "messages", "tools")


class NoCassettes(Exception):
    """There is nothing to replay. The message says what helps."""


def key_of(asked: Mapping[str, Any]) -> str:
    """What an answer goes by: a digest of what a model sees."""
    seen = {name: asked.get(name) for name in _ASKED}
    text = json.dumps(seen, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def keep(folder: Path, name: str, rounds: Iterable[Round]) -> None:
    """Write down what a model answered in one trial."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [
        json.dumps(
            {
                "key": key_of(each.asked),
                "after": each.asked["messages"][-1].get("content"),
                "answer": each.body.decode(),
            },
            ensure_ascii=False,
        )
        for each in rounds
        if each.body
    ]
    (folder / f"{name}{_ENDING}").write_text("".join(f"{line}\n" for line in lines), "utf-8")


def keep_about(folder: Path, model: str) -> None:
    """Write down which model it is that is recorded."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _ABOUT).write_text(json.dumps({"model": model}) + "\n", "utf-8")


def model_of(folder: Path) -> str:
    """Which model was recorded.

    Raises:
        NoCassettes: Nothing was recorded there.
    """
    try:
        about = json.loads((folder / _ABOUT).read_text("utf-8"))
    except FileNotFoundError:
        raise NoCassettes(
            f"{folder} holds no recorded calls: make some with --agent model --record {folder}"
        ) from None
    return str(about["model"])


class Player(httpx2.AsyncBaseTransport):
    """Answers as was recorded, and nothing else."""

    def __init__(self, folder: Path) -> None:
        self._answers: dict[str, str] = {}
        for path in sorted(folder.glob(f"*{_ENDING}")):
            for line in path.read_text("utf-8").splitlines():
                row = json.loads(line)
                self._answers[row["key"]] = row["answer"]

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Find the answer to exactly this.

        Raises:
            NotRecorded: It was never asked.
        """
        asked = json.loads(await request.aread())
        answer = self._answers.get(key_of(asked))
        if answer is None:
            raise NotRecorded(
                "no such answer: prompt, tools or replies have changed since; record anew"
            )
        return httpx2.Response(
            200, headers={"content-type": "text/event-stream"}, content=answer.encode()
        )
