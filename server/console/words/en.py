"""English."""

from collections.abc import Mapping
from typing import Final

WORDS: Final[Mapping[str, str]] = {
    "login.title": "Log in",
    "login.email": "E-mail",
    "login.password": "Password",
    "login.enter": "Log in",
    "login.hint": "No account? Whoever runs Slotline here makes one: slotline user add.",
    "login.refused": "E-mail and password do not belong together.",
    "login.locked": "Too many attempts. Try again in a few minutes.",
    "account.title": "Your account",
    "account.name": "Name",
    "account.place": "Works at",
    "account.nowhere": "No business yet. Whoever runs Slotline here can add you to one.",
    "account.change": "Change password",
    "account.old": "Password until now",
    "account.new": "New password",
    "account.changed": "The password is changed. Everywhere else you are logged out.",
    "account.bad_password": "The new password needs at least {shortest} characters.",
    "account.wrong_password": "The old password is not right.",
    "role.staff": "Staff",
    "role.ops": "Operations",
    "role.admin": "Administration",
    "sorry.403": "That was not sent from here",
    "sorry.403.why": "The form was too old, or another page sent it. Nothing was changed; try again.",
    "sorry.404": "Nothing here",
    "sorry.404.why": "The address leads nowhere, or to something that is not yours to see.",
    "sorry.503": "Not now",
    "sorry.503.why": "The database cannot be reached. The phone is still answered; try again soon.",
    "sorry.other": "That went wrong",
    "sorry.other.why": "It has been written down. Nothing may have been changed; look before you try again.",
    "sorry.home": "To the console",
    "nav.log_out": "Log out",
    "number.hidden": "Hidden number",
}
