"""Mail addresses as they are typed: one is taken or none. Sends nothing and asks no name server.

Of RFC 5321 and 5322 only what every mail server takes: a dot-atom in ASCII and a domain name; no quoted local part, no
comment, no display name, no address literal, never two addresses (F07). Every pattern is linear (F24).
"""

from __future__ import annotations

import re

import idna

LONGEST = 254  # RFC 5321 4.5.3.1.3, less the angle brackets
_LOCAL = 64  # RFC 5321 4.5.3.1.1
_ATOM = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


def mailbox(typed: str) -> str | None:
    """The one address that was typed, in lower case, its domain in ASCII; None for anything else.

    Case is dropped before the @ too: no server in use tells "Anna" from "anna", and one person stays one.
    """
    text = typed.strip()
    if len(text) > LONGEST or not text.isprintable():
        return None
    local, at, domain = text.lower().rpartition("@")
    host = _host(domain)
    if not at or host is None or len(local) > _LOCAL or _ATOM.fullmatch(local) is None:
        return None
    return f"{local}@{host}"


def _host(domain: str) -> str | None:
    """A domain name of at least two labels, the last not of digits; international ones as they are sent."""
    try:
        host = domain if domain.isascii() else idna.encode(domain, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return None
    labels = host.split(".")
    if len(labels) < 2 or labels[-1].isdigit() or len(host) > LONGEST - 2:
        return None
    return host if all(_LABEL.fullmatch(label) for label in labels) else None
