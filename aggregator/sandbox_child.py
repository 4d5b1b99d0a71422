"""The far side of `sandbox`: a nursery that has imported the readers once, and the children it forks to run them.

Started as a program of its own, never imported by the serving process. The nursery has one thread and reads no
content, so a fork of it is safe and quick, and the children share its memory. It ends when its end of the control
socket does; the children end with it. The protocol is described in `sandbox`.
"""

from __future__ import annotations

import ctypes
import gc
import importlib
import json
import os
import resource
import signal
import socket
import struct
import sys
import tempfile
import traceback
import zoneinfo
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from aggregator.errors import ReadError

Task = Callable[[str, bytes], str]

ORDER = struct.Struct(">cI")  # to the nursery: what, and which child
REPORT = struct.Struct(">II")  # from the nursery: process id, wait status
QUESTION = struct.Struct(">III")  # to a child: lengths of task name, header and body, which follow
REPLY = struct.Struct(">cI")  # from a child: kind, and the length of what follows

OPEN_FILES = 64  # enough for imports and zone files
NICENESS = 5  # reading yields to serving
_PR_SET_PDEATHSIG = 1
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_FORBIDDEN = ("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.system", "os.spawn", "os.remove")


def main(control: int, tasks_module: str, limits: Mapping[str, float]) -> None:
    """Import the tasks, then fork and bury children as ordered until the other side is gone."""
    sock = socket.socket(fileno=control)
    libc = ctypes.CDLL(None, use_errno=True)
    try:
        tasks: Mapping[str, Task] = importlib.import_module(tasks_module).TASKS
    except BaseException:
        sock.sendall(b"X" + traceback.format_exc().encode())
        raise
    folder = tempfile.mkdtemp(prefix="evenemang-")
    os.chdir(folder)
    os.nice(NICENESS)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _leave_network(libc)
    gc.collect()
    gc.freeze()
    sock.sendall(b"R")
    try:
        _nurse(sock, libc, tasks, limits)
    finally:
        os.rmdir(folder)


def _nurse(sock: socket.socket, libc: ctypes.CDLL, tasks: Mapping[str, Task], limits: Mapping[str, float]) -> None:
    while True:
        order, fds, _, _ = socket.recv_fds(sock, ORDER.size, 1)
        if len(order) < ORDER.size:
            return  # the children end with us, by PR_SET_PDEATHSIG
        what, pid = ORDER.unpack(order)
        if what == b"F":
            pid = os.fork()
            if pid == 0:
                sock.close()
                _be_child(socket.socket(fileno=fds[0]), libc, tasks, limits)
            os.close(fds[0])
            sock.sendall(REPORT.pack(pid, 0))
        else:
            sock.sendall(REPORT.pack(pid, _bury(pid)))


def _bury(pid: int) -> int:
    """End a child, if it has not ended itself, and give its wait status."""
    os.kill(pid, signal.SIGKILL)
    return os.waitpid(pid, 0)[1]


def _leave_network(libc: ctypes.CDLL) -> None:
    """Into a network namespace with no way out, where the system lets us; the audit hook holds without it."""
    flags = _CLONE_NEWNET if os.geteuid() == 0 else _CLONE_NEWNET | _CLONE_NEWUSER
    if hasattr(libc, "unshare"):
        libc.unshare(flags)


def _be_child(
    sock: socket.socket, libc: ctypes.CDLL, tasks: Mapping[str, Task], limits: Mapping[str, float]
) -> NoReturn:
    """Answer questions until the socket ends; leaves without running anything of the nursery's."""
    status = 1
    try:
        if hasattr(libc, "prctl"):
            libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        _confine(int(limits["memory"]))
        while _answer(sock, tasks, limits):
            pass
        status = 0
    finally:
        os._exit(status)


def _confine(memory: int) -> None:
    """Give up what no reader needs: memory without end, written files, descriptors, the network."""
    with suppress(OSError):  # Linux only, as is the meaning of the limit
        Path("/proc/self/oom_score_adj").write_text("500")
        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + memory, used + memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))
    sys.addaudithook(_watch(_readable()))


def _readable() -> tuple[str, ...]:
    """Where code, its data and zone files lie: all that a reader may open. Not the folder beside the package."""
    prefixes = {sys.prefix, sys.base_prefix, str(Path(__file__).parent), *zoneinfo.TZPATH}
    return tuple(os.path.join(os.path.realpath(prefix), "") for prefix in prefixes)


def _watch(readable: tuple[str, ...]) -> Callable[[str, tuple[Any, ...]], None]:
    """An audit hook (PEP 578) against mistakes of parsers, not against machine code: limits and namespace do that."""

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if event == "open":
            path, _, flags = args
            inside = isinstance(path, str) and os.path.realpath(path).startswith(readable)
            if not inside or (flags or 0) & _WRITING:
                raise PermissionError(f"a reader opens no files: {path!r}")
        elif event.startswith(_FORBIDDEN):
            raise PermissionError(f"a reader does no {event}")

    return hook


def _answer(sock: socket.socket, tasks: Mapping[str, Task], limits: Mapping[str, float]) -> bool:
    """One question; False when there are no more."""
    head = _read(sock, QUESTION.size)
    if head is None:
        return False
    parts = [_read(sock, size) or b"" for size in QUESTION.unpack(head)]
    _allow_cpu(limits["cpu"])
    kind, said = _run(tasks, parts)
    sock.sendall(REPLY.pack(kind, len(said)))
    sock.sendall(said)
    return True


def _run(tasks: Mapping[str, Task], parts: list[bytes]) -> tuple[bytes, bytes]:
    try:
        return b"R", tasks[parts[0].decode()](parts[1].decode(), parts[2]).encode()
    except ReadError as error:
        return b"E", json.dumps([str(error), error.code]).encode()
    except MemoryError:
        return b"M", b""
    except RecursionError:
        return b"D", b""
    except Exception as error:
        return b"X", json.dumps([f"{type(error).__name__}: {error}"[:500], traceback.format_exc()[-20_000:]]).encode()


def _allow_cpu(seconds: float) -> None:
    """RLIMIT_CPU counts a process's whole life (setrlimit(2)), so the limit of a task begins where it stands."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))


def _read(sock: socket.socket, size: int) -> bytes | None:
    """Exactly `size` bytes; None where the other side is gone."""
    data = bytearray(size)
    view = memoryview(data)
    while view:
        got = sock.recv_into(view)
        if not got:
            return None
        view = view[got:]
    return bytes(data)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], json.loads(sys.argv[3]))
