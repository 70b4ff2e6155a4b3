"""`python -m evals.policy`: the policy as a server of models, for the demo."""

import asyncio
from argparse import ArgumentParser

from evals.policy.serving import serve_until_stopped

if __name__ == "__main__":
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8200)
    asyncio.run(serve_until_stopped(parser.parse_args().port))
