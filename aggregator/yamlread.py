"""YAML with positions: a file becomes values, and every error knows its line and its dotted key.

It works on the composed nodes and never lets YAML 1.1 guess a type: `no`, `012` and `18:30` stay the text that
somebody wrote. It knows no key of `sources.yaml` (see `config`). JSON is YAML, so a JSON file reads the same.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

import yaml

from aggregator.errors import ConfigError
from aggregator.meant import suggestion

DEPTH = 20  # deeper nesting is an alias that holds itself
TRUE = frozenset({"true", "yes", "on", "ja"})
FALSE = frozenset({"false", "no", "off", "nej"})
NULL = frozenset({"", "~", "null", "Null", "NULL"})

E = TypeVar("E", bound=StrEnum)
Read = Callable[[yaml.Node], Any]  # Any: each key has a type of its own; the frozen values are checked by mypy


class Wrong(Exception):
    """One value has no meaning; the text says what is wanted. Becomes a `ConfigError` with its place."""


@dataclass(frozen=True, slots=True)
class Report:
    """The errors of one file, in the order of its lines once read."""

    file: Path
    errors: list[ConfigError] = field(default_factory=list)

    def add(self, node: yaml.Node | None, key: str, message: str) -> None:
        """Note one error at `node` (None: the whole file)."""
        line = node.start_mark.line + 1 if node is not None else None
        self.errors.append(ConfigError(message, file=self.file, line=line, key=key or None))


def compose(body: bytes, report: Report) -> yaml.Node | None:
    """The root node, or None with an error noted: not UTF-8, not YAML, several documents, empty."""
    try:
        text = body.decode("utf-8-sig")
        root: yaml.Node | None = yaml.compose(text, Loader=yaml.SafeLoader)
    except UnicodeDecodeError as error:
        line = body[: error.start].count(b"\n") + 1
        report.errors.append(ConfigError("the file is not UTF-8", file=report.file, line=line))
        return None
    except yaml.YAMLError as error:
        report.errors.append(_unreadable(error, report.file))
        return None
    if root is None:
        report.add(None, "", "the file is empty")
    return root


def mapping(
    node: yaml.Node, table: Mapping[str, Read], required: Collection[str], report: Report, key: str
) -> dict[str, Any]:
    """The values of a mapping by `table`; unknown, doubled, missing and wrong keys are noted in `report`.

    A key whose value is empty counts as left out.
    """
    if not isinstance(node, yaml.MappingNode):
        report.add(node, key, "must be a mapping, with one `key: value` a line")
        return {}
    values: dict[str, Any] = {}
    seen: set[str] = set()
    for name_node, value_node in node.value:
        name = str(name_node.value) if isinstance(name_node, yaml.ScalarNode) else "?"
        path = f"{key}.{name}" if key else name
        if name in seen:
            report.add(name_node, path, "stands twice")
        elif name not in table:
            report.add(name_node, path, f"is not a known key{suggestion(name, table)}")
        elif is_empty(value_node):
            continue
        else:
            _take(values, name, table[name], value_node, report, path)
        seen.add(name)
    for name in required:
        if name not in seen:
            report.add(node, f"{key}.{name}" if key else name, "is missing")
    return values


def items(node: yaml.Node) -> list[yaml.Node]:
    """The nodes of a list."""
    if not isinstance(node, yaml.SequenceNode):
        raise Wrong("must be a list, each entry beginning with `- `")
    return list(node.value)


def text(node: yaml.Node) -> str:
    """One line of text, as written."""
    if not isinstance(node, yaml.ScalarNode):
        raise Wrong("must be a text")
    value = str(node.value).strip()
    if not value.isprintable():
        raise Wrong("must be one line of text")
    return value


def texts(node: yaml.Node) -> tuple[str, ...]:
    """A list of texts, or one."""
    return tuple(text(entry) for entry in items(node)) if isinstance(node, yaml.SequenceNode) else (text(node),)


def flag(node: yaml.Node) -> bool:
    """true or false."""
    value = text(node).lower()
    if value in TRUE or value in FALSE:
        return value in TRUE
    raise Wrong(f"must be true or false, not {value!r}")


def number(node: yaml.Node) -> float:
    """A decimal number."""
    try:
        return float(text(node))
    except ValueError:
        raise Wrong(f"must be a number, not {text(node)!r}") from None


def choice(kind: type[E]) -> Callable[[yaml.Node], E]:
    """A reader of one word of `kind`."""

    def read(node: yaml.Node) -> E:
        word = text(node)
        try:
            return kind(word)
        except ValueError:
            raise Wrong(f"must be one of {', '.join(kind)}, not {word!r}{suggestion(word, list(kind))}") from None

    return read


def canonical_json(node: yaml.Node) -> str:
    """Any mapping or list as JSON text with sorted keys; scalars stay text, true, false and null are themselves."""
    return json.dumps(_plain(node, 0), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def scalars(node: yaml.Node) -> str:
    """All scalars of a small value, a latitude first: "55.64, 13.2" however it was written."""
    if isinstance(node, yaml.MappingNode):
        pairs = sorted(node.value, key=lambda pair: not str(pair[0].value).casefold().startswith("lat"))
        return " ".join(scalars(value) for _, value in pairs)
    return " ".join(map(scalars, node.value)) if isinstance(node, yaml.SequenceNode) else str(node.value)


def is_empty(node: yaml.Node) -> bool:
    """Whether a value is left out: nothing, `~` or `null` without quotes."""
    return isinstance(node, yaml.ScalarNode) and node.style is None and node.value in NULL


def _take(values: dict[str, Any], name: str, read: Read, node: yaml.Node, report: Report, path: str) -> None:
    try:
        values[name] = read(node)
    except Wrong as wrong:
        report.add(node, path, str(wrong))


def _plain(node: yaml.Node, depth: int) -> object:
    if depth > DEPTH:
        raise Wrong("is nested too deep")
    if isinstance(node, yaml.MappingNode):
        return {text(name): _plain(value, depth + 1) for name, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_plain(value, depth + 1) for value in node.value]
    if is_empty(node):
        return None
    if isinstance(node, yaml.ScalarNode) and node.style is None:
        return {"true": True, "false": False}.get(node.value, node.value)
    return node.value


def _unreadable(error: yaml.YAMLError, file: Path) -> ConfigError:
    mark = getattr(error, "problem_mark", None)
    what = " ".join(str(part) for part in (getattr(error, "context", None), getattr(error, "problem", None)) if part)
    return ConfigError(f"is not YAML: {what or error}", file=file, line=mark.line + 1 if mark else None)
