"""Letters as pages write them: with the town's name, its contact and an absolute link. Puts nothing into the outbox."""

from __future__ import annotations

from aggregator.letters import letter
from aggregator.model import Letter
from aggregator.web.site import Site


def written(site: Site, kind: str, *, key: str, to: str, language: str, path: str, **facts: str) -> Letter:
    """A letter of that kind (`letters`); `path` is the Swedish path of the page that its link opens."""
    link = site.link(path, language)
    return letter(kind, key=key, to=to, language=language, town=site.name, contact=site.contact, link=link, **facts)
