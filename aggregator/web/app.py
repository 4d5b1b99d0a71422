"""The web application: every route in one table, put together in one place. It owns no state but the desk."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from functools import partial

from starlette.applications import Starlette
from starlette.types import Lifespan

from aggregator.catalogue import Catalogue, Readable
from aggregator.config import Config
from aggregator.office import Office
from aggregator.settings import Settings
from aggregator.web import (
    about,
    account,
    all_right,
    api,
    assets,
    calendars,
    changes,
    choosing,
    embed,
    login,
    members,
    mine,
    offer_confirm,
    offer_event,
    offer_source,
    operate,
    outbox,
    own,
    own_acts,
    own_data,
    pages,
    pictures,
    programs,
    report,
    series,
    single,
    sources,
    staff,
    style,
    subscribe,
    switches,
)
from aggregator.web.elsewhere import ROUTES as elsewhere_routes
from aggregator.web.elsewhere import Elsewhere
from aggregator.web.errors import HANDLERS
from aggregator.web.gate import MAX_BODY, Gate
from aggregator.web.site import Desk, site_of

ROUTES = [
    *operate.ROUTES,
    *assets.ROUTES,
    *api.ROUTES,
    *choosing.ROUTES,
    *programs.ROUTES,
    *single.ROUTES,
    *pictures.ROUTES,
    *report.ROUTES,
    *pages.ROUTES,
    *calendars.ROUTES,
    *series.ROUTES,
    *subscribe.ROUTES,
    *embed.ROUTES,
    *changes.ROUTES,
    *about.ROUTES,
    *style.ROUTES,
    *sources.ROUTES,
    *login.ROUTES,
    *elsewhere_routes,
    *account.ROUTES,
    *members.ROUTES,
    *outbox.ROUTES,
    *mine.ROUTES,
    *offer_source.ROUTES,
    *offer_event.ROUTES,
    *offer_confirm.ROUTES,
    *all_right.ROUTES,
    *switches.ROUTES,
    *own_data.ROUTES,
    *own_acts.ROUTES,
    *own.ROUTES,
    *staff.ROUTES,
]
TRIED_AT_ONCE = 2  # passwords: each takes some 20 MiB and a core for a moment


def create_app(
    config: Config,
    settings: Settings,
    store: Readable,
    catalogue: Catalogue,
    clock: Callable[[], datetime],
    *,
    lifespan: Lifespan[Starlette] | None = None,
    office: Office | None = None,
    elsewhere: Elsewhere | None = None,
) -> Starlette:
    """The application over an open store. `clock` gives aware instants; `lifespan` runs what runs beside it.

    Without an `office` nothing can be handed in and nobody can log in: those addresses are a 404. `elsewhere` is an
    identity provider at which staff may log in too.
    """
    desk = Desk(site_of(config, settings), store, catalogue, clock, office)
    app = Starlette(
        routes=ROUTES,
        exception_handlers=HANDLERS,
        lifespan=lifespan,
        max_body_size=MAX_BODY,
    )
    # Outermost, ahead of what Starlette puts around its routes: a poll pays for nothing that it does not use.
    app.middleware_stack = Gate(app.build_middleware_stack(), desk)
    app.state.desk = desk
    app.state.trying = asyncio.Semaphore(TRIED_AT_ONCE)
    app.state.settings = settings
    app.state.elsewhere = elsewhere
    app.state.assets = assets.load()
    app.state.templates = pages.templates()
    app.state.looks = OrderedDict()  # what offered addresses gave, for staff; `web.staff.looking`
    app.state.reconfigure = partial(reconfigure, app)  # for pages that edit the town: others read it within seconds
    return app


def reconfigure(app: Starlette, config: Config) -> None:
    """The town's file was read again: what was rendered with the old names is rendered anew."""
    desk: Desk = app.state.desk
    desk.site = site_of(config, app.state.settings)
    desk.catalogue.forget()
    if desk.office is not None:
        desk.office.reconfigure(config)
