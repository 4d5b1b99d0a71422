"""Words as parts of addresses: a–z, 0–9 and hyphens. Pure."""

import re
import unicodedata

_OTHER = re.compile(r"[^a-z0-9]+")


def slug(text: str) -> str:
    """ "Barn & familj" → "barn-familj", "Läsning på rådhuset" → "lasning-pa-radhuset"; may be empty."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return _OTHER.sub("-", "".join([c for c in parts if not unicodedata.combining(c)])).strip("-")
