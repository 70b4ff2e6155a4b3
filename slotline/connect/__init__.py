"""`slotline connect`: a business's agents at a phone platform, printed, compared or made."""

from slotline.connect.connecting import CannotConnect, settle, show, show_tools

__all__ = ["CannotConnect", "settle", "show", "show_tools"]
