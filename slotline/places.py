"""Where things are on this machine."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self


@dataclass(frozen=True, slots=True)
class Places:
    """The folders and files that commands work with."""

    root: Path
    """The source tree: an application, run from where it was checked out or copied to."""

    @classmethod
    def here(cls) -> Self:
        """Those of the tree that this module belongs to, whatever the working directory is."""
        return cls(Path(__file__).resolve().parents[1])

    @property
    def directory(self) -> Path:
        """What the embedded servers, the demo and the secret key leave; ignored by git."""
        return self.root / ".slotline"

    @property
    def recordings_url(self) -> str:
        """Where recordings are kept unless somebody says otherwise."""
        return (self.directory / "recordings").as_uri()

    @property
    def demo_business(self) -> Path:
        """The business that the demo rings."""
        return self.root / "deploy" / "demo.business.toml"
