"""Readers may die in every way there is; the process that asked lives, and the next task is done."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil  # type: ignore[import-untyped]  # has no stubs of its own
import pytest

from aggregator.errors import ReaderDied, ReadError
from aggregator.sandbox import TASKS_A_CHILD, Limits, Sandbox
from tests.loopback import Loopback

TASKS = "tests.sandbox_tasks"
MEGABYTE = 1024 * 1024
LIMITS = Limits(cpu=0.5, wall=20, memory=128 * MEGABYTE, output=MEGABYTE)


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    """One sandbox for all tests here: each must find it working, whatever the one before did."""
    with Sandbox(size=1, limits=LIMITS, tasks=TASKS) as sandbox:
        yield sandbox


def code_of(box: Sandbox, task: str, header: str = "", body: bytes = b"") -> str:
    """The code of the death of a task; after it the sandbox must work again."""
    with pytest.raises(ReaderDied) as caught:
        box.run(task, header, body)
    assert str(caught.value).rstrip().endswith((".", "bug"))
    assert box.run("echo", "hej", b"123") == "hej 3"
    return caught.value.code


def test_task_gets_text_and_bytes_and_gives_text(box: Sandbox) -> None:
    assert box.run("echo", "räksmörgås ☂", bytes(5_000_000)) == "räksmörgås ☂ 5000000"
    assert len(box.run("flood", str(MEGABYTE), b"")) == MEGABYTE


def test_D17_task_that_computes_for_ever_is_ended(box: Sandbox) -> None:
    assert code_of(box, "spin", "100") == "reader-cpu"


def test_D17_limit_on_cpu_is_of_each_task_not_of_a_childs_life(box: Sandbox) -> None:
    first = box.run("whoami", "", b"")
    assert [box.run("spin", "0.4", b"") for _ in range(3)] == ["done"] * 3
    assert box.run("whoami", "", b"") == first


def test_D17_task_that_sticks_is_ended() -> None:
    with Sandbox(size=1, limits=Limits(wall=0.5), tasks=TASKS) as box:
        assert code_of(box, "stick") == "reader-wall"


def test_D17_task_that_eats_memory_is_ended(box: Sandbox) -> None:
    assert code_of(box, "eat", str(200 * MEGABYTE)) == "reader-memory"
    assert box.run("eat", str(50 * MEGABYTE), b"") == str(50 * MEGABYTE)


def test_D17_task_that_crashes_is_told(box: Sandbox) -> None:
    assert code_of(box, "segfault") == "reader-crash"
    assert code_of(box, "leave") == "reader-crash"


def test_D17_reply_without_end_is_refused(box: Sandbox) -> None:
    assert code_of(box, "flood", str(MEGABYTE + 1)) == "reader-output"


def test_A16_recursion_without_end_is_told(box: Sandbox) -> None:
    assert code_of(box, "descend") == "reader-deep"


def test_bug_of_a_reader_comes_with_its_traceback(box: Sandbox) -> None:
    with pytest.raises(ReaderDied, match="ZeroDivisionError") as caught:
        box.run("stumble", "", b"")
    assert caught.value.code == "reader-bug"
    assert "in stumble" in caught.value.traceback


def test_what_a_reader_says_against_the_content_comes_as_it_is(box: Sandbox) -> None:
    with pytest.raises(ReadError, match="This is a page") as caught:
        box.run("refuse", "", b"")
    assert (type(caught.value), caught.value.code) == (ReadError, "html")


def test_child_is_replaced_after_its_term(box: Sandbox) -> None:
    pids = [box.run("whoami", "", b"") for _ in range(2 * TASKS_A_CHILD)]
    assert len(set(pids)) in (2, 3)
    assert not any(psutil.pid_exists(int(pid)) for pid in set(pids) - {pids[-1]})


def test_breach_costs_a_child_and_a_refusal_does_not(box: Sandbox) -> None:
    before = box.run("whoami", "", b"")
    with pytest.raises(ReadError):
        box.run("refuse", "", b"")
    assert box.run("whoami", "", b"") == before
    code_of(box, "eat", str(200 * MEGABYTE))
    assert box.run("whoami", "", b"") != before


@pytest.mark.parametrize("where", ["loopback", "name"])
def test_A35_child_reaches_no_network(where: str, box: Sandbox, site: Loopback) -> None:
    with pytest.raises(ReaderDied, match="PermissionError"):
        box.run("connect", site.authority if where == "loopback" else "feeds.example.se:80", b"")
    assert site.connections == 0


def test_A35_child_opens_no_file_but_code_and_zones(box: Sandbox, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    beside = Path(__file__).parent.parent / "pyproject.toml"
    for path in (str(secret), str(beside), "/etc/passwd", "/proc/self/environ", "../../etc/passwd"):
        with pytest.raises(ReaderDied, match="PermissionError"):
            box.run("read_file", path, b"")
    assert box.run("zone", "Europe/Stockholm", b"") == "Europe/Stockholm"


def test_G14_child_writes_no_file(box: Sandbox, tmp_path: Path) -> None:
    for path in (tmp_path / "dump", Path("dump")):
        with pytest.raises(ReaderDied, match="PermissionError"):
            box.run("write_file", str(path), b"content")
    assert list(tmp_path.iterdir()) == []
    assert box.run("surroundings", "cwd", b"") == "[]"


def test_G14_no_machine_code_of_a_child_writes_a_file(box: Sandbox, tmp_path: Path) -> None:
    assert box.run("write_by_machine_code", str(tmp_path / "dump"), b"content") == "-1"
    assert (tmp_path / "dump").read_bytes() == b""


def test_G14_crash_leaves_no_core_dump(box: Sandbox) -> None:
    assert box.run("core_limit", "", b"") == "(0, 0)"


def test_A26_child_is_in_a_network_of_its_own(box: Sandbox) -> None:
    flags = "0x40000000" if os.geteuid() == 0 else "0x50000000"
    attempt = f"import ctypes, sys; sys.exit(ctypes.CDLL(None).unshare({flags}) != 0)"
    if subprocess.run([sys.executable, "-c", attempt], check=False).returncode:
        pytest.skip("this system lets nobody make a network namespace; the audit hook stands alone")
    assert box.run("network", "", b"") != os.readlink("/proc/self/ns/net")


def test_interrupt_from_the_terminal_is_not_for_children(box: Sandbox) -> None:
    assert all(os.getpgid(process.pid) != os.getpgid(0) for process in family(box))


def test_child_inherits_no_descriptor_and_no_secret(box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVENEMANG_SECRET_KEY", "secret")
    with open(os.devnull) as inherited, Sandbox(size=1, limits=LIMITS, tasks=TASKS) as fresh:
        os.set_inheritable(inherited.fileno(), True)
        assert int(fresh.run("surroundings", "fds", b"")) <= 5  # three standard ones, its socket, the listing itself
        assert "secret" not in fresh.run("surroundings", "env", b"")


def test_children_work_side_by_side_for_threads() -> None:
    with Sandbox(size=2, limits=LIMITS, tasks=TASKS) as box:
        said: list[str] = []
        threads = [
            threading.Thread(target=lambda n=n: said.append(box.run("echo", str(n), bytes(n)))) for n in range(30)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(said, key=lambda text: int(text.split()[0])) == [f"{n} {n}" for n in range(30)]


def test_D17_dead_child_costs_no_other_task() -> None:
    with Sandbox(size=2, limits=Limits(wall=0.5), tasks=TASKS) as box:
        codes: list[str] = []
        dying = threading.Thread(target=lambda: codes.append(code_of(box, "stick")))
        dying.start()
        while dying.is_alive():
            assert box.run("echo", "hej", b"") == "hej 0"
        dying.join()
    assert codes == ["reader-wall"]


def ended(*processes: psutil.Process) -> bool:
    """Whether all these are dead within some seconds; a zombie is dead, if nobody in this container reaps it."""
    patience = time.monotonic() + 10
    while time.monotonic() < patience:
        if not any(p.is_running() and p.status() != psutil.STATUS_ZOMBIE for p in processes):
            return True
        time.sleep(0.01)
    return False


def family(box: Sandbox) -> tuple[psutil.Process, psutil.Process]:
    """The child that works and its nursery."""
    child = psutil.Process(int(box.run("whoami", "", b"")))
    nursery = child.parent()
    assert nursery is not None
    return child, nursery


def test_killed_child_is_replaced(box: Sandbox) -> None:
    child, nursery = family(box)
    child.kill()
    assert code_of(box, "echo") == "reader-memory"
    assert family(box)[1] == nursery


def test_killed_nursery_takes_its_children_and_is_replaced(box: Sandbox) -> None:
    child, nursery = family(box)
    nursery.kill()
    assert ended(child)
    assert code_of(box, "echo") == "reader-crash"
    assert family(box)[1] != nursery


def test_D03_closing_ends_what_is_being_read() -> None:
    box = Sandbox(size=1, limits=LIMITS, tasks=TASKS)
    child, _ = family(box)
    died: list[ReaderDied] = []

    def stick() -> None:
        try:
            box.run("stick", "", b"")
        except ReaderDied as error:
            died.append(error)

    thread = threading.Thread(target=stick)
    thread.start()
    begun = time.monotonic()
    box.close()
    thread.join()
    assert time.monotonic() - begun < 5
    assert len(died) == 1
    assert ended(child)
    with pytest.raises(ReaderDied):
        box.run("echo", "", b"")


PARENT = f"""
import sys, threading
from aggregator.sandbox import Sandbox
box = Sandbox(size=1, tasks="{TASKS}")
print(box.run("whoami", "", b""), flush=True)
box.run("stick", "", b"")
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT], ids=lambda number: number.name)
def test_children_end_with_their_parent(number: signal.Signals) -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as parent:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))
        nursery = child.parent()
        assert nursery is not None
        parent.send_signal(number)
        parent.wait()
    assert ended(child, nursery)


def test_readers_that_can_not_be_imported_are_told() -> None:
    with Sandbox(size=1, tasks="tests.no_such_tasks") as box, pytest.raises(ReaderDied) as caught:
        box.run("echo", "", b"")
    assert "No module named 'tests.no_such_tasks'" in caught.value.traceback


def test_nothing_is_started_before_it_is_needed() -> None:
    before = psutil.Process().children()
    with Sandbox(size=4, tasks=TASKS):
        assert psutil.Process().children() == before


def test_D19_dead_children_leave_no_descriptor_open() -> None:
    with Sandbox(size=1, limits=LIMITS, tasks=TASKS) as box:
        box.run("echo", "", b"")
        before = psutil.Process().num_fds()
        for _ in range(20):
            code_of(box, "leave")
        assert psutil.Process().num_fds() == before
    assert psutil.Process().num_fds() < before
