"""Values ⇄ JSON text, for the tables and for the pipe to the readers' child processes. No I/O.

Works for the frozen dataclasses of `model.py` by their annotations. A time in an IANA zone is written as
RFC 9557 says (`2027-01-16T18:30:00+01:00[Europe/Stockholm]`) and read back by its wall time, so that a later
rule change of the zone moves the instant and never the hour on the poster. Members that hold their default
are left out, so that a new member needs no migration.
"""

import base64
import json
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo

T = TypeVar("T")
Step = Callable[[Any], Any]  # Any: JSON in, a value of the annotated type out, or the reverse
_text = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode  # made once: it costs as much as a value


def dumps(value: object) -> str:
    """The value as compact JSON text; equal values give equal text."""
    return _text(_encoder(type(value))(value))


def loads(cls: type[T], text: str | bytes) -> T:
    """The value of type `cls` that `dumps` wrote. Raises ValueError, TypeError or KeyError for anything else."""
    value: T = _decoder(cls)(json.loads(text))
    return value


def loads_many(cls: type[T], text: str) -> tuple[T, ...]:
    """A JSON array of values of one type."""
    return tuple(map(_decoder(cls), json.loads(text)))


def dumps_many(cls: type[T], values: tuple[T, ...]) -> str:
    """Values of one type as a JSON array."""
    return _text(list(map(_encoder(cls), values)))


def moment_text(value: datetime | date) -> str:
    """A day as `YYYY-MM-DD`; an instant with its offset, and its zone's name where it has one."""
    if not isinstance(value, datetime):
        return value.isoformat()
    zone = value.tzinfo
    return f"{value.isoformat()}[{zone.key}]" if isinstance(zone, ZoneInfo) else value.isoformat()


def read_moment(text: str) -> datetime | date:
    """The reverse of `moment_text`."""
    if len(text) == 10:
        return date.fromisoformat(text)
    stamp, _, zone = text.partition("[")
    value = datetime.fromisoformat(stamp)
    return _in_zone(value, zone[:-1]) if zone else value


def _in_zone(stated: datetime, name: str) -> datetime:
    zone = ZoneInfo(name)
    local = stated.replace(tzinfo=zone, fold=0)
    later = local.replace(fold=1)
    return later if local.utcoffset() != stated.utcoffset() == later.utcoffset() else local


def _same(value: Any) -> Any:
    return value


_PLAIN: dict[type, tuple[Step, Step]] = {
    str: (_same, _same),
    int: (_same, _same),
    bool: (_same, _same),
    float: (_same, float),
    type(None): (_same, _same),
    datetime: (moment_text, read_moment),
    date: (moment_text, read_moment),
    time: (time.isoformat, time.fromisoformat),
    timedelta: (timedelta.total_seconds, lambda seconds: timedelta(seconds=seconds)),
    Decimal: (str, Decimal),
    bytes: (lambda raw: base64.b64encode(raw).decode(), base64.b64decode),
}


def _encoder(kind: Any) -> Step:
    step: Step = _steps(kind)[0]
    return step


def _decoder(kind: Any) -> Step:
    step: Step = _steps(kind)[1]
    return step


@cache
def _steps(kind: Any) -> tuple[Step, Step]:
    """How to write and how to read a value of an annotated type."""
    if kind in _PLAIN:
        return _PLAIN[kind]
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _optional(kind)
    if origin in (tuple, list, frozenset):
        return _sequence(origin, get_args(kind))
    if origin in (dict, Mapping) or (origin is not None and issubclass(origin, Mapping)):
        return _mapping(get_args(kind)[1])
    if _is_enum(kind):
        return (lambda member: member.value), kind
    if isinstance(kind, type) and is_dataclass(kind):
        return _record(kind)
    raise TypeError(f"no JSON form for {kind!r}")


def _is_enum(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Enum)


def _optional(kind: Any) -> tuple[Step, Step]:
    members = [member for member in get_args(kind) if member is not type(None)]
    if set(members) == {date, datetime}:
        members = [datetime]
    if len(members) != 1:
        raise TypeError(f"no JSON form for {kind!r}")
    write, read = _steps(members[0])
    return (lambda v: None if v is None else write(v)), (lambda v: None if v is None else read(v))


def _sequence(origin: Any, args: tuple[Any, ...]) -> tuple[Step, Step]:
    if origin is tuple and args[-1] is not Ellipsis:
        parts = [_steps(arg) for arg in args]
        return (
            lambda v: [write(x) for (write, _), x in zip(parts, v, strict=True)],
            lambda v: tuple(read(x) for (_, read), x in zip(parts, v, strict=True)),
        )
    write, read = _steps(args[0])
    order: Step = sorted if origin is frozenset else list
    return (lambda v: order(map(write, v))), (lambda v: origin(map(read, v)))


def _mapping(member: Any) -> tuple[Step, Step]:
    write, read = _steps(member)
    return (lambda v: {k: write(x) for k, x in v.items()}), (lambda v: {k: read(x) for k, x in v.items()})


def _record(cls: Any) -> tuple[Step, Step]:
    hints = get_type_hints(cls)
    plan = [(f.name, _default(f), *_late(hints[f.name])) for f in fields(cls)]

    def write(value: Any) -> dict[str, Any]:
        out = {}
        for name, default, encode, _ in plan:
            member = getattr(value, name)
            if member is not default and member != default:
                out[name] = encode(member)
        return out

    readers = {name: decode for name, _, _, decode in plan}

    def read(raw: dict[str, Any]) -> Any:
        return cls(**{name: readers[name](member) for name, member in raw.items()})

    return write, read


def _late(kind: Any) -> tuple[Step, Step]:
    """Steps that are looked up at use, so that a type may hold itself; what can't is looked up now."""
    if all(part in _PLAIN or part is Ellipsis for part in get_args(kind) or (kind,)) or _is_enum(kind):
        return _steps(kind)
    return (lambda v: _encoder(kind)(v)), (lambda v: _decoder(kind)(v))


def _default(f: "Field[Any]") -> Any:
    if f.default_factory is not MISSING:
        return f.default_factory()
    return MISSING if f.default is MISSING else f.default


def utc(value: datetime) -> datetime:
    """The same instant in UTC; raises ValueError for a naive value."""
    if value.tzinfo is None:
        raise ValueError("a naive time has no place here")
    return value.astimezone(UTC)
