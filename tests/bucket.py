"""A bucket at a server that speaks S3, in a process of its own."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import uuid4

import httpx

from calls.recordings import BucketAccess
from slotline.demo.processes import free_port, running_command

KEY: Final = ("the id of a key", "the secret of a key")


@dataclass(frozen=True, slots=True)
class Bucket:
    """One that nobody else has."""

    endpoint: str
    name: str

    @property
    def url(self) -> str:
        return f"s3://{self.name}/of-the-practice"

    @property
    def access(self) -> BucketAccess:
        return BucketAccess(self.endpoint, "eu-central-1", *KEY)

    async def files(self) -> list[str]:
        """What is kept, by the last part of its name."""
        listed = await self._told("list-type=2")
        return [
            part.partition("</Key>")[0].rpartition("/")[2] for part in listed.split("<Key>")[1:]
        ]

    async def is_uploading(self) -> bool:
        """Whether parts lie about of something that is not complete."""
        return "<UploadId>" in await self._told("uploads")

    async def _told(self, query: str) -> str:
        async with httpx.AsyncClient(trust_env=False) as http:
            answer = await http.get(f"{self.endpoint}/{self.name}?{query}")
        answer.raise_for_status()
        return answer.text


@asynccontextmanager
async def bucket_server(directory: Path) -> AsyncIterator[str]:
    """Run one, with its log in `directory`; tells its address."""
    port = free_port()
    command = [sys.executable, "-m", "moto.server", f"--port={port}"]
    async with running_command(command, environment={}, log=directory) as server:
        endpoint = f"http://127.0.0.1:{port}"
        await server.answers(endpoint)
        yield endpoint


async def new_bucket(endpoint: str) -> Bucket:
    """One with nothing in it."""
    bucket = Bucket(endpoint, f"recordings-{uuid4().hex}")
    async with httpx.AsyncClient(trust_env=False) as http:
        answer = await http.put(
            f"{endpoint}/{bucket.name}",
            content=b"<CreateBucketConfiguration>"
            b"<LocationConstraint>eu-central-1</LocationConstraint></CreateBucketConfiguration>",
        )
    answer.raise_for_status()
    return bucket
