"""Tasks for the tests of the sandbox: what readers do at their worst."""

from __future__ import annotations

import ctypes
import os
import resource
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

from aggregator.errors import ReadError


def echo(header: str, body: bytes) -> str:
    return f"{header} {len(body)}"


def whoami(header: str, body: bytes) -> str:
    return str(os.getpid())


def spin(header: str, body: bytes) -> str:
    until = time.process_time() + float(header)
    while time.process_time() < until:
        pass
    return "done"


def stick(header: str, body: bytes) -> str:
    time.sleep(3600)
    return ""


def eat(header: str, body: bytes) -> str:
    return str(len(b"x" * int(header)))


def segfault(header: str, body: bytes) -> str:
    ctypes.string_at(0)
    return ""


def leave(header: str, body: bytes) -> str:
    os._exit(3)


def flood(header: str, body: bytes) -> str:
    return "x" * int(header)


def refuse(header: str, body: bytes) -> str:
    raise ReadError("This is a page, not a calendar.", code="html")


def stumble(header: str, body: bytes) -> str:
    raise ZeroDivisionError("a bug")


def descend(header: str, body: bytes) -> str:
    return descend(header, body)


def connect(header: str, body: bytes) -> str:
    host, _, port = header.partition(":")
    socket.create_connection((host, int(port)), 1).close()
    return "connected"


def network(header: str, body: bytes) -> str:
    return os.readlink("/proc/self/ns/net")


def write_by_machine_code(header: str, body: bytes) -> str:
    """Past the audit hook, as a C library would."""
    libc = ctypes.CDLL(None)
    file = libc.open(header.encode(), os.O_CREAT | os.O_WRONLY, 0o600)
    return str(libc.write(file, body, len(body)))


def core_limit(header: str, body: bytes) -> str:
    return str(resource.getrlimit(resource.RLIMIT_CORE))


def read_file(header: str, body: bytes) -> str:
    return Path(header).read_text()


def write_file(header: str, body: bytes) -> str:
    Path(header).write_bytes(body)
    return "written"


def surroundings(header: str, body: bytes) -> str:
    files = sorted(os.listdir("/proc/self/fd")) if header == "fds" else []
    return {"fds": str(len(files)), "env": repr(dict(os.environ)), "cwd": repr(os.listdir("."))}[header]


def zone(header: str, body: bytes) -> str:
    return str(ZoneInfo(header))


def modules(header: str, body: bytes) -> str:
    return str(header in sys.modules)


TASKS: dict[str, Callable[[str, bytes], str]] = {
    function.__name__: function
    for function in (
        echo,
        whoami,
        spin,
        stick,
        eat,
        segfault,
        leave,
        flood,
        refuse,
        stumble,
        descend,
        connect,
        network,
        write_by_machine_code,
        core_limit,
        read_file,
        write_file,
        surroundings,
        zone,
        modules,
    )
}
