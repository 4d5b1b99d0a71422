"""Events as JSON Feed 1.1 items; our own facts stand under `_event`. Pure."""

from __future__ import annotations

from typing import Any

from aggregator.model import Event
from aggregator.render.atom import moment
from aggregator.render.jsonld import dumps, node
from aggregator.render.rss import summary
from aggregator.render.view import Feed, View, address, clean, image, title

_ABOUT = "https://schema.org/Event"


def item(event: Event, view: View) -> str:
    """The item of one event as JSON text."""
    content = event.content
    told: dict[str, Any] = {
        "id": event.id,
        "url": address(event, view),
        "external_url": content.url,
        "title": title(content, view.language),
        "content_html": summary(event, view),
        "date_published": moment(event.told),
        "date_modified": moment(event.changed),
        "image": image(event, view),
        "tags": [clean(name) for name in content.categories],
        "language": content.language,
        "_event": {"about": _ABOUT, **node(event, view)},
    }
    return dumps({name: value for name, value in told.items() if value})


def head(feed: Feed) -> str:
    """What stands before the items."""
    about = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": clean(feed.name),
        "description": clean(feed.description),
        "home_page_url": feed.page,
        "feed_url": feed.address,
        "language": feed.language,
    }
    return dumps(about)[:-1] + ', "items": [\n'


def tail(_feed: Feed) -> str:
    """What stands after the items."""
    return "\n]}\n"
