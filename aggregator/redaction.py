"""What is suppressed, taken out of values: of listings, events, states, answers that were read. Pure.

The same value comes out the same wherever it comes from, so that what is stored and what a source delivers again still
are one: names by which things are found become a keyed hash, addresses of the web in which something stands go whole,
other texts lose what is suppressed and keep the rest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from aggregator.model import Chunk, Listing, Reading, Source
from aggregator.suppression import Suppressed, untagged

T = TypeVar("T")
NAMELESS = "Evenemang"  # the title of an event, or the name of a source, that was the name alone
# Members that name something: a hash stands in for them, else what belongs together would not find together.
_NAMES = frozenset({"uid", "recurrence", "recurrence_id", "series", "chunk", "key", "keys", "mark"})
_LINKS = frozenset({"url", "links", "ticket_url", "image", "next_url", "follow", "answered"})
# Our own ids and words, and hashes: nobody's.
_OURS = frozenset({"id", "source", "sources", "event", "person", "hash", "digest", "code", "rule", "field", "format"})


def redacted(value: T, suppressed: Suppressed) -> T:
    """The value without what is suppressed; the very same one where it holds nothing of it."""
    done: T = _walked(value, "", suppressed) if suppressed else value
    return done


def of_reading(reading: Reading, suppressed: Suppressed) -> Reading:
    """What was read of an answer, before anything is decided on it."""
    return redacted(reading, suppressed)


def stand_in(name: str, suppressed: Suppressed) -> str:
    """What stands in for a name by which something is found; equal ones for equal names. Itself if it is clean."""
    if not suppressed.holds(name):
        return name
    return f"erased-{hashlib.blake2b(name.encode(), digest_size=12, key=suppressed.key[:64]).hexdigest()}"


def _walked(value: Any, name: str, suppressed: Suppressed) -> Any:
    if isinstance(value, str):
        return _text(value, name, suppressed)
    if isinstance(value, bytes):
        return suppressed.bytes_without(value)
    if isinstance(value, tuple):
        return _parts(value, name, suppressed)
    if isinstance(value, Mapping):
        return {_text(key, "url", suppressed) or "": _walked(part, "", suppressed) for key, part in value.items()}
    return _record(value, suppressed) if is_dataclass(value) and not isinstance(value, type) else value


def _parts(value: tuple[Any, ...], name: str, suppressed: Suppressed) -> tuple[Any, ...]:
    """The parts that are left; one of which nothing is left, or the address, goes."""
    done = [(_walked(part, name, suppressed), part) for part in value]
    if all(new is old for new, old in done):
        return value
    return tuple(new for new, old in done if new is old or (new and getattr(new, "url", None) != ""))


def _record(value: Any, suppressed: Suppressed) -> Any:
    """A value whose members were looked through; what hangs together in it is kept so."""
    new = {}
    for member in fields(value):
        old = getattr(value, member.name)
        done = old if member.name in _OURS else _walked(old, member.name, suppressed)
        if done is not old:
            new[member.name] = "" if done is None and "None" not in str(member.type) else done
    if not new:
        return value
    if new.get("title") == "":
        new["title"] = NAMELESS
    if isinstance(value, Listing):
        new["digest"] = hashlib.blake2b(f"{value.digest} redacted".encode(), digest_size=16).hexdigest()
    if isinstance(value, Chunk) and "key" in new:
        new["raw"] = None  # read again from its bytes, it would tell its old name
    if isinstance(value, Source):
        new |= {"enabled": False} if "url" in new else {}  # nothing is left to be asked
        new |= {"name": NAMELESS} if new.get("name") == "" else {}
    return replace(value, **new)


def _text(text: str, name: str, suppressed: Suppressed) -> str | None:
    if name in _NAMES:
        return stand_in(text, suppressed)
    if not suppressed.holds(untagged(text) if name == "html" else text):
        return text
    return None if name in _LINKS or name == "html" else suppressed.without(text)
