"""The yardstick: FastAPI taking a JSON body and giving it back, served as our own server is."""

from typing import Any

from fastapi import FastAPI, Response
from prometheus_client import generate_latest

app = FastAPI()


@app.post("/echo")
async def echo(body: dict[str, Any]) -> dict[str, Any]:
    """Give back what came."""
    return body


@app.get("/metrics")
async def metrics() -> Response:
    """What this process has used so far."""
    return Response(generate_latest())
