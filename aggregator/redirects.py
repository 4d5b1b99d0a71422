"""Following redirects: which hop comes next, and what was learned on the way. Rules only: sends nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from urllib.parse import urljoin

from aggregator.address import Address, Policy, check_address
from aggregator.errors import BadAnswer, RefusedAddress

MOST_HOPS = 5
PERMANENT = frozenset({301, 308})  # RFC 9110 15.4.2, 15.4.9
REDIRECTS = PERMANENT | {302, 303, 307}

_TO_QUOTE = re.compile(r"[^\x21-\x7e]")


@dataclass(frozen=True, slots=True)
class Trail:
    """Where a fetch is, and the addresses before. `moved` is the last one reached by permanent redirects alone."""

    at: Address
    before: tuple[str, ...] = ()
    moved: str | None = None

    def follow(self, status: int, location: str | None, policy: Policy) -> Trail:
        """The trail one hop on; raises where the hop is missing, refused, in a circle or one too many."""
        address = self._next(location, policy)
        before = (*self.before, self.at.url)
        if address.url in before:
            raise self._bad("redirect-loop", "The address redirects in a circle.")
        if len(before) > MOST_HOPS:
            raise self._bad("redirects", f"The address redirects more than {MOST_HOPS} times.")
        permanent = status in PERMANENT and self.moved == (self.at.url if self.before else None)
        return replace(self, at=address, before=before, moved=address.url if permanent else self.moved)

    def _next(self, location: str | None, policy: Policy) -> Address:
        if not location:
            raise self._bad("bad-redirect", "The address redirects without saying where to.")
        try:
            target = urljoin(self.at.url, _quoted(location.strip()))
        except ValueError as error:
            raise self._bad("bad-redirect", "The address redirects to something that is no address.") from error
        address = check_address(target, policy)
        if self.at.scheme == "https" and address.scheme == "http":
            raise RefusedAddress("The address redirects from https to http.", url=target, code="downgrade")
        return address

    def _bad(self, code: str, sentence: str) -> BadAnswer:
        return BadAnswer(sentence, url=self.at.url, code=code)


def _quoted(location: str) -> str:
    """Spaces and letters beyond ASCII as servers send them by mistake, percent-encoded; a host is left as it is."""
    head, mark, rest = location.partition("://") if "://" in location[:9] else ("", "", location)
    host, slash, path = rest.partition("/") if mark else ("", "", rest)
    encoded = _TO_QUOTE.sub(lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), path)
    return f"{head}{mark}{host}{slash}{encoded}"
