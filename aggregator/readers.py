"""Reading answers in a `Sandbox`: the two doors of `formats` as the serving process may call them.

No format is imported here; that happens in the children, where `sandbox_tasks` is the other end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from aggregator import codec
from aggregator.errors import ReaderDied
from aggregator.model import Context, Reading
from aggregator.sandbox import Sandbox


@dataclass(frozen=True, slots=True)
class ReadHeader:
    """What goes with the bytes of an answer; `known` maps chunk keys to stored hashes."""

    context: Context
    known: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RereadHeader:
    """What goes with kept pieces, which are the body (`Raws`)."""

    format: str
    context: Context


@dataclass(frozen=True, slots=True)
class Raws:
    """Kept pieces by chunk key."""

    raws: Mapping[str, bytes]


def read_answer(sandbox: Sandbox, body: bytes, context: Context, known: Mapping[str, str]) -> Reading:
    """`formats.read_answer` in a child; raises `ReadError`, `ReaderDied` included. Waits for a free child."""
    return _reading(sandbox.run("read", codec.dumps(ReadHeader(context, known)), body))


def reread(sandbox: Sandbox, format: str, raws: Mapping[str, bytes], context: Context) -> Reading:
    """`formats.reread` in a child, with the errors of `read_answer`."""
    header = codec.dumps(RereadHeader(format, context))
    return _reading(sandbox.run("reread", header, codec.dumps(Raws(raws)).encode()))


def _reading(said: str) -> Reading:
    try:
        return codec.loads(Reading, said)
    except (ValueError, TypeError, KeyError) as error:
        raise ReaderDied("The reader gave an answer without meaning.", code="reader-crash") from error
