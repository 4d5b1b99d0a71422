"""What the project promises of itself: sizes, locks without hosts, ignores with reasons, docs that name everything."""

from __future__ import annotations

import ast
import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from aggregator import cli, settings
from aggregator.formats import FORMATS
from aggregator.web.app import ROUTES
from aggregator.web.feeds import PATHS
from tests.design.tree import PACKAGE, ROOT, modules

LONGEST_FILE, LONGEST_FUNCTION, PUBLIC_NAMES = 400, 60, 10
HOST = re.compile(r"://|\b[a-z0-9-]+\.(?:org|com|io|net|dev)\b")
IGNORE = re.compile(r"#\s*type:\s*ignore(?P<code>\[[a-z, -]+\])?(?P<reason>.*)")
OURS = [*PACKAGE.rglob("*.py"), *(ROOT / "tests").rglob("*.py"), *(ROOT / "benchmarks").rglob("*.py"), ROOT / "make.py"]
DOCS = "\n".join(file.read_text() for file in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))))


def functions(file: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@pytest.mark.parametrize("file", sorted(PACKAGE.rglob("*.py")), ids=lambda file: str(file.relative_to(PACKAGE)))
def test_a_module_tells_what_it_is_and_fits_on_a_few_screens(file: Path) -> None:
    body = file.read_text()
    assert len(body.splitlines()) <= LONGEST_FILE
    if body.strip():
        assert ast.get_docstring(ast.parse(body)), "the first line says what it is"
    long = [f.name for f in functions(file) if (f.end_lineno or 0) - f.lineno + 1 > LONGEST_FUNCTION]
    assert "versions" in file.parts or long == [], "a migration tells all its tables in one go; nothing else may"


def test_functions_are_short() -> None:
    sizes = sorted((f.end_lineno or 0) - f.lineno + 1 for file in modules().values() for f in functions(file))
    assert sizes[len(sizes) // 2] <= 8
    assert sizes[len(sizes) * 9 // 10] <= 25


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock", "tests/node/package-lock.json"])
def test_a_lock_has_hashes_and_names_no_host(name: str) -> None:
    body = (ROOT / name).read_text()
    assert HOST.findall(re.sub(r"sha512-[\w+/=]+", "", body)) == []
    if name.endswith(".json"):
        packages = json.loads(body)["packages"]
        assert all("integrity" in entry for path, entry in packages.items() if path)
    else:
        pins = [line for line in body.splitlines() if line and not line.startswith((" ", "#"))]
        assert all("==" in line and line.endswith("\\") for line in pins)


def test_the_locks_hold_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = [*project["dependencies"], *(name for extra in project["optional-dependencies"].values() for name in extra)]
    lock = (ROOT / "requirements.lock").read_text()
    pinned = set(re.findall(r"^([a-z0-9-]+)==", lock, re.M))
    assert {re.split(r"[\[<>=~!; ]", name)[0].lower() for name in asked} <= pinned
    both = (ROOT / "requirements-dev.lock").read_text()
    assert set(re.findall(r"^\S+==\S+", lock, re.M)) <= set(re.findall(r"^\S+==\S+", both, re.M))


def test_every_dependency_is_used() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    names = {
        "argon2-cffi": "argon2",
        "babel": "babel",
        "pillow": "PIL",
        "python-dateutil": "dateutil",
        "python-dotenv": "dotenv",
        "pyyaml": "yaml",
    }
    unseen = {"tzdata", "uvicorn", "python-multipart"}  # data, a program, a plug-in of the web framework
    used = "\n".join(file.read_text() for file in modules().values())
    for asked in project["dependencies"]:
        name = re.split(r"[\[<>=~!; ]", asked)[0].lower()
        module = names.get(name, name.replace("-", "_"))
        assert name in unseen or re.search(rf"^\s*(?:import|from) {module}\b", used, re.M), (
            f"{name} is imported nowhere"
        )


@pytest.mark.parametrize("file", OURS, ids=lambda file: str(file.relative_to(ROOT)))
def test_an_ignore_has_a_code_and_a_reason(file: Path) -> None:
    for line in file.read_text().splitlines():
        found = IGNORE.search(line)
        if found and "re.compile" not in line:
            assert found["code"], f"without a code: {line.strip()}"
            assert len(found["reason"].strip(" #-–")) > 5, f"without a reason: {line.strip()}"


def test_the_docs_name_every_setting() -> None:
    assert [name for name in settings.names() if name not in DOCS] == []


def test_the_docs_name_every_command() -> None:
    assert [
        words for words in cli.words() if f"`evenemang {words}" not in DOCS and f"evenemang {words}" not in DOCS
    ] == []


def test_the_docs_name_every_key_of_the_towns_file() -> None:
    keys = re.findall(r'^        "([a-z]+)": ', (PACKAGE / "config.py").read_text(), re.M)
    assert len(keys) > 20
    assert [key for key in keys if f"`{key}`" not in DOCS] == []


def test_the_docs_name_every_format() -> None:
    assert [name for name in FORMATS if f"`{name}`" not in DOCS] == []


def test_the_docs_name_every_address() -> None:
    paths = {re.sub(r":\w+}", "}", getattr(route, "path", "")) for route in ROUTES} | set(PATHS)
    ours = {path for path in paths if not re.match(r"/en\b", path)}
    assert len(ours) > 20
    assert sorted(path for path in ours if f"`{path}`" not in DOCS) == []


def test_every_module_that_the_docs_name_is_there() -> None:
    """Named by the end of its path; a test behind `::` is one of its module, `*` for any words."""
    lost = []
    for name, test in re.findall(r"`([\w/.]+\.py)(?:::([\w*]+))?`", DOCS):
        found = [file for file in OURS if f"/{file}".endswith(f"/{name}")] or [*ROOT.glob(name)]  # such as server.py
        pattern = "def " + test.replace("*", r"\w*") + r"\(" if test else ""
        if not any(re.search(pattern, file.read_text(encoding="utf-8")) for file in found):
            lost.append(f"{name}::{test}")
    assert lost == []


def test_the_words_of_make_are_the_same_everywhere() -> None:
    words = set(re.findall(r'^    "(\w+)": \[\[', (ROOT / "make.py").read_text(), re.M))
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.M)
    assert phony is not None
    assert words == set(phony[1].split()) == {"run", "test", "check", "bench"}
    assert "make.py check" in (ROOT / ".ci" / "run").read_text()


def test_the_readme_begins_with_what_it_is_and_its_two_commands() -> None:
    head = (ROOT / "README.md").read_text().split("```")[:2]
    assert head[0].startswith("# Evenemang")
    assert [line.split("#")[0].strip() for line in head[1].splitlines()[1:]] == [
        "python3 make.py run",
        "python3 make.py test",
    ]
