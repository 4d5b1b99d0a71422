"""The package as a tree of modules with their imports, read from the source; nothing is imported."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PACKAGE = ROOT / "aggregator"


def _layers() -> tuple[frozenset[str], ...]:
    found: dict[str, set[str]] = {}
    for line in (Path(__file__).parent / "layers.txt").read_text().splitlines():
        if not line.startswith("#"):
            name, _, members = line.partition(":")
            found.setdefault(name, set()).update(members.split())
    return tuple(frozenset(members) for members in found.values())


LAYERS = _layers()
RULES = LAYERS[0]


def modules() -> dict[str, Path]:
    """Dotted name below the package ("" is the package itself) → file."""
    found = {}
    for file in sorted(PACKAGE.rglob("*.py")):
        parts = file.relative_to(PACKAGE).with_suffix("").parts
        found[".".join(part for part in parts if part != "__init__")] = file
    return found


def imports(file: Path) -> set[str]:
    """The dotted names that a file imports, of ours without the package's name and with a leading dot."""
    known = modules()
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {_finest(node.module, alias.name, known) for alias in node.names}
    return {name.removeprefix("aggregator") if name.startswith("aggregator.") else name for name in found}


def _finest(module: str, name: str, known: dict[str, Path]) -> str:
    inner = f"{module}.{name}"
    return inner if inner.removeprefix("aggregator.") in known else module


def top(name: str) -> str:
    """The module or package that stands in layers.txt."""
    return name.lstrip(".").split(".")[0]


def layer(name: str) -> int:
    """The number of the layer of a module, the lowest first; raises KeyError for one that has no place."""
    for number, names in enumerate(LAYERS):
        if top(name) in names:
            return number
    raise KeyError(name)
