"""JSON Feed by its specification, version 1.1."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from tests.conformance import json_text, markup, xml_tree
from tests.conformance.report import Violation

RULES: Mapping[str, str] = {
    "json": json_text.RULE,
    "version": "JSON Feed 1.1, top-level: version is the address of the version",
    "required": "JSON Feed 1.1, top-level: title and items are required",
    "known": "JSON Feed 1.1, extensions: what is not described begins with an underscore; no dot, no old `author`",
    "type": "JSON Feed 1.1: every member has the type that it is described with",
    "id": "JSON Feed 1.1, items: id is required, a string, unique, and never changes",
    "content": "JSON Feed 1.1, items: content_html or content_text MUST be there",
    "date": "JSON Feed 1.1, items: dates are RFC 3339",
    "url": "JSON Feed 1.1: addresses are absolute",
    "language": "JSON Feed 1.1: language is an RFC 5646 tag",
    "html": "JSON Feed 1.1, items: content_html is HTML",
    "extension": "JSON Feed 1.1, extensions: an extension is an object",
}
_TOP: Mapping[str, type] = {
    **dict.fromkeys(["version", "title", "home_page_url", "feed_url", "description", "user_comment"], str),
    **dict.fromkeys(["next_url", "icon", "favicon", "language"], str),
    **dict.fromkeys(["authors", "hubs", "items"], list),
    "expired": bool,
}
_ITEM: Mapping[str, type] = {
    **dict.fromkeys(["id", "url", "external_url", "title", "content_html", "content_text", "summary", "image"], str),
    **dict.fromkeys(["banner_image", "date_published", "date_modified", "language"], str),
    **dict.fromkeys(["authors", "tags", "attachments"], list),
}
_URLS = ("home_page_url", "feed_url", "next_url", "icon", "favicon", "url", "external_url", "image", "banner_image")


def check(body: bytes) -> list[Violation]:
    """What a feed breaks, in the order of the feed."""
    told, found = json_text.parse(body)
    if told is None:
        return found
    if told.get("version") != "https://jsonfeed.org/version/1.1":
        found.append(Violation("version", str(told.get("version"))))
    found += [Violation("required", name) for name in ("title", "items") if name not in told]
    found += _members(told, _TOP, "feed")
    items = [item for item in told.get("items", []) if isinstance(item, dict)]
    counted = Counter(str(item.get("id")) for item in items)
    found += [Violation("id", f"{id} {times} times") for id, times in counted.items() if times > 1]
    for item in items:
        found += _item(item)
    return found


def _item(item: dict[str, Any]) -> Iterator[Violation]:
    where = f"item {item.get('id')}"
    if not item.get("id") or not isinstance(item["id"], str):
        yield Violation("id", where)
    if not (item.get("content_html") or item.get("content_text")):
        yield Violation("content", where)
    yield from _members(item, _ITEM, where)
    for name in ("date_published", "date_modified"):
        if name in item and not xml_tree.is_instant(str(item[name])):
            yield Violation("date", f"{name} of {where}")
    if not all(isinstance(tag, str) for tag in item.get("tags", [])):
        yield Violation("type", f"tags of {where}")
    yield from (Violation("html", f"{where}: {fault}") for fault in markup.faults(str(item.get("content_html", ""))))


def _members(told: Mapping[str, Any], types: Mapping[str, type], where: str) -> Iterator[Violation]:
    for name, value in told.items():
        if name.startswith("_"):
            if not isinstance(value, dict) or "." in name:
                yield Violation("extension", f"{name} of {where}")
        elif name not in types:
            yield Violation("known", f"{name} of {where}")
        elif not isinstance(value, types[name]):
            yield Violation("type", f"{name} of {where}")
        elif name in _URLS and not xml_tree.is_uri(str(value)):
            yield Violation("url", f"{name} of {where}: {value}")
        elif name == "language" and not xml_tree.is_language(str(value)):
            yield Violation("language", f"{where}: {value}")
