"""Who holds a lease: the name of a process, and whether a process of this machine has ended. Reads no table.

A process that was killed gives nothing back. Its leases would bar its sources until they expire, so a holder of
this very machine that runs no more is known as such; of other machines' processes nothing is known.
"""

import os
import secrets
import socket
from pathlib import Path

_PROC = Path("/proc")


def own_name() -> str:
    """The name of this process: machine, process number and start, and a word so that two runs in it differ."""
    return "/".join((_machine(), str(os.getpid()), _started(os.getpid()) or "", secrets.token_hex(4)))


def has_ended(name: str) -> bool:
    """Whether that process is certainly gone; False where that can't be known."""
    machine, _, rest = name.rpartition("/")[0].partition("/")
    number, _, started = rest.partition("/")
    if machine != _machine() or not number.isdigit() or not started:
        return False
    return _started(int(number)) != started


def _machine() -> str:
    """Host, boot and process space: only where all three are the same do process numbers mean the same."""
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text().strip()
        space = os.readlink(_PROC / "self/ns/pid")
    except OSError:
        return f"{socket.gethostname()}:?:{secrets.token_hex(4)}"  # equals no other: nothing is known there
    return f"{socket.gethostname()}:{boot}:{space}"


def _started(number: int) -> str | None:
    """The moment at which a process began, in the kernel's ticks (proc(5), field 22); None where there is none."""
    try:
        stat = (_PROC / str(number) / "stat").read_text()
    except OSError:
        return None
    fields = stat.rpartition(")")[2].split()
    return None if fields[0] in ("Z", "X") else fields[19]
