"""How long a caller waits for the first word of a streamed Chat Completion."""

import time
from collections.abc import Mapping

import httpx

from evals.bench.load import BadAnswer


async def first_word_ms(
    http: httpx.AsyncClient, base_url: str, body: Mapping[str, object], headers: Mapping[str, str]
) -> float:
    """Milliseconds from the request until the first chunk with words in it.

    Args:
        http: With a connection that is kept.
        base_url: As for OpenAI's SDK.
        body: A request that is streamed.
        headers: With the credential.

    Raises:
        BadAnswer: There were no words.
    """
    started, waited = time.perf_counter(), None
    url = f"{base_url}/chat/completions"
    async with http.stream("POST", url, json=dict(body), headers=dict(headers)) as answer:
        async for line in answer.aiter_lines():  # to the end, so that the connection is kept
            if waited is None and '"content"' in line and '"content": ""' not in line:
                waited = (time.perf_counter() - started) * 1000
    if answer.status_code != httpx.codes.OK or waited is None:
        raise BadAnswer(f"{url}: {answer.status_code}, and no words")
    return waited
