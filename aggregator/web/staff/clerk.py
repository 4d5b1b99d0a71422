"""Who works and with what; forms that are ours; nothing typed is lost when something came between.

    async def show(clerk: Clerk) -> Response: ...
    async def take(clerk: Clerk, form: Form) -> Response: ...
    ROUTES = work("/staff/ko", show, take)

A form of these pages holds `token(WORK)`. What a decision did is told on the next page (`clerk.next`), with the button
that takes it back.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from starlette.background import BackgroundTask
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from aggregator import config
from aggregator.config import Config
from aggregator.errors import ConfigError, LeaseLost, Overtaken, StaleCatalogue, StoreError, UsageError
from aggregator.model import Entry, Staff
from aggregator.office import Office
from aggregator.render.prose import moment
from aggregator.store import Store
from aggregator.town import assembled
from aggregator.web import assets, forms, labels, private, security
from aggregator.web.forms import Form
from aggregator.web.pages import language_of
from aggregator.web.respond import desk_of, in_thread
from aggregator.web.site import Desk, Site, twin
from aggregator.web.words import TABLES, say

WORK = "work"  # the purpose of every form's token here
NOTE = 2000  # letters of a reason or an answer
_DIGITS = 18  # of a number in an address: 64 bits


@dataclass(frozen=True, slots=True)
class Clerk:
    """A member at work on one request."""

    request: Request
    staff: Staff

    @property
    def by(self) -> str:
        """Who acts, as the log names them."""
        return f"staff:{self.staff.id}"

    @property
    def desk(self) -> Desk:
        """Where answers are found."""
        return desk_of(self.request)

    @property
    def site(self) -> Site:
        """The town."""
        return self.desk.site

    @property
    def office(self) -> Office:
        """Where words of staff are carried out."""
        return security.office_of(self.request)

    @property
    def store(self) -> Store:
        """The store."""
        return self.office.store

    @property
    def language(self) -> str:
        """The language of the address."""
        return language_of(self.request)

    @property
    def now(self) -> datetime:
        """The instant."""
        return self.desk.clock()

    def t(self, key: str, **values: object) -> str:
        """The sentence of that key."""
        return say(self.language, key, **values)

    def url(self, path: str) -> str:
        """A page of ours in the language of this one."""
        return twin(path, self.language)

    def moment(self, value: datetime | None) -> str:
        """An instant as it is read; empty for none."""
        return moment(value, self.site.zone, self.language) if value else ""

    async def names(self) -> Mapping[str, str]:
        """Who acts, as the log names them → as people do."""
        found = await in_thread(self.store.staff.list)
        return {f"staff:{one.id}": one.name or self.t("log-removed") for one in found}

    def number(self, name: str) -> int | None:
        """A whole number of the address; None for anything else."""
        value = self.request.query_params.get(name, "")
        return int(value) if value.isascii() and value.isdigit() and len(value) <= _DIGITS else None

    async def entry(self, id: str) -> Entry | None:
        """A source that was entered here, a removed one too."""
        found = await in_thread(self.store.town.entries)
        return next((entry for entry in found if entry.source.id == id), None)

    async def town(self) -> Config:
        """The town as it is once every process has read it again: what was entered a moment ago is in it."""
        found: Config = await in_thread(self._town)
        return found

    def _town(self) -> Config:
        try:
            file = config.load(self.office.kit.config.file)
        except ConfigError:  # a broken edit keeps the last good reading, which `/healthz` tells
            return self.office.kit.config
        return assembled(file, self.store.town.entries(), self.store.town.places())

    async def office_changed(self) -> None:
        """Sources or places were edited: this process works with them from now on, the others within seconds."""
        await in_thread(self.request.app.state.reconfigure, await self.town())

    def bringing(self, source: str | None, response: Response) -> Response:
        """The answer, after which a source is visited, so that what was decided is seen at once."""
        if source is not None:
            response.background = BackgroundTask(self.office.bring, source)
        return response

    async def note(self, action: str, subject: str, detail: str = "") -> None:
        """Write a line of the log."""
        await in_thread(self.store.audit.note, self.by, action, subject, detail, self.now)

    def page(
        self, template: str, told: Mapping[str, Any], *, form: Form | None = None, status: int | None = None
    ) -> Response:
        """A page of work."""
        ready = self.request.app.state.assets
        context = {
            "staff_css": assets.link(ready, "staff.css"),
            "staff_js": assets.link(ready, "staff.js"),
            "flash": self._flash(),
            **told,
        }
        return private.page(self.request, f"staff/{template}", context, form=form, staff=self.staff, status=status)

    def next(self, path: str, word: str = "", undo: str = "") -> Response:
        """After a decision: on to a page, which tells it by the sentence `done-WORD`; `undo` is "kind:id"."""
        told = {name: value for name, value in (("klart", word), ("angra", undo)) if value}
        return private.then(self.request, f"{path}?{urlencode(told)}" if told else path)

    def _flash(self) -> Mapping[str, str]:
        """What the last decision did. Only sentences of ours are told, whatever the address says (F01)."""
        word, undo = self.request.query_params.get("klart", ""), self.request.query_params.get("angra", "")
        if f"done-{word}" not in TABLES[self.language]:
            return {}
        kind, _, id = undo.partition(":")
        known = kind in UNDO and 0 < len(id) <= _ID
        return {"told": self.t(f"done-{word}"), "undo": kind if known else "", "id": id if known else ""}


UNDO = (
    "decision",
    "submission",
    "place",
    "alias",
    "suggestion",
    "source",
)  # what can be taken back from the line that tells it
_ID = 400

Show = Callable[[Clerk], Awaitable[Response]]
Take = Callable[[Clerk, Form], Awaitable[Response]]


def work(path: str, show: Show | None, take: Take | None = None) -> list[Route]:
    """The route of a page of work and its English twin, for staff alone."""

    async def shown(request: Request, staff: Staff) -> Response:
        assert show is not None  # noqa: S101 - else the route has no GET
        return await show(Clerk(request, staff))

    async def taken(request: Request, staff: Staff) -> Response:
        assert take is not None  # noqa: S101 - else the route has no POST
        form = await forms.read(request)
        return await _taken(Clerk(request, staff), form, take)

    return private.here(path, security.for_staff(shown) if show else None, security.for_staff(taken) if take else None)


def missing() -> HTTPException:
    """What an id that names nothing is answered with."""
    return HTTPException(404)


async def _taken(clerk: Clerk, form: Form, take: Take) -> Response:
    """Carry it out; what can't be is told with all that was typed."""
    if not security.is_ours(clerk.request, form, WORK):
        return vain(clerk, form, "old", 403)
    try:
        return await take(clerk, form)
    except Overtaken:
        return vain(clerk, form, "overtaken", 409)
    except (LeaseLost, StaleCatalogue):
        return vain(clerk, form, "busy", 503)
    except StoreError:
        return vain(clerk, form, "away", 503)
    except UsageError as error:
        return vain(clerk, form, "not", 409, str(error))


def vain(clerk: Clerk, form: Form, why: str, status: int, detail: str = "") -> Response:
    """Nothing was done, and why; what was typed is there to be copied."""
    typed = labels.typed(form, clerk.language)
    told = {"why": why, "detail": detail, "typed": typed, "again": clerk.request.url.path}
    return clerk.page("vain.html", told, form=Form(), status=status)
