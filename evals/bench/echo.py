"""The yardstick: FastAPI taking a JSON body and giving it back, served as our own server is."""

from typing import Any

from fastapi import FastAPI

app = FastAPI()


@app.post("/echo")
async def echo(body: dict[str, Any]) -> dict[str, Any]:
    """Give back what came."""
    return body
