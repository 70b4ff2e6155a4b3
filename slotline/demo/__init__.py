"""`slotline demo`: everything on this machine, one phone call, and then it keeps serving."""

from slotline.demo.run import run

__all__ = ["run"]
