"""From a TOML text to a checked `BusinessFile`, or to every fault in it with its line."""

from collections.abc import Mapping
from pathlib import Path

import toml_files
from slotline.business_file.agreement import disagreements
from slotline.business_file.schema import BusinessFile


def read(path: Path, *, environment: Mapping[str, str]) -> BusinessFile:
    """Read and check a business file.

    Args:
        path: A TOML file in UTF-8.
        environment: Where secrets written as `env:NAME` are looked up.

    Raises:
        Refused: With all faults that could be found; no message repeats a secret.
    """
    return toml_files.read(
        path, BusinessFile, context={"environment": environment}, disagreements=disagreements
    )


def parse(text: str, *, file: str, environment: Mapping[str, str]) -> BusinessFile:
    """Check the text of a business file; `file` is its name in messages.

    Raises:
        Refused: With all faults that could be found.
    """
    return toml_files.parse(
        text,
        BusinessFile,
        file=file,
        context={"environment": environment},
        disagreements=disagreements,
    )
