"""TOML that people write, checked against a pydantic model: each fault with file, line and key.

`read` or `parse`; what is wrong comes as `Refused`, whose faults say what to mend.
"""

from toml_files.reading import Fault, Key, Refused, parse, read

__all__ = ["Fault", "Key", "Refused", "parse", "read"]
