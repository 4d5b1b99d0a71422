"""Imports point one way, and rules know no framework, clock, network or disk."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from aggregator.edition import READING
from tests.design.tree import LAYERS, PACKAGE, ROOT, RULES, imports, layer, modules, top

FRAMEWORKS = {"alembic", "fastapi", "jinja2", "psycopg", "pydantic", "pydantic_settings", "rich", "sqlalchemy"}
FRAMEWORKS |= {"sqlmodel", "starlette", "structlog", "typer", "uvicorn"}
NETWORK = {"asyncio", "ftplib", "http", "httpcore", "httpx", "requests", "smtplib", "socket", "ssl", "urllib.request"}
DISK = {"io", "os", "pathlib", "shutil", "sqlite3", "tempfile"}
MACHINE = {"logging", "multiprocessing", "random", "secrets", "signal", "subprocess", "sys", "threading", "time"}
NOT_IN_RULES = FRAMEWORKS | NETWORK | DISK | MACHINE
ALLOWED = {"errors": {"pathlib"}}  # an error names a file; it opens none
CLOCK = frozenset({"now", "utcnow", "today"})  # of datetime and date; rules get `now` as an argument
MODULES = modules()


def test_every_module_has_its_place_in_the_table_of_layers() -> None:
    names = {top(name) for name in MODULES if name}
    known = frozenset().union(*LAYERS)
    assert names - known == set(), "a new module: give it its place in tests/design/layers.txt"


@pytest.mark.parametrize("name", [name for name in MODULES if name])
def test_imports_point_down(name: str) -> None:
    ours = [wanted for wanted in imports(MODULES[name]) if wanted.startswith(".")]
    assert [wanted for wanted in ours if layer(wanted) > layer(name)] == []


# What the readers use and what does not change a listing: values, words about problems, where a link leads.
UNREAD = {"codec", "errors", "model", "pairing", "pasting", "problems", "slugs"}


def test_the_edition_of_the_code_covers_every_module_that_reads() -> None:
    """Else a changed reader would leave what is stored as it was, as long as its source does not change."""
    met, todo = set[str](), [name for name in MODULES if top(name) == "formats"]
    while todo:
        name = todo.pop()
        if name not in met:
            met.add(name)
            todo += [wanted.lstrip(".") for wanted in imports(MODULES[name]) if wanted.lstrip(".") in MODULES]
    named = {entry.removesuffix(".py") for entry in READING}
    assert {top(name) for name in met if name} - UNREAD - named == set()


def test_no_two_modules_need_each_other() -> None:
    graph = {
        name: {i.lstrip(".") for i in imports(file) if i.startswith(".")} for name, file in MODULES.items() if name
    }
    done: set[str] = set()

    def walk(name: str, above: tuple[str, ...]) -> None:
        assert name not in above, " → ".join((*above[above.index(name) :], name))
        if name not in done:
            for wanted in sorted(graph.get(name, ())):
                walk(wanted, (*above, name))
            done.add(name)

    for name in sorted(graph):
        walk(name, ())


@pytest.mark.parametrize(
    ("who", "never"),
    [
        ("web", ("fetch", "formats", "ingest", "compose", "cli", "jobs")),
        ("formats", ("store", "fetch", "render", "sandbox")),
        ("render", ("store", "fetch", "formats")),
        ("jobs", ("web",)),
    ],
)
def test_what_never_meets(who: str, never: tuple[str, ...]) -> None:
    for name, file in MODULES.items():
        if top(name) == who:
            assert {top(wanted) for wanted in imports(file) if wanted.startswith(".")} & set(never) == set(), name


@pytest.mark.parametrize(
    ("library", "where"),
    [
        ("httpx", {"fetch"}),
        ("sqlalchemy", {"store", "tables", "migrations"}),
        ("sqlmodel", {"store", "tables", "migrations"}),
        ("icalendar", {"formats", "zones"}),  # zones: its table of Windows names
        ("feedparser", {"formats"}),
    ],
)
def test_a_library_is_met_in_one_place(library: str, where: set[str]) -> None:
    users = {top(name) for name, file in MODULES.items() if any(top(i) == library for i in imports(file))}
    assert users <= where


@pytest.mark.parametrize("name", [name for name in MODULES if name and top(name) in RULES])
def test_a_rule_module_knows_no_framework_clock_network_or_disk(name: str) -> None:
    foreign = {i for i in imports(MODULES[name]) if i in NOT_IN_RULES or top(i) in NOT_IN_RULES}
    assert foreign - ALLOWED.get(name, set()) == set()
    calls = (n.func for n in ast.walk(ast.parse(MODULES[name].read_text())) if isinstance(n, ast.Call))
    assert [ast.unparse(f) for f in calls if isinstance(f, ast.Attribute) and f.attr in CLOCK] == []
    assert "open(" not in {f"{ast.unparse(f)}(" for f in calls if isinstance(f, ast.Name)}


def test_rules_import_and_decide_with_network_disk_and_clock_blocked() -> None:
    script = ROOT / "tests" / "design" / "blocked.py"
    done = subprocess.run([sys.executable, str(script)], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.strip() == "decided"


def test_nothing_outside_the_layers_is_hidden_in_the_package() -> None:
    assert [file for file in PACKAGE.rglob("*.py") if "test" in file.name] == []
    assert not list(Path(PACKAGE).glob("util*")), "no drawer for what has no place"
