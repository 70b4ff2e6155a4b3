"""`python -m evals.policy`: the policy as a server of models, for the demo."""

import asyncio
import signal
import sys
from argparse import ArgumentParser

from evals.policy.serving import serving


async def _serve(port: int) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with serving(port=port) as url:
        print(f"Serving at {url}", file=sys.stderr)
        await stop.wait()


if __name__ == "__main__":
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8200)
    asyncio.run(_serve(parser.parse_args().port))
