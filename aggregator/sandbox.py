"""Running readers in child processes that may die without harm. Knows nothing of formats or of what is read.

    serving process ── control socket ──▶ nursery (has imported the readers) ── fork ──▶ child
            └───────────────── a socket of its own for each child ─────────────────────────┘

A child gets one question at a time (task name, header, body) and gives one reply. It has limits on memory and on what
it may open from its birth, on CPU time per task; wall time and the size of the reply are watched from here. After a
hundred tasks, or any breach, it is replaced. A nursery forks in a few milliseconds, where a fresh interpreter needs
a good part of a second to import the readers.

Rejected: multiprocessing.Pool and ProcessPoolExecutor, which hang or break as a whole when a child dies.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from types import TracebackType
from typing import Self

from aggregator.errors import ReaderDied, ReadError
from aggregator.sandbox_child import ORDER, QUESTION, REPLY, REPORT

TASKS_A_CHILD = 100
PATIENCE = 60.0  # seconds for a nursery to import the readers on a busy machine, or to fork
_KEPT_ENVIRONMENT = ("LD_LIBRARY_PATH", "PYTHONHOME", "PYTHONTZPATH")  # all else may hold secrets
_MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Of one task: seconds of CPU and of wall time, bytes of memory beyond what a fresh child has, bytes of reply."""

    cpu: float = 20.0
    wall: float = 45.0
    memory: int = 512 * _MEGABYTE
    output: int = 64 * _MEGABYTE


@dataclass(slots=True)
class _Nursery:
    process: subprocess.Popen[bytes]
    control: socket.socket
    lock: threading.Lock = field(default_factory=threading.Lock)

    def order(self, what: bytes, pid: int, sock: socket.socket | None = None) -> tuple[int, int]:
        """Fork (`F`) or end (`E`) a child: its process id and wait status. OSError or EOFError: the nursery is gone."""
        with self.lock:
            socket.send_fds(self.control, [ORDER.pack(what, pid)], [sock.fileno()] if sock else [])
            said: tuple[int, int] = REPORT.unpack(_receive(self.control, REPORT.size))
        return said

    def close(self) -> None:
        """End it, and with it all its children."""
        self.control.close()
        try:
            self.process.wait(2)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@dataclass(slots=True)
class _Child:
    home: _Nursery
    sock: socket.socket
    pid: int
    tasks: int = 0

    def end(self) -> int:
        """End it if it lives; its wait status, or -1 where its nursery is gone and nobody knows."""
        self.sock.close()
        try:
            return self.home.order(b"E", self.pid)[1]
        except (OSError, EOFError):
            return -1


class Sandbox:
    """A pool of `size` children; a context manager. Safe for threads: `run` waits for a free child.

    `tasks` names the module whose `TASKS` maps names to functions `(header, body) -> reply`. Nothing is started
    before the first `run`.
    """

    def __init__(self, *, size: int = 2, limits: Limits | None = None, tasks: str = "aggregator.sandbox_tasks") -> None:
        self._limits = limits or Limits()
        self._tasks = tasks
        self._lock = threading.Lock()
        self._nursery: _Nursery | None = None
        self._closed = False
        self._free: queue.LifoQueue[_Child | None] = queue.LifoQueue()
        for _ in range(size):
            self._free.put(None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def run(self, task: str, header: str, body: bytes) -> str:
        """Let a child do `task`; gives its reply.

        Raises the `ReadError` that the task raised, or `ReaderDied` where it broke a limit, crashed or has a bug.
        Either way the next call finds a child that works.
        """
        child = self._free.get()
        spent = True
        try:
            child = child or self._fork()
            kind, said = self._converse(child, (task.encode(), header.encode(), body))
            spent = kind in b"MO" or child.tasks >= TASKS_A_CHILD
            return _reply(kind, said, self._limits)
        except TimeoutError as error:
            raise _died("wall", self._limits) from error
        except (OSError, EOFError) as error:
            status, child = child.end() if child else -1, None
            raise _died(_cause(status), self._limits, status) from error
        finally:
            self._give_back(child, spent)

    def close(self) -> None:
        """End all children; what they were doing fails with `ReaderDied`."""
        with self._lock:
            self._closed = True
            nursery, self._nursery = self._nursery, None
        if nursery:
            nursery.close()
        idle = []
        with suppress(queue.Empty):
            while True:
                idle.append(self._free.get_nowait())
        for child in idle:
            self._give_back(child, True)

    def _give_back(self, child: _Child | None, spent: bool) -> None:
        """Make the place free again, with the child in it if it can go on."""
        if child and (spent or self._closed):
            child.end()
            child = None
        self._free.put(child)

    def _converse(self, child: _Child, parts: tuple[bytes, bytes, bytes]) -> tuple[bytes, bytes]:
        """One question and its reply within the wall time."""
        child.tasks += 1
        end = time.monotonic() + self._limits.wall
        child.sock.settimeout(self._limits.wall)
        child.sock.sendall(QUESTION.pack(*map(len, parts)) + b"".join(parts))
        kind, size = REPLY.unpack(_receive(child.sock, REPLY.size, end))
        if size > self._limits.output:
            return b"O", b""
        return kind, _receive(child.sock, size, end)

    def _fork(self) -> _Child:
        """A new child, of a new nursery if the old one has gone."""
        try:
            return _born(self._home())
        except (OSError, EOFError):
            with self._lock:
                nursery, self._nursery = self._nursery, None
            if nursery:
                nursery.close()
            return _born(self._home())

    def _home(self) -> _Nursery:
        with self._lock:
            if self._closed:
                raise EOFError("the sandbox is closed")
            if self._nursery is None:
                self._nursery = _start(self._tasks, self._limits)
            return self._nursery


def _start(tasks: str, limits: Limits) -> _Nursery:
    ours, theirs = socket.socketpair()
    arguments = [str(theirs.fileno()), tasks, json.dumps(asdict(limits))]
    environment = {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}
    environment |= {"PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path)), "LC_ALL": "C.UTF-8"}
    with theirs:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-P", "-s", "-m", "aggregator.sandbox_child", *arguments],
            pass_fds=[theirs.fileno()],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C on a terminal is for us alone
        )
    ours.settimeout(PATIENCE)
    nursery = _Nursery(process, ours)
    said = ours.recv(1)
    if said != b"R":
        told = ours.recv(20_000).decode(errors="replace") if said else ""
        nursery.close()
        raise ReaderDied("The readers could not be started.", code="reader-crash", traceback=told)
    return nursery


def _born(nursery: _Nursery) -> _Child:
    ours, theirs = socket.socketpair()
    with theirs:
        try:
            return _Child(nursery, ours, nursery.order(b"F", 0, theirs)[0])
        except (OSError, EOFError):
            ours.close()
            raise


def _receive(sock: socket.socket, size: int, end: float | None = None) -> bytes:
    """Exactly `size` bytes before `end` of the monotonic clock; raises TimeoutError, OSError or EOFError."""
    data = bytearray(size)
    view = memoryview(data)
    while view:
        if end is not None:
            sock.settimeout(max(end - time.monotonic(), 0.001))
        got = sock.recv_into(view)
        if not got:
            raise EOFError("the other process is gone")
        view = view[got:]
    return bytes(data)


def _reply(kind: bytes, said: bytes, limits: Limits) -> str:
    if kind == b"R":
        return said.decode()
    if kind == b"E":
        message, code = json.loads(said)
        raise ReadError(message, code=code)
    if kind == b"X":
        message, traceback = json.loads(said)
        raise ReaderDied(f"The reader failed: {message}", code="reader-bug", traceback=traceback)
    raise _died({b"M": "memory", b"O": "output", b"D": "deep"}[kind], limits)


def _signal(status: int) -> int:
    return os.WTERMSIG(status) if status >= 0 and os.WIFSIGNALED(status) else 0


def _cause(status: int) -> str:
    """Why a child ended by itself; a SIGKILL that is not ours is the kernel's, short of memory."""
    by_signal: dict[int, str] = {signal.SIGXCPU: "cpu", signal.SIGKILL: "memory"}
    return by_signal.get(_signal(status), "crash")


def _died(cause: str, limits: Limits, status: int = -1) -> ReaderDied:
    number = _signal(status)
    sentence = {
        "cpu": f"Reading took more than {limits.cpu:g} seconds of computing and was stopped.",
        "wall": f"Reading took more than {limits.wall:g} seconds and was stopped.",
        "memory": f"Reading took more than {limits.memory // _MEGABYTE} MB of memory and was stopped.",
        "output": f"The content gives more than {limits.output // _MEGABYTE} MB of events.",
        "deep": "The content is nested too deep to be read.",
        "crash": f"The reader crashed{f' (signal {number})' if number else ''}.",
    }[cause]
    return ReaderDied(sentence, code=f"reader-{cause}")
